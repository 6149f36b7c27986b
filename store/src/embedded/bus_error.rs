//! The end of a process that meets a part of a mapped file which the disk cannot give: a
//! bad sector, or a file that somebody made shorter. It says in one line which file.
//!
//! The system tells of this by a signal, so everything at the end is what a handler of
//! signals may do: no memory is asked for and no lock is waited for.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::process;
use std::sync::{OnceLock, PoisonError, RwLock};

use crate::unsafe_io::{on_bus_error, on_large_files};

/// Files that are mapped: their addresses, and the line to end with.
static FILES: RwLock<Vec<(usize, usize, Vec<u8>)>> = RwLock::new(Vec::new());
static STDERR: OnceLock<File> = OnceLock::new();

/// LMDB does not say where it maps its files; those and two others are not in the list.
const IN_PLACE: &[u8] = b"birdbox: log/data.mdb in the data directory, or log/lock.mdb, ledger or balances there, \
    was damaged or cut short, or its disk is full; look what is left with: birdbox verify\n";
/// While the list changes.
const SOME_FILE: &[u8] =
    b"birdbox: a part of a file in the data directory cannot be read; look which with: birdbox verify\n";

/// From now on the process ends with a line, and goes on where a file has grown to its limit.
pub(super) fn listen() -> io::Result<()> {
    if STDERR.get().is_none() {
        let stderr = File::from(io::stderr().as_fd().try_clone_to_owned()?);
        if STDERR.set(stderr).is_ok() {
            return on_bus_error().and_then(|()| on_large_files());
        }
    }
    Ok(())
}

/// Knows a file, until [`forget`].
pub(super) fn know(map: &[u8], path: &Path) {
    let path = path.display();
    let line = format!("birdbox: {path}: a part of it cannot be read; look what is left with: birdbox verify\n");
    let begin = map.as_ptr().addr();
    FILES.write().unwrap_or_else(PoisonError::into_inner).push((begin, begin + map.len(), line.into_bytes()));
}

/// Does not know the file any more, which is about to be unmapped.
pub(super) fn forget(map: &[u8]) {
    let begin = map.as_ptr().addr();
    FILES.write().unwrap_or_else(PoisonError::into_inner).retain(|(first, ..)| *first != begin);
}

/// Ends the process, which could not read what is at `address`.
pub(crate) fn end(address: usize) -> ! {
    if let Some(mut stderr) = STDERR.get() {
        // There is nobody else to tell when this fails.
        _ = match FILES.try_read() {
            Ok(files) => {
                let file = files.iter().find(|(begin, end, _)| (*begin..*end).contains(&address));
                stderr.write_all(file.map_or(IN_PLACE, |(_, _, line)| line))
            }
            Err(_) => stderr.write_all(SOME_FILE),
        };
    }
    process::abort()
}
