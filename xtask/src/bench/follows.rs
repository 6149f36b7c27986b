//! Follows that are durable when they are answered: how many one client makes that waits for
//! each, and how many 64 make at a time. What a disk costs no bare server shows.

use std::time::Duration;

use anyhow::Result;

use super::load::{Load, Sample};
use super::{Plan, data, pin, report};
use crate::follow::{Change, change};
use crate::server::Server;

/// Clients at a time, and how many changes a second they should make in all.
const CLIENTS: [(usize, f64); 2] = [(1, 2_500.0), (64, 10_000.0)];
/// Whom somebody follows before it unfollows them again: more than wait for an answer.
const TARGETS: usize = 2_000;

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
            let load = Load { requests: &requests, connections, warm_up, measure };
            samples.push(pin::on(processors.generator, || load.run(server.address, server.pid()))?);
        }
        all_good &= report::changes(connections, goal, &Sample::median(&samples))?;
    }
    Ok(all_good)
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
