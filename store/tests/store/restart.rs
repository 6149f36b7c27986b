//! What a store is after it was closed and opened again.

use std::fs;
use std::path::Path;

use model::{Direction, TweetId, UserChange, UserId};
use store::{ChangeError, OpenError, Options, Store};

use crate::support::{
    all_tweets, all_users, follow, import, list, name, open, owner, post, profile, seen, tweet, unfollow, update, user,
    wait,
};

#[test]
fn everything_is_there_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    import(&store, vec![profile(seen(1, "one", 1)), profile(seen(2, "two", 1)), tweet(post(9, "text", 1))]);
    wait(store.create_user(user(3, "three"))).unwrap();
    update(&store, 1, [UserChange::Username(name("uno"))]).unwrap();
    wait(store.delete_user(UserId::new(2))).unwrap();
    // What changes take in memory is less after a start.
    let held =
        |store: &Store| (all_users(store, 10), all_tweets(store, 10), store::Stats { delta_bytes: 0, ..store.stats() });
    let before = held(&store);
    store.close();

    let store = open(dir.path());
    assert_eq!(held(&store), before);
    assert_eq!(["one", "uno", "two", "three"].map(|name| owner(&store, name)), [None, Some(1), None, Some(3)]);
}

#[test]
fn the_place_of_a_deleted_user_is_not_given_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for id in [1, 2, 3] {
        wait(store.create_user(user(id, &format!("user{id}")))).unwrap();
    }
    wait(store.delete_user(UserId::new(3))).unwrap();
    let (_, after_first) = wait(store.export_users(None, 1)).unwrap();
    drop(store);
    let store = open(dir.path());
    wait(store.create_user(user(4, "user4"))).unwrap();
    let (rest, _) = wait(store.export_users(after_first, 10)).unwrap();
    assert_eq!(rest, [user(2, "user2"), user(4, "user4")]);
}

#[test]
fn a_store_is_new_until_something_is_stored() {
    let dir = tempfile::tempdir().unwrap();
    assert!(open(dir.path()).is_new());
    let store = open(dir.path());
    assert!(store.is_new());
    wait(store.create_user(user(1, "one"))).unwrap();
    drop(store);
    assert!(!open(dir.path()).is_new());
}

#[test]
fn a_closed_store_reads_and_does_not_write() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    wait(store.create_user(user(1, "one"))).unwrap();
    store.clone().close();
    assert_eq!(wait(store.create_user(user(2, "two"))), Err(ChangeError::Closed));
    assert_eq!(owner(&store, "one"), Some(1));
}

#[test]
fn a_store_and_its_answers_go_from_thread_to_thread() {
    fn goes<T: Send + Sync>(_: &T) {}
    fn moves<T: Send>(_: &T) {}
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    goes(&store);
    goes(&wait(store.users_by_ids(&[], store::Detail::Full)).unwrap());
    moves(&store.users_by_ids(&[], store::Detail::Full));
    moves(&store.create_user(user(1, "one")));
    moves(&store.import(Vec::new(), model::Conflict::Newer));
}

#[test]
fn a_full_log_refuses_writes_whole_and_reads_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { durable: false, map_size: 320 << 10, ..Options::default() };
    let store = Store::open(dir.path(), &options).unwrap();
    wait(store.create_user(user(1, "one"))).unwrap();
    let large = |id: u64| model::User { description: "x".repeat(100_000), ..user(id, &format!("user{id}")) };
    let stored = (2..10).take_while(|&id| wait(store.create_user(large(id))).is_ok()).count() as u64;
    assert!(stored > 0 && stored < 8, "{stored}");
    assert_eq!(wait(store.create_user(large(20))), Err(ChangeError::Full));
    assert_eq!((owner(&store, "one"), owner(&store, "user20")), (Some(1), None));
    // What still fits is still taken, and nothing of the refused ones is left behind.
    wait(store.create_user(user(20, "user20"))).unwrap();
    drop(store);
    let store = Store::open(dir.path(), &options).unwrap();
    assert_eq!(all_users(&store, 100).len() as u64, stored + 2);
}

#[test]
fn too_large_records_are_refused_and_the_rest_of_the_store_is_well() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let large = model::User { description: "x".repeat(ChangeError::MAX_RECORD), ..user(1, "one") };
    assert!(matches!(wait(store.create_user(large.clone())), Err(ChangeError::TooLarge { id: 1, .. })));
    let batch = vec![profile(seen(2, "two", 1)), profile(large), tweet(post(9, "text", 1))];
    assert!(matches!(wait(store.import(batch, model::Conflict::Newer)), Err(ChangeError::TooLarge { .. })));
    assert_eq!((owner(&store, "two"), store.stats().log_rows), (None, 0));
    assert!(wait(store.tweets_by_ids(&[TweetId::new(9)])).unwrap().get(0).is_none());
}

#[test]
fn the_largest_record_is_merged_and_read() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    // A head with such a name stands beside the rest.
    let named = model::User { name: "n".repeat(60), ..user(1, "one") };
    let of_length = |length| model::User { description: "x".repeat(length), ..named.clone() };
    let refused = wait(store.create_user(of_length(ChangeError::MAX_RECORD)));
    let Err(ChangeError::TooLarge { bytes, .. }) = refused else { panic!("{refused:?}") };
    let largest = of_length(2 * ChangeError::MAX_RECORD - bytes);
    wait(store.create_user(largest.clone())).unwrap();
    wait(store.merge()).unwrap();
    assert!(wait(store.user(UserId::new(1))).unwrap() == Some(largest));
    assert_eq!(store.stats().log_rows, 0);
}

#[test]
fn a_changed_byte_in_a_row_is_named_at_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    wait(store.create_user(user(1, "before"))).unwrap();
    wait(store.create_user(user(2, "findme"))).unwrap();
    drop(store);
    replace_bytes(&dir.path().join("log/data.mdb"), b"findme", b"fandme");
    let Err(error) = Store::open(dir.path(), &Options::default()) else { panic!("it opened") };
    assert!(matches!(error, OpenError::DamagedRow { row: 1, .. }), "{error}");
    let message = error.to_string();
    assert!(message.contains("row 1 of the log is damaged") && message.contains("backup"), "{message}");
}

#[test]
fn an_emptied_log_is_damage_and_not_a_new_store() {
    for emptied in ["log/data.mdb", "log"] {
        let dir = tempfile::tempdir().unwrap();
        drop(open(dir.path()));
        let path = dir.path().join(emptied);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        } else {
            fs::write(&path, b"").unwrap();
        }
        let result = Store::open(dir.path(), &Options::default());
        assert!(matches!(result, Err(OpenError::Damaged { .. })), "{emptied}: {result:?}");
    }
}

/// LMDB would take the older of its two states for the newest.
#[test]
fn an_older_state_of_the_log_is_not_taken_for_the_newest() {
    // A number that is too small by two looks like that of the state before.
    for bit in (0..64).filter(|bit| *bit != 1) {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        wait(store.create_user(user(1, "one"))).unwrap();
        drop(store);
        let path = dir.path().join("log/data.mdb");
        let mut bytes = fs::read(&path).unwrap();
        let number = |page: usize| page * 4096 + 144..page * 4096 + 152;
        let newest = if bytes[number(0)] > bytes[number(1)] { number(0) } else { number(1) };
        bytes[newest][bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, bytes).unwrap();
        let result = Store::open(dir.path(), &Options::default());
        assert!(matches!(result, Err(OpenError::Damaged { .. })), "{bit}: {result:?}");
    }
}

fn replace_bytes(path: &Path, old: &[u8], new: &[u8]) {
    let mut bytes = fs::read(path).unwrap();
    let places: Vec<_> = (0..bytes.len() - old.len()).filter(|&at| bytes[at..].starts_with(old)).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + new.len()].copy_from_slice(new);
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn lists_are_there_again_with_their_order_and_their_holes() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    (1..=40).for_each(|id| wait(store.create_user(user(id, &format!("user{id}")))).unwrap());
    let mut state = 7_u64;
    let mut step = |store: &Store| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (one, other) = (1 + (state >> 33) % 40, 1 + (state >> 43) % 3);
        if one != other && !(state >> 60).is_multiple_of(3) {
            follow(store, one, other).unwrap();
        } else if one != other {
            unfollow(store, one, other).unwrap();
        }
    };
    let held = |store: &Store| {
        let lists = (1..=40).flat_map(|id| Direction::BOTH.map(|direction| list(store, id, direction)));
        let mut batch = wait(store.users_by_ids(&[1, 2, 3].map(UserId::new), store::Detail::Full)).unwrap();
        wait(store.load_counts(&mut batch)).unwrap();
        let counts = [0, 1, 2].map(|at| batch.get(at).unwrap().metrics.followers);
        (lists.collect::<Vec<_>>(), counts, wait(store.export_edges(None, 10_000)).unwrap())
    };
    let mut store = store;
    for round in 0..12 {
        (0..300).for_each(|_| step(&store));
        if round % 4 == 1 {
            wait(store.merge()).unwrap();
        }
        (0..30).for_each(|_| step(&store));
        let before = held(&store);
        store.close();
        store = open(dir.path());
        assert_eq!(held(&store), before, "round {round}");
    }
}
