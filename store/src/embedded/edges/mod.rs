//! Large loads of follows: sorted outside the store, they enter it as one merge.
//!
//! Ids become ordinals (`translate`), and both directions are sorted by list on the disk
//! (`partition`). The cut keeps ordinals and slots free (`reserved`), and the merge appends
//! to each list those who are not on it (`fresh`). Before its end nothing is seen, and a kill
//! leaves nothing.

mod buckets;
mod fresh;
mod ids;
mod numbers;
mod part;
mod partition;
mod reserved;
mod translate;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use model::Both;

pub(in crate::embedded) use self::fresh::OnList;
use self::numbers::Numbers;
pub use self::part::EdgePart;
pub(in crate::embedded) use self::partition::EdgeLists;
use self::partition::Side;
pub(in crate::embedded) use self::reserved::Reserved;
use self::translate::Translator;
use super::codec::Change;
use super::merge::{MergeError, Stop};
use super::state::{Published, View};
use super::ties::Ties;
use crate::{Detail, ReadError};

/// Blocks of translated ids that wait to be sorted.
const AHEAD: usize = 4;

/// Sorted follows that wait for their merge.
#[derive(Debug)]
pub(super) struct Edges {
    sides: Both<Side>,
    reserved: Arc<Reserved>,
    /// The first ordinal that was not given when ids were looked for.
    seen: u64,
    /// How many follows there are, whatever is known of them.
    len: u64,
}

impl Edges {
    /// Translates and sorts the follows of `parts`, if there are any. What does not fit into memory goes to
    /// files without names in `dir`.
    pub(super) fn prepare(
        published: &Published,
        parts: Vec<EdgePart>,
        dir: &Path,
        stop: &Stop,
    ) -> Result<Option<Self>, MergeError> {
        let seen = published.read().view().users().next();
        let len = parts.iter().map(EdgePart::len).sum();
        if len == 0 {
            return Ok(None);
        }
        let mut translator = Translator::new(published, Numbers::after(seen));
        let numbers = translator.numbers;
        let (to, blocks) = sync_channel(AHEAD);
        let mut sides = thread::scope(|scope| {
            let sorting = thread::Builder::new()
                .name("store-sort".to_owned())
                .spawn_scoped(scope, move || sort(numbers, dir, &blocks))?;
            let fed = feed(parts, &mut translator, &to, stop);
            drop(to);
            let sides = sorting.join().unwrap_or_else(|_| Err(io::Error::other("the thread that sorts has ended")));
            // If that failed, it is also why nobody took what was fed.
            let sides = sides?;
            fed.map(|()| sides)
        })?;
        let lengths = Both { following: sides.following.take_counts()?, followers: sides.followers.take_counts()? };
        let reserved = Arc::new(Reserved::new(numbers, lengths, translator.new));
        Ok(Some(Self { sides, reserved, seen, len }))
    }

    /// How many users may be new.
    pub(super) fn new_users(&self) -> u64 {
        self.reserved.users()
    }

    /// The cut: new users have ordinals from `base` on.
    pub(super) fn cut(&mut self, view: View<'_>, base: u64) -> Result<Arc<Reserved>, ReadError> {
        // Before the cut nobody else has it.
        if let Some(reserved) = Arc::get_mut(&mut self.reserved) {
            reserved.fix(view, self.seen, base)?;
        }
        Ok(self.reserved.clone())
    }

    pub(super) fn reserved(&self) -> &Reserved {
        &self.reserved
    }

    /// How many follows there are, whatever is known of them.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Reads them again.
    pub(super) fn lists(&self) -> Result<EdgeLists<'_>, MergeError> {
        EdgeLists::new(&self.sides, &self.reserved)
    }
}

/// The changes that have to be made with a load: of a live follow that it brought too the older
/// slots do not count, and nobody follows whom a block parts them from.
pub(super) fn settle(before: View<'_>, now: View<'_>, ties: &Ties) -> Result<Vec<Change>, ReadError> {
    let mut changes = Vec::new();
    for (follower, followed) in now.active.lists.over_import() {
        let brought = now.lists().is_merged(follower, followed)? && !before.lists().follows(follower, followed)?;
        changes.extend(brought.then_some(Change::Overtake(follower, followed)));
    }
    let ordinal = |id| Ok::<_, ReadError>(now.users().find_in(id, Detail::Core)?.map(|(ordinal, _)| ordinal));
    for (one, other) in ties.parted() {
        if let (Some(one), Some(other)) = (ordinal(one)?, ordinal(other)?)
            && now.lists().follows(one, other)?
        {
            changes.push(Change::Unfollow(one, other));
        }
    }
    Ok(changes)
}

/// Hands over the numbers of all ids, in order.
fn feed(
    parts: Vec<EdgePart>,
    translator: &mut Translator<'_>,
    to: &SyncSender<Vec<u32>>,
    stop: &Stop,
) -> Result<(), MergeError> {
    for part in parts {
        part.read(|ids| {
            stop.check()?;
            let mut numbers = Vec::with_capacity(ids.len());
            translator.translate(ids, &mut numbers)?;
            to.send(numbers).map_err(|_| MergeError::Cancelled)
        })?;
    }
    Ok(())
}

/// Sorts pairs of a follower and who is followed into the lists of both.
fn sort(numbers: Numbers, dir: &Path, blocks: &Receiver<Vec<u32>>) -> io::Result<Both<Side>> {
    let mut sides = Both::of(|_| Side::new(dir));
    for block in blocks {
        for &[follower, followed] in block.as_chunks::<2>().0 {
            sides.following.push(numbers, follower, followed)?;
            sides.followers.push(numbers, followed, follower)?;
        }
    }
    Ok(sides)
}
