//! Lists of followers and friends, as users or as ids alone.
//!
//! As in v2: first whose list it is and who may see it, then the page. Accounts that are gone
//! leave the page shorter.

use model::{AccountState, Direction, UserId, UserRef};
use store::{Detail, UserBatch};
use xapi::operation::{DEFAULT_LISTED, MOST_IDS, MOST_LISTED};
use xapi::{Failure, V1Error, V1Key, V1Request, V1Room, V1View, Viewer, write_v1_ids, write_v1_list};

use super::super::list::{neighbours, start_at};
use super::super::{Cx, rules};
use super::damaged;
use super::people::People;

/// `followers/ids` and `friends/ids`: a page of ids.
pub(in crate::api) async fn ids(cx: &Cx<'_>, direction: Direction, body: &mut Vec<u8>) -> Result<(), Failure> {
    let parameters = cx.call.presented.parameters();
    let request = V1Request::read(&parameters);
    let owner = owner(cx, &request).await?;
    let (start, count) = (request.start(), request.count(MOST_IDS, MOST_IDS));
    let page = cx.state.store.list_ids(owner, direction, start_at(start.place()), count.into()).await;
    // Deleted since it was looked for.
    let page = page.map_err(|error| damaged(&error))?.ok_or(V1Error::NO_SUCH_PAGE)?;
    let active = page.users.iter().filter(|(_, state)| *state == AccountState::Active);
    let meta = neighbours(&page.slots, [page.more_above, page.more_below], start.cursor());
    cx.shows(active.clone().count(), 0);
    write_v1_ids(active.map(|(id, _)| id.get()), request.flag("stringify_ids", false), meta, body);
    Ok(())
}

/// `followers/list` and `friends/list`: a page of users.
pub(in crate::api) async fn list(cx: &Cx<'_>, direction: Direction, body: &mut Vec<u8>) -> Result<(), Failure> {
    let parameters = cx.call.presented.parameters();
    let request = V1Request::read(&parameters);
    let owner = owner(cx, &request).await?;
    let view = V1View {
        room: V1Room::List,
        viewer: cx.viewer().map(|viewer| Viewer { sees_email: false, ..viewer }),
        entities: request.flag("include_user_entities", true),
        status: !request.flag("skip_status", false),
        extended: request.text("tweet_mode") == Some("extended"),
    };
    let (start, count) = (request.start(), request.count(MOST_LISTED, DEFAULT_LISTED));
    let store = &cx.state.store;
    let page = store.list_page(owner, direction, start_at(start.place()), count.into(), Detail::Full).await;
    let page = page.map_err(|error| damaged(&error))?.ok_or(V1Error::NO_SUCH_PAGE)?;
    let meta = neighbours(&page.slots, [page.more_above, page.more_below], start.cursor());
    let people = People::load(store, page.users, &view).await.map_err(|error| damaged(&error))?;
    let mut users = 0;
    let active = (0..people.len()).filter_map(|at| people.active(at));
    write_v1_list(active.inspect(|_| users += 1), &view, meta, body);
    cx.shows(users, 0);
    Ok(())
}

/// Whose list is asked for: whom the request names, or else the caller.
///
/// unverified(v1-list-owner): who is suspended is answered for as one who is protected.
async fn owner(cx: &Cx<'_>, request: &V1Request<'_>) -> Result<UserId, Failure> {
    let named = request.user().map_err(|_| V1Error::NO_SUCH_PAGE)?;
    let caller = || cx.caller.viewer().map(V1Key::Id);
    let key = named.or_else(caller).ok_or(V1Error::PARAMETERS_MISSING)?;
    let owner = super::find(&cx.state.store, key, Detail::Core).await?;
    let user = owner.get(0).ok_or(V1Error::NO_SUCH_PAGE)?;
    let may_see = match user.state {
        AccountState::Active => sees_lists(cx, &user, &owner).await?,
        AccountState::Suspended => false,
        AccountState::Deactivated => return Err(V1Error::NO_SUCH_PAGE.into()),
    };
    if may_see {
        return Ok(user.id);
    }
    Err(Failure::V1NotAuthorized { path: cx.call.presented.request.path.to_owned() })
}

/// Whether the caller sees the lists of a user, who is alone in the batch.
pub(super) async fn sees_lists(cx: &Cx<'_>, owner: &UserRef<'_>, batch: &UserBatch) -> Result<bool, Failure> {
    if !owner.protected {
        return Ok(true);
    }
    let viewer = cx.caller.viewer();
    let relation = match viewer {
        Some(viewer) => {
            let relations = cx.state.store.relations(viewer, batch).await;
            relations.map_err(|error| damaged(&error))?.first().copied()
        }
        None => None,
    };
    Ok(rules::sees_protected(owner.id, relation, viewer))
}
