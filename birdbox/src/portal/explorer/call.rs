//! The request that an operation and its values come to: pure, and the same for the explorer's own
//! sending and for every program that it writes.

use http::Method;
use serde_json::json;
use xapi::{InputPlace, Operation, TWEET_BINDER_PREFIX, encode, lossy_pairs};

use super::values::{Filled, Values};

/// A request without its credentials.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) method: &'static str,
    /// Percent-encoded.
    pub(super) path: String,
    /// In clear.
    pub(super) query: Vec<(&'static str, String)>,
    /// What stands behind that in the query as it is.
    pub(super) other: String,
    pub(super) body: Option<Body>,
}

/// What a request carries.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// In clear.
    Form(Vec<(&'static str, String)>),
    Json(String),
}

impl Body {
    pub(super) const fn content_type(&self) -> &'static str {
        match self {
            Self::Form(_) => "application/x-www-form-urlencoded",
            Self::Json(_) => "application/json",
        }
    }

    /// As it is sent.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Form(pairs) => encode_pairs(pairs),
            Self::Json(text) => text.clone(),
        }
    }
}

impl Call {
    /// For a server whose paths of Tweet Binder begin with `tweet_binder`, with `other` at the end of
    /// the query. An input of the path that is empty is an empty part of it.
    pub(super) fn of(operation: &'static Operation, values: &Values, other: String, tweet_binder: &str) -> Self {
        let at = |place: InputPlace| values.filled().filter(move |filled| filled.input.place == place);
        let pairs = |place| at(place).map(|filled| (filled.input.name, filled.value.clone())).collect::<Vec<_>>();
        let template =
            operation.path.replacen(TWEET_BINDER_PREFIX, tweet_binder, usize::from(is_tweet_binder(operation)));
        let in_path = values.0.iter().filter(|filled| filled.input.place == InputPlace::Path);
        let path = in_path.fold(template, |path, filled| {
            path.replace(&format!("{{{}}}", filled.input.name), &encode(&filled.value, ""))
        });
        let (query, body) = (pairs(InputPlace::Query), body(operation, values));
        Self { method: operation.method.name(), path, query, other, body }
    }

    /// Path and query, as they are sent.
    pub(super) fn target(&self) -> String {
        let parts = [encode_pairs(&self.query), self.other.clone()];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, parts.join("&")) }
    }

    pub(super) fn method(&self) -> Method {
        self.method.parse().unwrap_or_default()
    }

    /// What is signed beside the `oauth_*` parameters.
    pub(super) fn signed(&self) -> Vec<(String, String)> {
        let of_form = match &self.body {
            Some(Body::Form(pairs)) => pairs.as_slice(),
            Some(Body::Json(_)) | None => &[],
        };
        let known = self.query.iter().chain(of_form).map(|(name, value)| ((*name).to_owned(), value.clone()));
        known.chain(lossy_pairs(self.other.as_bytes())).collect()
    }
}

fn is_tweet_binder(operation: &Operation) -> bool {
    operation.dialect == xapi::Dialect::TweetBinder
}

fn body(operation: &Operation, values: &Values) -> Option<Body> {
    let places = || values.0.iter().map(|filled| filled.input.place);
    let at = |place: InputPlace| values.filled().filter(move |filled| filled.input.place == place);
    if places().any(|place| place == InputPlace::List) {
        let parts: Vec<&str> = at(InputPlace::List).flat_map(Filled::parts).collect();
        return Some(Body::Json(json!(parts).to_string()));
    }
    if places().any(|place| place == InputPlace::Member) {
        let members = at(InputPlace::Member).map(|filled| (filled.input.name.to_owned(), filled.value.clone().into()));
        return Some(Body::Json(serde_json::Value::Object(members.collect()).to_string()));
    }
    let is_form = operation.method == xapi::Method::Post;
    let pairs = at(InputPlace::Form).map(|filled| (filled.input.name, filled.value.clone()));
    is_form.then(|| Body::Form(pairs.collect()))
}

/// What stands for itself in a query beside letters, digits, `-`, `.`, `_` and `~`.
const PLAIN: &str = ",:";

/// A query or a form.
pub(super) fn encode_pairs(pairs: &[(&str, String)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| format!("{}={}", encode(name, PLAIN), encode(value, PLAIN)));
    pairs.collect::<Vec<_>>().join("&")
}
