//! Pages of followers and following.
//!
//! First whose list it is and who may see it, then the page, then what is shown with its users
//! (`hydrate`). Accounts that are gone leave the page shorter: they are taken out after it was
//! cut, as observed.

use model::{AccountState, Direction, UserId};
use store::{Detail, ListStart, ReadError, Store, UserBatch};
use xapi::{Cursor, KeyKind, Meta, Operation, Page, Place, Problem, Refused, UserList};

use super::hydrate::{Hydrated, detail};
use super::lookup::no_account;
use super::page::{Judged, write};
use super::{Cx, damaged, rules};

/// What the store knew.
enum Found {
    /// There is no such list for this caller.
    Nothing(Problem),
    /// A page, and who stands on it.
    Page(Hydrated, Meta),
}

/// Answers with a page of a list of the user whom the path names.
pub(super) async fn list_users(
    cx: &Cx<'_>,
    operation: &'static Operation,
    direction: Direction,
    body: &mut Vec<u8>,
) -> Result<(), Refused> {
    let query = cx.call.presented.own_query();
    let list = xapi::parse_list(operation, cx.path, query.as_deref(), cx.style)?;
    let found = read(&cx.state.store, &list, direction, cx.caller.viewer()).await;
    match found.map_err(|error| damaged(&error, list.view.types))? {
        Found::Nothing(problem) => xapi::write_problems(&[problem], operation.dialect, list.view.types, body),
        Found::Page(hydrated, meta) => {
            let page = Page { meta: Some(meta), ..Page::new(&list.view, cx.viewer(), true) };
            let (users, posts) = write(page, &hydrated, judged(&hydrated), body);
            cx.shows(users, posts);
        }
    }
    Ok(())
}

async fn read(
    store: &Store,
    list: &UserList,
    direction: Direction,
    viewer: Option<UserId>,
) -> Result<Found, ReadError> {
    let owner = store.users_by_ids(&[list.owner], Detail::Core).await?;
    if let Some(problem) = refusal(store, list, &owner, viewer).await? {
        return Ok(Found::Nothing(problem));
    }
    let start = start_at(list.start.map(Cursor::place));
    match store.list_page(list.owner, direction, start, usize::from(list.max_results), detail(&list.view)).await? {
        Some(page) => {
            let meta = neighbours(&page.slots, [page.more_above, page.more_below], list.start);
            let mut hydrated = Hydrated::of(page.users);
            hydrated.load(store, &list.view, viewer).await?;
            Ok(Found::Page(hydrated, meta))
        }
        // Deleted since it was looked for.
        None => Ok(Found::Nothing(Problem::user_not_found(KeyKind::Id.parameter(), &list.spelling))),
    }
}

/// Why the caller may not see a list.
async fn refusal(
    store: &Store,
    list: &UserList,
    owner: &UserBatch,
    viewer: Option<UserId>,
) -> Result<Option<Problem>, ReadError> {
    let parameter = KeyKind::Id.parameter();
    let user = owner.get(0);
    if let Some(problem) = no_account(user.map(|user| user.state), parameter, &list.spelling) {
        return Ok(Some(problem));
    }
    if !user.is_some_and(|user| user.protected) {
        return Ok(None);
    }
    let relation = match viewer {
        Some(viewer) => store.relations(viewer, owner).await?.first().copied(),
        None => None,
    };
    let may_see = rules::sees_protected(list.owner, relation, viewer);
    Ok((!may_see).then(|| Problem::user_not_authorized(parameter, &list.spelling)))
}

/// Where the neighbours of a page of these slots are, of which `start` asked for the first; and
/// whether there are newer and older follows.
///
/// observed: a page without any slots that was reached by a token leads back by the same number.
pub(super) fn neighbours(slots: &[u64], [more_above, more_below]: [bool; 2], start: Option<Cursor>) -> Meta {
    match (slots.first(), slots.last()) {
        (Some(&newest), Some(&oldest)) => Meta {
            next: more_below.then(|| Cursor::of(Place::Below(oldest))),
            previous: more_above.then(|| Cursor::of(Place::Above(newest))),
        },
        _ => match start.map(|start| (start.turned(), start.place())) {
            None => Meta { next: None, previous: None },
            Some((turned, Place::Below(_))) => Meta { next: None, previous: Some(turned) },
            Some((turned, Place::Above(_))) => Meta { next: more_below.then_some(turned), previous: None },
        },
    }
}

/// Where a page begins that asks for a place.
pub(super) fn start_at(place: Option<Place>) -> ListStart {
    match place {
        None => ListStart::Newest,
        Some(Place::Below(slot)) => ListStart::Below(slot),
        Some(Place::Above(slot)) => ListStart::Above(slot),
    }
}

/// Applies the rules: accounts that are not active are left out without a problem.
fn judged(hydrated: &Hydrated) -> impl ExactSizeIterator<Item = Judged> {
    let is_active = |at: &usize| hydrated.head(*at).is_some_and(|user| user.state == AccountState::Active);
    (0..hydrated.len()).map(move |at| Ok(Some(at).filter(is_active)))
}
