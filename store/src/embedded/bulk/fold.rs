//! What the facts of a large import make of what is known, key by key.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use model::Conflict;

use super::fact::{Done, Fold, FoldError, Outcome};
use super::sorted::Sorted;
use super::spool::Spool;
use crate::ChangeError;
use crate::embedded::codec::Ordinal;
use crate::embedded::merge::MergeError;
use crate::embedded::state::Layers;

/// How facts are folded.
pub(in crate::embedded) struct Rules<'a> {
    pub(in crate::embedded) conflict: Conflict,
    /// Where there is room for what has to be sorted once more.
    pub(in crate::embedded) dir: &'a Path,
    /// Whether there is a reason to.
    pub(in crate::embedded) go_on: &'a dyn Fn() -> Result<(), MergeError>,
}

/// Folds all facts. Records of keys that are known go to the spool that this returns, by
/// their ordinal; those of others, in the order of their keys, to `fresh`.
pub(in crate::embedded) fn fold_into<R: Fold>(
    layers: Layers<'_, R>,
    spools: Vec<Spool>,
    rules: &Rules<'_>,
    done: &mut Done,
    mut fresh: impl FnMut(&[u8]) -> io::Result<()>,
) -> Result<Sorted, MergeError> {
    let mut sorted = Sorted::new(spools)?;
    let mut changed = Spool::new(rules.dir, 1);
    let mut fact = Vec::new();
    while let Some(key) = sorted.peek() {
        (rules.go_on)()?;
        let found = layers.find(R::from_number(key))?;
        let known = found.as_ref().and_then(|(_, slot)| slot.bytes(layers.segment));
        let ordinal = found.as_ref().map(|(ordinal, _)| *ordinal);
        let mut facts = Facts { sorted: &mut sorted, key, fact: &mut fact };
        let outcome = R::fold(known.as_deref(), &mut facts, rules.conflict, done).map_err(|error| match error {
            FoldError::Malformed => layers.segment.unreadable(ordinal.unwrap_or(Ordinal(0))).into(),
            FoldError::Change(error) => MergeError::Refused(error),
            FoldError::Disk(error) => MergeError::Disk(error),
        })?;
        if let Some(ordinal) = ordinal.filter(|_| std::mem::take(&mut done.counts)) {
            done.counted.insert(ordinal);
        }
        match (outcome, ordinal) {
            (Outcome::Unchanged, _) | (Outcome::Gone, None) => {}
            (Outcome::Is(record), None) => fresh(&record)?,
            (Outcome::Is(record), Some(Ordinal(ordinal))) => changed.push(ordinal.into(), 0, &[&[IS], &record])?,
            (Outcome::Gone, Some(Ordinal(ordinal))) => changed.push(ordinal.into(), 0, &[&[GONE]])?,
        }
    }
    Ok(Sorted::new(vec![changed])?)
}

/// The facts of one key in their order, however many there are.
pub(in crate::embedded) struct Facts<'a> {
    sorted: &'a mut Sorted,
    pub(super) key: u64,
    fact: &'a mut Vec<u8>,
}

impl Facts<'_> {
    /// Puts the next into [`Self::fact`], and says whether there was one.
    pub(super) fn advance(&mut self) -> io::Result<bool> {
        let is_there = !self.is_at_end();
        if is_there {
            self.sorted.next(self.fact)?;
        }
        Ok(is_there)
    }

    /// Whether no more will come.
    pub(super) fn is_at_end(&self) -> bool {
        self.sorted.peek() != Some(self.key)
    }

    /// The one that came last.
    pub(super) fn fact(&self) -> &[u8] {
        self.fact
    }
}

const IS: u8 = 1;
const GONE: u8 = 0;

/// The record in a changed entry; `None` for one that is gone.
pub(in crate::embedded) fn changed_record(entry: &[u8]) -> Option<&[u8]> {
    entry.split_first().filter(|(kind, _)| **kind == IS).map(|(_, record)| record)
}

/// Records of new keys that wait until those of known ones are written.
pub(in crate::embedded) struct Fresh {
    out: BufWriter<File>,
}

impl Fresh {
    pub(in crate::embedded) fn new(dir: &Path) -> io::Result<Self> {
        Ok(Self { out: BufWriter::with_capacity(1 << 20, tempfile::tempfile_in(dir)?) })
    }

    pub(in crate::embedded) fn push(&mut self, record: &[u8]) -> io::Result<()> {
        self.out.write_all(&u32::try_from(record.len()).map_err(io::Error::other)?.to_le_bytes())?;
        self.out.write_all(record)
    }

    /// Gives all of them to `each`, in order.
    pub(in crate::embedded) fn read(
        self,
        mut each: impl FnMut(&[u8]) -> Result<(), MergeError>,
    ) -> Result<(), MergeError> {
        let mut file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        let mut left = file.stream_position()?;
        file.seek(SeekFrom::Start(0))?;
        let mut file = BufReader::with_capacity(1 << 20, file);
        let (mut len, mut record) = ([0; 4], Vec::new());
        while left > 0 {
            file.read_exact(&mut len)?;
            record.resize(u32::from_le_bytes(len) as usize, 0);
            file.read_exact(&mut record)?;
            each(&record)?;
            left = left.saturating_sub(4 + record.len() as u64);
        }
        Ok(())
    }
}

impl From<ChangeError> for MergeError {
    fn from(error: ChangeError) -> Self {
        Self::Refused(error)
    }
}
