//! A program to be killed: it shows whether a store keeps what it acknowledged.
//!
//! `crash_writer write DIR SEED THREADS` changes users in `DIR` until it is killed, and
//! merges all the time. Each thread has users of its own and wants usernames that the
//! others want too. It says on standard output what it tries and how it ended:
//!
//! ```text
//! try THREAD NUMBER ID USERNAME     a change that is asked for; `-` deletes the user
//! ack THREAD NUMBER                 all of that number is acknowledged
//! no THREAD NUMBER                  it was refused, as when a username is taken
//! ```
//!
//! Further threads follow and unfollow meanwhile ([`follows`]).
//!
//! `crash_writer fill DIR SEED THREADS` does the same without merges, so that the log grows.
//!
//! `crash_writer verify DIR FILE` verifies the directory, compares the store with such lines,
//! checks that all ways to ask for a user agree, merges, checks all that again, and prints what is stored as lines
//! `was ID NUMBER USERNAME`, with which the file of the next round begins. How long the
//! start took goes to standard error. In `FILE` a line `cut` says that the power was cut, and
//! that what is acknowledged after it may be lost.
//!
//! `crash_writer merge DIR` merges a few times, to be traced; `crash_writer full DIR FILLER`
//! fills the disk with `FILLER` and looks what the store makes of that. `crash_writer sample
//! DIR` makes a store that is always the same, and `crash_writer answers DIR` prints a digest
//! of each of its answers, to see what damage does to them; `crash_writer check DIR` verifies
//! the directory alone, and `crash_writer shorten DIR` reads from a file that was made shorter.
//! `rotate` and `rotated` do with refresh tokens what `write` and `verify` do with users.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use std::{env, fs, thread};

use model::{Conflict, Observation, Timestamp, User, UserChange, UserId, UserMembers, Username};
use store::{ChangeError, Options, Store};

use self::said::Said;
use self::wait::wait;

mod answers;
mod faults;
mod follows;
mod said;
mod tokens;
#[path = "../../../tests/store/wait.rs"]
mod wait;

/// Each thread has this many users.
const USERS: u64 = 50;
/// So many usernames are wanted by all threads.
const WANTED: u64 = 20;
/// A merge begins by itself after this many bytes of changes: some ten users.
const BUDGET: usize = 4 << 10;
/// Of so many changes one is followed by a merge that is waited for.
const MERGES: u64 = 50;
/// Of so many imports one is a merge of its own.
const LARGE: u64 = 4;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What to say when the first word is none of ours.
const USAGE: &str = "give a word and what it needs: write, fill, verify, check, shorten, merge, full, sample, answers, rotate or rotated";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["write", dir, seed, threads] => write(Path::new(dir), seed, threads, true),
        ["fill", dir, seed, threads] => write(Path::new(dir), seed, threads, false),
        ["verify", dir, file] => verify(Path::new(dir), Path::new(file)),
        ["merge", dir] => faults::merge_thrice(Path::new(dir)),
        ["full", dir, filler] => faults::fill_disk(Path::new(dir), Path::new(filler)),
        ["sample", dir] => answers::make_sample(Path::new(dir)),
        ["answers", dir] => answers::print(Path::new(dir)),
        ["rotate", dir, seed] => tokens::rotate(Path::new(dir), seed),
        ["rotated", dir, file] => tokens::check(Path::new(dir), Path::new(file)),
        ["check", dir] => check(Path::new(dir)),
        ["shorten", dir] => faults::read_shortened(Path::new(dir)),
        _ => Err(USAGE.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            _ = writeln!(io::stderr(), "crash_writer: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(dir: &Path, seed: &str, threads: &str, merges: bool) -> Result<(), Failure> {
    let (seed, threads): (u64, u64) = (seed.parse()?, threads.parse()?);
    let options = Options::default();
    let delta_budget = if merges { BUDGET } else { options.delta_budget };
    let store = Store::open(dir, &Options { delta_budget, ..options })?;
    let mut workers: Vec<_> = (0..threads)
        .map(|thread| {
            let worker = Worker::new(store.clone(), thread, seed, merges);
            thread::spawn(move || worker?.run())
        })
        .collect();
    workers.extend(follows::threads().map(|thread| {
        let (store, mut random) = (store.clone(), Random::new(seed, threads + thread));
        thread::spawn(move || follows::run(&store, thread, |limit| random.below(limit)))
    }));
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
    random: Random,
    merges: bool,
}

impl Worker {
    fn new(store: Store, thread: u64, seed: u64, merges: bool) -> Result<Self, Failure> {
        let mut number = 0;
        for id in users_of(thread) {
            if let Some(user) = wait(store.user(id))? {
                number = number.max(number_of(&user)?);
            }
        }
        Ok(Self { store, thread, number, random: Random::new(seed, thread), merges })
    }

    fn run(mut self) -> Result<(), Failure> {
        loop {
            if self.merges && self.below(MERGES) == 0 {
                wait(self.store.merge()).map_err(|error| faults::stopped(&self.store, error))?;
            }
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
                    let batch: Vec<_> =
                        users.into_iter().map(|user| Observation::User(Box::new(user), UserMembers::ALL)).collect();
                    if self.merges && self.below(LARGE) == 0 {
                        self.change(&tried, |store| import_large(store, batch))?;
                    } else {
                        self.change(&tried, |store| wait(store.import(batch, Conflict::Newer)).map(drop))?;
                    }
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
            Err(error) => Err(faults::stopped(&self.store, error)),
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

    fn below(&mut self, limit: u64) -> u64 {
        self.random.below(limit)
    }
}

/// A xorshift generator.
struct Random(u64);

impl Random {
    fn new(seed: u64, thread: u64) -> Self {
        Self(seed.wrapping_mul(2 * thread + 1) | 1)
    }

    /// The next number, below `limit`.
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 8) % limit
    }
}

/// As if there were millions.
fn import_large(store: &Store, batch: Vec<Observation>) -> Result<(), ChangeError> {
    let mut part = store.bulk_part(1);
    (0..).zip(batch).try_for_each(|(place, observation)| part.add(observation, place))?;
    wait(store.import_bulk(vec![part], Conflict::Newer)).map(drop)
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
    // A kill may have come before it was one.
    if dir.join("FORMAT").exists() {
        check(dir)?;
    }
    #[expect(clippy::disallowed_methods, reason = "this measures the start; nothing depends on it")]
    let begin = Instant::now();
    let store = Store::open(dir, &Options::default())?;
    let took = begin.elapsed().as_micros();
    let (users, _) = wait(store.export_users(None, usize::MAX))?;
    all_ways_agree(&store, &users)?;
    let stored: BTreeMap<UserId, &User> =
        users.iter().filter(|user| !follows::is_here(user.id)).map(|user| (user.id, user)).collect();
    said.check(&stored)?;
    let edges = said.follows.check(&store)?;
    wait(store.merge())?;
    if wait(store.export_users(None, usize::MAX))?.0 != users {
        return Err("a merge changed what is stored".into());
    }
    all_ways_agree(&store, &users)?;
    if said.follows.check(&store)? != edges {
        return Err("a merge changed who follows whom".into());
    }
    drop(store);
    check(dir)?;
    let mut lines = edges;
    for user in stored.values() {
        lines += &format!("was {} {} {}\n", user.id, number_of(user)?, user.username);
    }
    say(&lines)?;
    writeln!(io::stderr(), "{} users, {} acknowledged changes, started in {took} us", users.len(), said.acknowledged)?;
    Ok(())
}

/// Whether nothing in the directory is damaged.
fn check(dir: &Path) -> Result<(), Failure> {
    let report = store::verify(dir, &mut |_| {})?;
    if report.is_clean() { Ok(()) } else { Err(format!("damaged: {}", report.faults.join("; ")).into()) }
}

/// Whether every index leads to these users, and to them alone.
fn all_ways_agree(store: &Store, users: &[User]) -> Result<(), Failure> {
    let mut owners = HashMap::new();
    for user in users {
        if let Some(other) = owners.insert(user.username.key(), user.id) {
            return Err(format!("{} belongs to {other} and to {}", user.username, user.id).into());
        }
        let found = wait(store.users_by_usernames(&[user.username], store::Detail::Full))?.get(0).map(|found| found.id);
        if found != Some(user.id) {
            return Err(format!("{} belongs to {} and leads to {found:?}", user.username, user.id).into());
        }
        let found = wait(store.user(user.id))?;
        if found.as_ref() != Some(user) {
            return Err(format!("the id {} leads to {found:?} and an export to {user:?}", user.id).into());
        }
    }
    let (ids, usernames): (Vec<_>, Vec<_>) = users.iter().map(|user| (user.id, user.username)).unzip();
    let (by_ids, by_usernames) = (
        wait(store.users_by_ids(&ids, store::Detail::Full))?,
        wait(store.users_by_usernames(&usernames, store::Detail::Full))?,
    );
    for (i, user) in users.iter().enumerate() {
        if [&by_ids, &by_usernames].iter().any(|batch| batch.get(i).map(|found| found.id) != Some(user.id)) {
            return Err(format!("user {} is not in its place in a batch", user.id).into());
        }
    }
    match store.stats().users {
        counted if counted == users.len() as u64 => Ok(()),
        counted => Err(format!("{counted} users are counted and {} exported", users.len()).into()),
    }
}
