//! What a run of the tests leaves behind for `cargo xtask secrets`: with `KEEP_TEST_RUN`,
//! a folder, data directories stay in it, servers log there as finely as they can, and each
//! secret that a test makes or meets is noted. Without it nothing is left.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

/// The shortest text that is noted: a shorter one stands everywhere.
const SHORTEST: usize = 8;

/// A folder of the run, if it is to be kept.
fn folder(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("KEEP_TEST_RUN")?).join(name);
    fs::create_dir_all(&folder).unwrap();
    Some(folder)
}

/// A file of the run that nobody else writes.
fn file(folder_name: &str) -> Option<File> {
    static FILES: AtomicU64 = AtomicU64::new(0);
    let name = format!("{}-{}", std::process::id(), FILES.fetch_add(1, Ordering::Relaxed));
    Some(File::create(folder(folder_name)?.join(name)).unwrap())
}

/// A directory of a test, which is gone with it if the run is not to be kept.
pub(crate) fn dir() -> TempDir {
    match folder("data") {
        Some(folder) => tempfile::Builder::new().disable_cleanup(true).tempdir_in(folder).unwrap(),
        None => tempfile::tempdir().unwrap(),
    }
}

/// Where a server logs, if the run is to be kept.
pub(crate) fn log() -> Option<File> {
    file("logs")
}

/// Notes a secret of some kind.
pub(crate) fn secret(kind: &str, text: &str) {
    let is_pin = kind == "pin";
    if (text.len() < SHORTEST && !is_pin) || text.contains(['\n', '\t']) {
        return;
    }
    let Some(folder) = folder("secrets") else { return };
    let path = folder.join(std::process::id().to_string());
    let mut notes = OpenOptions::new().create(true).append(true).open(path).unwrap();
    // One write, so that lines of several threads do not mix.
    notes.write_all(format!("{kind}\t{text}\n").as_bytes()).unwrap();
}

/// Keeps what was said to somebody who asked why a request was refused.
pub(crate) fn explained(text: &str) {
    if let Some(mut file) = file("explained") {
        file.write_all(text.as_bytes()).unwrap();
    }
}
