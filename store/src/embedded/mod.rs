//! The embedded engine: a log in one directory, and what it says in memory.
//!
//! Reads are answered from memory under one short lock. Changes go to one writer
//! thread, which makes them durable in groups before they are seen or acknowledged.

pub(crate) mod codec;
mod delta;
mod group;
mod import;
mod log;
mod room;
#[expect(unsafe_code, reason = "LMDB is a C library that maps a file; see the module")]
mod unsafe_io;
mod writer;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use model::{Conflict, Observation, Timestamp, Tweet, TweetId, User, UserChange, UserId, Username};
use tokio::sync::{mpsc, oneshot};

use self::codec::{Malformed, Ordinal};
use self::delta::{Delta, Published, Table};
use self::log::Log;
use self::writer::{Answer, Request, Writer};
use crate::{
    ChangeError, DataDir, Imported, OpenError, Options, ReadError, Stats, TweetBatch, TweetCursor, UserBatch,
    UserCursor,
};

/// How many requests may wait for the writer before callers have to.
const WAITING: usize = 1024;

/// The handle of an embedded store.
#[derive(Debug, Clone)]
pub struct Embedded(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    published: Arc<Published>,
    /// Taken when the store closes; the writer ends when every copy is gone.
    requests: Mutex<Option<mpsc::Sender<Request>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    is_new: bool,
    file: PathBuf,
    /// Last, so that the directory is free for others when all else has ended.
    dir: DataDir,
}

impl Embedded {
    pub(crate) fn open(path: &Path, options: &Options) -> Result<Self, OpenError> {
        let mut dir = DataDir::open(path)?;
        let file = Log::file_in(&dir);
        let mut log = Log::open(&dir, options)?;
        let delta = replay(&mut log)?;
        if !dir.is_finished() {
            dir.finish()?;
        }
        let log = log.unmap(&dir, options)?;
        let is_new = delta.rows == 0;
        let published = Arc::new(Published::new(delta));
        let (sender, requests) = mpsc::channel(WAITING);
        let writer = Writer { requests, published: published.clone(), log, file: file.clone() };
        let writer = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(|| writer.run())
            .map_err(|error| OpenError::from_io(path, error))?;
        let (requests, writer) = (Mutex::new(Some(sender)), Mutex::new(Some(writer)));
        Ok(Self(Arc::new(Shared { published, requests, writer, is_new, file, dir })))
    }

    pub(crate) fn is_new(&self) -> bool {
        self.0.is_new
    }

    pub(crate) fn data_dir(&self) -> &DataDir {
        &self.0.dir
    }

    pub(crate) fn users_by_ids(&self, ids: &[UserId]) -> UserBatch {
        UserBatch::new(self.0.published.read().users.find_all(ids))
    }

    pub(crate) fn users_by_usernames(&self, usernames: &[Username]) -> UserBatch {
        let keys: Vec<_> = usernames.iter().map(Username::key).collect();
        let delta = self.0.published.read();
        let ordinals: Vec<_> = keys.iter().map(|key| delta.usernames.get(key).copied()).collect();
        UserBatch::new(delta.users.records(&ordinals))
    }

    pub(crate) fn tweets_by_ids(&self, ids: &[TweetId]) -> TweetBatch {
        TweetBatch::new(self.0.published.read().tweets.find_all(ids))
    }

    pub(crate) fn user(&self, id: UserId) -> Result<Option<User>, ReadError> {
        let record = self.0.published.read().users.find(id).cloned();
        record.map(|record| record.to_user().map_err(|Malformed| self.damaged(format!("user {id}")))).transpose()
    }

    pub(crate) fn tweet(&self, id: TweetId) -> Result<Option<Tweet>, ReadError> {
        let record = self.0.published.read().tweets.find(id).cloned();
        record.map(|record| record.to_tweet().map_err(|Malformed| self.damaged(format!("post {id}")))).transpose()
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

    pub(crate) fn export_users(
        &self,
        after: Option<UserCursor>,
        limit: usize,
    ) -> Result<(Vec<User>, Option<UserCursor>), ReadError> {
        let page = page(&self.0.published.read().users, after.map(|UserCursor(last)| last), limit);
        let users = page.iter().map(|(ordinal, record)| {
            record.to_user().map_err(|Malformed| self.damaged(format!("the user with ordinal {}", ordinal.0)))
        });
        Ok((users.collect::<Result<_, _>>()?, cursor(&page, limit).map(UserCursor)))
    }

    pub(crate) fn export_tweets(
        &self,
        after: Option<TweetCursor>,
        limit: usize,
    ) -> Result<(Vec<Tweet>, Option<TweetCursor>), ReadError> {
        let page = page(&self.0.published.read().tweets, after.map(|TweetCursor(last)| last), limit);
        let tweets = page.iter().map(|(ordinal, record)| {
            record.to_tweet().map_err(|Malformed| self.damaged(format!("the post with ordinal {}", ordinal.0)))
        });
        Ok((tweets.collect::<Result<_, _>>()?, cursor(&page, limit).map(TweetCursor)))
    }

    pub(crate) fn stats(&self) -> Stats {
        let log_bytes = fs::metadata(&self.0.file).map_or(0, |about| about.len());
        let delta = self.0.published.read();
        Stats { users: delta.users.len() as u64, tweets: delta.tweets.len() as u64, log_rows: delta.rows, log_bytes }
    }

    pub(crate) fn close(self) {
        self.0.stop();
    }

    /// Sends a request to the writer and waits for its answer.
    async fn ask<T>(&self, request: impl FnOnce(Answer<T>) -> Request) -> Result<T, ChangeError> {
        let (answer, answered) = oneshot::channel();
        let requests = self.0.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let requests = requests.ok_or(ChangeError::Closed)?;
        requests.send(request(answer)).await.map_err(|_| ChangeError::Closed)?;
        drop(requests);
        answered.await.map_err(|_| ChangeError::Closed)?
    }

    fn damaged(&self, what: String) -> ReadError {
        ReadError::Damaged { what, file: self.0.file.clone() }
    }
}

impl Shared {
    /// Takes no more requests and waits until those that came are answered.
    fn stop(&self) {
        drop(self.requests.lock().unwrap_or_else(PoisonError::into_inner).take());
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            // It does not panic; if it did, there would be nothing to do about it here.
            _ = writer.join();
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.stop();
    }
}

fn replay(log: &mut Log) -> Result<Delta, OpenError> {
    let mut delta = Delta::new();
    log.replay(|change| delta.apply(change).map(drop))?;
    Ok(delta)
}

/// At most `limit` records that come after an ordinal.
fn page<Id, Record: Clone>(table: &Table<Id, Record>, after: Option<u32>, limit: usize) -> Vec<(Ordinal, Record)>
where
    Id: std::hash::Hash + Eq + Copy,
{
    let first = after.map_or(0, |last| u64::from(last) + 1);
    table.from(first).take(limit).map(|(ordinal, record)| (ordinal, record.clone())).collect()
}

/// A full page may have more behind it.
fn cursor<Record>(page: &[(Ordinal, Record)], limit: usize) -> Option<u32> {
    page.last().filter(|_| page.len() == limit).map(|(Ordinal(last), _)| *last)
}
