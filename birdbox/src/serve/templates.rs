//! The headers of replies: those of the dialect, and those that depend on the caller and its
//! window.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use store::Allowance;
use xapi::headers::AccessLevel;
use xapi::{Dialect, headers};

const ACCESS_LEVEL: HeaderName = HeaderName::from_static(headers::ACCESS_LEVEL);
const RATE_LIMIT: HeaderName = HeaderName::from_static(headers::RATE_LIMIT);
const RATE_LIMIT_REMAINING: HeaderName = HeaderName::from_static(headers::RATE_LIMIT_REMAINING);
const RATE_LIMIT_RESET: HeaderName = HeaderName::from_static(headers::RATE_LIMIT_RESET);
const RATE_LIMITS: [HeaderName; 3] = [RATE_LIMIT, RATE_LIMIT_REMAINING, RATE_LIMIT_RESET];
const RESPONSE_TIME: HeaderName = HeaderName::from_static(headers::RESPONSE_TIME);

/// The headers of a reply as most replies have them, for each dialect: they are made
/// once and then copied as a whole, which is cheaper than to insert each.
pub(super) struct Templates {
    v2: HeaderMap,
    labs: HeaderMap,
    v1: HeaderMap,
    tweet_binder: HeaderMap,
}

impl Templates {
    pub(super) fn new() -> Self {
        let made = |dialect| {
            let constant = headers::constant(dialect).iter().copied();
            let stamps: &[(&str, &str)] = match dialect {
                Dialect::V2 | Dialect::Labs | Dialect::TweetBinder => &[],
                // The time has its place already, so that the map needs not to grow.
                Dialect::V1 => &[(headers::STATUS, "200 OK"), (headers::LAST_MODIFIED, "")],
            };
            let constant = constant.chain(stamps.iter().copied());
            let rows =
                constant.chain([(headers::ACCESS_LEVEL, AccessLevel::Read.name()), (headers::RESPONSE_TIME, "0")]);
            let rows = rows.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            rows.chain(RATE_LIMITS.map(|name| (name, HeaderValue::from_static("0")))).collect()
        };
        let [v2, labs, v1, tweet_binder] = Dialect::ALL.map(made);
        Self { v2, labs, v1, tweet_binder }
    }

    /// `took` is the time that the answer took, where the reply says so.
    pub(super) fn headers(
        &self,
        dialect: Dialect,
        level: Option<AccessLevel>,
        allowance: Option<Allowance>,
        took: Option<Duration>,
    ) -> HeaderMap {
        let (level, took) = if headers::tells_of_callers(dialect) { (level, took) } else { (None, None) };
        let mut headers = match dialect {
            Dialect::V2 => self.v2.clone(),
            Dialect::Labs => self.labs.clone(),
            Dialect::V1 => self.v1.clone(),
            Dialect::TweetBinder => self.tweet_binder.clone(),
        };
        match took.map(|took| took.as_millis() as u64) {
            Some(0) => {}
            Some(ms) => {
                headers.insert(RESPONSE_TIME, HeaderValue::from(ms));
            }
            None => {
                headers.remove(RESPONSE_TIME);
            }
        }
        match level {
            Some(AccessLevel::Read) => {}
            Some(level) => {
                headers.insert(ACCESS_LEVEL, HeaderValue::from_static(level.name()));
            }
            None => {
                headers.remove(ACCESS_LEVEL);
            }
        }
        match allowance {
            Some(Allowance { limit, remaining, reset, .. }) => {
                headers.insert(RATE_LIMIT, limit.into());
                headers.insert(RATE_LIMIT_REMAINING, remaining.into());
                headers.insert(RATE_LIMIT_RESET, reset.unix_seconds().into());
            }
            None => RATE_LIMITS.iter().for_each(|name| _ = headers.remove(name)),
        }
        headers
    }
}
