//! `birdbox explain`: why a request was refused, for people or for programs.

use std::fmt::Write as _;

use anyhow::{Result, bail};

use super::args::{ExplainArgs, Form};
use super::{open, output};
use crate::admin::{Answer, ClientError, Missing, Verb};
use crate::config::Config;
use crate::explain::{Explanation, Signature};

/// Runs `birdbox explain`.
pub(super) async fn run(config: &Config, args: ExplainArgs) -> Result<()> {
    let answer = open(config, Missing::Refuse).await?.ask(Verb::Explain { request: args.request }).await?;
    let Answer::Explanation(explanation) = answer else { bail!(ClientError::Unexpected) };
    match args.output {
        Form::Text => output::tell(&for_people(&explanation)),
        Form::Json => output::print(format!("{}\n", serde_json::to_string(&explanation)?).as_bytes()),
    }
}

fn for_people(explanation: &Explanation) -> String {
    let Explanation { request_id, at, request, operation, status, app, user, reason, findings, signature } =
        explanation;
    let mut out = String::new();
    let mut row = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{name:<10}  {value}");
    };
    row("request", &format!("{request_id}, {at}"));
    let operation = operation.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    row("asked", &format!("{request}{operation}"));
    row("answered", &status.to_string());
    for (name, value) in [("App", app), ("user", user)] {
        value.iter().for_each(|value| row(name, value));
    }
    row("why", reason);
    findings.iter().for_each(|finding| row("", finding));
    if let Some(Signature { base_strings, timestamp, ahead }) = signature {
        let clock = match ahead {
            0 => "as the server's".to_owned(),
            seconds if *seconds > 0 => format!("{seconds} s ahead of the server's"),
            seconds => format!("{} s behind the server's, when the request came", seconds.unsigned_abs()),
        };
        row("clock", &format!("{clock} (oauth_timestamp {timestamp})"));
        for (at, text) in base_strings.iter().enumerate() {
            row(if at == 0 { "to sign" } else { "or" }, text);
        }
    }
    out
}
