//! Users lookup: by id or username, one or up to a hundred.
//!
//! First the users asked for, then what is shown with them (`hydrate`), then the rules.
//! Rendering is not here.

use model::AccountState;
use store::{ReadError, Store};
use xapi::{KeyKind, Keys, Lookup, Operation, Page, Problem, Refused, Viewer};

use super::hydrate::{Hydrated, detail};
use super::page::{Judged, write};
use super::{Cx, damaged};

/// Answers a lookup.
pub(super) async fn look_up_users(
    cx: &Cx<'_>,
    operation: &'static Operation,
    body: &mut Vec<u8>,
) -> Result<(), Refused> {
    let query = cx.call.presented.own_query();
    let own_id = cx.caller.viewer().filter(|_| operation.key == KeyKind::Me).map(|id| id.to_string());
    let key = own_id.as_deref().or(cx.path.key);
    let lookup = xapi::parse_lookup(operation, key, query.as_deref(), cx.style)?;
    let written = answer(&cx.state.store, operation, &lookup, cx.viewer(), body).await;
    let (users, posts) = written.map_err(|error| damaged(&error, lookup.view.types))?;
    cx.shows(users, posts);
    Ok(())
}

/// Answers a lookup that was read, as `viewer` may see it, and says how many users and posts it shows.
pub(super) async fn answer(
    store: &Store,
    operation: &'static Operation,
    lookup: &Lookup<'_>,
    viewer: Option<Viewer>,
    body: &mut Vec<u8>,
) -> Result<(usize, usize), ReadError> {
    let detail = detail(&lookup.view);
    let mut hydrated = Hydrated::of(match &lookup.keys {
        Keys::Ids(keys) => store.users_by_ids(keys.parsed(), detail).await?,
        Keys::Usernames(keys) => store.users_by_usernames(keys.parsed(), detail).await?,
    });
    hydrated.load(store, &lookup.view, viewer.map(|viewer| viewer.user)).await?;
    let page = Page::new(&lookup.view, viewer, !operation.key.is_single());
    Ok(write(page, &hydrated, judged(lookup, &hydrated, operation.key), body))
}

/// Applies the rules: each user who may be shown, and a problem for everyone else.
fn judged(lookup: &Lookup<'_>, hydrated: &Hydrated, key: KeyKind) -> impl ExactSizeIterator<Item = Judged> {
    (0..lookup.keys.len()).map(move |at| {
        let state = hydrated.head(at).map(|user| user.state);
        match no_account(state, key.parameter(), lookup.keys.spelling(at)) {
            Some(problem) => Err(problem),
            None => Ok(Some(at)),
        }
    })
}

/// Why an account of this state is not shown to those who ask for it; `None` if it is.
pub(super) fn no_account(state: Option<AccountState>, parameter: &'static str, spelling: &str) -> Option<Problem> {
    match state {
        Some(AccountState::Active) => None,
        // unverified(suspended-by-name): recorded for ids.
        Some(AccountState::Suspended) => Some(Problem::user_suspended(parameter, spelling)),
        // unverified(deactivated-users): no recording names the state.
        Some(AccountState::Deactivated) | None => Some(Problem::user_not_found(parameter, spelling)),
    }
}
