//! `birdbox export edges`: all follows, or the two lists of a user.

use anyhow::{Result, bail};
use model::UserId;
use store::Edge;

use super::PAGE;
use super::form::Form;
use crate::admin::{Answer, ClientError, EdgePage, ListedPage, Page, Session, UserKey, Verb};
use crate::cli::args::ExportEdgesArgs;
use crate::cli::output::Output;

/// Follows that are asked for at a time.
const EDGES: usize = 50_000;

/// Writes what `args` ask for.
pub(super) async fn write(session: &mut Session, args: &ExportEdgesArgs, out: &mut Output) -> Result<()> {
    let mut form = Form::new(args.format);
    match args.of {
        Some(user) => write_of(session, user, &mut form, out).await,
        None => write_all(session, &mut form, out).await,
    }
}

async fn write_all(session: &mut Session, form: &mut Form, out: &mut Output) -> Result<()> {
    let mut text = Vec::new();
    form.begin(&mut text);
    if form.has_users() {
        write_users(session, form, &mut text, out).await?;
    }
    form.begin_edges(&mut text);
    let mut after = None;
    loop {
        let Answer::Edges(EdgePage { edges, next }) = session.ask(Verb::ExportEdges { after, limit: EDGES }).await?
        else {
            bail!(ClientError::Unexpected);
        };
        edges.into_iter().for_each(|[one, other]| form.edge((UserId::new(one), UserId::new(other)), &mut text));
        flush(&mut text, out)?;
        if next.is_none() {
            break;
        }
        after = next;
    }
    form.end(&mut text);
    flush(&mut text, out)
}

async fn write_users(session: &mut Session, form: &Form, text: &mut Vec<u8>, out: &mut Output) -> Result<()> {
    let mut after = None;
    loop {
        let Answer::Users(Page { items, next }) = session.ask(Verb::ExportUsers { after, limit: PAGE }).await? else {
            bail!(ClientError::Unexpected);
        };
        items.iter().for_each(|user| form.user(user.id.get(), user.username.as_str(), text));
        flush(text, out)?;
        if next.is_none() {
            return Ok(());
        }
        after = next;
    }
}

/// First whom the user follows, then its followers, each oldest first.
async fn write_of(session: &mut Session, of: UserKey, form: &mut Form, out: &mut Output) -> Result<()> {
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
    followed.chain(others.map(|(follower, _)| edge(*follower, user))).for_each(|edge| form.edge(edge, &mut text));
    form.end(&mut text);
    flush(&mut text, out)
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

fn flush(text: &mut Vec<u8>, out: &mut Output) -> Result<()> {
    out.write(text)?;
    text.clear();
    Ok(())
}
