//! Follows that are durable when they are answered: how many one client makes that waits for
//! each, how many 64 make at a time, and how long reads take meanwhile. What a disk costs no
//! bare server shows. Profiles are changed by commands and by no request, so for these a
//! program of `store` asks it without HTTP, and for a merge.

use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use tempfile::TempDir;

use super::load::{Load, Sample};
use super::{Plan, data, pin, report};
use crate::follow::{Change, change};
use crate::process::succeeds;
use crate::server::{DATA, Server};
use crate::workspace::Workspace;

/// Clients at a time, and how many changes a second they should make in all.
const CLIENTS: [(usize, f64); 2] = [(1, 2_500.0), (64, 10_000.0)];
/// Whom somebody follows before it unfollows them again: more than wait for an answer.
const TARGETS: usize = 2_000;
/// Readers at a time beside them.
const READERS: usize = 1;
/// Users who are read.
const READ: usize = 1_000;
/// How many changes a start has to read.
const CHANGES: &str = "200000";

/// Measures and prints; whether the goals are met.
pub(super) fn measure(plan: &Plan, server: &Server, processors: pin::Processors) -> Result<bool> {
    let mut all_good = true;
    // Nobody is asked twice, or what it begins would be there already.
    let mut actors = 0..plan.users;
    for (connections, goal) in CLIENTS {
        let mut samples = Vec::new();
        for actor in actors.by_ref().take(plan.runs) {
            let requests = requests(server, plan.users, actor)?;
            let (warm_up, measure) = (Duration::from_millis(200), Duration::from_secs_f64(plan.seconds));
            let load = Load { requests: &requests, connections, rate: None, warm_up, measure };
            samples.push(pin::on(processors.generator, || load.run(server.address, server.pid()))?);
        }
        all_good &= report::changes(connections, goal, &Sample::median(&samples))?;
    }
    let mut changes = || actors.next().map(|actor| requests(server, plan.users, actor)).transpose();
    let (Some(some), Some(more)) = (changes()?, changes()?) else { return Ok(all_good) };
    let [_, (_, goal)] = CLIENTS;
    let idle = reads(plan, server, None, processors)?;
    let busy = reads(plan, server, Some(Beside { changes: &some, rate: Some(goal) }), processors)?;
    // As many as there can be leave no processor for anything else; that has no goal.
    let full = reads(plan, server, Some(Beside { changes: &more, rate: None }), processors)?;
    all_good &= report::reads_beside(&idle.0, &busy, goal, &full)?;
    Ok(all_good)
}

/// What the largest number of clients changes beside something.
struct Beside<'a> {
    changes: &'a [Vec<u8>],
    /// Changes a second; else as many as there can be.
    rate: Option<f64>,
}

/// Lookups of one user, and how many changes are made in a second beside them.
fn reads(
    plan: &Plan,
    server: &Server,
    beside: Option<Beside<'_>>,
    processors: pin::Processors,
) -> Result<(Sample, f64)> {
    let numbers = (0..READ).map(|number| number * 7919 % plan.users);
    let lookups: Vec<_> = numbers.map(|number| server.request(&format!("/2/users/{}", data::id(number)))).collect();
    let (warm_up, measure) = (Duration::from_millis(500), Duration::from_secs_f64(plan.seconds));
    let run = |requests: &[Vec<u8>], connections, rate, measure| {
        let load = Load { requests, connections, rate, warm_up, measure };
        pin::on(processors.generator, || load.run(server.address, server.pid()))
    };
    thread::scope(|scope| {
        let [(_, _), (most, _)] = CLIENTS;
        // They begin earlier and end later than what is measured.
        let longer = measure + warm_up;
        let run = &run;
        let beside = beside.map(|beside| scope.spawn(move || run(beside.changes, most, beside.rate, longer)));
        let sample = run(&lookups, READERS, None, measure)?;
        let changed = beside.map(|thread| thread.join().map_err(|_| anyhow!("a thread panicked"))?).transpose()?;
        Ok((sample, changed.map_or(0.0, |changed| changed.requests_per_second)))
    })
}

/// Lets a program of `store` measure changes of profiles, and lookups beside a merge, in the
/// data that a server left.
pub(super) fn measure_store(workspace: &Workspace, folder: &TempDir) -> Result<()> {
    let data = folder.path().join(DATA);
    let mut program =
        workspace.cargo(&["run", "--release", "--locked", "--package", "store", "--example", "scale", "--"]);
    ensure!(succeeds(program.args([data.as_path(), Path::new(CHANGES)]))?, "the program `scale` of `store` failed");
    Ok(())
}

/// One user follows many who are not followed by it yet, and unfollows them.
fn requests(server: &Server, users: usize, actor: usize) -> Result<Vec<Vec<u8>>> {
    let token = server.access_token(data::id(actor))?;
    let targets: Vec<usize> =
        (1..users).filter(|target| *target != actor && !data::follows(users, actor, *target)).take(TARGETS).collect();
    let each = |what| targets.iter().map(move |target| (what, *target));
    let all = each(Change::Follow).chain(each(Change::Unfollow));
    Ok(all.map(|(what, target)| change(server, &token, what, data::id(actor), data::id(target))).collect())
}
