//! What requests ask for: the profiles of a body, or a page of a list.

use model::{UserId, Username};
use serde_json::Value;

use super::TweetBinderError;
use crate::page_token::Cursor;
use crate::query;
use crate::route::PathValues;
use crate::sentences::tweet_binder as own;

/// Most ids or aliases of a request.
pub const MOST_PROFILES: usize = 100;
/// Most bytes of the body of a request: a hundred keys take a few thousand, and what is read costs
/// many times as much memory.
const MOST_BYTES: usize = 16 << 10;
/// Profiles of a page. unverified(tweetbinder-pages): neither this nor the next is published.
pub const PROFILES_A_PAGE: u16 = 100;
/// Ids of a page.
pub const IDS_A_PAGE: u16 = 5000;
/// Whether a page holds profiles.
pub const GET_USERS_INFO: &str = "getUsersInfo";
/// Where a page begins.
pub const NEXT: &str = "next";

/// Reads the body of a request for profiles by alias: a JSON array of aliases, each with or without
/// an `@`, or of objects with a member `alias`. Each is there once.
///
/// # Errors
/// A 400 that names what is faulty first.
pub fn parse_aliases(body: &[u8]) -> Result<Vec<Username>, TweetBinderError> {
    keys(body, "alias", parse_alias, Username::key)
}

/// Reads the body of a request for profiles by id: a JSON array of ids, as strings or numbers, or
/// of objects with a member `id`. Each is there once.
///
/// # Errors
/// A 400 that names what is faulty first.
pub fn parse_ids(body: &[u8]) -> Result<Vec<UserId>, TweetBinderError> {
    keys(body, "id", |text| text.parse().ok(), |id| *id)
}

fn parse_alias(text: &str) -> Option<Username> {
    text.strip_prefix('@').unwrap_or(text).parse().ok()
}

/// unverified(tweetbinder-body): an array, as the vendor's trackers take one.
fn keys<K, I: PartialEq>(
    body: &[u8],
    member: &str,
    parse: impl Fn(&str) -> Option<K>,
    identity: impl Fn(&K) -> I,
) -> Result<Vec<K>, TweetBinderError> {
    if body.len() > MOST_BYTES {
        return Err(TweetBinderError::bad_request(own::too_long(body.len(), MOST_BYTES)));
    }
    let Ok(Value::Array(items)) = serde_json::from_slice(body) else {
        return Err(TweetBinderError::bad_request(own::not_an_array(member)));
    };
    if items.is_empty() || items.len() > MOST_PROFILES {
        return Err(TweetBinderError::bad_request(own::wrong_number(items.len(), MOST_PROFILES)));
    }
    let mut seen: Vec<I> = Vec::with_capacity(items.len());
    let mut keys = Vec::with_capacity(items.len());
    for item in &items {
        let named = item.get(member).unwrap_or(item);
        let key = match named {
            Value::String(text) => parse(text),
            Value::Number(number) => parse(&number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        let key = key.ok_or_else(|| TweetBinderError::bad_request(own::bad_value(member, &item.to_string())))?;
        let is = identity(&key);
        if !seen.contains(&is) {
            seen.push(is);
            keys.push(key);
        }
    }
    Ok(keys)
}

/// Whose list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// By id.
    Id(UserId),
    /// By alias.
    Alias(Username),
}

/// A page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListRequest {
    /// Whose.
    pub owner: Owner,
    /// Whether profiles are wanted in place of ids.
    pub profiles: bool,
    /// Where the page begins, if not at the newest follow.
    pub next: Option<Cursor>,
}

impl ListRequest {
    /// How many accounts the page has at the most.
    #[must_use]
    pub const fn size(&self) -> u16 {
        if self.profiles { PROFILES_A_PAGE } else { IDS_A_PAGE }
    }
}

/// Reads a request for a page of the list of the account that the path names, by alias or by id.
///
/// unverified(tweetbinder-defaults): without `getUsersInfo` ids are given, which cost nothing; what
/// the API does not know is ignored.
///
/// # Errors
/// A 400 that names what is faulty first.
pub fn parse_list(is_alias: bool, path: PathValues<'_>, query: Option<&str>) -> Result<ListRequest, TweetBinderError> {
    let bad = |name: &str, value: &str| TweetBinderError::bad_request(own::bad_value(name, value));
    let key = query::decode(path.key.unwrap_or_default(), query::Blank::Encoded);
    let key = key.unwrap_or_else(|query::Undecodable(text)| text.into());
    let owner = if is_alias { parse_alias(&key).map(Owner::Alias) } else { key.parse().ok().map(Owner::Id) };
    let owner = owner.ok_or_else(|| bad(if is_alias { "alias" } else { "id" }, &key))?;
    let pairs = query::pairs(query.unwrap_or_default()).ok_or_else(|| TweetBinderError::bad_request(own::BAD_QUERY))?;
    let value = |name: &str| {
        let mut values = pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let first = values.next();
        if values.next().is_some() { Err(TweetBinderError::bad_request(own::twice(name))) } else { Ok(first) }
    };
    let profiles = match value(GET_USERS_INFO)? {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => return Err(bad(GET_USERS_INFO, other)),
    };
    let next = match value(NEXT)? {
        None => None,
        // Only places of older follows are ever given out.
        Some(token) => {
            let cursor = Cursor::from_token(token).filter(|cursor| cursor.number() > 0);
            Some(cursor.ok_or_else(|| bad(NEXT, token))?)
        }
    };
    Ok(ListRequest { owner, profiles, next })
}
