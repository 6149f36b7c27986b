//! Search of users by the beginning of a username or a name.
//!
//! Changed users are looked through one by one, the newest layer first, and merged ones are
//! found by their order. All layers but the active one are immutable, so that the writer waits
//! for the active one alone.

use std::collections::{BTreeMap, HashSet};

use foldhash::fast::RandomState;

use super::Embedded;
use super::codec::{Malformed, OrderKey, Ordinal, UserRecord};
use super::delta::Table;
use super::found::Found;
use super::run::Part;
use super::segment::Segment;
use super::state::Slot;
use crate::search::{FoundUsers, SearchBy, SearchCursor};
use crate::{Detail, ReadError, UserBatch};

/// A search on its way.
struct Search<'a> {
    by: SearchBy,
    prefix: &'a str,
    /// The order begins here.
    start: SearchCursor,
    after: Option<SearchCursor>,
    /// One more than the page has, to know whether there is another.
    most: usize,
    /// The first of those that were found.
    found: BTreeMap<SearchCursor, Slot<UserRecord>>,
    /// Who changed: what older layers say of them does not count.
    changed: HashSet<Ordinal, RandomState>,
}

impl Embedded {
    pub(crate) fn search_users(
        &self,
        by: SearchBy,
        prefix: &str,
        after: Option<SearchCursor>,
        limit: usize,
    ) -> Result<FoundUsers, ReadError> {
        let prefix = by.prefix(prefix);
        let first = SearchCursor { key: OrderKey::of(&prefix), ordinal: Ordinal(0) };
        let start = after.map_or(first, |after| after.max(first));
        let (found, changed) = (BTreeMap::new(), HashSet::default());
        let mut search = Search { by, prefix: &prefix, start, after, most: limit.saturating_add(1), found, changed };
        let state = self.0.published.read();
        let (segments, run, frozen) = (state.segments.clone(), state.run.clone(), state.frozen.clone());
        search.in_table(&state.active.users, &segments.users)?;
        drop(state);
        if let Some(frozen) = frozen {
            search.in_table(&frozen.users, &segments.users)?;
        }
        if let Some(run) = run {
            search.in_run(&run.users, &segments.users)?;
        }
        search.in_segment(&segments.users)?;
        search.page(limit, &segments.users)
    }
}

impl Search<'_> {
    fn in_table(&mut self, table: &Table<UserRecord>, segment: &Segment<UserRecord>) -> Result<(), ReadError> {
        for (ordinal, record) in table.live() {
            if !self.changed.contains(&ordinal)
                && let Some(cursor) = self.place(ordinal, record.as_bytes(), segment)?
            {
                self.take(cursor, Slot::Changed(record.clone()));
            }
        }
        self.changed.extend(table.ordinals());
        Ok(())
    }

    fn in_run(&mut self, run: &Part<UserRecord>, segment: &Segment<UserRecord>) -> Result<(), ReadError> {
        for ordinal in run.ordinals() {
            if self.changed.insert(ordinal)
                && let Some(Some(record)) = run.record(ordinal)?
                && let Some(cursor) = self.place(ordinal, record.as_bytes(), segment)?
            {
                self.take(cursor, Slot::Changed(record));
            }
        }
        Ok(())
    }

    fn in_segment(&mut self, segment: &Segment<UserRecord>) -> Result<(), ReadError> {
        let Some(order) = segment.order(self.by) else {
            // Until the first merge of a directory that has no order yet.
            for ordinal in (0..segment.next()).filter_map(|number| u32::try_from(number).ok()).map(Ordinal) {
                self.merged(ordinal, segment)?;
            }
            return Ok(());
        };
        let first = order.partition_point(|ordinal| {
            let Some(bytes) = head(ordinal, segment)? else { return Ok(false) };
            Ok(SearchCursor { key: OrderKey::of(&self.text(ordinal, bytes, segment)?), ordinal } < self.start)
        })?;
        let mut taken = 0;
        for ordinal in order.from(first) {
            match self.merged(ordinal?, segment)? {
                Some(true) => taken += 1,
                Some(false) => {}
                None => break,
            }
            if taken >= self.most {
                break;
            }
        }
        Ok(())
    }

    /// Whether a merged user was found; `None` if the order goes beyond the prefix there.
    fn merged(&mut self, ordinal: Ordinal, segment: &Segment<UserRecord>) -> Result<Option<bool>, ReadError> {
        if self.changed.contains(&ordinal) {
            return Ok(Some(false));
        }
        let Some(bytes) = head(ordinal, segment)? else { return Ok(Some(false)) };
        if let Some(cursor) = self.place(ordinal, bytes, segment)? {
            let place = segment.record(ordinal, Detail::Full)?;
            self.take(cursor, place.map_or(Slot::Nothing, Slot::Merged));
            return Ok(Some(true));
        }
        let key = OrderKey::of(&self.text(ordinal, bytes, segment)?);
        let begins = key.as_bytes().iter().zip(self.prefix.as_bytes()).all(|(here, wanted)| here == wanted);
        Ok(begins.then_some(false))
    }

    /// Where a user stands in the order, if it is one of those looked for.
    fn place(
        &self,
        ordinal: Ordinal,
        bytes: &[u8],
        segment: &Segment<UserRecord>,
    ) -> Result<Option<SearchCursor>, ReadError> {
        let text = self.text(ordinal, bytes, segment)?;
        let cursor = SearchCursor { key: OrderKey::of(&text), ordinal };
        Ok((text.starts_with(self.prefix) && self.after.is_none_or(|after| cursor > after)).then_some(cursor))
    }

    fn text(&self, ordinal: Ordinal, bytes: &[u8], segment: &Segment<UserRecord>) -> Result<String, ReadError> {
        UserRecord::searched(bytes, self.by).map_err(|Malformed| segment.unreadable(ordinal))
    }

    fn take(&mut self, cursor: SearchCursor, slot: Slot<UserRecord>) {
        self.found.insert(cursor, slot);
        if self.found.len() > self.most {
            self.found.pop_last();
        }
    }

    fn page(self, limit: usize, segment: &Segment<UserRecord>) -> Result<FoundUsers, ReadError> {
        let has_more = self.found.len() > limit;
        let last = limit.checked_sub(1).and_then(|last| self.found.keys().nth(last).copied());
        let slots = self.found.into_iter().take(limit).map(|(cursor, slot)| Ok(Some((cursor.ordinal, slot))));
        let users = UserBatch::new(Found::of(Detail::Full, limit.min(1024), slots, segment)?, Detail::Full);
        Ok(FoundUsers { users, next: last.filter(|_| has_more) })
    }
}

fn head(ordinal: Ordinal, segment: &Segment<UserRecord>) -> Result<Option<&[u8]>, ReadError> {
    Ok(segment.record(ordinal, Detail::Core)?.map(|place| segment.head(&place)))
}
