//! Large imports: one thread reads lines, one for each processor takes them apart and sorts
//! what they say, and the store takes all of it in at once.
//!
//! Rejects and counts come back in the order of the lines, as in a small import. Nothing
//! is seen before the end, and a kill leaves nothing behind.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use formats::Format;
use model::{Observation, Timestamp};
use store::{BulkPart, ChangeError, Store};

use super::input::{self, InputError};
use super::lines::Chunk;
use super::reading::{Reject, facts};
use super::{ImportError, Options, Outcome, Progress, Rejects, Report, Source};
use crate::admin::{AdminError, ClientError};

/// Facts of a chunk are told apart by this many bits.
const PLACES: u32 = 24;

/// Loads all of `sources` at once.
///
/// # Errors
/// [`ImportError`]; nothing was loaded then.
pub(super) async fn run(
    sources: &[Source],
    options: &Options,
    store: &Store,
    progress: &Progress,
) -> Result<Report, ImportError> {
    let (mut report, parts) = read_all(sources, options, store, progress)?;
    progress.now_writing();
    report.imported = store.import_bulk(parts, options.conflict.into()).await.map_err(refused)?;
    Ok(report)
}

fn refused(error: ChangeError) -> ImportError {
    ImportError::Bulk(ClientError::Refused(AdminError::from(error)))
}

/// Lines that follow each other.
struct Work {
    number: u64,
    source: usize,
    observed_at: Timestamp,
    chunk: Chunk,
}

/// What became of a chunk, or of the reading of a file.
enum News {
    Chunk { number: u64, source: usize, tally: Tally },
    Trouble { source: usize, trouble: InputError },
    Stopped(ChangeError),
}

#[derive(Default)]
struct Tally {
    lines: u64,
    facts: u64,
    rejects: Vec<Reject>,
}

fn read_all(
    sources: &[Source],
    options: &Options,
    store: &Store,
    progress: &Progress,
) -> Result<(Report, Vec<BulkPart>), ImportError> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (chunks, waiting) = sync_channel::<Work>(2 * workers);
    let (tell, news) = sync_channel::<News>(64);
    let waiting = Arc::new(Mutex::new(waiting));
    thread::scope(|scope| {
        let telling = tell.clone();
        scope.spawn(move || read_sources(sources, options, progress, &chunks, &telling));
        let workers: Vec<_> = (0..workers)
            .map(|_| {
                let (waiting, tell) = (Arc::clone(&waiting), tell.clone());
                scope.spawn(move || work(&waiting, options, store.bulk_part(workers), &tell))
            })
            .collect();
        // Once the last worker is gone, nobody reads chunks, and the reader ends too.
        drop((waiting, tell));
        let report = collect(sources, options, &news);
        drop(news);
        let parts = workers.into_iter().filter_map(|worker| worker.join().ok()).collect();
        Ok((report?, parts))
    })
}

/// Reads all files, one after the other.
fn read_sources(
    sources: &[Source],
    options: &Options,
    progress: &Progress,
    chunks: &SyncSender<Work>,
    tell: &SyncSender<News>,
) {
    let mut number = 0;
    for (at, source) in sources.iter().enumerate() {
        progress.now_reading(&source.to_string());
        let end = read_source(source, at, options, progress, chunks, &mut number);
        // Nobody listens any more when the import has stopped.
        let told = match end {
            Ok(()) => Ok(()),
            Err(Some(trouble)) => tell.send(News::Trouble { source: at, trouble }).map_err(drop),
            Err(None) => Err(()),
        };
        if told.is_err() {
            return;
        }
    }
}

/// An error without trouble means that nobody wants the lines any more.
fn read_source(
    source: &Source,
    at: usize,
    options: &Options,
    progress: &Progress,
    chunks: &SyncSender<Work>,
    number: &mut u64,
) -> Result<(), Option<InputError>> {
    let mut input = input::open(source, progress, options.now)?;
    let observed_at = options.observed_at.unwrap_or(input.written_at);
    loop {
        let next = input.chunks.next().map_err(|error| InputError::cut(source, input.chunks.lines(), &error))?;
        let Some(chunk) = next else { return Ok(()) };
        chunks.send(Work { number: *number, source: at, observed_at, chunk }).map_err(|_| None)?;
        *number += 1;
    }
}

/// Takes chunks apart until there are no more.
fn work(waiting: &Mutex<Receiver<Work>>, options: &Options, mut part: BulkPart, tell: &SyncSender<News>) -> BulkPart {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return part };
        let (number, source) = (work.number, work.source);
        let (news, stops) = match take_apart(&work, options.format, &mut part) {
            Ok(tally) => (News::Chunk { number, source, tally }, false),
            Err(error) => (News::Stopped(error), true),
        };
        if tell.send(news).is_err() || stops {
            return part;
        }
    }
}

fn take_apart(work: &Work, format: Format, part: &mut BulkPart) -> Result<Tally, ChangeError> {
    let mut tally = Tally::default();
    let mut place = work.number << PLACES;
    for line in work.chunk.lines_with_text() {
        tally.lines += 1;
        let reason = match facts(&line, format, work.observed_at) {
            Ok(observations) => {
                tally.facts += observations.len() as u64;
                match add(part, observations, &mut place) {
                    Ok(()) => continue,
                    Err(error @ ChangeError::TooLarge { .. }) => error.to_string(),
                    Err(error) => return Err(error),
                }
            }
            Err(reason) => reason,
        };
        tally.rejects.push(Reject { number: line.number, reason, text: line.bytes.to_vec() });
    }
    Ok(tally)
}

fn add(part: &mut BulkPart, observations: Vec<Observation>, place: &mut u64) -> Result<(), ChangeError> {
    observations.into_iter().try_for_each(|observation| {
        *place += 1;
        part.add(observation, *place)
    })
}

/// Puts the news in the order of the lines.
fn collect(sources: &[Source], options: &Options, news: &Receiver<News>) -> Result<Report, ImportError> {
    let mut report = Report { outcomes: sources.iter().map(Outcome::of).collect(), ..Report::default() };
    let mut common = options.rejects.as_ref().map(|path| Rejects::to(path.clone()).naming_files(sources.len() > 1));
    let mut own: Vec<_> = sources.iter().map(|source| Rejects::to(source.rejects_path())).collect();
    let (mut early, mut next) = (BTreeMap::new(), 0);
    for news in news {
        match news {
            News::Chunk { number, source, tally } => _ = early.insert(number, (source, tally)),
            News::Trouble { source, trouble } => {
                if let Some(outcome) = report.outcomes.get_mut(source) {
                    outcome.trouble = Some(trouble);
                }
            }
            News::Stopped(error) => return Err(refused(error)),
        }
        while let Some((source, tally)) = early.remove(&next) {
            next += 1;
            let rejects = common.as_mut().or_else(|| own.get_mut(source));
            if let (Some(outcome), Some(rejects), Some(name)) =
                (report.outcomes.get_mut(source), rejects, sources.get(source))
            {
                outcome.add(tally, name, rejects)?;
            }
        }
    }
    for rejects in common.iter_mut().chain(&mut own) {
        rejects.flush()?;
    }
    for (outcome, source) in report.outcomes.iter_mut().zip(sources) {
        if outcome.lines == 0 && outcome.trouble.is_none() {
            outcome.trouble = Some(InputError::Empty { input: source.clone() });
        }
    }
    Ok(report)
}

impl Outcome {
    fn add(&mut self, tally: Tally, source: &Source, rejects: &mut Rejects) -> Result<(), ImportError> {
        self.lines += tally.lines;
        self.facts += tally.facts;
        self.rejects += tally.rejects.len() as u64;
        for Reject { number, reason, text } in tally.rejects {
            rejects.add(source, number, &reason, &text)?;
            self.rejects_file = Some(rejects.path().to_owned());
            self.first_reject.get_or_insert((number, reason));
        }
        Ok(())
    }
}
