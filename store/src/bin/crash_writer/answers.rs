//! A store that is always the same, and all that it answers, in short.

use std::fmt::{Debug, Write as _};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use model::{Conflict, Observation, Tweet, TweetId, User, UserChange, UserId, UserMembers, Username};
use store::{Options, ReadError, Store, TweetCursor, UserCursor};

use crate::wait::wait;
use crate::{Failure, say, time};

/// Users and posts that are merged; as many changes come after that.
const MERGED: u64 = 3000;
const CHANGES: u64 = 300;
/// Keys in a batch, and users in a page.
const BATCH: usize = 100;

/// Makes the store in `dir`.
pub(crate) fn make_sample(dir: &Path) -> Result<(), Failure> {
    let store = Store::open(dir, &Options { durable: false, ..Options::default() })?;
    import(&store, 0..MERGED)?;
    wait(store.merge())?;
    for id in (0..MERGED).step_by(30) {
        let renamed = vec![UserChange::Username(renamed(id)?), UserChange::Description("after the merge".to_owned())];
        wait(store.update_user(UserId::new(id), renamed, time(2)))?;
        wait(store.delete_user(UserId::new(id + 1)))?;
    }
    import(&store, MERGED..MERGED + CHANGES)?;
    store.close();
    Ok(())
}

fn import(store: &Store, ids: std::ops::Range<u64>) -> Result<(), Failure> {
    let mut batch = Vec::new();
    for id in ids {
        let description = format!("The description of {id}. ").repeat((id % 7) as usize);
        let user = User::new(UserId::new(id), named(id)?, format!("Name of {id}"));
        batch.push(Observation::User(
            Box::new(User { description, observed_at: Some(time(1)), ..user }),
            UserMembers::ALL,
        ));
        batch.push(Observation::Tweet(Box::new(Tweet::new(TweetId::new(id), format!("The text of {id}")))));
    }
    wait(store.import(batch, Conflict::Newer))?;
    Ok(())
}

fn named(id: u64) -> Result<Username, Failure> {
    Ok(format!("user{id}").parse()?)
}

fn renamed(id: u64) -> Result<Username, Failure> {
    Ok(format!("renamed{id}").parse()?)
}

/// Prints a line `QUESTION DIGEST` for each question, or `QUESTION error`.
pub(crate) fn print(dir: &Path) -> Result<(), Failure> {
    let store = Store::open(dir, &Options::default())?;
    let mut lines = String::new();
    let ids: Vec<UserId> = (0..MERGED + CHANGES + 100).map(UserId::new).collect();
    for &id in &ids {
        line(&mut lines, &format!("user {id}"), wait(store.user(id)))?;
        line(&mut lines, &format!("post {id}"), wait(store.tweet(TweetId::new(id.get()))))?;
        for name in [named(id.get())?, renamed(id.get())?] {
            let owner = wait(store.users_by_usernames(&[name], store::Detail::Full))
                .map(|batch| batch.get(0).map(|user| user.id));
            line(&mut lines, &format!("name {name}"), owner)?;
        }
    }
    for (number, ids) in ids.chunks(BATCH).enumerate() {
        let batch = wait(store.users_by_ids(ids, store::Detail::Full));
        let batch = batch.map(|batch| (0..batch.len()).map(|i| format!("{:?}", batch.get(i))).collect::<Vec<_>>());
        line(&mut lines, &format!("batch {number}"), batch)?;
    }
    // Every page begins at a place that is known, so that an error ends only its own.
    for page in 0..(MERGED + CHANGES).div_ceil(BATCH as u64) {
        let before = u32::try_from(page * BATCH as u64)?.checked_sub(1);
        let users = wait(store.export_users(before.map(UserCursor::from_number), BATCH)).map(|(users, _)| users);
        line(&mut lines, &format!("users {page}"), users)?;
        let tweets = wait(store.export_tweets(before.map(TweetCursor::from_number), BATCH)).map(|(tweets, _)| tweets);
        line(&mut lines, &format!("posts {page}"), tweets)?;
    }
    say(&lines)
}

fn line<T: Debug>(lines: &mut String, question: &str, answer: Result<T, ReadError>) -> Result<(), Failure> {
    match answer {
        Ok(answer) => {
            let mut hasher = DefaultHasher::new();
            format!("{answer:?}").hash(&mut hasher);
            writeln!(lines, "{question} {:x}", hasher.finish())?;
        }
        Err(_) => writeln!(lines, "{question} error")?,
    }
    Ok(())
}
