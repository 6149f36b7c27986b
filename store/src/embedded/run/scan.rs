//! Reads the whole log at the start: every row is checked, and where it is is noted.
//!
//! Large logs are read by several threads, each of which takes as many rows.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::{self, Scope, ScopedJoinHandle};

use super::pairs::Unsorted;
use super::source::{Generation, Source};
use super::{FirstNew, MOST_ROWS, Part, Run, place, short};
use crate::OpenError;
use crate::embedded::codec::{BadRow, Changed, Malformed, Of, Ordinal, Record, TweetRecord, UserRecord};
use crate::embedded::databases::open_error;
use crate::embedded::lists::UnsortedLists;
use crate::embedded::segment::hash;

/// With fewer rows a thread of its own would not be worth it.
const LEAST_ROWS: u64 = 1 << 14;
/// More threads would wait for memory.
const MOST_THREADS: u64 = 8;
/// No row of a page of LMDB is smaller, with what the page says of it.
const LEAST_BYTES: u64 = 32;

/// What was found of one kind of records.
#[derive(Debug)]
struct Notes {
    /// From ordinals to rows.
    rows: Unsorted,
    /// From the hashes of new ids to ordinals.
    ids: Unsorted,
}

/// What a part of the log says.
#[derive(Debug)]
struct Found {
    first_row: u64,
    first_new: FirstNew,
    users: Notes,
    usernames: Unsorted,
    tweets: Notes,
    lists: UnsortedLists,
    bytes: usize,
}

impl Run {
    /// Reads all rows of `source`, of which the first must be `first_row`.
    pub(in crate::embedded) fn scan(
        source: &Arc<Source>,
        first_row: u64,
        first_new: FirstNew,
    ) -> Result<Self, OpenError> {
        let rows = source.check_ends(first_row)? - first_row;
        if rows > MOST_ROWS {
            return Err(OpenError::Damaged { file: source.file.clone(), reason: "it has too many rows".to_owned() });
        }
        let cores = thread::available_parallelism().map_or(1, |count| count.get() as u64);
        let threads = (rows / LEAST_ROWS).clamp(1, cores.min(MOST_THREADS));
        // What LMDB says of its own is not trusted with memory.
        let most = source.env.real_disk_size().map_err(|error| open_error(&source.file, error))? / LEAST_BYTES;
        let room = rows.min(most).div_ceil(threads) as usize;
        let scan = |part: u64| {
            let mut found = Found::with_room(room, first_row, first_new);
            let [first, end] = [part, part + 1].map(|part| first_row + rows * part / threads);
            source.scan(first, end, &mut found).map(|()| found)
        };
        let found: Result<Vec<Found>, OpenError> = thread::scope(|scope| {
            let scan = &scan;
            let others = (1..threads).map(|part| spawn(scope, source, move || scan(part)));
            let others = others.collect::<Result<Vec<_>, _>>()?;
            [scan(0)].into_iter().chain(others.into_iter().map(join)).collect()
        });
        let found = found?.into_iter().reduce(|first, later| first.append(&later));
        found.unwrap_or_else(|| Found::with_room(0, first_row, first_new)).sort(rows, source)
    }
}

impl Source {
    /// The number of the next row. Generations must follow each other without a gap.
    fn check_ends(&self, first_row: u64) -> Result<u64, OpenError> {
        self.generations.iter().try_fold(first_row, |next, generation| {
            if generation.first == next && generation.last >= next {
                generation.last.checked_add(1).ok_or_else(|| self.missing(next))
            } else {
                Err(self.missing(next))
            }
        })
    }

    /// Reads the rows from `first` to `end`, in whatever generations they are.
    fn scan(&self, first: u64, end: u64, found: &mut Found) -> Result<(), OpenError> {
        for generation in &self.generations {
            let (first, end) = (generation.first.max(first), generation.last.saturating_add(1).min(end));
            if first < end {
                self.scan_generation(generation, first, end, found)?;
            }
        }
        Ok(())
    }

    fn scan_generation(
        &self,
        generation: &Generation,
        first: u64,
        end: u64,
        found: &mut Found,
    ) -> Result<(), OpenError> {
        let damaged = |row, reason| OpenError::DamagedRow { file: self.file.clone(), row, reason };
        let lmdb = |error| open_error(&self.file, error);
        let txn = self.env.read_txn().map_err(lmdb)?;
        let mut rows = generation.rows.range(&txn, &(first..end)).map_err(lmdb)?;
        for expected in first..end {
            let Some((number, bytes)) =
                rows.next().transpose().map_err(lmdb)?.filter(|(number, _)| *number == expected)
            else {
                return Err(self.missing(expected));
            };
            let row = generation.place(number).check(bytes).map_err(|bad| damaged(number, bad.reason()))?;
            found.note(number, row).map_err(|Malformed| damaged(number, BadRow::Content.reason()))?;
            found.bytes += bytes.len();
        }
        Ok(())
    }

    fn missing(&self, row: u64) -> OpenError {
        OpenError::DamagedRow { file: self.file.clone(), row, reason: "it is missing" }
    }
}

impl Notes {
    fn with_room(room: usize) -> Self {
        Self { rows: Unsorted::with_capacity(room), ids: Unsorted::with_capacity(room) }
    }

    /// Notes a row, and checks the record that it left.
    fn note<R: Record>(
        &mut self,
        ordinal: Ordinal,
        row: u64,
        bytes: Option<&[u8]>,
        first_new: u64,
    ) -> Result<(), Malformed> {
        self.rows.push(ordinal.0, place(row, bytes.is_none()));
        let Some(bytes) = bytes else { return Ok(()) };
        R::check(bytes)?;
        // What was merged is in the index of the segment.
        if u64::from(ordinal.0) >= first_new {
            self.ids.push(short(hash::of_id(R::number(R::id(bytes)?))), ordinal.0);
        }
        Ok(())
    }

    fn append(&mut self, later: &Self) {
        self.rows.append(&later.rows);
        self.ids.append(&later.ids);
    }

    fn sort<R: Record>(self, first_new: u64, first_row: u64, source: Arc<Source>) -> Part<R> {
        Part::new(self.rows.greatest(), self.ids.sorted(), first_new, first_row, source)
    }
}

impl Found {
    fn with_room(room: usize, first_row: u64, first_new: FirstNew) -> Self {
        let [users, tweets] = [room, room].map(Notes::with_room);
        Self {
            first_row,
            first_new,
            users,
            usernames: Unsorted::with_capacity(room),
            tweets,
            lists: UnsortedLists::default(),
            bytes: 0,
        }
    }

    fn note(&mut self, number: u64, row: Changed<'_>) -> Result<(), Malformed> {
        let number = number - self.first_row;
        if let Some(list_row) = row.of_lists()? {
            self.lists.note(number as u32, &list_row);
        }
        if row.of() == Of::Lists {
            return Ok(());
        }
        let (ordinal, bytes) = (row.ordinal(), row.outcome()?);
        if row.of() == Of::Tweet {
            return self.tweets.note::<TweetRecord>(ordinal, number, bytes, self.first_new.tweets);
        }
        self.users.note::<UserRecord>(ordinal, number, bytes, self.first_new.users)?;
        if let Some(key) = bytes.map(UserRecord::username).transpose()?.flatten() {
            self.usernames.push(short(hash::of_username(&key)), ordinal.0);
        }
        Ok(())
    }

    fn append(mut self, later: &Self) -> Self {
        self.users.append(&later.users);
        self.usernames.append(&later.usernames);
        self.tweets.append(&later.tweets);
        self.lists.append(&later.lists);
        self.bytes += later.bytes;
        self
    }

    /// Sorts what was found.
    fn sort(self, rows: u64, source: &Arc<Source>) -> Result<Run, OpenError> {
        let Self { first_row, first_new, users, usernames, tweets, lists, bytes } = self;
        thread::scope(|scope| {
            let lists = spawn(scope, source, || lists.sorted())?;
            let usernames = spawn(scope, source, || usernames.sorted())?;
            let users = users.sort(first_new.users, first_row, source.clone());
            let tweets = tweets.sort(first_new.tweets, first_row, source.clone());
            Ok(Run { users, usernames: join(usernames), tweets, lists: join(lists), first_row, rows, log_bytes: bytes })
        })
    }
}

fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    source: &Source,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, T>, OpenError> {
    let thread = thread::Builder::new().name("store-start".to_owned()).spawn_scoped(scope, work);
    thread.map_err(|error| OpenError::from_io(&source.file, error))
}

/// What a thread made. If it panicked, so does this.
fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}
