//! Large imports beside live changes.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use model::{Conflict, UserChange, UserId};

use crate::support::{all_users, name, open, open_with_budget, owner, profile, seen, update, wait};

/// Whatever comes first, the cut or the change: what was acknowledged is there, every user
/// once, and every username is of one.
#[test]
fn live_changes_during_a_large_import_are_newer() {
    for round in 0..30 {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open_with_budget(dir.path(), if round % 2 == 0 { 0 } else { 1 << 20 });
        wait(store.create_user(seen(1, "user1", 1))).unwrap();
        let mut part = store.bulk_part();
        for id in 1..2000 {
            part.add(profile(seen(id, &format!("user{id}"), 2)), id).unwrap();
        }
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
