//! One file of a segment: written once, never changed, read through a map.
//!
//! It begins with a line that says what it is. What follows are checked units: lines of
//! 64 bytes, or records of any length. The checksum of a unit is seeded with the file and
//! the place in it, so that a right unit in the wrong place is caught too.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::ops::Range;
use std::os::unix::fs::{FileExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use memmap2::Mmap;

use super::behind::WriteBehind;
use crate::embedded::bus_error;
use crate::unsafe_io::{checksum, fetch, map_file};
use crate::{Detail, OpenError, ReadError};

/// What a file holds. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum FileKind {
    UserRecords = 0,
    UserOffsets = 1,
    UserIds = 2,
    Usernames = 3,
    TweetRecords = 4,
    TweetOffsets = 5,
    TweetIds = 6,
    Following = 7,
    Followers = 8,
    FollowingLive = 9,
    FollowersLive = 10,
    ListDirectory = 11,
    ListExceptions = 12,
    UsernameOrder = 13,
    NameOrder = 14,
    UserHeads = 15,
}

impl FileKind {
    /// How many kinds there are.
    pub(crate) const COUNT: usize = 16;

    /// Every kind, by its number, and how its files are called.
    pub(crate) const ALL: [(Self, &'static str); Self::COUNT] = [
        (Self::UserRecords, "user-records"),
        (Self::UserOffsets, "user-offsets"),
        (Self::UserIds, "user-ids"),
        (Self::Usernames, "usernames"),
        (Self::TweetRecords, "tweet-records"),
        (Self::TweetOffsets, "tweet-offsets"),
        (Self::TweetIds, "tweet-ids"),
        (Self::Following, "following"),
        (Self::Followers, "followers"),
        (Self::FollowingLive, "following-live"),
        (Self::FollowersLive, "followers-live"),
        (Self::ListDirectory, "list-directory"),
        (Self::ListExceptions, "list-exceptions"),
        (Self::UsernameOrder, "username-order"),
        (Self::NameOrder, "name-order"),
        (Self::UserHeads, "user-heads"),
    ];

    /// The path of a file in the directory of segments.
    pub(crate) fn path(self, dir: &Path, number: u64) -> PathBuf {
        let name = Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name);
        dir.join(format!("{name}-{number}"))
    }
}

/// A file as the manifest names it. Numbers are never given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileRef {
    pub(crate) number: u64,
    pub(crate) length: u64,
}

/// Bytes of a checksum.
pub(super) const CHECKSUM: usize = 4;
/// A line, its checksum included.
pub(super) const LINE: usize = 64;
/// What a line holds beside its checksum.
pub(super) const BODY: usize = 60;

/// How the records of a file are checked, by the second number that its first line says.
pub(super) mod layout {
    /// Each by one checksum, as format 2 had it.
    pub(in super::super) const WHOLE: u64 = 0;
    /// Its head by one and its rest by another, both in front of it.
    pub(in super::super) const IN_TWO: u64 = 1;
}

const MAGIC: &[u8; 8] = b"birdbox\n";
/// The place of the first line, by which its checksum is seeded.
const HEADER: u64 = u64::MAX;

/// An open file.
#[derive(Debug)]
pub(crate) struct SegmentFile {
    map: Mmap,
    name: Arc<Name>,
    identity: (FileKind, u64),
    seed: u32,
    count: u64,
    detail: u64,
}

/// The name of a file in its directory, which all share that have the file open.
#[derive(Debug)]
struct Name {
    path: PathBuf,
    retired: AtomicBool,
}

impl Drop for Name {
    fn drop(&mut self) {
        if *self.retired.get_mut() {
            // What cannot be removed now is removed at the next start.
            _ = fs::remove_file(&self.path);
        }
    }
}

impl SegmentFile {
    /// Opens the file that the manifest names, if it is that one.
    pub(super) fn open(dir: &Path, kind: FileKind, file: FileRef) -> Result<Self, OpenError> {
        let path = kind.path(dir, file.number);
        let damaged = |reason: &str| OpenError::Damaged { file: path.clone(), reason: reason.to_owned() };
        let handle = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(damaged("it is missing")),
            other => other.map_err(|error| OpenError::from_io(&path, error))?,
        };
        let length = handle.metadata().map_err(|error| OpenError::from_io(&path, error))?.len();
        if length != file.length {
            return Err(damaged(&format!("it has {length} bytes and should have {}", file.length)));
        }
        let map = map_file(&handle).map_err(|error| OpenError::from_io(&path, error))?;
        let seed = seed(kind, file.number);
        let numbers = map.get(..LINE).and_then(|line| read_header(seed, kind, file.number, line));
        let [count, detail] = numbers.ok_or_else(|| damaged("its first line is not what was written"))?;
        bus_error::know(&map, &path);
        let name = Arc::new(Name { path, retired: AtomicBool::new(false) });
        Ok(Self { map, name, identity: (kind, file.number), seed, count, detail })
    }

    /// Its kind and its number.
    pub(crate) fn identity(&self) -> (FileKind, u64) {
        self.identity
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.name.path
    }

    /// What its first line counts.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// What it says beside that; 0 in kinds that say nothing more.
    pub(super) fn detail(&self) -> u64 {
        self.detail
    }

    /// How many lines follow the first.
    pub(super) fn lines(&self) -> u64 {
        (self.map.len() / LINE) as u64 - 1
    }

    /// A line, checked.
    #[inline]
    pub(super) fn line(&self, number: u64) -> Result<&[u8; BODY], ReadError> {
        self.line_unchecked(number)
            .filter(|(body, stored)| checksum(self.seed, number, *body) == u32::from_le_bytes(**stored))
            .map(|(body, _)| body)
            .ok_or_else(|| self.damaged(&format!("line {number}")))
    }

    /// A line as it is, for guesses that [`Self::line`] confirms later.
    #[inline]
    pub(super) fn line_unchecked(&self, number: u64) -> Option<(&[u8; BODY], &[u8; 4])> {
        let begin = usize::try_from(number).ok()?.checked_add(1)?.checked_mul(LINE)?;
        let (body, rest) = self.map.get(begin..)?.split_first_chunk::<BODY>()?;
        Some((body, rest.first_chunk()?))
    }

    /// Announces a line that will be read.
    #[inline]
    pub(super) fn fetch_line(&self, number: u64) {
        if let Some((body, _)) = self.line_unchecked(number) {
            fetch(body);
        }
    }

    /// Announces bytes that will be read.
    #[inline]
    pub(super) fn fetch(&self, range: Range<usize>) {
        let bytes = self.bytes(range);
        bytes.chunks(LINE).for_each(fetch);
        if let Some(last) = bytes.len().checked_sub(1) {
            fetch(bytes.get(last..).unwrap_or_default());
        }
    }

    /// Where the bytes of a record are, which was checked. `place` begins with its checksum.
    #[inline]
    pub(super) fn find_record(&self, number: u64, place: Range<usize>) -> Result<Range<usize>, ReadError> {
        self.record(number, &place).map(|_| place.start + CHECKSUM..place.end)
    }

    /// Where the bytes of a record in two parts are: with [`Detail::Core`] those of its head, which was
    /// checked, with [`Detail::Full`] all of them. `place` begins with its checksums, and
    /// `head_len` says how long its head is.
    #[inline]
    pub(super) fn find_record_in_two(
        &self,
        number: u64,
        place: Range<usize>,
        detail: Detail,
        head_len: fn(&[u8]) -> Option<usize>,
    ) -> Result<Range<usize>, ReadError> {
        if self.detail == layout::WHOLE {
            return self.find_record(number, place);
        }
        let checked = |bytes: &[u8]| {
            let (of_head, bytes) = bytes.split_first_chunk::<CHECKSUM>()?;
            let (of_rest, bytes) = bytes.split_first_chunk::<CHECKSUM>()?;
            let (head, rest) = bytes.split_at_checked(head_len(bytes)?)?;
            let head_is_right = checksum(self.seed, number, head) == u32::from_le_bytes(*of_head);
            let rest_is_right = || checksum(self.seed, !number, rest) == u32::from_le_bytes(*of_rest);
            match detail {
                Detail::Core => head_is_right.then_some(head.len()),
                Detail::Full => (head_is_right && rest_is_right()).then_some(bytes.len()),
            }
        };
        let length = self.map.get(place.clone()).and_then(checked);
        let length = length.ok_or_else(|| self.damaged(&format!("record {number}")))?;
        let begin = place.start + 2 * CHECKSUM;
        Ok(begin..begin + length)
    }

    /// A record, checked. `place` begins with its checksum.
    #[inline]
    pub(super) fn record(&self, number: u64, place: &Range<usize>) -> Result<&[u8], ReadError> {
        self.map
            .get(place.clone())
            .and_then(<[u8]>::split_first_chunk::<4>)
            .filter(|(stored, body)| checksum(self.seed, number, body) == u32::from_le_bytes(**stored))
            .map(|(_, body)| body)
            .ok_or_else(|| self.damaged(&format!("record {number}")))
    }

    /// Bytes that were checked when their place was found.
    #[inline]
    pub(super) fn bytes(&self, range: Range<usize>) -> &[u8] {
        self.map.get(range).unwrap_or_default()
    }

    /// The error for something in this file that is not what was written.
    pub(super) fn damaged(&self, what: &str) -> ReadError {
        ReadError::Damaged { what: what.to_owned(), file: self.name.path.clone() }
    }

    /// The error for a file whose parts do not fit each other.
    pub(super) fn unusable(&self, reason: &str) -> OpenError {
        OpenError::Damaged { file: self.name.path.clone(), reason: reason.to_owned() }
    }

    pub(crate) fn len(&self) -> u64 {
        self.map.len() as u64
    }

    /// Lets the system read what is not in memory yet into huge pages, where it can: for files that
    /// are read whole. Of others a single byte would bring two megabytes.
    pub(crate) fn ask_for_huge_pages(&self) {
        #[cfg(target_os = "linux")]
        // Without them all is the same, but slower.
        drop(self.map.advise(memmap2::Advice::HugePage));
    }

    /// Brings `range` into memory, in the order in which it lies on the disk.
    pub(crate) fn populate(&self, range: Range<usize>) -> io::Result<()> {
        self.map.advise_range(memmap2::Advice::PopulateRead, range.start, range.len())
    }

    /// Shares the name of `other`, if that is the same file: it stays as long as either is open.
    pub(super) fn share_name(&mut self, other: &Self) {
        if self.identity == other.identity {
            self.name = other.name.clone();
        }
    }

    /// The file goes when nobody has it open any more.
    pub(crate) fn retire(&self) {
        self.name.retired.store(true, Ordering::Relaxed);
    }
}

impl Drop for SegmentFile {
    fn drop(&mut self) {
        bus_error::forget(&self.map);
    }
}

fn seed(kind: FileKind, number: u64) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&[kind as u8]), &number.to_le_bytes())
}

/// `says` are the count and the detail.
fn header(kind: FileKind, number: u64, says: [u64; 2]) -> [u8; BODY] {
    let mut body = [0; BODY];
    let [count, detail] = says;
    let numbers = [u64::from_le_bytes(*MAGIC), u64::from(kind as u8), number, count, detail];
    for (target, number) in body.as_chunks_mut::<8>().0.iter_mut().zip(numbers) {
        *target = number.to_le_bytes();
    }
    body
}

fn read_header(seed: u32, kind: FileKind, number: u64, line: &[u8]) -> Option<[u64; 2]> {
    let (body, stored) = line.split_last_chunk::<4>()?;
    let says = body.as_chunks::<8>().0.get(3..5)?.first_chunk::<2>()?.map(u64::from_le_bytes);
    let right = checksum(seed, HEADER, body) == u32::from_le_bytes(*stored) && body == header(kind, number, says);
    right.then_some(says)
}

/// Where the files of a merge go.
#[derive(Debug, Clone)]
pub(crate) struct Destination {
    /// The directory of segments.
    pub(crate) dir: PathBuf,
    /// The number of the files.
    pub(crate) number: u64,
    /// Whether to wait until the disk has them.
    pub(crate) durable: bool,
}

/// A file that is being written. It counts only when a manifest names it.
pub(super) struct FileWriter {
    out: WriteBehind,
    kind: FileKind,
    number: u64,
    durable: bool,
    seed: u32,
    length: u64,
}

impl FileWriter {
    pub(super) fn create(to: &Destination, kind: FileKind) -> io::Result<Self> {
        let &Destination { ref dir, number, durable } = to;
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(kind.path(dir, number))?;
        let mut out = WriteBehind::new(file, durable)?;
        out.write(&[0; LINE]);
        Ok(Self { out, kind, number, durable, seed: seed(kind, number), length: LINE as u64 })
    }

    /// How many bytes were written.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Appends line `number`.
    pub(super) fn line(&mut self, number: u64, body: &[u8; BODY]) {
        self.out.write(body);
        self.out.write(&checksum(self.seed, number, body).to_le_bytes());
        self.length += LINE as u64;
    }

    /// Appends record `number`, which can be read without what follows its head. A file
    /// that has such records says so by its second number, [`layout::IN_TWO`].
    pub(super) fn record_in_two(&mut self, number: u64, head: &[u8], rest: &[u8]) {
        self.out.write(&checksum(self.seed, number, head).to_le_bytes());
        self.out.write(&checksum(self.seed, !number, rest).to_le_bytes());
        self.out.write(head);
        self.out.write(rest);
        self.length += (2 * CHECKSUM + head.len() + rest.len()) as u64;
    }

    /// Appends record `number`.
    pub(super) fn record(&mut self, number: u64, record: &[u8]) {
        self.out.write(&checksum(self.seed, number, record).to_le_bytes());
        self.out.write(record);
        self.length += (CHECKSUM + record.len()) as u64;
    }

    /// Says what the file counts, and waits until all of it is on the disk.
    pub(super) fn finish(self, count: u64) -> io::Result<FileRef> {
        self.finish_with(count, 0)
    }

    /// The same, with a second number that the first line says.
    pub(super) fn finish_with(self, count: u64, detail: u64) -> io::Result<FileRef> {
        let Self { out, kind, number, durable, seed, length } = self;
        let file = out.finish()?;
        let body = header(kind, number, [count, detail]);
        file.write_all_at(&body, 0)?;
        file.write_all_at(&checksum(seed, HEADER, &body).to_le_bytes(), BODY as u64)?;
        file.set_permissions(Permissions::from_mode(0o400))?;
        if durable {
            file.sync_all()?;
        }
        Ok(FileRef { number, length })
    }
}
