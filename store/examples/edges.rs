//! Prints what a load of follows costs: seconds, memory, bytes on the disk, and pages after it.
//!
//! `cargo run --release -p store --example edges DIR USERS MEAN_DEGREE [stubs]`: DIR must not exist. With
//! `stubs` nobody is known before.

use std::error::Error;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;
use std::{env, fs};

use model::{Conflict, Direction, Observation, User, UserId, UserMembers, Username};
use store::{Detail, ListStart, Options, Store};

use self::wait::wait;

#[path = "../tests/store/wait.rs"]
mod wait;

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[expect(clippy::disallowed_methods, reason = "this program measures time")]
fn now() -> Instant {
    Instant::now()
}

fn main() -> Fallible<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [dir, users, degree, stubs @ ..] = arguments.as_slice() else {
        return Err("say which: edges DIR USERS MEAN_DEGREE [stubs]".into());
    };
    let (users, degree): (u64, u64) = (users.parse()?, degree.parse()?);
    let mut out = io::stdout().lock();
    let store = Store::open(Path::new(dir), &Options::default())?;
    if stubs.is_empty() {
        let begin = now();
        let mut part = store.bulk_part(1);
        for number in 0..users {
            let (id, username) = (id(number), Username::derived(id(number), 0));
            let user = User::new(id, username, "Somebody with a name");
            part.add(Observation::User(Box::new(user), UserMembers::ALL), number)?;
        }
        wait(store.import_bulk(vec![part], Conflict::Newer))?;
        writeln!(out, "{users} users in {:?}", begin.elapsed())?;
    }
    let begin = now();
    let mut part = store.edge_part();
    let mut random = Random(1);
    for _ in 0..users * degree {
        let (follower, followed) = (random.next() % users, skewed(&mut random, users));
        part.push(id(follower), id(followed))?;
    }
    writeln!(out, "pairs made in {:?}", begin.elapsed())?;
    // Makes what is in use now the most that ever was.
    fs::write("/proc/self/clear_refs", "5")?;
    let (begin, cpu) = (now(), cpu_seconds()?);
    let done = wait(store.import_edges(vec![part]))?;
    let (seconds, cpu) = (begin.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
    let rate = (users * degree) as f64 / seconds / 1e6;
    writeln!(out, "{done:?} in {seconds:.1} s, {rate:.2} M/s; {cpu:.1} s of processors")?;
    let files = store.files().into_iter().filter(|file| file.name.contains("follow") || file.name.contains("list-"));
    let bytes: u64 = files.map(|file| file.bytes).sum();
    writeln!(out, "{:.3} bytes an edge and direction", bytes as f64 / done.edges as f64 / 2.0)?;
    writeln!(out, "memory {}", memory()?)?;
    for (of, length) in [(0, "the longest"), (users / 2, "a short")] {
        for limit in [100, 1000] {
            let begin = now();
            for number in 0..1000 {
                let start = ListStart::Below(random.next() % (1 + users / 40) * u64::from(of == 0) + number + 1);
                let page = wait(store.list_page(id(of), Direction::Followers, start, limit, Detail::Core))?;
                black_box(page.map(|page| page.slots.len()));
            }
            writeln!(out, "a page of {limit} of {length} list: {:?}", begin.elapsed() / 1000)?;
        }
    }
    store.close();
    Ok(())
}

/// Ids in another order than their numbers.
fn id(number: u64) -> UserId {
    UserId::new((number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 4)
}

/// Every thirtieth is the first; others are the more often the lower they are.
fn skewed(random: &mut Random, users: u64) -> u64 {
    if random.next().is_multiple_of(30) {
        return 0;
    }
    let share = (random.next() >> 11) as f64 / (1_u64 << 53) as f64;
    ((share * share * share) * users as f64) as u64
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// What this process took of the processors.
fn cpu_seconds() -> Fallible<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, numbers) = stat.rsplit_once(')').ok_or("no numbers")?;
    let ticks = numbers.split_whitespace().skip(11).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / 100.0)
}

/// What the system says of this process's memory.
fn memory() -> io::Result<String> {
    let status = fs::read_to_string("/proc/self/status")?;
    let lines = status.lines().filter(|line| line.starts_with("RssAnon") || line.starts_with("VmHWM"));
    Ok(lines.collect::<Vec<_>>().join(", ").replace('\t', " "))
}
