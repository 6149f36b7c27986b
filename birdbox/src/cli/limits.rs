//! `birdbox limits`: shows, changes and resets rate limits.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use model::Timestamp;

use super::args::Form;
use super::args::limits::{CallerArgs, LimitsArgs, LimitsVerb, split};
use super::failure::Wrong;
use super::{open, output};
use crate::admin::{Answer, ClientError, Missing, Session, Verb};
use crate::config::Config;
use crate::limits::{self, CallerKey, Counted, Done, Row, Shown};

/// Runs `birdbox limits`.
pub(super) async fn run(config: &Config, LimitsArgs { written, verb }: LimitsArgs) -> Result<()> {
    let (mut session, verb) = match verb {
        LimitsVerb::Show { operations, caller } => {
            let (session, caller) = open_for(config, caller).await?;
            (session, limits::Verb::Show { operations, caller })
        }
        LimitsVerb::Set { words } => {
            let (operations, change) = split(words).map_err(Wrong)?;
            (open(config, Missing::Refuse).await?, limits::Verb::Set { operations, change })
        }
        LimitsVerb::Mode { mode } => {
            let mode = Some(mode).filter(|mode| mode != "default");
            (open(config, Missing::Refuse).await?, limits::Verb::SetMode { mode })
        }
        LimitsVerb::Reset { operations, caller } => {
            let (session, caller) = open_for(config, caller).await?;
            (session, limits::Verb::Reset { operations, caller })
        }
    };
    match session.ask(Verb::Limits(verb)).await? {
        Answer::Limits(Done::Shown(shown)) => match written.output {
            Form::Text => output::tell(&table(&shown)),
            Form::Json => output::print_json(&shown),
        },
        Answer::Limits(done @ Done::Reset) => match written.output {
            Form::Text => output::tell("reset\n"),
            Form::Json => output::print_json(&done),
        },
        _ => bail!(ClientError::Unexpected),
    }
}

/// Opens the data, and says whom the arguments name.
async fn open_for(config: &Config, caller: CallerArgs) -> Result<(Session, Option<CallerKey>)> {
    let mut session = open(config, Missing::Refuse).await?;
    let key = match caller {
        CallerArgs { app: Some(app), .. } => Some(CallerKey::App(app.get())),
        CallerArgs { user: Some(user), .. } => match session.ask(Verb::GetUser { user }).await? {
            Answer::User(user) => Some(CallerKey::User(user.id.get())),
            _ => bail!(ClientError::Unexpected),
        },
        CallerArgs { app: None, user: None } => None,
    };
    Ok((session, key))
}

fn table(shown: &Shown) -> String {
    let mut out = String::new();
    let number = |limit: Option<u32>| limit.map_or("-".to_owned(), |limit| limit.to_string());
    let width = shown.rows.iter().map(|row| row.operation.len()).max().unwrap_or_default().max("OPERATION".len());
    let _ = writeln!(out, "{:<width$}  {:>10}  {:>10}    (limits: {})", "OPERATION", "PER APP", "PER USER", shown.mode);
    for Row { operation, app, user } in &shown.rows {
        let _ = writeln!(out, "{operation:<width$}  {:>10}  {:>10}", number(*app), number(*user));
    }
    if let Some(end) = shown.spent_until {
        let _ = writeln!(
            out,
            "\nAfter a power loss, or without the ledger of before, all other windows count as used up until {}; to end that: birdbox limits reset",
            iso(end)
        );
    }
    if shown.windows.is_empty() {
        return out;
    }
    let _ = writeln!(out, "\n{:<width$}  {:<24}  {:>10}  {:>10}  RESET", "WINDOW", "CALLER", "USED", "LEFT");
    for Counted { operation, caller, used, left, reset } in &shown.windows {
        let caller = match caller {
            CallerKey::App(id) => format!("App {id}"),
            CallerKey::User(id) => format!("user {id}"),
        };
        let _ = writeln!(out, "{operation:<width$}  {caller:<24}  {used:>10}  {left:>10}  {}", iso(*reset));
    }
    if shown.more > 0 {
        let _ = writeln!(out, "and {} more, with fewer requests", shown.more);
    }
    out
}

/// Seconds since 1970, for people.
fn iso(seconds: i64) -> String {
    let mut time = Vec::new();
    Timestamp::from_unix_ms(seconds.saturating_mul(1000)).write_iso(&mut time);
    String::from_utf8_lossy(&time).into_owned()
}
