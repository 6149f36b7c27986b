//! The embedded engine: segments in one directory, a log of the changes since, and what
//! that log says in memory.
//!
//! Reads are answered from memory and from mapped files under one short lock. Changes
//! go to one writer thread, which makes them durable in groups before they are seen or
//! acknowledged. In the background changes are merged into new segments.

mod ahead;
mod backup;
mod ballast;
mod bulk;
pub(crate) mod bus_error;
pub(crate) mod codec;
mod databases;
mod delta;
mod edges;
mod follow;
mod found;
mod group;
mod guard;
mod identity;
mod import;
mod journal;
mod lists;
mod log;
mod manifest;
mod merge;
mod merger;
mod pace;
mod room;
mod run;
mod search;
mod segment;
mod state;
mod ties;
mod verify;
mod warm;
mod writer;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::{self, JoinHandle};

use heed::{Env, WithoutTls};
use model::{Conflict, Observation, Timestamp, Tweet, TweetId, User, UserChange, UserId, Username};
use tokio::sync::{mpsc, oneshot};

pub use self::backup::{BackupError, Copied, restore};
use self::bulk::Bulk;
pub use self::bulk::BulkPart;
use self::codec::Malformed;
pub(crate) use self::codec::{OrderKey, Ordinal, Record, TweetRecord, UserRecord};
pub(crate) use self::databases::AppendError;
use self::delta::Delta;
pub use self::edges::EdgePart;
use self::edges::Edges;
pub(crate) use self::found::Found;
pub use self::identity::{
    FirstApp, FirstToken, Identity, IdentityError, NewApp, NewTokens, NewUserToken, Refusal, RegisteredApp, Whose,
};
use self::identity::{Index, States, Tables};
pub(crate) use self::lists::ListCounts;
use self::log::Log;
use self::merge::Stop;
use self::merger::Merger;
use self::pace::Pace;
use self::run::FirstNew;
pub(crate) use self::segment::{Segment, Segments};
use self::state::{Care, Layered, Published, Slot, State};
pub use self::verify::{Report, Verifying, verify};
use self::warm::warm;
use self::writer::{Answer, Request, Writer};
use crate::data_dir::BALLAST_FILE;
use crate::{
    ChangeError, DataDir, Detail, Imported, ImportedEdges, MergeProgress, OpenError, Options, ReadError, Stats,
    StoredFile, TweetBatch, TweetCursor, UserBatch, UserCursor,
};

/// How many requests may wait for the writer before callers have to.
const WAITING: usize = 1024;

/// How many ordinals an export looks at under one guard.
const AT_ONCE: usize = 1000;

/// The handle of an embedded store.
#[derive(Debug, Clone)]
pub struct Embedded(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    published: Arc<Published>,
    states: States,
    pace: Arc<Pace>,
    /// Apps and tokens, as requests look them up.
    index: Arc<Index>,
    /// For backups and for what is looked up seldom, which read beside the writer.
    env: Env<WithoutTls>,
    tables: Tables,
    /// Taken when the store closes; the writer ends when every copy is gone.
    requests: Mutex<Option<mpsc::Sender<Request>>>,
    /// The writer, and the one that warms the segments.
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// What works in the background gives up.
    cancelled: Arc<AtomicBool>,
    is_new: bool,
    file: PathBuf,
    /// Last, so that the directory is free for others when all else has ended.
    dir: DataDir,
}

impl Embedded {
    pub(crate) fn open(path: &Path, options: &Options) -> Result<Self, OpenError> {
        let mut dir = DataDir::open(path)?;
        bus_error::listen().map_err(|error| OpenError::from_io(path, error))?;
        let file = Log::file_in(&dir);
        let mut log = Log::open(&dir, options)?;
        let state = read_state(&dir, &mut log)?;
        let index = Arc::new(log.read_identity()?);
        let failed = |error: AppendError| OpenError::from_append(&file, &error);
        dir.finish(|| log.upgrade().map_err(failed))?;
        match log.forget_merged() {
            Ok(()) | Err(AppendError::Full) => {}
            Err(error) => return Err(failed(error)),
        }
        let is_new = log.next_row() == 0 && state.segments.files.iter().next().is_none();
        let segments = state.segments.clone();
        let published = Arc::new(Published::new(state));
        let cancelled = Arc::new(AtomicBool::new(false));
        let (sender, requests) = mpsc::channel(WAITING);
        let pace = Arc::new(Pace::default());
        let stop = Stop { closing: cancelled.clone(), wanted: None, pace: pace.clone() };
        let merger = Merger::new(dir.segments_dir(), options, stop, sender.downgrade());
        let (env, tables) = (log.env(), log.tables());
        let writer = Writer { requests, published: published.clone(), index: index.clone(), log, merger };
        let stop = cancelled.clone();
        let threads = vec![
            spawn("store-writer", path, || writer.run())?,
            spawn("store-warm", path, move || warm(&segments, &stop))?,
        ];
        let (requests, threads) = (Mutex::new(Some(sender)), Mutex::new(threads));
        Ok(Self(Arc::new(Shared {
            published,
            states: States::default(),
            pace,
            index,
            env,
            tables,
            requests,
            threads,
            cancelled,
            is_new,
            file,
            dir,
        })))
    }

    pub(crate) fn is_new(&self) -> bool {
        self.0.is_new
    }

    pub(crate) fn discard_if_made(&self) {
        self.0.dir.discard_if_made();
    }

    pub(crate) fn data_dir(&self) -> &DataDir {
        &self.0.dir
    }

    pub(crate) fn identity(&self) -> Identity<'_> {
        Identity::new(self)
    }

    pub(crate) fn users_by_ids(&self, ids: &[UserId], detail: Detail) -> Result<UserBatch, ReadError> {
        let state = self.0.published.read();
        Ok(UserBatch::new(state.view().users().find_all(ids, detail)?, detail))
    }

    pub(crate) fn users_by_usernames(&self, usernames: &[Username], detail: Detail) -> Result<UserBatch, ReadError> {
        let keys: Vec<_> = usernames.iter().map(Username::key).collect();
        let state = self.0.published.read();
        Ok(UserBatch::new(state.view().bearers(&keys, detail)?, detail))
    }

    pub(crate) fn tweets_by_ids(&self, ids: &[TweetId]) -> Result<TweetBatch, ReadError> {
        let state = self.0.published.read();
        Ok(TweetBatch::new(state.view().tweets().find_all(ids, Detail::Full)?))
    }

    pub(crate) fn user(&self, id: UserId) -> Result<Option<User>, ReadError> {
        let state = self.0.published.read();
        let (segments, found) = (state.segments.clone(), state.view().users().find(id)?);
        drop(state);
        found.map(|(ordinal, slot)| decode(&segments.users, ordinal, &slot, UserRecord::user)).transpose()
    }

    pub(crate) fn tweet(&self, id: TweetId) -> Result<Option<Tweet>, ReadError> {
        let state = self.0.published.read();
        let (segments, found) = (state.segments.clone(), state.view().tweets().find(id)?);
        drop(state);
        found.map(|(ordinal, slot)| decode(&segments.tweets, ordinal, &slot, TweetRecord::tweet)).transpose()
    }

    pub(crate) async fn create_user(&self, user: User) -> Result<(), ChangeError> {
        self.ask(|answer| Request::Create(Box::new(user), answer)).await
    }

    pub(crate) async fn update_user(
        &self,
        id: UserId,
        changes: Vec<UserChange>,
        at: Timestamp,
    ) -> Result<(), ChangeError> {
        self.ask(|answer| Request::Update(id, changes, at, answer)).await
    }

    pub(crate) async fn delete_user(&self, id: UserId) -> Result<(), ChangeError> {
        self.ask(|answer| Request::Delete(id, answer)).await
    }

    pub(crate) async fn import(&self, batch: Vec<Observation>, conflict: Conflict) -> Result<Imported, ChangeError> {
        self.ask(|answer| Request::Import(batch, conflict, answer)).await
    }

    pub(crate) fn bulk_part(&self, of: usize) -> BulkPart {
        BulkPart::new(&self.0.dir.segments_dir(), of)
    }

    pub(crate) async fn import_bulk(&self, parts: Vec<BulkPart>, conflict: Conflict) -> Result<Imported, ChangeError> {
        // Gone when this is dropped: then nobody waits any more, and the merge gives it up.
        let wanted = Arc::new(());
        let bulk = Bulk::new(parts, conflict, Arc::downgrade(&wanted));
        let taken = self.ask(|answer| Request::TakeIn(bulk, answer)).await;
        drop(wanted);
        taken.map(|taken| taken.imported)
    }

    pub(crate) fn edge_part(&self) -> EdgePart {
        EdgePart::new(&self.0.dir.segments_dir())
    }

    pub(crate) async fn import_edges(&self, parts: Vec<EdgePart>) -> Result<ImportedEdges, ChangeError> {
        // As above: whoever works on it looks whether this is still there.
        let wanted = Arc::new(());
        let edges = self.prepare(parts, Arc::downgrade(&wanted))?.await.map_err(|_| ChangeError::Closed)??;
        let Some(edges) = edges else { return Ok(ImportedEdges::default()) };
        let bulk = Bulk::of_edges(edges, Arc::downgrade(&wanted));
        let taken = self.ask(|answer| Request::TakeIn(bulk, answer)).await;
        drop(wanted);
        taken.map(|taken| taken.edges)
    }

    /// Sorts follows on a thread of its own, unless there are none.
    fn prepare(
        &self,
        parts: Vec<EdgePart>,
        wanted: Weak<()>,
    ) -> Result<oneshot::Receiver<Result<Option<Edges>, ChangeError>>, ChangeError> {
        let (answer, prepared) = oneshot::channel();
        let (published, dir) = (self.0.published.clone(), self.0.dir.segments_dir());
        let stop = Stop { closing: self.0.cancelled.clone(), wanted: Some(wanted), pace: Arc::default() };
        let work = move || {
            let edges = Edges::prepare(&published, parts, &dir, &stop);
            _ = answer.send(edges.map_err(ChangeError::from));
        };
        let thread = thread::Builder::new().name("store-edges".to_owned()).spawn(work);
        let thread = thread.map_err(|error| ChangeError::MergeFailed { reason: error.to_string() })?;
        let mut threads = self.0.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.retain(|thread| !thread.is_finished());
        threads.push(thread);
        Ok(prepared)
    }

    pub(crate) async fn merge(&self) -> Result<(), ChangeError> {
        self.ask(Request::Merge).await
    }

    pub(crate) fn merge_progress(&self) -> Option<MergeProgress> {
        self.0.pace.read()
    }

    pub(crate) fn export_users(
        &self,
        after: Option<UserCursor>,
        limit: usize,
    ) -> Result<(Vec<User>, Option<UserCursor>), ReadError> {
        let after = after.map(|UserCursor(last)| last);
        let (users, last) = self.export::<UserRecord, _>(UserRecord::user, after, limit)?;
        Ok((users, last.map(UserCursor)))
    }

    pub(crate) fn export_tweets(
        &self,
        after: Option<TweetCursor>,
        limit: usize,
    ) -> Result<(Vec<Tweet>, Option<TweetCursor>), ReadError> {
        let after = after.map(|TweetCursor(last)| last);
        let (tweets, last) = self.export::<TweetRecord, _>(TweetRecord::tweet, after, limit)?;
        Ok((tweets, last.map(TweetCursor)))
    }

    /// At most `limit` records that come after an ordinal, and where to go on. A large import
    /// can leave millions of ordinals without a record, so no guard is held for all of them.
    fn export<R: Layered, T>(
        &self,
        read: impl Fn(&[u8]) -> Result<T, Malformed>,
        after: Option<u32>,
        limit: usize,
    ) -> Result<(Vec<T>, Option<u32>), ReadError> {
        let (mut all, mut last) = (Vec::new(), after);
        loop {
            let state = self.0.published.read();
            let segments = state.segments.clone();
            let (page, next) = R::layers(state.view()).page(last, AT_ONCE.min(limit - all.len()))?;
            drop(state);
            let segment: &Segment<R> = R::segment(&segments);
            for (ordinal, slot) in page {
                all.push(decode(segment, ordinal, &slot, &read)?);
            }
            last = next;
            if last.is_none() || all.len() == limit {
                return Ok((all, last));
            }
        }
    }

    pub(crate) fn stats(&self) -> Stats {
        let log = [self.0.file.clone(), Log::journal_in(&self.0.dir)];
        let log_bytes = log.iter().map(|path| fs::metadata(path).map_or(0, |about| about.len())).sum();
        Stats { log_bytes, ..self.0.published.read().stats() }
    }

    pub(crate) fn files(&self) -> Vec<StoredFile> {
        let root = self.0.dir.path();
        let segments = self.0.published.read().segments.clone();
        let paths = segments.each().map(|file| file.path().to_owned());
        let ballast = root.join(BALLAST_FILE);
        let log = [self.0.file.clone(), Log::journal_in(&self.0.dir)];
        let files = log.into_iter().chain(paths).chain(ballast.exists().then_some(ballast));
        files
            .map(|path| StoredFile {
                bytes: fs::metadata(&path).map_or(0, |about| about.len()),
                name: path.strip_prefix(root).unwrap_or(&path).display().to_string(),
            })
            .collect()
    }

    pub(crate) fn close(self) {
        self.0.stop();
    }

    /// Lets the log take in all that was acknowledged, and waits for it without `async`.
    fn settle(&self) -> Result<(), ChangeError> {
        let (answer, answered) = oneshot::channel();
        let requests = self.0.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        requests.ok_or(ChangeError::Closed)?.blocking_send(Request::Settle(answer)).map_err(|_| ChangeError::Closed)?;
        answered.blocking_recv().map_err(|_| ChangeError::Closed)?
    }

    /// Sends a request to the writer and waits for its answer.
    async fn ask<T>(&self, request: impl FnOnce(Answer<T>) -> Request) -> Result<T, ChangeError> {
        let (answer, answered) = oneshot::channel();
        self.send(request(answer)).await?;
        answered.await.map_err(|_| ChangeError::Closed)?
    }

    /// Sends a request to the writer.
    async fn send(&self, request: Request) -> Result<(), ChangeError> {
        let requests = self.0.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        requests.ok_or(ChangeError::Closed)?.send(request).await.map_err(|_| ChangeError::Closed)
    }
}

impl Shared {
    /// Takes no more requests and waits until those that came are answered.
    fn stop(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        drop(self.requests.lock().unwrap_or_else(PoisonError::into_inner).take());
        for thread in self.threads.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // It does not panic; if it did, there would be nothing to do about it here.
            _ = thread.join();
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What the directory holds: the segments that the manifest names, and the rows since.
fn read_state(dir: &DataDir, log: &mut Log) -> Result<State, OpenError> {
    let path = dir.segments_dir();
    dir.make_segments_dir()?;
    let files = log.manifest().files;
    let segments = Segments::open(&path, files)?;
    files.sweep(&path).map_err(|error| OpenError::from_io(&path, error))?;
    let mut run = log.replay(FirstNew { users: segments.users.next(), tweets: segments.tweets.next() })?;
    let unreadable = |error: ReadError| OpenError::Damaged { file: path.clone(), reason: error.to_string() };
    run.lists.survey(&segments.lists).map_err(unreadable)?;
    let active = Delta::new(run.users.next(), run.tweets.next());
    let care = Care { generation: log.manifest().generation, ..Care::default() };
    let run = (run.rows > 0).then(|| Arc::new(run));
    let ties = log.read_ties()?;
    Ok(State { segments: Arc::new(segments), run, frozen: None, active, reserved: None, ties, care })
}

fn spawn(name: &str, path: &Path, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, OpenError> {
    thread::Builder::new().name(name.to_owned()).spawn(work).map_err(|error| OpenError::from_io(path, error))
}

/// A whole user or post from what a read found.
fn decode<R: Record, T>(
    segment: &Segment<R>,
    ordinal: Ordinal,
    slot: &Slot<R>,
    read: impl Fn(&[u8]) -> Result<T, Malformed>,
) -> Result<T, ReadError> {
    slot.bytes(segment).ok_or(Malformed).and_then(|bytes| read(&bytes)).map_err(|Malformed| segment.unreadable(ordinal))
}
