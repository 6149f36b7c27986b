//! Writes a file on a thread of its own, so that what is to be written next can be made
//! meanwhile: copying into the page cache and waiting for the disk take as long as the rest
//! of a merge.

use std::fs::File;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// What is written at once, from a multiple of this on: as much as a huge page, so that the
/// system can keep the file in such and map it so. Lookups at random places of a large file
/// are faster then.
const BUFFER: usize = 2 << 20;

/// The disk is told to begin after so many bytes, so that the commits of others do not
/// have to wait for gigabytes at the end.
const SYNC_EVERY: usize = 64 << 20;

/// A file that is being written from front to back.
pub(super) struct WriteBehind {
    buffer: Vec<u8>,
    full: SyncSender<Vec<u8>>,
    empty: Receiver<Vec<u8>>,
    thread: JoinHandle<io::Result<File>>,
}

impl WriteBehind {
    /// Takes over `file`. A `durable` one reaches the disk while it is written.
    pub(super) fn new(file: File, durable: bool) -> io::Result<Self> {
        let (full, filled) = sync_channel(2);
        let (used, empty) = sync_channel(2);
        let thread = thread::Builder::new()
            .name("store-write".to_owned())
            .spawn(move || write(file, durable, &filled, &used))?;
        Ok(Self { buffer: Vec::with_capacity(BUFFER), full, empty, thread })
    }

    /// Appends bytes. An error of the disk may show later, at the latest in [`Self::finish`].
    pub(super) fn write(&mut self, mut bytes: &[u8]) {
        while let Some((first, rest)) = bytes.split_at_checked(BUFFER - self.buffer.len()) {
            self.buffer.extend_from_slice(first);
            bytes = rest;
            let next = self.empty.try_recv().unwrap_or_else(|_| Vec::with_capacity(BUFFER));
            // It is gone only after an error, which `finish` tells.
            _ = self.full.send(std::mem::replace(&mut self.buffer, next));
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Waits until all bytes are written, and gives the file back.
    pub(super) fn finish(self) -> io::Result<File> {
        let Self { buffer, full, thread, .. } = self;
        _ = full.send(buffer);
        drop(full);
        thread.join().unwrap_or_else(|_| Err(io::Error::other("the thread that writes has ended")))
    }
}

fn write(mut file: File, durable: bool, filled: &Receiver<Vec<u8>>, used: &SyncSender<Vec<u8>>) -> io::Result<File> {
    let mut unsynced = 0;
    for mut buffer in filled {
        file.write_all(&buffer)?;
        unsynced += buffer.len();
        if durable && unsynced >= SYNC_EVERY {
            file.sync_data()?;
            unsynced = 0;
        }
        buffer.clear();
        // With enough of them at hand it is freed.
        _ = used.try_send(buffer);
    }
    Ok(file)
}
