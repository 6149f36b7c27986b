//! Uses up the rate limit of an App from 64 connections, again and again, and counts.
//!
//! Every second run kills the server on the way and goes on with a new one: requests that
//! were on their way are lost, and nobody may be allowed more than the limit in all.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context as _, Result, anyhow, ensure};
use tempfile::TempDir;

use crate::arguments::Arguments;
use crate::client::{Reply, ask, connect};
use crate::counts::Counts;
use crate::process::output;
use crate::random::Random;
use crate::server::{DATA, Profile, Server, build};
use crate::workspace::Workspace;

const CONNECTIONS: usize = 64;
/// That of an App for the operation that is asked.
const LIMIT: usize = 300;
const TARGET: &str = "/2/users/12";

/// What CI has time for.
const FEW: usize = 6;
const MANY: usize = 100;

/// Runs as often as is asked for, in an optimised build.
pub(crate) fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let runs = arguments.value("--runs", MANY)?;
    let profile = if arguments.flag("--debug") { Profile::Debug } else { Profile::Release };
    arguments.end()?;
    use_up(workspace, profile, runs)?;
    Ok(ExitCode::SUCCESS)
}

/// Runs a few times in the build that other tests use.
pub(crate) fn check_briefly(workspace: &Workspace) -> Result<Counts> {
    use_up(workspace, Profile::Debug, FEW)?;
    Ok(Counts { passed: FEW, ..Counts::default() })
}

fn use_up(workspace: &Workspace, profile: Profile, runs: usize) -> Result<()> {
    let program = build(workspace, profile)?;
    let mut server = start(&program, Server::folder(&workspace.target)?)?;
    let mut lost = 0;
    for run in 1..=runs {
        let mut reset = Command::new(&program);
        output(reset.args(["limits", "reset", "--data", DATA]).current_dir(server.place()))?;
        let mut told = Vec::new();
        let is_killed = run % 2 == 0;
        if is_killed {
            told = ask_all(&server, Some(Random::new(run as u64).below(LIMIT)))?;
            server = start(&program, server.into_folder())?;
        }
        told.extend(ask_all(&server, None)?);
        lost += check(told, is_killed).with_context(|| format!("run {run}"))?;
    }
    writeln!(io::stdout(), "{runs} runs, {} of them through a kill, in which {lost} requests were lost", runs / 2)?;
    Ok(())
}

fn start(program: &Path, folder: TempDir) -> Result<Server> {
    Server::start_in(folder, program, "none", &[("BIRDBOX_LIMITS__MODE", "faithful".to_owned())])
}

/// Asks on all connections until the limit is used up, or until the server is killed after so
/// many replies. Gives what `x-rate-limit-remaining` was in each reply that was allowed.
fn ask_all(server: &Server, kill_after: Option<usize>) -> Result<Vec<usize>> {
    let allowed = AtomicUsize::new(0);
    thread::scope(|scope| {
        let threads: Vec<_> =
            (0..CONNECTIONS).map(|_| scope.spawn(|| ask_on_one(server, kill_after, &allowed))).collect();
        let told = threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("a thread panicked"))?);
        Ok(told.collect::<Result<Vec<_>>>()?.concat())
    })
}

fn ask_on_one(server: &Server, kill_after: Option<usize>, allowed: &AtomicUsize) -> Result<Vec<usize>> {
    let request = server.request(TARGET);
    let mut told = Vec::new();
    let mut stream = match connect(server.address) {
        Err(_) if kill_after.is_some() => return Ok(told),
        connected => connected?,
    };
    loop {
        let reply = match ask(&mut stream, &request) {
            Err(_) if kill_after.is_some() => return Ok(told),
            reply => reply?,
        };
        let remaining = header(&reply, "x-rate-limit-remaining")?;
        if reply.status == 429 {
            ensure!(remaining == 0 && header(&reply, "x-rate-limit-limit")? == LIMIT, "a 429 says {}", reply.head);
            return Ok(told);
        }
        ensure!(reply.status == 200, "status {}", reply.status);
        told.push(remaining);
        if Some(allowed.fetch_add(1, Ordering::SeqCst)) == kill_after {
            server.kill()?;
        }
    }
}

fn header(reply: &Reply, name: &str) -> Result<usize> {
    let value = reply.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    Ok(value.with_context(|| format!("no {name}"))?.parse()?)
}

/// Every number from the limit down to 0 was told once; through a kill at most once. How many
/// are missing.
fn check(mut told: Vec<usize>, is_killed: bool) -> Result<usize> {
    let count = told.len();
    told.sort_unstable();
    told.dedup();
    ensure!(told.len() == count, "a number was told twice");
    ensure!(told.last().is_none_or(|most| *most < LIMIT), "more are left than there were");
    let lost = LIMIT.checked_sub(count).with_context(|| format!("{count} requests were allowed"))?;
    let most = if is_killed { CONNECTIONS } else { 0 };
    ensure!(lost <= most, "{count} requests were allowed");
    Ok(lost)
}
