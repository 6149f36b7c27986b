//! `birdbox requests`: what clients sent lately, for people or for programs.

use std::fmt::Write as _;

use anyhow::{Result, bail};

use super::args::{Form, RequestsArgs};
use super::{open, output};
use crate::admin::{Answer, ClientError, Missing, Verb};
use crate::config::Config;
use crate::requests::{RequestRow, ShownRequests};

/// Runs `birdbox requests`.
pub(super) async fn run(config: &Config, args: RequestsArgs) -> Result<()> {
    let form = args.output;
    let answer = open(config, Missing::Refuse).await?.ask(Verb::Requests(args.query())).await?;
    let Answer::Requests(shown) = answer else { bail!(ClientError::Unexpected) };
    match form {
        Form::Text => output::print(for_people(&shown).as_bytes()),
        Form::Json => output::print(format!("{}\n", serde_json::to_string(&shown)?).as_bytes()),
    }
}

fn for_people(ShownRequests { requests, more }: &ShownRequests) -> String {
    let mut out = format!(
        "{:>7}  {:<24}  {:>6}  {:>9}  {:<16}  {:<24}  {}\n",
        "NUMBER", "AT", "STATUS", "MS", "REQUEST ID", "CALLER", "REQUEST"
    );
    for RequestRow { number, request_id, at, method, target, app, user, status, dur_us, .. } in requests {
        let caller: Vec<_> = [("App", app), ("user", user)]
            .into_iter()
            .filter_map(|(what, id)| Some(format!("{what} {}", (*id)?)))
            .collect();
        let (caller, ms) = (caller.join(" "), *dur_us as f64 / 1000.0);
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "{number:>7}  {at:<24}  {status:>6}  {ms:>9.3}  {request_id}  {caller:<24}  {method} {target}"
        );
    }
    if *more {
        let before = requests.last().map(|row| row.number).unwrap_or_default();
        let _ = writeln!(out, "and older ones: birdbox requests --below {before}");
    }
    out
}
