//! Users: one, many, and whoever calls.

use model::{AccountState, UserId};
use store::{Detail, Store};
use xapi::{Failure, V1Error, V1Key, V1Request, V1Room, V1User, V1View, Viewer, write_v1_user, write_v1_users};

use super::super::Cx;
use super::people::People;
use super::{damaged, find, find_all};

/// What a request wants to see of users. Nobody is shown an address without asking for it.
pub(super) fn view(cx: &Cx<'_>, request: &V1Request<'_>, room: V1Room) -> V1View {
    V1View {
        room,
        viewer: cx.viewer().map(|viewer| Viewer { sees_email: false, ..viewer }),
        entities: request.flag("include_entities", true),
        status: !request.flag("skip_status", false),
        extended: request.text("tweet_mode") == Some("extended"),
    }
}

/// `users/show`: one user.
pub(in crate::api) async fn show(cx: &Cx<'_>, body: &mut Vec<u8>) -> Result<(), Failure> {
    let parameters = cx.call.presented.parameters();
    let request = V1Request::read(&parameters);
    let key = request.user()?.ok_or(V1Error::PARAMETERS_MISSING)?;
    let view = view(cx, &request, V1Room::Show);
    write_one(&cx.state.store, key, &view, body).await?;
    cx.shows(1, 0);
    Ok(())
}

/// `account/verify_credentials`: whoever calls.
pub(in crate::api) async fn verify_credentials(cx: &Cx<'_>, body: &mut Vec<u8>) -> Result<(), Failure> {
    let parameters = cx.call.presented.parameters();
    let request = V1Request::read(&parameters);
    let viewer = cx.viewer().ok_or(V1Error::CREDENTIALS_DO_NOT_ALLOW)?;
    let wants_email = request.flag("include_email", false);
    let viewer = Viewer { sees_email: viewer.sees_email && wants_email, ..viewer };
    let view = V1View { viewer: Some(viewer), ..view(cx, &request, V1Room::Lookup) };
    write_one(&cx.state.store, V1Key::Id(viewer.user), &view, body).await?;
    cx.shows(1, 0);
    Ok(())
}

async fn write_one(store: &Store, key: V1Key, view: &V1View, body: &mut Vec<u8>) -> Result<(), Failure> {
    let users = find(store, key, Detail::Full).await?;
    let people = People::load(store, users, view).await.map_err(|error| damaged(&error))?;
    let shown = people.get(0).ok_or(V1Error::USER_NOT_FOUND)?;
    match shown.user.state {
        AccountState::Active => write_v1_user(&shown, view, body),
        AccountState::Suspended => return Err(V1Error::USER_SUSPENDED.into()),
        AccountState::Deactivated => return Err(V1Error::USER_NOT_FOUND.into()),
    }
    Ok(())
}

/// What a user takes in a reply, in bytes, with its newest post.
const USUAL_SIZE: usize = 2600;

/// `users/lookup`: up to a hundred users. Those that are not there are left out.
pub(in crate::api) async fn look_up(cx: &Cx<'_>, body: &mut Vec<u8>) -> Result<(), Failure> {
    let parameters = cx.call.presented.parameters();
    let request = V1Request::read(&parameters);
    let keys = request.users()?;
    let view = view(cx, &request, V1Room::Lookup);
    let store = &cx.state.store;
    let users = find_all(store, &keys, Detail::Full).await?;
    let people = People::load(store, users, &view).await.map_err(|error| damaged(&error))?;
    let found = distinct(&people);
    if found.is_empty() {
        return Err(V1Error::NO_USER_MATCHES.into());
    }
    cx.shows(found.len(), 0);
    body.reserve(found.len() * USUAL_SIZE);
    write_v1_users(found, &view, body);
    Ok(())
}

/// Each active user once, at its first place.
///
/// unverified(v1-lookup): who is named twice.
fn distinct(people: &People) -> Vec<V1User<'_>> {
    let mut found: Vec<V1User<'_>> = Vec::with_capacity(people.len());
    let mut seen: Vec<UserId> = Vec::with_capacity(people.len());
    for shown in (0..people.len()).filter_map(|at| people.active(at)) {
        if !seen.contains(&shown.user.id) {
            seen.push(shown.user.id);
            found.push(shown);
        }
    }
    found
}
