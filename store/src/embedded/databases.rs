//! What lies in LMDB under which name: `meta` with the manifest, a database for each
//! generation of the log, and one of accounts, Apps and tokens; and what LMDB's errors mean.

use std::fs;
use std::io;
use std::path::Path;

use heed::byteorder::BigEndian;
use heed::types::{Bytes, Str, U64};
use heed::{Database, Env, MdbError, RoTxn, RwTxn, WithoutTls};

use super::guard::{NEXT_ROW, decode_next_row, encode_next_row, names_last_transaction};
use super::identity::{self, Fault, Index, Tables};
use super::journal::Salt;
use super::manifest::{Manifest, database};
use super::room::Room;
use super::ties::Ties;
use crate::OpenError;
use crate::error::is_full;

const META: &str = "meta";
const MANIFEST: &str = "manifest";
const SALT: &str = "journal salt";

pub(super) type Meta = Database<Str, Bytes>;
pub(super) type Rows = Database<U64<BigEndian>, Bytes>;

/// Why rows were not written. None of them was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AppendError {
    /// There is no room on the disk or in the map. Later there may be.
    Full,
    /// The disk failed, and what it holds is uncertain until the log is opened again.
    Failed(String),
}

/// What LMDB does not look at when it opens its file.
pub(super) fn check_file(file: &Path) -> Result<(), OpenError> {
    let damaged = |reason: &str| Err(OpenError::Damaged { file: file.to_owned(), reason: reason.to_owned() });
    // LMDB would take an empty file for a new one.
    if fs::metadata(file).map_or(0, |about| about.len()) == 0 {
        return damaged("it is missing or empty");
    }
    match names_last_transaction(file) {
        Ok(true) => Ok(()),
        Ok(false) => damaged("its last change cannot be found"),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => damaged("it is cut short"),
        Err(error) => Err(OpenError::from_io(file, error)),
    }
}

pub(super) fn make_manifest(env: &Env<WithoutTls>) -> heed::Result<Manifest> {
    let manifest = Manifest::first();
    let mut txn = env.write_txn()?;
    env.create_database::<Str, Bytes>(&mut txn, Some(META))?;
    env.create_database::<U64<BigEndian>, Bytes>(&mut txn, Some(&database(manifest.generation)))?;
    write_manifest(env, &mut txn, &manifest, manifest.first_row)?;
    txn.commit()?;
    Ok(manifest)
}

pub(super) fn write_manifest(
    env: &Env<WithoutTls>,
    txn: &mut RwTxn<'_>,
    manifest: &Manifest,
    next_row: u64,
) -> heed::Result<()> {
    let meta = env.create_database::<Str, Bytes>(txn, Some(META))?;
    meta.put(txn, MANIFEST, &manifest.encode())?;
    meta.put(txn, NEXT_ROW, &encode_next_row(next_row))
}

pub(super) fn read_manifest(env: &Env<WithoutTls>, file: &Path) -> Result<Manifest, OpenError> {
    let read = |txn: &RoTxn<'_, WithoutTls>| -> heed::Result<Option<Manifest>> {
        let Some(meta) = env.open_database::<Str, Bytes>(txn, Some(META))? else { return Ok(None) };
        Ok(meta.get(txn, MANIFEST)?.and_then(Manifest::decode))
    };
    env.read_txn()
        .and_then(|txn| read(&txn))
        .map_err(|error| open_error(file, error))?
        .ok_or_else(|| OpenError::Damaged { file: file.to_owned(), reason: "its manifest cannot be read".to_owned() })
}

pub(super) fn open_meta(env: &Env<WithoutTls>) -> heed::Result<Option<Meta>> {
    let txn = env.read_txn()?;
    let meta = env.open_database(&txn, Some(META))?;
    txn.commit()?;
    Ok(meta)
}

/// The number of the row that is written next.
pub(super) fn read_next_row(env: &Env<WithoutTls>, meta: Meta, file: &Path) -> Result<u64, OpenError> {
    let txn = env.read_txn().map_err(|error| open_error(file, error))?;
    let number = meta.get(&txn, NEXT_ROW).map_err(|error| open_error(file, error))?.and_then(decode_next_row);
    let damaged =
        || OpenError::Damaged { file: file.to_owned(), reason: "the number of its next row cannot be read".to_owned() };
    number.ok_or_else(damaged)
}

/// The salt of the journal; LMDB has none before the first start that knows a journal.
pub(super) fn read_salt(env: &Env<WithoutTls>, meta: Meta, file: &Path) -> Result<Salt, OpenError> {
    let txn = env.read_txn().map_err(|error| open_error(file, error))?;
    let salt = meta.get(&txn, SALT).map_err(|error| open_error(file, error))?;
    Ok(salt.and_then(<[u8]>::first_chunk).map(|salt| Salt(u64::from_le_bytes(*salt))).unwrap_or_default())
}

pub(super) fn write_salt(txn: &mut RwTxn<'_>, meta: Meta, Salt(salt): Salt) -> heed::Result<()> {
    meta.put(txn, SALT, &salt.to_le_bytes())
}

pub(super) fn load_identity(env: &Env<WithoutTls>, tables: &Tables, file: &Path) -> Result<Index, OpenError> {
    load(env, file, |txn| Index::load(tables, txn))
}

pub(super) fn load_ties(env: &Env<WithoutTls>, tables: &Tables, file: &Path) -> Result<Ties, OpenError> {
    load(env, file, |txn| Ties::load(tables, txn))
}

fn load<T>(
    env: &Env<WithoutTls>,
    file: &Path,
    load: impl FnOnce(&RoTxn<'_>) -> Result<T, Fault>,
) -> Result<T, OpenError> {
    let txn = env.read_txn().map_err(|error| open_error(file, error))?;
    load(&txn).map_err(|fault| match fault {
        Fault::Disk(error) => open_error(file, error),
        Fault::Refused(error) => OpenError::Damaged { file: file.to_owned(), reason: error.to_string() },
    })
}

/// Reads all accounts, Apps, tokens and ties of users, and checks them.
pub(super) fn check_identity(env: &Env<WithoutTls>, file: &Path) -> Result<(), OpenError> {
    match find_tables(env).map_err(|error| open_error(file, error))? {
        Some(tables) => {
            let tables = Tables::new(tables, file);
            load_identity(env, &tables, file)?;
            load_ties(env, &tables, file).map(drop)
        }
        None => Ok(()),
    }
}

fn find_tables(env: &Env<WithoutTls>) -> heed::Result<Option<identity::Rows>> {
    let txn = env.read_txn()?;
    let tables = env.open_database(&txn, Some(identity::DATABASE))?;
    txn.commit()?;
    Ok(tables)
}

/// The database of accounts, Apps and tokens. A directory of a version that had none gets an
/// empty one.
pub(super) fn open_tables(env: &Env<WithoutTls>, room: &mut Room) -> heed::Result<identity::Rows> {
    const NEW: u64 = 64 << 10;
    if let Some(tables) = find_tables(env)? {
        return Ok(tables);
    }
    let pages = env.info().last_page_number as u64 + 1;
    room.ensure(pages * u64::from(env.stat().page_size), NEW).map_err(heed::Error::Io)?;
    let mut txn = env.write_txn()?;
    let tables = env.create_database(&mut txn, Some(identity::DATABASE))?;
    txn.commit()?;
    Ok(tables)
}

pub(super) fn open_rows(env: &Env<WithoutTls>, generation: u64) -> heed::Result<Option<Rows>> {
    let txn = env.read_txn()?;
    let rows = env.open_database(&txn, Some(&database(generation)))?;
    // Committing a read transaction keeps the handle of a database opened in it.
    txn.commit()?;
    Ok(rows)
}

pub(super) fn open_error(file: &Path, error: heed::Error) -> OpenError {
    match error {
        heed::Error::Io(source) => OpenError::from_io(file, source),
        heed::Error::Mdb(MdbError::MapFull) => OpenError::Full { path: file.to_owned() },
        error => OpenError::Damaged { file: file.to_owned(), reason: error.to_string() },
    }
}

/// Every error but a full disk counts as a failed sync: LMDB does not say which of
/// its writes failed, and after a failed sync the kernel forgets what it could not write.
/// A full disk is safe to go on from: the next transaction writes the same pages anew.
pub(super) fn append_error(error: heed::Error) -> AppendError {
    match error {
        heed::Error::Mdb(MdbError::MapFull | MdbError::TxnFull) => AppendError::Full,
        heed::Error::Io(source) if is_full(source.kind()) => AppendError::Full,
        error => AppendError::Failed(error.to_string()),
    }
}
