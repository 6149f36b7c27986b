//! `cargo xtask churn`: writers follow and unfollow over HTTP as fast as they can, merges are
//! made all the time, and readers walk whole lists meanwhile, page by page.
//!
//! A walk is wrong if a row that nobody touched is missing, comes twice or out of order, if
//! any row comes twice on the way down, or if there is a row that never existed.

mod people;
mod walk;
mod writer;

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context as _, Result, anyhow, ensure};
use serde_json::Value;

use self::people::People;
use self::walk::Reader;
use self::writer::Writer;
use crate::arguments::Arguments;
use crate::clock;
use crate::counts::Counts;
use crate::process::output;
use crate::server::{Profile, Server, build};
use crate::workspace::Workspace;

const WRITERS: usize = 8;
const READERS: usize = 4;
const MANY: usize = 1000;
/// What CI has time for.
const FEW: usize = 40;
/// With fewer changes a second the walks show little, where the build is optimised.
const LEAST: f64 = 500.0;

/// Makes so many walks, with an optimised build.
pub(crate) fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let walks = arguments.value("--walks", MANY)?;
    let profile = if arguments.flag("--debug") { Profile::Debug } else { Profile::Release };
    arguments.end()?;
    let rate = churn(&build(workspace, profile)?, &workspace.target, walks)?;
    ensure!(profile == Profile::Debug || rate >= LEAST, "only {rate:.0} changes a second were made");
    Ok(ExitCode::SUCCESS)
}

/// Makes few walks, with the build that other tests use.
pub(crate) fn check_briefly(workspace: &Workspace) -> Result<Counts> {
    churn(&build(workspace, Profile::Debug)?, &workspace.target, FEW)?;
    Ok(Counts { passed: FEW, ..Counts::default() })
}

/// Says how many changes were made in a second.
fn churn(program: &Path, near: &Path, walks: usize) -> Result<f64> {
    let people = People::default();
    let folder = Server::folder(near)?;
    people.load(program, folder.path())?;
    // So small that merges begin by themselves too.
    let budget = ("BIRDBOX_STORE__DELTA_BUDGET", "1MiB".to_owned());
    let server = Server::start_in(folder, program, "none", &[budget])?;
    let tokens = people.tokens(&server)?;
    let (ended, started) = (AtomicBool::new(false), AtomicUsize::new(0));
    let begin = clock::now();
    let (changes, rows, reader_merges) = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|index| {
                let writer = Writer { server: &server, people: &people, tokens: &tokens, index };
                scope.spawn(|| writer.run(&ended))
            })
            .collect();
        let merger = scope.spawn(|| merge(&server, &ended));
        let readers: Vec<_> = (0..READERS)
            .map(|index| {
                let reader = Reader { server: &server, people: &people, index };
                let (ended, started) = (&ended, &started);
                scope.spawn(move || reader.run(walks, started).inspect_err(|_| ended.store(true, Ordering::SeqCst)))
            })
            .collect();
        let rows: Result<usize> = readers.into_iter().map(join).sum();
        ended.store(true, Ordering::SeqCst);
        let changes: Result<usize> = writers.into_iter().map(join).sum();
        anyhow::Ok((changes?, rows?, join(merger)?))
    })?;
    let took = begin.elapsed().as_secs_f64();
    let (merges, rate) = (merges_of(&server)?, changes as f64 / took);
    ensure!(merges > 0, "nothing was merged");
    writeln!(
        io::stdout(),
        "{walks} walks of {rows} rows, none wrong, in {took:.1} s; {rate:.0} changes a second by {WRITERS} writers, \
         {merges} merges, {reader_merges} of them asked for"
    )?;
    Ok(rate)
}

fn join<T>(thread: thread::ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    thread.join().map_err(|_| anyhow!("a thread panicked"))?
}

/// Merges again and again; says how often.
fn merge(server: &Server, ended: &AtomicBool) -> Result<usize> {
    let mut merges = 0;
    while !ended.load(Ordering::SeqCst) {
        output(&mut server.command(&["merge"]))?;
        merges += 1;
    }
    Ok(merges)
}

fn merges_of(server: &Server) -> Result<u64> {
    let printed = output(&mut server.command(&["stats", "-o", "json"]))?;
    let stats: Value = serde_json::from_str(&printed)?;
    stats.get("merges").and_then(Value::as_u64).context("`birdbox stats` tells no merges")
}
