//! What a kill would leave of a store: its files as they are at one instant.

use std::fs;
use std::io;
use std::path::Path;

use store::Store;
use tempfile::TempDir;

/// Copies the directory of a store that goes on, perhaps in the middle of a merge. While
/// nobody waits for an answer, only the end of a merge writes into files that are there: then
/// the copy is made again.
pub(crate) fn copy(store: &Store) -> TempDir {
    loop {
        let to = tempfile::tempdir().unwrap();
        let before = store.stats();
        let copied = copy_dir(store.data_dir().path(), to.path());
        let after = store.stats();
        if copied.is_ok()
            && (before.merges, before.generation, before.log_rows) == (after.merges, after.generation, after.log_rows)
        {
            return to;
        }
    }
}

fn copy_dir(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_dir() {
            fs::create_dir(&to)?;
            copy_dir(&from, &to)?;
        } else if kind.is_file() {
            fs::copy(from, to)?;
        }
    }
    Ok(())
}
