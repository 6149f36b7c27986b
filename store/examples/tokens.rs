//! Prints what it costs to look up who is calling, among a hundred thousand tokens, on one
//! thread and on two, and beside it a read of LMDB.
//!
//! `cargo run --release -p store --example tokens [TOKENS]`

use std::error::Error;
use std::hint::black_box;
use std::io::{self, Write};
use std::thread;
use std::time::{Duration, Instant};

use model::{
    App, AppChange, AppId, AppKeys, AppType, Key, Scope, Scopes, Sealed, Timestamp, TokenDigest, User, UserId,
};
use store::{FirstApp, FirstToken, Identity, NewTokens, NewUserToken, Options, Store};

use self::wait::wait;

#[path = "../tests/store/wait.rs"]
mod wait;

const APP: AppId = AppId::new(1);
const USER: UserId = UserId::new(100);
const ROUNDS: u64 = 1_000_000;

#[expect(clippy::disallowed_methods, reason = "this program measures time")]
fn timer() -> Instant {
    Instant::now()
}

fn main() -> Result<(), Box<dyn Error>> {
    let tokens: u64 = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    let dir = tempfile::tempdir()?;
    let mut out = io::stdout().lock();
    let store = Store::open(dir.path(), &Options { durable: false, ..Options::default() })?;
    let now = Timestamp::from_unix_ms(1_700_000_000_000);
    wait(store.create_user(User::new(USER, "alice".parse()?, "Alice")))?;
    let identity = store.identity();
    found(identity, now)?;
    let begin = timer();
    for number in 0..tokens {
        let new = NewTokens { access: digest(number, 1), refresh: digest(number, 2) };
        wait(identity.create_grant(APP, USER, Scopes::of(&[Scope::OfflineAccess]), new, now))?;
        wait(identity.create_user_token(APP, USER, user_token(digest(number, 3)), now))?;
    }
    writeln!(out, "{tokens} grants and access tokens of OAuth 1.0a made in {:?}", begin.elapsed())?;
    store.close();
    let begin = timer();
    let store = Store::open(dir.path(), &Options::default())?;
    writeln!(out, "opened again in {:?}", begin.elapsed())?;

    let identity = store.identity();
    let bearer = digest(0, 9);
    let at = |round: u64| round.wrapping_mul(7919) % tokens;
    type Look<'a> = (&'a str, &'a (dyn Fn(u64) -> bool + Sync));
    let looks: [Look<'_>; 6] = [
        ("app-only bearer", &|_| identity.app_by_bearer(&bearer).is_some()),
        ("consumer key", &|_| identity.app_by_consumer_key("xvz1evFS4wEEPTGEFPHBog").is_some()),
        ("OAuth 1.0a token", &|round| identity.user_token(&digest(at(round), 3)).is_some()),
        ("OAuth 2.0 token", &|round| identity.access_token(&digest(at(round), 1), now).is_some()),
        ("state of its user", &|_| identity.user_state(USER).is_ok_and(|state| state.is_some())),
        ("refresh token, LMDB", &|round| identity.refresh_token(&digest(at(round), 2)).is_ok_and(|row| row.is_some())),
    ];
    for (name, look) in looks {
        let (one, two) = (measure(1, look), measure(2, look));
        writeln!(out, "{name:<20} {one:>8.1?} on one thread, {two:>8.1?} on each of two")?;
    }
    Ok(())
}

/// The time of one look-up.
fn measure(threads: u64, look: &(dyn Fn(u64) -> bool + Sync)) -> Duration {
    let begin = timer();
    thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || (0..ROUNDS).all(|round| black_box(look(round + thread * 12_345))));
        }
    });
    begin.elapsed() / ROUNDS as u32
}

fn found(identity: Identity<'_>, now: Timestamp) -> Result<(), Box<dyn Error>> {
    let changes = vec![
        AppChange::Type(Some(AppType::Web)),
        AppChange::Callbacks(vec!["http://127.0.0.1/callback".to_owned(), App::OOB.to_owned()]),
        AppChange::OAuth2(true),
    ];
    let consumer = model::ConsumerKeys { key: "xvz1evFS4wEEPTGEFPHBog".to_owned(), secret: Sealed::new(vec![7; 78]) };
    let keys = AppKeys {
        consumer: Key { generation: 0, current: Some(consumer) },
        bearer: Key { generation: 0, current: Some(digest(0, 9)) },
        client: Key::default(),
        tweet_binder: Key::default(),
    };
    let first = FirstApp { owner: "Sample".to_owned(), name: "sample".to_owned(), changes };
    let token = FirstToken { user: USER, token: user_token(digest(0, 4)) };
    Ok(wait(identity.found(first, keys, token, now))?)
}

fn user_token(digest: TokenDigest) -> NewUserToken {
    NewUserToken { digest, secret: Sealed::new(vec![7; 73]) }
}

/// Bytes that look as if hashed.
fn digest(number: u64, kind: u64) -> TokenDigest {
    let mut bytes = [0; 32];
    for (at, part) in bytes.chunks_exact_mut(8).enumerate() {
        let mixed = (number ^ (kind << 40) ^ ((at as u64) << 50)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        part.copy_from_slice(&(mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9).to_be_bytes());
    }
    TokenDigest::new(bytes)
}
