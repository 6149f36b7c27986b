//! What must not be forgotten between two requests and costs too much in a log: how often
//! each caller has called in its window, and which OAuth 1.0a nonces were seen.
//!
//! A mapped file of words that are changed in place. A request costs no system call, and a
//! killed process leaves all it counted in the page cache. What limits there are, and whose,
//! is not known here.

mod file;
mod nonce;
mod window;

use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{AppId, Timestamp, UserId};

use crate::{DataDir, OpenError};

use self::file::Words;
pub use self::file::{BootId, LedgerStart};
pub use self::nonce::{Freshness, NONCE_SECONDS, Nonce};
pub use self::window::{Allowance, WINDOW_SECONDS};
use self::window::{Base, Key, Seconds};

/// How much a ledger can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerOptions {
    /// Windows that can be open at once, each 24 bytes; at least 1. Callers for which there is
    /// no room share windows: they are refused too early, never too late.
    pub windows: u32,
    /// Nonces that are remembered, each 8 bytes; at least 1. When there is no more room,
    /// the oldest timestamp that is accepted rises.
    pub nonces: u32,
}

impl Default for LedgerOptions {
    /// 65,536 windows and 262,144 nonces: a file of 3.6 MB.
    fn default() -> Self {
        Self { windows: 1 << 16, nonces: 1 << 18 }
    }
}

/// On whose account requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// An App that calls on its own behalf.
    App(AppId),
    /// A user, whatever App calls on its behalf.
    User(UserId),
}

/// What has a window of its own: an operation, called on the account of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket(Key);

impl Bucket {
    /// The bucket of an operation, by its name, and a caller.
    #[must_use]
    pub fn new(operation: &str, subject: Subject) -> Self {
        let (kind, id) = match subject {
            Subject::App(app) => (APP, app.get()),
            Subject::User(user) => (USER, user.get()),
        };
        Self(Key { id, tag: kind << 32 | u64::from(hash_of_name(operation)) })
    }
}

/// The kinds of [`Subject`] in a tag. Neither is 0, so that no tag is.
const APP: u64 = 1;
const USER: u64 = 2;

/// FNV-1a. It is stored: another one would forget the windows that are open at an upgrade.
fn hash_of_name(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// A window that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenWindow {
    operation: u32,
    /// Whose it is.
    pub subject: Subject,
    /// Requests that were counted in it.
    pub used: u32,
    /// When it ends.
    pub reset: Timestamp,
}

impl OpenWindow {
    /// Whether it is that of the operation with this name.
    #[must_use]
    pub fn is_of(&self, operation: &str) -> bool {
        self.operation == hash_of_name(operation)
    }

    fn of(key: Key, used: u32, reset: Timestamp) -> Option<Self> {
        let subject = match key.tag >> 32 {
            APP => Subject::App(AppId::new(key.id)),
            USER => Subject::User(UserId::new(key.id)),
            _ => return None,
        };
        Some(Self { operation: key.tag as u32, subject, used, reset })
    }
}

/// Sets that share a lock: more than processors, so that two threads seldom want the same.
const LOCKS: usize = 64;

/// The ledger of a data directory.
#[derive(Debug)]
pub struct Ledger {
    words: Words,
    /// Each is held while a window begins, or a nonce is noted, in one of its sets. A request
    /// within an open window takes none.
    locks: [Mutex<()>; LOCKS],
}

impl Ledger {
    /// Opens the ledger of a directory, or makes one. What a process left that was killed is
    /// all there. After a power loss, which another boot without a clean stop tells of, or
    /// where a ledger was and is no more, every window that can have been open counts as spent,
    /// and signatures from before `start.now` are refused.
    ///
    /// # Errors
    /// [`OpenError`] when the file cannot be written or another process uses it.
    pub fn open(dir: &DataDir, options: &LedgerOptions, start: &LedgerStart) -> Result<Self, OpenError> {
        let words = Words::open(&dir.ledger_file(), dir.had_ledger()?, options, start)?;
        // After the ledger: a kill in between is no loss.
        dir.mark_ledger()?;
        Ok(Self { words, locks: [const { Mutex::new(()) }; LOCKS] })
    }

    /// Counts a request against a limit of so many in [`WINDOW_SECONDS`], unless it is used
    /// up. A window begins with its first request. Of requests at once exactly as many are
    /// allowed as there are left, and each is told another `remaining`.
    #[must_use]
    pub fn allow(&self, bucket: Bucket, limit: u32, now: Timestamp) -> Allowance {
        let now = Seconds::of(now);
        let (set, lock) = self.window_set(bucket.0);
        window::count(set, bucket.0, limit, now).unwrap_or_else(|| {
            let _guard = self.lock(lock);
            window::begin(set, bucket.0, limit, now, self.base())
        })
    }

    /// What [`Self::allow`] would say to the next request; nothing is counted.
    #[must_use]
    pub fn peek(&self, bucket: Bucket, limit: u32, now: Timestamp) -> Allowance {
        let (set, lock) = self.window_set(bucket.0);
        let _guard = self.lock(lock);
        window::peek(set, bucket.0, limit, Seconds::of(now), self.base())
    }

    /// Forgets what was counted in a bucket: its next request begins a window.
    pub fn reset(&self, bucket: Bucket, now: Timestamp) {
        let (set, lock) = self.window_set(bucket.0);
        let _guard = self.lock(lock);
        window::reset(set, bucket.0, Seconds::of(now));
    }

    /// Forgets all windows, also those that a power loss has spent.
    pub fn reset_all(&self) {
        self.words.header().set_spent(0);
        for (at, set) in self.words.window_sets().iter().enumerate() {
            let _guard = self.lock(at);
            window::clear(set);
        }
    }

    /// The windows that are open, in no order. Those that callers share are left out.
    #[must_use]
    pub fn windows(&self, now: Timestamp) -> Vec<OpenWindow> {
        let now = Seconds::of(now);
        let all = self.words.window_sets().iter().flat_map(|set| window::open(set, now));
        all.filter_map(|(key, window)| OpenWindow::of(key, window.count(), window.end())).collect()
    }

    /// Until when every window that nobody has reset counts as spent, because of a power loss.
    #[must_use]
    pub fn spent_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.base().spent_until(Seconds::of(now))
    }

    /// Takes note of a signature, and says whether it was seen before. Of several at once
    /// exactly one is fresh. To be asked only about signatures that are right, or anybody could
    /// fill the ledger.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "a place is less than the number of places")]
    pub fn note_nonce(&self, nonce: &Nonce<'_>, now: Timestamp) -> Freshness {
        let header = self.words.header();
        let Some(mark) = nonce::Mark::of(nonce, header.seed(), Seconds::of(now)) else {
            return Freshness::OutOfBounds;
        };
        let sets = self.words.nonce_sets();
        let at = place(mark.place, sets.len());
        let _guard = self.lock(at);
        nonce::note(&sets[at], mark, header.oldest())
    }

    #[expect(clippy::indexing_slicing, reason = "a place is less than the number of places")]
    fn window_set(&self, key: Key) -> (&window::Set, usize) {
        let at = key.place(self.words.header().seed(), self.words.window_sets().len());
        (&self.words.window_sets()[at], at)
    }

    fn base(&self) -> Base {
        Base { spent: self.words.header().spent() }
    }

    fn lock(&self, set: usize) -> MutexGuard<'_, ()> {
        #[expect(clippy::indexing_slicing, reason = "a remainder is less than what it was divided by")]
        // Nothing panics while it is held; if it did, each word would still be whole.
        self.locks[set % LOCKS].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        // Without the mark the next boot takes it for a power loss, which is safe.
        _ = self.words.close();
    }
}

/// Where a hash leads among so many places.
fn place(hash: u64, places: usize) -> usize {
    ((u128::from(hash) * places as u128) >> 64) as usize
}
