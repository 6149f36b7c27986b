//! Importing a file, as a command beside this server would: over the admin socket, with the same
//! bounds and the same sentences.

use std::sync::Arc;

use formats::Format;
use store::Imported;
use tokio::sync::watch;
use tokio::task::spawn_blocking;

use super::job::{Job, Order, Stage, What};
use super::jobs::Jobs;
use crate::admin::{Answer, Client, ClientError, Session, Verb};
use crate::import::{self, Archive, EdgeFiles, ImportError, Options, Progress, Report, Source, Target};
use crate::state::Clock;

/// Imports what comes, one file at a time, until `stop`. What is not done then, the next start
/// tells of.
pub(crate) async fn work(jobs: Arc<Jobs>, clock: Clock, stop: impl Future<Output = ()>) {
    let working = async {
        loop {
            while let Some((job, order, is_turned, progress, cancel)) = jobs.next() {
                let number = job.number;
                let (stage, rejects) = one(&jobs, &job, &order, is_turned, &progress, cancel, &clock).await;
                jobs.end(number, stage, rejects);
            }
            jobs.wake.notified().await;
        }
    };
    tokio::select! {
        () = stop => {}
        () = working => {}
    }
}

/// Imports a file, unless somebody cancels it.
async fn one(
    jobs: &Jobs,
    job: &Job,
    order: &Order,
    is_turned: bool,
    progress: &Progress,
    mut cancel: watch::Receiver<bool>,
    clock: &Clock,
) -> (Stage, u64) {
    let source = Source::File(jobs.file(job.number));
    let file = Load { jobs, number: job.number, bytes: job.bytes, order, progress, source, clock };
    let loaded = async {
        match order.what {
            What::Twarc => file.lines(Format::Twarc).await,
            What::V1 => file.lines(Format::V1).await,
            What::Native => file.lines(Format::Native).await,
            What::Archive => file.archive().await,
            What::Edges => file.edges(is_turned).await,
        }
    };
    let ended = tokio::select! {
        loaded = loaded => loaded,
        _ = cancel.wait_for(|cancelled| *cancelled) => return (cancelled(jobs, order.what, job.bytes), 0),
    };
    match ended {
        Ok(Loaded { text, rejects }) => (Stage::Done { lines: file.told(&text, &job.name) }, rejects),
        Err(reason) => (Stage::Failed { reason: file.told(&reason, &job.name).join(" ") }, 0),
    }
}

/// What is left of an import that somebody ended.
fn cancelled(jobs: &Jobs, what: What, bytes: u64) -> Stage {
    let is_loading = jobs.job().is_some_and(|job| job.stage == Stage::Loading);
    let is_whole = what == What::Edges || bytes >= Options::LARGE;
    let reason = match (is_loading, is_whole) {
        (false, _) | (true, true) => "Nothing was loaded.",
        (true, false) => "What was loaded before stays; importing the file again loads the rest.",
    };
    Stage::Cancelled { reason: reason.to_owned() }
}

/// What came of a file.
struct Loaded {
    text: String,
    rejects: u64,
}

/// A file to be loaded.
struct Load<'a> {
    jobs: &'a Jobs,
    number: u64,
    bytes: u64,
    order: &'a Order,
    progress: &'a Progress,
    source: Source,
    clock: &'a Clock,
}

impl Load<'_> {
    /// Users and posts, line by line. The file is read to its end first, so that one that is damaged
    /// or something else loads nothing.
    async fn lines(&self, format: Format) -> Result<Loaded, String> {
        let options = Options {
            format,
            conflict: self.order.conflict,
            observed_at: self.order.observed_at,
            rejects: Some(self.jobs.rejects()),
            now: self.clock.now(),
            large_from: Options::LARGE,
        };
        let checked = import::check(&self.source, &options, self.progress).await.map_err(nothing)?;
        if checked.facts == 0 {
            return Err(nothing(checked.complaint(format.name(), "was loaded").unwrap_or_default()));
        }
        let progress = self.begin();
        let mut target = Target::Session(self.session().await?);
        let sources = [self.source.clone()];
        let report = import::run(&sources, Some(self.bytes), &options, &mut target, &progress).await;
        let report = report.map_err(|error| error.to_string())?;
        let rejects = report.outcomes.iter().map(|outcome| outcome.rejects).sum();
        let mut text = report.summary();
        if format == Format::Twarc {
            let follows = EdgeFiles::of_pages(&sources, &progress).await;
            if !follows.is_empty() {
                text.push_str(&self.load(follows, &progress).await?);
            }
        }
        if let Some(trouble) = report.outcomes.iter().find_map(|outcome| outcome.trouble.as_ref()) {
            text.push_str(&format!("{trouble}\n"));
        }
        Ok(Loaded { text, rejects })
    }

    /// The archive of an account: its profile and its two lists.
    async fn archive(&self) -> Result<Loaded, String> {
        let path = self.jobs.file(self.number);
        let read = spawn_blocking(move || Archive::read(&path)).await.map_err(|error| error.to_string())?;
        let Archive { observation, edges } = read.map_err(nothing)?;
        let progress = self.begin();
        let verb = Verb::Import { observations: vec![observation], conflict: self.order.conflict };
        let mut session = self.session().await?;
        let imported: Imported = match session.ask(verb).await.map_err(|error| error.to_string())? {
            Answer::Imported(imported) => imported,
            _ => return Err(ClientError::Unexpected.to_string()),
        };
        let mut text = Report { imported, outcomes: Vec::new() }.summary();
        if !edges.is_empty() {
            text.push_str(&self.load(EdgeFiles::of(edges), &progress).await?);
        }
        Ok(Loaded { text, rejects: 0 })
    }

    /// Follows.
    async fn edges(&self, is_turned: bool) -> Result<Loaded, String> {
        let sources = [self.source.clone()];
        let files = EdgeFiles::open(&sources, &self.order.layout(is_turned), self.progress);
        let text = self.load(files, self.progress).await?;
        Ok(Loaded { text, rejects: 0 })
    }

    async fn load(&self, files: EdgeFiles, progress: &Progress) -> Result<String, String> {
        let loaded = files.load(&mut self.session().await?, progress).await;
        Ok(loaded.map_err(|error: ImportError| error.to_string())?.summary())
    }

    /// Says that it is loaded from now on, and counts anew.
    fn begin(&self) -> Progress {
        let progress = Progress::new(Some(self.bytes));
        progress.hide();
        self.jobs.loads(self.number, &progress);
        progress
    }

    async fn session(&self) -> Result<Session, String> {
        match Client::connect(&self.jobs.data).await {
            Ok(Some(client)) => Ok(Session::Remote(client)),
            Ok(None) => Err("the admin socket of this server does not answer; nothing was loaded".to_owned()),
            Err(error) => Err(nothing(error)),
        }
    }

    /// Sentences with the name that the file had, and not the place where it lies.
    fn told(&self, text: &str, name: &str) -> Vec<String> {
        let name = if name.is_empty() { "the file" } else { name };
        let text = text.replace(&self.source.to_string(), name);
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    }
}

/// Why nothing was loaded.
fn nothing(reason: impl std::fmt::Display) -> String {
    format!("{reason}; nothing was loaded")
}
