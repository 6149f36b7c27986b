//! `birdbox doctor`: runs a program as `birdbox run` does, and says why it does not get through.

use std::fmt::Write as _;
use std::io;
use std::os::fd::AsFd as _;
use std::process::{ExitCode, Stdio};

use anyhow::{Result, bail};

use super::args::{DoctorArgs, Form, ProgramArgs};
use super::failure::FAILED;
use super::{output, program};
use crate::admin::{Answer, ClientError, Verb};
use crate::config::Config;
use crate::http::Sight;
use crate::run::Host;
use crate::run::doctor::{Evidence, Report, Verdict, diagnose};
use crate::run::isolate::NotAllowed;

/// Runs the program and prints the report.
pub(super) fn run(config: &Config, args: &DoctorArgs) -> Result<ExitCode> {
    program::with_host(config, &args.program, async |host| {
        let (ended, evidence) = examine(config, host, &args.program).await?;
        let report = diagnose(&evidence);
        match args.output {
            Form::Text => output::tell(&for_people(&report, ended))?,
            Form::Json => output::print(format!("{}\n", serde_json::to_string(&report)?).as_bytes())?,
        }
        Ok(ExitCode::from(if report.next.is_none() { 0 } else { FAILED }))
    })
}

async fn examine(config: &Config, host: &mut Host, args: &ProgramArgs) -> Result<(u8, Evidence)> {
    let trust = program::trusted(config, host)?;
    let stderr = io::stderr().as_fd().try_clone_to_owned()?;
    // The report has the standard output for itself.
    let aside = |command: &mut tokio::process::Command| _ = command.stdout(Stdio::from(stderr));
    // In a network of its own nothing leaves the machine, and a program that uses no proxy is
    // seen too.
    let isolated = ProgramArgs { isolate: true, ..args.clone() };
    let (mut started, is_isolated) = match program::start(config, host, &trust, &isolated, aside).await {
        Ok(started) => (started, true),
        Err(error) if error.is::<NotAllowed>() && !args.isolate => {
            let stderr = io::stderr().as_fd().try_clone_to_owned()?;
            let aside = |command: &mut tokio::process::Command| _ = command.stdout(Stdio::from(stderr));
            (program::start(config, host, &trust, args, aside).await?, false)
        }
        Err(error) => return Err(error),
    };
    let (ended, sights) = started.end_then(async || seen(host).await).await?;
    let reason = why(host, &sights).await;
    let words: Vec<_> = args.command.iter().map(|word| word.to_string_lossy()).collect();
    let evidence = Evidence {
        sights,
        is_isolated,
        needs_no_proxy: args.isolate,
        reason,
        trust: trust.bundle.display().to_string(),
        program: words.join(" "),
    };
    Ok((ended, evidence))
}

async fn seen(host: &mut Host) -> Result<Vec<Sight>> {
    match host.ask(Verb::Seen).await? {
        Answer::Seen(sights) => Ok(sights),
        _ => bail!(ClientError::Unexpected),
    }
}

/// Why the request that decides was refused, if the server remembers it.
async fn why(host: &mut Host, sights: &[Sight]) -> Option<String> {
    let request = Evidence::refused_id(sights)?.to_owned();
    match host.ask(Verb::Explain { request: Some(request) }).await {
        Ok(Answer::Explanation(explanation)) => {
            Some([explanation.reason].into_iter().chain(explanation.findings).collect::<Vec<_>>().join(" "))
        }
        _ => None,
    }
}

fn for_people(report: &Report, ended: u8) -> String {
    let mut out = String::new();
    for layer in &report.layers {
        let verdict = match layer.verdict {
            Verdict::Ok => "ok",
            Verdict::Failed => "FAILED",
            Verdict::NotReached => "-",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{}", format!("{:<6}{verdict:<8}{}", layer.layer, layer.seen).trim_end());
    }
    let _ = match &report.next {
        Some(next) => writeln!(out, "\nNext: {next}"),
        None => writeln!(out, "\nThe program gets through; it ended with exit code {ended}."),
    };
    out
}
