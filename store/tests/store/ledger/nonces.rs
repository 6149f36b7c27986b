//! Nonces: fresh once, whatever happens.

use std::sync::Barrier;
use std::thread;

use store::Freshness::{Fresh, OutOfBounds, Seen};
use store::{Ledger, LedgerOptions, Nonce};

use super::{BOOT, NEXT_BOOT, Place, ROOMY, START, TINY, at, note};

#[test]
fn a_nonce_is_fresh_once() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    assert_eq!([1, 2, 3].map(|now| note(&ledger, "a", 0, at(now))), [Fresh, Seen, Seen]);
    assert_eq!(note(&ledger, "a", 1, at(1)), Fresh, "another timestamp is another signature");
    assert_eq!(note(&ledger, "b", 0, at(1)), Fresh);
    let of = |consumer_key, token, nonce| Nonce { consumer_key, token, nonce, timestamp: START };
    let others =
        [of("key2", "12-token", "a"), of("key", "", "a"), of("key", "12-toke", "na"), of("key12-token", "", "a")];
    for other in others {
        assert_eq!([1, 1].map(|now| ledger.note_nonce(&other, at(now))), [Fresh, Seen], "{other:?}");
    }
}

#[test]
fn timestamps_may_be_five_minutes_away() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    let noted =
        [-301, -300, 300, 301, i64::MIN / 2, i64::MAX / 2].map(|timestamp| note(&ledger, "a", timestamp, at(0)));
    assert_eq!(noted, [OutOfBounds, Fresh, Fresh, OutOfBounds, OutOfBounds, OutOfBounds]);
}

#[test]
fn of_equal_requests_at_once_exactly_one_is_fresh() {
    const THREADS: usize = 64;
    for options in [ROOMY, TINY] {
        let place = Place::new();
        let ledger = place.open(options, BOOT, at(0));
        let begin = Barrier::new(THREADS);
        for round in 0..50 {
            let fresh: usize = thread::scope(|scope| {
                let ask = || {
                    begin.wait();
                    usize::from(note(&ledger, &round.to_string(), round, at(round)) == Fresh)
                };
                let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(ask)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).sum()
            });
            assert_eq!(fresh, 1, "round {round}");
        }
    }
}

#[test]
fn a_full_ledger_forgets_no_nonce_but_accepts_fewer() {
    let place = Place::new();
    let ledger = place.open(TINY, BOOT, at(0));
    for second in 0..16 {
        assert_eq!(note(&ledger, "a", second, at(20)), Fresh);
    }
    assert_eq!(note(&ledger, "b", 20, at(20)), Fresh);
    // The oldest was given up, and nothing as old as that is accepted any more.
    assert_eq!([0, 1].map(|second| note(&ledger, "a", second, at(20))), [OutOfBounds, Seen]);
    assert_eq!(note(&ledger, "new", 0, at(20)), OutOfBounds);
    // One that is older than all that are kept is accepted, and given up itself.
    let older = place.killed().open(TINY, BOOT, at(20));
    assert_eq!([1, 1].map(|second| note(&older, "c", second, at(20))), [Fresh, OutOfBounds]);
}

#[test]
fn an_entry_of_long_ago_makes_room_without_refusing_anybody() {
    let place = Place::new();
    let ledger = place.open(TINY, BOOT, at(0));
    (0..16).for_each(|nonce| assert_eq!(note(&ledger, &nonce.to_string(), 0, at(0)), Fresh));
    (0..16).for_each(|nonce| assert_eq!(note(&ledger, &nonce.to_string(), 1000, at(1000)), Fresh));
    assert_eq!(note(&ledger, "late", 700, at(1000)), Fresh);
}

#[test]
fn nonces_outlive_a_kill_and_a_clean_stop() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    assert_eq!(note(&ledger, "a", 0, at(0)), Fresh);
    let killed = place.killed().open(ROOMY, BOOT, at(1));
    assert_eq!(["a", "b"].map(|nonce| note(&killed, nonce, 0, at(1))), [Seen, Fresh]);
    drop(ledger);
    let stopped = place.open(ROOMY, NEXT_BOOT, at(1));
    assert_eq!(["a", "b"].map(|nonce| note(&stopped, nonce, 0, at(1))), [Seen, Fresh]);
}

#[test]
fn after_a_power_loss_signatures_older_than_the_start_are_refused() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    assert_eq!(note(&ledger, "a", 0, at(0)), Fresh);
    let lost = place.killed().open(ROOMY, NEXT_BOOT, at(10));
    assert_eq!([0, 9, 10, 11].map(|second| note(&lost, "a", second, at(10))), [OutOfBounds, OutOfBounds, Fresh, Fresh]);
}

#[test]
fn another_size_refuses_what_it_cannot_look_up() {
    let place = Place::new();
    let noted = |ledger: &Ledger| [5, 6].map(|second| note(ledger, "a", second, at(6)));
    let ledger = place.open(ROOMY, BOOT, at(0));
    assert_eq!(note(&ledger, "a", 5, at(5)), Fresh);
    drop(ledger);
    let ledger = place.open(LedgerOptions { nonces: 100, ..ROOMY }, BOOT, at(6));
    assert_eq!(noted(&ledger), [OutOfBounds, Fresh]);
}

#[test]
fn a_clock_in_the_far_future_does_not_lock_the_ledger() {
    let place = Place::new();
    let far = 1_000_000_000;
    let ledger = place.open(TINY, BOOT, at(far));
    (0..40).for_each(|nonce| _ = note(&ledger, &nonce.to_string(), far + nonce, at(far)));
    assert_eq!(note(&ledger, "a", 0, at(0)), OutOfBounds);
    drop(ledger);
    let ledger = place.open(TINY, BOOT, at(0));
    assert_eq!(note(&ledger, "a", 300, at(0)), Fresh, "at once for clocks that are ahead");
    assert_eq!(note(&ledger, "a", 301, at(301)), Fresh, "and within five minutes for all");
}
