//! The only unsafe code of the store: opening LMDB, removing one of its databases,
//! mapping the files of segments and the words of the ledger, fetching lines of them ahead and
//! checking them, and hearing of what of them cannot be read.

use std::fs::File;
use std::io;
use std::path::Path;
use std::slice;
use std::sync::atomic::AtomicU64;

use heed::{Database, Env, EnvFlags, EnvOpenOptions, RwTxn, WithoutTls};
use memmap2::{Mmap, MmapOptions, MmapRaw};

use crate::Options;
use crate::embedded::bus_error;
use crate::holes::fill_holes;

/// Named databases in the environment: `meta`, and the generations of the log. There are
/// two while a merge runs, and one more for each merge that a kill cut short.
const DATABASES: u32 = 1024;

/// Reads of the log at one time: more than there are threads that read.
const READERS: u32 = 4096;

/// LMDB's file of those who read.
pub(crate) const LOCK_FILE: &str = "lock.mdb";

/// Its length: a line of 64 bytes for each reader, and a page for LMDB's head, which has three such
/// lines. Were it less, LMDB would make a hole of the rest.
pub(crate) const LOCK_BYTES: u64 = READERS as u64 * 64 + (4 << 10);

/// Opens the LMDB environment in `dir`, which must exist.
pub(crate) fn open_lmdb(dir: &Path, options: &Options) -> heed::Result<Env<WithoutTls>> {
    let mut lmdb = EnvOpenOptions::new().read_txn_without_tls();
    lmdb.map_size(options.map_size.next_multiple_of(1 << 16)).max_dbs(DATABASES).max_readers(READERS);
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
pub(crate) fn open_lmdb_to_read(dir: &Path) -> heed::Result<Env<WithoutTls>> {
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
pub(crate) fn remove_database<K, V>(txn: &mut RwTxn<'_>, database: Database<K, V>) -> heed::Result<()> {
    // SAFETY: the handle was opened in this transaction for this call, so that nobody
    // else can use it afterwards.
    unsafe { database.remove(txn) }
}

/// Maps the whole of a file of a segment for reading.
pub(crate) fn map_file(file: &File) -> io::Result<Mmap> {
    // SAFETY: nobody may change the file as long as it is mapped. It is made read-only
    // when it is finished, before it is mapped for the first time; Birdbox never
    // writes to it again, and removing its name does not change it.
    unsafe { Mmap::map(file) }
}

/// Lets the processor fetch the line of memory in which `bytes` begin, without waiting for it.
#[inline]
pub(crate) fn fetch(bytes: &[u8]) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, which reads nothing and cannot fault. Every x86-64 processor has it.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(bytes.as_ptr().cast::<i8>());
    }
    // Elsewhere the language has no such hint yet; reading the byte is nearly as good.
    #[cfg(not(target_arch = "x86_64"))]
    std::hint::black_box(bytes.first());
}

/// Up to so many bytes the instruction alone is faster than the crate, which goes on in three places
/// of long ones side by side.
const SHORT: usize = 512;

/// The CRC-32C of a number and of bytes, that goes on from `seed`. A page of a thousand users
/// checks thousands of lines and records; for such lengths the crate spends more time on finding
/// out how they are aligned.
#[inline]
pub(crate) fn checksum(seed: u32, number: u64, bytes: &[u8]) -> u32 {
    #[cfg(target_arch = "x86_64")]
    if bytes.len() <= SHORT && std::arch::is_x86_feature_detected!("sse4.2") {
        // SAFETY: this processor has the instruction.
        return unsafe { checksum_of_short(seed, number, bytes) };
    }
    crc32c::crc32c_append(crc32c::crc32c_append(seed, &number.to_le_bytes()), bytes)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse4.2")]
fn checksum_of_short(seed: u32, number: u64, bytes: &[u8]) -> u32 {
    use std::arch::x86_64::{_mm_crc32_u8, _mm_crc32_u32, _mm_crc32_u64};
    let (words, rest) = bytes.as_chunks::<8>();
    let crc = _mm_crc32_u64(u64::from(!seed), number);
    let crc = words.iter().fold(crc, |crc, word| _mm_crc32_u64(crc, u64::from_le_bytes(*word))) as u32;
    let (halves, rest) = rest.as_chunks::<4>();
    let crc = halves.iter().fold(crc, |crc, half| _mm_crc32_u32(crc, u32::from_le_bytes(*half)));
    !rest.iter().fold(crc, |crc, byte| _mm_crc32_u8(crc, *byte))
}

/// A file as words that threads share. What is written to a word is in the page cache at
/// once, where it outlives this process however that ends.
#[derive(Debug)]
pub(crate) struct SharedWords {
    map: MmapRaw,
    count: usize,
}

impl SharedWords {
    /// Maps the first `count` words of a file, which has as many. Nobody else has it open.
    pub(crate) fn map(file: &File, count: usize) -> io::Result<Self> {
        let bytes = count.checked_mul(size_of::<AtomicU64>()).filter(|&bytes| bytes > 0);
        let bytes = bytes.ok_or(io::ErrorKind::InvalidInput)?;
        if file.metadata()?.len() < bytes as u64 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        fill_holes(file)?;
        Ok(Self { map: MmapOptions::new().len(bytes).map_raw(file)?, count })
    }

    /// The words.
    pub(crate) fn words(&self) -> &[AtomicU64] {
        // SAFETY: the map has room for `count` words, begins at a page and lives as long as
        // `self`. Any bytes are an `AtomicU64`, and this program reads and writes them as such
        // alone. No other process writes to the file: the lock on it is held until the map is
        // gone.
        unsafe { slice::from_raw_parts(self.map.as_ptr().cast::<AtomicU64>(), self.count) }
    }

    /// Waits until the first `count` words are on disk.
    pub(crate) fn flush(&self, count: usize) -> io::Result<()> {
        self.map.flush_range(0, count.min(self.count) * size_of::<AtomicU64>())
    }
}

/// A write beyond the limit on the size of files fails like one to a full disk, and does not end the
/// process.
pub(crate) fn on_large_files() -> io::Result<()> {
    // SAFETY: what is called does nothing.
    unsafe { signal_hook_registry::register(libc::SIGXFSZ, || ()) }.map(drop)
}

/// Lets [`bus_error::end`] end the process when a part of a mapped file cannot be read.
pub(crate) fn on_bus_error() -> io::Result<()> {
    let act = |about: &libc::siginfo_t| {
        // SAFETY: the system sets the address for a fault; for a signal that another program
        // sent this is some other number, which is only compared.
        let address = unsafe { about.si_addr() };
        bus_error::end(address.addr())
    };
    // SAFETY: what is called asks for no memory, waits for no lock and does not come back.
    unsafe { signal_hook_registry::register_sigaction(libc::SIGBUS, act) }.map(drop)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn short_and_long_bytes_have_the_checksum_that_the_crate_gives(
            seed in any::<u32>(), number in any::<u64>(), bytes in prop::collection::vec(any::<u8>(), 0..2 * SHORT),
        ) {
            let slow = crc32c::crc32c_append(crc32c::crc32c_append(seed, &number.to_le_bytes()), &bytes);
            prop_assert_eq!(checksum(seed, number, &bytes), slow);
        }
    }
}
