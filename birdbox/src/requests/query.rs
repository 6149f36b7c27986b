//! What `birdbox requests` asks, and how requests are filtered, here and in the portal.

use std::fmt;
use std::str::FromStr;

use model::AppId;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use xapi::operation::OPERATIONS;
use xapi::{Authentication, FLOWS};

use super::{Logged, Requests};

/// Which requests are wanted. What is not there lets all through.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Of this App.
    pub app: Option<u64>,
    /// Of the operation or the endpoint of OAuth with this name.
    pub operation: Option<String>,
    /// With such a status.
    pub status: Option<StatusClass>,
    /// With this text in path or query, as they were sent.
    pub path: Option<String>,
    /// Those before the one with this number.
    pub below: Option<u64>,
    /// At most so many.
    pub limit: usize,
}

/// One status, or all that begin with the same digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusClass {
    /// Such as 4 for 4xx.
    Class(u16),
    /// Such as 429.
    Is(u16),
}

/// Why a text is no status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("give a status, such as 429, or all of a kind, such as 4xx")]
pub struct InvalidStatus;

impl FromStr for StatusClass {
    type Err = InvalidStatus;

    fn from_str(text: &str) -> Result<Self, InvalidStatus> {
        if let Some(digit) = text.strip_suffix("xx") {
            return digit.parse().ok().filter(|digit| (1..=5).contains(digit)).map(Self::Class).ok_or(InvalidStatus);
        }
        text.parse().ok().filter(|status| (100..=599).contains(status)).map(Self::Is).ok_or(InvalidStatus)
    }
}

impl fmt::Display for StatusClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Class(digit) => write!(f, "{digit}xx"),
            Self::Is(status) => status.fmt(f),
        }
    }
}

impl StatusClass {
    const fn has(self, status: u16) -> bool {
        match self {
            Self::Class(digit) => status / 100 == digit,
            Self::Is(wanted) => status == wanted,
        }
    }
}

/// What requests can ask for, by name: the operations of the API, then the endpoints of OAuth.
pub fn asked_names() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|row| row.name).chain(FLOWS.iter().map(|row| row.name))
}

impl Query {
    /// Whether a request is wanted.
    #[must_use]
    pub fn fits(&self, logged: &Logged) -> bool {
        self.app.is_none_or(|app| logged.app == Some(AppId::new(app)))
            && self.status.is_none_or(|status| status.has(logged.status))
            && self.operation.as_deref().is_none_or(|name| logged.asked.name() == Some(name))
            && self.path.as_deref().is_none_or(|path| logged.target.contains(path))
    }
}

/// A request for people and programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRow {
    /// Its place among all since the server started.
    pub number: u64,
    /// Its `x-request-id`, which `birdbox explain` takes.
    pub request_id: String,
    /// When it came.
    pub at: String,
    /// The method.
    pub method: String,
    /// Path and query, without what is secret in them.
    pub target: String,
    /// What it asked for.
    pub operation: Option<String>,
    /// The App.
    pub app: Option<u64>,
    /// The user.
    pub user: Option<u64>,
    /// The kind of credentials.
    pub authentication: Option<String>,
    /// The status of the reply.
    pub status: u16,
    /// How long it took, in microseconds.
    pub dur_us: u64,
    /// The length of the reply's body.
    pub bytes: usize,
}

impl From<&Logged> for RequestRow {
    fn from(logged: &Logged) -> Self {
        Self {
            number: logged.number,
            request_id: logged.id.to_string(),
            at: logged.at.to_string(),
            method: logged.method.to_string(),
            target: logged.target.clone(),
            operation: logged.asked.name().map(str::to_owned),
            app: logged.app.map(AppId::get),
            user: logged.user.map(model::UserId::get),
            authentication: logged.authentication.map(Authentication::name).map(str::to_owned),
            status: logged.status,
            dur_us: u64::try_from(logged.took.as_micros()).unwrap_or(u64::MAX),
            bytes: logged.bytes,
        }
    }
}

/// Some of the last requests, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownRequests {
    /// They.
    pub requests: Vec<RequestRow>,
    /// Whether there are older ones.
    pub more: bool,
}

/// Why none are shown.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum RequestsError {
    /// Only a server remembers.
    #[error("no server runs on this data directory, and only a running one remembers; start one with: birdbox serve")]
    NotRunning,
    /// It remembers nothing.
    #[error("the server keeps no requests; let it with: portal.requests = 1000 in birdbox.toml")]
    Off,
}

/// Some of the last requests.
///
/// # Errors
/// [`RequestsError`].
pub fn run(requests: Option<&Requests>, query: &Query) -> Result<ShownRequests, RequestsError> {
    let requests = requests.ok_or(RequestsError::NotRunning)?;
    if requests.most() == 0 {
        return Err(RequestsError::Off);
    }
    let (found, more) = requests.find(query.below, query.limit, |logged| query.fits(logged));
    Ok(ShownRequests { requests: found.iter().map(RequestRow::from).collect(), more })
}
