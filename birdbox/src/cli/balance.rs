//! `birdbox balance`: shows and changes how many profiles of Tweet Binder Apps may get.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use model::{AppId, Timestamp};

use super::args::Form;
use super::args::balance::{BalanceArgs, BalanceVerb, ChangeArgs};
use super::{open, output};
use crate::admin::{Answer, ClientError, Missing, Verb};
use crate::config::Config;
use crate::limits::{self, BalanceChange, BalanceRow, Done};

/// Runs `birdbox balance`.
pub(super) async fn run(config: &Config, BalanceArgs { written, verb }: BalanceArgs) -> Result<()> {
    let verb = match verb {
        BalanceVerb::Show { app } => limits::Verb::Balances { app: app.map(AppId::get) },
        BalanceVerb::Set { app, change: ChangeArgs { total, used } } => {
            limits::Verb::SetBalance { app: app.get(), change: BalanceChange { total, used } }
        }
    };
    let mut session = open(config, Missing::Refuse).await?;
    match session.ask(Verb::Limits(verb)).await? {
        Answer::Limits(Done::Balances(rows)) => match written.output {
            Form::Text => output::tell(&table(&rows)),
            Form::Json => output::print_json(&rows),
        },
        _ => bail!(ClientError::Unexpected),
    }
}

fn table(rows: &[BalanceRow]) -> String {
    let mut out = String::new();
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or_default().max("NAME".len());
    let _ =
        writeln!(out, "{:>5}  {:<width$}  {:>12}  {:>12}  {:>12}  UNTIL", "APP", "NAME", "TOTAL", "USED", "AVAILABLE");
    for BalanceRow { app, name, is_set, total, used, available, finished_at } in rows {
        let until = Timestamp::from_unix_ms(finished_at.saturating_mul(1000));
        let note = if *is_set { "  (total set)" } else { "" };
        let _ = writeln!(out, "{app:>5}  {name:<width$}  {total:>12}  {used:>12}  {available:>12}  {until}{note}");
    }
    out
}
