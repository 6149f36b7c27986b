//! A program to be killed: it shows whether a store keeps what it acknowledged.
//!
//! `crash_writer write DIR SEED THREADS` changes users in `DIR` until it is killed. Each
//! thread has users of its own and wants usernames that the others want too. It says
//! on standard output what it tries and how it ended:
//!
//! ```text
//! try THREAD NUMBER ID USERNAME     a change that is asked for; `-` deletes the user
//! ack THREAD NUMBER                 all of that number is acknowledged
//! no THREAD NUMBER                  it was refused, as when a username is taken
//! ```
//!
//! `crash_writer verify DIR FILE` compares the store with such lines, checks that each
//! username has one owner, and prints what is stored as lines `was ID NUMBER USERNAME`, with
//! which the file of the next round begins. How long the start took goes to standard error.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use std::{env, fs, thread};

use model::{Conflict, Observation, Timestamp, User, UserChange, UserId, UserMembers, Username};
use store::{ChangeError, Options, Store};

use self::wait::wait;

#[path = "../../tests/store/wait.rs"]
mod wait;

/// Each thread has this many users.
const USERS: u64 = 50;
/// So many usernames are wanted by all threads.
const WANTED: u64 = 20;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["write", dir, seed, threads] => write(Path::new(dir), seed, threads),
        ["verify", dir, file] => verify(Path::new(dir), Path::new(file)),
        _ => Err("give: write DIR SEED THREADS, or: verify DIR FILE".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            _ = writeln!(io::stderr(), "crash_writer: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(dir: &Path, seed: &str, threads: &str) -> Result<(), Failure> {
    let (seed, threads): (u64, u64) = (seed.parse()?, threads.parse()?);
    let store = Store::open(dir, &Options::default())?;
    let workers: Vec<_> = (0..threads)
        .map(|thread| {
            let worker = Worker::new(store.clone(), thread, seed);
            thread::spawn(move || worker?.run())
        })
        .collect();
    for worker in workers {
        worker.join().map_err(|_| "a thread panicked")??;
    }
    Ok(())
}

/// One thread, which has one change under way at a time.
struct Worker {
    store: Store,
    thread: u64,
    number: u64,
    random: u64,
}

impl Worker {
    fn new(store: Store, thread: u64, seed: u64) -> Result<Self, Failure> {
        let mut number = 0;
        for id in users_of(thread) {
            if let Some(user) = wait(store.user(id))? {
                number = number.max(number_of(&user)?);
            }
        }
        Ok(Self { store, thread, number, random: seed.wrapping_mul(2 * thread + 1) | 1 })
    }

    fn run(mut self) -> Result<(), Failure> {
        loop {
            self.number += 1;
            let id = UserId::new(self.thread * USERS + self.below(USERS));
            match (wait(self.store.user(id))?, self.below(10)) {
                (None, _) => {
                    let user = self.user(id);
                    self.change(&[(id, Some(user.username))], |store| wait(store.create_user(user)))?;
                }
                (Some(_), 0) => self.change(&[(id, None)], |store| wait(store.delete_user(id)))?,
                (Some(_), 1..3) => {
                    let some: Vec<_> = users_of(self.thread).filter(|_| self.below(4) == 0).collect();
                    let users: Vec<_> = some.into_iter().map(|id| self.user(id)).collect();
                    let tried: Vec<_> = users.iter().map(|user| (user.id, Some(user.username))).collect();
                    let batch =
                        users.into_iter().map(|user| Observation::User(Box::new(user), UserMembers::ALL)).collect();
                    self.change(&tried, |store| wait(store.import(batch, Conflict::Newer)).map(drop))?;
                }
                (Some(known), rename) => {
                    let username = if rename < 6 { self.user(id).username } else { known.username };
                    let number = self.number;
                    let changes = vec![UserChange::Username(username), UserChange::Description(number.to_string())];
                    self.change(&[(id, Some(username))], |store| wait(store.update_user(id, changes, time(number))))?;
                }
            }
        }
    }

    /// Makes a change and says so before and after.
    fn change(
        &mut self,
        tried: &[(UserId, Option<Username>)],
        change: impl FnOnce(&Store) -> Result<(), ChangeError>,
    ) -> Result<(), Failure> {
        let (thread, number) = (self.thread, self.number);
        let mut lines = String::new();
        for (id, username) in tried {
            let username = username.map_or("-".to_owned(), |username| username.to_string());
            lines += &format!("try {thread} {number} {id} {username}\n");
        }
        say(&lines)?;
        match change(&self.store) {
            Ok(()) => say(&format!("ack {thread} {number}\n")),
            Err(ChangeError::UsernameTaken { .. }) => say(&format!("no {thread} {number}\n")),
            Err(error) => Err(error.into()),
        }
    }

    /// A user as this change would have it.
    fn user(&mut self, id: UserId) -> User {
        let number = self.number;
        let username = match self.below(3) {
            0 => format!("wanted{}", self.below(WANTED)),
            _ => format!("u{id}_{number}"),
        };
        let username = username.parse().unwrap_or_else(|_| Username::derived(id, 0));
        User { description: number.to_string(), observed_at: Some(time(number)), ..User::new(id, username, "Someone") }
    }

    /// The next number of a xorshift generator, below `limit`.
    fn below(&mut self, limit: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 8) % limit
    }
}

fn users_of(thread: u64) -> impl Iterator<Item = UserId> {
    (thread * USERS..(thread + 1) * USERS).map(UserId::new)
}

fn time(number: u64) -> Timestamp {
    Timestamp::from_unix_ms(number as i64)
}

/// The number of the change that left a user as it is.
fn number_of(user: &User) -> Result<u64, Failure> {
    Ok(user.description.parse()?)
}

/// Writes whole lines at once, so that those of other threads do not get between.
fn say(lines: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(lines.as_bytes())?;
    Ok(out.flush()?)
}

fn verify(dir: &Path, file: &Path) -> Result<(), Failure> {
    let said = Said::read(&fs::read_to_string(file)?)?;
    #[expect(clippy::disallowed_methods, reason = "this measures the start; nothing depends on it")]
    let begin = Instant::now();
    let store = Store::open(dir, &Options::default())?;
    let took = begin.elapsed().as_micros();
    let (users, _) = wait(store.export_users(None, usize::MAX))?;
    one_owner_each(&store, &users)?;
    let stored: BTreeMap<UserId, &User> = users.iter().map(|user| (user.id, user)).collect();
    said.check(&stored)?;
    let mut lines = String::new();
    for user in &users {
        lines += &format!("was {} {} {}\n", user.id, number_of(user)?, user.username);
    }
    say(&lines)?;
    writeln!(io::stderr(), "{} users, {} acknowledged changes, started in {took} us", users.len(), said.acknowledged)?;
    Ok(())
}

fn one_owner_each(store: &Store, users: &[User]) -> Result<(), Failure> {
    let mut owners = HashMap::new();
    for user in users {
        if let Some(other) = owners.insert(user.username.key(), user.id) {
            return Err(format!("{} belongs to {other} and to {}", user.username, user.id).into());
        }
        let found = wait(store.users_by_usernames(&[user.username]))?.get(0).map(|found| found.id);
        if found != Some(user.id) {
            return Err(format!("{} belongs to {} and leads to {found:?}", user.username, user.id).into());
        }
    }
    Ok(())
}

/// How a user was left: by which change, and with which username, if it exists.
type Left = Option<(u64, String)>;

/// What the lines say.
#[derive(Default)]
struct Said {
    /// How acknowledged changes left each user.
    settled: BTreeMap<UserId, Left>,
    /// The change of each thread that was neither acknowledged nor refused.
    open: HashMap<u64, Vec<(UserId, Left)>>,
    acknowledged: usize,
}

impl Said {
    fn read(lines: &str) -> Result<Self, Failure> {
        let mut said = Self::default();
        // A last line without its end was cut by the kill.
        for line in lines.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["was", id, number, username] => {
                    said.settled.insert(id.parse()?, Some((number.parse()?, (*username).to_owned())));
                }
                ["try", thread, number, id, username] => {
                    let left = if *username == "-" { None } else { Some((number.parse()?, (*username).to_owned())) };
                    said.open.entry(thread.parse()?).or_default().push((id.parse()?, left));
                }
                ["ack", thread, _] => {
                    said.settled.extend(said.open.remove(&thread.parse()?).unwrap_or_default());
                    said.acknowledged += 1;
                }
                ["no", thread, _] => _ = said.open.remove(&thread.parse()?),
                _ => return Err(format!("cannot read the line {line:?}").into()),
            }
        }
        Ok(said)
    }

    /// Every user must be as the last acknowledged change left it; a change that was
    /// under way may be there whole, or not at all.
    fn check(&self, stored: &BTreeMap<UserId, &User>) -> Result<(), Failure> {
        let mut expected = self.settled.clone();
        for (thread, change) in &self.open {
            let there = change.iter().filter(|(id, left)| is_left(*id, left, stored)).count();
            // A deleted user looks the same if it did not exist before.
            let absent = change.iter().filter(|(id, _)| is_left(*id, &self.left(*id), stored)).count();
            if there == change.len() {
                expected.extend(change.iter().cloned());
            } else if absent != change.len() {
                return Err(format!("the last change of thread {thread} is there in part: {change:?}").into());
            }
        }
        for (id, left) in &expected {
            if !is_left(*id, left, stored) {
                return Err(format!("user {id} should be {left:?} and is {:?}", stored.get(id)).into());
            }
        }
        match stored.keys().find(|id| !expected.contains_key(id)) {
            Some(id) => Err(format!("user {id} was never made").into()),
            None => Ok(()),
        }
    }

    fn left(&self, id: UserId) -> Left {
        self.settled.get(&id).cloned().flatten()
    }
}

/// Whether a user is as a change left it. An import of another thread may since have
/// taken the username away.
fn is_left(id: UserId, left: &Left, stored: &BTreeMap<UserId, &User>) -> bool {
    match (left, stored.get(&id)) {
        (None, None) => true,
        (Some((number, username)), Some(user)) => {
            let same_name = user.username.as_str() == username || user.username == Username::derived(id, 0);
            same_name && user.description == number.to_string()
        }
        _ => false,
    }
}
