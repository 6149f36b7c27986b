//! `birdbox export edges --of`: the two lists of a user.

use anyhow::{Result, bail};
use model::UserId;
use store::Edge;

use crate::admin::{Answer, ClientError, ListedPage, Session, UserKey, Verb};
use crate::cli::output::Output;
use crate::export::{EdgeForm, Form};

/// Users that are asked for at a time.
const PAGE: usize = 1000;

/// First whom the user follows, then its followers, each oldest first.
pub(super) async fn write_of(session: &mut Session, of: UserKey, form: EdgeForm, out: &mut Output) -> Result<()> {
    let mut form = Form::new(form)?;
    let (following, followers) = (list(session, of, false).await?, list(session, of, true).await?);
    let user = following.of;
    let mut text = Vec::new();
    form.begin(&mut text);
    if form.has_users() {
        form.user(user, &following.username, &mut text);
        let mut others: Vec<_> = following.users.iter().chain(&followers.users).filter(|(id, _)| *id != user).collect();
        others.sort_unstable();
        others.dedup();
        others.into_iter().for_each(|(id, username)| form.user(*id, username, &mut text));
    }
    form.begin_edges(&mut text);
    let edge = |one: u64, other: u64| -> Edge { (UserId::new(one), UserId::new(other)) };
    let followed = following.users.iter().rev().map(|(followed, _)| edge(user, *followed));
    // A user that follows itself is on both lists.
    let others = followers.users.iter().rev().filter(|(id, _)| *id != user);
    for edge in followed.chain(others.map(|(follower, _)| edge(*follower, user))) {
        form.edge(edge, &mut text)?;
    }
    form.end(&mut text)?;
    out.write(&text)
}

/// A whole list, newest first.
async fn list(session: &mut Session, of: UserKey, followers: bool) -> Result<ListedPage> {
    let mut whole: Option<ListedPage> = None;
    loop {
        let below = whole.as_ref().and_then(|whole| whole.next);
        let Answer::Listed(page) = session.ask(Verb::ListUsers { of, followers, below, limit: PAGE }).await? else {
            bail!(ClientError::Unexpected);
        };
        let next = page.next;
        let list = match whole {
            Some(mut list) => {
                list.users.extend(page.users);
                ListedPage { next, ..list }
            }
            None => page,
        };
        if next.is_none() {
            return Ok(list);
        }
        whole = Some(list);
    }
}
