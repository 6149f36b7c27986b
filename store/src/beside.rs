//! Files in a data directory that can be made again at any time: what programs are told to trust,
//! for example. They are written beside the server that uses the directory, and belong to no
//! backup.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{DataDir, OpenError};

impl DataDir {
    /// Keeps a file that can be made again at any time, such as what clients are told to trust,
    /// and gives its absolute path. This asks nothing of the directory, so it also works beside
    /// the server that uses it; a file that holds these bytes already is left alone.
    ///
    /// # Errors
    /// [`OpenError`] when the file cannot be written.
    pub fn keep_beside(dir: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, OpenError> {
        let io_error = |error| OpenError::from_io(&dir.join(name), error);
        let path = std::path::absolute(dir.join(name)).map_err(io_error)?;
        if fs::read(&path).is_ok_and(|held| held == bytes) {
            return Ok(path);
        }
        // Two that write at once must not write into one draft.
        let draft = dir.join(format!("{name}.{}.new", std::process::id()));
        fs::write(&draft, bytes).and_then(|()| fs::rename(&draft, &path)).map_err(io_error)?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_when_it_changes_and_leaves_no_draft() {
        let dir = tempfile::tempdir().unwrap();
        for bytes in [&b"one"[..], b"one", b"two"] {
            let path = DataDir::keep_beside(dir.path(), "file", bytes).unwrap();
            assert_eq!(fs::read(&path).unwrap(), bytes);
            assert!(path.is_absolute());
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(DataDir::keep_beside(&dir.path().join("missing"), "file", b"").is_err());
    }
}
