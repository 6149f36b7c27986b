//! One person who runs commands beside the server, one after the other, until it dies.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use anyhow::{Result, bail};
use serde_json::json;

use super::expected::{Known, Left, Users};
use crate::random::Random;
use crate::server::DATA;

/// How many users a worker has to itself.
const USERS: usize = 20;
/// So many usernames are wanted by all workers.
const WANTED: usize = 12;

/// Exit codes of commands.
const DONE: Option<i32> = Some(0);
const LOST: Option<i32> = Some(1);
const REFUSED: Option<i32> = Some(2);

/// The ids of the users of a worker.
pub(super) fn ids_of(worker: usize) -> impl Iterator<Item = u64> {
    (worker * USERS + 1..=(worker + 1) * USERS).map(|id| id as u64)
}

/// What a command is to change.
struct Change {
    words: Vec<String>,
    /// The users that it changes, as they are then.
    leaves: Users,
}

/// One worker.
pub(super) struct Worker<'a> {
    pub(super) program: &'a Path,
    /// Where the data directory is.
    pub(super) place: &'a Path,
    /// Which of the workers.
    pub(super) index: usize,
    /// The number of the last change; the next ones have higher ones.
    pub(super) number: usize,
    pub(super) random: Random,
    pub(super) known: Known,
}

impl Worker<'_> {
    /// Makes changes, and tells of each that is acknowledged, until the server is killed.
    pub(super) fn run(mut self, killed: &AtomicBool, acknowledged: &Sender<()>) -> Result<Known> {
        while !killed.load(Ordering::SeqCst) {
            let Change { words, leaves } = self.next()?;
            let mut command = Command::new(self.program);
            command.args(&words).args(["--data", DATA]).current_dir(self.place).stdin(Stdio::null());
            let done = command.output()?;
            match done.status.code() {
                DONE => {
                    self.known.settled.extend(leaves);
                    self.known.acknowledged += 1;
                    // Nobody counts any more after the kill.
                    _ = acknowledged.send(());
                }
                // Somebody else has the username.
                REFUSED if String::from_utf8_lossy(&done.stderr).contains(" belongs to user ") => {}
                LOST if killed.load(Ordering::SeqCst) => {
                    self.known.open = leaves;
                    break;
                }
                _ => bail!("birdbox {words:?} failed: {}", String::from_utf8_lossy(&done.stderr).trim_end()),
            }
        }
        Ok(self.known)
    }

    fn next(&mut self) -> Result<Change> {
        self.number += 1;
        let ids: Vec<u64> = ids_of(self.index).collect();
        let id = self.random.pick(&ids).copied().unwrap_or_default();
        let description = self.number.to_string();
        let Some(known) = self.known.settled.get(&id).cloned() else { return Ok(self.create(id, description)) };
        match self.random.below(4) {
            0 => self.import(&ids, &description),
            1 => {
                let words = words(["user", "set", &id.to_string(), &format!("description={description}")]);
                Ok(Change { words, leaves: Users::from([(id, Left { description, ..known })]) })
            }
            _ => {
                let username = self.username(id);
                let words = words(["user", "rename", &id.to_string(), &username]);
                Ok(Change { words, leaves: Users::from([(id, Left { username, ..known })]) })
            }
        }
    }

    fn create(&mut self, id: u64, description: String) -> Change {
        let username = self.username(id);
        let member = format!("description={description}");
        let words = words(["user", "create", &username, "--id", &id.to_string(), &member]);
        Change { words, leaves: Users::from([(id, Left { username, description })]) }
    }

    /// Some of its users at once. An import takes usernames from others, so these are
    /// such as nobody else wants.
    fn import(&mut self, ids: &[u64], description: &str) -> Result<Change> {
        let mut leaves = Users::new();
        let mut lines = String::new();
        for &id in ids {
            if self.random.below(2) == 0 {
                let username = own_username(id, self.number);
                let user = json!({"id": id.to_string(), "username": username, "name": "", "description": description});
                lines += &format!("{}\n", json!({ "user": user }));
                leaves.insert(id, Left { username, description: description.to_owned() });
            }
        }
        // A file may not be empty.
        if leaves.is_empty() {
            return self.next();
        }
        let file = format!("{}.ndjson", self.index);
        fs::write(self.place.join(&file), lines)?;
        Ok(Change { words: words(["import", "native", &file, "--on-conflict", "replace"]), leaves })
    }

    /// A username that nobody else wants, or one that all want, in some spelling.
    fn username(&mut self, id: u64) -> String {
        match (self.random.below(4), self.random.below(WANTED)) {
            (0, wanted) => format!("wanted{wanted}"),
            (1, wanted) => format!("Wanted{wanted}"),
            _ => own_username(id, self.number),
        }
    }
}

fn own_username(id: u64, number: usize) -> String {
    format!("u{id}_{number}")
}

fn words<const COUNT: usize>(words: [&str; COUNT]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}
