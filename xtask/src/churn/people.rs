//! Who there is, who follows whom all the time, and who may begin and end it.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use serde_json::json;

use super::WRITERS;
use crate::process::output;
use crate::server::{DATA, Server};

/// Whom all writers follow and unfollow.
const HUBS: Range<u64> = 1..4;
/// Who follows every hub all the time.
const FANS: Range<u64> = 1_001..3_001;
/// For whom the writers write: so many each.
const ACTORS: usize = 6;
const FIRST_ACTOR: u64 = 5_001;
/// Whom every actor follows all the time.
const FRIENDS: Range<u64> = 6_001..6_401;
/// Whom actors follow and unfollow.
const PASSERS_BY: Range<u64> = 7_001..7_301;
/// Whom an actor follows once and for good.
const NEW_FRIENDS: Range<u64> = 8_001..8_801;

/// What is known of lists while they change.
pub(super) struct People {
    /// By actor: the new friends of whom it is acknowledged, the oldest first.
    befriended: Vec<Mutex<Vec<u64>>>,
}

/// A list that is walked.
#[derive(Debug, Clone, Copy)]
pub(super) enum List {
    /// Those who follow a hub.
    Followers(u64),
    /// Those whom an actor follows.
    Following(usize),
}

/// The actors of a writer, by their numbers.
pub(super) fn actors_of(writer: usize) -> Range<usize> {
    writer * ACTORS..(writer + 1) * ACTORS
}

pub(super) fn id_of(actor: usize) -> u64 {
    FIRST_ACTOR + actor as u64
}

/// Whom actors follow and unfollow all the time.
pub(super) fn fleeting() -> Vec<u64> {
    HUBS.chain(PASSERS_BY).collect()
}

/// The next whom an actor follows for good, after so many.
pub(super) fn new_friend(after: usize) -> Option<u64> {
    NEW_FRIENDS.clone().nth(after)
}

impl Default for People {
    fn default() -> Self {
        Self { befriended: (0..WRITERS * ACTORS).map(|_| Mutex::default()).collect() }
    }
}

impl People {
    /// Makes a store with the users and the follows that stay.
    pub(super) fn load(&self, program: &Path, folder: &Path) -> Result<()> {
        let actors = (0..self.befriended.len()).map(id_of);
        let all = HUBS.chain(FANS).chain(actors.clone()).chain(FRIENDS).chain(PASSERS_BY).chain(NEW_FRIENDS);
        let users =
            all.map(|id| json!({ "user": { "id": id.to_string(), "username": format!("u{id}"), "name": "Someone" } }));
        let hubs = FANS.flat_map(|fan| HUBS.map(move |hub| (fan, hub)));
        let edges = hubs.chain(actors.flat_map(|actor| FRIENDS.map(move |friend| (actor, friend))));
        fs::write(folder.join("users.ndjson"), users.map(|user| format!("{user}\n")).collect::<String>())?;
        fs::write(folder.join("edges.txt"), edges.map(|(one, other)| format!("{one} {other}\n")).collect::<String>())?;
        let import = |words: &[&str]| {
            let mut command = Command::new(program);
            output(command.arg("import").args(words).args(["--data", DATA]).current_dir(folder))
        };
        import(&["native", "users.ndjson"])?;
        import(&["edges", "edges.txt", "--direction", "follows", "--yes"])?;
        Ok(())
    }

    /// An access token of each actor.
    pub(super) fn tokens(&self, server: &Server) -> Result<Vec<String>> {
        (0..self.befriended.len()).map(|actor| server.access_token(id_of(actor))).collect()
    }

    /// It is acknowledged that an actor has one more friend for good.
    pub(super) fn befriends(&self, actor: usize, friend: u64) {
        if let Some(friends) = self.befriended.get(actor) {
            friends.lock().unwrap_or_else(PoisonError::into_inner).push(friend);
        }
    }

    /// A list, by a number.
    pub(super) fn list(&self, number: usize) -> List {
        match HUBS.clone().nth(number % 5) {
            Some(hub) => List::Followers(hub),
            None => List::Following(number / 5 % self.befriended.len()),
        }
    }

    /// Those who are on a list now and stay there, the newest first.
    pub(super) fn staying(&self, list: List) -> Vec<u64> {
        match list {
            List::Followers(_) => FANS.rev().collect(),
            List::Following(actor) => {
                let new = self
                    .befriended
                    .get(actor)
                    .map(|friends| friends.lock().unwrap_or_else(PoisonError::into_inner).clone());
                let new = new.unwrap_or_default();
                new.into_iter().rev().chain(FRIENDS.rev()).collect()
            }
        }
    }

    /// Whether somebody can be on a list.
    pub(super) fn can_be_on(&self, list: List, id: u64) -> bool {
        match list {
            List::Followers(_) => FANS.contains(&id) || (FIRST_ACTOR..id_of(self.befriended.len())).contains(&id),
            List::Following(_) => [HUBS, FRIENDS, PASSERS_BY, NEW_FRIENDS].iter().any(|ids| ids.contains(&id)),
        }
    }
}
