//! Tweet Binder's profiles API: profiles by alias and by id, lists of follows, balances.
//!
//! First what the request can cost is kept from the balance, then the store is asked, then only
//! what was found is charged; the rest is given back, also when the client goes away meanwhile.

use http::Method;
use model::{AccountState, Direction, UserId, UserRef};
use store::{Balance, Detail, ReadError, Reserved, UserBatch};
use xapi::tweet_binder::{
    Balances, Estimation, ListRequest, Missing, Owner, parse_aliases, parse_ids, parse_list, write_balances,
    write_id_page, write_profile_page, write_profiles,
};
use xapi::{Cursor, Place, TWEET_BINDER_HOST, TweetBinderError};

use super::Cx;
use super::list::start_at;

type Answered = Result<(), TweetBinderError>;

/// What the configuration says of this API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TweetBinder {
    /// Where its paths begin.
    pub prefix: String,
    /// Whether genders are estimated.
    pub estimation: Estimation,
}

impl TweetBinder {
    /// Where its paths begin in requests to `host`, which has lower case and no default port.
    pub(crate) fn prefix_at(&self, host: &str) -> &str {
        if host == TWEET_BINDER_HOST { "" } else { &self.prefix }
    }
}

/// The profiles of the aliases in the body.
pub(super) async fn by_alias(cx: &Cx<'_>, body: &mut Vec<u8>) -> Answered {
    let aliases = parse_aliases(&cx.call.request.body)?;
    let reserved = reserve(cx, aliases.len())?;
    let users = cx.state.store.users_by_usernames(&aliases, Detail::Full).await.map_err(damaged)?;
    profiles(cx, reserved, users, |at| aliases.get(at).copied().map(Missing::Alias), body).await
}

/// The profiles of the ids in the body.
pub(super) async fn by_id(cx: &Cx<'_>, body: &mut Vec<u8>) -> Answered {
    let ids = parse_ids(&cx.call.request.body)?;
    let reserved = reserve(cx, ids.len())?;
    let users = cx.state.store.users_by_ids(&ids, Detail::Full).await.map_err(damaged)?;
    profiles(cx, reserved, users, |at| ids.get(at).copied().map(Missing::Id), body).await
}

async fn profiles(
    cx: &Cx<'_>,
    reserved: Option<Reserved<'_>>,
    mut users: UserBatch,
    key: impl Fn(usize) -> Option<Missing>,
    body: &mut Vec<u8>,
) -> Answered {
    cx.state.store.load_counts(&mut users).await.map_err(damaged)?;
    let (mut found, mut missing) = (Vec::with_capacity(users.len()), Vec::new());
    for at in 0..users.len() {
        match active(&users, at) {
            Some(user) => found.push(user),
            None => missing.extend(key(at)),
        }
    }
    charge(reserved, found.len());
    cx.shows(found.len(), 0);
    write_profiles(&missing, &found, cx.state.tweet_binder.estimation, body);
    Ok(())
}

/// A page of a list of the account that the path names.
pub(super) async fn list(cx: &Cx<'_>, direction: Direction, is_alias: bool, body: &mut Vec<u8>) -> Answered {
    let request = parse_list(is_alias, cx.path, cx.call.presented.request.query)?;
    let size = usize::from(request.size());
    let reserved = if request.profiles { reserve(cx, size)? } else { None };
    let store = &cx.state.store;
    let owner = owner(cx, &request).await?;
    let start = start_at(request.next.map(Cursor::place));
    let next = |slots: &[u64], more| slots.last().filter(|_| more).map(|&slot| Cursor::of(Place::Below(slot)));
    // There is no page if the account was deleted since it was looked for.
    if !request.profiles {
        let page = store.list_ids(owner, direction, start, size).await.map_err(damaged)?;
        let page = page.ok_or_else(TweetBinderError::no_profile)?;
        let active = page.users.iter().filter(|(_, state)| *state == AccountState::Active);
        cx.shows(active.clone().count(), 0);
        write_id_page(active.map(|(id, _)| *id), next(&page.slots, page.more_below), body);
        return Ok(());
    }
    let page = store.list_page(owner, direction, start, size, Detail::Full).await.map_err(damaged)?;
    let mut page = page.ok_or_else(TweetBinderError::no_profile)?;
    let next = next(&page.slots, page.more_below);
    store.load_counts(&mut page.users).await.map_err(damaged)?;
    let found: Vec<UserRef<'_>> = all_active(&page.users).collect();
    // The reply to HEAD holds none of them.
    if cx.call.request.method != Method::HEAD {
        charge(reserved, found.len());
    }
    cx.shows(found.len(), 0);
    write_profile_page(&found, next, cx.state.tweet_binder.estimation, body);
    Ok(())
}

/// Whose list it is, if it may be seen.
///
/// unverified(tweetbinder-protected): nobody is signed in here, so protected lists are nobody's.
async fn owner(cx: &Cx<'_>, request: &ListRequest) -> Result<UserId, TweetBinderError> {
    let store = &cx.state.store;
    let owner = match request.owner {
        Owner::Id(id) => store.users_by_ids(&[id], Detail::Core).await,
        Owner::Alias(alias) => store.users_by_usernames(&[alias], Detail::Core).await,
    };
    let owner = owner.map_err(damaged)?;
    match active(&owner, 0) {
        None => Err(TweetBinderError::no_profile()),
        Some(owner) if owner.protected => Err(TweetBinderError::protected()),
        Some(owner) => Ok(owner.id),
    }
}

/// What the App of the token may get in this month, and what it got.
pub(super) fn balances(cx: &Cx<'_>, body: &mut Vec<u8>) {
    let balance = cx.state.limits.balances().get(cx.caller.app.app.id, cx.state.clock.now());
    let Balance { total, used, started_at, finished_at, .. } = balance;
    write_balances(&Balances { total, used, started_at, finished_at }, body);
}

/// Keeps what a request can cost, if it costs anything; before any other work, so that whoever has
/// nothing left costs nothing.
fn reserve<'a>(cx: &Cx<'a>, profiles: usize) -> Result<Option<Reserved<'a>>, TweetBinderError> {
    if !cx.is_charged {
        return Ok(None);
    }
    let (wanted, app) = (profiles as u64, cx.caller.app.app.id);
    let reserved = cx.state.limits.balances().reserve(app, wanted, cx.state.clock.now());
    let short = |balance: Balance| TweetBinderError::not_covered(wanted, balance.available(), balance.finished_at);
    reserved.map(Some).map_err(short)
}

fn charge(reserved: Option<Reserved<'_>>, profiles: usize) {
    if let Some(mut reserved) = reserved {
        reserved.charge(profiles as u64);
    }
}

fn all_active(users: &UserBatch) -> impl Iterator<Item = UserRef<'_>> {
    (0..users.len()).filter_map(|at| active(users, at))
}

fn active(users: &UserBatch, at: usize) -> Option<UserRef<'_>> {
    users.get(at).filter(|user| user.state == AccountState::Active)
}

/// A record that cannot be read: never another's data, never a wrong "not found".
#[expect(clippy::needless_pass_by_value, reason = "it is the end of the error")]
fn damaged(error: ReadError) -> TweetBinderError {
    tracing::error!(%error, "a record cannot be read");
    TweetBinderError::unreadable()
}
