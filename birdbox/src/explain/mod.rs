//! Why a request was refused: what is remembered of the last ones, and what is found out
//! when somebody asks.
//!
//! A reply says no more than X does. The people who run the server learn the rest with
//! `birdbox explain`, over `admin.sock`. No secret is remembered here, and none is shown.

mod report;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use model::{AppId, Timestamp, UserId};
use oauth::oauth1::{self, BaseUrl};
use serde::{Deserialize, Serialize};
use store::{Allowance, Balance, Subject};
use thiserror::Error;
use tokio::task::spawn_blocking;

pub use self::report::{Audience, Explanation, Signature, explain, explain_to};
use crate::admin::Context;
use crate::authenticate::{Caller, Presented, Refusal};
use crate::flows;
use crate::http::RequestId;
use crate::requests::write_path;

/// The most bytes that are kept of one request. What is longer can be explained but for its
/// signature.
const MOST_BYTES: usize = 8 << 10;

/// The most bytes of a path that are kept to be shown.
const MOST_OF_PATH: usize = 512;

/// Why a request was refused.
#[derive(Debug, Clone)]
pub enum Why {
    /// The caller may not do this, or is nobody.
    Denied(Refusal),
    /// The window of the caller is used up.
    Spent(Allowance),
    /// The balance of the App does not cover it.
    NotCovered(Balance),
    /// An endpoint of tokens gives none.
    Flow(flows::Refusal),
}

impl Why {
    /// Whether what was signed may say more. Forms of people, with their passwords, are not
    /// copied.
    const fn may_be_signature(&self) -> bool {
        match self {
            Self::Denied(_) | Self::Spent(_) | Self::Flow(flows::Refusal::Caller(_)) => true,
            Self::NotCovered(_) | Self::Flow(_) => false,
        }
    }

    /// The App that it is about, where it is known.
    const fn app(&self) -> Option<AppId> {
        match self {
            Self::Flow(refusal) => refusal.app(),
            Self::Denied(_) | Self::Spent(_) | Self::NotCovered(_) => None,
        }
    }
}

/// A request that was refused.
#[derive(Debug)]
pub struct Noted {
    id: RequestId,
    at: Timestamp,
    status: u16,
    method: String,
    path: String,
    operation: Option<&'static str>,
    /// The App, where it is known.
    app: Option<AppId>,
    user: Option<UserId>,
    subject: Option<Subject>,
    why: Why,
    signed: Option<Copied>,
}

/// What a signature was made of. The parameters name tokens, and hold no secret of theirs;
/// bearer tokens are never copied.
#[derive(Debug)]
struct Copied {
    path: String,
    query: Option<String>,
    authorization: Option<Vec<u8>>,
    form: Option<Vec<u8>>,
    /// Scheme and host.
    addresses: Vec<(String, String)>,
}

impl Copied {
    fn of(presented: &Presented<'_>) -> Option<Self> {
        let oauth1::Request { path, query, authorization, form, .. } = presented.request;
        let lengths = [Some(path.len()), query.map(str::len), authorization.map(<[u8]>::len), form.map(<[u8]>::len)];
        let fits = lengths.into_iter().flatten().sum::<usize>() <= MOST_BYTES;
        let is_bearer = authorization.and_then(oauth::bearer::from_header).is_some();
        (fits && !is_bearer && presented.request.is_signed()).then(|| Self {
            path: path.to_owned(),
            query: query.map(str::to_owned),
            authorization: authorization.map(<[u8]>::to_vec),
            form: form.map(<[u8]>::to_vec),
            addresses: presented.addresses().iter().map(|base| (base.scheme.into(), base.host.into())).collect(),
        })
    }

    fn request<'a>(&'a self, method: &'a str) -> oauth1::Request<'a> {
        let Self { path, query, authorization, form, .. } = self;
        let (query, authorization) = (query.as_deref(), authorization.as_deref());
        oauth1::Request { method, path, query, authorization, form: form.as_deref() }
    }

    fn bases(&self) -> impl Iterator<Item = BaseUrl<'_>> {
        self.addresses.iter().map(|(scheme, host)| BaseUrl { scheme, host })
    }
}

/// Why there is no explanation.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum ExplainError {
    /// Only a server remembers.
    #[error("no server runs on this data directory, and only a running one remembers; start one with: birdbox serve")]
    NotRunning,
    /// It remembers nothing.
    #[error("the server remembers no requests; let it with: auth.explain = \"256\" in birdbox.toml")]
    Off,
    /// The text is no id.
    #[error("REQUEST_ID: give the 16 digits of the header x-request-id, or --last")]
    Invalid,
    /// It was not refused, or is forgotten.
    #[error(
        "REQUEST_ID: no request that is remembered has this id; only 401, 402, 403 and 429 are explained, at the endpoints of OAuth also 400, and only the last {most}"
    )]
    Unknown {
        /// How many are remembered.
        most: usize,
    },
    /// None was refused yet.
    #[error("no request was refused since the server started")]
    Nothing,
    /// It could not be found out.
    #[error("the explanation came to no end; see the log")]
    Failed,
}

impl ExplainError {
    /// Whether asking for something else would help.
    #[must_use]
    pub fn is_input(&self) -> bool {
        match self {
            Self::Invalid | Self::Unknown { .. } => true,
            Self::NotRunning | Self::Off | Self::Nothing | Self::Failed => false,
        }
    }
}

/// Explains the request with this id, or the last one.
///
/// # Errors
/// [`ExplainError`].
pub async fn run(context: &Context, id: Option<String>) -> Result<Explanation, ExplainError> {
    let state = context.running.clone().ok_or(ExplainError::NotRunning)?;
    if state.refusals.most == 0 {
        return Err(ExplainError::Off);
    }
    let id = id.map(|text| text.trim().parse::<RequestId>().map_err(|_| ExplainError::Invalid)).transpose()?;
    let missing = match id {
        Some(_) => ExplainError::Unknown { most: state.refusals.most },
        None => ExplainError::Nothing,
    };
    let noted = state.refusals.find(id).ok_or(missing)?;
    spawn_blocking(move || explain(&state, &noted)).await.map_err(|_| ExplainError::Failed)
}

/// The last requests that were refused.
#[derive(Debug)]
pub struct Refusals {
    last: Mutex<VecDeque<Arc<Noted>>>,
    most: usize,
}

impl Refusals {
    /// Remembers so many; with 0 none, and nothing can be explained.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { last: Mutex::default(), most }
    }

    /// Remembers a request that is answered with `status`, by a caller who may be known.
    pub fn note(
        &self,
        presented: &Presented<'_>,
        operation: Option<&'static str>,
        caller: Option<&Caller>,
        why: Why,
        status: u16,
        at: Timestamp,
    ) {
        if self.most == 0 {
            return;
        }
        let mut path = String::new();
        write_path(presented.request.path, &mut path);
        let noted = Noted {
            id: presented.id,
            at,
            status,
            method: presented.request.method.to_owned(),
            path: path.chars().take(MOST_OF_PATH).collect(),
            operation,
            app: caller.map(|caller| caller.app.app.id).or(why.app()),
            user: caller.and_then(Caller::viewer),
            subject: caller.map(Caller::subject),
            signed: if why.may_be_signature() { Copied::of(presented) } else { None },
            why,
        };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() == self.most {
            last.pop_front();
        }
        last.push_back(Arc::new(noted));
    }

    /// All of them, the last at the end.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Noted>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// One of them, or the last.
    #[must_use]
    pub fn find(&self, id: Option<RequestId>) -> Option<Arc<Noted>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let found = match id {
            Some(id) => last.iter().rev().find(|noted| noted.id == id),
            None => last.back(),
        };
        found.cloned()
    }
}
