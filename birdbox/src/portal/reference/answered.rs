//! Replies of the reference, and who sees them.

use model::UserId;
use store::Detail;
use xapi::Operation;
use xapi::guide::OWNER;

use super::super::answered::{self, Answered};
use super::super::cx::Cx;
use crate::sample;

/// So many bytes of a reply are shown.
const MOST: usize = 6000;

/// Why nothing is asked, if so. Pages of the reference are for everybody, and other data than the
/// sample is for those who are known.
pub(super) async fn why_not(cx: &Cx<'_>) -> Option<&'static str> {
    let store = &cx.portal.state.store;
    let owner = store.users_by_ids(&[UserId::new(OWNER)], Detail::Core).await;
    if !owner.is_ok_and(|users| users.get(0).is_some()) {
        return Some(
            "There is none here: the example asks for accounts of the sample, and this server was started without it.",
        );
    }
    let is_shown = cx.viewer.is_known() || sample::is_all(store);
    (!is_shown)
        .then_some("There are other accounts than those of the sample here: sign in to see what the server answers.")
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
