//! Prints what a store costs at the size of a given directory: start, memory, durable
//! updates and follows, and lookups beside a merge of them. It changes that directory.
//!
//! `cargo run --release -p store --example scale DIR [CHANGES]`

use std::error::Error;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs};

use model::{Conflict, Observation, Timestamp, User, UserChange, UserId, UserMembers};
use store::{ChangeError, Options, Store, UserCursor};

use self::wait::wait;

#[path = "../tests/store/wait.rs"]
mod wait;

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Clients at a time.
const CLIENTS: usize = 64;

/// How long each rate is measured.
const SPAN: Duration = Duration::from_secs(5);

#[expect(clippy::disallowed_methods, reason = "this program measures time")]
fn now() -> Instant {
    Instant::now()
}

fn main() -> Fallible<()> {
    let mut arguments = env::args().skip(1);
    let dir = arguments.next().ok_or("say which directory: scale DIR [CHANGES]")?;
    let changes = arguments.next().map_or(Ok(2_000_000), |text| text.parse())?;
    let dir = Path::new(&dir);
    let mut out = io::stdout().lock();

    let (store, ids) = start(dir, &mut out)?;
    let stats = store.stats();
    writeln!(out, "{} users, {} bytes each in segments", stats.users, stats.segment_bytes / stats.users.max(1))?;
    for clients in [1, CLIENTS] {
        writeln!(out, "durable updates a second, {clients} waiting: {:.0}", updates(&store, &ids, clients)?)?;
    }
    writeln!(out, "memory under updates {}", resident()?)?;
    lookups_beside_a_merge(&store, &ids, &mut out)?;
    writeln!(out, "memory after the merge {}", resident()?)?;
    store.close();

    let store = Store::open(dir, &never())?;
    let before = store.stats().log_rows;
    let took = follows(&store, &ids, changes)?;
    let made = store.stats().log_rows - before;
    writeln!(out, "durable follows a second, {CLIENTS} waiting: {:.0}", made as f64 / took.as_secs_f64())?;
    writeln!(out, "changes in the log {}, {}", before + made, resident()?)?;
    lookups_beside_a_merge(&store, &ids, &mut out)?;
    store.close();

    let store = Store::open(dir, &never())?;
    rewrite(&store, changes)?;
    writeln!(out, "changes in the log {}", store.stats().log_rows)?;
    store.close();
    drop(start(dir, &mut out)?);
    Ok(())
}

/// Opens the store, and says how long it takes until a user is there.
fn start(dir: &Path, out: &mut impl Write) -> Fallible<(Store, Vec<UserId>)> {
    let begin = now();
    let store = Store::open(dir, &Options::default())?;
    let (users, _) = wait(store.export_users(None, 1))?;
    let first: Vec<UserId> = users.iter().map(|user| user.id).collect();
    wait(store.users_by_ids(&first, store::Detail::Full))?.get(0).ok_or("the store is empty")?;
    writeln!(out, "start to first answer {:?}, {}", begin.elapsed(), resident()?)?;
    let mut ids = Vec::new();
    let mut after: Option<UserCursor> = None;
    loop {
        let (users, next) = wait(store.export_users(after, 1000))?;
        ids.extend(users.iter().map(|user| user.id));
        match next {
            // Some of every part of the store are enough.
            Some(next) => after = Some(UserCursor::from_number(next.number().saturating_add(9_000))),
            None => break,
        }
    }
    Ok((store, ids))
}

/// Changes a second that `clients` threads make, each waiting until its change is durable.
fn updates(store: &Store, ids: &[UserId], clients: usize) -> Fallible<f64> {
    let (made, end) = (AtomicU64::new(0), AtomicBool::new(false));
    let begin = now();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..clients)
            .map(|client| {
                let (made, end) = (&made, &end);
                scope.spawn(move || -> Fallible<()> {
                    for id in ids.iter().skip(client * 1009).step_by(61).cycle() {
                        if end.load(Ordering::Relaxed) {
                            break;
                        }
                        let number = made.fetch_add(1, Ordering::Relaxed);
                        let change = UserChange::Location(Some(format!("Place {number}")));
                        wait(store.update_user(*id, vec![change], at(number)))?;
                    }
                    Ok(())
                })
            })
            .collect();
        thread::sleep(SPAN);
        end.store(true, Ordering::Relaxed);
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| "an updater ended")?)
    })?;
    Ok(made.load(Ordering::Relaxed) as f64 / begin.elapsed().as_secs_f64())
}

/// A budget that lets nothing be merged before the log is as long as asked for.
fn never() -> Options {
    Options { delta_budget: 8 << 30, ..Options::default() }
}

/// Lets users follow others, who may do so already or not be there, so many times in all, and each
/// client wait until it is durable.
fn follows(store: &Store, ids: &[UserId], changes: u64) -> Fallible<Duration> {
    use ChangeError::{Blocked, Inactive, SelfFollow};
    let (tried, begin) = (AtomicU64::new(0), now());
    let at = |number: u64| ids.get((number % ids.len() as u64) as usize).copied().ok_or("the store is empty");
    thread::scope(|scope| {
        let client = || -> Fallible<()> {
            loop {
                let number = tried.fetch_add(1, Ordering::Relaxed);
                if number >= changes {
                    return Ok(());
                }
                // Everybody follows somebody, and hardly anybody twice the same.
                let (follower, followed) = (at(number)?, at(number.wrapping_mul(7919) + number / 1000 + 1)?);
                match wait(store.follow(follower, followed)) {
                    // Not everybody can follow everybody.
                    Ok(_) | Err(Inactive { .. } | SelfFollow { .. } | Blocked { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        };
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
        clients.into_iter().try_for_each(|client| client.join().map_err(|_| "a client ended")?)
    })?;
    Ok(begin.elapsed())
}

/// Compares single lookups alone with those while all segments are written anew.
fn lookups_beside_a_merge(store: &Store, ids: &[UserId], out: &mut impl Write) -> Fallible<()> {
    let idle = lookups(store, ids, &AtomicBool::new(false), Some(SPAN))?;
    let end = AtomicBool::new(false);
    let begin = now();
    let merging = thread::scope(|scope| {
        let merge = scope.spawn(|| {
            let merged = wait(store.merge());
            end.store(true, Ordering::Relaxed);
            merged
        });
        let figures = lookups(store, ids, &end, None);
        merge.join().map_err(|_| "the merge ended")??;
        figures
    })?;
    let show = |all: &[Duration], share: usize| all.get(all.len() * share / 1000).copied().unwrap_or_default();
    writeln!(out, "merge {:?}", begin.elapsed())?;
    for (name, all) in [("idle", &idle), ("beside the merge", &merging)] {
        let [half, p99, p999] = [500, 990, 999].map(|share| show(all, share));
        writeln!(out, "lookups {name}: p50 {half:?}, p99 {p99:?}, p99.9 {p999:?}, {} of them", all.len())?;
    }
    Ok(())
}

/// How long lookups took, in order of length.
fn lookups(store: &Store, ids: &[UserId], end: &AtomicBool, span: Option<Duration>) -> Fallible<Vec<Duration>> {
    let (begin, mut all) = (now(), Vec::new());
    for id in ids.iter().step_by(7919).chain(ids.iter().step_by(104_729)).chain(ids.iter().step_by(31)).cycle() {
        if end.load(Ordering::Relaxed) || span.is_some_and(|span| begin.elapsed() > span) {
            break;
        }
        let asked = now();
        let batch = wait(store.users_by_ids(&[*id], store::Detail::Full))?;
        black_box(batch.get(0).map(|user| user.name.as_bytes().len()));
        all.push(asked.elapsed());
    }
    all.sort_unstable();
    Ok(all)
}

/// Changes this many users, from the first on.
fn rewrite(store: &Store, changes: u64) -> Fallible<()> {
    let (mut made, mut after) = (0, None);
    while made < changes {
        let (users, next) = wait(store.export_users(after, 10_000))?;
        let batch = users.into_iter().map(|user| {
            made += 1;
            let user = User { location: Some(format!("Town {made}")), observed_at: Some(at(made)), ..user };
            Observation::User(Box::new(user), UserMembers::ALL)
        });
        wait(store.import(batch.collect(), Conflict::Replace))?;
        after = next;
    }
    Ok(())
}

fn at(number: u64) -> Timestamp {
    Timestamp::from_unix_ms(1_900_000_000_000 + number as i64)
}

/// What the system says of this process's memory.
fn resident() -> io::Result<String> {
    let status = fs::read_to_string("/proc/self/status")?;
    let lines = status.lines().filter(|line| line.starts_with("RssAnon") || line.starts_with("RssFile"));
    Ok(lines.collect::<Vec<_>>().join(", ").replace('\t', " "))
}
