//! Large imports: beside live changes, given up, refused, and of what only names say.

use std::collections::BTreeSet;
use std::fs;
use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Waker};

use model::{AccountState, Conflict, Observation, UserChange, UserId};
use store::{BulkPart, ChangeError, Store};

use crate::opening::kept;
use crate::support::{all_users, at, faults, name, open, open_with_budget, owner, profile, seen, update, wait};

/// Users with these ids, observed in second 2.
fn part_of(store: &Store, ids: std::ops::Range<u64>) -> BulkPart {
    let mut part = store.bulk_part(1);
    ids.for_each(|id| part.add(profile(seen(id, &format!("user{id}"), 2)), id).unwrap());
    part
}

/// Whether the directory of segments holds the files that the store names, and nothing else.
fn has_no_other_files(dir: &Path, store: &Store) -> bool {
    let there = fs::read_dir(dir.join("segments")).unwrap().map(|entry| entry.unwrap().file_name());
    let there: BTreeSet<String> = there.map(|name| format!("segments/{}", name.to_str().unwrap())).collect();
    let named = store.files().into_iter().map(|file| file.name).filter(|name| name.starts_with("segments/"));
    there == named.collect()
}

/// Whatever comes first, the cut or the change: what was acknowledged is there, every user
/// once, and every username is of one.
#[test]
fn live_changes_during_a_large_import_are_newer() {
    for round in 0..30 {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open_with_budget(dir.path(), if round % 2 == 0 { 0 } else { 1 << 20 });
        wait(store.create_user(seen(1, "user1", 1))).unwrap();
        let part = part_of(&store, 1..2000);
        let created = {
            let mut import = pin!(store.import_bulk(vec![part], Conflict::Newer));
            assert!(import.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            let twice = wait(store.create_user(seen(5, "five", 9))).is_ok();
            let same_name = wait(store.create_user(seen(9001, "USER7", 9))).is_ok();
            update(&store, 1, [UserChange::Verified(true)]).unwrap();
            let other = wait(store.create_user(seen(9002, "other", 9))).is_ok();
            assert!(other);
            wait(import).unwrap();
            (twice, same_name)
        };
        for _ in 0..3 {
            let mut users = all_users(&store, 100);
            users.sort_by_key(|user| user.id);
            let ids: Vec<u64> = users.iter().map(|user| user.id.get()).collect();
            let expected: Vec<u64> = (1..2000).chain(created.1.then_some(9001)).chain([9002]).collect();
            assert_eq!(ids, expected);
            assert_eq!(store.stats().users, users.len() as u64);
            for user in &users {
                assert_eq!(owner(&store, user.username.as_str()), Some(user.id.get()), "{}", user.username);
            }
            let username = |id| wait(store.user(UserId::new(id))).unwrap().map(|user| user.username);
            assert_eq!(username(5), Some(name(if created.0 { "five" } else { "user5" })));
            assert_eq!(owner(&store, "user7"), Some(if created.1 { 9001 } else { 7 }));
            assert!(wait(store.user(UserId::new(1))).unwrap().unwrap().verified);
            wait(store.merge()).unwrap();
            drop(store);
            store = open(dir.path());
        }
    }
}

/// Its records are written anew by the merge of the import, which says nothing of them.
#[test]
fn a_live_change_of_a_user_of_an_earlier_format_outlives_an_import_that_replaces() {
    for _ in 0..10 {
        let dir = kept("format-1");
        let store = open(dir.path());
        let id = UserId::new(2_244_994_945);
        let user = || wait(store.user(id)).unwrap().unwrap();
        let before = user();
        let part = part_of(&store, 1..2000);
        let mut import = pin!(store.import_bulk(vec![part], Conflict::Replace));
        assert!(import.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        update(&store, id.get(), [UserChange::Protected(!before.protected)]).unwrap();
        wait(import).unwrap();
        assert_eq!(user().protected, !before.protected);
    }
}

/// What it says on the way depends on when one looks; on the whole it goes on, and stays in bounds.
#[test]
fn a_large_import_says_how_far_it_is_until_it_ends() {
    for known in [0, 3000] {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        if known > 0 {
            wait(store.import_bulk(vec![part_of(&store, 1..known)], Conflict::Newer)).unwrap();
        }
        assert_eq!(store.merge_progress(), None);
        let mut seen = Vec::new();
        {
            let mut import = pin!(store.import_bulk(vec![part_of(&store, 1000..30_000)], Conflict::Replace));
            while import.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
                seen.extend(store.merge_progress());
                std::thread::yield_now();
            }
        }
        assert!(seen.is_sorted_by_key(|progress| progress.done), "{seen:?}");
        assert!(seen.iter().all(|progress| progress.done <= progress.of && progress.of == seen[0].of), "{seen:?}");
        let [first, last] = [seen.first(), seen.last()].map(|seen| seen.unwrap().done);
        assert!(first < last, "{first} to {last}");
        assert_eq!(store.merge_progress(), None);
    }
}

/// Who asked for it is gone at once, or while the merge is on its way.
#[test]
fn an_import_that_nobody_waits_for_is_given_up() {
    let mut given_up = 0;
    for round in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        wait(store.create_user(seen(1, "user1", 1))).unwrap();
        {
            let mut import = pin!(store.import_bulk(vec![part_of(&store, 1..5000)], Conflict::Newer));
            assert!(import.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            while round % 2 == 0 && !store.stats().merging {
                std::thread::yield_now();
            }
        }
        wait(store.merge()).unwrap();
        let users = all_users(&store, 1000).len();
        assert!(users == 1 || users == 4999, "{users} users");
        given_up += usize::from(users == 1);
        let stats = store.stats();
        assert_eq!((stats.failed_merges, stats.log_rows), (0, 0));
        assert!(has_no_other_files(dir.path(), &store));
        wait(store.import_bulk(vec![part_of(&store, 1..9)], Conflict::Newer)).unwrap();
        assert_eq!(owner(&store, "user8"), Some(8));
    }
    assert!(given_up > 0);
}

#[test]
fn imports_do_not_wait_for_merges_that_cannot_be_made() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    wait(store.create_user(seen(1, "user1", 1))).unwrap();
    // In the place of a file that merges begin with.
    let obstacle = dir.path().join("segments/user-records-1");
    fs::create_dir(&obstacle).unwrap();
    for _ in 0..2 {
        let refused = wait(store.import_bulk(vec![part_of(&store, 1..9)], Conflict::Newer));
        assert!(matches!(refused, Err(ChangeError::MergeFailed { .. })), "{refused:?}");
    }
    assert!(store.stats().failed_merges >= 2);
    drop(store);
    fs::remove_dir(&obstacle).unwrap();
    assert_eq!(faults(dir.path()), Vec::<String>::new());
    let store = open(dir.path());
    assert_eq!(all_users(&store, 10).len(), 1);
    wait(store.import_bulk(vec![part_of(&store, 1..9)], Conflict::Newer)).unwrap();
    assert_eq!(all_users(&store, 10).len(), 8);
}

#[test]
fn a_state_of_a_username_comes_with_the_import_that_says_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut part = part_of(&store, 1..3);
    let states = [("user2", AccountState::Suspended), ("nobody", AccountState::Suspended)];
    for ((username, state), place) in states.into_iter().zip(10..) {
        let state = Observation::State { id: None, username: Some(name(username)), state, at: at(3) };
        part.add(state, place).unwrap();
    }
    let done = wait(store.import_bulk(vec![part], Conflict::Newer)).unwrap();
    assert_eq!((done.users.new, done.states.changed, done.unknown_usernames), (2, 1, 1));
    assert_eq!(store.stats().log_rows, 1, "the state is in the transaction that names the files");
    assert_eq!(wait(store.user(UserId::new(2))).unwrap().unwrap().state, AccountState::Suspended);
}

/// Whether the cut comes before or after them: of two imports at a time the newer observation
/// counts, and a name that one takes away takes nothing else away.
#[test]
fn a_small_import_during_a_large_one_hides_nothing_that_is_newer() {
    for round in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        for id in [1, 2] {
            wait(store.import(vec![profile(seen(id, &format!("old{id}"), 0))], Conflict::Newer)).unwrap();
        }
        let mut import = Box::pin(store.import_bulk(vec![part_of(&store, 1..5000)], Conflict::Newer));
        assert!(import.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        while round % 2 == 0 && !store.stats().merging {
            std::thread::yield_now();
        }
        let small = vec![profile(seen(1, "older", 1)), profile(seen(9001, "old2", 3))];
        wait(store.import(small, Conflict::Newer)).unwrap();
        wait(import).unwrap();
        for id in [1, 2] {
            let user = wait(store.user(UserId::new(id))).unwrap().unwrap();
            assert_eq!((user.username, user.observed_at), (name(&format!("user{id}")), Some(at(2))));
        }
        assert_eq!([owner(&store, "older"), owner(&store, "old2")], [None, Some(9001)]);
        wait(store.merge()).unwrap();
        drop(store);
        assert_eq!(faults(dir.path()), Vec::<String>::new());
    }
}
