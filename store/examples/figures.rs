//! Prints what a store of a hundred thousand users costs: bytes, start, lookups.
//!
//! `cargo run --release -p store --example figures [USERS]`

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use model::{
    Conflict, Observation, RawJson, Timestamp, TweetId, User, UserId, UserMembers, UserMetrics, Username, VerifiedType,
};
use store::{Options, Store};

use self::wait::wait;

#[path = "../tests/store/wait.rs"]
mod wait;

#[expect(clippy::disallowed_methods, reason = "this program measures time")]
fn now() -> Instant {
    Instant::now()
}

fn main() -> Result<(), Box<dyn Error>> {
    let users: u64 = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    let dir = tempfile::tempdir()?;
    let mut out = io::stdout().lock();
    let store = Store::open(dir.path(), &Options::default())?;
    let begin = now();
    for first in (0..users).step_by(10_000) {
        let batch = (first..users.min(first + 10_000))
            .map(user)
            .map(|user| user.map(|user| Observation::User(Box::new(user), UserMembers::ALL)));
        wait(store.import(batch.collect::<Result<_, _>>()?, Conflict::Newer))?;
    }
    writeln!(out, "import        {:?}", begin.elapsed())?;
    store.close();
    writeln!(out, "memory before {}", resident()?)?;
    let begin = now();
    let store = Store::open(dir.path(), &Options::default())?;
    writeln!(out, "start         {:?}", begin.elapsed())?;
    writeln!(out, "memory after  {}", resident()?)?;
    writeln!(out, "log           {} bytes a user", store.stats().log_bytes / users)?;

    let requests: Vec<Vec<UserId>> =
        (0..10_000u64).map(|i| (0..100).map(|j| UserId::new(id((i * 7919 + j * 104_729) % users))).collect()).collect();
    let begin = now();
    let mut batches = Vec::new();
    for request in &requests {
        batches.push(wait(store.users_by_ids(request, store::Detail::Full))?);
    }
    writeln!(out, "users_by_ids  {:?} for 100", begin.elapsed() / 10_000)?;
    let begin = now();
    let mut sum = 0;
    for batch in &batches {
        for i in 0..batch.len() {
            sum += black_box(batch.get(i)).map_or(0, |user| user.description.as_bytes().len());
        }
    }
    writeln!(out, "decoding      {:?} a user, memory cold ({sum})", begin.elapsed() / 1_000_000)?;
    let Some(batch) = batches.first() else { return Ok(()) };
    // The best of many short runs: what else the machine does is not of interest.
    let mut best = Duration::MAX;
    for _ in 0..2000 {
        let begin = now();
        for i in (0..1000).map(|i| i % batch.len()) {
            black_box(&batch.get(i));
        }
        best = best.min(begin.elapsed());
    }
    writeln!(out, "decoding      {:?} a user, memory warm", best / 1000)?;
    Ok(())
}

fn id(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 2
}

/// A profile as most are.
fn user(number: u64) -> Result<User, Box<dyn Error>> {
    let username: Username = format!("user_{number}").parse()?;
    Ok(User {
        created_at: Some(Timestamp::from_unix_ms(1_386_995_755_000 + number as i64)),
        description: "The voice of a team that builds things with the API. Updates, events, \"tips\" & feedback 🐳"
            .to_owned(),
        location: Some("127.0.0.1".to_owned()),
        url: Some("https://t.co/3ZX3TNiZCY".to_owned()),
        entities: Some(RawJson::from_compact(
            r#"{"url":{"urls":[{"start":0,"end":23,"url":"https://t.co/3ZX3TNiZCY","expanded_url":"https://developer.example.com/en/community","display_url":"developer.example.com"}]}}"#,
        )),
        pinned_tweet_id: Some(TweetId::new(1_255_542_774_432_063_488)),
        profile_image_url: Some(
            "https://pbs.twimg.com/profile_images/1283786620521652229/lEODkLTh_normal.jpg".to_owned(),
        ),
        verified: true,
        verified_type: Some(VerifiedType::Blue),
        metrics: Some(UserMetrics {
            followers: 513_868,
            following: 2018,
            tweets: 3961,
            listed: 1672,
            likes: Some(2500),
            media: None,
        }),
        observed_at: Some(Timestamp::from_unix_ms(1_600_000_000_000)),
        ..User::new(UserId::new(id(number)), username, "Some Name")
    })
}

/// What the system says of this process's memory.
fn resident() -> io::Result<String> {
    let status = fs::read_to_string("/proc/self/status")?;
    let lines = status.lines().filter(|line| line.starts_with("RssAnon") || line.starts_with("RssFile"));
    Ok(lines.collect::<Vec<_>>().join(", ").replace('\t', " "))
}
