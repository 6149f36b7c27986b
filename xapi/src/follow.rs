//! From a request to follow or unfollow to a [`FollowChange`], or to one problem that names
//! all that is faulty in path, query and body.

use model::UserId;
use serde_json::Value;

use crate::keys::Keys;
use crate::lookup::Refused;
use crate::operation::{KeyKind, Operation, TARGET_USER_ID};
use crate::parameters::ID_PATTERN;
use crate::reader::Reader;
use crate::route::PathValues;
use crate::sentences as say;
use crate::style::RequestStyle;

/// The most bytes of a body that names one user.
const MOST_BYTES: usize = 4096;

/// Who follows whom, or no more. It is the caller who does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowChange {
    /// The caller.
    pub source: UserId,
    /// The other one.
    pub target: UserId,
}

/// The body of a request.
#[derive(Debug, Clone, Copy)]
pub enum Body<'a> {
    /// There is none, or it says that it is JSON.
    Json(&'a [u8]),
    /// It says that it is something else, or nothing.
    Other,
}

/// Reads a request of `caller` to follow the user whom the body names.
///
/// # Errors
/// A 400 that names everything faulty.
pub fn parse_follow(
    operation: &Operation,
    path: PathValues<'_>,
    query: Option<&str>,
    body: Body<'_>,
    caller: UserId,
    style: RequestStyle,
) -> Result<FollowChange, Refused> {
    let mut reader = Reader::new(operation, path, query);
    let source = source(&mut reader, operation.key, caller);
    reader.view(style);
    let target = match body {
        Body::Json(json) => target(json, &mut reader),
        Body::Other => {
            reader.fault_of_all(say::CONTENT_TYPE_MUST_BE_JSON.to_owned());
            None
        }
    };
    let change = source.zip(target).map(|(source, target)| FollowChange { source, target });
    reader.finish(change, style)
}

/// Reads a request of `caller` to follow the user no more whom the path names second.
///
/// # Errors
/// A 400 that names everything faulty.
pub fn parse_unfollow(
    operation: &Operation,
    path: PathValues<'_>,
    query: Option<&str>,
    caller: UserId,
    style: RequestStyle,
) -> Result<FollowChange, Refused> {
    let mut reader = Reader::new(operation, path, query);
    let source = source(&mut reader, operation.key, caller);
    let target = reader.target();
    reader.view(style);
    let change = source.zip(target).map(|(source, target)| FollowChange { source, target });
    reader.finish(change, style)
}

/// The user of the path, who must be the caller.
///
/// unverified(not-the-caller): the status is a guess.
fn source(reader: &mut Reader<'_, '_>, key: KeyKind, caller: UserId) -> Option<UserId> {
    let keys = reader.keys()?;
    let Keys::Ids(ids) = &keys else { return None };
    let id = *ids.parsed().first()?;
    if id != caller {
        let (name, spelling) = (key.parameter(), keys.spelling(0));
        let message = say::must_be_the_caller(name, spelling, caller);
        reader.fault(name, vec![spelling.to_owned()], message);
        return None;
    }
    Some(id)
}

/// The user whom the body names: an object with one member and nothing else.
///
/// unverified(follow-body): the sentences are those of the JSON schema validator that others of
/// X's sentences come from; a member that is there twice counts as its last.
fn target(json: &[u8], reader: &mut Reader<'_, '_>) -> Option<UserId> {
    let mut fault = |value: Option<&Value>, message| {
        let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        reader.fault(TARGET_USER_ID, value.map(shown).into_iter().collect(), message);
    };
    if json.len() > MOST_BYTES {
        fault(None, say::body_too_large(json.len(), MOST_BYTES));
        return None;
    }
    let members = match serde_json::from_slice(json) {
        Ok(Value::Object(members)) => members,
        Ok(other) => {
            fault(None, say::of_another_type("$", type_of(&other), "object"));
            return None;
        }
        Err(_) => {
            fault(None, say::BODY_IS_NOT_JSON.to_owned());
            return None;
        }
    };
    let named = members.get(TARGET_USER_ID);
    let id = match named {
        None => {
            fault(None, say::member_is_missing(TARGET_USER_ID));
            None
        }
        Some(Value::String(text)) => {
            let id = text.parse().ok();
            if id.is_none() {
                fault(named, say::member_does_not_match(TARGET_USER_ID, ID_PATTERN));
            }
            id
        }
        Some(other) => {
            fault(named, say::of_another_type(&format!("$.{TARGET_USER_ID}"), type_of(other), "string"));
            None
        }
    };
    if let Some(stranger) = members.keys().find(|name| *name != TARGET_USER_ID) {
        fault(named, say::member_is_not_defined(stranger));
    }
    id
}

/// The word of JSON schemas for the type of a value.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
