//! What balances promise: as many profiles a month as there are, whoever asks at once, and that
//! nothing is forgotten when a process is killed.

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};

use model::{AppId, Timestamp};
use store::{Balance, Balances, OpenError, Store};
use tempfile::TempDir;

use crate::support;

const APP: AppId = AppId::new(1);
const OTHER: AppId = AppId::new(2);
const MONTHLY: u64 = 1000;

fn time(text: &str) -> Timestamp {
    Timestamp::parse_iso(text).unwrap()
}

fn november() -> Timestamp {
    time("2026-11-21T12:00:00Z")
}

fn place() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = support::open(dir.path());
    (dir, store)
}

fn open(store: &Store) -> Balances {
    Balances::open(store.data_dir(), MONTHLY).unwrap()
}

/// Gives an App so many profiles.
fn give(balances: &Balances, app: AppId, profiles: u64, now: Timestamp) {
    balances.reserve(app, profiles, now).unwrap().charge(profiles);
}

#[test]
fn a_new_app_has_the_whole_balance_of_its_month() {
    let (_dir, store) = place();
    let expected = Balance {
        total: MONTHLY,
        used: 0,
        started_at: time("2026-11-01T00:00:00Z"),
        finished_at: time("2026-12-01T00:00:00Z"),
        is_set: false,
    };
    assert_eq!(open(&store).get(APP, november()), expected);
}

#[test]
fn only_what_is_charged_is_used() {
    let (_dir, store) = place();
    let balances = open(&store);
    let mut reserved = balances.reserve(APP, 100, november()).unwrap();
    assert_eq!(balances.get(APP, november()).used, 100);
    reserved.charge(63);
    drop(reserved);
    assert_eq!(balances.get(APP, november()).available(), MONTHLY - 63);
    assert_eq!(balances.get(OTHER, november()).used, 0);
}

#[test]
fn what_is_not_covered_is_refused_and_costs_nothing() {
    let (_dir, store) = place();
    let balances = open(&store);
    give(&balances, APP, MONTHLY - 1, november());
    assert_eq!(balances.reserve(APP, 2, november()).unwrap_err().available(), 1);
    give(&balances, APP, 1, november());
    assert_eq!(balances.get(APP, november()).available(), 0);
    drop(balances.reserve(APP, 0, november()).unwrap());
    assert!(balances.reserve(APP, u64::MAX, november()).is_err());
}

#[test]
fn a_month_begins_with_a_full_balance_and_takes_nothing_over() {
    let (_dir, store) = place();
    let balances = open(&store);
    give(&balances, APP, 10, november());
    let held = balances.reserve(APP, 500, november()).unwrap();
    let december = time("2026-12-01T00:00:00Z");
    give(&balances, APP, MONTHLY, december);
    drop(held);
    assert_eq!(balances.get(APP, december).available(), 0);
    // A clock that is set back begins no month.
    assert_eq!(balances.get(APP, november()).available(), 0);
    assert!(balances.reserve(APP, 1, november()).is_err());
}

#[test]
fn totals_are_set_for_one_app_and_taken_back() {
    let (_dir, store) = place();
    let balances = open(&store);
    give(&balances, APP, 30, november());
    for (total, available) in [(Some(40), 10), (Some(0), 0), (None, MONTHLY - 30)] {
        balances.set_total(APP, total).unwrap();
        let balance = balances.get(APP, november());
        assert_eq!((balance.available(), balance.used, balance.is_set), (available, 30, total.is_some()));
    }
    balances.set_used(APP, 5, november()).unwrap();
    assert_eq!(balances.get(APP, november()).used, 5);
}

#[test]
fn an_id_beyond_the_file_has_no_balance() {
    let (_dir, store) = place();
    let balances = open(&store);
    for app in [0, 16_385, u64::MAX] {
        let app = AppId::new(app);
        assert_eq!(balances.reserve(app, 1, november()).unwrap_err().total, 0);
        assert!(balances.set_total(app, Some(1)).is_err());
    }
    give(&balances, AppId::new(16_384), 1, november());
}

#[test]
fn thirty_two_at_once_are_given_each_profile_once() {
    let (_dir, store) = place();
    let balances = open(&store);
    let given = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for client in 0..32_u64 {
            let (balances, given) = (&balances, &given);
            scope.spawn(move || {
                for request in 0..100 {
                    let found = (client + request) % 4;
                    if let Ok(mut reserved) = balances.reserve(APP, 3, november()) {
                        reserved.charge(found);
                        given.fetch_add(found.min(3), Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let used = balances.get(APP, november()).used;
    assert_eq!(used, given.into_inner());
    assert!((MONTHLY - 2..=MONTHLY).contains(&used), "{used}");
}

#[test]
fn a_killed_process_forgets_nothing() {
    let (dir, store) = place();
    let balances = open(&store);
    give(&balances, APP, 123, november());
    balances.set_total(OTHER, Some(7)).unwrap();
    let (copy, other) = place();
    fs::copy(dir.path().join("balances"), copy.path().join("balances")).unwrap();
    let balances = open(&other);
    assert_eq!((balances.get(APP, november()).used, balances.get(OTHER, november()).total), (123, 7));
}

#[test]
fn balances_belong_to_one_process_and_what_is_none_is_replaced() {
    let (dir, store) = place();
    let balances = open(&store);
    assert!(matches!(Balances::open(store.data_dir(), MONTHLY), Err(OpenError::Locked { .. })));
    give(&balances, APP, 1, november());
    drop(balances);
    for damage in [Vec::new(), vec![0; 266_240], vec![7; 12]] {
        fs::write(dir.path().join("balances"), damage).unwrap();
        assert_eq!(open(&store).get(APP, november()).used, 0);
    }
}
