//! The only unsafe code of the store: opening LMDB, removing one of its databases, mapping
//! the files of segments, and hearing of what of them cannot be read.

use std::fs::File;
use std::io;
use std::path::Path;

use heed::{Database, Env, EnvFlags, EnvOpenOptions, RwTxn, WithoutTls};
use memmap2::Mmap;

use super::bus_error;
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

/// Opens the LMDB environment in `dir` without changing anything there.
pub(super) fn open_lmdb_to_read(dir: &Path) -> heed::Result<Env<WithoutTls>> {
    let mut lmdb = EnvOpenOptions::new().read_txn_without_tls();
    lmdb.map_size(Options::default().map_size).max_dbs(DATABASES);
    // SAFETY: as below; without LMDB's own lock nobody else may write meanwhile, which the
    // lock of the data directory sees to.
    unsafe { lmdb.flags(EnvFlags::READ_ONLY | EnvFlags::NO_LOCK) };
    // SAFETY: LMDB maps the file, so nobody may change or shorten it. This process holds the
    // exclusive lock of the data directory, or has just written the file itself.
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

/// Lets [`bus_error::end`] end the process when a part of a mapped file cannot be read.
pub(super) fn on_bus_error() -> io::Result<()> {
    let act = |about: &libc::siginfo_t| {
        // SAFETY: the system sets the address for a fault; for a signal that another program
        // sent this is some other number, which is only compared.
        let address = unsafe { about.si_addr() };
        bus_error::end(address.addr())
    };
    // SAFETY: what is called asks for no memory, waits for no lock and does not come back.
    unsafe { signal_hook_registry::register_sigaction(libc::SIGBUS, act) }.map(drop)
}
