//! Users: one by id or screen name.

use model::AccountState;
use store::Detail;
use xapi::{Failure, V1Error, V1Key, V1Request, V1Room, V1View, write_v1_user};

use super::super::Cx;
use super::damaged;
use super::people::People;

/// What a request wants to see of users.
pub(super) fn view(cx: &Cx<'_>, request: &V1Request<'_>, room: V1Room) -> V1View {
    V1View {
        room,
        viewer: cx.viewer(),
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
    let store = &cx.state.store;
    let read = async {
        let users = match key {
            V1Key::Id(id) => store.users_by_ids(&[id], Detail::Full).await?,
            V1Key::Name(name) => store.users_by_usernames(&[name], Detail::Full).await?,
        };
        People::load(store, users, &view).await
    };
    let people = read.await.map_err(|error| damaged(&error))?;
    let shown = people.get(0).ok_or(V1Error::USER_NOT_FOUND)?;
    match shown.user.state {
        AccountState::Active => write_v1_user(&shown, &view, body),
        AccountState::Suspended => return Err(V1Error::USER_SUSPENDED.into()),
        AccountState::Deactivated => return Err(V1Error::USER_NOT_FOUND.into()),
    }
    Ok(())
}
