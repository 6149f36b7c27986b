//! From a request for followers or following to a [`UserList`], or to one problem that names
//! all faulty parameters.

use model::UserId;

use crate::keys::Keys;
use crate::lookup::Refused;
use crate::operation::{MAX_RESULTS, Operation, PAGINATION_TOKEN};
use crate::page_token::Cursor;
use crate::query::{Parameter, Undecodable};
use crate::reader::Reader;
use crate::route::PathValues;
use crate::sentences as say;
use crate::style::RequestStyle;
use crate::view::View;

/// The users of a page, unless the request says otherwise.
pub const DEFAULT_RESULTS: u16 = 100;
/// The most users of a page.
pub const MOST_RESULTS: u16 = 1000;

/// A page that can be answered.
#[derive(Debug, Clone)]
pub struct UserList {
    /// Whose list.
    pub owner: UserId,
    /// Its id as the request spelled it, for problems that repeat it.
    pub spelling: String,
    /// Where the page begins; with the newest follow, if nothing is said.
    pub start: Option<Cursor>,
    /// How many users it has at the most: 1 to 1000.
    pub max_results: u16,
    /// What is shown of them.
    pub view: View,
}

/// Reads a request for `operation`.
///
/// # Errors
/// A 400 that names every faulty parameter.
pub fn parse_list(
    operation: &Operation,
    path: PathValues<'_>,
    query: Option<&str>,
    style: RequestStyle,
) -> Result<UserList, Refused> {
    let mut reader = Reader::new(operation, path, query);
    let owner = reader.keys().and_then(|keys| match &keys {
        Keys::Ids(ids) => Some((*ids.parsed().first()?, keys.spelling(0).to_owned())),
        Keys::Usernames(_) => None,
    });
    let max_results = max_results(&mut reader);
    let start = start(&mut reader);
    let view = reader.view(style);
    let list = owner.map(|(owner, spelling)| UserList { owner, spelling, start, max_results, view });
    reader.finish(list, style)
}

/// unverified(bad-max-results): the sentence for what is no number.
fn max_results(reader: &mut Reader<'_, '_>) -> u16 {
    let Some(parameter) = reader.single(MAX_RESULTS) else { return DEFAULT_RESULTS };
    let text = text(&parameter);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let message = match text.parse() {
        _ if !is_number => say::is_not_valid(MAX_RESULTS, text),
        Ok(number @ 1..=MOST_RESULTS) => return number,
        _ => say::is_not_between(MAX_RESULTS, text, 1, MOST_RESULTS),
    };
    reader.fault(MAX_RESULTS, parameter.values(), message);
    DEFAULT_RESULTS
}

fn start(reader: &mut Reader<'_, '_>) -> Option<Cursor> {
    let parameter = reader.single(PAGINATION_TOKEN)?;
    let text = text(&parameter);
    let cursor = Cursor::from_token(text);
    if cursor.is_none() {
        reader.fault(PAGINATION_TOKEN, parameter.values(), say::is_not_a_valid_token(PAGINATION_TOKEN, text));
    }
    cursor
}

/// The value, decoded if that is possible.
fn text<'a>(parameter: &'a Parameter<'_>) -> &'a str {
    match &parameter.first {
        Ok(text) => text,
        Err(Undecodable(raw)) => raw,
    }
}
