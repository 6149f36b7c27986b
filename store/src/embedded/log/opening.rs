//! How a log is opened, or made: LMDB, the journal beside it, and what a killed process left there.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use heed::{Env, WithoutTls};

use super::{Log, generation_missing};
use crate::data_dir::{BALLAST_FILE, DataDir, make_dir, sync_dir};
use crate::embedded::ballast::Ballast;
use crate::embedded::codec::Row;
use crate::embedded::databases::{
    Meta, check_file, make_manifest, open_error, open_meta, open_rows, open_tables, read_manifest, read_next_row,
    read_salt,
};
use crate::embedded::identity::Tables;
use crate::embedded::journal::{Journal, Waiting};
use crate::embedded::manifest::Manifest;
use crate::embedded::room::Room;
use crate::holes::fill_holes;
use crate::unsafe_io::{LOCK_BYTES, LOCK_FILE, open_lmdb};
use crate::{OpenError, Options};

impl Log {
    /// Opens the log of a data directory, and makes it in a directory that is not
    /// finished yet.
    pub(in crate::embedded) fn open(dir: &DataDir, options: &Options) -> Result<Self, OpenError> {
        let path = dir.log_dir();
        let file = Self::file_in(dir);
        if dir.is_finished() {
            check_file(&file)?;
        } else {
            make_dir(&path, dir.path())?;
        }
        let locks = path.join(LOCK_FILE);
        let mut ballast = Ballast::find(dir.path());
        write_out_locks(&locks, &mut ballast).map_err(|error| OpenError::from_io(&locks, error))?;
        let env = open_lmdb(&path, options).map_err(|error| open_error(&file, error))?;
        if options.durable {
            // A kill may have come before the disk had what is read now, and files that it
            // does not name are removed next.
            env.force_sync().map_err(|error| open_error(&file, error))?;
        }
        let manifest = if dir.is_finished() {
            read_manifest(&env, &file)?
        } else {
            let manifest = make_manifest(&env).map_err(|error| open_error(&file, error))?;
            sync_dir(&path).map_err(|error| OpenError::from_io(&path, error))?;
            manifest
        };
        let meta = open_meta(&env).map_err(|error| open_error(&file, error))?;
        let meta = meta.ok_or_else(|| generation_missing(&file))?;
        let rows = open_rows(&env, manifest.generation).map_err(|error| open_error(&file, error))?;
        let rows = rows.ok_or_else(|| generation_missing(&file))?;
        let limit = env.info().map_size as u64;
        let mut room = Room::open(&file, limit).map_err(|error| OpenError::from_io(&file, error))?;
        let tables = open_tables(&env, &mut room).map_err(|error| open_error(&file, error))?;
        let tables = Tables::new(tables, &file);
        let (next_row, journal) = open_journal(dir, &env, meta, &manifest, options.durable)?;
        let (buffer, lent) = (Vec::new(), None);
        let mut log = Self { env, meta, rows, tables, manifest, next_row, journal, room, ballast, file, buffer, lent };
        log.begin_journal().map_err(|error| OpenError::from_append(&log.file, &error))?;
        log.ballast.restore().map_err(|error| OpenError::from_io(&dir.path().join(BALLAST_FILE), error))?;
        Ok(log)
    }
}

/// LMDB maps the file of those who read, and would leave it for the disk to find room when one of
/// them comes: where there is none, that ends the process.
fn write_out_locks(path: &Path, ballast: &mut Ballast) -> io::Result<()> {
    // Nobody else has it open: who opens a log has locked its directory.
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
    let write = || {
        if file.metadata()?.len() < LOCK_BYTES {
            file.set_len(LOCK_BYTES)?;
        }
        fill_holes(&file)
    };
    match write() {
        Err(error) if error.kind() == ErrorKind::StorageFull && ballast.give_up()? => write(),
        written => written,
    }
}

/// The journal, in which rows wait that a killed process left, and the number of the row after them.
/// A directory of an earlier format gets one.
fn open_journal(
    dir: &DataDir,
    env: &Env<WithoutTls>,
    meta: Meta,
    manifest: &Manifest,
    durable: bool,
) -> Result<(u64, Journal), OpenError> {
    let (path, log) = (Log::journal_in(dir), Log::file_in(dir));
    let wrong = |error| OpenError::from_io(&path, error);
    let salt = read_salt(env, meta, &log)?;
    let (next, waiting) = if dir.has_journal() {
        let next = Row { generation: manifest.generation, number: read_next_row(env, meta, &log)? };
        let left = Waiting::left_in(&path, salt, next)?;
        (next.number + left.count(), left)
    } else {
        Journal::make(&path, durable).and_then(|()| sync_dir(&dir.log_dir())).map_err(wrong)?;
        (manifest.first_row, Waiting::default())
    };
    Ok((next, Journal::open(&path, waiting, salt, durable).map_err(wrong)?))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    fn is_written_out(path: &Path) -> bool {
        let about = fs::metadata(path).unwrap();
        about.len() == LOCK_BYTES && about.blocks() * 512 >= about.len()
    }

    #[test]
    fn the_file_of_those_who_read_has_all_of_its_room() {
        let dir = tempfile::tempdir().unwrap();
        let locks = dir.path().join("log").join(LOCK_FILE);
        let open = || crate::Store::open(dir.path(), &Options { durable: false, ..Options::default() }).unwrap();
        open().close();
        // LMDB found it long enough.
        assert!(is_written_out(&locks));
        // As LMDB makes it.
        OpenOptions::new().write(true).truncate(true).open(&locks).unwrap().set_len(LOCK_BYTES - 4096).unwrap();
        assert!(!is_written_out(&locks));
        open().close();
        assert!(is_written_out(&locks));
    }
}
