//! The journal: groups of rows that are durable and that LMDB has not taken in yet.
//!
//! A transaction of LMDB waits for the disk twice, for its pages and for the page that names
//! them. A group of rows alone goes into this file instead, and waits once. LMDB takes in all
//! that waits when the file is full, and with whatever else is written there; then the file
//! begins anew. Which rows LMDB has already is told by the number of its next one.

use std::collections::hash_map::RandomState;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use super::codec::{Change, Row};
use crate::OpenError;
use crate::holes::fill_holes;

/// Bytes of the file, which never change: a sync of blocks that were written before is no
/// change of the file system.
const BYTES: usize = 1 << 20;
/// Frames begin at multiples of this, so that a write that a power cut stops harms no block
/// with what was acknowledged before.
const BLOCK: usize = 4 << 10;
/// A longer group goes to LMDB at once, and not to the disk twice.
const LONGEST: usize = BYTES / 8;

/// A number with which every checksum begins, so that neither what a client lets be stored nor
/// the journal of another directory is taken for a frame. LMDB keeps it, and each start makes
/// another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Salt(pub(super) u64);

impl Salt {
    /// One that nobody knows before.
    pub(super) fn fresh() -> Self {
        Self(RandomState::new().build_hasher().finish())
    }
}

/// The open file. The writer alone has it.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    durable: bool,
    salt: Salt,
    /// Where the next frame goes.
    end: usize,
    waiting: Waiting,
    /// A row, the rows of a group, and the frame around them.
    row: Vec<u8>,
    group: Waiting,
    frame: Vec<u8>,
}

impl Journal {
    /// Makes an empty file, on the disk if that is wanted; its name is for the caller to sync.
    pub(super) fn make(path: &Path, durable: bool) -> io::Result<()> {
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
        file.write_all_at(&vec![0; BYTES], 0)?;
        if durable { file.sync_all() } else { Ok(()) }
    }

    /// Opens a file in which these rows wait. They must be taken in before others are written.
    pub(super) fn open(path: &Path, waiting: Waiting, salt: Salt, durable: bool) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        fill_holes(&file)?;
        Ok(Self { file, durable, salt, end: 0, waiting, row: vec![], group: Waiting::default(), frame: vec![] })
    }

    /// The rows that LMDB has to take in.
    pub(super) fn waiting(&self) -> &Waiting {
        &self.waiting
    }

    /// LMDB has another salt from now on.
    pub(super) fn set_salt(&mut self, salt: Salt) {
        self.salt = salt;
    }

    /// LMDB has all of them, and the disk has LMDB.
    pub(super) fn taken_in(&mut self) {
        self.waiting.clear();
        self.end = 0;
    }

    /// Prepares the rows of a group, whose first is to stand in the place `first`. Whether
    /// there is room for them.
    pub(super) fn prepare(&mut self, first: Row, changes: &[Change]) -> bool {
        self.group.clear();
        for (number, change) in (first.number..).zip(changes) {
            Row { number, ..first }.encode(change, &mut self.row);
            self.group.push(&self.row);
            if self.group.bytes.len() > LONGEST {
                return false;
            }
        }
        seal(self.salt, self.end, first, &self.group, &mut self.frame);
        self.end + self.frame.len() <= BYTES
    }

    /// Writes what was prepared; it is durable when this returns. After an error nobody knows
    /// what the disk has.
    pub(super) fn write(&mut self) -> io::Result<()> {
        self.file.write_all_at(&self.frame, self.end as u64)?;
        if self.durable {
            self.file.sync_data()?;
        }
        self.end += self.frame.len();
        self.waiting.append(&self.group.bytes, self.group.count);
        Ok(())
    }
}

/// Rows in the order of their numbers: each begins with its length (4 bytes), and is then as
/// LMDB has it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Waiting {
    bytes: Vec<u8>,
    count: u64,
}

impl Waiting {
    /// What a killed process left in the file, of which LMDB has the salt and would write `next` next.
    ///
    /// # Errors
    /// [`OpenError::Damaged`], or [`OpenError::DamagedRow`] if a row cannot be read and a later
    /// one can. A damaged last frame looks like a write that was stopped.
    pub(super) fn left_in(path: &Path, salt: Salt, next: Row) -> Result<Self, OpenError> {
        let damaged = |reason: &str| OpenError::Damaged { file: path.to_owned(), reason: reason.to_owned() };
        // Anything else than a file could keep a reader waiting for ever.
        if fs::metadata(path).is_ok_and(|about| !about.is_file()) {
            return Err(damaged("it is no file"));
        }
        let file = match fs::read(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(damaged("it is missing")),
            Err(error) => return Err(OpenError::from_io(path, error)),
        };
        if file.len() != BYTES {
            return Err(damaged("it has not the length that it had"));
        }
        let (mut left, mut at, mut row) = (Self::default(), 0, next.number);
        while let Some(frame) = Frame::at(&file, salt, at).filter(|frame| frame.first.number == row) {
            if frame.first.generation != next.generation {
                return Err(damaged("it belongs to another log"));
            }
            left.append(frame.rows, frame.count);
            row = frame.end();
            at += frame.blocks();
        }
        // Behind these stands what LMDB took in before, which has lower numbers.
        let mut behind = (at..BYTES).step_by(BLOCK).filter_map(|at| Frame::at(&file, salt, at));
        if behind.any(|frame| frame.end() > row) {
            return Err(OpenError::DamagedRow { file: path.to_owned(), row, reason: "it is missing" });
        }
        Ok(left)
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Bytes that they take.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Each of them.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.bytes.as_slice();
        std::iter::from_fn(move || {
            let (length, behind) = rest.split_first_chunk::<4>()?;
            let (row, behind) = behind.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            rest = behind;
            Some(row)
        })
    }

    fn push(&mut self, row: &[u8]) {
        self.bytes.extend_from_slice(&(row.len() as u32).to_le_bytes());
        self.append(row, 1);
    }

    fn append(&mut self, bytes: &[u8], count: u64) {
        self.bytes.extend_from_slice(bytes);
        self.count += count;
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.count = 0;
    }
}

/// What stands before the rows of a group: a CRC-32C of all that follows (4 bytes), which
/// begins with the salt and the place in the file, and the bytes of the rows (4), their generation, the
/// number of the first, and how many they are (8 each).
const HEAD: usize = 32;

/// Writes the stored form of a group into `out`, whose content is dropped. It fills blocks.
fn seal(salt: Salt, at: usize, first: Row, group: &Waiting, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&(group.bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(&first.generation.to_le_bytes());
    out.extend_from_slice(&first.number.to_le_bytes());
    out.extend_from_slice(&group.count.to_le_bytes());
    out.extend_from_slice(&group.bytes);
    if let Some((checksum, body)) = out.split_first_chunk_mut::<4>() {
        *checksum = checksum_of(salt, at, body).to_le_bytes();
    }
    out.resize(out.len().next_multiple_of(BLOCK), 0);
}

fn checksum_of(Salt(salt): Salt, at: usize, body: &[u8]) -> u32 {
    let place = crc32c::crc32c_append(crc32c::crc32c(&salt.to_le_bytes()), &(at as u64).to_le_bytes());
    crc32c::crc32c_append(place, body)
}

/// A group as it stands in the file.
#[derive(Debug)]
struct Frame<'a> {
    /// Of the first row.
    first: Row,
    count: u64,
    rows: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The one at this place, if it is whole.
    fn at(file: &'a [u8], salt: Salt, at: usize) -> Option<Self> {
        let (checksum, body) = file.get(at..)?.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*body.first_chunk()?) as usize;
        let body = body.get(..(HEAD - 4).checked_add(length)?)?;
        if u32::from_le_bytes(*checksum) != checksum_of(salt, at, body) {
            return None;
        }
        let (_, rest) = body.split_first_chunk::<4>()?;
        let (generation, rest) = rest.split_first_chunk()?;
        let (number, rest) = rest.split_first_chunk()?;
        let (count, rows) = rest.split_first_chunk()?;
        let first = Row { generation: u64::from_le_bytes(*generation), number: u64::from_le_bytes(*number) };
        Some(Self { first, count: u64::from_le_bytes(*count), rows })
    }

    /// The number of the row behind it.
    fn end(&self) -> u64 {
        self.first.number.saturating_add(self.count)
    }

    /// Bytes that it takes of the file.
    fn blocks(&self) -> usize {
        (HEAD + self.rows.len()).next_multiple_of(BLOCK)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::*;
    use crate::embedded::codec::Ordinal;

    const SALT: Salt = Salt(77);
    const FIRST: Row = Row { generation: 3, number: 1_000 };

    fn empty() -> (TempDir, PathBuf, Journal) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        Journal::make(&path, false).unwrap();
        let journal = Journal::open(&path, Waiting::default(), SALT, false).unwrap();
        (dir, path, journal)
    }

    /// So many rows, the first of which has this number.
    fn changes(first: u64, count: u64) -> Vec<Change> {
        (first..first + count).map(|number| Change::Unfollow(Ordinal(number as u32), Ordinal(7))).collect()
    }

    /// Writes groups of these sizes from a row on, and gives the number of the next one.
    fn write(journal: &mut Journal, first: u64, groups: &[u64]) -> u64 {
        groups.iter().fold(first, |number, &count| {
            assert!(journal.prepare(Row { number, ..FIRST }, &changes(number, count)));
            journal.write().unwrap();
            number + count
        })
    }

    fn left(path: &Path, number: u64) -> Result<Waiting, OpenError> {
        Waiting::left_in(path, SALT, Row { number, ..FIRST })
    }

    fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = fs::read(path).unwrap();
        change(&mut bytes);
        fs::write(path, bytes).unwrap();
    }

    proptest! {
        #[test]
        fn what_was_written_is_what_a_kill_leaves(
            before in prop::collection::vec(1..400_u64, 0..8),
            groups in prop::collection::vec(1..400_u64, 0..8),
        ) {
            let (_dir, path, mut journal) = empty();
            let number = write(&mut journal, FIRST.number, &before);
            prop_assert_eq!(&left(&path, FIRST.number).unwrap(), journal.waiting());
            journal.taken_in();
            prop_assert_eq!(left(&path, number).unwrap(), Waiting::default());
            let end = write(&mut journal, number, &groups);
            let left = left(&path, number).unwrap();
            prop_assert_eq!(&left, journal.waiting());
            let rows: Vec<_> = (number..).zip(left.rows()).collect();
            prop_assert_eq!(rows.len() as u64, end - number);
            for ((number, row), change) in rows.into_iter().zip(changes(number, end - number)) {
                let stored = Row { number, ..FIRST }.check(row).unwrap().change().unwrap();
                prop_assert_eq!(stored, change);
            }
        }

        #[test]
        fn a_flipped_bit_costs_no_row_but_those_of_the_last_group(
            groups in prop::collection::vec(1..200_u64, 1..6),
            at in any::<prop::sample::Index>(),
        ) {
            let (_dir, path, mut journal) = empty();
            write(&mut journal, FIRST.number, &groups);
            let (end, whole) = (journal.end, journal.waiting().count());
            change(&path, |bytes| bytes[at.index(end)] ^= 1);
            match left(&path, FIRST.number) {
                Ok(left) => prop_assert!(left.count() == whole || left.count() == whole - groups.last().unwrap()),
                Err(error) => prop_assert!(matches!(error, OpenError::DamagedRow { .. }), "{}", error),
            }
        }
    }

    #[test]
    fn a_write_that_was_stopped_leaves_what_was_there_before() {
        let (_dir, path, mut journal) = empty();
        write(&mut journal, FIRST.number, &[3, 2]);
        let begin = journal.end;
        write(&mut journal, FIRST.number + 5, &[900]);
        for cut in [begin, begin + 1, begin + BLOCK, journal.end - BLOCK] {
            let whole = fs::read(&path).unwrap();
            change(&path, |bytes| bytes[cut..].fill(0));
            assert_eq!(left(&path, FIRST.number).unwrap().count(), 5);
            fs::write(&path, whole).unwrap();
        }
    }

    #[test]
    fn a_file_that_goes_with_another_log_is_refused() {
        let (_dir, path, mut journal) = empty();
        write(&mut journal, FIRST.number, &[3]);
        let next = Row { generation: 4, ..FIRST };
        assert!(matches!(Waiting::left_in(&path, SALT, next), Err(OpenError::Damaged { .. })));
        // Rows before these are missing, or only some of these were taken in.
        for number in [FIRST.number - 1, FIRST.number + 1] {
            assert!(matches!(left(&path, number), Err(OpenError::DamagedRow { .. })));
        }
        change(&path, |bytes| bytes.truncate(BYTES / 2));
        assert!(matches!(left(&path, FIRST.number), Err(OpenError::Damaged { .. })));
        fs::remove_file(&path).unwrap();
        assert!(matches!(left(&path, FIRST.number), Err(OpenError::Damaged { .. })));
        fs::create_dir(&path).unwrap();
        assert!(matches!(left(&path, FIRST.number), Err(OpenError::Damaged { .. })));
    }

    #[test]
    fn nothing_is_taken_from_a_file_with_another_salt() {
        let (_dir, path, mut journal) = empty();
        write(&mut journal, FIRST.number, &[3]);
        assert_eq!(Waiting::left_in(&path, Salt(78), FIRST).unwrap(), Waiting::default());
        assert_ne!(Salt::fresh(), Salt::fresh());
    }

    #[test]
    fn a_full_file_and_a_long_group_are_refused() {
        let (_dir, _path, mut journal) = empty();
        let long = changes(FIRST.number, (LONGEST / 16) as u64);
        assert!(!journal.prepare(FIRST, &long));
        let blocks = (BYTES / BLOCK) as u64;
        let number = write(&mut journal, FIRST.number, &vec![1; blocks as usize]);
        let next = Row { number, ..FIRST };
        assert!(!journal.prepare(next, &changes(number, 1)));
        journal.taken_in();
        assert!(journal.prepare(next, &changes(number, 1)));
    }

    #[test]
    fn no_empty_block_is_a_group() {
        let file = vec![0; BYTES];
        assert!((0..BYTES).step_by(BLOCK).all(|at| Frame::at(&file, SALT, at).is_none()));
    }
}
