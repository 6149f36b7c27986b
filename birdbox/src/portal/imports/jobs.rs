//! What is being imported: one file at a time, and what became of the last one, which is kept in a
//! file so that it is known after a restart.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::Timestamp;
use tokio::sync::{Notify, watch};

use super::job::{Job, Order, Stage, What};
use crate::import::Progress;

/// What is needed of an import while it goes on.
pub(super) struct Going {
    pub(super) order: Order,
    pub(super) is_turned: bool,
    pub(super) progress: Progress,
    /// Becomes true when it is to end.
    pub(super) cancel: watch::Sender<bool>,
}

#[derive(Default)]
struct State {
    job: Option<Job>,
    /// The one before it, until its file is there.
    before: Option<Job>,
    /// The greatest number that was given.
    last: u64,
    going: Option<Going>,
    /// Whether the worker has yet to begin with it.
    is_waiting: bool,
}

/// The import that goes on, or the last one.
pub(crate) struct Jobs {
    dir: PathBuf,
    /// The data directory, by whose socket the server is asked.
    pub(super) data: PathBuf,
    /// The most bytes of a file.
    pub(super) most: u64,
    state: Mutex<State>,
    pub(super) wake: Notify,
}

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jobs").field("dir", &self.dir).finish_non_exhaustive()
    }
}

/// What the name of each file begins with.
const FILE: &str = "file-";
const REJECTS: &str = "rejects.ndjson";
const LAST: &str = "last.json";

impl Jobs {
    /// Finds what became of the last import in the data directory `data`.
    pub(crate) fn open(data: &Path, most: u64) -> Arc<Self> {
        let dir = data.join("imports");
        let job = fs::read(dir.join(LAST)).ok().and_then(|text| serde_json::from_slice::<Job>(&text).ok());
        let jobs = Self { dir, data: data.to_owned(), most, state: Mutex::default(), wake: Notify::new() };
        jobs.forget_files();
        if let Some(mut job) = job {
            if !job.stage.is_over() {
                job.stage = Stage::Interrupted { reason: job.stage.interrupted().to_owned() };
                jobs.keep(&job);
            }
            let mut state = jobs.locked();
            state.last = job.number;
            state.job = Some(job);
            drop(state);
        }
        Arc::new(jobs)
    }

    /// Where the file of an import lies.
    pub(super) fn file(&self, number: u64) -> PathBuf {
        self.dir.join(format!("{FILE}{number}"))
    }

    /// Where lines go that cannot be read.
    pub(super) fn rejects(&self) -> PathBuf {
        self.dir.join(REJECTS)
    }

    /// The import that goes on, or the last one.
    pub(super) fn job(&self) -> Option<Job> {
        self.locked().job.clone()
    }

    /// The bytes of the file that were read, and whether all is read and being written.
    pub(super) fn progress(&self) -> (u64, bool) {
        self.locked().going.as_ref().map_or((0, false), |going| (going.progress.bytes(), going.progress.is_writing()))
    }

    /// Begins with an import, unless another one goes on. What the last one left is gone once the file
    /// is there.
    ///
    /// # Errors
    /// `None` while another one goes on; or that nothing can be written.
    pub(super) fn begin(&self, now: Timestamp) -> Option<io::Result<u64>> {
        let mut state = self.locked();
        if state.job.as_ref().is_some_and(|job| !job.stage.is_over()) {
            return None;
        }
        if let Err(error) = fs::create_dir_all(&self.dir) {
            return Some(Err(error));
        }
        let number = state.last + 1;
        let job = Job {
            number,
            name: String::new(),
            what: What::Native,
            bytes: 0,
            began_ms: now.unix_ms(),
            stage: Stage::Uploading,
            rejects: 0,
        };
        self.keep(&job);
        *state = State { before: state.job.take(), job: Some(job), last: number, ..State::default() };
        Some(Ok(number))
    }

    /// Goes on with an import whose file is there: with a question, or at once.
    pub(super) fn go_on(&self, number: u64, name: String, bytes: u64, order: Order, asking: Option<Stage>) {
        let mut state = self.locked();
        let Some(job) = state.job.as_mut().filter(|job| job.number == number && !job.stage.is_over()) else { return };
        _ = fs::remove_file(self.rejects());
        job.name = name;
        job.bytes = bytes;
        job.what = order.what;
        let is_ready = asking.is_none();
        job.stage = asking.unwrap_or(Stage::Checking);
        self.keep(job);
        state.before = None;
        let progress = Progress::new(Some(bytes));
        progress.hide();
        state.going = Some(Going { order, is_turned: false, progress, cancel: watch::Sender::new(false) });
        state.is_waiting = is_ready;
        if is_ready {
            self.wake.notify_one();
        }
    }

    /// Answers the question of an import: whether the lines are to be read the other way round.
    pub(super) fn choose(&self, number: u64, is_turned: bool) -> bool {
        let mut state = self.locked();
        let is_asking = |job: &&mut Job| job.number == number && matches!(job.stage, Stage::Asking { .. });
        let Some(job) = state.job.as_mut().filter(is_asking) else { return false };
        job.stage = Stage::Loading;
        self.keep(job);
        if let Some(going) = state.going.as_mut() {
            going.is_turned = is_turned;
        }
        state.is_waiting = true;
        self.wake.notify_one();
        true
    }

    /// Ends an import.
    pub(super) fn cancel(&self, number: u64) -> bool {
        let state = self.locked();
        let Some(job) = state.job.as_ref().filter(|job| job.number == number && !job.stage.is_over()) else {
            return false;
        };
        match (&job.stage, &state.going) {
            (Stage::Checking | Stage::Loading, Some(going)) => going.cancel.send_replace(true),
            (
                Stage::Uploading
                | Stage::Asking { .. }
                | Stage::Checking
                | Stage::Loading
                | Stage::Done { .. }
                | Stage::Failed { .. }
                | Stage::Cancelled { .. }
                | Stage::Interrupted { .. },
                _,
            ) => {
                drop(state);
                self.end(number, Stage::Cancelled { reason: "Nothing was loaded.".to_owned() }, 0);
                return true;
            }
        };
        true
    }

    /// What the worker begins with, once.
    pub(super) fn next(&self) -> Option<(Job, Order, bool, Progress, watch::Receiver<bool>)> {
        let mut state = self.locked();
        if !std::mem::take(&mut state.is_waiting) {
            return None;
        }
        let (job, going) = (state.job.clone()?, state.going.as_ref()?);
        Some((job, going.order.clone(), going.is_turned, going.progress.clone(), going.cancel.subscribe()))
    }

    /// Notes that an import is being loaded from now on, with a new count of what is read.
    pub(super) fn loads(&self, number: u64, progress: &Progress) {
        let mut state = self.locked();
        if let Some(going) = state.going.as_mut() {
            going.progress = progress.clone();
        }
        if let Some(job) = state.job.as_mut().filter(|job| job.number == number) {
            job.stage = Stage::Loading;
            self.keep(job);
        }
    }

    /// Notes how an import ended.
    pub(super) fn end(&self, number: u64, stage: Stage, rejects: u64) {
        let mut state = self.locked();
        if let Some(job) = state.job.as_mut().filter(|job| job.number == number && !job.stage.is_over()) {
            job.stage = stage;
            job.rejects = rejects;
            self.keep(job);
            state.going = None;
            state.is_waiting = false;
            drop(state);
            self.forget_file(number);
        }
    }

    /// Forgets an import whose file did not come, as if it had never begun: the one before it is the
    /// last again. One that goes on is left alone.
    pub(super) fn give_up(&self, number: u64) {
        let mut state = self.locked();
        match state.job.as_ref().filter(|job| job.number == number).map(|job| &job.stage) {
            Some(Stage::Uploading) => {
                *state = State { job: state.before.take(), last: state.last, ..State::default() };
                match &state.job {
                    Some(job) => self.keep(job),
                    None => _ = fs::remove_file(self.dir.join(LAST)),
                }
            }
            Some(stage) if !stage.is_over() => return,
            Some(_) | None => {}
        }
        drop(state);
        self.forget_file(number);
    }

    fn forget_file(&self, number: u64) {
        _ = fs::remove_file(self.file(number));
    }

    /// Forgets what was left when the server was stopped.
    fn forget_files(&self) {
        let Ok(entries) = fs::read_dir(&self.dir) else { return };
        for entry in entries.filter_map(Result::ok) {
            if entry.file_name().to_string_lossy().starts_with(FILE) {
                _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Writes an import down. It is the account of one, not data: a disk that is full loses no more
    /// than this line.
    fn keep(&self, job: &Job) {
        let draft = self.dir.join(format!("{LAST}.new"));
        let written = serde_json::to_vec(job).map_err(io::Error::from).and_then(|text| fs::write(&draft, text));
        if let Err(error) = written.and_then(|()| fs::rename(&draft, self.dir.join(LAST))) {
            tracing::warn!(%error, "what becomes of an import cannot be written down");
        }
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::protocol::OnConflict;

    fn order(what: What) -> Order {
        Order { what, conflict: OnConflict::Newer, observed_at: None, preset: None, columns: None }
    }

    #[test]
    fn one_import_goes_on_at_a_time_and_a_restart_tells_what_became_of_it() {
        let data = tempfile::tempdir().unwrap();
        let now = Timestamp::from_unix_ms(0);
        let jobs = Jobs::open(data.path(), 10);
        let number = jobs.begin(now).unwrap().unwrap();
        assert!(jobs.begin(now).is_none());
        jobs.go_on(number, "a".into(), 3, order(What::Native), None);
        assert!(jobs.next().is_some() && jobs.next().is_none());
        fs::write(jobs.file(number), "x").unwrap();
        let jobs = Jobs::open(data.path(), 10);
        let Some(Job { stage: Stage::Interrupted { reason }, .. }) = jobs.job() else { panic!() };
        assert!(reason.contains("before anything was loaded"), "{reason}");
        assert!(!jobs.file(number).exists());
        let number = jobs.begin(now).unwrap().unwrap();
        jobs.go_on(number, "b".into(), 3, order(What::Native), None);
        let progress = Progress::new(None);
        progress.hide();
        jobs.loads(number, &progress);
        let jobs = Jobs::open(data.path(), 10);
        assert!(
            matches!(jobs.job().unwrap().stage, Stage::Interrupted { reason } if reason.contains("What was loaded"))
        );
    }

    #[test]
    fn forms_of_another_import_do_nothing() {
        let data = tempfile::tempdir().unwrap();
        let jobs = Jobs::open(data.path(), 10);
        let number = jobs.begin(Timestamp::from_unix_ms(0)).unwrap().unwrap();
        let asking = Stage::Asking { as_is: Vec::new(), turned: Vec::new() };
        jobs.go_on(number, "a".into(), 3, order(What::Edges), Some(asking));
        assert!(!jobs.cancel(number + 1) && !jobs.choose(number + 1, true));
        assert!(jobs.next().is_none(), "it waits for an answer");
        assert!(jobs.choose(number, true) && !jobs.choose(number, false));
        assert!(jobs.next().unwrap().2);
        assert!(jobs.cancel(number), "the worker hears of it");
        jobs.end(number, Stage::Done { lines: Vec::new() }, 0);
        assert!(!jobs.cancel(number));
    }

    #[test]
    fn a_file_that_does_not_come_leaves_the_last_import_as_it_was_and_takes_no_number_again() {
        let data = tempfile::tempdir().unwrap();
        let now = Timestamp::from_unix_ms(0);
        let jobs = Jobs::open(data.path(), 10);
        let first = jobs.begin(now).unwrap().unwrap();
        jobs.go_on(first, "a".into(), 3, order(What::Native), None);
        fs::write(jobs.rejects(), "{}").unwrap();
        jobs.end(first, Stage::Done { lines: Vec::new() }, 1);
        let second = jobs.begin(now).unwrap().unwrap();
        jobs.give_up(second);
        assert_eq!(jobs.job().map(|job| (job.number, job.rejects)), Some((first, 1)));
        assert!(jobs.rejects().exists());
        let third = jobs.begin(now).unwrap().unwrap();
        assert!(first < second && second < third);
        jobs.go_on(second, "late".into(), 3, order(What::Native), None);
        assert!(jobs.next().is_none(), "an upload of before goes on with no other import");
        let jobs = Jobs::open(data.path(), 10);
        assert_eq!(jobs.job().map(|job| job.number), Some(third));
    }
}
