//! Brings segments into memory in the order in which they lie on the disk.
//!
//! Random reads of a cold file are five times slower. What is read here lies in huge pages after
//! that, which reads of random places find sooner. Where memory is too short for all of it nothing
//! is done: the system then keeps what is asked for most.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use super::segment::{SegmentFile, Segments};

/// So much at once, so that a close does not wait long.
const STEP: usize = 16 << 20;

pub(super) fn warm(segments: &Segments, cancelled: &AtomicBool) {
    let bytes: u64 = segments.each().map(SegmentFile::len).sum();
    if available().is_none_or(|available| bytes > available) {
        return;
    }
    for file in segments.each() {
        file.ask_for_huge_pages();
        let len = usize::try_from(file.len()).unwrap_or(usize::MAX);
        for begin in (0..len).step_by(STEP) {
            let end = len.min(begin + STEP);
            // Systems that cannot do it read on demand.
            if cancelled.load(Ordering::Relaxed) || file.populate(begin..end).is_err() {
                return;
            }
        }
    }
}

/// Bytes of memory that could be used without swapping.
fn available() -> Option<u64> {
    let about = fs::read_to_string("/proc/meminfo").ok()?;
    let line = about.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib << 10)
}
