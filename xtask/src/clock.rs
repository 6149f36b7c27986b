//! The clock. Commands that measure read it here.

use std::time::Instant;

#[expect(clippy::disallowed_methods, reason = "measuring is what these commands are for")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
