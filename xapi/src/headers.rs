//! The headers that every reply of a dialect has, and those that depend on the caller.
//!
//! Names and values were seen in recordings. What describes X's own machines is left
//! out (rows `no-hsts` and `no-infrastructure-headers` of the compatibility list).

use crate::operation::Dialect;

/// The content type of a body in API v2 and Labs.
pub const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// The version of X's API v2 whose contract is followed.
pub const API_VERSION: &str = "2.166";

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

/// The content type of a body in API v1.1; without a blank.
const V1_CONTENT_TYPE: &str = "application/json;charset=utf-8";

/// The header of API v1.1 with the time of the reply, in the form of HTTP.
pub const LAST_MODIFIED: &str = "last-modified";

/// The header of API v1.1 with the status of the reply and its phrase.
pub const STATUS: &str = "status";

const V1: &[(&str, &str)] = &[
    ("cache-control", "no-cache, no-store, must-revalidate, pre-check=0, post-check=0"),
    ("content-disposition", "attachment; filename=json.json"),
    ("content-type", V1_CONTENT_TYPE),
    ("expires", "Tue, 31 Mar 1981 05:00:00 GMT"),
    ("pragma", "no-cache"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
    ("x-twitter-response-tags", "BouncerCompliant"),
    ("x-xss-protection", "0"),
];

const TWEET_BINDER: &[(&str, &str)] =
    &[("cache-control", "no-store"), ("content-type", CONTENT_TYPE), ("x-content-type-options", "nosniff")];

/// The headers that every reply of the dialect has, errors included.
#[must_use]
pub const fn constant(dialect: Dialect) -> &'static [(&'static str, &'static str)] {
    match dialect {
        Dialect::V2 | Dialect::Labs => COMMON,
        Dialect::V1 => V1,
        Dialect::TweetBinder => TWEET_BINDER,
    }
}

/// Whether replies of the dialect say what credentials allow and how long they took, as those of X do.
#[must_use]
pub const fn tells_of_callers(dialect: Dialect) -> bool {
    match dialect {
        Dialect::V2 | Dialect::Labs | Dialect::V1 => true,
        Dialect::TweetBinder => false,
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
