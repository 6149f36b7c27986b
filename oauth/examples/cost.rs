//! Prints what it costs to read and to verify a signed request, and to explain a wrong one.
//!
//! `cargo run --release -p oauth --example cost`

use std::error::Error;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::time::Instant;

use oauth::oauth1::{BaseUrl, Diagnosis, Request, Secrets, SignedRequest};

/// Few enough that most runs are over before another program has its turn.
const ROUNDS: u32 = 500;
const RUNS: u32 = 400;

/// A lookup as clients send it, behind a front: the address is tried in two ways.
const REQUEST: Request<'_> = Request {
    method: "GET",
    path: "/2/users/by",
    query: Some("usernames=alice,bob,carol&user.fields=created_at%2Cdescription%2Cpublic_metrics&expansions=pinned_tweet_id"),
    authorization: Some(
        br#"OAuth oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog", oauth_nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", oauth_signature="Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1318622958", oauth_token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", oauth_version="1.0""#,
    ),
    form: None,
};
const BASES: [BaseUrl<'_>; 2] =
    [BaseUrl { scheme: "https", host: "api.example.org" }, BaseUrl { scheme: "http", host: "127.0.0.1:8080" }];
const SECRETS: Secrets<'_> = Secrets {
    consumer: "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    token: "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    let signed = SignedRequest::read(&REQUEST)?;
    let key = SECRETS.key();
    let read = nanoseconds(ROUNDS, || SignedRequest::read(black_box(&REQUEST)).is_ok());
    let one = nanoseconds(ROUNDS, || signed.verify(black_box(&REQUEST), &BASES[..1], &key));
    let two = nanoseconds(ROUNDS, || signed.verify(black_box(&REQUEST), &BASES, &key));
    let diagnosis = Diagnosis { request: REQUEST, base: BASES[0], secrets: SECRETS, hosts: &[], alternatives: &[] };
    let explain = nanoseconds(1, || diagnosis.mistakes(black_box(&signed)).is_some());
    writeln!(out, "read                   {read} ns")?;
    writeln!(out, "verify, one address    {one} ns")?;
    writeln!(out, "verify, two addresses  {two} ns")?;
    writeln!(out, "read and verify        {} to {} ns", read + one, read + two)?;
    writeln!(out, "explain                {} us", explain / 1000)?;
    Ok(())
}

/// What one round takes, in the best of all runs: other programs only make it slower.
#[expect(clippy::disallowed_methods, reason = "this program measures time")]
fn nanoseconds(rounds: u32, mut work: impl FnMut() -> bool) -> u128 {
    let run = |_| {
        let begin = Instant::now();
        for _ in 0..rounds {
            black_box(work());
        }
        begin.elapsed().as_nanos() / u128::from(rounds)
    };
    (0..RUNS).map(run).min().unwrap_or_default()
}
