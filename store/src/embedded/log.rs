//! The log in LMDB: one row per change, numbered without gaps, one database per
//! generation. A merge begins with a new generation, and ends with one transaction that
//! names its files and no more the generations that it took in. These are removed when
//! nobody reads them any more.
//!
//! The newest rows wait in the journal. Each transaction that writes rows takes them in.

mod opening;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use heed::byteorder::BigEndian;
use heed::types::{Bytes, DecodeIgnore, Str, U64};
use heed::{Env, PutFlags, RwTxn, WithoutTls};

use super::ballast::Ballast;
use super::codec::{Change, Row};
use super::databases::{
    AppendError, Meta, Rows, append_error, load_identity, load_ties, open_error, open_rows, write_manifest, write_salt,
};
use super::guard::{NEXT_ROW, decode_next_row, encode_next_row};
use super::identity::{Index, Tables};
use super::journal::{Journal, Salt};
use super::manifest::{Manifest, database, generation_of};
use super::room::Room;
use super::run::{FirstNew, Run, Source};
use super::segment::Files;
use super::ties::Ties;
use crate::OpenError;
use crate::data_dir::{DataDir, JOURNAL_FILE, LOG_FILE};
use crate::error::is_full;
use crate::unsafe_io::remove_database;

/// The open log. It has one writer; beside it the rows that were there at the start are
/// read.
#[derive(Debug)]
pub(super) struct Log {
    env: Env<WithoutTls>,
    meta: Meta,
    rows: Rows,
    tables: Tables,
    manifest: Manifest,
    /// Those that wait in the journal come before it.
    next_row: u64,
    journal: Journal,
    room: Room,
    ballast: Ballast,
    file: PathBuf,
    buffer: Vec<u8>,
    /// What reads the rows that were there at the start.
    lent: Option<Arc<Source>>,
}

impl Log {
    /// The file of the log in a data directory.
    pub(super) fn file_in(dir: &DataDir) -> PathBuf {
        dir.log_dir().join(LOG_FILE)
    }

    /// The file in which the newest rows wait.
    pub(super) fn journal_in(dir: &DataDir) -> PathBuf {
        dir.log_dir().join(JOURNAL_FILE)
    }

    /// The environment, for those who read beside the one writer.
    pub(super) fn env(&self) -> Env<WithoutTls> {
        self.env.clone()
    }

    /// What the manifest says.
    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// How many rows were ever written.
    pub(super) fn next_row(&self) -> u64 {
        self.next_row
    }

    /// Reads every row that is not merged, checks that none is missing or damaged, and says
    /// where they are.
    pub(super) fn replay(&mut self, first_new: FirstNew) -> Result<Run, OpenError> {
        let file = &self.file;
        let mut generations = Vec::new();
        for generation in self.manifest.generations() {
            let rows = open_rows(&self.env, generation).map_err(|error| open_error(file, error))?;
            generations.push((generation, rows.ok_or_else(|| generation_missing(file))?));
        }
        let source = Arc::new(Source::new(&self.env, file.clone(), &generations)?);
        let run = Run::scan(&source, self.manifest.first_row, first_new)?;
        let txn = self.env.read_txn().map_err(|error| open_error(file, error))?;
        let next_row = self.meta.get(&txn, NEXT_ROW).map_err(|error| open_error(file, error))?;
        // Directories of format 1 do not say it.
        if next_row.is_some_and(|bytes| decode_next_row(bytes) != Some(run.next_row())) {
            let (file, row) = (file.clone(), run.next_row());
            return Err(OpenError::DamagedRow { file, row, reason: "it is missing" });
        }
        drop(txn);
        self.next_row = run.next_row();
        self.lent = Some(source);
        Ok(run)
    }

    /// Lets the next row begin a new generation, unless it does so already: starts that are
    /// killed over and over in the middle of a merge would use up their number.
    pub(super) fn begin_generation(&mut self) -> Result<(), AppendError> {
        if self.journal.waiting().count() == 0 && self.is_at_first_row().map_err(append_error)? {
            return Ok(());
        }
        let manifest = Manifest { generation: self.manifest.generation + 1, ..self.manifest };
        self.make_room_for_merge(0)?;
        let begin = |log: &Self| {
            let mut txn = log.env.write_txn()?;
            log.put_waiting(&mut txn)?;
            let rows = log.env.create_database(&mut txn, Some(&database(manifest.generation)))?;
            write_manifest(&log.env, &mut txn, &manifest, log.next_row)?;
            txn.commit()?;
            Ok(rows)
        };
        self.rows = begin(self).map_err(append_error)?;
        self.journal.taken_in();
        self.manifest = manifest;
        Ok(())
    }

    fn is_at_first_row(&self) -> heed::Result<bool> {
        let txn = self.env.read_txn()?;
        self.rows.is_empty(&txn)
    }

    /// Names the files of a merge, and no more the generations that it took in: the rows
    /// before `first_row`, which are those of all generations but the current one. The
    /// `changes` that it makes necessary are written with it.
    pub(super) fn end_merge(
        &mut self,
        files: Files,
        next_file: u64,
        first_row: u64,
        changes: &[Change],
    ) -> Result<(), AppendError> {
        let generation = self.manifest.generation;
        let manifest = Manifest { first_generation: generation, generation, first_row, next_file, files };
        self.make_room_for_merge(size_of(changes))?;
        let end = |log: &mut Self| {
            let env = log.env.clone();
            let mut txn = env.write_txn()?;
            let next_row = log.put_rows(&mut txn, changes)?;
            write_manifest(&env, &mut txn, &manifest, next_row)?;
            txn.commit()?;
            Ok(next_row)
        };
        self.next_row = end(self).map_err(append_error)?;
        self.journal.taken_in();
        self.manifest = manifest;
        Ok(())
    }

    /// Removes the generations that the manifest does not name any more. Those that somebody
    /// may read stay until the next time.
    pub(super) fn forget_merged(&mut self) -> Result<(), AppendError> {
        self.lent = self.lent.take().and_then(|source| Arc::try_unwrap(source).err());
        let merged = self.merged_generations().map_err(append_error)?;
        if merged.is_empty() {
            return Ok(());
        }
        self.make_room_for_merge(0)?;
        let forget = |env: &Env<WithoutTls>| {
            let mut txn = env.write_txn()?;
            for name in merged {
                if let Some(rows) = env.open_database::<U64<BigEndian>, Bytes>(&txn, Some(&name))? {
                    remove_database(&mut txn, rows)?;
                }
            }
            txn.commit()
        };
        forget(&self.env).map_err(append_error)?;
        // Without room for it now, it is made after a later merge.
        _ = self.ballast.restore();
        Ok(())
    }

    /// The names of databases that hold generations which are merged.
    fn merged_generations(&self) -> heed::Result<Vec<String>> {
        let txn = self.env.read_txn()?;
        let Some(all) = self.env.open_database::<Str, DecodeIgnore>(&txn, None)? else { return Ok(Vec::new()) };
        let lent = self.lent.iter().flat_map(|source| source.numbers());
        let kept: Vec<_> = self.manifest.generations().chain(lent).collect();
        let mut merged = Vec::new();
        for entry in all.iter(&txn)? {
            let (name, ()) = entry?;
            merged.extend(generation_of(name).filter(|generation| !kept.contains(generation)).map(database));
        }
        Ok(merged)
    }

    /// Writes the manifest as this version writes it, for a directory of an older one.
    pub(super) fn upgrade(&mut self) -> Result<(), AppendError> {
        self.make_room(0).map_err(heed::Error::Io).map_err(append_error)?;
        let write = |env: &Env<WithoutTls>| {
            let mut txn = env.write_txn()?;
            write_manifest(env, &mut txn, &self.manifest, self.next_row)?;
            txn.commit()
        };
        write(&self.env).map_err(append_error)
    }

    /// The rows of accounts, Apps and tokens.
    pub(super) fn tables(&self) -> Tables {
        self.tables.clone()
    }

    /// Reads what requests look up of them, and checks all of them.
    pub(super) fn read_identity(&self) -> Result<Index, OpenError> {
        load_identity(&self.env, &self.tables, &self.file)
    }

    /// Reads what users have to do with each other besides follows.
    pub(super) fn read_ties(&self) -> Result<Ties, OpenError> {
        load_ties(&self.env, &self.tables, &self.file)
    }

    /// Writes the outcome of a group of changes, with what its transaction has already: so
    /// many other `bytes`. All of it is durable when this returns.
    pub(super) fn commit(&mut self, txn: RwTxn<'_>, changes: &[Change], bytes: u64) -> Result<(), AppendError> {
        self.make_room(bytes + size_of(changes)).map_err(heed::Error::Io).map_err(append_error)?;
        self.next_row = self.write(txn, changes).map_err(append_error)?;
        self.journal.taken_in();
        Ok(())
    }

    /// Writes the outcome of a group of changes, and nothing else. All of it is durable when
    /// this returns.
    pub(super) fn append(&mut self, changes: &[Change]) -> Result<(), AppendError> {
        let first = Row { generation: self.manifest.generation, number: self.next_row };
        let bytes = size_of(changes);
        if !self.fits(bytes) || !self.journal.prepare(first, changes) {
            let env = self.env();
            return self.commit(env.write_txn().map_err(append_error)?, changes, 0);
        }
        // What is acknowledged must find room in LMDB later.
        self.make_room(bytes).map_err(heed::Error::Io).map_err(append_error)?;
        self.journal.write().map_err(|error| AppendError::Failed(error.to_string()))?;
        self.next_row += changes.len() as u64;
        Ok(())
    }

    /// Lets LMDB take in what waits in the journal.
    pub(super) fn settle(&mut self) -> Result<(), AppendError> {
        if self.journal.waiting().count() == 0 {
            return Ok(());
        }
        let env = self.env();
        self.commit(env.write_txn().map_err(append_error)?, &[], 0)
    }

    /// The same at a start, with the room of the ballast if the disk has no other. The journal gets
    /// another salt with it; if nothing waits, it can do without.
    fn begin_journal(&mut self) -> Result<(), AppendError> {
        let salt = Salt::fresh();
        let mut begun = self.settle_with(salt);
        if begun == Err(AppendError::Full) && self.ballast.give_up().map_err(heed::Error::Io).map_err(append_error)? {
            begun = self.settle_with(salt);
        }
        match begun {
            Ok(()) => self.journal.set_salt(salt),
            Err(AppendError::Full) if self.journal.waiting().count() == 0 => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn settle_with(&mut self, salt: Salt) -> Result<(), AppendError> {
        self.make_room(0).map_err(heed::Error::Io).map_err(append_error)?;
        let settle = |log: &Self| {
            let mut txn = log.env.write_txn()?;
            log.put_waiting(&mut txn)?;
            // Of a directory that had no journal the number is known when its rows were read.
            if log.journal.waiting().count() > 0 {
                log.meta.put(&mut txn, NEXT_ROW, &encode_next_row(log.next_row))?;
            }
            write_salt(&mut txn, log.meta, salt)?;
            txn.commit()
        };
        settle(self).map_err(append_error)?;
        self.journal.taken_in();
        Ok(())
    }

    /// Room for so many bytes of rows and for a merge: the list of the pages that become free
    /// is written too. A full disk gives it up in the ballast.
    fn make_room_for_merge(&mut self, bytes: u64) -> Result<(), AppendError> {
        const OF_PAGE: u64 = 8;
        let bytes = bytes + OF_PAGE * (self.env.info().last_page_number as u64 + 1);
        let made = match self.make_room(bytes) {
            Err(error) if is_full(error.kind()) && self.ballast.give_up().unwrap_or_default() => self.make_room(bytes),
            made => made,
        };
        made.map_err(heed::Error::Io).map_err(append_error)
    }

    /// Room for so many bytes, and for the rows that wait.
    fn make_room(&mut self, bytes: u64) -> io::Result<()> {
        let [used, needed] = self.needed(bytes);
        self.room.ensure(used, needed)
    }

    /// Whether so many bytes can become rows, with those that wait, before LMDB is as large as
    /// it may be.
    fn fits(&self, bytes: u64) -> bool {
        let [used, needed] = self.needed(bytes);
        used + needed <= self.room.limit()
    }

    /// Bytes that LMDB uses, and that it needs behind them at most. Rows fill pages to half at
    /// worst; the rest is for the pages of the tree.
    fn needed(&self, bytes: u64) -> [u64; 2] {
        const TREE: u64 = 128 << 10;
        let pages = self.env.info().last_page_number as u64 + 1;
        let page_size = u64::from(self.env.stat().page_size);
        [pages * page_size, 2 * (bytes + self.journal.waiting().bytes()) + TREE]
    }

    fn write(&mut self, mut txn: RwTxn<'_>, changes: &[Change]) -> heed::Result<u64> {
        let next_row = self.put_rows(&mut txn, changes)?;
        self.meta.put(&mut txn, NEXT_ROW, &encode_next_row(next_row))?;
        txn.commit()?;
        Ok(next_row)
    }

    /// Appends the rows that wait, and those of a group, and gives the number of the next.
    fn put_rows(&mut self, txn: &mut RwTxn<'_>, changes: &[Change]) -> heed::Result<u64> {
        self.put_waiting(txn)?;
        let mut number = self.next_row;
        for change in changes {
            Row { generation: self.manifest.generation, number }.encode(change, &mut self.buffer);
            self.rows.put_with_flags(txn, PutFlags::APPEND, &number, &self.buffer)?;
            number += 1;
        }
        Ok(number)
    }

    fn put_waiting(&self, txn: &mut RwTxn<'_>) -> heed::Result<()> {
        let waiting = self.journal.waiting();
        for (number, row) in (self.next_row - waiting.count()..).zip(waiting.rows()) {
            self.rows.put_with_flags(txn, PutFlags::APPEND, &number, row)?;
        }
        Ok(())
    }
}

/// Bytes of the rows of these changes, roughly.
fn size_of(changes: &[Change]) -> u64 {
    changes.iter().map(|change| change.size() as u64).sum()
}

fn generation_missing(file: &Path) -> OpenError {
    OpenError::Damaged { file: file.to_owned(), reason: "a generation of the log is missing".to_owned() }
}
