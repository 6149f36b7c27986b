//! The file of the ledger: a page that says how it is laid out and how it was left, the
//! sets of windows, the sets of nonces. Words are in the byte order of the machine.
//!
//! The file is written in full before it gets its name: a hole in it could not be filled on
//! a full disk, and the process would end.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use model::Timestamp;

use super::window::Seconds;
use super::{LedgerOptions, NONCE_SECONDS, nonce, window};
use crate::OpenError;
use crate::data_dir::sync_dir;
use crate::unsafe_io::SharedWords;

/// What the file begins with; it has the number of the layout at its end.
const MAGIC: u64 = u64::from_be_bytes(*b"bbledge1");

/// Words of the page that the file begins with.
const HEADER: usize = 512;

/// Which start of the machine this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BootId(u128);

impl BootId {
    /// Reads what Linux has in `/proc/sys/kernel/random/boot_id`: 32 hexadecimal digits and
    /// dashes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.trim().split('-').collect();
        let number = u128::from_str_radix(&digits, 16).ok()?;
        (digits.len() == 32 && number != 0).then_some(Self(number))
    }
}

/// When, and on which boot, a ledger is opened.
#[derive(Debug, Clone, Copy)]
pub struct LedgerStart {
    /// The time.
    pub now: Timestamp,
    /// Which start of the machine this is. Where nobody knows, each counts as another one.
    pub boot: Option<BootId>,
    /// Makes random bytes, for a new ledger.
    pub random: fn() -> [u8; 32],
}

/// What lies where the ledger should be.
enum Found {
    Nothing,
    /// No ledger, or half of one.
    Unreadable,
    Ledger(Words),
}

/// The words of the file, and what they mean.
#[derive(Debug)]
pub(super) struct Words {
    map: SharedWords,
    layout: Layout,
    /// With an exclusive `flock`; after the map, so that it is held until the map is gone.
    file: File,
}

/// How many sets there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Layout {
    window_sets: usize,
    nonce_sets: usize,
}

impl Layout {
    fn of(options: &LedgerOptions) -> Self {
        Self {
            window_sets: (options.windows as usize).div_ceil(window::SLOTS).max(1),
            nonce_sets: (options.nonces as usize).div_ceil(nonce::SET).max(1),
        }
    }

    const fn nonces(self) -> usize {
        HEADER + self.window_sets * window::SET
    }

    const fn words(self) -> usize {
        self.nonces() + self.nonce_sets * nonce::SET
    }
}

/// Where each number stands in the header.
#[derive(Debug, Clone, Copy)]
enum At {
    Magic,
    WindowSets,
    NonceSets,
    Seed,
    Seed2,
    Boot,
    Boot2,
    /// 1 after a clean stop.
    Clean,
    /// The oldest timestamp of a signature that is accepted.
    Oldest,
    /// Windows that were begun before this second count as spent.
    Spent,
}

/// The page that the file begins with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header<'a>(&'a [AtomicU64; HEADER]);

impl<'a> Header<'a> {
    #[expect(clippy::indexing_slicing, reason = "there are more words than names of them")]
    fn word(self, at: At) -> &'a AtomicU64 {
        &self.0[at as usize]
    }

    fn get(self, at: At) -> u64 {
        self.word(at).load(Ordering::Acquire)
    }

    fn set(self, at: At, value: u64) {
        self.word(at).store(value, Ordering::Release);
    }

    pub(super) fn seed(self) -> [u64; 2] {
        [self.get(At::Seed), self.get(At::Seed2)]
    }

    pub(super) fn oldest(self) -> &'a AtomicU64 {
        self.word(At::Oldest)
    }

    pub(super) fn spent(self) -> Seconds {
        Seconds(self.get(At::Spent) as u32)
    }

    pub(super) fn set_spent(self, second: u32) {
        self.set(At::Spent, second.into());
    }

    fn boot(self) -> Option<BootId> {
        let number = u128::from(self.get(At::Boot)) << 64 | u128::from(self.get(At::Boot2));
        (number != 0).then_some(BootId(number))
    }

    /// Says that somebody uses the ledger, on this boot.
    fn begin(self, boot: Option<BootId>) {
        let BootId(number) = boot.unwrap_or(BootId(0));
        self.set(At::Boot, (number >> 64) as u64);
        self.set(At::Boot2, number as u64);
        self.set(At::Clean, 0);
    }
}

impl Words {
    /// `is_expected`: there was a ledger before.
    pub(super) fn open(
        path: &Path,
        is_expected: bool,
        options: &LedgerOptions,
        start: &LedgerStart,
    ) -> Result<Self, OpenError> {
        let layout = Layout::of(options);
        let found = Self::find(path);
        let made = match found.map_err(|error| failed(path, error))? {
            Found::Nothing if !is_expected => Self::make(path, layout, start, |_| {}),
            Found::Nothing | Found::Unreadable => Self::make(path, layout, start, |new| new.lose_power(start.now)),
            Found::Ledger(old) => {
                let header = old.header();
                if header.get(At::Clean) != 1 && (start.boot.is_none() || header.boot() != start.boot) {
                    old.lose_power(start.now);
                }
                old.mend(start.now);
                if old.layout == layout {
                    Ok(old)
                } else {
                    Self::make(path, layout, start, |new| new.adopt(&old, start.now))
                }
            }
        };
        let words = made.map_err(|error| failed(path, error))?;
        words.header().begin(start.boot);
        // Before the first request: after a power loss it must be seen that there were some.
        words.map.flush(HEADER).map_err(|error| failed(path, error))?;
        Ok(words)
    }

    fn find(path: &Path) -> io::Result<Found> {
        let file = match OpenOptions::new().read(true).write(true).open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
            opened => opened?,
        };
        file.try_lock()?;
        // The page first: how long the map is stands there.
        if file.metadata()?.len() < (HEADER * size_of::<u64>()) as u64 {
            return Ok(Found::Unreadable);
        }
        let map = SharedWords::map(&file, HEADER)?;
        let Some(header) = map.words().first_chunk().map(Header) else { return Ok(Found::Unreadable) };
        let size = |at| usize::try_from(header.get(at)).ok().filter(|sets| (1..1 << 32).contains(sets));
        let (Some(window_sets), Some(nonce_sets)) = (size(At::WindowSets), size(At::NonceSets)) else {
            return Ok(Found::Unreadable);
        };
        let layout = Layout { window_sets, nonce_sets };
        let length = (layout.words() * size_of::<u64>()) as u64;
        if header.get(At::Magic) != MAGIC || file.metadata()?.len() != length {
            return Ok(Found::Unreadable);
        }
        let map = SharedWords::map(&file, layout.words())?;
        Ok(Found::Ledger(Self { map, layout, file }))
    }

    /// Makes a new file, `fill`s it, and gives it its name when it is on disk.
    fn make(path: &Path, layout: Layout, start: &LedgerStart, fill: impl FnOnce(&Self)) -> io::Result<Self> {
        let draft = path.with_extension("new");
        // A draft would only fill a full disk.
        Self::make_draft(path, &draft, layout, start, fill).inspect_err(|_| _ = fs::remove_file(&draft))
    }

    fn make_draft(
        path: &Path,
        draft: &Path,
        layout: Layout,
        start: &LedgerStart,
        fill: impl FnOnce(&Self),
    ) -> io::Result<Self> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(draft)?;
        file.try_lock()?;
        io::copy(&mut io::repeat(0).take((layout.words() * size_of::<u64>()) as u64), &mut file)?;
        let map = SharedWords::map(&file, layout.words())?;
        let words = Self { map, layout, file };
        let header = words.header();
        header.set(At::Magic, MAGIC);
        header.set(At::WindowSets, layout.window_sets as u64);
        header.set(At::NonceSets, layout.nonce_sets as u64);
        let random = (start.random)();
        let (seeds, _) = random.as_chunks();
        for (at, seed) in [At::Seed, At::Seed2].into_iter().zip(seeds) {
            header.set(at, u64::from_le_bytes(*seed));
        }
        fill(&words);
        words.map.flush(usize::MAX)?;
        words.file.sync_all()?;
        fs::rename(draft, path)?;
        sync_dir(path.parent().unwrap_or(Path::new(".")))?;
        Ok(words)
    }

    /// Nobody knows how much of the file reached the disk: every window that can have been open
    /// is spent, and of signatures only those are accepted that nobody can have made before.
    fn lose_power(&self, now: Timestamp) {
        let now = Seconds::of(now);
        self.window_sets().iter().for_each(window::clear);
        self.header().set_spent(now.0);
        self.header().oldest().fetch_max(now.0.into(), Ordering::AcqRel);
    }

    /// Forgets bounds that a clock in the far future has left, which would refuse everybody.
    fn mend(&self, now: Timestamp) {
        let latest = u64::from(Seconds::of(now).0) + u64::from(NONCE_SECONDS);
        self.header().oldest().fetch_min(latest, Ordering::AcqRel);
    }

    /// Takes over what a ledger of another size holds. Where a nonce would lie here cannot be
    /// told from its word, so signatures as old as those are refused.
    fn adopt(&self, old: &Self, now: Timestamp) {
        let seconds = Seconds::of(now);
        let (header, before) = (self.header(), old.header());
        for at in [At::Boot, At::Boot2, At::Clean, At::Oldest, At::Spent] {
            header.set(at, before.get(at));
        }
        let newest = old.nonce_sets().iter().map(nonce::newest).max().unwrap_or_default();
        header.oldest().fetch_max(newest + u64::from(newest > 0), Ordering::AcqRel);
        self.mend(now);
        for set in old.window_sets() {
            for (key, window) in window::open(set, seconds) {
                let at = key.place(header.seed(), self.layout.window_sets);
                self.window_sets().get(at).into_iter().for_each(|set| window::adopt(set, key, window, seconds));
            }
        }
        for shared in old.window_sets().iter().filter_map(|set| window::shared(set, seconds)) {
            self.window_sets().iter().for_each(|set| window::share(set, shared, seconds));
        }
    }

    /// Marks the end of a clean use: everything is on disk before the mark is.
    pub(super) fn close(&self) -> io::Result<()> {
        self.map.flush(usize::MAX)?;
        self.header().set(At::Clean, 1);
        self.map.flush(HEADER)
    }

    #[expect(clippy::expect_used, reason = "every layout begins with a header, and the map is as long")]
    pub(super) fn header(&self) -> Header<'_> {
        Header(self.map.words().first_chunk().expect("a header"))
    }

    pub(super) fn window_sets(&self) -> &[window::Set] {
        self.map.words().get(HEADER..self.layout.nonces()).unwrap_or_default().as_chunks().0
    }

    pub(super) fn nonce_sets(&self) -> &[nonce::Set] {
        self.map.words().get(self.layout.nonces()..).unwrap_or_default().as_chunks().0
    }
}

fn failed(path: &Path, error: io::Error) -> OpenError {
    match error.kind() {
        ErrorKind::WouldBlock => OpenError::Locked { dir: path.parent().unwrap_or(path).to_owned() },
        _ => OpenError::from_io(path, error),
    }
}
