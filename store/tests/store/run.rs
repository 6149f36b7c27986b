//! What the log holds at the start is read from it, below the changes since, until the
//! first merge takes both in.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use model::{Conflict, TweetId, User, UserChange, UserId};
use store::{ChangeError, OpenError, ReadError, Store};

use crate::support::{
    all_tweets, all_users, faults, import, name, open, owner, post, profile, seen, tweet, update, user, wait,
};

fn named(store: &Store, id: u64) -> Option<String> {
    wait(store.user(UserId::new(id))).unwrap().map(|user| user.username.to_string())
}

fn rename(store: &Store, id: u64, to: &str) -> Result<(), ChangeError> {
    update(store, id, [UserChange::Username(name(to))])
}

/// What a store holds, as it was and after a merge, which changes nothing of it.
fn before_and_after_a_merge<T: PartialEq + std::fmt::Debug>(store: &Store, held: impl Fn(&Store) -> T) -> T {
    let before = held(store);
    wait(store.merge()).unwrap();
    assert_eq!(store.stats().log_rows, 0);
    assert_eq!(held(store), before);
    before
}

#[test]
fn of_many_changes_of_one_user_the_last_counts() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    wait(store.create_user(user(1, "one"))).unwrap();
    wait(store.create_user(user(2, "two"))).unwrap();
    for round in 0..30 {
        update(&store, 1, [UserChange::Location(Some(format!("Place {round}")))]).unwrap();
        if round % 10 == 9 {
            drop(store);
            store = open(dir.path());
        }
    }
    let place = |store: &Store| wait(store.user(UserId::new(1))).unwrap().unwrap().location;
    assert_eq!(before_and_after_a_merge(&store, place).as_deref(), Some("Place 29"));
}

#[test]
fn names_go_round_between_the_log_of_before_and_changes_since() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for (id, name) in [(1, "a"), (2, "b"), (3, "c")] {
        wait(store.create_user(user(id, name))).unwrap();
    }
    wait(store.merge()).unwrap();
    rename(&store, 1, "x").unwrap();
    rename(&store, 2, "a").unwrap();
    drop(store);

    let store = open(dir.path());
    assert_eq!(["a", "b", "c", "x"].map(|name| owner(&store, name)), [Some(2), None, Some(3), Some(1)]);
    assert!(matches!(rename(&store, 3, "A"), Err(ChangeError::UsernameTaken { .. })));
    rename(&store, 1, "b").unwrap();
    rename(&store, 3, "x").unwrap();
    rename(&store, 2, "c").unwrap();
    rename(&store, 1, "a").unwrap();
    drop(store);

    let store = open(dir.path());
    let owners = |store: &Store| ["a", "b", "c", "x"].map(|name| owner(store, name));
    assert_eq!(before_and_after_a_merge(&store, owners), [Some(1), None, Some(2), Some(3)]);
}

#[test]
fn deleted_users_stay_deleted_and_their_ids_and_names_are_free() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for id in 1..=4 {
        wait(store.create_user(user(id, &format!("user{id}")))).unwrap();
    }
    wait(store.merge()).unwrap();
    // One that was merged, and one that was not.
    wait(store.create_user(user(5, "user5"))).unwrap();
    for id in [1, 5] {
        wait(store.delete_user(UserId::new(id))).unwrap();
    }
    drop(store);

    let store = open(dir.path());
    assert_eq!((store.stats().users, named(&store, 1), named(&store, 5)), (3, None, None));
    assert_eq!((owner(&store, "user1"), owner(&store, "user5")), (None, None));
    assert_eq!(wait(store.delete_user(UserId::new(5))), Err(ChangeError::UnknownUser { id: UserId::new(5) }));
    wait(store.create_user(user(1, "user5"))).unwrap();
    wait(store.delete_user(UserId::new(2))).unwrap();
    drop(store);

    let store = open(dir.path());
    let users = |store: &Store| all_users(store, 2).iter().map(|user| user.id.get()).collect::<Vec<_>>();
    assert_eq!(before_and_after_a_merge(&store, users), [3, 4, 1]);
    assert_eq!((store.stats().users, owner(&store, "user5")), (3, Some(1)));
    assert_eq!(faults_after_close(dir.path(), store), Vec::<String>::new());
}

fn faults_after_close(dir: &Path, store: Store) -> Vec<String> {
    store.close();
    faults(dir)
}

#[test]
fn posts_come_from_the_log_as_users_do() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    import(&store, vec![tweet(post(1, "first", 1)), tweet(post(2, "second", 1)), tweet(post(3, "third", 1))]);
    wait(store.merge()).unwrap();
    let gone = model::Observation::TweetGone { id: TweetId::new(1), at: crate::support::at(2) };
    import(&store, vec![tweet(post(2, "newer", 2)), tweet(post(4, "fourth", 1)), gone]);
    drop(store);

    let store = open(dir.path());
    import(&store, vec![tweet(post(4, "newest", 3))]);
    drop(store);

    let store = open(dir.path());
    let posts = |store: &Store| all_tweets(store, 2).into_iter().map(|tweet| (tweet.id.get(), tweet.text)).collect();
    let found: Vec<(u64, String)> = before_and_after_a_merge(&store, posts);
    let expected = [(2, "newer"), (3, "third"), (4, "newest")];
    assert_eq!(found, expected.map(|(id, text)| (id, text.to_owned())));
    assert_eq!(store.stats().tweets, 3);
}

/// Every merge fails at a directory that has the name of its first file.
#[test]
fn many_generations_after_merges_that_failed_are_one_log() {
    let dir = tempfile::tempdir().unwrap();
    let obstacle = dir.path().join("segments/user-records-1");
    let mut generations = Vec::new();
    for round in 0..4 {
        let store = open(dir.path());
        // Without new changes there is no new generation either.
        if round != 2 {
            wait(store.create_user(user(round, &format!("user{round}")))).unwrap();
            rename(&store, 0, &format!("name{round}")).unwrap();
        }
        fs::create_dir(&obstacle).unwrap();
        assert!(matches!(wait(store.merge()), Err(ChangeError::MergeFailed { .. })));
        generations.push(store.stats().generation);
        drop(store);
        fs::remove_dir(&obstacle).unwrap();
    }
    assert_eq!(generations, [1, 2, 2, 3]);
    let store = open(dir.path());
    wait(store.create_user(user(9, "user9"))).unwrap();
    let names = |store: &Store| [0, 1, 2, 3, 9].map(|id| named(store, id));
    let expected = [Some("name3"), Some("user1"), None, Some("user3"), Some("user9")];
    assert_eq!(before_and_after_a_merge(&store, names), expected.map(|name| name.map(str::to_owned)));
    drop(store);
    assert_eq!(faults(dir.path()), Vec::<String>::new());
    assert_eq!(names(&open(dir.path())), expected.map(|name| name.map(str::to_owned)));
}

#[test]
fn a_row_that_is_damaged_after_the_start_is_an_error_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    wait(store.create_user(user(1, "one"))).unwrap();
    wait(store.create_user(user(2, "findme"))).unwrap();
    drop(store);
    let store = open(dir.path());
    let path = dir.path().join("log/data.mdb");
    let bytes = fs::read(&path).unwrap();
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    for place in (0..bytes.len()).filter(|&place| bytes[place..].starts_with(b"findme")) {
        file.write_all_at(b"f", place as u64 + 1).unwrap();
    }
    let damaged = |result: ReadError| {
        let expected = ReadError::Damaged { what: "row 1 of the log".to_owned(), file: path.clone() };
        assert_eq!(result, expected);
    };
    damaged(wait(store.user(UserId::new(2))).unwrap_err());
    damaged(wait(store.users_by_ids(&[UserId::new(1), UserId::new(2)], store::Detail::Full)).unwrap_err());
    damaged(wait(store.users_by_usernames(&[name("findme")], store::Detail::Full)).unwrap_err());
    damaged(wait(store.export_users(None, 10)).unwrap_err());
    assert!(matches!(rename(&store, 2, "another"), Err(ChangeError::Unreadable(_))));
    assert!(matches!(wait(store.create_user(user(3, "findme"))), Err(ChangeError::Unreadable(_))));
    assert!(matches!(wait(store.merge()), Err(ChangeError::MergeFailed { .. })));
    assert_eq!((owner(&store, "one"), named(&store, 1).as_deref()), (Some(1), Some("one")));
}

/// So many that several threads read them.
const MANY: u64 = 40_000;

fn fill(store: &Store) {
    for begin in (0..MANY).step_by(4000) {
        let batch = (begin..begin + 4000).map(|id| profile(seen(id, &format!("user{id}"), 1)));
        wait(store.import(batch.collect(), Conflict::Newer)).unwrap();
    }
    let renamed = (0..MANY).step_by(9).map(|id| profile(seen(id, &format!("other{id}"), 2)));
    wait(store.import(renamed.collect(), Conflict::Newer)).unwrap();
}

#[test]
fn a_long_log_is_read_whole_by_several_threads() {
    let dir = tempfile::tempdir().unwrap();
    fill(&open(dir.path()));
    let store = open(dir.path());
    assert_eq!((store.stats().users, store.stats().log_rows), (MANY, MANY + MANY.div_ceil(9)));
    let expected = |id: u64| if id.is_multiple_of(9) { format!("other{id}") } else { format!("user{id}") };
    let held: Vec<User> =
        (0..MANY).map(|id| seen(id, &expected(id), if id.is_multiple_of(9) { 2 } else { 1 })).collect();
    assert!(before_and_after_a_merge(&store, |store| all_users(store, 1000)) == held);
    for id in (0..MANY).step_by(7) {
        assert_eq!(owner(&store, &expected(id)), Some(id));
    }
}

#[test]
fn damage_anywhere_in_a_long_log_is_named_by_its_row() {
    let dir = tempfile::tempdir().unwrap();
    fill(&open(dir.path()));
    let path = dir.path().join("log/data.mdb");
    let bytes = fs::read(&path).unwrap();
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    for row in [0, 12_345, MANY - 1] {
        let text = format!("Name of {row}user{row}");
        let places = (0..bytes.len()).filter(|&place| bytes[place..].starts_with(text.as_bytes()));
        // Pages that were used before hold old rows.
        let places: Vec<u64> = places.map(|place| place as u64).collect();
        places.iter().for_each(|&place| file.write_all_at(b"n", place).unwrap());
        let result = Store::open(dir.path(), &store::Options::default());
        assert!(
            matches!(&result, Err(OpenError::DamagedRow { row: found, .. }) if *found == row),
            "{row}: {:?}",
            result.err()
        );
        places.iter().for_each(|&place| file.write_all_at(b"N", place).unwrap());
    }
    drop(open(dir.path()));
}

/// The rows are removed beside readers; none of them may miss a user.
#[test]
fn readers_find_everybody_while_the_log_of_the_start_is_merged_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for round in 0..6 {
        let batch = (0..500).map(|id| profile(seen(id, &format!("user{id}"), round)));
        wait(store.import(batch.collect(), Conflict::Newer)).unwrap();
    }
    drop(store);
    for round in 6..10 {
        let store = open(dir.path());
        let end = AtomicBool::new(false);
        thread::scope(|scope| {
            for first in 0..3 {
                let (store, end) = (&store, &end);
                scope.spawn(move || {
                    for id in (first..500).step_by(3).cycle() {
                        if end.load(Ordering::Relaxed) {
                            break;
                        }
                        assert!(named(store, id).is_some() && owner(store, &format!("user{id}")) == Some(id));
                    }
                });
            }
            let batch = (0..500).map(|id| profile(seen(id, &format!("user{id}"), round)));
            let merged = wait(store.merge());
            let written = wait(store.import(batch.collect(), Conflict::Newer));
            end.store(true, Ordering::Relaxed);
            merged.unwrap();
            written.unwrap();
        });
        assert_eq!(store.stats().log_rows, 500);
    }
}

#[test]
fn a_large_import_takes_in_the_log_of_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    import(&store, vec![profile(seen(1, "one", 5)), profile(seen(2, "two", 5)), profile(seen(3, "three", 1))]);
    drop(store);
    let store = open(dir.path());
    rename(&store, 3, "drei").unwrap();
    let mut part = store.bulk_part(1);
    for (user, place) in [seen(1, "old", 1), seen(2, "zwei", 9), seen(4, "one", 2)].into_iter().zip(0..) {
        part.add(profile(user), place).unwrap();
    }
    wait(store.import_bulk(vec![part], Conflict::Newer)).unwrap();
    let names = |store: &Store| ["one", "two", "zwei", "drei", "old"].map(|name| owner(store, name));
    assert_eq!(names(&store), [Some(1), None, Some(2), Some(3), None]);
    drop(store);
    let store = open(dir.path());
    assert_eq!((names(&store), store.stats().users), ([Some(1), None, Some(2), Some(3), None], 4));
}
