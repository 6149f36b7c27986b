//! Search by the beginning of a username or a name.

use model::{User, UserChange, UserId};
use store::{SearchBy, Store};

use crate::support::{import, name, profile, update, user, wait};

fn named(id: u64, username: &str, text: &str) -> User {
    User { name: text.to_owned(), ..user(id, username) }
}

fn found(store: &Store, by: SearchBy, prefix: &str) -> Vec<u64> {
    let page = wait(store.search_users(by, prefix, None, 10)).unwrap();
    assert_eq!(page.next, None);
    (0..page.users.len()).filter_map(|at| Some(page.users.get(at)?.id.get())).collect()
}

fn some_users(store: &Store) {
    let users = [
        named(1, "jack", "Jack Dorsey"),
        named(2, "Jackie_O", "⭐ jackie O'Neill"),
        named(3, "_jane", "Ærlig Jane"),
        named(4, "jaguar", "The quick brown fox jumps over"),
        named(5, "zoe", "The quick brown fox sleeps"),
    ];
    import(store, users.map(profile).into());
}

pub(super) fn a_search_finds_beginnings_in_alphabetical_order(store: &Store) {
    some_users(store);
    for merged in [false, true] {
        for (by, prefix, expected) in [
            (SearchBy::Username, "ja", vec![1, 2, 4]),
            (SearchBy::Username, "@JACK", vec![1, 2]),
            (SearchBy::Username, "_", vec![3]),
            (SearchBy::Username, "jackie_o_", vec![]),
            (SearchBy::Username, "", vec![3, 1, 2, 4, 5]),
            (SearchBy::Name, "JACK", vec![1, 2]),
            (SearchBy::Name, "ærlig", vec![3]),
            (SearchBy::Name, "the quick brown fox s", vec![5]),
            (SearchBy::Name, "quick", vec![]),
        ] {
            assert_eq!(found(store, by, prefix), expected, "{by:?} {prefix:?}, merged: {merged}");
        }
        wait(store.merge()).unwrap();
    }
}

pub(super) fn a_search_goes_on_behind_the_last_user_of_a_page(store: &Store) {
    some_users(store);
    wait(store.merge()).unwrap();
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = wait(store.search_users(SearchBy::Username, "j", after, 1)).unwrap();
        ids.extend((0..page.users.len()).filter_map(|at| Some(page.users.get(at)?.id.get())));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(ids, [1, 2, 4]);
}

pub(super) fn a_search_knows_what_changed_since_the_merge(store: &Store) {
    some_users(store);
    wait(store.merge()).unwrap();
    update(store, 1, [UserChange::Username(name("zack")), UserChange::Name("Zack".to_owned())]).unwrap();
    wait(store.delete_user(UserId::new(2))).unwrap();
    import(store, vec![profile(named(6, "jabber", "Wocky"))]);
    assert_eq!(found(store, SearchBy::Username, "ja"), [6, 4]);
    assert_eq!(found(store, SearchBy::Username, "za"), [1]);
    assert_eq!(found(store, SearchBy::Name, "jack"), [0; 0]);
    assert_eq!(found(store, SearchBy::Name, "w"), [6]);
}
