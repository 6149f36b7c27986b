//! The only unsafe code of the store: opening LMDB.

use std::path::Path;

use heed::{Env, EnvFlags, EnvOpenOptions, WithoutTls};

use crate::Options;

/// Named databases in the environment: `meta`, and the log of two generations while
/// one is replaced by the next.
const DATABASES: u32 = 4;

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
