//! Replies of the reference: of the sample alone, since its pages are for everybody.

use model::UserId;
use store::Detail;
use xapi::Operation;
use xapi::guide::OWNER;

use super::super::answered::{self, Answered};
use super::super::cx::Cx;

/// So many bytes of a reply are shown.
const MOST: usize = 6000;

/// Whether the sample is there. Without it nothing is asked: pages of the reference are for everybody,
/// and other data is for those who have a token.
pub(super) async fn has_sample(cx: &Cx<'_>) -> bool {
    let owner = UserId::new(OWNER);
    let found = cx.portal.state.store.users_by_ids(&[owner], Detail::Core).await;
    found.is_ok_and(|users| users.get(0).is_some())
}

/// What a request with these values is answered; `None` if it would change something.
pub(super) async fn ask(cx: &Cx<'_>, operation: &Operation, values: &[(&str, &str)]) -> Option<Answered> {
    answered::ask(cx, operation, values, UserId::new(OWNER), MOST).await
}

/// The sentence of a refusal, in whatever dialect.
pub(super) fn sentence(body: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(body).ok()?;
    let member = |path: &str| value.pointer(path)?.as_str().map(str::to_owned);
    ["/errors/0/message", "/message", "/detail"].into_iter().find_map(member)
}
