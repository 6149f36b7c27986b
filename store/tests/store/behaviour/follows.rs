//! Follows: who is on a list, in which order, on which page, and what is counted.

use model::{AccountState, Direction, UserChange, UserId};
use store::{ChangeError, Detail, Followed, ListStart, Store};

use crate::support::{follow, follows, import, list, people, profile, seen, unfollow, update, user, wait};

pub(super) fn both_lists_show_a_follow_and_the_newest_comes_first(store: &Store) {
    people(store, 4);
    [(1, 2), (3, 2), (4, 2), (1, 3)].into_iter().for_each(|(one, other)| follow(store, one, other).unwrap());
    assert_eq!(list(store, 2, Direction::Followers), [4, 3, 1]);
    assert_eq!(list(store, 1, Direction::Following), [3, 2]);
    assert_eq!(list(store, 2, Direction::Following), [0; 0]);
    assert!(follows(store, 1, 2) && !follows(store, 2, 1));
}

pub(super) fn repeating_a_follow_or_its_end_changes_nothing(store: &Store) {
    people(store, 3);
    [(1, 2), (3, 2), (1, 2)].into_iter().for_each(|(one, other)| follow(store, one, other).unwrap());
    assert_eq!(list(store, 2, Direction::Followers), [3, 1]);
    (0..2).for_each(|_| unfollow(store, 1, 2).unwrap());
    assert_eq!(list(store, 2, Direction::Followers), [3]);
    assert_eq!(list(store, 1, Direction::Following), [0; 0]);
}

pub(super) fn who_follows_again_comes_to_the_top(store: &Store) {
    people(store, 3);
    [(1, 2), (3, 2)].into_iter().for_each(|(one, other)| follow(store, one, other).unwrap());
    for _ in 0..3 {
        unfollow(store, 1, 2).unwrap();
        follow(store, 1, 2).unwrap();
    }
    assert_eq!(list(store, 2, Direction::Followers), [1, 3]);
    assert_eq!(list(store, 1, Direction::Following), [2]);
}

pub(super) fn follows_that_cannot_be_are_refused(store: &Store) {
    people(store, 3);
    update(store, 3, [UserChange::State(AccountState::Suspended)]).unwrap();
    let id = UserId::new;
    assert_eq!(follow(store, 1, 1), Err(ChangeError::SelfFollow { id: id(1) }));
    assert_eq!(follow(store, 1, 9), Err(ChangeError::UnknownUser { id: id(9) }));
    assert_eq!(follow(store, 9, 1), Err(ChangeError::UnknownUser { id: id(9) }));
    assert_eq!(follow(store, 1, 3), Err(ChangeError::Inactive { id: id(3) }));
    assert_eq!(follow(store, 3, 1), Err(ChangeError::Inactive { id: id(3) }));
    assert_eq!(unfollow(store, 1, 9), Err(ChangeError::UnknownUser { id: id(9) }));
    assert_eq!(wait(store.follow(id(1), id(2))), Ok(Followed::Follows));
}

pub(super) fn pages_lead_down_and_up_again(store: &Store) {
    people(store, 8);
    (2..=8).for_each(|other| follow(store, other, 1).unwrap());
    unfollow(store, 5, 1).unwrap();
    let page = |start, limit| {
        let page =
            wait(store.list_page(UserId::new(1), Direction::Followers, start, limit, Detail::Full)).unwrap().unwrap();
        let ids = (0..page.users.len()).map(|at| page.users.get(at).unwrap().id.get()).collect::<Vec<_>>();
        (ids, page.slots, page.more_above, page.more_below)
    };
    assert_eq!(page(ListStart::Newest, 3), (vec![8, 7, 6], vec![6, 5, 4], false, true));
    assert_eq!(page(ListStart::Below(4), 2), (vec![4, 3], vec![2, 1], true, true));
    assert_eq!(page(ListStart::Below(1), 2), (vec![2], vec![0], true, false));
    assert_eq!(page(ListStart::Below(0), 2), (vec![], vec![], true, false));
    assert_eq!(page(ListStart::Above(0), 2), (vec![4, 3], vec![2, 1], true, true));
    assert_eq!(page(ListStart::Above(2), 9), (vec![8, 7, 6], vec![6, 5, 4], false, true));
    assert_eq!(page(ListStart::Above(6), 9), (vec![], vec![], false, true));
    assert_eq!(page(ListStart::Below(u64::MAX), 0), (vec![], vec![], false, true));
    assert!(
        wait(store.list_page(UserId::new(99), Direction::Followers, ListStart::Newest, 1, Detail::Core))
            .unwrap()
            .is_none()
    );
}

pub(super) fn counts_are_the_imported_numbers_and_what_changed_since(store: &Store) {
    let counted = |seconds, followers| {
        let metrics = Some(model::UserMetrics { followers, ..Default::default() });
        profile(model::User { metrics, ..seen(1, "user1", seconds) })
    };
    import(store, vec![counted(10, 100), profile(seen(2, "user2", 1)), profile(seen(3, "user3", 1))]);
    let counts = |id| {
        let mut batch = wait(store.users_by_ids(&[UserId::new(id)], Detail::Full)).unwrap();
        wait(store.load_counts(&mut batch)).unwrap();
        let metrics = batch.get(0).unwrap().metrics;
        [metrics.followers, metrics.following]
    };
    [(2, 1), (3, 1)].into_iter().for_each(|(one, other)| follow(store, one, other).unwrap());
    assert_eq!((counts(1), counts(2)), ([102, 0], [0, 1]));
    unfollow(store, 3, 1).unwrap();
    assert_eq!((counts(1), counts(3)), ([101, 0], [0, 0]));
    import(store, vec![counted(10, 100)]);
    assert_eq!(counts(1), [101, 0], "the same observation says nothing new");
    import(store, vec![counted(11, 100)]);
    assert_eq!(counts(1), [100, 0], "a newer one counts from now on");
    follow(store, 3, 1).unwrap();
    assert_eq!(counts(1), [101, 0]);
    import(store, vec![counted(12, 0)]);
    assert_eq!(counts(1), [2, 0], "never fewer than are on the list");
}

pub(super) fn lists_outlast_a_deleted_user_without_showing_it(store: &Store) {
    people(store, 3);
    [(1, 2), (3, 2)].into_iter().for_each(|(one, other)| follow(store, one, other).unwrap());
    wait(store.delete_user(UserId::new(3))).unwrap();
    wait(store.create_user(user(3, "another"))).unwrap();
    assert_eq!(list(store, 2, Direction::Followers), [1]);
    assert!(!follows(store, 3, 2));
    let (edges, _) = wait(store.export_edges(None, 10)).unwrap();
    assert_eq!(edges, [(UserId::new(1), UserId::new(2))]);
}

pub(super) fn exports_give_every_follow_once_however_small_the_pages(store: &Store) {
    people(store, 5);
    let mut all = Vec::new();
    for (one, other) in
        (1..=5).flat_map(|one| (1..=5).map(move |other| (one, other))).filter(|(one, other)| one != other)
    {
        follow(store, one, other).unwrap();
        all.push((UserId::new(one), UserId::new(other)));
    }
    for limit in [1, 3, 100] {
        let (mut edges, mut next) = (Vec::new(), None);
        loop {
            let (page, cursor) = wait(store.export_edges(next, limit)).unwrap();
            edges.extend(page);
            next = cursor;
            if next.is_none() {
                break;
            }
        }
        assert_eq!(edges, all);
    }
}
