//! What all requests share: the store, what credentials are checked with, how replies look;
//! and the two places where time and randomness enter.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use model::Timestamp;
use store::Store;

use crate::admin::Secrets;
use crate::api::TweetBinder;
use crate::authenticate::{Passes, SigningKeys};
use crate::config::Proxies;
use crate::explain::Refusals;
use crate::flows::Guesses;
use crate::limits::Limits;
use crate::requests::Requests;
use crate::usage::{Prices, Usage};

/// The server behind its sockets.
#[derive(Debug)]
pub struct State {
    /// Users and posts.
    pub store: Store,
    /// What credentials are made from and checked with.
    pub secrets: Secrets,
    /// What signatures were verified with lately.
    pub keys: SigningKeys,
    /// Tokens of requests that the server makes itself.
    pub passes: Passes,
    /// Who may say what a client has called.
    pub proxies: Proxies,
    /// How often they may.
    pub limits: Arc<Limits>,
    /// Who guesses passwords.
    pub guesses: Guesses,
    /// Whom was refused lately.
    pub refusals: Refusals,
    /// What clients sent lately.
    pub requests: Requests,
    /// How much Apps used.
    pub usage: Usage,
    /// What X would charge for it.
    pub prices: Prices,
    /// What replies look like where X has changed over time.
    pub style: xapi::Style,
    /// What the configuration says of Tweet Binder's API.
    pub tweet_binder: TweetBinder,
    /// The time.
    pub clock: Clock,
}

/// Where time comes from. Everything below takes it as an argument.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's clock.
    System,
    /// A clock that a test moves, in milliseconds since 1970.
    Stepped(Arc<AtomicI64>),
}

impl Clock {
    /// The time of day.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
            Self::System => {
                let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_unix_ms(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Stepped(ms) => Timestamp::from_unix_ms(ms.load(Ordering::Relaxed)),
        }
    }

    /// Starts to measure how long something takes.
    #[must_use]
    pub fn start(&self) -> Stopwatch {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
        self.since(Instant::now())
    }

    /// Measures how long something takes that has begun already.
    #[must_use]
    pub fn since(&self, begin: Instant) -> Stopwatch {
        match self {
            Self::System => Stopwatch(Some(begin)),
            Self::Stepped(_) => Stopwatch(None),
        }
    }
}

/// A running measurement. With a stepped clock everything takes no time.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Option<Instant>);

impl Stopwatch {
    /// The time since the start.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.map(|start| start.elapsed()).unwrap_or_default()
    }
}

/// A new secret key.
///
/// # Panics
/// When the operating system has no randomness to give; a key without any would be
/// worse.
#[must_use]
#[expect(clippy::expect_used, reason = "there is nothing that could be done instead")]
pub fn random_key() -> [u8; 32] {
    let mut key = [0; 32];
    getrandom::fill(&mut key).expect("the operating system gives random bytes");
    key
}
