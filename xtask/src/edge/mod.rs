//! `cargo xtask edge`: what connections cost, how long slow clients are borne, and
//! whether any request brings about a 5xx or an end.
//!
//! All of it against the real server over loopback; each line of the table is a claim
//! with its limit.

mod bad;
mod idle;
mod mutations;
mod slow;

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::server::{Profile, Server, build};
use crate::workspace::Workspace;

/// How much is tried.
struct Size {
    connections: usize,
    mutations: usize,
    seed: u64,
}

/// What was found, and whether it is within the limit.
struct Finding {
    what: String,
    found: String,
    limit: String,
    good: bool,
}

/// Tries the real numbers against the release build.
pub(crate) fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let connections = arguments.value("--connections", 10_000)?;
    let mutations = arguments.value("--mutations", 100_000)?;
    let seed = arguments.value("--seed", 1)?;
    let profile = if arguments.flag("--debug") { Profile::Debug } else { Profile::Release };
    arguments.end()?;
    let counts = check(workspace, profile, &Size { connections, mutations, seed })?;
    Ok(if counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Tries what CI has time for.
pub(crate) fn check_briefly(workspace: &Workspace) -> Result<Counts> {
    check(workspace, Profile::Debug, &Size { connections: 500, mutations: 5_000, seed: 1 })
}

fn check(workspace: &Workspace, profile: Profile, size: &Size) -> Result<Counts> {
    let program = build(workspace, profile)?;
    allow_open_files(size.connections)?;
    let findings = findings(&program, &workspace.target, size)?;
    let mut out = io::stdout();
    writeln!(out, "{:<48}{:>22}{:>16}", "", "found", "limit")?;
    let mut counts = Counts::default();
    for Finding { what, found, limit, good } in &findings {
        writeln!(out, "{what:<48}{found:>22}{limit:>16}{}", if *good { "" } else { "   FAILED" })?;
        counts += Counts::one(*good);
    }
    Ok(counts)
}

fn findings(program: &Path, near: &Path, size: &Size) -> Result<Vec<Finding>> {
    let mut server = Server::start(program, near, "legislators")?;
    let mut findings = vec![idle::cost(&server, size.connections)?];
    findings.extend(slow::all(&server)?);
    findings.extend(bad::all(&server)?);
    findings.extend(mutations::all(&mut server, size.mutations, size.seed)?);
    Ok(findings)
}

/// Lets this process, and the server that it starts, hold that many connections.
fn allow_open_files(connections: usize) -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    let needed = connections as u64 + 256;
    let current = limit.current.unwrap_or(u64::MAX).max(needed);
    setrlimit(Resource::Nofile, Rlimit { current: Some(current), maximum: limit.maximum })
        .map_err(|error| anyhow::anyhow!("{needed} open files are needed: {error}; raise the limit with ulimit -n"))
}
