//! The last requests that clients sent to the API and to the endpoints of OAuth: what the portal
//! and `birdbox requests` show.
//!
//! No credential is kept, and nothing of an address or a body that is secret by its name or its
//! form. Why a request was refused is for `explain` to say. Pages of the portal, and what the edge of HTTP refuses, are not here.

mod entry;
mod mask;
mod query;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Method;
use model::{AppId, Timestamp};
use oauth::oauth1::SignedRequest;
use xapi::{Flow, Operation};

pub use self::entry::Logged;
pub use self::mask::MASK;
pub(crate) use self::mask::{kept, write_path};
pub use self::query::{Query, RequestRow, RequestsError, ShownRequests, StatusClass, asked_names, run};
use crate::authenticate::{Caller, Presented};
use crate::http::Request;
use crate::state::State;

/// How many are looked at under the lock at once.
const AT_ONCE: usize = 256;

/// What a request asked for.
#[derive(Debug, Clone, Copy)]
pub enum Asked {
    /// Something of the API.
    Operation(&'static Operation),
    /// Something of OAuth.
    Flow(&'static Flow),
    /// Nothing that there is.
    Nothing,
}

impl Asked {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Operation(row) => Some(row.name),
            Self::Flow(row) => Some(row.name),
            Self::Nothing => None,
        }
    }
}

/// A request with its reply.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// The request.
    pub request: &'a Request,
    /// When it came.
    pub at: Timestamp,
    /// What it asked for.
    pub asked: Asked,
    /// Who called, where that is known.
    pub caller: Option<&'a Caller>,
    /// The App that it says to be of, where nobody is known.
    pub app: Option<AppId>,
    /// The status of the reply.
    pub status: u16,
    /// How long it took.
    pub took: Duration,
    /// The length of the reply's body, before any compression.
    pub bytes: usize,
}

impl<'a> Sent<'a> {
    /// With a reply of which nothing is known yet.
    #[must_use]
    pub fn of(request: &'a Request, asked: Asked, at: Timestamp) -> Self {
        Self { request, at, asked, caller: None, app: None, status: 0, took: Duration::ZERO, bytes: 0 }
    }
}

/// The last requests.
#[derive(Debug)]
pub struct Requests {
    most: usize,
    log: Mutex<Log>,
}

#[derive(Debug, Default)]
struct Log {
    /// How many there were.
    count: u64,
    /// The newest at the end.
    last: VecDeque<Logged>,
}

impl Requests {
    /// Keeps so many; with 0 none.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, log: Mutex::default() }
    }

    /// How many are kept.
    #[must_use]
    pub fn most(&self) -> usize {
        self.most
    }

    /// Keeps one. Once there are as many as are kept, the oldest gives its memory to it.
    pub fn note(&self, sent: &Sent<'_>) {
        if self.most == 0 {
            return;
        }
        let body = match sent.asked {
            Asked::Operation(row) if sent.request.method != Method::GET => mask::body(row, sent.request),
            Asked::Operation(_) | Asked::Flow(_) | Asked::Nothing => Vec::new(),
        };
        let mut log = self.locked();
        let oldest = if log.last.len() < self.most { None } else { log.last.pop_front() };
        drop(log);
        // What to mask, the client decides: others do not wait for it.
        let mut logged = Logged::of(0, sent, body, oldest.map(|oldest| oldest.target).unwrap_or_default());
        let mut log = self.locked();
        log.count += 1;
        logged.number = log.count;
        // Others may have come between; theirs is the oldest then.
        let one_too_many = if log.last.len() < self.most { None } else { log.last.pop_front() };
        log.last.push_back(logged);
        drop(log);
        drop(one_too_many);
    }

    fn locked(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one with this number, if it is still kept.
    #[must_use]
    pub fn get(&self, number: u64) -> Option<Logged> {
        let log = self.locked();
        log.at(number).and_then(|at| log.last.get(at)).cloned()
    }

    /// Up to `most` of those that fit, below a number, the newest first; and whether there are more.
    /// The log is held for a short while at a time.
    #[must_use]
    pub fn find(&self, below: Option<u64>, most: usize, fits: impl Fn(&Logged) -> bool) -> (Vec<Logged>, bool) {
        let mut found = Vec::new();
        let mut below = below.unwrap_or(u64::MAX);
        loop {
            let log = self.locked();
            let end = log.last.partition_point(|logged| logged.number < below);
            for logged in log.last.range(end.saturating_sub(AT_ONCE)..end).rev() {
                below = logged.number;
                if !fits(logged) {
                    continue;
                }
                if found.len() == most {
                    return (found, true);
                }
                found.push(logged.clone());
            }
            if end <= AT_ONCE {
                return (found, false);
            }
        }
    }
}

impl Log {
    /// Where the one with this number is.
    fn at(&self, number: u64) -> Option<usize> {
        let first = self.last.front()?.number;
        usize::try_from(number.checked_sub(first)?).ok()
    }
}

/// The App that a request says to be of, by its API key or client id; it need not be true.
pub(crate) fn claimed_app(state: &State, presented: &Presented<'_>) -> Option<AppId> {
    let identity = state.store.identity();
    if let Ok(signed) = SignedRequest::read(&presented.request) {
        return identity.app_by_consumer_key(signed.consumer_key()).map(|app| app.app.id);
    }
    let form = presented.request.form.and_then(|form| std::str::from_utf8(form).ok());
    let said = [presented.request.query, form].into_iter().flatten().filter_map(xapi::pairs).flatten();
    let client = said.into_iter().find(|(name, _)| name == "client_id");
    client.and_then(|(_, id)| identity.app_by_client_id(&id)).map(|app| app.app.id)
}
