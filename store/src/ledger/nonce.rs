//! Nonces that were seen, in sets of 16.
//!
//! A signature is one word: its timestamp above, a part of its hash below; the rest of the
//! hash leads to its set. A set that is full gives up its oldest word, and from then on
//! nothing as old as that is accepted by the ledger: what was seen is never fresh again,
//! whatever the clock does.

use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use super::window::Seconds;

/// How far the timestamp of a signature may lie from the time of the server, in seconds.
///
/// X publishes no number; 300 is what most servers take.
// unverified(oauth-window): no recording shows where X draws the line.
pub const NONCE_SECONDS: u32 = 300;

/// Words of a set.
pub(super) const SET: usize = 16;

pub(super) type Set = [AtomicU64; SET];

/// What a signature is told apart by, as it came over the wire.
#[derive(Debug, Clone, Copy)]
pub struct Nonce<'a> {
    /// `oauth_consumer_key`.
    pub consumer_key: &'a str,
    /// `oauth_token`; empty where a request has none.
    pub token: &'a str,
    /// `oauth_nonce`.
    pub nonce: &'a str,
    /// `oauth_timestamp`: seconds since 1970.
    pub timestamp: i64,
}

/// What the ledger says of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It was not seen before, and is noted now.
    Fresh,
    /// It was seen before.
    Seen,
    /// Its timestamp is more than [`NONCE_SECONDS`] away, or so old that the ledger cannot
    /// vouch for it any more.
    OutOfBounds,
}

/// A signature as it is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) place: u64,
    timestamp: u32,
    hash: u32,
}

impl Mark {
    /// `None` when the timestamp is too far away.
    pub(super) fn of(nonce: &Nonce<'_>, seed: [u64; 2], now: Seconds) -> Option<Self> {
        let timestamp = u32::try_from(nonce.timestamp).ok()?;
        if timestamp.abs_diff(now.0) > NONCE_SECONDS {
            return None;
        }
        let mut hasher = Sha256::new();
        for word in seed {
            hasher.update(word.to_le_bytes());
        }
        for part in [nonce.consumer_key, nonce.token, nonce.nonce] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        hasher.update(timestamp.to_le_bytes());
        let digest: [u8; 32] = hasher.finalize().into();
        let (place, rest) = digest.split_first_chunk()?;
        // A word that is 0 is free.
        let hash = u32::from_le_bytes(*rest.first_chunk()?).max(1);
        Some(Self { place: u64::from_le_bytes(*place), timestamp, hash })
    }

    const fn word(self) -> u64 {
        (self.timestamp as u64) << 32 | self.hash as u64
    }
}

/// Notes a signature in its set, under the lock of the set. `oldest` is the oldest timestamp
/// that is accepted, for all sets.
pub(super) fn note(set: &Set, mark: Mark, oldest: &AtomicU64) -> Freshness {
    if u64::from(mark.timestamp) < oldest.load(Ordering::Acquire) {
        return Freshness::OutOfBounds;
    }
    let word = mark.word();
    let mut least: Option<(u64, &AtomicU64)> = None;
    for slot in set {
        let found = slot.load(Ordering::Relaxed);
        if found == word {
            return Freshness::Seen;
        }
        if least.is_none_or(|(least, _)| found < least) {
            least = Some((found, slot));
        }
    }
    let Some((given_up, slot)) = least else { return Freshness::OutOfBounds };
    if given_up >> 32 >= u64::from(mark.timestamp) {
        // All that is kept here is as new as this one: it is the one to be given up.
        raise(oldest, u64::from(mark.timestamp) + 1);
    } else {
        if given_up != 0 {
            // Before it is gone, so that a kill in between forgets nothing.
            raise(oldest, (given_up >> 32) + 1);
        }
        slot.store(word, Ordering::Release);
    }
    Freshness::Fresh
}

/// Most words that are given up are older than what is accepted anyway, and nothing is written.
fn raise(oldest: &AtomicU64, to: u64) {
    if oldest.load(Ordering::Acquire) < to {
        oldest.fetch_max(to, Ordering::AcqRel);
    }
}

/// The newest timestamp in a set.
pub(super) fn newest(set: &Set) -> u64 {
    set.iter().map(|word| word.load(Ordering::Relaxed) >> 32).max().unwrap_or_default()
}
