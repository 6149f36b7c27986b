//! What an import takes from its files, and what it leaves as it is.

use model::{
    AccountState, Conflict, Observation, Tweet, TweetId, User, UserChange, UserId, UserMember, UserMembers, Username,
};
use store::{Counts, Imported, Store};

use crate::support::{at, import, name, owner, post, profile, seen, tweet, update, user, wait};

const NEW: Counts = Counts { new: 1, changed: 0, unchanged: 0 };
const CHANGED: Counts = Counts { new: 0, changed: 1, unchanged: 0 };
const UNCHANGED: Counts = Counts { new: 0, changed: 0, unchanged: 1 };

fn get(store: &Store, id: u64) -> User {
    wait(store.user(UserId::new(id))).unwrap().unwrap()
}

fn get_tweet(store: &Store, id: u64) -> Option<String> {
    let batch = wait(store.tweets_by_ids(&[TweetId::new(id)])).unwrap();
    batch.get(0).map(|tweet| tweet.text.to_text())
}

fn state(id: u64, state: AccountState, seconds: i64) -> Observation {
    Observation::State { id: Some(UserId::new(id)), username: None, state, at: at(seconds) }
}

fn state_of_name(username: &str, seconds: i64) -> Observation {
    Observation::State { id: None, username: Some(name(username)), state: AccountState::Suspended, at: at(seconds) }
}

fn gone(id: u64, seconds: i64) -> Observation {
    Observation::TweetGone { id: TweetId::new(id), at: at(seconds) }
}

pub(super) fn a_second_import_of_the_same_batch_changes_nothing(store: &Store) {
    let batch = || {
        vec![
            profile(seen(1, "one", 10)),
            profile(seen(2, "One", 10)),
            profile(user(3, "three")),
            state(4, AccountState::Suspended, 10),
            state_of_name("three", 10),
            state_of_name("nobody", 10),
            tweet(post(20, "text", 10)),
            gone(21, 10),
        ]
    };
    let first = import(store, batch());
    assert_eq!(first.users, Counts { new: 3, changed: 0, unchanged: 0 });
    assert_eq!((first.states, first.tweets, first.unknown_usernames, first.usernames_given_up), (NEW, NEW, 1, 1));
    let rows = store.stats().log_rows;
    let second = import(store, batch());
    let unchanged = Imported {
        users: Counts { unchanged: 3, ..Counts::default() },
        tweets: UNCHANGED,
        states: UNCHANGED,
        unknown_usernames: 1,
        ..Imported::default()
    };
    assert_eq!(second, unchanged);
    assert_eq!(store.stats().log_rows, rows);
}

pub(super) fn only_a_strictly_newer_profile_replaces(store: &Store) {
    let named = |text: &str, seconds| profile(User { name: text.to_owned(), ..seen(1, "one", seconds) });
    assert_eq!(import(store, vec![named("first", 10)]).users, NEW);
    assert_eq!(import(store, vec![named("older", 9)]).users, UNCHANGED);
    assert_eq!(import(store, vec![named("equal", 10)]).users, UNCHANGED);
    assert_eq!(get(store, 1).name, "first");
    assert_eq!(import(store, vec![named("newer", 11)]).users, CHANGED);
    assert_eq!(get(store, 1).name, "newer");
}

pub(super) fn a_profile_without_a_time_is_older_than_any(store: &Store) {
    wait(store.create_user(user(1, "one"))).unwrap();
    let untimed = User { name: "untimed".to_owned(), ..user(1, "one") };
    assert_eq!(import(store, vec![profile(untimed.clone())]).users, UNCHANGED);
    assert_eq!(import(store, vec![profile(seen(1, "one", -5))]).users, CHANGED);
    assert_eq!(import(store, vec![profile(untimed)]).users, UNCHANGED);
}

pub(super) fn members_that_a_newer_profile_does_not_speak_of_stay(store: &Store) {
    let full = User { description: "bio".to_owned(), location: Some("here".to_owned()), ..seen(1, "one", 10) };
    import(store, vec![profile(full.clone())]);
    let newer = User { description: "new bio".to_owned(), ..seen(1, "uno", 11) };
    let speaks_of = UserMembers::NONE.with(UserMember::Description);
    import(store, vec![Observation::User(Box::new(newer), speaks_of)]);
    let expected = User { username: name("uno"), description: "new bio".to_owned(), observed_at: Some(at(11)), ..full };
    assert_eq!(get(store, 1), expected);
}

pub(super) fn keep_leaves_what_is_known(store: &Store) {
    import(store, vec![profile(seen(1, "one", 10)), tweet(post(20, "text", 10))]);
    let newer = vec![
        profile(seen(1, "uno", 11)),
        tweet(post(20, "edited", 11)),
        gone(20, 11),
        state(1, AccountState::Suspended, 11),
        profile(seen(2, "two", 11)),
    ];
    let done = wait(store.import(newer, Conflict::Keep)).unwrap();
    assert_eq!((done.users, done.tweets), (Counts { new: 1, changed: 0, unchanged: 1 }, UNCHANGED));
    assert_eq!((get(store, 1), get(store, 2)), (seen(1, "one", 10), seen(2, "two", 11)));
    assert_eq!(get_tweet(store, 20).as_deref(), Some("text"));
}

pub(super) fn replace_takes_the_file_however_old(store: &Store) {
    import(store, vec![profile(seen(1, "one", 10)), tweet(post(20, "text", 10)), tweet(post(21, "text", 10))]);
    let older = vec![profile(seen(1, "uno", 5)), tweet(post(20, "draft", 5)), gone(21, 5)];
    let done = wait(store.import(older, Conflict::Replace)).unwrap();
    assert_eq!((done.users, done.tweets, done.tweets_gone), (CHANGED, CHANGED, 1));
    assert_eq!(get(store, 1), seen(1, "uno", 5));
    assert_eq!((get_tweet(store, 20).as_deref(), get_tweet(store, 21)), (Some("draft"), None));
}

pub(super) fn a_newer_state_is_taken_and_the_profile_stays(store: &Store) {
    import(store, vec![profile(seen(1, "one", 10))]);
    assert_eq!(import(store, vec![state(1, AccountState::Suspended, 10)]).states, UNCHANGED);
    assert_eq!(import(store, vec![state(1, AccountState::Suspended, 11)]).states, CHANGED);
    assert_eq!(get(store, 1), User { state: AccountState::Suspended, ..seen(1, "one", 11) });
}

pub(super) fn the_state_of_an_unknown_id_makes_a_stub(store: &Store) {
    assert_eq!(import(store, vec![state(36, AccountState::Deactivated, 10)]).states, NEW);
    let username = Username::derived(UserId::new(36), 0);
    let stub = User::new(UserId::new(36), username, "_10");
    assert_eq!(get(store, 36), User { state: AccountState::Deactivated, observed_at: Some(at(10)), ..stub });
}

pub(super) fn an_older_profile_fills_a_stub_and_leaves_its_state(store: &Store) {
    import(store, vec![state(36, AccountState::Suspended, 10)]);
    import(store, vec![profile(seen(36, "jack", 5))]);
    assert_eq!(get(store, 36), User { state: AccountState::Suspended, ..seen(36, "jack", 10) });
    assert_eq!((owner(store, "jack"), owner(store, "_10")), (Some(36), None));
    assert_eq!(import(store, vec![profile(seen(36, "jack", 5))]).users, UNCHANGED);
}

pub(super) fn the_state_of_a_username_goes_to_its_bearer_after_the_batch(store: &Store) {
    import(store, vec![profile(seen(1, "one", 10))]);
    let batch = vec![state_of_name("one", 30), profile(seen(1, "other", 20)), profile(seen(2, "ONE", 20))];
    import(store, batch);
    assert_eq!((get(store, 1).state, get(store, 2).state), (AccountState::Active, AccountState::Suspended));
}

pub(super) fn several_states_of_one_username_all_count(store: &Store) {
    import(store, vec![profile(seen(1, "one", 10))]);
    let done = import(store, vec![state_of_name("one", 11), state_of_name("ONE", 12)]);
    assert_eq!((done.states, done.unknown_usernames), (CHANGED, 0));
    assert_eq!(get(store, 1).observed_at, Some(at(12)));
}

pub(super) fn a_stub_with_more_underscores_is_still_a_stub(store: &Store) {
    import(store, vec![profile(seen(1, "_10", 1)), state(36, AccountState::Suspended, 10)]);
    assert_eq!(owner(store, "__10"), Some(36));
    import(store, vec![profile(seen(36, "jack", 5))]);
    assert_eq!(get(store, 36), User { state: AccountState::Suspended, ..seen(36, "jack", 10) });
}

pub(super) fn the_state_of_an_unknown_username_is_counted_and_not_stored(store: &Store) {
    import(store, vec![profile(seen(1, "one", 10))]);
    let done = import(store, vec![profile(seen(1, "uno", 11)), state_of_name("one", 12), state_of_name("nobody", 12)]);
    assert_eq!(done.unknown_usernames, 2);
    assert_eq!(store.stats().users, 1);
}

pub(super) fn live_changes_outlast_older_files(store: &Store) {
    import(store, vec![profile(seen(1, "one", 10))]);
    wait(store.update_user(UserId::new(1), vec![UserChange::Protected(true)], at(100))).unwrap();
    assert_eq!(import(store, vec![profile(seen(1, "one", 99))]).users, UNCHANGED);
    assert!(get(store, 1).protected);
    update(store, 1, [UserChange::Username(name("uno"))]).unwrap();
    assert_eq!(owner(store, "uno"), Some(1));
}

pub(super) fn posts_follow_the_newer_observation(store: &Store) {
    assert_eq!(import(store, vec![tweet(post(20, "first", 10)), tweet(post(20, "second", 11))]).tweets, NEW);
    assert_eq!(import(store, vec![tweet(post(20, "equal", 11))]).tweets, UNCHANGED);
    assert_eq!(import(store, vec![tweet(Tweet::new(TweetId::new(20), "untimed"))]).tweets, UNCHANGED);
    assert_eq!(get_tweet(store, 20).as_deref(), Some("second"));
    assert_eq!(import(store, vec![tweet(post(20, "third", 12))]).tweets, CHANGED);
    assert_eq!(get_tweet(store, 20).as_deref(), Some("third"));
}

pub(super) fn a_post_that_is_gone_is_deleted_if_that_was_seen_later(store: &Store) {
    import(store, vec![tweet(post(20, "text", 10))]);
    assert_eq!(import(store, vec![gone(20, 10)]).tweets_gone, 0);
    assert_eq!(import(store, vec![gone(20, 11)]).tweets_gone, 1);
    assert_eq!(get_tweet(store, 20), None);
    let mixed = vec![gone(22, 15), tweet(post(22, "before", 14)), gone(23, 15), tweet(post(23, "after", 16))];
    import(store, mixed);
    assert_eq!((get_tweet(store, 22), get_tweet(store, 23).as_deref()), (None, Some("after")));
}
