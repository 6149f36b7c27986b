//! One request as it is kept, and the address at which the explorer sends it again.

use std::time::Duration;

use http::Method;
use model::{AppId, Timestamp, UserId};
use xapi::{Authentication, Operation, join_pairs, pairs};

use super::{Asked, MASK, Sent, mask};
use crate::authenticate::Caller;
use crate::http::RequestId;
use crate::portal::Way;

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

    /// Where the explorer has the same request ready: nowhere for what is not of the API, or was not
    /// kept whole.
    #[must_use]
    pub fn replay(&self) -> Option<String> {
        let Asked::Operation(operation) = self.asked else { return None };
        if self.is_cut {
            return None;
        }
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        // What was masked is a credential, which the explorer has its own of.
        let asked = pairs(query)?.into_iter().filter(|(name, _)| !name.starts_with("oauth_"));
        let all = in_path(operation, self.path()).into_iter().chain(asked).chain(self.body.iter().cloned());
        let all: Vec<_> = all
            .filter(|(name, value)| name != MASK && value != MASK)
            .map(|(name, value)| (format!("p.{name}"), value))
            .collect();
        let mut members = vec![("auth", self.authentication.map_or(Way::App, Way::by).word())];
        members.extend(all.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        Some(format!("/portal/explorer/{}?{}", operation.name, join_pairs(&members)))
    }
}

/// What stands in a path for the braces of its row. Prefixes of paths are as long as they are, so
/// that it is read from the end.
fn in_path(operation: &Operation, path: &str) -> Vec<(String, String)> {
    let parts = operation.path.split('/').rev().zip(path.split('/').rev());
    let values = parts.filter_map(|(pattern, part)| {
        let name = pattern.strip_prefix('{')?.strip_suffix('}')?;
        // `+` means itself in a path.
        let value = pairs(&part.replace('+', "%2B").replace('&', "%26").replace('=', "%3D"))?.pop()?.0;
        Some((name.to_owned(), value))
    });
    let mut values: Vec<_> = values.collect();
    values.reverse();
    values
}
