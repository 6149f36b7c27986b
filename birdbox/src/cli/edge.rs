//! Where time and randomness enter commands.

use std::time::{SystemTime, UNIX_EPOCH};

use model::Timestamp;

/// The time now.
#[expect(clippy::disallowed_methods, reason = "commands have no state that holds a clock; this is theirs")]
pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A new secret key.
///
/// # Panics
/// When the operating system has no randomness to give; a key without any would be
/// worse.
#[expect(clippy::expect_used, reason = "there is nothing that could be done instead")]
pub(super) fn random_key() -> [u8; 32] {
    let mut key = [0; 32];
    getrandom::fill(&mut key).expect("the operating system gives random bytes");
    key
}
