//! Writes the files of a segment from records in the order of their ordinals.

use std::io;

use super::file::{Destination, FileKind, FileRef};
use super::records::RecordsWriter;
use super::sorter::{Entry, Sorter};
use super::{hash, index, order};
use crate::embedded::codec::{OrderKey, Ordinal, Record};

/// Which indexes do not agree any more with the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stale {
    /// There are new ids.
    pub(crate) ids: bool,
    /// There are new usernames.
    pub(crate) usernames: bool,
    /// There are new usernames or names.
    pub(crate) orders: bool,
}

impl Stale {
    pub(crate) const ALL: Self = Self { ids: true, usernames: true, orders: true };
}

/// What was written.
pub(crate) struct Written {
    pub(crate) files: Vec<(FileKind, FileRef)>,
    /// Ordinals whose usernames have one hash: after an import, those with one name.
    pub(crate) equal_usernames: Vec<Vec<Ordinal>>,
}

/// Files of a segment on their way.
pub(crate) struct SegmentWriter<R> {
    to: Destination,
    records: RecordsWriter,
    next: u32,
    ids: Option<Sorter>,
    usernames: Option<Sorter>,
    orders: Option<[Sorter<OrderKey>; 2]>,
    record: std::marker::PhantomData<R>,
}

impl<R: Record> SegmentWriter<R> {
    /// Begins files; indexes are written only if they are `stale`.
    pub(crate) fn create(to: &Destination, stale: Stale) -> io::Result<Self> {
        let [records, places, _] = R::FILES;
        Ok(Self {
            to: to.clone(),
            records: RecordsWriter::create(to, [records, places])?,
            next: 0,
            ids: stale.ids.then(|| Sorter::new(&to.dir)),
            usernames: (stale.usernames && R::USERNAMES.is_some()).then(|| Sorter::new(&to.dir)),
            orders: (stale.orders && R::ORDERS.is_some()).then(|| [Sorter::new(&to.dir), Sorter::new(&to.dir)]),
            record: std::marker::PhantomData,
        })
    }

    /// The next ordinal.
    pub(crate) fn next(&self) -> u32 {
        self.next
    }

    /// The next ordinal has this record, or none.
    pub(crate) fn push(&mut self, record: Option<&[u8]>) -> io::Result<()> {
        let malformed = |_| io::Error::from(io::ErrorKind::InvalidData);
        let record = record.map(R::renewed).transpose().map_err(malformed)?;
        let record = record.as_deref();
        self.records.push::<R>(record)?;
        let ordinal = Ordinal(self.next);
        self.next = self.next.checked_add(1).ok_or_else(|| io::Error::other("no ordinals are left"))?;
        let Some(record) = record else { return Ok(()) };
        if let Some(ids) = &mut self.ids {
            let hash = hash::of_id(R::number(R::id(record).map_err(malformed)?));
            ids.push(Entry { key: hash, ordinal })?;
        }
        if let Some(usernames) = &mut self.usernames
            && let Some(key) = R::username(record).map_err(malformed)?
        {
            usernames.push(Entry { key: hash::of_username(&key), ordinal })?;
        }
        if let Some(orders) = &mut self.orders
            && let Some(keys) = R::order_keys(record).map_err(malformed)?
        {
            orders.iter_mut().zip(keys).try_for_each(|(order, key)| order.push(Entry { key, ordinal }))?;
        }
        Ok(())
    }

    /// Waits until all of it is on the disk, and says what was written. `indexed` is called after
    /// each index.
    pub(crate) fn finish(self, indexed: &dyn Fn()) -> io::Result<Written> {
        let [records, places, ids] = R::FILES;
        let [records_file, places_file] = self.records.finish()?;
        let mut files = vec![(records, records_file), (places, places_file)];
        let mut equal_usernames = Vec::new();
        let indexes = [(Some(ids), self.ids), (R::USERNAMES, self.usernames)];
        for (kind, entries) in indexes.into_iter().filter_map(|(kind, entries)| Some((kind?, entries?))) {
            let (file, equal) = index::write(&self.to, kind, entries)?;
            files.push((kind, file));
            indexed();
            if Some(kind) == R::USERNAMES {
                equal_usernames = equal;
            }
        }
        for (kind, entries) in R::ORDERS.into_iter().flatten().zip(self.orders.into_iter().flatten()) {
            files.push((kind, order::write(&self.to, kind, entries, self.next)?));
            indexed();
        }
        Ok(Written { files, equal_usernames })
    }
}
