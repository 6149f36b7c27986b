//! What the tests of the store share: short ways to open one, to say users and times,
//! and to ask.

use std::path::Path;

use model::{
    Conflict, Direction, Observation, Timestamp, Tweet, TweetId, User, UserChange, UserId, UserMembers, Username,
};
use store::{ChangeError, Detail, Imported, ListStart, Options, Relation, Store};

pub(crate) use crate::wait::wait;

/// Opens a store without waiting for the disk; tests do not cut the power.
pub(crate) fn open(dir: &Path) -> Store {
    open_with_budget(dir, Options::default().delta_budget)
}

/// Opens a store that merges when changes take half of so many bytes.
pub(crate) fn open_with_budget(dir: &Path, delta_budget: usize) -> Store {
    Store::open(dir, &Options { durable: false, map_size: 1 << 30, delta_budget }).unwrap()
}

/// What is damaged in a directory that nobody uses.
pub(crate) fn faults(dir: &Path) -> Vec<String> {
    store::verify(dir, &mut |_| {}).unwrap().faults
}

pub(crate) fn name(text: &str) -> Username {
    text.parse().unwrap()
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_ms(seconds * 1000)
}

/// A user, never observed.
pub(crate) fn user(id: u64, username: &str) -> User {
    User::new(UserId::new(id), name(username), format!("Name of {id}"))
}

/// A user as observed at a time.
pub(crate) fn seen(id: u64, username: &str, seconds: i64) -> User {
    User { observed_at: Some(at(seconds)), ..user(id, username) }
}

/// A post as observed at a time.
pub(crate) fn post(id: u64, text: &str, seconds: i64) -> Tweet {
    Tweet { observed_at: Some(at(seconds)), ..Tweet::new(TweetId::new(id), text) }
}

/// Who bears a username.
pub(crate) fn owner(store: &Store, username: &str) -> Option<u64> {
    let batch = wait(store.users_by_usernames(&[name(username)], Detail::Full)).unwrap();
    batch.get(0).map(|user| user.id.get())
}

/// Changes a user long after everything that was observed.
pub(crate) fn update<const N: usize>(store: &Store, id: u64, changes: [UserChange; N]) -> Result<(), ChangeError> {
    wait(store.update_user(UserId::new(id), changes.into(), at(1_000_000)))
}

pub(crate) fn import(store: &Store, batch: Vec<Observation>) -> Imported {
    wait(store.import(batch, Conflict::Newer)).unwrap()
}

/// A profile that speaks of every member.
pub(crate) fn profile(user: User) -> Observation {
    Observation::User(Box::new(user), UserMembers::ALL)
}

pub(crate) fn tweet(tweet: Tweet) -> Observation {
    Observation::Tweet(Box::new(tweet))
}

/// Every user, read in pages.
pub(crate) fn all_users(store: &Store, limit: usize) -> Vec<User> {
    let (mut users, mut next) = wait(store.export_users(None, limit)).unwrap();
    while next.is_some() {
        let (page, cursor) = wait(store.export_users(next, limit)).unwrap();
        users.extend(page);
        next = cursor;
    }
    users
}

/// Every post, read in pages.
pub(crate) fn all_tweets(store: &Store, limit: usize) -> Vec<Tweet> {
    let (mut tweets, mut next) = wait(store.export_tweets(None, limit)).unwrap();
    while next.is_some() {
        let (page, cursor) = wait(store.export_tweets(next, limit)).unwrap();
        tweets.extend(page);
        next = cursor;
    }
    tweets
}

/// Lets one user follow another.
pub(crate) fn follow(store: &Store, follower: u64, followed: u64) -> Result<(), ChangeError> {
    wait(store.follow(UserId::new(follower), UserId::new(followed))).map(drop)
}

pub(crate) fn unfollow(store: &Store, follower: u64, followed: u64) -> Result<(), ChangeError> {
    wait(store.unfollow(UserId::new(follower), UserId::new(followed)))
}

/// Those on a list who are there, the newest first.
pub(crate) fn list(store: &Store, of: u64, direction: Direction) -> Vec<u64> {
    let page = wait(store.list_page(UserId::new(of), direction, ListStart::Newest, usize::MAX, Detail::Core))
        .unwrap()
        .unwrap();
    (0..page.users.len()).filter_map(|at| Some(page.users.get(at)?.id.get())).collect()
}

/// Whether one user follows another.
pub(crate) fn follows(store: &Store, follower: u64, followed: u64) -> bool {
    relation(store, follower, followed).following
}

/// What connects one user with another.
pub(crate) fn relation(store: &Store, of: u64, with: u64) -> Relation {
    let batch = wait(store.users_by_ids(&[UserId::new(with)], Detail::Core)).unwrap();
    wait(store.relations(UserId::new(of), &batch)).unwrap()[0]
}

/// Makes users with the ids from 1 on.
pub(crate) fn people(store: &Store, count: u64) {
    for id in 1..=count {
        wait(store.create_user(user(id, &format!("user{id}")))).unwrap();
    }
}
