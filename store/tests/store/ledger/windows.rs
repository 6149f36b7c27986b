//! Windows: from the first request, exact, and kept.

use std::collections::BTreeSet;
use std::sync::{Barrier, Mutex};
use std::thread;

use model::{AppId, UserId};
use store::{Allowance, Bucket, LedgerOptions, Subject, WINDOW_SECONDS};

use super::{BOOT, NEXT_BOOT, Place, ROOMY, TINY, at, bucket, user_bucket};

const WINDOW: i64 = WINDOW_SECONDS as i64;

#[test]
fn a_window_lasts_from_its_first_request() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    let told = |remaining, reset, allowed| Allowance { limit: 2, remaining, reset: at(reset), allowed };
    assert_eq!(ledger.peek(bucket(1), 2, at(3)), told(2, 3 + WINDOW, true));
    assert_eq!(ledger.allow(bucket(1), 2, at(5)), told(1, 5 + WINDOW, true));
    assert_eq!(ledger.peek(bucket(1), 2, at(6)), told(1, 5 + WINDOW, true));
    assert_eq!(ledger.allow(bucket(1), 2, at(6)), told(0, 5 + WINDOW, true));
    assert_eq!(ledger.allow(bucket(1), 2, at(7)), told(0, 5 + WINDOW, false));
    assert_eq!(ledger.allow(bucket(1), 2, at(4 + WINDOW)), told(0, 5 + WINDOW, false));
    assert_eq!(ledger.allow(bucket(1), 2, at(5 + WINDOW)), told(1, 5 + 2 * WINDOW, true));
}

#[test]
fn windows_can_be_made_shorter_and_open_ones_keep_their_end() {
    let place = Place::new();
    let short = LedgerOptions { window_seconds: 5, ..ROOMY };
    let told = |remaining, reset, allowed| Allowance { limit: 1, remaining, reset: at(reset), allowed };
    let ledger = place.open(ROOMY, BOOT, at(0));
    assert_eq!(ledger.allow(bucket(1), 1, at(0)), told(0, WINDOW, true));
    drop(ledger);
    let ledger = place.open(short, BOOT, at(1));
    assert_eq!(ledger.allow(bucket(1), 1, at(10)), told(0, WINDOW, false));
    assert_eq!(ledger.peek(bucket(2), 1, at(10)), told(1, 15, true));
    assert_eq!(ledger.allow(bucket(2), 1, at(10)), told(0, 15, true));
    assert_eq!(ledger.allow(bucket(2), 1, at(14)), told(0, 15, false));
    assert_eq!(ledger.allow(bucket(2), 1, at(15)), told(0, 20, true));
    ledger.reset(bucket(2), at(16));
    assert_eq!(ledger.allow(bucket(2), 1, at(17)), told(0, 22, true));
}

#[test]
fn apps_users_and_operations_have_windows_of_their_own() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    let others = [bucket(2), user_bucket(1), Bucket::new("getUsersByIds", Subject::App(AppId::new(1)))];
    assert!(ledger.allow(bucket(1), 1, at(0)).allowed);
    assert!(!ledger.allow(bucket(1), 1, at(0)).allowed);
    for other in others {
        assert!(ledger.allow(other, 1, at(0)).allowed, "{other:?}");
    }
    let mut open = ledger.windows(at(1));
    open.sort_by_key(|window| (window.subject, window.is_of("getUsersByIds")));
    let shown: Vec<_> = open.iter().map(|window| (window.subject, window.is_of("getUsersById"), window.used)).collect();
    let app = |id| Subject::App(AppId::new(id));
    let expected = [(app(1), true, 1), (app(1), false, 1), (app(2), true, 1), (Subject::User(UserId::new(1)), true, 1)];
    assert_eq!(shown, expected);
    assert_eq!(ledger.windows(at(WINDOW)), []);
}

#[test]
fn a_limit_can_change_within_a_window() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    let allow = |limit| ledger.allow(bucket(1), limit, at(0));
    assert!(!allow(0).allowed);
    assert_eq!((allow(2).remaining, allow(2).remaining, allow(2).allowed), (1, 0, false));
    assert_eq!(allow(5).remaining, 2);
    assert_eq!((allow(1).remaining, allow(1).allowed), (0, false));
    assert_eq!(allow(u32::MAX).remaining, u32::MAX - 4);
}

#[test]
fn of_requests_at_once_exactly_the_limit_is_allowed() {
    const LIMIT: u32 = 300;
    const THREADS: usize = 64;
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    let begin = Barrier::new(THREADS);
    for round in 0..20 {
        let now = at(round * WINDOW);
        let mut told: Vec<Allowance> = thread::scope(|scope| {
            let ask = || {
                begin.wait();
                (0..10).map(|_| ledger.allow(bucket(1), LIMIT, now)).collect::<Vec<_>>()
            };
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        told.retain(|told| told.allowed);
        let remaining: BTreeSet<u32> = told.iter().map(|told| told.remaining).collect();
        assert_eq!((told.len(), remaining.len()), (LIMIT as usize, LIMIT as usize));
        assert!(told.iter().all(|told| told.reset == at(round * WINDOW + WINDOW)));
    }
}

/// Slots change hands just when those who had them ask again, and nobody uses the window of
/// another.
#[test]
fn windows_that_follow_each_other_in_a_slot_are_never_mixed_up() {
    const LIMIT: u32 = 3;
    /// Together with those of the round before they just fit the one set.
    const USERS: u64 = 10;
    let place = Place::new();
    let ledger = place.open(TINY, BOOT, at(0));
    let begin = Barrier::new(2);
    // A thread that panicked would leave the other one waiting.
    let wrong = Mutex::new(Vec::new());
    let ask = |round: u64, of: u64| {
        begin.wait();
        for user in of * USERS..(of + 1) * USERS {
            let told = (0..=LIMIT).map(|_| ledger.allow(user_bucket(user), LIMIT, at(round as i64 * WINDOW)));
            let allowed = told.filter(|told| told.allowed).count();
            if allowed != LIMIT as usize {
                wrong.lock().unwrap().push((round, user, allowed));
            }
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| (1..20_000).for_each(|round| ask(round, round - 1)));
        scope.spawn(|| (1..20_000).for_each(|round| ask(round, round)));
    });
    assert_eq!(wrong.into_inner().unwrap(), [], "round, user, requests that were allowed");
}

#[test]
fn who_finds_no_room_is_refused_too_early_and_never_too_late() {
    let place = Place::new();
    let ledger = place.open(TINY, BOOT, at(0));
    for user in 0..21 {
        assert_eq!(ledger.allow(user_bucket(user), 5, at(0)).remaining, 4);
    }
    // All others share one window.
    assert_eq!(ledger.allow(user_bucket(100), 5, at(10)).remaining, 4);
    assert_eq!(ledger.allow(user_bucket(101), 5, at(10)).remaining, 3);
    // When there is room again, they take it with them.
    assert_eq!(ledger.allow(user_bucket(100), 5, at(WINDOW)).remaining, 2);
    assert_eq!(ledger.allow(user_bucket(100), 5, at(WINDOW)).reset, at(10 + WINDOW));
    assert_eq!(ledger.allow(user_bucket(100), 5, at(10 + WINDOW)).remaining, 4);
}

#[test]
fn windows_outlive_a_kill_and_a_clean_stop() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    assert_eq!(ledger.allow(bucket(1), 5, at(0)).remaining, 4);
    let killed = place.killed();
    let again = killed.open(ROOMY, BOOT, at(1));
    assert_eq!(again.allow(bucket(1), 5, at(2)).remaining, 3);
    drop(ledger);
    // Also into the next boot, since everything is on disk after a clean stop.
    let ledger = place.open(ROOMY, NEXT_BOOT, at(1));
    assert_eq!(ledger.allow(bucket(1), 5, at(2)).remaining, 3);
    assert_eq!(ledger.allow(bucket(2), 5, at(2)).remaining, 4);
}

#[test]
fn after_a_power_loss_every_window_counts_as_spent() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    assert!(ledger.allow(bucket(1), 5, at(0)).allowed);
    for boot in [Some(NEXT_BOOT), None] {
        let lost = place.killed();
        let again = lost.try_open(ROOMY, boot, at(100)).unwrap();
        for bucket in [bucket(1), bucket(2)] {
            let told = again.allow(bucket, 5, at(101));
            assert_eq!((told.allowed, told.remaining, told.reset), (false, 0, at(100 + WINDOW)));
        }
        assert_eq!(again.spent_until(at(101)), Some(at(100 + WINDOW)));
        // A second start changes nothing.
        drop(again);
        let again = lost.try_open(ROOMY, boot, at(200)).unwrap();
        assert_eq!(again.allow(bucket(1), 5, at(201)).reset, at(100 + WINDOW));
        again.reset(bucket(2), at(300));
        assert_eq!(again.allow(bucket(2), 5, at(301)).remaining, 4, "a person has said so");
        assert_eq!(again.allow(bucket(1), 5, at(100 + WINDOW)).remaining, 4);
        assert_eq!(again.spent_until(at(100 + WINDOW)), None);
    }
}

#[test]
fn a_reset_lets_the_next_request_begin_a_window() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    for app in [1, 2] {
        assert!(ledger.allow(bucket(app), 1, at(0)).allowed);
    }
    ledger.reset(bucket(1), at(10));
    assert!(ledger.peek(bucket(1), 1, at(20)).allowed);
    assert_eq!(ledger.allow(bucket(1), 1, at(20)).reset, at(20 + WINDOW));
    assert!(!ledger.allow(bucket(2), 1, at(20)).allowed);
    ledger.reset_all();
    assert_eq!(ledger.spent_until(at(20)), None);
    assert_eq!(ledger.windows(at(20)), []);
    assert!(ledger.allow(bucket(2), 1, at(20)).allowed);
}

#[test]
fn another_size_keeps_what_was_counted() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    (0..100).for_each(|user| assert!(ledger.allow(user_bucket(user), 2, at(0)).allowed));
    drop(ledger);
    for windows in [9000, 50, 9000] {
        let ledger = place.open(LedgerOptions { windows, ..ROOMY }, BOOT, at(1));
        (0..100).for_each(|user| assert!(ledger.peek(user_bucket(user), 2, at(1)).remaining <= 1));
    }
}

#[test]
fn a_clock_that_is_set_back_a_little_ends_no_window() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    assert!(ledger.allow(bucket(1), 1, at(1000)).allowed);
    assert!(!ledger.allow(bucket(1), 1, at(990)).allowed);
    assert!(ledger.allow(bucket(1), 1, at(10)).allowed, "a clock that was wrong by more than a window refuses nobody");
}
