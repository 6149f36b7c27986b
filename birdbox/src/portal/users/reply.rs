//! A user as programs see it: the reply of each dialect, laid out for people.

use model::User;
use xapi::{Dialect, Operation, OperationId, inputs};

use super::super::answered;
use super::super::cx::Cx;
use super::super::refusal::Refused;

/// So many bytes of a reply are shown: with all that a page escapes it stays small.
const MOST: usize = 40_000;

/// A reply, and where it comes from.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) dialects: Vec<(&'static str, &'static str, bool)>,
    /// The method and the path, with what stands in braces.
    pub(super) request: String,
    pub(super) json: String,
    pub(super) is_cut: bool,
    /// Where the explorer sends the same.
    pub(super) explorer: String,
}

const DIALECTS: [(Dialect, &str); 4] = [
    (Dialect::V2, "API v2"),
    (Dialect::V1, "API v1.1"),
    (Dialect::Labs, "Labs v2"),
    (Dialect::TweetBinder, "Tweet Binder"),
];

/// The reply of the dialect that the query names, or of API v2.
pub(super) async fn of(cx: &Cx<'_>, user: &User) -> Result<Shown, Refused> {
    let named = cx.query.get("dialect");
    let chosen = DIALECTS.iter().map(|(dialect, _)| *dialect).find(|dialect| dialect.name() == named);
    let chosen = chosen.unwrap_or_default();
    let (asked, key) = match chosen {
        Dialect::V2 => (OperationId::GetUsersById, "id"),
        Dialect::Labs => (OperationId::LabsGetUsersById, "id"),
        Dialect::V1 => (OperationId::V1UsersShow, "user_id"),
        Dialect::TweetBinder => (OperationId::TweetBinderProfilesById, "id"),
    };
    let operation = Operation::of(asked);
    let id = user.id.to_string();
    let words = inputs(operation).into_iter().map(|input| (input.name, input.words().collect::<Vec<_>>().join(",")));
    let words: Vec<_> = words.filter(|(_, words)| !words.is_empty()).collect();
    let mut values = vec![(key, id.as_str()), ("tweet_mode", "extended")];
    values.extend(words.iter().map(|(name, words)| (*name, words.as_str())));
    let answered = Box::pin(answered::ask(cx, operation, &values, user.id, MOST)).await.ok_or(Refused::Broken)?;
    Ok(Shown {
        dialects: DIALECTS.iter().map(|(dialect, label)| (dialect.name(), *label, *dialect == chosen)).collect(),
        request: format!("{} {}", operation.method.name(), operation.path),
        json: answered.body,
        is_cut: answered.is_cut,
        explorer: format!("/portal/explorer/{}?p.{key}={id}", operation.name),
    })
}
