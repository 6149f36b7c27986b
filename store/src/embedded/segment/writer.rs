//! Writes the files of a segment from records in the order of their ordinals.

use std::io;
use std::path::{Path, PathBuf};

use super::file::{FileKind, FileRef};
use super::records::RecordsWriter;
use super::sorter::{Entry, Sorter};
use super::{hash, index};
use crate::embedded::codec::{Ordinal, Record};

/// Which indexes do not agree any more with the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stale {
    /// There are new ids.
    pub(crate) ids: bool,
    /// There are new usernames.
    pub(crate) usernames: bool,
}

/// Files of a segment on their way.
pub(crate) struct SegmentWriter<R> {
    dir: PathBuf,
    number: u64,
    records: RecordsWriter,
    next: u32,
    ids: Option<Sorter>,
    usernames: Option<Sorter>,
    record: std::marker::PhantomData<R>,
}

impl<R: Record> SegmentWriter<R> {
    /// Begins files with `number`; indexes are written only if they are `stale`.
    pub(crate) fn create(dir: &Path, number: u64, stale: Stale) -> io::Result<Self> {
        let [records, offsets, _] = R::FILES;
        Ok(Self {
            dir: dir.to_owned(),
            number,
            records: RecordsWriter::create(dir, [records, offsets], number)?,
            next: 0,
            ids: stale.ids.then(|| Sorter::new(dir)),
            usernames: (stale.usernames && R::USERNAMES.is_some()).then(|| Sorter::new(dir)),
            record: std::marker::PhantomData,
        })
    }

    /// The next ordinal has this record, or none.
    pub(crate) fn push(&mut self, record: Option<&[u8]>) -> io::Result<()> {
        self.records.push(record)?;
        let ordinal = Ordinal(self.next);
        self.next = self.next.checked_add(1).ok_or_else(|| io::Error::other("no ordinals are left"))?;
        let Some(record) = record else { return Ok(()) };
        let malformed = |_| io::Error::from(io::ErrorKind::InvalidData);
        if let Some(ids) = &mut self.ids {
            let hash = hash::of_id(R::number(R::id(record).map_err(malformed)?));
            ids.push(Entry { hash, ordinal })?;
        }
        if let Some(usernames) = &mut self.usernames
            && let Some(key) = R::username(record).map_err(malformed)?
        {
            usernames.push(Entry { hash: hash::of_username(&key), ordinal })?;
        }
        Ok(())
    }

    /// Waits until all of it is on the disk, and says what was written.
    pub(crate) fn finish(self) -> io::Result<Vec<(FileKind, FileRef)>> {
        let [records, offsets, ids] = R::FILES;
        let [records_file, offsets_file] = self.records.finish()?;
        let mut written = vec![(records, records_file), (offsets, offsets_file)];
        let indexes = [(Some(ids), self.ids), (R::USERNAMES, self.usernames)];
        for (kind, entries) in indexes.into_iter().filter_map(|(kind, entries)| Some((kind?, entries?))) {
            written.push((kind, index::write(&self.dir, kind, self.number, entries)?));
        }
        Ok(written)
    }
}
