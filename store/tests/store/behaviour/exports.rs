//! Reading everything, page by page.

use model::{TweetId, UserId};
use store::Store;

use crate::support::{all_tweets, all_users, import, post, profile, seen, tweet, user, wait};

pub(super) fn pages_hold_every_user_once(store: &Store) {
    import(store, (1..=10).map(|id| profile(seen(id, &format!("user{id}"), 1))).collect());
    for limit in [1, 3, 5, 10, 100] {
        let users = all_users(store, limit);
        assert_eq!(users.iter().map(|user| user.id.get()).collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
    }
    assert_eq!(wait(store.export_users(None, 0)).unwrap(), (Vec::new(), None));
}

pub(super) fn pages_hold_every_post_once(store: &Store) {
    import(store, (1..=10).rev().map(|id| tweet(post(id, "text", 1))).collect());
    for limit in [1, 4, 10] {
        let ids: Vec<_> = all_tweets(store, limit).iter().map(|tweet| tweet.id).collect();
        assert_eq!(ids, (1..=10).rev().map(TweetId::new).collect::<Vec<_>>());
    }
}

pub(super) fn deleted_users_leave_no_gap_in_pages(store: &Store) {
    for id in 1..=5 {
        wait(store.create_user(user(id, &format!("user{id}")))).unwrap();
    }
    for id in [1, 3, 5] {
        wait(store.delete_user(UserId::new(id))).unwrap();
    }
    let (page, _) = wait(store.export_users(None, 2)).unwrap();
    assert_eq!(page.iter().map(|user| user.id.get()).collect::<Vec<_>>(), [2, 4]);
}

pub(super) fn statistics_count_what_is_stored(store: &Store) {
    import(store, vec![profile(seen(1, "one", 1)), profile(seen(2, "two", 1)), tweet(post(9, "text", 1))]);
    wait(store.delete_user(UserId::new(1))).unwrap();
    let stats = store.stats();
    assert_eq!((stats.users, stats.tweets), (1, 1));
}
