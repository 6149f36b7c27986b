//! When merges begin, and how their result comes into place. The writer thread calls
//! this between groups; the work itself is done by a thread of its own.
//!
//! A merge begins when changes fill half of the memory that they may take. While the
//! other half fills too, writes become slower, and none is refused.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use model::Conflict;
use tokio::sync::mpsc;

use super::bulk::{Bulk, Done, Kept, StateOf, TakenIn, settle};
use super::codec::{Change, Malformed, Ordinal};
use super::databases::AppendError;
use super::delta::Delta;
use super::edges;
use super::log::Log;
use super::merge::{Job, MergeError, Merged, Stop, remove};
use super::segment::{Destination, Segments};
use super::state::{Published, View};
use super::writer::{Answer, Request};
use crate::error::is_full;
use crate::{ChangeError, Options};

/// A merge begins at so many rows too, since a start has to read them all.
const MOST_ROWS: u64 = 2_000_000;
/// How long to wait after a merge that failed, at first and at most.
const BACK_OFF: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(60)];
/// With less than this no merge could keep up, and none is waited for.
const LEAST_BUDGET: usize = 1 << 20;
/// By how much a group is held back when the changes take twice their memory.
const SLOWEST: Duration = Duration::from_millis(100);

/// What became of one attempt.
#[derive(Debug)]
pub(super) enum Finished {
    /// What was made, and the number for the next files.
    Done(Box<Merged>, u64),
    /// Nothing was made, and it is tried again, without the large import.
    Failed(MergeError),
}

/// Keeps the merges of a store.
pub(super) struct Merger {
    /// The directory of segments.
    dir: PathBuf,
    durable: bool,
    /// Bytes of memory that changes may take.
    budget: usize,
    stop: Stop,
    /// Where the thread reports; it does not keep the store open.
    writer: mpsc::WeakSender<Request>,
    running: Option<Running>,
    /// Who waits for the merge that runs.
    waiting: Vec<Answer<()>>,
    /// Who waits for the one after it.
    waiting_for_next: Vec<Answer<()>>,
    /// Large imports that wait for a merge of their own.
    imports: VecDeque<(Bulk, Answer<TakenIn>)>,
}

struct Running {
    thread: JoinHandle<()>,
    /// The first row that it does not take in.
    first_row: u64,
    import: Option<Import>,
}

/// What is kept of a large import while a merge takes it in.
struct Import {
    conflict: Conflict,
    by_username: Vec<StateOf>,
    answer: Answer<TakenIn>,
}

impl Merger {
    pub(super) fn new(dir: PathBuf, options: &Options, stop: Stop, writer: mpsc::WeakSender<Request>) -> Self {
        Self {
            dir,
            durable: options.durable,
            budget: options.delta_budget,
            stop,
            writer,
            running: None,
            waiting: Vec::new(),
            waiting_for_next: Vec::new(),
            imports: VecDeque::new(),
        }
    }

    /// Begins a merge if the changes are many. An error means that no more can be written.
    pub(super) fn begin_if_due(&mut self, published: &Published, log: &mut Log) -> Result<(), ChangeError> {
        let state = published.read();
        let rows = state.rows();
        let many = state.bytes_to_merge() >= self.budget / 2 || rows >= MOST_ROWS;
        let due = rows > 0 && many || state.segments.users.is_older();
        drop(state);
        if due && self.running.is_none() { self.begin(published, log) } else { Ok(()) }
    }

    /// Sees to it that everything that is there now becomes merged.
    pub(super) fn ask(&mut self, answer: Answer<()>, published: &Published, log: &mut Log) -> Result<(), ChangeError> {
        if self.running.is_some() {
            self.waiting_for_next.push(answer);
            return Ok(());
        }
        if published.read().rows() == 0 {
            _ = answer.send(Ok(()));
            return Ok(());
        }
        self.waiting.push(answer);
        self.begin(published, log)
    }

    /// Takes in a large import, with the next merge that begins.
    pub(super) fn take_in(
        &mut self,
        bulk: Bulk,
        answer: Answer<TakenIn>,
        published: &Published,
        log: &mut Log,
    ) -> Result<(), ChangeError> {
        self.imports.push_back((bulk, answer));
        if self.running.is_none() { self.begin(published, log) } else { Ok(()) }
    }

    /// The cut: later changes go to a new generation of the log, those until now are frozen.
    fn begin(&mut self, published: &Published, log: &mut Log) -> Result<(), ChangeError> {
        match log.begin_generation() {
            Ok(()) => {}
            Err(AppendError::Full) => {
                self.refuse_all(&ChangeError::Full);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
        self.imports.retain(|(_, answer)| !answer.is_closed());
        // What the import brings has its ordinals before those of live changes meanwhile.
        let (import, Kept { users, tweets, reserved }) = cut(self.imports.pop_front(), published);
        let mut state = published.write();
        let next = Delta::new(state.view().users().next() + users, state.view().tweets().next() + tweets);
        let frozen = Arc::new(std::mem::replace(&mut state.active, next));
        state.frozen = Some(frozen.clone());
        state.reserved = reserved;
        state.care.generation = log.manifest().generation;
        let (segments, run) = (state.segments.clone(), state.run.clone());
        drop(state);
        let job = Job { to: self.destination(log), segments, run, frozen, stop: self.stop.clone() };
        let (bulk, import) = import.map_or((None, None), |(mut bulk, answer)| {
            let by_username = std::mem::take(&mut bulk.by_username);
            let import = Import { conflict: bulk.conflict, by_username, answer };
            (Some(bulk), Some(import))
        });
        self.start(job, bulk, import, log.next_row(), Duration::ZERO)
    }

    fn destination(&self, log: &Log) -> Destination {
        Destination { dir: self.dir.clone(), number: log.manifest().next_file, durable: self.durable }
    }

    fn start(
        &mut self,
        job: Job,
        bulk: Option<Bulk>,
        import: Option<Import>,
        first_row: u64,
        delay: Duration,
    ) -> Result<(), ChangeError> {
        let writer = self.writer.clone();
        let thread = thread::Builder::new()
            .name("store-merge".to_owned())
            .spawn(move || work(job, bulk, &writer, delay))
            .map_err(|error| ChangeError::Stopped { reason: error.to_string() })?;
        self.running = Some(Running { thread, first_row, import });
        Ok(())
    }

    /// Names the new segments in the manifest, forgets the rows that are in them, and shows
    /// them to readers. An error means that no more can be written.
    pub(super) fn put_in_place(
        &mut self,
        finished: Finished,
        published: &Published,
        log: &mut Log,
    ) -> Result<(), ChangeError> {
        let (merged, next_file) = match finished {
            Finished::Failed(error) => {
                let import = self.running.as_mut().and_then(|running| running.import.take());
                self.fail(import, error.into(), published);
                return Ok(());
            }
            Finished::Done(merged, next_file) => (*merged, next_file),
        };
        let Some(Running { thread, first_row, import }) = self.running.take() else { return Ok(()) };
        _ = thread.join();
        let Merged { segments, mut done, equal_usernames } = merged;
        let ended =
            changes_of(&segments, &equal_usernames, import.as_ref(), published, &mut done).and_then(|changes| {
                log.end_merge(segments.files, next_file, first_row, &changes)?;
                Ok(changes)
            });
        let changes = match ended {
            Ok(changes) => changes,
            Err(error) => {
                let stops = matches!(error, ChangeError::Stopped { .. });
                let delay = if import.is_some() { Duration::ZERO } else { BACK_OFF[0] };
                self.fail(import, error.clone(), published);
                drop(segments);
                return if stops { Err(error) } else { self.again(published, log, first_row, delay) };
            }
        };
        publish(published, segments, changes)?;
        // Without room for it the next merge or the next start does it.
        let forgotten = log.forget_merged();
        self.answer(&Ok(()));
        if let Some(Import { answer, .. }) = import {
            _ = answer.send(Ok(TakenIn { imported: done.imported, edges: done.edges }));
        }
        match forgotten {
            Ok(()) | Err(AppendError::Full) => {}
            Err(error) => return Err(error.into()),
        }
        self.waiting = std::mem::take(&mut self.waiting_for_next);
        if !self.imports.is_empty() {
            return self.begin(published, log);
        }
        if self.waiting.is_empty() {
            return Ok(());
        }
        let rows = published.read().active.rows;
        if rows > 0 {
            return self.begin(published, log);
        }
        self.answer(&Ok(()));
        Ok(())
    }

    /// Tells those whom it concerns that nothing was made. A large import alone may be why:
    /// then the others wait for the next attempt, which is made without it.
    fn fail(&mut self, import: Option<Import>, error: ChangeError, published: &Published) {
        let mut state = published.write();
        state.care.failed_merges += u64::from(import.as_ref().is_none_or(|import| !import.answer.is_closed()));
        if let Some(reserved) = state.reserved.take() {
            state.active.end_load(&(reserved.first_user()..reserved.first_user() + reserved.users()));
        }
        drop(state);
        match import {
            Some(Import { answer, .. }) => _ = answer.send(Err(error)),
            None => self.refuse_all(&error),
        }
    }

    /// Tells everybody who waits, for it may be long until a merge succeeds. What waiting
    /// imports have sorted takes room on the disk meanwhile.
    fn refuse_all(&mut self, error: &ChangeError) {
        self.waiting.append(&mut self.waiting_for_next);
        self.answer(&Err(error.clone()));
        for (_, answer) in self.imports.drain(..) {
            _ = answer.send(Err(error.clone()));
        }
    }

    /// There will be no more merges.
    pub(super) fn stop(&mut self, error: &ChangeError) {
        self.refuse_all(error);
        if let Some(Import { answer, .. }) = self.running.as_mut().and_then(|running| running.import.take()) {
            _ = answer.send(Err(error.clone()));
        }
    }

    /// The result could not be named, mostly because there was no room: it is made anew.
    fn again(&mut self, published: &Published, log: &Log, first_row: u64, delay: Duration) -> Result<(), ChangeError> {
        let to = self.destination(log);
        remove(&to);
        let state = published.read();
        let (segments, run, frozen) = (state.segments.clone(), state.run.clone(), state.frozen.clone());
        drop(state);
        let Some(frozen) = frozen else { return Ok(()) };
        let job = Job { to, segments, run, frozen, stop: self.stop.clone() };
        self.start(job, None, None, first_row, delay)
    }

    fn answer(&mut self, result: &Result<(), ChangeError>) {
        for answer in self.waiting.drain(..) {
            _ = answer.send(result.clone());
        }
    }

    /// Holds the writer back while changes take more memory than they may, so that the
    /// merge can keep up.
    pub(super) fn slow_down(&self, published: &Published) {
        let (taken, budget) = (published.read().delta_bytes(), self.budget.max(LEAST_BUDGET));
        if self.running.is_some() && taken > budget {
            let over = (taken - budget) as f64 / budget as f64;
            thread::sleep(SLOWEST.mul_f64(over.min(1.0)));
        }
    }

    /// Waits for the thread, which was told to give up.
    pub(super) fn end(self) {
        if let Some(Running { thread, .. }) = self.running {
            thread.thread().unpark();
            _ = thread.join();
        }
    }
}

/// Cuts before live changes a large import of which that can be done.
fn cut(import: Option<(Bulk, Answer<TakenIn>)>, published: &Published) -> (Option<(Bulk, Answer<TakenIn>)>, Kept) {
    let Some((mut bulk, answer)) = import else { return (None, Kept::default()) };
    let kept = bulk.cut(published.read().view());
    match kept {
        Ok(kept) => (Some((bulk, answer)), kept),
        Err(error) => {
            _ = answer.send(Err(error.into()));
            (None, Kept::default())
        }
    }
}

/// The changes that a large import makes necessary.
fn changes_of(
    segments: &Segments,
    equal_usernames: &[Vec<Ordinal>],
    import: Option<&Import>,
    published: &Published,
    done: &mut Done,
) -> Result<Vec<Change>, ChangeError> {
    let Some(Import { conflict, by_username, .. }) = import else { return Ok(Vec::new()) };
    let state = published.read();
    let Some(frozen) = &state.frozen else { return Ok(Vec::new()) };
    let before =
        View { segments: &state.segments, run: state.run.as_deref(), frozen: None, active: frozen, reserved: None };
    let now = View { segments, run: None, frozen: None, active: &state.active, reserved: None };
    let mut changes = settle(before, now, equal_usernames, by_username, *conflict, done)?;
    if state.reserved.is_some() {
        changes.extend(edges::settle(before, now, &state.ties)?);
    }
    Ok(changes)
}

/// Shows new segments to readers, with the changes that came with them.
fn publish(published: &Published, segments: Segments, changes: Vec<Change>) -> Result<(), ChangeError> {
    let segments = Arc::new(segments);
    let mut state = published.write();
    let old = std::mem::replace(&mut state.segments, segments.clone());
    let (frozen, run) = (state.frozen.take(), state.run.take());
    state.care.merges += 1;
    if state.reserved.take().is_some() {
        // Ordinals that were kept free are in the segments now.
        state.active.end_load(&(0..0));
    }
    state.active.lists.forget_surveys();
    for change in changes {
        state.active.apply(change).map_err(|bad: Malformed| ChangeError::Stopped { reason: bad.to_string() })?;
    }
    drop(state);
    // Nobody reads it any more, and its rows can go.
    drop(run);
    old.retire(&segments.files);
    // A hundred megabytes of records take a while to free.
    _ = thread::Builder::new().name("store-free".to_owned()).spawn(move || drop((old, frozen)));
    Ok(())
}

impl From<MergeError> for ChangeError {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::Refused(error) => error,
            MergeError::Disk(error) if is_full(error.kind()) => Self::Full,
            error => Self::MergeFailed { reason: error.to_string() },
        }
    }
}

/// Tries until it is done or nobody wants it any more.
fn work(mut job: Job, mut bulk: Option<Bulk>, writer: &mpsc::WeakSender<Request>, mut delay: Duration) {
    let [shortest, longest] = BACK_OFF;
    loop {
        if !delay.is_zero() {
            thread::park_timeout(delay);
        }
        job.stop.wanted = bulk.as_ref().map(|bulk| bulk.wanted.clone());
        // Without the import it may succeed at once.
        delay = if bulk.is_some() { Duration::ZERO } else { (delay * 2).clamp(shortest, longest) };
        let finished = match job.run(bulk.take()) {
            Ok(merged) => Finished::Done(Box::new(merged), job.to.number + 1),
            Err(MergeError::Cancelled) => return,
            Err(error) => Finished::Failed(error),
        };
        let done = matches!(finished, Finished::Done(..));
        let Some(writer) = writer.upgrade() else { return };
        if writer.blocking_send(Request::Merged(finished)).is_err() || done || job.stop.is_closing() {
            return;
        }
    }
}
