//! How often somebody guesses: wrong passwords are counted by username, whether or not the
//! account exists, and for a quarter of an hour nobody guesses more than ten times.

use std::sync::{Mutex, PoisonError};

use model::Timestamp;
use oauth::digest;

/// So many guesses for one username …
const GUESSES: u32 = 10;
/// … in so many milliseconds.
const WINDOW_MS: i64 = 15 * 60 * 1000;
/// Usernames share so many counters: memory is bounded, and whoever shares one with another
/// is refused too early, never too late.
const COUNTERS: usize = 4096;

/// The guesses of the last minutes. They are in memory alone.
#[derive(Debug)]
pub struct Guesses(Mutex<Vec<Counter>>);

#[derive(Debug, Clone, Copy)]
struct Counter {
    since: Timestamp,
    count: u32,
}

impl Default for Guesses {
    fn default() -> Self {
        Self(Mutex::new(vec![Counter { since: Timestamp::MIN, count: 0 }; COUNTERS]))
    }
}

impl Guesses {
    /// Counts a guess before it is made, so that guesses at the same time count as well, and
    /// says whether it may be made.
    pub(super) fn count(&self, username: &str, now: Timestamp) -> bool {
        self.with_counter(username, |counter| {
            if now.unix_ms().saturating_sub(counter.since.unix_ms()) >= WINDOW_MS {
                *counter = Counter { since: now, count: 0 };
            }
            counter.count = counter.count.saturating_add(1);
            counter.count <= GUESSES
        })
    }

    /// Forgets what was guessed for a username: somebody knew the password, or set another one.
    pub fn forget(&self, username: &str) {
        self.with_counter(username, |counter| counter.count = 0);
    }

    fn with_counter<T: Default>(&self, username: &str, with: impl FnOnce(&mut Counter) -> T) -> T {
        let digest = digest(&username.to_ascii_lowercase());
        let [first, second, ..] = digest.as_bytes();
        let place = usize::from(u16::from_be_bytes([*first, *second])) % COUNTERS;
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counters.get_mut(place).map(with).unwrap_or_default()
    }
}
