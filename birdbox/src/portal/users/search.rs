//! Users found by the beginning of a username or name, or by a whole id.

use askama::Template;
use model::UserId;
use store::{Detail, SearchBy, UserBatch};
use xapi::encode;

use super::super::cx::Cx;
use super::super::page::{self, Frame};
use super::super::refusal::Refused;
use super::line::UserLine;
use crate::http::Response;

/// Users of a page.
const PAGE: usize = 20;

#[derive(Template)]
#[template(path = "portal/users/search.html")]
struct SearchPage {
    frame: Frame,
    /// As it was typed.
    typed: String,
    by_name: bool,
    users: Vec<UserLine>,
    /// Whether nobody is stored at all.
    is_empty: bool,
    /// Whether this is not the first page.
    is_further: bool,
    /// What leads to the next page.
    next: Option<String>,
    first: String,
    /// The same search in names instead of usernames, or the other way.
    other_way: String,
}

/// Shows who was found, a page at a time.
pub(in crate::portal) async fn search(cx: &Cx<'_>) -> Result<Response, Refused> {
    let store = &cx.portal.state.store;
    let typed = cx.query.get("q").trim();
    let by_name = cx.query.get("by") == "name";
    let by = if by_name { SearchBy::Name } else { SearchBy::Username };
    let after = cx.query.get("after");
    let after = if after.is_empty() { None } else { Some(after.parse().map_err(|_| Refused::NotFound)?) };
    let mut users = Vec::new();
    if let Some(id) = typed.parse::<UserId>().ok().filter(|_| after.is_none()) {
        users.extend(lines(cx, store.users_by_ids(&[id], Detail::Full).await?).await?);
    }
    let found = store.search_users(by, typed, after, PAGE).await?;
    let listed = lines(cx, found.users).await?;
    let whole = users.first().map(|user: &UserLine| user.id.clone());
    users.extend(listed.into_iter().filter(|user| Some(&user.id) != whole.as_ref()));
    let first = format!("/portal/users?q={}{}", encode(typed, ""), if by_name { "&by=name" } else { "" });
    page::show(&SearchPage {
        frame: Frame::of(cx),
        typed: typed.to_owned(),
        by_name,
        is_empty: users.is_empty() && typed.is_empty() && after.is_none(),
        users,
        is_further: after.is_some(),
        next: found.next.map(|next| format!("{first}&after={next}")),
        other_way: format!("/portal/users?q={}{}", encode(typed, ""), if by_name { "" } else { "&by=name" }),
        first,
    })
}

async fn lines(cx: &Cx<'_>, mut users: UserBatch) -> Result<Vec<UserLine>, Refused> {
    cx.portal.state.store.load_counts(&mut users).await?;
    Ok((0..users.len()).filter_map(|at| users.get(at)).map(|user| UserLine::of(&user)).collect())
}
