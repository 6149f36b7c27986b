//! The only unsafe code of the store: opening LMDB, removing one of its databases, and
//! mapping the files of segments.

use std::fs::File;
use std::io;
use std::path::Path;

use heed::{Database, Env, EnvFlags, EnvOpenOptions, RwTxn, WithoutTls};
use memmap2::Mmap;

use crate::Options;

/// Named databases in the environment: `meta`, and the generations of the log. There are
/// two while a merge runs, and one more for each merge that a kill cut short.
const DATABASES: u32 = 1024;

/// Opens the LMDB environment in `dir`, which must exist.
pub(super) fn open_lmdb(dir: &Path, options: &Options) -> heed::Result<Env<WithoutTls>> {
    let mut lmdb = EnvOpenOptions::new().read_txn_without_tls();
    lmdb.map_size(options.map_size.next_multiple_of(1 << 16)).max_dbs(DATABASES);
    if !options.durable {
        // SAFETY: without syncing only a crash of the machine can damage the file, and
        // the caller asked for that.
        unsafe { lmdb.flags(EnvFlags::NO_SYNC) };
    }
    // SAFETY: LMDB maps the file, so nobody else may change or shorten it. This process
    // holds the exclusive lock of the data directory, opens the environment once, and
    // changes the file through LMDB alone. The map keeps its size as long as it is open.
    unsafe { lmdb.open(dir) }
}

/// Removes a database, rows and name.
pub(super) fn remove_database<K, V>(txn: &mut RwTxn<'_>, database: Database<K, V>) -> heed::Result<()> {
    // SAFETY: the handle was opened in this transaction for this call, so that nobody
    // else can use it afterwards.
    unsafe { database.remove(txn) }
}

/// Maps the whole of a file of a segment for reading.
pub(super) fn map_file(file: &File) -> io::Result<Mmap> {
    // SAFETY: nobody may change the file as long as it is mapped. It is made read-only
    // when it is finished, before it is mapped for the first time; Birdbox never
    // writes to it again, and removing its name does not change it.
    unsafe { Mmap::map(file) }
}
