//! `cargo xtask conformance`: SDKs as they come from their registries, each against a fresh
//! server, and whether they show what they showed before.
//!
//! A client is a row of [`CLIENTS`] and a program in `conformance`. What this machine cannot
//! install is skipped and counted as skipped. `--break` spoils the replies on their way, to see
//! that the suite notices.

mod breaks;
mod clients;
pub(crate) mod examples;
mod layer;
mod results;
mod runner;
mod table;
pub(crate) mod tools;

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail, ensure};

pub(crate) use self::breaks::check as check_breaks;
use self::clients::{ABSENT, CLAIMS, CLIENTS, Client, Way};
use self::layer::Spoil;
use self::results::Line;
pub(crate) use self::table::is_current as table_is_current;
use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::process::watch;
use crate::server::{Profile, build};
use crate::workspace::Workspace;

/// Runs the clients, or those that are named.
pub(crate) fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let only: Option<String> = arguments.optional("--only")?;
    let broken: Option<String> = arguments.optional("--break")?;
    let (update, table) = (arguments.flag("--update"), arguments.flag("--table"));
    arguments.end()?;
    if table {
        table::write(workspace)?;
        return Ok(ExitCode::SUCCESS);
    }
    let named = |client: &&Client| only.as_ref().is_none_or(|name| name == client.name);
    let clients: Vec<&Client> = CLIENTS.iter().filter(named).collect();
    if clients.is_empty() {
        let names: Vec<_> = CLIENTS.iter().map(|client| client.name).collect();
        bail!("there is no such client; these are: {}", names.join(", "));
    }
    let counts = match broken {
        Some(name) => breaks::run(workspace, &name, only.is_some().then_some(clients.as_slice()))?,
        None => compare(workspace, &clients, update)?,
    };
    counts.end()
}

/// Runs all clients.
pub(crate) fn check(workspace: &Workspace) -> Result<Counts> {
    compare(workspace, &CLIENTS.iter().collect::<Vec<_>>(), false)
}

/// Runs clients and compares what they show with what is checked in, or checks it in.
fn compare(workspace: &Workspace, clients: &[&Client], update: bool) -> Result<Counts> {
    let mut out = io::stdout();
    let program = build(workspace, Profile::Debug)?;
    let (mut known, mut seen, mut counts) = (results::read(workspace)?, Vec::new(), Counts::default());
    let (mut before, mut ran) = (Vec::new(), 0);
    for client in clients {
        let Some(lines) = show(workspace, &program, client, None)? else {
            counts += Counts::one_skipped();
            continue;
        };
        ran += 1;
        before.extend(known.extract_if(.., |line| line.client == client.name));
        seen.extend(lines);
    }
    if clients.len() == CLIENTS.len() {
        for absent in ABSENT {
            writeln!(out, "skipped: {}: {}", absent.package, absent.why)?;
            counts += Counts::one_skipped();
        }
    }
    writeln!(out, "{ran} clients ran")?;
    if update {
        before.clone_from(&seen);
        results::write(workspace, known.into_iter().chain(seen.iter().cloned()).collect())?;
        table::write(workspace)?;
    }
    for difference in results::differences(&before, &seen) {
        writeln!(out, "{difference}")?;
    }
    counts += results::count(&before, &seen);
    if before != seen && counts.failed > 0 {
        writeln!(out, "when this is as it should be: cargo xtask conformance --update")?;
    }
    Ok(counts)
}

/// What a client shows: a line for each claim. `None` when it cannot be installed here.
fn show(workspace: &Workspace, program: &Path, client: &Client, spoil: Option<Spoil>) -> Result<Option<Vec<Line>>> {
    let Some(words) = tools::install(workspace, client)? else {
        writeln!(io::stdout(), "skipped: {}: this machine cannot install {}", client.name, client.package)?;
        return Ok(None);
    };
    if client.way == Way::Isolated && !runner::can_isolate() {
        writeln!(io::stdout(), "skipped: {}: it knows no proxy, and this machine isolates no programs", client.name)?;
        return Ok(None);
    }
    let ground = runner::Ground::new(workspace, program, client.way, spoil)?;
    let mut lines = Vec::new();
    watch(&mut ground.command(workspace, &words)?, |line| lines.extend(Line::parse(line)))?;
    let claims = || CLAIMS.iter().filter(|claim| claim.suite == client.suite);
    for claim in claims() {
        let own: Vec<&Line> = lines.iter().filter(|line| line.claim == claim.name).collect();
        ensure!(own.len() < 2, "{} speaks of `{}` more than once", client.name, claim.name);
        if own.is_empty() {
            lines.push(Line::unheard(client.name, claim.name));
        }
    }
    for line in &lines {
        let known = claims().any(|claim| claim.name == line.claim);
        ensure!(known && line.client == client.name, "{} makes a claim that nobody asked for: {line}", client.name);
    }
    Ok(Some(lines))
}
