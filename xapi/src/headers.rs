//! The headers that every reply of a dialect has, and those that depend on the caller.
//!
//! Names and values were seen in recordings. What describes X's own machines is left
//! out (rows `no-hsts` and `no-infrastructure-headers` of the compatibility list).

use crate::operation::Dialect;

/// The content type of every body.
pub const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// The version of X's API v2 whose contract is followed.
pub const API_VERSION: &str = "2.166";

/// The header by which `birdbox explain` knows a request.
pub const REQUEST_ID: &str = "x-request-id";

/// The header with the milliseconds that an answer took; not on errors.
pub const RESPONSE_TIME: &str = "x-response-time";

/// The header that tells an identified caller what its credentials allow.
pub const ACCESS_LEVEL: &str = "x-access-level";

/// How many requests a caller has in a window.
pub const RATE_LIMIT: &str = "x-rate-limit-limit";

/// How many of them are left; 0 on every 429.
pub const RATE_LIMIT_REMAINING: &str = "x-rate-limit-remaining";

/// When the window ends, in seconds since 1970.
pub const RATE_LIMIT_RESET: &str = "x-rate-limit-reset";

const COMMON: &[(&str, &str)] = &[
    ("api-version", API_VERSION),
    ("cache-control", "no-cache, no-store, max-age=0"),
    ("content-disposition", "attachment; filename=json.json"),
    ("content-type", CONTENT_TYPE),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
    ("x-xss-protection", "0"),
];

/// The headers that every reply of the dialect has, errors included.
#[must_use]
pub const fn constant(dialect: Dialect) -> &'static [(&'static str, &'static str)] {
    match dialect {
        Dialect::V2 | Dialect::Labs => COMMON,
    }
}

/// What credentials allow, as `x-access-level` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessLevel {
    /// App-only callers, and users whose token may read.
    Read,
    /// Users whose token may write.
    ReadWrite,
}

impl AccessLevel {
    /// The value of the header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::ReadWrite => "read-write",
        }
    }
}
