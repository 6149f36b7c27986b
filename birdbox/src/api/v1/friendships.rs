//! What connects users, and changes of whom the caller follows.

use model::{AccountState, Relation, UserId, UserRef};
use store::{ChangeError, Detail, UserBatch};
use xapi::{
    Failure, V1Error, V1Friendship, V1Request, V1Room, V1View, Viewer, write_v1_friendship, write_v1_friendships,
    write_v1_user,
};

use super::super::Cx;
use super::lists::sees_lists;
use super::people::People;
use super::{damaged, find, find_all};

/// `friendships/show`: what connects two users.
///
/// unverified(v1-friendship-users, v1-friendship-protected): who is not active is not there, and
/// what is between two protected users is for those who follow one of them.
pub(in crate::api) async fn show_friendship(cx: &Cx<'_>, body: &mut Vec<u8>) -> Result<(), Failure> {
    let parameters = cx.call.presented.parameters();
    let request = V1Request::read(&parameters);
    let named = request.named("source_id", "source_screen_name").map_err(|_| V1Error::NO_SOURCE_USER)?;
    let source = named.or_else(|| cx.caller.viewer().map(xapi::V1Key::Id)).ok_or(V1Error::NO_SOURCE_USER)?;
    let target = request.named("target_id", "target_screen_name")?.ok_or(V1Error::PARAMETERS_MISSING)?;
    let sources = find(&cx.state.store, source, Detail::Core).await?;
    let source = only(&sources).ok_or(V1Error::NO_SOURCE_USER)?;
    let targets = find(&cx.state.store, target, Detail::Core).await?;
    let target = only(&targets).ok_or(V1Error::USER_NOT_FOUND)?;
    let is_own = cx.caller.viewer() == Some(source.id);
    let is_party = is_own || cx.caller.viewer() == Some(target.id);
    // What neither list would show is not shown here.
    if !is_party && !sees_lists(cx, &source, &sources).await? && !sees_lists(cx, &target, &targets).await? {
        return Err(Failure::V1NotAuthorized { path: cx.call.presented.request.path.to_owned() });
    }
    let relations = cx.state.store.relations(source.id, &targets).await.map_err(|error| damaged(&error))?;
    let relation = relations.first().copied().unwrap_or_default();
    write_v1_friendship(&V1Friendship { source, target, relation, is_own }, body);
    Ok(())
}

/// `friendships/lookup`: what connects the caller with each of up to a hundred users.
pub(in crate::api) async fn look_up_friendships(cx: &Cx<'_>, body: &mut Vec<u8>) -> Result<(), Failure> {
    let parameters = cx.call.presented.parameters();
    let keys = V1Request::read(&parameters).users()?;
    let viewer = caller(cx)?.user;
    let users = find_all(&cx.state.store, &keys, Detail::Core).await?;
    let relations = cx.state.store.relations(viewer, &users).await.map_err(|error| damaged(&error))?;
    let mut found: Vec<(UserRef<'_>, Relation)> = Vec::with_capacity(users.len());
    for (at, relation) in relations.into_iter().enumerate() {
        let Some(user) = users.get(at).filter(|user| user.state == AccountState::Active) else { continue };
        if found.iter().all(|(other, _)| other.id != user.id) {
            found.push((user, relation));
        }
    }
    if found.is_empty() {
        return Err(V1Error::NO_USER_MATCHES.into());
    }
    cx.shows(found.len(), 0);
    write_v1_friendships(found, body);
    Ok(())
}

/// `friendships/create`: the caller follows another.
///
/// observed: the reply shows the user as it was before, also that the caller did not follow it.
pub(in crate::api) async fn create_friendship(cx: &Cx<'_>, body: &mut Vec<u8>) -> Result<(), Failure> {
    let viewer = caller(cx)?;
    let view = view(viewer);
    let before = target(cx, &view, V1Error::CANNOT_FIND_USER).await?;
    let shown = before.active(0).ok_or(V1Error::CANNOT_FIND_USER)?;
    if shown.relation.is_some_and(|relation| relation.follow_request_sent) {
        return Err(V1Error::already_requested(&shown.user.username.to_text()).into());
    }
    let followed = cx.state.store.follow(viewer.user, shown.user.id).await;
    followed.map_err(|error| refusal(&error, viewer.user, V1Error::CANNOT_FIND_USER))?;
    write_v1_user(&shown, &view, body);
    Ok(())
}

/// `friendships/destroy`: the caller follows another no more.
pub(in crate::api) async fn destroy_friendship(cx: &Cx<'_>, body: &mut Vec<u8>) -> Result<(), Failure> {
    let viewer = caller(cx)?;
    let view = view(viewer);
    let before = target(cx, &view, V1Error::NO_SUCH_PAGE).await?;
    let shown = before.active(0).ok_or(V1Error::NO_SUCH_PAGE)?;
    let ended = cx.state.store.unfollow(viewer.user, shown.user.id).await;
    ended.map_err(|error| refusal(&error, viewer.user, V1Error::NO_SUCH_PAGE))?;
    write_v1_user(&shown, &view, body);
    Ok(())
}

/// The only user of a batch, if it is active.
fn only(batch: &UserBatch) -> Option<UserRef<'_>> {
    batch.get(0).filter(|user| user.state == AccountState::Active)
}

/// The signed-in user.
fn caller(cx: &Cx<'_>) -> Result<Viewer, V1Error> {
    let viewer = cx.viewer().ok_or(V1Error::CREDENTIALS_DO_NOT_ALLOW)?;
    Ok(Viewer { sees_email: false, ..viewer })
}

/// All that changes show of the user.
const fn view(viewer: Viewer) -> V1View {
    V1View { room: V1Room::Friendship, viewer: Some(viewer), entities: true, status: true, extended: false }
}

/// Whom the request names; `missing` says that nobody is named, or nobody who is there.
async fn target(cx: &Cx<'_>, view: &V1View, missing: V1Error) -> Result<People, Failure> {
    let parameters = cx.call.presented.parameters();
    let Ok(Some(key)) = V1Request::read(&parameters).user() else { return Err(missing.into()) };
    let users = find(&cx.state.store, key, Detail::Full).await?;
    Ok(People::load(&cx.state.store, users, view).await.map_err(|error| damaged(&error))?)
}

/// What the caller is told.
///
/// unverified(v1-follow-refusals): who follows itself, or blocks the other.
fn refusal(error: &ChangeError, caller: UserId, missing: V1Error) -> V1Error {
    match error {
        ChangeError::UnknownUser { .. } | ChangeError::Inactive { .. } => missing,
        ChangeError::SelfFollow { .. } => V1Error::SELF_FOLLOW,
        ChangeError::Blocked { by, .. } if *by != caller => V1Error::BLOCKED,
        ChangeError::Blocked { .. } => V1Error::NOT_PERMITTED,
        ChangeError::NoSlotsLeft { .. } => V1Error::CANNOT_FOLLOW_MORE,
        ChangeError::Unreadable(error) => damaged(error),
        // What a follow cannot meet is an error of ours.
        ChangeError::IdTaken { .. }
        | ChangeError::SelfTie { .. }
        | ChangeError::NotPending { .. }
        | ChangeError::UsernameTaken { .. }
        | ChangeError::TooLarge { .. }
        | ChangeError::NoOrdinalsLeft
        | ChangeError::Full
        | ChangeError::Stopped { .. }
        | ChangeError::MergeFailed { .. }
        | ChangeError::Closed => {
            tracing::error!(%error, "a follow cannot be written");
            V1Error::OVER_CAPACITY
        }
    }
}
