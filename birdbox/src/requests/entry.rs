//! One request as it is kept.

use std::time::Duration;

use http::Method;
use model::{AppId, Timestamp, UserId};
use xapi::Authentication;

use super::{Asked, Sent, mask};
use crate::authenticate::Caller;
use crate::http::RequestId;

/// A request that is kept.
#[derive(Debug, Clone)]
pub struct Logged {
    /// Its place among all since the server started, from 1.
    pub number: u64,
    /// Its `x-request-id`.
    pub id: RequestId,
    /// When it came.
    pub at: Timestamp,
    /// The method.
    pub method: Method,
    /// Path and query, without what is secret in them.
    pub target: String,
    /// Whether the target is longer than what is kept of it.
    pub is_cut: bool,
    /// What of the body its operation knows.
    pub body: Vec<(String, String)>,
    /// What it asked for.
    pub asked: Asked,
    /// The App, by its credentials, or as it says.
    pub app: Option<AppId>,
    /// The user on whose behalf.
    pub user: Option<UserId>,
    /// With which kind of credentials, where they were taken.
    pub authentication: Option<Authentication>,
    /// The status of the reply.
    pub status: u16,
    /// How long it took.
    pub took: Duration,
    /// The length of the reply's body.
    pub bytes: usize,
}

impl Logged {
    /// Takes the memory of another one's target.
    pub(super) fn of(number: u64, sent: &Sent<'_>, body: Vec<(String, String)>, mut target: String) -> Self {
        target.clear();
        let is_whole = mask::write_target(sent.request.path(), sent.request.query(), &mut target);
        Self {
            number,
            id: sent.request.id,
            at: sent.at,
            method: sent.request.method.clone(),
            target,
            is_cut: !is_whole,
            body,
            asked: sent.asked,
            app: sent.caller.map(|caller| caller.app.app.id).or(sent.app),
            user: sent.caller.and_then(Caller::viewer),
            authentication: sent.caller.map(|caller| caller.authority.authentication()),
            status: sent.status,
            took: sent.took,
            bytes: sent.bytes,
        }
    }

    /// The path of the target.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}
