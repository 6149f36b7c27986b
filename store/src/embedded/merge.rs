//! A merge: old segments, frozen changes and a large import become new segments.
//!
//! It runs on a thread of its own and changes nothing that anybody sees; the writer
//! names its files when it is done. It streams in the order of ordinals, so its memory
//! does not grow with the store.

use std::fs;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use model::{Conflict, User, UserId, Username};
use thiserror::Error;

use super::bulk::{Bulk, Done, Fold, Fresh, Rules, Sorted, Spool, changed_record, fold_into};
use super::codec::{Malformed, Ordinal, Record, UserRecord};
use super::delta::Delta;
use super::edges::{Edges, Reserved};
use super::group::encode_user;
use super::lists;
use super::pace::Pace;
use super::run::Run;
use super::segment::{Destination, FileKind, Files, SegmentWriter, Segments, Stale};
use super::state::{Layers, View};
use super::warm::warm;
use crate::data_dir::sync_dir;
use crate::{ChangeError, Detail, OpenError, ReadError};

/// What a merge works on.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) to: Destination,
    pub(super) segments: Arc<Segments>,
    pub(super) run: Option<Arc<Run>>,
    pub(super) frozen: Arc<Delta>,
    pub(super) stop: Stop,
}

/// Reasons to give up.
#[derive(Debug, Clone)]
pub(super) struct Stop {
    /// The store closes.
    pub(super) closing: Arc<AtomicBool>,
    /// With a large import: there as long as somebody waits for it.
    pub(super) wanted: Option<Weak<()>>,
    /// What looks for reasons between two steps counts these.
    pub(super) pace: Arc<Pace>,
}

impl Stop {
    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    /// Before each step.
    pub(super) fn check(&self) -> Result<(), MergeError> {
        self.pace.advance(1);
        if self.is_closing() {
            return Err(MergeError::Cancelled);
        }
        let is_unwanted = self.wanted.as_ref().is_some_and(|wanted| wanted.strong_count() == 0);
        if is_unwanted { Err(MergeError::Unwanted) } else { Ok(()) }
    }
}

/// What a merge made.
#[derive(Debug)]
pub(super) struct Merged {
    pub(super) segments: Segments,
    /// What the large import did, but for usernames that are wanted twice.
    pub(super) done: Done,
    /// Ordinals that may bear one username.
    pub(super) equal_usernames: Vec<Vec<Ordinal>>,
}

/// Why a merge made nothing. What it had written is removed.
#[derive(Debug, Error)]
pub(super) enum MergeError {
    #[error("cancelled")]
    Cancelled,
    #[error("nobody waits for the import any more")]
    Unwanted,
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    #[error(transparent)]
    Written(#[from] OpenError),
    #[error(transparent)]
    Refused(ChangeError),
    #[error("{0}")]
    Disk(#[from] io::Error),
}

impl Job {
    /// Writes the new files, and opens them.
    pub(super) fn run(&self, bulk: Option<Bulk>) -> Result<Merged, MergeError> {
        let result = self.write(bulk);
        self.stop.pace.end();
        match &result {
            Ok(merged) => warm(&merged.segments, &self.stop.closing),
            Err(_) => remove(&self.to),
        }
        result
    }

    fn write(&self, bulk: Option<Bulk>) -> Result<Merged, MergeError> {
        let (mut files, mut done) = (self.segments.files, Done::default());
        let old = View {
            segments: &self.segments,
            run: self.run.as_deref(),
            frozen: None,
            active: &self.frozen,
            reserved: None,
        };
        let Bulk { users, tweets, edges, conflict, .. } = bulk.unwrap_or_default();
        let reserved = edges.as_deref().map(Edges::reserved).filter(|reserved| reserved.users() > 0);
        let next = reserved.map_or(old.users().next(), |reserved| reserved.first_user() + reserved.users());
        let [of_users, of_tweets] = [steps(old.users(), &users, next), steps(old.tweets(), &tweets, 0)];
        self.stop.pace.begin(of_users + of_tweets + if edges.is_some() { next } else { 0 });
        let users = Incoming { spools: users, stubs: reserved, conflict, done: &mut done };
        let equal_usernames = self.merge(old.users(), users, &mut files)?;
        self.stop.pace.reach(of_users);
        let tweets = Incoming { spools: tweets, stubs: None, conflict, done: &mut done };
        self.merge(old.tweets(), tweets, &mut files)?;
        self.stop.pace.reach(of_users + of_tweets);
        let load = edges.as_deref().map(Edges::lists).transpose()?;
        let lists = lists::merge(old.lists(), next, &done.counted, load, &self.to, &|| self.stop.check())?;
        if let Some(edges) = &edges {
            done.edges.edges = lists.brought;
            done.edges.known = edges.len().saturating_sub(lists.brought);
        }
        lists.files.into_iter().for_each(|(kind, file)| files.set(kind, file));
        if self.to.durable {
            sync_dir(&self.to.dir)?;
        }
        Ok(Merged { segments: Segments::open_after(&self.segments, &self.to.dir, files)?, done, equal_usernames })
    }

    /// Returns the ordinals that may bear one username. A kind without changes keeps its files.
    fn merge<R: Fold>(
        &self,
        old: Layers<'_, R>,
        incoming: Incoming<'_>,
        files: &mut Files,
    ) -> Result<Vec<Vec<Ordinal>>, MergeError> {
        let changes = old.changed_ordinals();
        let imports = incoming.stubs.is_some() || incoming.spools.iter().any(|spool| spool.len() > 0);
        if changes.is_empty() && !imports && !old.segment.is_older() {
            return Ok(Vec::new());
        }
        let stale = if imports { Stale::ALL } else { stale(old, &changes)? };
        let mut writer = SegmentWriter::<R>::create(&self.to, stale)?;
        let Incoming { spools, stubs, conflict, done } = incoming;
        let rules = Rules { conflict, dir: &self.to.dir, go_on: &|| self.stop.check() };
        if old.next() == 0 {
            // Everything is new, and its order is that of the ids.
            fold_into(old, spools, &rules, done, |record| writer.push(Some(record)))?;
        } else {
            let mut fresh = Fresh::new(&self.to.dir)?;
            let changed = fold_into(old, spools, &rules, done, |record| fresh.push(record))?;
            self.rewrite(old, changes, changed, &mut writer)?;
            fresh.read(|record| {
                self.stop.check()?;
                Ok(writer.push(Some(record))?)
            })?;
        }
        if let Some(reserved) = stubs {
            done.edges.stubs = self.write_stubs(reserved, &mut writer)?;
        }
        self.stop.check()?;
        let records = u64::from(writer.next());
        let written = writer.finish(&|| self.stop.pace.advance(records / INDEX))?;
        R::OLDER_PLACES.into_iter().for_each(|kind| files.forget(kind));
        written.files.into_iter().for_each(|(kind, file)| files.set(kind, file));
        Ok(written.equal_usernames)
    }

    /// Writes users of whom a load of follows knows the id alone, and says how many.
    fn write_stubs<R: Record>(&self, reserved: &Reserved, writer: &mut SegmentWriter<R>) -> Result<u64, MergeError> {
        while u64::from(writer.next()) < reserved.first_user() {
            writer.push(None)?;
        }
        let mut count = 0;
        for id in reserved.stubs() {
            self.stop.check()?;
            let stub = id.map(stub).map(|user| encode_user(&user)).transpose()?;
            count += u64::from(stub.is_some());
            writer.push(stub.as_ref().map(UserRecord::as_bytes))?;
        }
        Ok(count)
    }

    /// Writes every known ordinal: as the import left it, else as the change did, else as it was.
    fn rewrite<R: Record>(
        &self,
        old: Layers<'_, R>,
        changes: Vec<Ordinal>,
        mut imported: Sorted,
        writer: &mut SegmentWriter<R>,
    ) -> Result<(), MergeError> {
        let mut changes = changes.into_iter().peekable();
        let mut entry = Vec::new();
        for number in 0..old.next() {
            let ordinal = Ordinal(u32::try_from(number).map_err(io::Error::other)?);
            let is_changed = changes.next_if_eq(&ordinal).is_some();
            if imported.peek() == Some(number) {
                imported.next(&mut entry)?;
                writer.push(changed_record(&entry))?;
            } else if is_changed {
                writer.push(old.record(ordinal)?.bytes(old.segment).as_deref())?;
            } else {
                let place = old.segment.record(ordinal, Detail::Full)?;
                entry.clear();
                place.iter().for_each(|place| old.segment.append(place, &mut entry));
                writer.push(place.is_some().then_some(&entry))?;
            }
            self.stop.check()?;
        }
        Ok(())
    }
}

/// An index takes this part of the steps that its records took.
const INDEX: u64 = 6;

/// How many steps the records of one kind take, with facts of a large import and ordinals until
/// `next` that a load of follows needs.
fn steps<R: Record>(old: Layers<'_, R>, facts: &[Spool], next: u64) -> u64 {
    let facts = facts.iter().map(Spool::len).sum::<u64>();
    let stubs = next.saturating_sub(old.next());
    if facts + stubs == 0 && old.changed_ordinals().is_empty() && !old.segment.is_older() {
        return 0;
    }
    // Facts about new records are written at once if there are no others, else once more.
    let writing = if old.next() == 0 { 0 } else { old.next() + facts };
    let indexes = 1 + R::USERNAMES.iter().count() + R::ORDERS.iter().flatten().count();
    facts + writing + stubs + indexes as u64 * ((old.next() + facts + stubs) / INDEX)
}

/// The facts of a large import about users, or posts.
struct Incoming<'a> {
    spools: Vec<Spool>,
    /// New users of a load of follows.
    stubs: Option<&'a Reserved>,
    conflict: Conflict,
    done: &'a mut Done,
}

/// A user of whom nothing is known.
fn stub(id: UserId) -> User {
    let username = Username::derived(id, 0);
    User::new(id, username, username.as_str())
}

/// Which indexes the changes concern.
fn stale<R: Record>(old: Layers<'_, R>, changes: &[Ordinal]) -> Result<Stale, ReadError> {
    let segment = old.segment;
    if segment.next() == 0 {
        // A segment of nothing has no index either.
        return Ok(Stale::ALL);
    }
    let mut stale = Stale { ids: false, usernames: false, orders: segment.lacks_orders() };
    for &ordinal in changes {
        let before = segment.record(ordinal, Detail::Core)?;
        let before = before.as_ref().map(|place| segment.head(place));
        let now = old.record(ordinal)?;
        let now = now.head(segment);
        if now.is_some() != before.is_some() {
            return Ok(Stale::ALL);
        }
        let keys = |bytes| Ok((R::username(bytes)?, R::order_keys(bytes)?));
        let keys = |bytes| keys(bytes).map_err(|Malformed| segment.unreadable(ordinal));
        let (before, now) = (before.map(keys).transpose()?, now.map(keys).transpose()?);
        if before != now {
            stale.orders = true;
            stale.usernames |= before.map(|(username, _)| username) != now.map(|(username, _)| username);
        }
    }
    Ok(stale)
}

/// Removes the files that a merge had begun.
pub(super) fn remove(Destination { dir, number, .. }: &Destination) {
    for (kind, _) in FileKind::ALL {
        // One that cannot be removed now is removed at the next start.
        _ = fs::remove_file(kind.path(dir, *number));
    }
}
