//! `birdbox requests`: what clients sent lately, for people or for programs.

use std::borrow::Cow;
use std::fmt::Write as _;

use anyhow::{Result, bail};

use super::args::{Form, MOST_REQUESTS as MOST, RequestsArgs};
use super::{open, output};
use crate::admin::{Answer, ClientError, Missing, Verb};
use crate::config::Config;
use crate::requests::{Query, RequestRow, ShownRequests};

/// Runs `birdbox requests`.
pub(super) async fn run(config: &Config, args: RequestsArgs) -> Result<()> {
    let form = args.output;
    let query = args.query();
    let answer = open(config, Missing::Refuse).await?.ask(Verb::Requests(query.clone())).await?;
    let Answer::Requests(shown) = answer else { bail!(ClientError::Unexpected) };
    match form {
        Form::Text => output::tell(&for_people(&query, &shown)),
        Form::Json => output::print(format!("{}\n", serde_json::to_string(&shown)?).as_bytes()),
    }
}

fn for_people(query: &Query, ShownRequests { requests, more }: &ShownRequests) -> String {
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
        let _ = writeln!(out, "and older ones: {}", older(query, requests));
    }
    out
}

/// The command that goes on where the requests end.
fn older(query: &Query, requests: &[RequestRow]) -> String {
    let Query { app, operation, status, path, below: _, limit } = query;
    let options = [
        ("app", app.map(|id| id.to_string())),
        ("operation", operation.clone()),
        ("status", status.map(|status| status.to_string())),
        ("path", path.as_deref().and_then(|path| shlex::try_quote(path).ok()).map(Cow::into_owned)),
        ("below", requests.last().map(|row| row.number.to_string())),
        ("limit", Some(*limit).filter(|limit| *limit != usize::from(MOST)).map(|limit| limit.to_string())),
    ];
    let said = options.into_iter().filter_map(|(name, value)| Some(format!(" --{name} {}", value?)));
    format!("birdbox requests{}", said.collect::<String>())
}
