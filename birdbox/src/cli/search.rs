//! `birdbox user search`.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use model::AccountState;

use super::args::{Form, SearchArgs};
use super::output::visible;
use super::{open, output};
use crate::admin::{Answer, ClientError, Hit, Missing, UserSearch, Verb};
use crate::config::Config;

/// Users that are asked for at a time.
const PAGE: usize = 1000;

/// Prints who was found, a line each, for programs as JSON.
pub(super) async fn run(config: &Config, args: SearchArgs) -> Result<()> {
    let mut session = open(config, Missing::Refuse).await?;
    let SearchArgs { prefix, name: by_name, limit, written } = args;
    let (mut after, mut left) = (None, limit);
    while left > 0 {
        let search = UserSearch { by_name, prefix: prefix.clone(), after, limit: left.min(PAGE) };
        let Answer::Found(page) = session.ask(Verb::Search(search)).await? else { bail!(ClientError::Unexpected) };
        match written.output {
            Form::Text => output::tell(&page.users.iter().fold(String::new(), line))?,
            Form::Json => page.users.iter().try_for_each(output::print_json)?,
        }
        left = left.saturating_sub(page.users.len());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(())
}

fn line(mut lines: String, hit: &Hit) -> String {
    let Hit { id, username, name, state } = hit;
    // Writing to a String cannot fail.
    let _ = write!(lines, "@{username} ({id}) {}", visible(name));
    if *state != AccountState::Active {
        let _ = write!(lines, ", {}", state.name());
    }
    lines.push('\n');
    lines
}
