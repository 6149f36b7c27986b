//! Backups: a data directory that holds the state of one instant.
//!
//! The segments are pinned and LMDB is copied in one read transaction, beside the
//! writer. If a merge ended in between, the copy names other segments, and it is made
//! again. Segments are linked, since they never change. `FORMAT` comes last: without it
//! a directory is not taken for a backup.

use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use heed::CompactionOption;
use thiserror::Error;

use super::Embedded;
use super::codec::Row;
use super::databases::{check_file, open_error, open_meta, read_manifest, read_next_row, read_salt};
use super::journal::{Journal, Waiting};
use super::log::Log;
use super::segment::Files;
use crate::data_dir::{
    FORMAT_FILE, JOURNAL_FILE, KEY_FILE, LEDGER_MARK_FILE, LIMITS_FILE, LOG_DIR, LOG_FILE, SEGMENTS_DIR, make_dir,
    read_format, sync_dir, write_durably,
};
use crate::unsafe_io::open_lmdb_to_read;
use crate::{ChangeError, DataDir, OpenError};

/// Files beside log and segments, with their modes. The ledger is not among them, since it
/// goes on to change; its mark tells the directory that a copy becomes that nonces are missing.
const SMALL: [(&str, u32); 3] = [(KEY_FILE, 0o600), (LIMITS_FILE, 0o644), (LEDGER_MARK_FILE, 0o644)];

/// `FORMAT` on its way.
const DRAFT: &str = "FORMAT.backup";
/// So often a merge may end while LMDB is copied.
const ATTEMPTS: usize = 100;

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Files.
    pub files: u64,
    /// Their bytes, whether linked or copied.
    pub bytes: u64,
}

/// Why there is no backup, or none was restored.
#[derive(Debug, Error)]
pub enum BackupError {
    /// Something is there.
    #[error("{}: is not empty; give a new or an empty directory", .dir.display())]
    NotEmpty {
        /// Where the copy should go.
        dir: PathBuf,
    },
    /// A data directory keeps nothing but its own files.
    #[error("{}: lies in the data directory {}; give a directory elsewhere", .dir.display(), .data.display())]
    Inside {
        /// Where the copy should go.
        dir: PathBuf,
        /// The data directory around it.
        data: PathBuf,
    },
    /// The directory above the target is missing.
    #[error("{}: the directory above it does not exist; make it first", .dir.display())]
    MissingParent {
        /// Where the copy should go.
        dir: PathBuf,
    },
    /// What should be restored is not a whole backup.
    #[error("{}: not a whole backup ({reason}); take another one", .dir.display())]
    NotWhole {
        /// The backup.
        dir: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// Merges ended faster than LMDB could be copied.
    #[error("merges went on all the time, so that no copy was whole; try again later")]
    Busy,
    /// What was acknowledged last cannot be put into LMDB, which is copied.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// A directory or a file in it cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl BackupError {
    fn io(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        move |source| OpenError::from_io(path, source).into()
    }

    /// Whether giving another directory would help.
    #[must_use]
    pub fn is_input(&self) -> bool {
        match self {
            Self::NotEmpty { .. } | Self::Inside { .. } | Self::MissingParent { .. } | Self::NotWhole { .. } => true,
            Self::Open(error) => error.is_input(),
            Self::Busy | Self::Change(_) => false,
        }
    }
}

impl Embedded {
    pub(crate) fn backup(&self, to: &Path) -> Result<Copied, BackupError> {
        let target = Target::begin(to)?;
        let copy = target.log();
        for _ in 0..ATTEMPTS {
            // Files that a merge replaces stay until these are dropped.
            let before = self.0.published.read().segments.clone();
            let waits = self.settle_or_stopped()?;
            self.copy_lmdb(&copy)?;
            let after = self.0.published.read().segments.clone();
            let files = files_of(&target.dir.join(LOG_DIR))?;
            if [&before, &after].iter().any(|pinned| pinned.files == files) {
                let journal = target.journal();
                if waits {
                    copy_journal(&Log::journal_in(self.data_dir()), &journal)?;
                } else {
                    Journal::make(&journal, true).map_err(BackupError::io(&journal))?;
                }
                return target.finish(self.data_dir().path(), &files);
            }
        }
        Err(BackupError::Busy)
    }

    /// Lets LMDB take in what waits in the journal. Whether it still waits there: after a failed write
    /// nothing is written any more, and so neither of the two changes.
    fn settle_or_stopped(&self) -> Result<bool, BackupError> {
        match self.settle() {
            Ok(()) => Ok(false),
            Err(ChangeError::Stopped { .. }) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    fn copy_lmdb(&self, to: &Path) -> Result<(), BackupError> {
        let io_error = BackupError::io(to);
        let mut file = fs::OpenOptions::new();
        file.write(true).create(true).truncate(true).mode(0o600);
        let mut file = file.open(to).map_err(&io_error)?;
        let copied = self.0.env.copy_to_file(&mut file, CompactionOption::Enabled);
        copied.map_err(|error| match error {
            heed::Error::Io(source) => io_error(source),
            error => open_error(&self.0.file, error).into(),
        })?;
        file.sync_all().map_err(io_error)
    }
}

/// Makes a data directory in `to`, which must be empty or not exist, of the backup in
/// `from`. The backup stays as it is.
///
/// # Errors
/// [`BackupError`]; what is left in `to` then is not taken for a data directory.
pub fn restore(from: &Path, to: &Path) -> Result<Copied, BackupError> {
    let not_whole = |reason: &str| BackupError::NotWhole { dir: from.to_owned(), reason: reason.to_owned() };
    match fs::read(from.join(FORMAT_FILE)) {
        Ok(text) => match read_format(from, &text) {
            Err(OpenError::Foreign { .. } | OpenError::Incomplete { .. }) => {
                return Err(not_whole("its file FORMAT is not what was written"));
            }
            format => _ = format?,
        },
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Err(not_whole("it has no file FORMAT"));
        }
        Err(error) => return Err(BackupError::io(&from.join(FORMAT_FILE))(error)),
    }
    // A directory that a server uses changes while it is copied.
    let claimed = DataDir::open_existing(from)?;
    let log = from.join(LOG_DIR).join(LOG_FILE);
    check_file(&log).and_then(|()| claimed.check_secret_key()).map_err(|error| not_whole(&without_advice(&error)))?;
    let target = Target::begin(to)?;
    copy_file(&log, &target.log()).map_err(BackupError::io(&target.log()))?;
    if claimed.has_journal() {
        let journal = from.join(LOG_DIR).join(JOURNAL_FILE);
        if !journal.is_file() {
            return Err(not_whole(&format!("{} is missing", journal.display())));
        }
        copy_journal(&journal, &target.journal())?;
        check_journal(&target.dir.join(LOG_DIR)).map_err(|error| not_whole(&without_advice(&error)))?;
    }
    let files = files_of(&target.dir.join(LOG_DIR)).map_err(|error| not_whole(&without_advice(&error)))?;
    for (kind, file) in files.iter() {
        let path = kind.path(&from.join(SEGMENTS_DIR), file.number);
        if fs::metadata(&path).map_or(0, |about| about.len()) != file.length {
            return Err(not_whole(&format!("{} has not the {} bytes that it had", path.display(), file.length)));
        }
    }
    target.finish(from, &files)
}

/// What is wrong, for errors that say themselves what to do.
fn without_advice(error: &OpenError) -> String {
    match error {
        OpenError::Damaged { file, reason } => format!("{}: {reason}", file.display()),
        other => other.to_string(),
    }
}

/// A directory that is being filled. What was put there goes when it is not finished.
struct Target {
    dir: PathBuf,
    is_new: bool,
    is_finished: bool,
}

impl Target {
    fn begin(dir: &Path) -> Result<Self, BackupError> {
        let io_error = BackupError::io(dir);
        if let Some(data) = DataDir::around(dir) {
            return Err(BackupError::Inside { dir: dir.to_owned(), data });
        }
        let made = DirBuilder::new().mode(0o700).create(dir);
        let is_new = made.is_ok();
        match made {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(BackupError::MissingParent { dir: dir.to_owned() });
            }
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(io_error(error)),
            Err(_) if !dir.is_dir() => return Err(OpenError::NotADirectory { dir: dir.to_owned() }.into()),
            Err(_) if !is_empty(dir).map_err(&io_error)? => {
                return Err(BackupError::NotEmpty { dir: dir.to_owned() });
            }
            Err(_) => {}
        }
        let target = Self { dir: dir.to_owned(), is_new, is_finished: false };
        make_dir(&dir.join(LOG_DIR), dir)?;
        make_dir(&dir.join(SEGMENTS_DIR), dir)?;
        Ok(target)
    }

    /// Where LMDB is copied to.
    fn log(&self) -> PathBuf {
        self.dir.join(LOG_DIR).join(LOG_FILE)
    }

    /// Where the journal goes.
    fn journal(&self) -> PathBuf {
        self.dir.join(LOG_DIR).join(JOURNAL_FILE)
    }

    /// Adds all but the log, which is there, and says that the directory is whole.
    fn finish(mut self, from: &Path, files: &Files) -> Result<Copied, BackupError> {
        let dir = &self.dir;
        let mut copied = Copied { files: 0, bytes: 0 };
        for about in [self.log(), self.journal()].iter().filter_map(|path| fs::metadata(path).ok()) {
            copied.files += 1;
            copied.bytes += about.len();
        }
        for (kind, file) in files.iter() {
            let [source, target] = [from, dir].map(|dir| kind.path(&dir.join(SEGMENTS_DIR), file.number));
            link_or_copy(&source, &target).map_err(BackupError::io(&target))?;
            copied.files += 1;
            copied.bytes += file.length;
        }
        for (name, mode) in SMALL {
            let (source, target) = (from.join(name), dir.join(name));
            match fs::read(&source) {
                Ok(bytes) => write_durably(&target, &bytes, mode).map_err(BackupError::io(&target))?,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(BackupError::io(&source)(error)),
            }
        }
        let all_is_there = || {
            sync_dir(&dir.join(LOG_DIR))?;
            sync_dir(&dir.join(SEGMENTS_DIR))?;
            let format = fs::read(from.join(FORMAT_FILE))?;
            write_durably(&dir.join(DRAFT), &format, 0o644)?;
            sync_dir(dir)?;
            fs::rename(dir.join(DRAFT), dir.join(FORMAT_FILE))?;
            sync_dir(dir)?;
            match dir.parent() {
                Some(above) if !above.as_os_str().is_empty() => sync_dir(above),
                _ => sync_dir(Path::new(".")),
            }
        };
        all_is_there().map_err(BackupError::io(dir))?;
        self.is_finished = true;
        Ok(copied)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if !self.is_finished {
            // It began empty. What cannot be removed is not taken for a backup either.
            for dir in [LOG_DIR, SEGMENTS_DIR] {
                _ = fs::remove_dir_all(self.dir.join(dir));
            }
            for file in [KEY_FILE, LIMITS_FILE, DRAFT, FORMAT_FILE] {
                _ = fs::remove_file(self.dir.join(file));
            }
        }
        if !self.is_finished && self.is_new {
            _ = fs::remove_dir(&self.dir);
        }
    }
}

/// A freshly formatted disk has one directory in its root.
fn is_empty(dir: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(dir)? {
        if entry?.file_name() != "lost+found" {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The segments that a copy of LMDB names.
fn files_of(log_dir: &Path) -> Result<Files, OpenError> {
    let file = log_dir.join(LOG_FILE);
    let env = open_lmdb_to_read(log_dir).map_err(|error| open_error(&file, error))?;
    Ok(read_manifest(&env, &file)?.files)
}

/// Whether the rows that wait beside a copy of LMDB can be taken in there.
fn check_journal(log_dir: &Path) -> Result<(), OpenError> {
    let file = log_dir.join(LOG_FILE);
    let wrong = |error| open_error(&file, error);
    let env = open_lmdb_to_read(log_dir).map_err(wrong)?;
    let generation = read_manifest(&env, &file)?.generation;
    let Some(meta) = open_meta(&env).map_err(wrong)? else { return Ok(()) };
    let next = Row { generation, number: read_next_row(&env, meta, &file)? };
    Waiting::left_in(&log_dir.join(JOURNAL_FILE), read_salt(&env, meta, &file)?, next).map(drop)
}

/// Written anew and not copied by the file system, which could let both share their blocks: the first
/// write to each would need room then.
fn copy_journal(from: &Path, to: &Path) -> Result<(), BackupError> {
    let bytes = fs::read(from).map_err(BackupError::io(from))?;
    write_durably(to, &bytes, 0o600).map_err(BackupError::io(to))
}

fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        // Some file systems know no links.
        Err(error) if error.kind() != ErrorKind::AlreadyExists && error.kind() != ErrorKind::NotFound => {
            copy_file(from, to)
        }
        other => other,
    }
}

/// A copy with the same permissions, on the disk.
fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to)?;
    File::open(to)?.sync_all()
}
