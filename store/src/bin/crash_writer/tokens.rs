//! `rotate DIR SEED` exchanges refresh tokens, several families at once, until it is killed,
//! and says `used SEED FAMILY NUMBER` for each that was acknowledged. `rotated DIR FILE`
//! checks that each of those is used, and that what it became is there.

use std::io::{self, Write};
use std::path::Path;
use std::{fs, thread};

use model::{App, AppChange, AppId, AppKeys, AppType, Scope, Scopes, Sealed, Timestamp, TokenDigest, User, UserId};
use store::{FirstApp, FirstToken, NewTokens, NewUserToken, Options, Store};

use super::Failure;
use super::wait::wait;

const APP: AppId = AppId::new(1);
const USER: UserId = UserId::new(1);
const FAMILIES: u64 = 4;
const NOW: i64 = 1_700_000_000_000;

/// Exchanges tokens until the process is killed.
pub(super) fn rotate(dir: &Path, seed: &str) -> Result<(), Failure> {
    let seed: u64 = seed.parse()?;
    let store = Store::open(dir, &Options::default())?;
    if wait(store.user(USER))?.is_none() {
        wait(store.create_user(User::new(USER, "owner".parse()?, "Owner")))?;
    }
    found(&store)?;
    let families: Vec<_> = (0..FAMILIES)
        .map(|family| {
            let store = store.clone();
            thread::spawn(move || rotate_family(&store, seed, family))
        })
        .collect();
    for family in families {
        family.join().map_err(|_| "a thread panicked")??;
    }
    Ok(())
}

fn rotate_family(store: &Store, seed: u64, family: u64) -> Result<(), Failure> {
    let (identity, now) = (store.identity(), Timestamp::from_unix_ms(NOW));
    wait(identity.create_grant(APP, USER, Scopes::of(&[Scope::OfflineAccess]), tokens(seed, family, 0), now))?;
    for number in 0.. {
        wait(identity.refresh(refresh(seed, family, number), APP, tokens(seed, family, number + 1), now))?;
        writeln!(io::stdout(), "used {seed} {family} {number}")?;
    }
    Ok(())
}

/// Compares the store with what was said. A half line at the end is nothing.
pub(super) fn check(dir: &Path, said: &Path) -> Result<(), Failure> {
    let store = Store::open(dir, &Options::default())?;
    let (identity, now) = (store.identity(), Timestamp::from_unix_ms(NOW));
    let said = fs::read_to_string(said)?;
    let mut checked = 0;
    for line in said.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
        let numbers: Vec<u64> = line.split_whitespace().skip(1).map(str::parse).collect::<Result<_, _>>()?;
        let &[seed, family, number] = numbers.as_slice() else { return Err("a line is malformed".into()) };
        let before = identity.refresh_token(&refresh(seed, family, number))?;
        let after = identity.refresh_token(&refresh(seed, family, number + 1))?;
        let access = identity.access_token(&tokens(seed, family, number + 1).access, now);
        if !before.is_some_and(|token| token.used) || after.is_none() || access.is_none() {
            return Err(format!("{}: {before:?} {after:?} {access:?}", line.trim_end()).into());
        }
        checked += 1;
    }
    writeln!(io::stdout(), "{checked}")?;
    Ok(())
}

fn found(store: &Store) -> Result<(), Failure> {
    let changes = vec![
        AppChange::Type(Some(AppType::Web)),
        AppChange::Callbacks(vec!["http://127.0.0.1/callback".to_owned(), App::OOB.to_owned()]),
        AppChange::OAuth2(true),
    ];
    let first = FirstApp { owner: "Sample".to_owned(), name: "sample".to_owned(), changes };
    let token = NewUserToken { digest: TokenDigest::new([9; 32]), secret: Sealed::new(vec![9; 64]) };
    let token = FirstToken { user: USER, token };
    Ok(wait(store.identity().found(first, AppKeys::default(), token, Timestamp::from_unix_ms(NOW)))?)
}

fn tokens(seed: u64, family: u64, number: u64) -> NewTokens {
    NewTokens { access: digest([seed, family, number, 0]), refresh: refresh(seed, family, number) }
}

fn refresh(seed: u64, family: u64, number: u64) -> TokenDigest {
    digest([seed, family, number, 1])
}

fn digest(numbers: [u64; 4]) -> TokenDigest {
    let mut bytes = [0; 32];
    for (part, number) in bytes.chunks_exact_mut(8).zip(numbers) {
        part.copy_from_slice(&number.to_be_bytes());
    }
    TokenDigest::new(bytes)
}
