//! The order in which a merge reaches the disk, seen in a trace of its system calls: a
//! directory that is not synced is lost in few power cuts only.
//!
//! Every file of a segment is synced after its last write, then the directory, then the
//! manifest names them, and only after that may old files go.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::Writer;
use super::trace::{Call, Event, events};

const CALLS: &str = "trace=openat,write,writev,pwrite64,pwritev,fsync,fdatasync,unlink,unlinkat,rename";
const LOG: &str = "/log/data.mdb";
const SEGMENTS: &str = "/segments";

pub(super) fn check(writer: &Writer) -> Result<usize> {
    let folder = tempfile::tempdir_in(&writer.near)?;
    let trace = folder.path().join("trace");
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-qq", "-s", "0", "-e", CALLS, "-o"]).arg(&trace);
    let done = command.arg(&writer.program).arg("merge").arg(folder.path().join("data")).output()?;
    ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr).trim_end());
    let text = fs::read_to_string(&trace)?;
    let mut order = Order::default();
    for event in events(&text) {
        order.see(&event).with_context(|| format!("at {event:?}"))?;
    }
    ensure!(order.removed > 0, "the trace shows no merge");
    Ok(1)
}

/// What the disk has and what it has not.
#[derive(Default)]
struct Order {
    /// Files of segments with writes that no sync followed.
    unsynced: HashSet<String>,
    /// Files that were clean when a sync began, which counts when it ends.
    syncing: HashSet<String>,
    /// Files whose names no sync of the directory followed.
    unnamed: HashSet<String>,
    /// The number of the newest files that were made, and of those that had their names when
    /// the log was last written.
    newest: u64,
    committed: u64,
    /// Handles whose writes wait for the disk by themselves.
    synchronous: HashMap<String, bool>,
    removed: usize,
}

impl Order {
    fn see(&mut self, event: &Event<'_>) -> Result<()> {
        match event {
            Event::Begins(call) => self.begins(call),
            Event::Ends(call) => {
                self.ends(call);
                Ok(())
            }
        }
    }

    fn begins(&mut self, call: &Call<'_>) -> Result<()> {
        let path = call.path().unwrap_or_default();
        match call.name {
            "write" | "writev" | "pwrite64" | "pwritev" if path.ends_with(LOG) => {
                ensure!(self.unsynced.is_empty(), "the log is written before {:?} are on the disk", self.unsynced);
                ensure!(self.unnamed.is_empty(), "the log is written before the names of {:?} are", self.unnamed);
            }
            "write" | "writev" | "pwrite64" | "pwritev" if in_segments(path) => {
                self.syncing.remove(path);
                self.unsynced.insert(path.to_owned());
            }
            "fsync" | "fdatasync" => _ = self.syncing.insert(path.to_owned()),
            "unlink" | "unlinkat" if call.named().is_some_and(in_segments) => {
                let replaced = call.named().and_then(number).is_some_and(|number| number < self.committed);
                ensure!(replaced, "a file goes before the manifest is on the disk");
                self.removed += 1;
            }
            _ => {}
        }
        Ok(())
    }

    fn ends(&mut self, call: &Call<'_>) {
        let path = call.path().unwrap_or_default();
        let handle = call.handle().unwrap_or_default();
        match call.name {
            "openat" => {
                self.synchronous.insert(handle.to_owned(), call.arguments.contains("SYNC"));
                if call.arguments.contains("O_CREAT") && in_segments(path) {
                    self.unnamed.insert(path.to_owned());
                    self.newest = self.newest.max(number(path).unwrap_or_default());
                }
            }
            "write" | "writev" | "pwrite64" | "pwritev"
                if path.ends_with(LOG) && self.synchronous.get(handle) == Some(&true) =>
            {
                self.committed = self.newest;
            }
            "fsync" | "fdatasync" if call.result.starts_with('0') && self.syncing.remove(path) => {
                self.unsynced.remove(path);
                if path.ends_with(SEGMENTS) {
                    self.unnamed.clear();
                }
            }
            _ => {}
        }
    }
}

/// Whether it is the path of a file of a segment. Files without a name are shown with a
/// number in its place.
fn in_segments(path: &str) -> bool {
    path.rsplit_once('/').is_some_and(|(dir, name)| dir.ends_with(SEGMENTS) && !name.starts_with('#'))
}

/// The number of a file of a segment.
fn number(path: &str) -> Option<u64> {
    path.rsplit_once('-')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = "1 openat(AT_FDCWD, \"d/segments/user-ids-2\", O_WRONLY|O_CREAT) = 8</d/segments/user-ids-2>\n\
        1 openat(AT_FDCWD, \"d/log/data.mdb\", O_WRONLY|O_DSYNC) = 6</d/log/data.mdb>\n\
        1 write(8</d/segments/user-ids-2>, \"\"..., 64) = 64\n\
        1 fsync(8</d/segments/user-ids-2>) = 0\n\
        1 fsync(9</d/segments>) = 0\n\
        2 pwrite64(6</d/log/data.mdb>, \"\"..., 120, 32) = 120\n\
        3 unlink(\"/d/segments/user-ids-1\") = 0\n";

    fn check(trace: &str) -> Result<usize> {
        let mut order = Order::default();
        events(trace).iter().try_for_each(|event| order.see(event))?;
        Ok(order.removed)
    }

    #[test]
    fn a_sync_that_is_missing_or_late_is_seen() {
        assert_eq!(check(RIGHT).unwrap(), 1);
        let lines: Vec<&str> = RIGHT.lines().collect();
        for missing in [3, 4, 5] {
            let mut lines = lines.clone();
            lines.remove(missing);
            check(&lines.join("\n")).unwrap_err();
        }
    }
}
