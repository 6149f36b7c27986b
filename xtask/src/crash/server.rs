//! Kills `birdbox serve` while commands change users beside it, people follow each other over
//! HTTP, and readers look users up; starts it again and looks whether anything that was
//! acknowledged is gone.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::expected::{Known, Left, Users, one_owner_each, users_of};
use super::follower::{self, Follows};
use super::reader::{by_ids, by_usernames, read};
use super::worker::{Worker, ids_of};
use crate::client::connect;
use crate::counts::Counts;
use crate::process::output;
use crate::random::Random;
use crate::server::{DATA, Profile, Server, build};
use crate::workspace::Workspace;

/// Commands that run at once. All their users fit one request.
const WORKERS: usize = 4;
const READERS: usize = 2;
/// A server is killed before so many commands were acknowledged, or soon after.
const COMMANDS: usize = 120;
/// Then the kill waits for up to so many microseconds, so that it can fall anywhere.
const PAUSE_US: usize = 10_000;
/// The numbers of the changes of one cycle lie this far from those of the next.
const STRIDE: usize = 100_000;

/// How long a start may take where the build is optimised.
const START: Duration = Duration::from_secs(1);

/// What a cycle that went well shows.
struct Shown {
    acknowledged: usize,
    follows: usize,
    reads: usize,
    started_in: Duration,
}

/// What is known from one cycle to the next.
#[derive(Default)]
struct Before {
    users: Users,
    follows: Follows,
    /// Who follows others, with an access token.
    tokens: Vec<(u64, String)>,
}

/// What the clients know when the server is dead.
struct Met {
    known: Vec<Known>,
    left: Vec<follower::Left>,
    reads: usize,
}

/// Runs so many cycles on one data directory.
pub(super) fn kill(workspace: &Workspace, profile: Profile, cycles: usize) -> Result<Counts> {
    let program = build(workspace, profile)?;
    let mut out = io::stdout();
    let mut folder = Server::folder(&workspace.target)?;
    let mut before = Before::default();
    for cycle in 1..=cycles {
        let shown;
        (folder, shown) = run(&program, folder, &mut before, cycle).with_context(|| format!("cycle {cycle}"))?;
        let Shown { acknowledged, follows, reads, started_in } = shown;
        let (took, users) = (started_in.as_millis(), before.users.len());
        writeln!(
            out,
            "{users} users, {acknowledged} acknowledged commands, {follows} acknowledged changes of follows, \
             {reads} reads, started in {took} ms"
        )?;
        ensure!(profile == Profile::Debug || started_in < START, "the start took {took} ms");
    }
    Ok(Counts { passed: cycles, ..Counts::default() })
}

/// One cycle; begins with a server on `folder`, which has what was there `before`, and ends
/// without one.
fn run(program: &Path, folder: TempDir, before: &mut Before, cycle: usize) -> Result<(TempDir, Shown)> {
    let server = Server::start_in(folder, program, "none", &[])?;
    if before.tokens.is_empty() {
        before.tokens = follower::make(&server)?;
    }
    let Met { known, left, reads } = change_until_killed(program, &server, before, cycle)?;
    let folder = server.into_folder();
    output(Command::new(program).args(["verify", "--data", DATA]).current_dir(folder.path()))?;
    let acknowledged = known.iter().map(|known| known.acknowledged).sum();
    ensure!(folder.path().join(DATA).join("admin.sock").exists(), "the dead server left no admin.sock to be replaced");

    let server = Server::start_in(folder, program, "none", &[])?;
    before.users = stored(program, &server)?;
    known.into_iter().try_for_each(|known| known.check(&before.users))?;
    before.follows = follower::stored(&server)?;
    left.iter().try_for_each(|left| left.check(&before.follows))?;
    let follows = left.iter().map(|left| left.acknowledged).sum();
    let started_in = server.started_in;
    Ok((server.into_folder(), Shown { acknowledged, follows, reads, started_in }))
}

/// Lets commands, followers and readers meet the server, and kills it at a random moment.
fn change_until_killed(program: &Path, server: &Server, before: &Before, cycle: usize) -> Result<Met> {
    let killed = AtomicBool::new(false);
    let (acknowledge, acknowledged) = mpsc::channel();
    let mut random = Random::new((cycle * (WORKERS + 1)) as u64);
    let place = server.place().to_owned();
    let ids = all_ids();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|index| {
                let settled = ids_of(index).filter_map(|id| Some((id, before.users.get(&id)?.clone()))).collect();
                let worker = Worker {
                    program,
                    place: &place,
                    index,
                    number: cycle * STRIDE,
                    random: Random::new((cycle * (WORKERS + 1) + index + 1) as u64),
                    known: Known { settled, open: Users::new(), acknowledged: 0 },
                };
                let (killed, acknowledge) = (&killed, acknowledge.clone());
                scope.spawn(move || worker.run(killed, &acknowledge))
            })
            .collect();
        let followers: Vec<_> = before
            .tokens
            .iter()
            .map(|(source, token)| {
                let follows = before.follows.get(source).cloned().unwrap_or_default();
                let (killed, random) = (&killed, Random::new(cycle as u64 * 1_000_003 + source));
                scope.spawn(move || follower::run(server, (*source, token), follows, random, killed))
            })
            .collect();
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(|| read(server, &ids, &killed))).collect();
        // When all workers have failed, nothing comes any more; they say why below.
        drop(acknowledge);
        acknowledged.iter().take(random.below(COMMANDS)).for_each(drop);
        thread::sleep(Duration::from_micros(random.below(PAUSE_US) as u64));
        killed.store(true, Ordering::SeqCst);
        server.kill()?;
        let known = workers.into_iter().map(join).collect::<Result<_>>()?;
        let left = followers.into_iter().map(join).collect::<Result<_>>()?;
        let reads = readers.into_iter().map(join).sum::<Result<usize>>()?;
        Ok(Met { known, left, reads })
    })
}

fn join<T>(thread: thread::ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    thread.join().map_err(|_| anyhow!("a thread panicked"))?
}

fn all_ids() -> Vec<u64> {
    (0..WORKERS).flat_map(ids_of).collect()
}

/// What is stored, which must look the same in every way that there is to ask for it.
fn stored(program: &Path, server: &Server) -> Result<Users> {
    let mut exported = lines(program, server, &["export", "users"])?;
    exported.retain(|id, _| follower::is_workers(*id));
    one_owner_each(&exported)?;
    let mut stream = connect(server.address)?;
    ensure!(by_ids(server, &mut stream, &all_ids())? == exported, "GET /2/users shows other users than an export");
    let usernames: Vec<&str> = exported.values().map(|Left { username, .. }| username.as_str()).collect();
    if !usernames.is_empty() {
        ensure!(
            by_usernames(server, &mut stream, &usernames)? == exported,
            "usernames lead to others than they belong to"
        );
    }
    for (id, left) in exported.iter().step_by(10) {
        let got = lines(program, server, &["user", "get", &id.to_string()])?;
        ensure!(got.get(id) == Some(left), "`birdbox user get {id}` shows {got:?}, and an export {left:?}");
    }
    Ok(exported)
}

/// What a command prints, one user a line.
fn lines(program: &Path, server: &Server, words: &[&str]) -> Result<Users> {
    let mut command = Command::new(program);
    let printed = output(command.args(words).args(["--data", DATA]).current_dir(server.place()))?;
    let objects = printed.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    users_of(objects.iter().filter_map(|object| object.get("user")))
}
