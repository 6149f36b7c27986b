//! What users have to do with each other besides follows: wishes to follow, blocks and mutes.

use model::{AccountState, Direction, UserChange, UserId};
use store::{ChangeError, Followed, Relation, Store};

use crate::support::{follow, list, people, relation, unfollow, update, user, wait};

const fn id(id: u64) -> UserId {
    UserId::new(id)
}

fn ask(store: &Store, follower: u64, followed: u64) -> Followed {
    wait(store.follow(id(follower), id(followed))).unwrap()
}

fn accept(store: &Store, follower: u64, by: u64) -> Result<(), ChangeError> {
    wait(store.accept_follow(id(follower), id(by)))
}

fn reject(store: &Store, follower: u64, by: u64) -> Result<(), ChangeError> {
    wait(store.reject_follow(id(follower), id(by)))
}

fn block(store: &Store, by: u64, of: u64) {
    wait(store.set_block(id(by), id(of), true)).unwrap();
}

fn mute(store: &Store, by: u64, of: u64, mutes: bool) {
    wait(store.set_mute(id(by), id(of), mutes)).unwrap();
}

fn waiting(store: &Store, of: u64) -> Vec<u64> {
    store.pending_follows(id(of)).into_iter().map(UserId::get).collect()
}

fn protect(store: &Store, of: u64, protected: bool) {
    update(store, of, [UserChange::Protected(protected)]).unwrap();
}

pub(super) fn a_protected_user_decides_who_follows(store: &Store) {
    people(store, 4);
    assert_eq!(ask(store, 2, 1), Followed::Follows);
    protect(store, 1, true);
    assert_eq!(ask(store, 2, 1), Followed::Follows, "who follows already stays");
    assert_eq!(ask(store, 3, 1), Followed::Pending);
    assert_eq!(ask(store, 4, 1), Followed::Pending);
    assert_eq!(ask(store, 3, 1), Followed::Pending, "asking again changes nothing");
    assert_eq!(waiting(store, 1), [4, 3]);
    assert_eq!(list(store, 1, Direction::Followers), [2]);
    let sent = Relation { follow_request_sent: true, ..Relation::default() };
    let received = Relation { follow_request_received: true, ..Relation::default() };
    assert_eq!((relation(store, 3, 1), relation(store, 1, 3)), (sent, received));
    accept(store, 3, 1).unwrap();
    reject(store, 4, 1).unwrap();
    assert_eq!(list(store, 1, Direction::Followers), [3, 2]);
    assert_eq!(waiting(store, 1), [0; 0]);
    accept(store, 3, 1).unwrap();
    assert_eq!(list(store, 1, Direction::Followers), [3, 2]);
    assert_eq!((relation(store, 4, 1), relation(store, 3, 1).following), (Relation::default(), true));
}

pub(super) fn only_who_waits_is_accepted_or_rejected(store: &Store) {
    people(store, 2);
    protect(store, 1, true);
    let not_pending = Err(ChangeError::NotPending { follower: id(2), followed: id(1) });
    assert_eq!(accept(store, 2, 1), not_pending);
    assert_eq!(reject(store, 2, 1), not_pending);
    assert_eq!(accept(store, 9, 1), Err(ChangeError::UnknownUser { id: id(9) }));
    assert_eq!(reject(store, 2, 9), Err(ChangeError::UnknownUser { id: id(9) }));
    ask(store, 2, 1);
    update(store, 2, [UserChange::State(AccountState::Suspended)]).unwrap();
    assert_eq!(accept(store, 2, 1), Err(ChangeError::Inactive { id: id(2) }));
    assert_eq!(waiting(store, 1), [2], "the wish outlasts a suspension");
}

pub(super) fn a_wish_is_withdrawn_like_a_follow(store: &Store) {
    people(store, 2);
    protect(store, 1, true);
    ask(store, 2, 1);
    unfollow(store, 2, 1).unwrap();
    assert_eq!((waiting(store, 1), relation(store, 2, 1)), (vec![], Relation::default()));
}

pub(super) fn a_user_who_is_protected_no_more_accepts_nobody_by_that(store: &Store) {
    people(store, 3);
    protect(store, 1, true);
    ask(store, 2, 1);
    protect(store, 1, false);
    assert_eq!((waiting(store, 1), list(store, 1, Direction::Followers)), (vec![2], vec![]));
    assert_eq!(ask(store, 2, 1), Followed::Follows);
    assert_eq!((waiting(store, 1), list(store, 1, Direction::Followers)), (vec![], vec![2]));
}

pub(super) fn a_block_ends_what_is_between_two_and_keeps_it_from_coming_back(store: &Store) {
    people(store, 3);
    [(1, 2), (2, 1), (3, 2)].into_iter().for_each(|(one, other)| follow(store, one, other).unwrap());
    block(store, 1, 2);
    assert_eq!(list(store, 2, Direction::Followers), [3]);
    assert_eq!(list(store, 2, Direction::Following), [0; 0]);
    let blocked = Err(ChangeError::Blocked { id: id(2), by: id(1) });
    assert_eq!((follow(store, 1, 2), follow(store, 2, 1)), (blocked.clone(), blocked));
    let blocking = Relation { blocking: true, ..Relation::default() };
    let blocked_by = Relation { blocked_by: true, ..Relation::default() };
    assert_eq!((relation(store, 1, 2), relation(store, 2, 1)), (blocking, blocked_by));
    wait(store.set_block(id(1), id(2), false)).unwrap();
    assert_eq!(relation(store, 1, 2), Relation::default());
    follow(store, 2, 1).unwrap();
    protect(store, 3, true);
    ask(store, 1, 3);
    block(store, 3, 1);
    assert_eq!(waiting(store, 3), [0; 0]);
}

pub(super) fn a_mute_ends_nothing_and_the_other_one_does_not_notice(store: &Store) {
    people(store, 2);
    follow(store, 1, 2).unwrap();
    (0..2).for_each(|_| mute(store, 1, 2, true));
    assert_eq!(relation(store, 1, 2), Relation { muting: true, following: true, ..Relation::default() });
    assert_eq!(relation(store, 2, 1), Relation { followed_by: true, ..Relation::default() });
    mute(store, 1, 2, false);
    assert_eq!(relation(store, 1, 2), Relation { following: true, ..Relation::default() });
}

pub(super) fn nobody_blocks_or_mutes_itself_or_nobody(store: &Store) {
    people(store, 1);
    assert_eq!(wait(store.set_block(id(1), id(1), true)), Err(ChangeError::SelfTie { id: id(1) }));
    assert_eq!(wait(store.set_mute(id(1), id(1), true)), Err(ChangeError::SelfTie { id: id(1) }));
    assert_eq!(wait(store.set_block(id(1), id(9), true)), Err(ChangeError::UnknownUser { id: id(9) }));
    assert_eq!(wait(store.set_mute(id(9), id(1), true)), Err(ChangeError::UnknownUser { id: id(9) }));
}

pub(super) fn ties_go_with_either_of_the_two_users(store: &Store) {
    people(store, 3);
    protect(store, 1, true);
    ask(store, 2, 1);
    mute(store, 2, 3, true);
    block(store, 3, 1);
    for gone in [2, 1] {
        wait(store.delete_user(id(gone))).unwrap();
        wait(store.create_user(user(gone, &format!("again{gone}")))).unwrap();
    }
    assert_eq!(waiting(store, 1), [0; 0]);
    for (one, other) in [(1, 2), (2, 1), (2, 3), (3, 2), (3, 1), (1, 3)] {
        assert_eq!(relation(store, one, other), Relation::default());
    }
}

pub(super) fn relations_of_a_page_are_those_of_each_user_on_it(store: &Store) {
    people(store, 40);
    (2..=40).filter(|other| other % 2 == 0).for_each(|other| follow(store, 1, other).unwrap());
    (2..=40).filter(|other| other % 3 == 0).for_each(|other| follow(store, other, 1).unwrap());
    mute(store, 1, 5, true);
    unfollow(store, 1, 6).unwrap();
    let ids: Vec<UserId> = (0..=41).chain([2]).map(id).collect();
    let batch = wait(store.users_by_ids(&ids, store::Detail::Full)).unwrap();
    let whole = wait(store.relations(id(1), &batch)).unwrap();
    let single: Vec<_> = ids.iter().map(|other| relation(store, 1, other.get())).collect();
    assert_eq!(whole, single);
    assert_eq!(whole.iter().filter(|relation| relation.following).count(), 20);
    assert_eq!(whole.iter().filter(|relation| relation.followed_by).count(), 13);
}
