//! The log in LMDB: one row per change, numbered without gaps, one database per
//! generation. A generation ends when its changes have been merged into segments.
//!
//! The database `meta` says which generation is current and where its rows begin.

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use heed::byteorder::BigEndian;
use heed::types::{Bytes, Str, U64};
use heed::{Database, Env, MdbError, PutFlags, RoTxn, WithoutTls};

use super::codec::{BadRow, Change, Malformed, Row};
use super::room::Room;
use super::unsafe_io::open_lmdb;
use crate::data_dir::{DataDir, sync_dir};
use crate::error::is_full;
use crate::{OpenError, Options};

const META: &str = "meta";
const MANIFEST: &str = "manifest";
const DATA_FILE: &str = "data.mdb";

type Rows = Database<U64<BigEndian>, Bytes>;

/// The open log. It has one writer; there are no readers after the replay.
#[derive(Debug)]
pub(super) struct Log {
    env: Env<WithoutTls>,
    rows: Rows,
    manifest: Manifest,
    next_row: u64,
    room: Room,
    file: PathBuf,
    buffer: Vec<u8>,
}

/// Why rows were not written. None of them was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AppendError {
    /// There is no room on the disk or in the map. Later there may be.
    Full,
    /// The disk failed, and what it holds is uncertain until the log is opened again.
    Failed(String),
}

impl Log {
    /// Opens the log of a data directory, and makes it in a directory that is not
    /// finished yet.
    pub(super) fn open(dir: &DataDir, options: &Options) -> Result<Self, OpenError> {
        let path = dir.log_dir();
        let file = Self::file_in(dir);
        if dir.is_finished() {
            // LMDB would take an empty file for a new one.
            if fs::metadata(&file).map_or(0, |about| about.len()) == 0 {
                return Err(OpenError::Damaged { file, reason: "it is missing or empty".to_owned() });
            }
        } else {
            make_dir(&path, dir.path())?;
        }
        let env = open_lmdb(&path, options).map_err(|error| open_error(&file, error))?;
        let manifest = if dir.is_finished() {
            read_manifest(&env, &file)?
        } else {
            let manifest = make_manifest(&env).map_err(|error| open_error(&file, error))?;
            sync_dir(&path).map_err(|error| OpenError::from_io(&path, error))?;
            manifest
        };
        let rows = open_rows(&env, manifest).map_err(|error| open_error(&file, error))?.ok_or_else(|| {
            OpenError::Damaged { file: file.clone(), reason: "the current generation of the log is missing".to_owned() }
        })?;
        let limit = env.info().map_size as u64;
        let room = Room::open(&file, limit).map_err(|error| OpenError::from_io(&file, error))?;
        Ok(Self { env, rows, manifest, next_row: manifest.first_row, room, file, buffer: Vec::new() })
    }

    /// Opens the log anew after a replay. The replay brought the whole file into memory,
    /// and from here on only its end is needed.
    pub(super) fn unmap(self, dir: &DataDir, options: &Options) -> Result<Self, OpenError> {
        let next_row = self.next_row;
        drop(self);
        Ok(Self { next_row, ..Self::open(dir, options)? })
    }

    /// The file of the log in a data directory.
    pub(super) fn file_in(dir: &DataDir) -> PathBuf {
        dir.log_dir().join(DATA_FILE)
    }

    /// Gives every change of the current generation to `each`, in order, and checks
    /// that none is missing or damaged.
    pub(super) fn replay(&mut self, mut each: impl FnMut(Change) -> Result<(), Malformed>) -> Result<(), OpenError> {
        let file = &self.file;
        let txn = self.env.read_txn().map_err(|error| open_error(file, error))?;
        let Manifest { generation, first_row } = self.manifest;
        let mut expected = first_row;
        for row in self.rows.iter(&txn).map_err(|error| open_error(file, error))? {
            let (number, bytes) = row.map_err(|error| open_error(file, error))?;
            let damaged = |row, reason| OpenError::DamagedRow { file: file.clone(), row, reason };
            if number != expected {
                return Err(damaged(expected, "it is missing"));
            }
            let change = Row { generation, number }.decode(bytes).map_err(|bad| damaged(number, bad.reason()))?;
            each(change).map_err(|Malformed| damaged(number, BadRow::Content.reason()))?;
            expected += 1;
        }
        self.next_row = expected;
        Ok(())
    }

    /// Writes the outcome of a group of changes in one transaction. They are durable
    /// when this returns.
    pub(super) fn append(&mut self, changes: &[Change]) -> Result<(), AppendError> {
        let bytes = changes.iter().map(|change| change.size() as u64).sum();
        self.make_room(bytes).map_err(heed::Error::Io).map_err(append_error)?;
        let next_row = self.write(changes).map_err(append_error)?;
        self.next_row = next_row;
        Ok(())
    }

    /// Rows fill pages to half at worst; the rest is for the pages of the tree.
    fn make_room(&mut self, bytes: u64) -> io::Result<()> {
        const TREE: u64 = 128 << 10;
        let pages = self.env.info().last_page_number as u64 + 1;
        let page_size = u64::from(self.env.stat().page_size);
        self.room.ensure(pages * page_size, 2 * bytes + TREE)
    }

    fn write(&mut self, changes: &[Change]) -> heed::Result<u64> {
        let mut txn = self.env.write_txn()?;
        let mut number = self.next_row;
        for change in changes {
            Row { generation: self.manifest.generation, number }.encode(change, &mut self.buffer);
            self.rows.put_with_flags(&mut txn, PutFlags::APPEND, &number, &self.buffer)?;
            number += 1;
        }
        txn.commit()?;
        Ok(number)
    }
}

/// What the database `meta` says of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Manifest {
    generation: u64,
    first_row: u64,
}

impl Manifest {
    const FIRST: Self = Self { generation: 0, first_row: 0 };

    fn encode(self) -> [u8; 20] {
        let mut bytes = [0; 20];
        let (body, checksum) = bytes.split_at_mut(16);
        let (generation, first_row) = body.split_at_mut(8);
        generation.copy_from_slice(&self.generation.to_le_bytes());
        first_row.copy_from_slice(&self.first_row.to_le_bytes());
        checksum.copy_from_slice(&crc32c::crc32c(body).to_le_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (body, checksum) = bytes.split_last_chunk::<4>()?;
        let (generation, rest) = body.split_first_chunk::<8>()?;
        let manifest =
            Self { generation: u64::from_le_bytes(*generation), first_row: u64::from_le_bytes(rest.try_into().ok()?) };
        (u32::from_le_bytes(*checksum) == crc32c::crc32c(body)).then_some(manifest)
    }

    fn database(self) -> String {
        format!("log-{}", self.generation)
    }
}

fn make_dir(path: &Path, above: &Path) -> Result<(), OpenError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(OpenError::from_io(path, error)),
        // Also if it exists: then a kill may have come before this.
        _ => sync_dir(above).map_err(|error| OpenError::from_io(above, error)),
    }
}

fn make_manifest(env: &Env<WithoutTls>) -> heed::Result<Manifest> {
    let manifest = Manifest::FIRST;
    let mut txn = env.write_txn()?;
    let meta = env.create_database::<Str, Bytes>(&mut txn, Some(META))?;
    env.create_database::<U64<BigEndian>, Bytes>(&mut txn, Some(&manifest.database()))?;
    meta.put(&mut txn, MANIFEST, &manifest.encode())?;
    txn.commit()?;
    Ok(manifest)
}

fn read_manifest(env: &Env<WithoutTls>, file: &Path) -> Result<Manifest, OpenError> {
    let read = |txn: &RoTxn<'_, WithoutTls>| -> heed::Result<Option<Manifest>> {
        let Some(meta) = env.open_database::<Str, Bytes>(txn, Some(META))? else { return Ok(None) };
        Ok(meta.get(txn, MANIFEST)?.and_then(Manifest::decode))
    };
    env.read_txn()
        .and_then(|txn| read(&txn))
        .map_err(|error| open_error(file, error))?
        .ok_or_else(|| OpenError::Damaged { file: file.to_owned(), reason: "its manifest cannot be read".to_owned() })
}

fn open_rows(env: &Env<WithoutTls>, manifest: Manifest) -> heed::Result<Option<Rows>> {
    let txn = env.read_txn()?;
    let rows = env.open_database(&txn, Some(&manifest.database()))?;
    // Committing a read transaction keeps the handle of a database opened in it.
    txn.commit()?;
    Ok(rows)
}

fn open_error(file: &Path, error: heed::Error) -> OpenError {
    match error {
        heed::Error::Io(source) => OpenError::from_io(file, source),
        heed::Error::Mdb(MdbError::MapFull) => OpenError::Full { path: file.to_owned() },
        error => OpenError::Damaged { file: file.to_owned(), reason: error.to_string() },
    }
}

/// Every error but a full disk counts as a failed sync: LMDB does not say which of
/// its writes failed, and after a failed sync the kernel forgets what it could not write.
/// A full disk is safe to go on from: the next transaction writes the same pages anew.
fn append_error(error: heed::Error) -> AppendError {
    match error {
        heed::Error::Mdb(MdbError::MapFull | MdbError::TxnFull) => AppendError::Full,
        heed::Error::Io(source) if is_full(source.kind()) => AppendError::Full,
        error => AppendError::Failed(error.to_string()),
    }
}
