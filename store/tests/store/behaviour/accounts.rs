//! Creating, changing and deleting single users.

use model::{AccountState, User, UserChange, UserId};
use store::{ChangeError, Store, UserKey};

use crate::support::{at, name, owner, seen, update, user, wait};

pub(super) fn created_users_are_found_by_id_and_by_username(store: &Store) {
    wait(store.create_user(user(7, "Jack"))).unwrap();
    assert_eq!(wait(store.user(UserId::new(7))).unwrap(), Some(user(7, "Jack")));
    let by_id = wait(store.users_by_ids(&[UserId::new(7)], store::Detail::Full)).unwrap();
    let by_name = wait(store.users_by_usernames(&[name("jACK")], store::Detail::Full)).unwrap();
    for batch in [by_id, by_name] {
        let user = batch.get(0).unwrap();
        assert_eq!(
            (user.id.get(), user.name.as_bytes(), user.username.as_bytes()),
            (7, &b"Name of 7"[..], &b"Jack"[..])
        );
    }
}

pub(super) fn batches_keep_the_order_of_the_request(store: &Store) {
    for id in 1..=3 {
        wait(store.create_user(user(id, &format!("user{id}")))).unwrap();
    }
    let batch = wait(store.users_by_ids(&[3, 9, 1, 3].map(UserId::new), store::Detail::Full)).unwrap();
    let ids: Vec<_> = (0..batch.len()).map(|i| batch.get(i).map(|user| user.id.get())).collect();
    assert_eq!(ids, [Some(3), None, Some(1), Some(3)]);
    assert!(batch.get(4).is_none());
}

pub(super) fn what_is_announced_changes_no_answer(store: &Store) {
    let keys = ["jACK", "jim", "nobody"].map(|text| UserKey::Username(name(text)));
    let keys = [UserKey::Id(UserId::new(7)), UserKey::Id(UserId::new(8))].into_iter().chain(keys);
    let answers = || {
        keys.clone().for_each(|key| store.announce_head(store.announce(&key)));
        (["jack", "jim", "nobody"].map(|name| owner(store, name)), wait(store.user(UserId::new(8))).unwrap())
    };
    assert_eq!(answers(), ([None; 3], None));
    wait(store.create_user(user(7, "Jack"))).unwrap();
    wait(store.create_user(user(8, "jill"))).unwrap();
    let before = answers();
    assert_eq!(before, ([Some(7), None, None], Some(user(8, "jill"))));
    wait(store.merge()).unwrap();
    assert_eq!(answers(), before);
    // Now the index is wrong, until the next merge.
    update(store, 7, [UserChange::Username(name("jim"))]).unwrap();
    wait(store.delete_user(UserId::new(8))).unwrap();
    let after = answers();
    assert_eq!(after, ([None, Some(7), None], None));
    wait(store.merge()).unwrap();
    assert_eq!(answers(), after);
}

pub(super) fn suspended_and_deactivated_users_are_returned_with_their_state(store: &Store) {
    for (id, state) in [(1, AccountState::Suspended), (2, AccountState::Deactivated)] {
        wait(store.create_user(User { state, ..user(id, &format!("user{id}")) })).unwrap();
        let batch = wait(store.users_by_ids(&[UserId::new(id)], store::Detail::Full)).unwrap();
        assert_eq!(batch.get(0).unwrap().state, state);
    }
}

pub(super) fn a_taken_id_is_refused(store: &Store) {
    wait(store.create_user(user(7, "jack"))).unwrap();
    let id = UserId::new(7);
    assert_eq!(wait(store.create_user(user(7, "other"))), Err(ChangeError::IdTaken { id }));
    assert_eq!(owner(store, "other"), None);
}

pub(super) fn a_username_that_differs_in_case_alone_is_taken(store: &Store) {
    wait(store.create_user(user(7, "jack"))).unwrap();
    let taken = |username| Err(ChangeError::UsernameTaken { username: name(username), by: UserId::new(7) });
    assert_eq!(wait(store.create_user(user(8, "JACK"))), taken("JACK"));
    wait(store.create_user(user(8, "jill"))).unwrap();
    assert_eq!(update(store, 8, [UserChange::Username(name("Jack"))]), taken("Jack"));
}

pub(super) fn changes_are_made_whole_or_not_at_all(store: &Store) {
    wait(store.create_user(user(7, "jack"))).unwrap();
    wait(store.create_user(user(8, "jill"))).unwrap();
    let changes = [UserChange::Protected(true), UserChange::Username(name("jack"))];
    assert!(update(store, 8, changes).is_err());
    assert_eq!(wait(store.user(UserId::new(8))).unwrap(), Some(user(8, "jill")));
}

pub(super) fn a_change_is_an_observation_at_its_time(store: &Store) {
    wait(store.create_user(seen(7, "jack", 1))).unwrap();
    wait(store.update_user(UserId::new(7), vec![UserChange::Name("J".to_owned())], at(5))).unwrap();
    let changed = wait(store.user(UserId::new(7))).unwrap().unwrap();
    assert_eq!(changed, User { name: "J".to_owned(), ..seen(7, "jack", 5) });
}

pub(super) fn unknown_users_cannot_be_changed_or_deleted(store: &Store) {
    let id = UserId::new(7);
    assert_eq!(update(store, 7, [UserChange::Protected(true)]), Err(ChangeError::UnknownUser { id }));
    assert_eq!(wait(store.delete_user(id)), Err(ChangeError::UnknownUser { id }));
}

pub(super) fn a_rename_frees_the_old_username(store: &Store) {
    wait(store.create_user(user(7, "jack"))).unwrap();
    update(store, 7, [UserChange::Username(name("dorsey"))]).unwrap();
    assert_eq!((owner(store, "jack"), owner(store, "Dorsey")), (None, Some(7)));
    wait(store.create_user(user(8, "Jack"))).unwrap();
    assert_eq!(owner(store, "jack"), Some(8));
}

pub(super) fn a_rename_may_change_the_case_of_the_own_username(store: &Store) {
    wait(store.create_user(user(7, "jack"))).unwrap();
    update(store, 7, [UserChange::Username(name("JACK"))]).unwrap();
    assert_eq!(wait(store.user(UserId::new(7))).unwrap().unwrap().username, name("JACK"));
    assert_eq!(owner(store, "jack"), Some(7));
}

pub(super) fn suspended_and_deactivated_users_keep_their_username(store: &Store) {
    wait(store.create_user(user(7, "jack"))).unwrap();
    for state in [AccountState::Suspended, AccountState::Deactivated] {
        update(store, 7, [UserChange::State(state)]).unwrap();
        assert!(wait(store.create_user(user(8, "jack"))).is_err());
    }
}

pub(super) fn deleting_frees_the_username_and_the_id(store: &Store) {
    wait(store.create_user(user(7, "jack"))).unwrap();
    wait(store.delete_user(UserId::new(7))).unwrap();
    assert_eq!(wait(store.user(UserId::new(7))).unwrap(), None);
    assert_eq!(owner(store, "jack"), None);
    wait(store.create_user(user(7, "again"))).unwrap();
    wait(store.create_user(user(8, "jack"))).unwrap();
    assert_eq!((owner(store, "again"), owner(store, "jack")), (Some(7), Some(8)));
}

/// Asked at once, so that the claims meet in one group of the writer.
pub(super) fn simultaneous_claims_of_a_username_have_one_winner(store: &Store) {
    let threads: Vec<_> = (1..=16)
        .map(|id| {
            let store = store.clone();
            std::thread::spawn(move || wait(store.create_user(user(id, if id % 2 == 0 { "jack" } else { "JACK" }))))
        })
        .collect();
    let results: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    let winner = owner(store, "jack").unwrap();
    for (id, result) in (1..).zip(results) {
        if id == winner {
            assert_eq!(result, Ok(()));
        } else {
            let lost = matches!(result, Err(ChangeError::UsernameTaken { by, .. }) if by == UserId::new(winner));
            assert!(lost, "{id}: {result:?}");
        }
    }
}
