//! The subcommands of `birdbox user` about follows, blocks and mutes.

use anyhow::{Result, bail};
use model::AccountState;

use super::args::{FollowsVerb, Form, ListArgs, TwoArgs, WaitingArgs};
use super::output::visible;
use super::{open, output};
use crate::admin::{
    Answer, ClientError, FollowAnswer, FollowChange, FollowList, FollowVerb, Listed, Missing, Session, Shown, Verb,
};
use crate::config::Config;

/// Users that are asked for at a time.
const PAGE: usize = 1000;

/// Runs one of them.
pub(super) async fn run(config: &Config, verb: FollowsVerb) -> Result<()> {
    let mut session = open(config, Missing::Refuse).await?;
    let two = |TwoArgs { user, other }, change| FollowVerb::Change { change, user, other };
    let waiting = |WaitingArgs { follower, of }, change| FollowVerb::Change { change, user: of, other: follower };
    let verb = match verb {
        FollowsVerb::Followers(args) => return list(&mut session, FollowList::Followers, &args).await,
        FollowsVerb::Following(args) => return list(&mut session, FollowList::Following, &args).await,
        FollowsVerb::Pending(args) => return list(&mut session, FollowList::Pending, &args).await,
        FollowsVerb::Show { user } => FollowVerb::Show { user },
        FollowsVerb::Follow(args) => two(args, FollowChange::Follow),
        FollowsVerb::Unfollow(args) => two(args, FollowChange::Unfollow),
        FollowsVerb::Accept(args) => waiting(args, FollowChange::Accept),
        FollowsVerb::Reject(args) => waiting(args, FollowChange::Reject),
        FollowsVerb::Block(args) => two(args, FollowChange::Block),
        FollowsVerb::Unblock(args) => two(args, FollowChange::Unblock),
        FollowsVerb::Mute(args) => two(args, FollowChange::Mute),
        FollowsVerb::Unmute(args) => two(args, FollowChange::Unmute),
    };
    let change = match &verb {
        FollowVerb::Change { change, .. } => Some(*change),
        FollowVerb::Show { .. } | FollowVerb::List { .. } => None,
    };
    match (ask(&mut session, verb).await?, change) {
        (FollowAnswer::Shown(shown), None) => output::tell(&show(&shown)),
        (FollowAnswer::Changed { user, other, is_pending }, Some(change)) => {
            output::tell(&done(change, &user, &other, is_pending))
        }
        _ => bail!(ClientError::Unexpected),
    }
}

async fn ask(session: &mut Session, verb: FollowVerb) -> Result<FollowAnswer> {
    match session.ask(Verb::Follows(verb)).await? {
        Answer::Follows(answer) => Ok(answer),
        _ => bail!(ClientError::Unexpected),
    }
}

async fn list(session: &mut Session, list: FollowList, args: &ListArgs) -> Result<()> {
    let (mut after, mut left) = (None, args.limit.unwrap_or(usize::MAX));
    loop {
        let verb = FollowVerb::List { list, user: args.user, after, limit: PAGE.min(left) };
        let FollowAnswer::List { users, next } = ask(session, verb).await? else { bail!(ClientError::Unexpected) };
        let shown = users.iter().take(left);
        match args.written.output {
            Form::Text => output::tell(&shown.map(line).collect::<String>())?,
            Form::Json => shown.copied().try_for_each(|user| output::print_json(&user))?,
        }
        left = left.saturating_sub(users.len());
        if next.is_none() || left == 0 {
            return Ok(());
        }
        after = next;
    }
}

fn line(Listed { id, username }: &Listed) -> String {
    format!("@{username} ({id})\n")
}

/// What was done, as a sentence.
fn done(change: FollowChange, user: &Listed, other: &Listed, is_pending: bool) -> String {
    let (user, other) = (user.username, other.username);
    match change {
        FollowChange::Follow if is_pending => {
            format!("@{user} waits to follow @{other}; accept it with: birdbox user accept @{user} @{other}\n")
        }
        FollowChange::Follow => format!("@{user} follows @{other}\n"),
        FollowChange::Unfollow => format!("@{user} does not follow @{other}\n"),
        FollowChange::Accept => format!("@{other} follows @{user}\n"),
        FollowChange::Reject => format!("@{other} does not follow @{user}\n"),
        FollowChange::Block => format!("@{user} blocks @{other}\n"),
        FollowChange::Unblock => format!("@{user} does not block @{other}\n"),
        FollowChange::Mute => format!("@{user} mutes @{other}\n"),
        FollowChange::Unmute => format!("@{user} does not mute @{other}\n"),
    }
}

/// A user for people.
fn show(shown: &Shown) -> String {
    let Shown { user, name, state, protected, followers_count, following_count, pending_count } = shown;
    let mut rows =
        vec![("username", format!("@{}", user.username)), ("id", user.id.to_string()), ("name", visible(name))];
    if *state != AccountState::Active {
        rows.push(("state", state.name().to_owned()));
    }
    rows.push(("protected", if *protected { "yes" } else { "no" }.to_owned()));
    rows.push(("followers", followers_count.to_string()));
    rows.push(("following", following_count.to_string()));
    if *pending_count > 0 {
        let how = format!("; list them with: birdbox user pending @{}", user.username);
        rows.push(("waiting", format!("{pending_count}{how}")));
    }
    rows.iter().map(|(name, value)| format!("{name:<10}  {value}\n")).collect()
}
