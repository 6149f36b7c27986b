//! `birdbox export`: users and posts in the native form, and follows.

mod edges;
mod form;

use anyhow::{Result, bail};
use formats::native;

use super::args::{ExportArgs, ExportWhat};
use super::open;
use super::output::Output;
use crate::admin::{Answer, ClientError, Missing, Page, Session, Verb};
use crate::config::Config;

/// Users or posts that are asked for at a time.
const PAGE: usize = 1000;

/// Runs `birdbox export`.
pub(super) async fn run(config: &Config, args: &ExportArgs) -> Result<()> {
    let mut session = open(config, Missing::Refuse).await?;
    let output = match &args.what {
        ExportWhat::Users { output } => output,
        ExportWhat::Edges(args) => &args.output,
    };
    let mut out = Output::open(output.as_deref())?;
    match &args.what {
        ExportWhat::Users { .. } => {
            write_users(&mut session, &mut out).await?;
            write_tweets(&mut session, &mut out).await?;
        }
        ExportWhat::Edges(args) => edges::write(&mut session, args, &mut out).await?,
    }
    out.finish()
}

async fn write_users(session: &mut Session, out: &mut Output) -> Result<()> {
    let (mut after, mut lines) = (None, Vec::new());
    loop {
        let Answer::Users(Page { items, next }) = session.ask(Verb::ExportUsers { after, limit: PAGE }).await? else {
            bail!(ClientError::Unexpected);
        };
        lines.clear();
        items.iter().for_each(|user| native::write_user(user, &mut lines));
        out.write(&lines)?;
        if next.is_none() {
            return Ok(());
        }
        after = next;
    }
}

async fn write_tweets(session: &mut Session, out: &mut Output) -> Result<()> {
    let (mut after, mut lines) = (None, Vec::new());
    loop {
        let Answer::Tweets(Page { items, next }) = session.ask(Verb::ExportTweets { after, limit: PAGE }).await? else {
            bail!(ClientError::Unexpected);
        };
        lines.clear();
        items.iter().for_each(|tweet| native::write_tweet(tweet, &mut lines));
        out.write(&lines)?;
        if next.is_none() {
            return Ok(());
        }
        after = next;
    }
}
