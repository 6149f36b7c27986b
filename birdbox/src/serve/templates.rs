//! The headers of replies: those of the dialect, and those that depend on the caller and its
//! window.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use store::Allowance;
use xapi::headers::AccessLevel;
use xapi::{Dialect, headers};

use crate::http::REQUEST_ID;

const ACCESS_LEVEL: HeaderName = HeaderName::from_static(headers::ACCESS_LEVEL);
const RATE_LIMIT: HeaderName = HeaderName::from_static(headers::RATE_LIMIT);
const RATE_LIMIT_REMAINING: HeaderName = HeaderName::from_static(headers::RATE_LIMIT_REMAINING);
const RATE_LIMIT_RESET: HeaderName = HeaderName::from_static(headers::RATE_LIMIT_RESET);
const RATE_LIMITS: [HeaderName; 3] = [RATE_LIMIT, RATE_LIMIT_REMAINING, RATE_LIMIT_RESET];
const RESPONSE_TIME: HeaderName = HeaderName::from_static(headers::RESPONSE_TIME);

/// The headers of a reply as most replies have them, for each dialect: they are made
/// once and then copied as a whole, which is cheaper than to insert each.
pub(super) struct Templates {
    v2: Template,
    labs: Template,
    v1: Template,
    tweet_binder: Template,
}

/// The headers of a dialect.
struct Template {
    counted: HeaderMap,
    /// Where requests are not counted.
    uncounted: HeaderMap,
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
            // The edge names each reply; that has its place already too.
            let rows = rows.chain([(REQUEST_ID, HeaderValue::from_static(""))]);
            let uncounted: HeaderMap = rows.collect();
            let mut counted = uncounted.clone();
            counted.extend(RATE_LIMITS.map(|name| (name, HeaderValue::from_static("0"))));
            Template { counted, uncounted }
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
        let template = match dialect {
            Dialect::V2 => &self.v2,
            Dialect::Labs => &self.labs,
            Dialect::V1 => &self.v1,
            Dialect::TweetBinder => &self.tweet_binder,
        };
        let mut headers = match allowance {
            Some(Allowance { limit, remaining, reset, .. }) => {
                let mut headers = template.counted.clone();
                headers.insert(RATE_LIMIT, limit.into());
                headers.insert(RATE_LIMIT_REMAINING, remaining.into());
                headers.insert(RATE_LIMIT_RESET, reset.unix_seconds().into());
                headers
            }
            None => template.uncounted.clone(),
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
        headers
    }
}
