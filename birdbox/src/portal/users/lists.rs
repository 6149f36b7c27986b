//! Followers and following of a user, a page at a time, and the changes that are made there.
//!
//! Pages begin where those of the API begin, by the same tokens.

use askama::Template;
use model::{Direction, User};
use store::{Detail, ListStart};
use xapi::{Cursor, Place};

use super::super::cx::{Cx, id};
use super::super::page::{self, Frame};
use super::super::refusal::Refused;
use super::line::UserLine;
use super::profile::Head;
use super::{refused, run, user};
use crate::admin::{AdminError, Answer, FollowAnswer, FollowChange, FollowVerb, UserKey, Verb};
use crate::http::Response;

/// Users of a page.
const PAGE: usize = 25;

#[derive(Template)]
#[template(path = "portal/users/list.html")]
pub(super) struct ListPage {
    frame: Frame,
    head: Head,
    /// `followers` or `following`.
    list: &'static str,
    users: Vec<UserLine>,
    /// The token of this page.
    here: String,
    newer: Option<String>,
    older: Option<String>,
    /// What was typed of a user to add, and what is wrong with it.
    other: String,
    error: Option<String>,
}

const fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Followers => "followers",
        Direction::Following => "following",
    }
}

/// A page of a list; `other` and `error` are of a form that was refused.
pub(super) async fn page(
    cx: &Cx<'_>,
    user: &User,
    direction: Direction,
    other: &str,
    error: Option<String>,
) -> Result<ListPage, Refused> {
    let store = &cx.portal.state.store;
    let token = cx.query.get("pagination_token");
    let start = match token {
        "" => ListStart::Newest,
        token => match Cursor::from_token(token).ok_or(Refused::NotFound)?.place() {
            Place::Below(slot) => ListStart::Below(slot),
            Place::Above(slot) => ListStart::Above(slot),
        },
    };
    let found = store.list_page(user.id, direction, start, PAGE, Detail::Full).await?.ok_or(Refused::NotFound)?;
    let mut users = found.users;
    store.load_counts(&mut users).await?;
    let list = word(direction);
    let link = |place: Option<Place>| {
        let token = Cursor::of(place?).token();
        let token = str::from_utf8(&token).unwrap_or_default();
        Some(format!("/portal/users/{}?tab={list}&pagination_token={token}", user.id))
    };
    let newest = found.slots.first().copied().filter(|_| found.more_above);
    let oldest = found.slots.last().copied().filter(|_| found.more_below);
    Ok(ListPage {
        frame: Frame::of(cx),
        head: Head::of(user, list),
        list,
        users: (0..users.len()).filter_map(|at| users.get(at)).map(|user| UserLine::of(&user)).collect(),
        here: token.to_owned(),
        newer: link(newest.map(Place::Above)),
        older: link(oldest.map(Place::Below)),
        other: other.to_owned(),
        error,
    })
}

/// Adds a user to a list, or takes one off it.
pub(in crate::portal) async fn change(cx: &Cx<'_>) -> Result<Response, Refused> {
    let user = user(cx).await?;
    let direction = match cx.form.get("list") {
        "followers" => Direction::Followers,
        "following" => Direction::Following,
        _ => return Err(Refused::Stale),
    };
    let removed = cx.form.get("remove");
    let other = if removed.is_empty() {
        match cx.form.get("other").trim().parse() {
            Ok(key) => key,
            Err(_) => return again(cx, &user, direction, "Give a username, such as @TwitterDev, or an id.").await,
        }
    } else {
        UserKey::Id(id(removed)?)
    };
    let change = if removed.is_empty() { FollowChange::Follow } else { FollowChange::Unfollow };
    let own = UserKey::Id(user.id);
    let (source, target) = if direction == Direction::Followers { (other, own) } else { (own, other) };
    match run(cx, Verb::Follows(FollowVerb::Change { change, user: source, other: target })).await {
        Ok(Answer::Follows(FollowAnswer::Changed { is_pending, .. })) => {
            let done = match (removed.is_empty(), is_pending) {
                (false, _) => "unfollowed",
                (true, true) => "follow-waits",
                (true, false) => "followed",
            };
            let at = cx.form.get("at");
            let at = if Cursor::from_token(at).is_some() { format!("&pagination_token={at}") } else { String::new() };
            page::go_to(&format!("/portal/users/{}?tab={}{at}&done={done}", user.id, word(direction)))
        }
        Ok(_) => Err(Refused::Broken),
        Err(AdminError::UnknownUser { .. }) if change == FollowChange::Unfollow => Err(Refused::NotFound),
        Err(AdminError::UnknownUser { user: key }) => {
            again(cx, &user, direction, &format!("There is no user {key}. Give the id or the username of one.")).await
        }
        Err(error @ AdminError::Follow { .. }) => again(cx, &user, direction, &sentence(&error)).await,
        Err(error) => Err(refused(&error)),
    }
}

async fn again(cx: &Cx<'_>, user: &User, direction: Direction, error: &str) -> Result<Response, Refused> {
    let typed = cx.form.get("other");
    page::again(&page(cx, user, direction, typed, Some(error.to_owned())).await?)
}

/// What a command would say, as a sentence.
pub(super) fn sentence(error: &AdminError) -> String {
    let said = error.to_string();
    let mut characters = said.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str().trim_end_matches('.'))
}
