//! What readers see: the segments, and over them the changes since.
//!
//! **Active** changes came since the current generation of the log began; **frozen** ones
//! are being merged into new segments and do not change any more. The **run** is what the
//! log held at the start; the first merge takes it in. A read looks in the active ones
//! first, then in the frozen ones, in the run, and in the segments.

use std::borrow::Cow;
use std::iter;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use model::UsernameKey;

use super::codec::{Malformed, Ordinal, Record, TweetRecord, UserRecord};
use super::delta::{Delta, Table};
use super::edges::Reserved;
use super::found::Found;
use super::lists::ListLayers;
use super::run::{Part, Run};
use super::segment::{Place, Segment, Segments};
use super::ties::Ties;
use crate::{Detail, ReadError, Stats};

/// A record as a read found it.
#[derive(Debug, Clone)]
pub(crate) enum Slot<R> {
    /// Nobody has the key.
    Nothing,
    /// A copy of what a change left.
    Changed(R),
    /// As it was merged. The bytes at the place were checked.
    Merged(Place),
}

impl<R: Record> Slot<R> {
    /// Bytes that begin with the head of the record, if there is one.
    #[inline]
    pub(crate) fn head<'a>(&'a self, segment: &'a Segment<R>) -> Option<&'a [u8]> {
        match self {
            Self::Nothing => None,
            Self::Changed(record) => Some(record.as_ref()),
            Self::Merged(place) => Some(segment.head(place)),
        }
    }

    /// The bytes of the record, if there is one.
    #[inline]
    pub(crate) fn bytes<'a>(&'a self, segment: &'a Segment<R>) -> Option<Cow<'a, [u8]>> {
        match self {
            Self::Nothing => None,
            Self::Changed(record) => Some(Cow::Borrowed(record.as_ref())),
            Self::Merged(place) => Some(segment.bytes(place)),
        }
    }

    /// Appends the bytes of the record, if there is one.
    #[inline]
    pub(crate) fn append(&self, segment: &Segment<R>, to: &mut Vec<u8>) {
        match self {
            Self::Nothing => {}
            Self::Changed(record) => to.extend_from_slice(record.as_ref()),
            Self::Merged(place) => segment.append(place, to),
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}

/// One state of the store.
#[derive(Debug)]
pub(super) struct State {
    pub(super) segments: Arc<Segments>,
    pub(super) run: Option<Arc<Run>>,
    pub(super) frozen: Option<Arc<Delta>>,
    pub(super) active: Delta,
    /// What is kept free for a load of follows, while one is on its way.
    pub(super) reserved: Option<Arc<Reserved>>,
    pub(super) ties: Ties,
    pub(super) care: Care,
}

/// What became of the care for the log.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Care {
    pub(super) generation: u64,
    pub(super) merges: u64,
    pub(super) failed_merges: u64,
    /// Nothing more can be written.
    pub(super) stopped: bool,
}

impl State {
    /// What a read looks into.
    pub(super) fn view(&self) -> View<'_> {
        let (run, frozen) = (self.run.as_deref(), self.frozen.as_deref());
        View { segments: &self.segments, run, frozen, active: &self.active, reserved: self.reserved.as_deref() }
    }

    /// Bytes of memory that changes take.
    pub(super) fn delta_bytes(&self) -> usize {
        let run = self.run.as_ref().map_or(0, |run| run.bytes());
        self.active.bytes() + self.frozen.as_ref().map_or(0, |frozen| frozen.bytes()) + run
    }

    /// Rows of the log that are not merged.
    pub(super) fn rows(&self) -> u64 {
        let run = self.run.as_ref().map_or(0, |run| run.rows);
        self.active.rows + self.frozen.as_ref().map_or(0, |frozen| frozen.rows) + run
    }

    /// Bytes of the changes that the next merge takes in, in memory or in the log.
    pub(super) fn bytes_to_merge(&self) -> usize {
        self.active.bytes() + self.run.as_ref().map_or(0, |run| run.log_bytes)
    }

    pub(super) fn stats(&self) -> Stats {
        Stats {
            users: self.view().users().live(),
            tweets: self.view().tweets().live(),
            follows: self.view().lists().live(),
            log_rows: self.rows(),
            delta_bytes: self.delta_bytes() as u64,
            segment_bytes: self.segments.files.iter().map(|(_, file)| file.length).sum(),
            merging: self.frozen.is_some(),
            merges: self.care.merges,
            failed_merges: self.care.failed_merges,
            generation: self.care.generation,
            stopped: self.care.stopped,
            ..Stats::default()
        }
    }
}

/// The layers of a state, of which any may also come from elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) segments: &'a Segments,
    pub(super) run: Option<&'a Run>,
    pub(super) frozen: Option<&'a Delta>,
    pub(super) active: &'a Delta,
    pub(super) reserved: Option<&'a Reserved>,
}

impl<'a> View<'a> {
    pub(super) fn users(self) -> Layers<'a, UserRecord> {
        let (run, frozen) = (self.run.map(|run| &run.users), self.frozen.map(|frozen| &frozen.users));
        Layers { active: &self.active.users, frozen, run, segment: &self.segments.users }
    }

    pub(super) fn lists(self) -> ListLayers<'a> {
        let (run, frozen) = (self.run.map(|run| &run.lists), self.frozen.map(|frozen| &frozen.lists));
        ListLayers { active: &self.active.lists, frozen, run, segment: &self.segments.lists }
    }

    pub(super) fn tweets(self) -> Layers<'a, TweetRecord> {
        let (run, frozen) = (self.run.map(|run| &run.tweets), self.frozen.map(|frozen| &frozen.tweets));
        Layers { active: &self.active.tweets, frozen, run, segment: &self.segments.tweets }
    }

    /// The user who bears a username. Whom an index names may have another one by now.
    pub(super) fn bearer(self, key: &UsernameKey) -> Result<Option<(Ordinal, Slot<UserRecord>)>, ReadError> {
        self.bearer_in(key, Detail::Full)
    }

    fn bearer_in(self, key: &UsernameKey, detail: Detail) -> Result<Option<(Ordinal, Slot<UserRecord>)>, ReadError> {
        let changed = [Some(self.active), self.frozen].into_iter().flatten();
        let changed = changed.filter_map(|delta| delta.bearer(key));
        let changed = changed.chain(self.run.into_iter().flat_map(|run| run.bearers(key))).map(Ok);
        let users = self.users();
        for ordinal in changed.chain(self.segments.users.bearers(key)) {
            let ordinal = ordinal?;
            let slot = users.record_in(ordinal, detail)?;
            let Some(bytes) = slot.head(users.segment) else { continue };
            let borne = UserRecord::username(bytes).map_err(|Malformed| users.segment.unreadable(ordinal))?;
            if borne.as_ref() == Some(key) {
                return Ok(Some((ordinal, slot)));
            }
        }
        Ok(None)
    }

    /// The users who bear these usernames.
    pub(super) fn bearers(self, keys: &[UsernameKey], detail: Detail) -> Result<Found<UserRecord>, ReadError> {
        let users = &self.segments.users;
        let find = |key| self.bearer_in(key, detail);
        match keys {
            [key] => Found::of(detail, 1, iter::once(find(key)), users),
            _ => Found::of(detail, keys.len(), users.near_usernames(keys, detail).map(find), users),
        }
    }
}

/// A kind of record that a state holds.
pub(super) trait Layered: Record {
    fn layers(view: View<'_>) -> Layers<'_, Self>;
    fn segment(segments: &Segments) -> &Segment<Self>;
}

impl Layered for UserRecord {
    fn layers(view: View<'_>) -> Layers<'_, Self> {
        view.users()
    }

    fn segment(segments: &Segments) -> &Segment<Self> {
        &segments.users
    }
}

impl Layered for TweetRecord {
    fn layers(view: View<'_>) -> Layers<'_, Self> {
        view.tweets()
    }

    fn segment(segments: &Segments) -> &Segment<Self> {
        &segments.tweets
    }
}

/// The users, or the posts, of a state.
pub(super) struct Layers<'a, R: Record> {
    active: &'a Table<R>,
    frozen: Option<&'a Table<R>>,
    run: Option<&'a Part<R>>,
    pub(super) segment: &'a Segment<R>,
}

// Derived ones would ask the same of `R`.
impl<R: Record> Clone for Layers<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Record> Copy for Layers<'_, R> {}

impl<'a, R: Record> Layers<'a, R> {
    fn changed(self) -> impl Iterator<Item = &'a Table<R>> {
        [Some(self.active), self.frozen].into_iter().flatten().filter(|table| !table.is_empty())
    }

    /// The record of an ordinal.
    #[inline]
    pub(super) fn record(self, ordinal: Ordinal) -> Result<Slot<R>, ReadError> {
        self.record_in(ordinal, Detail::Full)
    }

    /// As much of the record of an ordinal as `detail` says.
    #[inline]
    fn record_in(self, ordinal: Ordinal, detail: Detail) -> Result<Slot<R>, ReadError> {
        match self.changed().find_map(|table| table.record(ordinal)) {
            Some(record) => Ok(record.cloned().map_or(Slot::Nothing, Slot::Changed)),
            None => match self.in_run(ordinal)? {
                Some(slot) => Ok(slot),
                None => Ok(self.segment.record(ordinal, detail)?.map_or(Slot::Nothing, Slot::Merged)),
            },
        }
    }

    /// What the run says of an ordinal, if it says anything.
    #[inline]
    fn in_run(self, ordinal: Ordinal) -> Result<Option<Slot<R>>, ReadError> {
        let Some(run) = self.run else { return Ok(None) };
        Ok(run.record(ordinal)?.map(|record| record.map_or(Slot::Nothing, Slot::Changed)))
    }

    /// The ordinal and the record of an id.
    #[inline]
    pub(super) fn find(self, id: R::Id) -> Result<Option<(Ordinal, Slot<R>)>, ReadError> {
        self.find_in(id, Detail::Full)
    }

    /// The same with as much of the record as `detail` says.
    #[inline]
    pub(super) fn find_in(self, id: R::Id, detail: Detail) -> Result<Option<(Ordinal, Slot<R>)>, ReadError> {
        if let Some(ordinal) = self.changed().find_map(|table| table.ordinal(id)) {
            let slot = self.record(ordinal)?;
            return Ok(if slot.is_nothing() { None } else { Some((ordinal, slot)) });
        }
        for ordinal in self.run.into_iter().flat_map(|run| run.candidates(id)) {
            let slot = self.record(ordinal)?;
            let Some(bytes) = slot.head(self.segment) else { continue };
            if R::id(bytes).map_err(|Malformed| self.segment.unreadable(ordinal))? == id {
                return Ok(Some((ordinal, slot)));
            }
        }
        let Some((ordinal, place)) = self.segment.find(id, detail)? else { return Ok(None) };
        let slot = self.in_run(ordinal)?.unwrap_or(Slot::Merged(place));
        Ok(if slot.is_nothing() { None } else { Some((ordinal, slot)) })
    }

    /// The id of an ordinal, unless what had it is deleted.
    pub(super) fn id(self, ordinal: Ordinal) -> Result<Option<R::Id>, ReadError> {
        let slot = self.record_in(ordinal, Detail::Core)?;
        let Some(bytes) = slot.head(self.segment) else { return Ok(None) };
        R::id(bytes).map(Some).map_err(|Malformed| self.segment.unreadable(ordinal))
    }

    /// All changed ordinals, in order.
    pub(super) fn changed_ordinals(self) -> Vec<Ordinal> {
        let run = self.run.into_iter().flat_map(Part::ordinals);
        let mut ordinals: Vec<_> = run.chain(self.changed().flat_map(Table::ordinals)).collect();
        ordinals.sort_unstable();
        ordinals.dedup();
        ordinals
    }

    /// The records of many ids, in their order.
    pub(super) fn find_all(self, ids: &[R::Id], detail: Detail) -> Result<Found<R>, ReadError> {
        let find = |id| self.find_in(id, detail);
        match ids {
            [id] => Found::of(detail, 1, iter::once(find(*id)), self.segment),
            _ => Found::of(detail, ids.len(), self.segment.near_ids(ids, detail).map(find), self.segment),
        }
    }

    /// The records of many ordinals, in their order.
    pub(super) fn records(self, ordinals: &[Ordinal], detail: Detail) -> Result<Found<R>, ReadError> {
        let found = self.each(ordinals, detail).map(|found| found.map(Some));
        Found::of(detail, ordinals.len(), found, self.segment)
    }

    /// The same, one after the other.
    pub(super) fn each(
        self,
        ordinals: &[Ordinal],
        detail: Detail,
    ) -> impl Iterator<Item = Result<(Ordinal, Slot<R>), ReadError>> {
        let near = self.segment.near_records(ordinals, detail);
        near.map(move |ordinal| Ok((ordinal, self.record_in(ordinal, detail)?)))
    }

    /// The first ordinal that was never given.
    pub(super) fn next(self) -> u64 {
        self.active.next()
    }

    fn live(self) -> u64 {
        let net = self.active.net() + self.frozen.map_or(0, Table::net) + self.run.map_or(0, Part::net);
        self.segment.live().saturating_add_signed(net)
    }

    /// The records of the next `count` ordinals after one. If there are more ordinals, also
    /// the last of these.
    pub(super) fn page(self, after: Option<u32>, count: usize) -> Result<Page<R>, ReadError> {
        let first = after.map_or(0, |last| u64::from(last) + 1);
        let end = self.next().min(first.saturating_add(count as u64));
        let mut page = Vec::new();
        for ordinal in (first..end).filter_map(|number| u32::try_from(number).ok()).map(Ordinal) {
            let slot = self.record(ordinal)?;
            if !slot.is_nothing() {
                page.push((ordinal, slot));
            }
        }
        let last = if end < self.next() { end.checked_sub(1) } else { None };
        Ok((page, last.and_then(|last| u32::try_from(last).ok())))
    }
}

/// Records, and where to go on.
type Page<R> = (Vec<(Ordinal, Slot<R>)>, Option<u32>);

/// The state that readers and the writer share. A reader holds its guard while it finds
/// records, and the writer while it puts a written group in.
#[derive(Debug)]
pub(super) struct Published {
    state: RwLock<State>,
    writes: AtomicU64,
}

impl Published {
    pub(super) fn new(state: State) -> Self {
        Self { state: RwLock::new(state), writes: AtomicU64::new(0) }
    }

    /// Nothing panics under the lock, so a poisoned one holds a whole state.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number that differs whenever the state may have changed. What was read after one call
    /// holds as long as the next ones say the same.
    pub(super) fn version(&self) -> u64 {
        self.writes.load(Ordering::Acquire)
    }

    /// For the writer thread alone.
    pub(super) fn write(&self) -> RwLockWriteGuard<'_, State> {
        let state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        // Under the lock: whoever reads the new number reads the new state.
        self.writes.fetch_add(1, Ordering::Release);
        state
    }
}
