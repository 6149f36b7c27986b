//! The data directory: making it, claiming it for one process, and its format. The small
//! files in it are in `files`.
//!
//! While a directory is being made it holds `FORMAT.new`; once everything in it is on
//! disk that becomes `FORMAT`. So a kill in between is told from foreign files.

mod files;

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::OpenError;

/// The format that this version writes, and the newest that it reads.
pub(crate) const FORMAT: u32 = 5;

/// The oldest format that this version brings up to date when it opens a directory.
/// Format 1 had no segments, format 2 no follows, format 3 no search, format 4 neither heads of
/// users nor a journal.
const OLDEST_FORMAT: u32 = 1;
const FIRST_WITH_JOURNAL: u32 = 5;

pub(crate) const FORMAT_FILE: &str = "FORMAT";
const UNFINISHED_FORMAT_FILE: &str = "FORMAT.new";
const FORMAT_WORD: &str = "birdbox ";
pub(crate) const LOG_DIR: &str = "log";
/// The file of the log, in its directory.
pub(crate) const LOG_FILE: &str = "data.mdb";
/// The file in which rows wait for the log, in the same directory.
pub(crate) const JOURNAL_FILE: &str = "journal";
pub(crate) const SEGMENTS_DIR: &str = "segments";
pub(crate) const KEY_FILE: &str = "secret.key";
pub(crate) const LEDGER_FILE: &str = "ledger";
/// Says that there was a ledger, also in a backup, which has none.
pub(crate) const LEDGER_MARK_FILE: &str = "ledger.mark";
pub(crate) const LIMITS_FILE: &str = "limits";
const BALANCES_FILE: &str = "balances";
pub(crate) const BALLAST_FILE: &str = "ballast";
const ADMIN_SOCKET: &str = "admin.sock";
const PROXY_SOCKET: &str = "proxy.sock";
const TLS_FILE: &str = "tls.pem";
const AUTHORITY_FILE: &str = "ca.pem";

/// All that stands beside the directories of data; the draft of each is called `NAME.new`.
const SMALL_FILES: [&str; 10] = [
    KEY_FILE,
    LEDGER_FILE,
    LEDGER_MARK_FILE,
    LIMITS_FILE,
    BALANCES_FILE,
    BALLAST_FILE,
    TLS_FILE,
    AUTHORITY_FILE,
    ADMIN_SOCKET,
    PROXY_SOCKET,
];

/// What a directory was before it was claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// There was none.
    Missing,
    /// It was empty, or its making had been interrupted.
    Empty,
    /// A data directory.
    Data,
}

/// A directory that this process alone uses, until it is dropped. If it was made and not
/// finished then, nothing of it stays.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    /// What was there before.
    before: Before,
    /// Its format, once everything is in place.
    format: Option<u32>,
    /// What was made here is not wanted.
    discarded: AtomicBool,
    /// The directory itself, with an exclusive `flock`. A lock file would have to be
    /// written before it is known whether the directory is ours.
    _lock: File,
}

impl DataDir {
    /// Claims the directory, and makes it if it does not exist.
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        let is_new = make(path)?;
        let handle = File::open(path).map_err(|error| OpenError::from_io(path, error))?;
        if !handle.metadata().is_ok_and(|about| about.is_dir()) {
            return Err(OpenError::NotADirectory { dir: path.to_owned() });
        }
        match handle.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::Locked { dir: path.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(OpenError::from_io(path, error)),
        }
        let format = match fs::read(path.join(FORMAT_FILE)) {
            Ok(text) => Some(read_format(path, &text)?),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(OpenError::from_io(&path.join(FORMAT_FILE), error)),
        };
        let before = match format {
            Some(_) => Before::Data,
            None => begin(path, is_new)?,
        };
        Ok(Self { path: path.to_owned(), before, format, discarded: AtomicBool::new(false), _lock: handle })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The socket by which commands reach the server that uses the directory. This
    /// asks nothing of the directory, so it also works beside that server.
    #[must_use]
    pub fn admin_socket(dir: &Path) -> PathBuf {
        dir.join(ADMIN_SOCKET)
    }

    /// The socket by which clients of this machine reach the proxy of the server that uses the
    /// directory, as [`admin_socket`](Self::admin_socket) is for commands.
    #[must_use]
    pub fn proxy_socket(dir: &Path) -> PathBuf {
        dir.join(PROXY_SOCKET)
    }

    /// The data directory in which a file of this name lies, or would lie.
    #[must_use]
    pub fn around(file: &Path) -> Option<PathBuf> {
        let above = file.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let place = match fs::canonicalize(file) {
            Ok(place) => place.parent()?.to_owned(),
            Err(_) => fs::canonicalize(above).ok()?,
        };
        let is_ours = |dir: &&Path| {
            let format = fs::read(dir.join(FORMAT_FILE)).unwrap_or_default();
            has_log(dir) || format.starts_with(FORMAT_WORD.as_bytes())
        };
        place.ancestors().find(is_ours).map(Path::to_owned)
    }

    /// Whether everything that belongs into the directory was put there once.
    pub(crate) fn is_finished(&self) -> bool {
        self.format.is_some()
    }

    /// Whether rows may wait in a journal. Where there is none yet, it is made.
    pub(crate) fn has_journal(&self) -> bool {
        self.format.is_some_and(|format| format >= FIRST_WITH_JOURNAL)
    }

    /// If nothing was here before, nothing will be when this is dropped.
    pub(crate) fn discard_if_made(&self) {
        self.discarded.store(true, Ordering::Relaxed);
    }

    /// Takes away what was put here. A kill on the way leaves a directory that is being made.
    fn clear(&self) {
        let draft = self.path.join(UNFINISHED_FORMAT_FILE);
        // Nobody is helped by an error here: what cannot be removed stays.
        _ = fs::rename(self.path.join(FORMAT_FILE), &draft);
        for dir in [LOG_DIR, SEGMENTS_DIR] {
            _ = fs::remove_dir_all(self.path.join(dir));
        }
        for file in SMALL_FILES {
            _ = fs::remove_file(self.path.join(file));
            _ = fs::remove_file(self.path.join(format!("{file}.new")));
        }
        _ = fs::remove_file(draft);
        if self.before == Before::Missing {
            _ = fs::remove_dir(&self.path);
        }
    }

    /// Says that everything is in place, in the current format; `upgrade` brings what is
    /// older up to date. Before this returns nothing may be acknowledged.
    pub(crate) fn finish(&mut self, upgrade: impl FnOnce() -> Result<(), OpenError>) -> Result<(), OpenError> {
        if self.format == Some(FORMAT) {
            return Ok(());
        }
        let io_error = |error| OpenError::from_io(&self.path, error);
        let draft = self.path.join(UNFINISHED_FORMAT_FILE);
        if self.format.is_some() {
            upgrade()?;
            write_durably(&draft, format_text().as_bytes(), 0o644).map_err(io_error)?;
        }
        fs::rename(draft, self.path.join(FORMAT_FILE)).and_then(|()| sync_dir(&self.path)).map_err(io_error)?;
        self.format = Some(FORMAT);
        Ok(())
    }

    /// Claims a directory that has a format already; anything else is left as it is.
    pub(crate) fn open_existing(path: &Path) -> Result<Self, OpenError> {
        match fs::symlink_metadata(path.join(FORMAT_FILE)) {
            Ok(_) => Self::open(path),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(unmarked(path, "it has no file FORMAT")),
            Err(error) => Err(OpenError::from_io(path, error)),
        }
    }

    /// The directory of segments.
    pub(crate) fn segments_dir(&self) -> PathBuf {
        self.path.join(SEGMENTS_DIR)
    }

    /// Makes the directory of segments, durably, if it does not exist.
    pub(crate) fn make_segments_dir(&self) -> Result<(), OpenError> {
        make_dir(&self.segments_dir(), &self.path)
    }

    /// The file of the ledger of limits and nonces.
    pub(crate) fn ledger_file(&self) -> PathBuf {
        self.path.join(LEDGER_FILE)
    }

    /// The file of what Apps were given of Tweet Binder's profiles.
    pub(crate) fn balances_file(&self) -> PathBuf {
        self.path.join(BALANCES_FILE)
    }

    /// The directory of the log.
    pub(crate) fn log_dir(&self) -> PathBuf {
        self.path.join(LOG_DIR)
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        let is_wanted = self.is_finished() && !self.discarded.load(Ordering::Relaxed);
        if self.before != Before::Data && !is_wanted {
            self.clear();
        }
    }
}

/// Makes the directory for its owner alone, and says whether it was missing; what is above
/// must exist.
fn make(path: &Path) -> Result<bool, OpenError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(OpenError::MissingParent { dir: path.to_owned() }),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            Err(OpenError::NotADirectory { dir: path.to_owned() })
        }
        Err(error) => Err(OpenError::from_io(path, error)),
    }
}

/// A directory without the file that says what it is.
fn unmarked(dir: &Path, reason: &'static str) -> OpenError {
    let dir = dir.to_owned();
    if has_log(&dir) || dir.join(SEGMENTS_DIR).is_dir() {
        OpenError::Incomplete { dir, reason }
    } else {
        OpenError::Foreign { dir }
    }
}

fn has_log(dir: &Path) -> bool {
    dir.join(LOG_DIR).join(LOG_FILE).is_file()
}

pub(crate) fn read_format(dir: &Path, text: &[u8]) -> Result<u32, OpenError> {
    let text = str::from_utf8(text).ok();
    let number = text.and_then(|text| text.strip_prefix(FORMAT_WORD)?.trim_end().parse().ok());
    match number {
        Some(found @ OLDEST_FORMAT..=FORMAT) => Ok(found),
        Some(found) if found > FORMAT => Err(OpenError::NewerFormat { dir: dir.to_owned(), found, known: FORMAT }),
        _ => Err(unmarked(dir, "its file FORMAT is not what was written")),
    }
}

fn format_text() -> String {
    format!("{FORMAT_WORD}{FORMAT}\n")
}

/// Marks a directory as one that is being made. Goes on with one whose making was
/// interrupted; any other must be empty. Where this fails, all is as it was.
fn begin(dir: &Path, is_new: bool) -> Result<Before, OpenError> {
    let io_error = |error| OpenError::from_io(dir, error);
    let draft = dir.join(UNFINISHED_FORMAT_FILE);
    let is_marked = draft.try_exists().map_err(io_error)?;
    if !is_marked {
        for entry in fs::read_dir(dir).map_err(io_error)? {
            // A freshly formatted disk has this directory in its root.
            if entry.map_err(io_error)?.file_name() != "lost+found" {
                return Err(unmarked(dir, "it has no file FORMAT"));
            }
        }
    }
    let above = match dir.parent() {
        Some(above) if !above.as_os_str().is_empty() => above,
        _ => Path::new("."),
    };
    let marked = write_durably(&draft, format_text().as_bytes(), 0o644)
        .and_then(|()| sync_dir(dir))
        .and_then(|()| sync_dir(above));
    if marked.is_err() && !is_marked {
        // As in `clear`: what cannot be removed stays.
        _ = fs::remove_file(&draft);
        if is_new {
            _ = fs::remove_dir(dir);
        }
    }
    marked.map_err(io_error)?;
    Ok(if is_new { Before::Missing } else { Before::Empty })
}

pub(crate) fn write_durably(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a directory for its owner alone, durably.
pub(crate) fn make_dir(path: &Path, above: &Path) -> Result<(), OpenError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(OpenError::from_io(path, error)),
        // Also if it exists: then a kill may have come before this.
        _ => sync_dir(above).map_err(|error| OpenError::from_io(above, error)),
    }
}

/// Waits until the names in a directory are on disk.
pub(crate) fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
