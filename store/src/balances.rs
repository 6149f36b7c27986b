//! How many profiles each App was given in the month, and how many it may be given.
//!
//! A mapped file of two words for each App, changed in place, as the ledger is: a request
//! costs no system call, and a killed process leaves all it counted in the page cache. A power
//! loss can forget what was counted in the last seconds.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use model::{AppId, Timestamp};

use crate::data_dir::sync_dir;
use crate::unsafe_io::SharedWords;
use crate::{DataDir, OpenError};

/// What the file begins with; it has the number of the layout at its end.
const MAGIC: u64 = u64::from_be_bytes(*b"bbprofi1");
/// Words of the page that the file begins with.
const HEADER: usize = 512;
/// Apps have the ids from 1 on; those with greater ids have no balance.
const APPS: usize = 16_384;
/// Words of an App: the month and what was used in it, and the total.
const SLOT: usize = 2;
const WORDS: usize = HEADER + APPS * SLOT;

/// Most that a total can be.
const MOST: u64 = (1 << 48) - 1;

/// A month and what was used in it, as one word: the month above.
#[derive(Debug, Clone, Copy)]
struct Used {
    month: u32,
    count: u64,
}

impl Used {
    const fn of_word(word: u64) -> Self {
        Self { month: (word >> 48) as u32, count: word & MOST }
    }

    const fn word(self) -> u64 {
        (self.month as u64) << 48 | self.count
    }

    /// As it is in `month`. A clock that was set back begins no new month.
    const fn at(self, month: u32) -> Self {
        if self.month >= month { self } else { Self { month, count: 0 } }
    }
}

/// What an App may be given in a month, and what of it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// Profiles of a month.
    pub total: u64,
    /// Those that were given. More than `total`, if that was lowered since.
    pub used: u64,
    /// When the month began, UTC.
    pub started_at: Timestamp,
    /// When the next one begins, and with it a full balance.
    pub finished_at: Timestamp,
    /// Whether the total was set for this App.
    pub is_set: bool,
}

impl Balance {
    /// What is left.
    #[must_use]
    pub const fn available(&self) -> u64 {
        self.total.saturating_sub(self.used)
    }
}

/// The balances of a data directory.
#[derive(Debug)]
pub struct Balances {
    map: SharedWords,
    monthly: u64,
    /// With an exclusive `flock`; after the map, so that it is held until the map is gone.
    _file: File,
}

/// Profiles that nobody else can have. What is not charged is given back when it is dropped.
#[derive(Debug)]
pub struct Reserved<'a> {
    used: &'a AtomicU64,
    month: u32,
    left: u64,
}

impl Reserved<'_> {
    /// Uses so many of them up, if there are as many.
    pub fn charge(&mut self, profiles: u64) {
        self.left = self.left.saturating_sub(profiles);
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        let give_back = |word| {
            let used = Used::of_word(word);
            // What was reserved in a month that is over is of no use to anybody.
            (used.month == self.month).then(|| Used { count: used.count.saturating_sub(self.left), ..used }.word())
        };
        if self.left > 0 {
            _ = self.used.fetch_update(Ordering::AcqRel, Ordering::Acquire, give_back);
        }
    }
}

impl Balances {
    /// Opens the balances of a directory, or makes them: everybody has a full one then. `monthly`
    /// is the total of Apps for which none is set.
    ///
    /// # Errors
    /// [`OpenError`] when the file cannot be written or another process uses it.
    pub fn open(dir: &DataDir, monthly: u64) -> Result<Self, OpenError> {
        let path = dir.balances_file();
        let opened = match find(&path) {
            Ok(Some(file)) => Ok(file),
            Ok(None) => make(&path),
            Err(error) => Err(error),
        };
        let opened = opened.and_then(|file| Ok((SharedWords::map(&file, WORDS)?, file)));
        let (map, file) = opened.map_err(|error| match error.kind() {
            ErrorKind::WouldBlock => OpenError::Locked { dir: dir.path().to_owned() },
            _ => OpenError::from_io(&path, error),
        })?;
        Ok(Self { map, monthly: monthly.min(MOST), _file: file })
    }

    /// The balance of an App.
    #[must_use]
    pub fn get(&self, app: AppId, now: Timestamp) -> Balance {
        let (used, set) = match self.words(app) {
            Some((used, total)) => (Used::of_word(used.load(Ordering::Acquire)), set(total)),
            None => (Used { month: 0, count: 0 }, Some(0)),
        };
        let Used { month, count } = used.at(now.month());
        Balance {
            total: set.unwrap_or(self.monthly),
            used: count,
            started_at: Timestamp::of_month(month),
            finished_at: Timestamp::of_month(month + 1),
            is_set: set.is_some(),
        }
    }

    /// Keeps so many profiles for a request, or none if not as many are left. Of requests at once
    /// no two are given the same.
    ///
    /// # Errors
    /// The balance that does not cover them.
    pub fn reserve(&self, app: AppId, profiles: u64, now: Timestamp) -> Result<Reserved<'_>, Balance> {
        let refused = || self.get(app, now);
        let (used, total) = self.words(app).ok_or_else(refused)?;
        let total = set(total).unwrap_or(self.monthly);
        let month = now.month();
        let take = |word| {
            let used = Used::of_word(word).at(month);
            let count = used.count.checked_add(profiles).filter(|&count| count <= total)?;
            Some(Used { count, ..used }.word())
        };
        let before = used.fetch_update(Ordering::AcqRel, Ordering::Acquire, take).map_err(|_| refused())?;
        Ok(Reserved { used, month: Used::of_word(before).at(month).month, left: profiles })
    }

    /// Gives an App another total, or that of the configuration; what was used stays. Durable when
    /// this returns.
    ///
    /// # Errors
    /// When the App can have none, or the disk fails.
    pub fn set_total(&self, app: AppId, total: Option<u64>) -> io::Result<()> {
        let (_, word) = self.words(app).ok_or(ErrorKind::InvalidInput)?;
        word.store(total.map_or(0, |total| total.min(MOST) + 1), Ordering::Release);
        self.map.flush(WORDS)
    }

    /// Says how many profiles of the month are used. Durable when this returns. What requests on
    /// their way had reserved before is given back from the new number.
    ///
    /// # Errors
    /// As of [`Self::set_total`].
    pub fn set_used(&self, app: AppId, used: u64, now: Timestamp) -> io::Result<()> {
        let (word, _) = self.words(app).ok_or(ErrorKind::InvalidInput)?;
        word.store(Used { month: now.month(), count: used.min(MOST) }.word(), Ordering::Release);
        self.map.flush(WORDS)
    }

    fn words(&self, app: AppId) -> Option<(&AtomicU64, &AtomicU64)> {
        let at = usize::try_from(app.get().checked_sub(1)?).ok()?;
        let slots: &[[AtomicU64; SLOT]] = self.map.words().get(HEADER..)?.as_chunks().0;
        slots.get(at).map(|[used, total]| (used, total))
    }
}

/// The total that was set, which is stored with one added.
fn set(word: &AtomicU64) -> Option<u64> {
    word.load(Ordering::Acquire).checked_sub(1)
}

/// The file, if it is one of balances.
fn find(path: &Path) -> io::Result<Option<File>> {
    let mut file = match OpenOptions::new().read(true).write(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    file.try_lock()?;
    if file.metadata()?.len() != (WORDS * size_of::<u64>()) as u64 {
        return Ok(None);
    }
    let mut magic = [0; size_of::<u64>()];
    file.read_exact(&mut magic)?;
    Ok((u64::from_ne_bytes(magic) == MAGIC).then_some(file))
}

/// Makes a new file, and gives it its name when it is on disk. It is written in full: a hole in it
/// could not be filled on a full disk, and the process would end.
fn make(path: &Path) -> io::Result<File> {
    let draft = path.with_extension("new");
    let make = || {
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.try_lock()?;
        let rest = ((WORDS - 1) * size_of::<u64>()) as u64;
        io::copy(&mut MAGIC.to_ne_bytes().as_slice().chain(io::repeat(0).take(rest)), &mut file)?;
        file.sync_all()?;
        fs::rename(&draft, path)?;
        sync_dir(path.parent().unwrap_or(Path::new(".")))?;
        Ok(file)
    };
    // A draft would only fill a full disk.
    make().inspect_err(|_| _ = fs::remove_file(&draft))
}
