//! One connection that follows and unfollows, for some users in turn.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::people::{People, actors_of, fleeting, id_of, new_friend};
use crate::client::{ask, connect};
use crate::follow::{Change, change};
use crate::random::Random;
use crate::server::Server;

/// One of so many changes is a follow that stays.
const STAYS: usize = 16;

pub(super) struct Writer<'a> {
    pub(super) server: &'a Server,
    pub(super) people: &'a People,
    pub(super) tokens: &'a [String],
    pub(super) index: usize,
}

impl Writer<'_> {
    /// Writes until the walks have ended; says how many changes it made.
    pub(super) fn run(self, ended: &AtomicBool) -> Result<usize> {
        let mut stream = connect(self.server.address)?;
        let mut random = Random::new(self.index as u64 + 1);
        let (actors, fleeting): (Vec<usize>, Vec<u64>) = (actors_of(self.index).collect(), fleeting());
        let (mut changes, mut friends) = (0, vec![0; actors.len()]);
        let mut follows: HashSet<(usize, u64)> = HashSet::new();
        while !ended.load(Ordering::SeqCst) {
            let at = random.below(actors.len());
            let actor = actors.get(at).copied().unwrap_or_default();
            let known = friends.get_mut(at).context("no actor")?;
            let friend = new_friend(*known).filter(|_| random.below(STAYS) == 0);
            let target = friend.or_else(|| random.pick(&fleeting).copied()).unwrap_or_default();
            let begins = follows.insert((actor, target));
            if !begins {
                follows.remove(&(actor, target));
            }
            let token = self.tokens.get(actor).context("no token")?;
            let what = if begins { Change::Follow } else { Change::Unfollow };
            let reply = ask(&mut stream, &change(self.server, token, what, id_of(actor), target))?;
            let body: Value = serde_json::from_slice(&reply.body)?;
            let said = body.pointer("/data/following").and_then(Value::as_bool);
            ensure!(reply.status == 200 && said == Some(begins), "a change got {}: {body}", reply.status);
            if friend.is_some() {
                *known += 1;
                self.people.befriends(actor, target);
            }
            changes += 1;
        }
        Ok(changes)
    }
}
