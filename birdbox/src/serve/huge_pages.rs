//! Lets the system map the files of the store in huge pages.
//!
//! The allocator switches huge pages off for the whole process when it starts, since with
//! them the memory of idle connections grows twofold. That is so only where every process
//! gets them unasked; elsewhere the switch would keep them from mapped files alone, where
//! they save a part of each lookup at a random place.

use std::fs;

use rustix::thread::disable_transparent_huge_pages;

/// What the system does for those that do not ask, on Linux.
const POLICY: &str = "/sys/kernel/mm/transparent_hugepage/enabled";

/// Takes back what the allocator did, unless anonymous memory would get huge pages too.
pub(super) fn allow_for_files() {
    let policy = fs::read_to_string(POLICY).unwrap_or_default();
    if policy.contains("[madvise]") || policy.contains("[never]") {
        // Without them everything works as well.
        _ = disable_transparent_huge_pages(false);
    }
}
