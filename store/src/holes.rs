//! Holes of files: parts that were never written, for which the disk has no blocks yet.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};

/// The unit in which a file system counts what a file takes.
const BLOCK: u64 = 512;

/// Written at once.
const PIECE: usize = 64 << 10;

/// Gives a file that is written in place the blocks that it has not, such as one that was copied
/// without its zeros: a full disk could give none later, when there is nobody left to tell. What it
/// holds stays. File systems that store no zeros, or write each block to a new place, have holes even
/// so.
pub(crate) fn fill_holes(file: &File) -> io::Result<()> {
    let about = file.metadata()?;
    if about.blocks().saturating_mul(BLOCK) >= about.len() {
        return Ok(());
    }
    let mut piece = vec![0; PIECE];
    for at in (0..about.len()).step_by(PIECE) {
        let there = piece.get_mut(..PIECE.min((about.len() - at) as usize)).unwrap_or_default();
        file.read_exact_at(there, at)?;
        file.write_all_at(there, at)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn holes_are_filled_and_what_is_there_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sparse");
        let file = File::options().read(true).write(true).create_new(true).open(&path).unwrap();
        file.set_len(3 * PIECE as u64 + 1000).unwrap();
        file.write_all_at(b"in the middle", PIECE as u64 + 4090).unwrap();
        let (before, on_disk) = (fs::read(&path).unwrap(), || file.metadata().unwrap().blocks() * BLOCK);
        assert!(on_disk() < before.len() as u64);
        fill_holes(&file).unwrap();
        assert!(on_disk() >= before.len() as u64);
        assert!(fs::read(&path).unwrap() == before);
    }
}
