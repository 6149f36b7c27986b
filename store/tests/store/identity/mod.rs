//! Who may call: what every engine promises of accounts, Apps, tokens, codes and sessions.

mod apps;
mod ending;
mod oauth1;
mod oauth2;
mod pages;
mod portal;
mod random;
mod usage;

use model::{
    AccountId, App, AppChange, AppId, AppKeys, AppType, Approval, ClientKeys, ConsumerKeys, Key, Permissions, Sealed,
    Timestamp, TokenDigest, UserId,
};
use store::{FirstApp, FirstToken, NewApp, NewTokens, NewUserToken, RegisteredApp, Store};

use crate::support::{at, open, user, wait};

/// The developer account, Project and App of every case.
pub(crate) const APP: AppId = AppId::new(1);
/// The user of every case.
pub(crate) const USER: UserId = UserId::new(100);

/// A second of the test's time.
pub(crate) fn now() -> Timestamp {
    at(1_000)
}

/// A digest that stands for a token.
pub(crate) fn digest(number: u32) -> TokenDigest {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&number.to_le_bytes());
    TokenDigest::new(bytes)
}

pub(crate) fn sealed(text: &str) -> Sealed {
    Sealed::new(text.as_bytes().to_vec())
}

pub(crate) fn user_token(number: u32) -> NewUserToken {
    NewUserToken { digest: digest(number), secret: sealed("token secret") }
}

pub(crate) fn tokens(number: u32) -> NewTokens {
    NewTokens { access: digest(number), refresh: digest(number + 1) }
}

/// The keys of an App that has this number.
pub(crate) fn keys(number: u64, generation: u32) -> AppKeys {
    let bearer = digest(1_000_000 + number as u32 * 100 + generation);
    AppKeys {
        consumer: Key { generation, current: Some(consumer(number, generation)) },
        bearer: Key { generation, current: Some(bearer) },
        client: Key { generation, current: Some(client(number, generation)) },
        tweet_binder: Key { generation, current: Some(digest(2_000_000 + number as u32 * 100 + generation)) },
    }
}

pub(crate) fn consumer(number: u64, generation: u32) -> ConsumerKeys {
    ConsumerKeys { key: format!("consumer-{number}-{generation}"), secret: sealed("consumer secret") }
}

pub(crate) fn client(number: u64, generation: u32) -> ClientKeys {
    ClientKeys { id: format!("client-{number}-{generation}"), secret: digest(7) }
}

/// Settings with which everything works.
pub(crate) fn web() -> Vec<AppChange> {
    vec![
        AppChange::Permissions(Permissions::ReadWrite),
        AppChange::Type(Some(AppType::Web)),
        AppChange::Callbacks(vec!["http://127.0.0.1/callback".to_owned(), App::OOB.to_owned()]),
        AppChange::OAuth2(true),
    ]
}

/// What a first start makes: the App with the id 1, and a token of [`USER`].
pub(crate) fn found(store: &Store) {
    let first = FirstApp { owner: "Sample".to_owned(), name: "sample".to_owned(), changes: web() };
    let token = FirstToken { user: USER, token: user_token(999) };
    wait(store.identity().found(first, keys(1, 0), token, now())).unwrap();
}

/// An approved account with an App like the first, whose keys have this number.
pub(crate) fn another_app(store: &Store, number: u64) -> RegisteredApp {
    let account = wait(store.identity().create_account("Dev".to_owned(), Approval::Approved, now())).unwrap();
    create_app(store, account.id, number).unwrap()
}

pub(crate) fn create_app(
    store: &Store,
    account: AccountId,
    number: u64,
) -> Result<RegisteredApp, store::IdentityError> {
    let new = NewApp { account, project: None, name: "another".to_owned(), changes: web() };
    wait(store.identity().create_app(new, move |_| keys(number, 0), None, now()))
}

/// A store with the first App and a user.
fn filled(dir: &std::path::Path) -> Store {
    let store = open(dir);
    wait(store.create_user(user(USER.get(), "alice"))).unwrap();
    found(&store);
    store
}

fn with_store(case: impl FnOnce(&Store)) {
    let dir = tempfile::tempdir().unwrap();
    case(&filled(dir.path()));
}
