//! People who follow and unfollow others over HTTP until the server dies, and what both sides
//! of each follow must show afterwards.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::net::TcpStream;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use crate::client::{ask, connect};
use crate::follow::{Change, change};
use crate::process::output;
use crate::random::Random;
use crate::server::Server;

/// Those who follow, and those who are followed. No command changes them.
const SOURCES: Range<u64> = 10_001..10_003;
const TARGETS: Range<u64> = 20_001..20_041;

/// Whom each of them follows, the oldest first.
pub(super) type Follows = BTreeMap<u64, Vec<u64>>;

/// Whether it is one of the workers' users, and none of these.
pub(super) fn is_workers(id: u64) -> bool {
    id < SOURCES.start
}

/// Makes all of them, and gives each of those who follow a token.
pub(super) fn make(server: &Server) -> Result<Vec<(u64, String)>> {
    let user = |id: u64| json!({ "id": id.to_string(), "username": format!("person{id}"), "name": "" });
    let lines: Vec<String> = SOURCES.chain(TARGETS).map(|id| json!({ "user": user(id) }).to_string()).collect();
    fs::write(server.place().join("people.ndjson"), lines.join("\n"))?;
    output(server.command(&["import", "native"]).arg("people.ndjson"))?;
    SOURCES.map(|source| Ok((source, server.access_token(source)?))).collect()
}

/// What one of them knows when the server is dead.
pub(super) struct Left {
    source: u64,
    /// Whom it follows, by what was acknowledged, and by the change that was under way.
    settled: Vec<u64>,
    open: Vec<u64>,
    /// The changes that were acknowledged.
    pub(super) acknowledged: usize,
}

/// Follows and unfollows for `source`, which follows these, until the server is killed.
pub(super) fn run(
    server: &Server,
    (source, token): (u64, &str),
    mut settled: Vec<u64>,
    mut random: Random,
    killed: &AtomicBool,
) -> Result<Left> {
    let mut stream = connect(server.address)?;
    let targets: Vec<u64> = TARGETS.collect();
    let mut acknowledged = 0;
    loop {
        let target = random.pick(&targets).copied().unwrap_or_default();
        let mut open = settled.clone();
        open.retain(|followed| *followed != target);
        let what = if open.len() == settled.len() { Change::Follow } else { Change::Unfollow };
        if what == Change::Follow {
            open.push(target);
        }
        match ask(&mut stream, &change(server, token, what, source, target)) {
            Ok(reply) if reply.status == 200 => {
                settled = open;
                acknowledged += 1;
            }
            Err(_) if killed.load(Ordering::SeqCst) => return Ok(Left { source, settled, open, acknowledged }),
            Ok(reply) => bail!("{what:?} {target} by {source} is answered with {}", reply.status),
            Err(error) => return Err(error),
        }
    }
}

impl Left {
    /// Checks that `stored` has all that was acknowledged, in order. The change that was under
    /// way may be there or not.
    pub(super) fn check(&self, stored: &Follows) -> Result<()> {
        let Self { source, settled, open, .. } = self;
        let now = stored.get(source).context("somebody is gone")?;
        ensure!(now == settled || now == open, "{source} should follow {settled:?} or {open:?}, and follows {now:?}");
        Ok(())
    }
}

/// Whom each of them follows, which those who are followed must say too.
pub(super) fn stored(server: &Server) -> Result<Follows> {
    let mut stream = connect(server.address)?;
    let mut list = |of: u64, which: &str| list(server, &mut stream, &format!("/2/users/{of}/{which}?max_results=1000"));
    let mut follows = Follows::new();
    for source in SOURCES {
        let mut following = list(source, "following")?;
        following.reverse();
        follows.insert(source, following);
    }
    for target in TARGETS {
        let followers: HashSet<u64> = list(target, "followers")?.into_iter().collect();
        for (source, following) in &follows {
            let sides = [following.contains(&target), followers.contains(source)];
            ensure!(sides[0] == sides[1], "whether {source} follows {target} depends on whom one asks: {sides:?}");
        }
    }
    Ok(follows)
}

/// The ids of a page, in its order.
fn list(server: &Server, stream: &mut TcpStream, target: &str) -> Result<Vec<u64>> {
    let reply = ask(stream, &server.request(target))?;
    ensure!(reply.status == 200, "{target} is answered with {}", reply.status);
    let body: Value = serde_json::from_slice(&reply.body)?;
    let users = body.get("data").and_then(Value::as_array).into_iter().flatten();
    let id = |user: &Value| user.get("id").and_then(Value::as_str)?.parse().ok();
    users.map(|user| id(user).with_context(|| format!("a user without an id: {user}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_follow_that_is_lost_or_out_of_order_is_seen() {
        let left = Left { source: 1, settled: vec![7, 8], open: vec![7, 8, 9], acknowledged: 2 };
        let check = |follows: &[u64]| left.check(&Follows::from([(1, follows.to_vec())]));
        check(&[7, 8]).unwrap();
        check(&[7, 8, 9]).unwrap();
        for wrong in [&[7][..], &[8, 7], &[7, 9], &[7, 8, 9, 10]] {
            check(wrong).unwrap_err();
        }
        left.check(&Follows::new()).unwrap_err();
    }
}
