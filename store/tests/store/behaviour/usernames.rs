//! Who bears which username after an import.

use model::{Conflict, Observation, UserId, Username};
use store::{GivenUp, Store};

use crate::support::{import, name, owner, profile, seen, user, wait};

fn derived(id: u64) -> Username {
    Username::derived(UserId::new(id), 0)
}

fn username_of(store: &Store, id: u64) -> Username {
    wait(store.user(UserId::new(id))).unwrap().unwrap().username
}

fn given_up(id: u64, old: &str) -> GivenUp {
    GivenUp { id: UserId::new(id), old: name(old), new: derived(id) }
}

pub(super) fn renames_of_one_batch_are_settled_together(store: &Store) {
    import(store, vec![profile(seen(1, "a", 1)), profile(seen(2, "b", 1)), profile(seen(3, "c", 1))]);
    let done = import(store, vec![profile(seen(1, "b", 2)), profile(seen(2, "c", 2)), profile(seen(3, "d", 2))]);
    assert_eq!(done.usernames_given_up, 0);
    assert_eq!(["a", "b", "c", "d"].map(|name| owner(store, name)), [None, Some(1), Some(2), Some(3)]);
}

pub(super) fn users_may_swap_usernames_in_one_batch(store: &Store) {
    import(store, vec![profile(seen(1, "a", 1)), profile(seen(2, "b", 1))]);
    let done = import(store, vec![profile(seen(1, "B", 2)), profile(seen(2, "A", 3))]);
    assert_eq!(done.usernames_given_up, 0);
    assert_eq!(["a", "b"].map(|name| owner(store, name)), [Some(2), Some(1)]);
}

pub(super) fn the_newer_observation_gets_the_username(store: &Store) {
    let done = import(store, vec![profile(seen(1, "jack", 5)), profile(seen(2, "JACK", 6)), profile(user(3, "jack"))]);
    assert_eq!(owner(store, "jack"), Some(2));
    assert_eq!((username_of(store, 1), username_of(store, 3)), (derived(1), derived(3)));
    assert_eq!(done.given_up, [given_up(1, "jack"), given_up(3, "jack")]);
}

pub(super) fn a_user_outside_the_batch_gives_a_username_up_to_a_newer_observation(store: &Store) {
    import(store, vec![profile(seen(1, "jack", 5))]);
    let done = import(store, vec![profile(seen(2, "jack", 6))]);
    assert_eq!((owner(store, "jack"), username_of(store, 1)), (Some(2), derived(1)));
    assert_eq!(done.given_up, [given_up(1, "jack")]);
    assert_eq!(done.users.changed, 0, "the file does not speak of user 1");
}

pub(super) fn a_user_outside_the_batch_keeps_a_username_against_an_older_observation(store: &Store) {
    import(store, vec![profile(seen(1, "jack", 5))]);
    for (id, seconds) in [(2, 4), (3, 5)] {
        let done = import(store, vec![profile(seen(id, "jack", seconds))]);
        assert_eq!((owner(store, "jack"), username_of(store, id)), (Some(1), derived(id)));
        assert_eq!(done.given_up, [given_up(id, "jack")]);
    }
}

pub(super) fn keep_and_replace_decide_usernames_too(store: &Store) {
    import(store, vec![profile(seen(1, "jack", 5))]);
    wait(store.import(vec![profile(seen(2, "jack", 9))], Conflict::Keep)).unwrap();
    assert_eq!(owner(store, "jack"), Some(1));
    wait(store.import(vec![profile(seen(3, "jack", 1))], Conflict::Replace)).unwrap();
    assert_eq!(owner(store, "jack"), Some(3));
}

pub(super) fn derived_usernames_give_way_to_real_ones(store: &Store) {
    let stub = |id, seconds| Observation::State {
        id: Some(UserId::new(id)),
        username: None,
        state: model::AccountState::Suspended,
        at: crate::support::at(seconds),
    };
    import(store, vec![stub(36, 10)]);
    assert_eq!(owner(store, "_10"), Some(36));
    import(store, vec![profile(seen(1, "_10", 1))]);
    assert_eq!((owner(store, "_10"), owner(store, "__10")), (Some(1), Some(36)));
    let moved = wait(store.user(UserId::new(36))).unwrap().unwrap();
    assert_eq!(moved.name, "__10", "a stub is called by its username");
}

pub(super) fn a_derived_username_that_is_taken_gets_another_underscore(store: &Store) {
    import(store, vec![profile(seen(1, "_10", 1)), profile(seen(2, "__10", 1)), profile(seen(3, "jack", 9))]);
    let done = import(store, vec![profile(seen(36, "jack", 8))]);
    let new = Username::derived(UserId::new(36), 2);
    assert_eq!(done.given_up, [GivenUp { id: UserId::new(36), old: name("jack"), new }]);
    assert_eq!(new, name("___10"));
    assert_eq!(owner(store, "___10"), Some(36));
}

pub(super) fn the_order_of_the_lines_does_not_decide(store: &Store) {
    import(store, vec![profile(seen(1, "a", 1)), profile(seen(2, "b", 2))]);
    let mut batch =
        vec![profile(seen(1, "c", 5)), profile(seen(2, "a", 6)), profile(seen(3, "b", 3)), profile(seen(4, "A", 4))];
    batch.reverse();
    import(store, batch);
    assert_eq!(["a", "b", "c"].map(|name| owner(store, name)), [Some(2), Some(3), Some(1)]);
    assert_eq!(username_of(store, 4), derived(4));
}
