//! Logs that are not whole, and generations that a crash left behind.

use heed::types::{DecodeIgnore, Str};
use model::{User, UserId};

use super::FirstNew;
use crate::embedded::Embedded;
use crate::embedded::codec::{Change, Ordinal, UserRecord};
use crate::embedded::databases::open_rows;
use crate::embedded::log::Log;
use crate::embedded::segment::Files;
use crate::{DataDir, OpenError, Options};

const OPTIONS: Options = Options { map_size: 64 << 20, delta_budget: 1 << 20, durable: false };
const FIRST_NEW: FirstNew = FirstNew { users: 0, tweets: 0 };

fn put(number: u32) -> Change {
    let user = User::new(UserId::new(number.into()), format!("user{number}").parse().unwrap(), "Someone");
    Change::PutUser(Ordinal(number), UserRecord::new(&user))
}

/// A log of the rows 0 to 9 in three generations.
fn make(dir: &mut DataDir) -> Log {
    let mut log = Log::open(dir, &OPTIONS).unwrap();
    dir.finish(|| Ok(())).unwrap();
    for rows in [0..4, 4..9, 9..10] {
        log.begin_generation().unwrap();
        let env = log.env();
        log.commit(env.write_txn().unwrap(), &rows.map(put).collect::<Vec<_>>(), 0).unwrap();
    }
    assert_eq!(log.manifest().generation, 2);
    log
}

/// Puts what is elsewhere, or nothing, in the place of a row.
fn replace(log: &Log, [generation, row]: [u64; 2], from: Option<[u64; 2]>) {
    let env = log.env();
    let rows = open_rows(&env, generation).unwrap().unwrap();
    let from = from.map(|[generation, row]| (open_rows(&env, generation).unwrap().unwrap(), row));
    let mut txn = env.write_txn().unwrap();
    match from {
        None => assert!(rows.delete(&mut txn, &row).unwrap()),
        Some((from, other)) => {
            let bytes = from.get(&txn, &other).unwrap().unwrap().to_owned();
            rows.put(&mut txn, &row, &bytes).unwrap();
        }
    }
    txn.commit().unwrap();
}

/// The row of which a start says that it is damaged.
fn damaged(change: impl FnOnce(&Log)) -> Option<u64> {
    let dir = tempfile::tempdir().unwrap();
    let mut data = DataDir::open(dir.path()).unwrap();
    let log = make(&mut data);
    change(&log);
    drop(log);
    match Log::open(&data, &OPTIONS).unwrap().replay(FIRST_NEW) {
        Ok(run) => {
            assert_eq!((run.rows, run.next_row()), (10, 10));
            None
        }
        Err(OpenError::DamagedRow { row, .. }) => Some(row),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_missing_row_is_named_wherever_it_was() {
    assert_eq!(damaged(|_| {}), None);
    for [generation, row] in [[0, 0], [0, 2], [0, 3], [1, 4], [1, 6], [1, 8], [2, 9]] {
        assert_eq!(damaged(|log| replace(log, [generation, row], None)), Some(row), "{row}");
    }
}

#[test]
fn a_right_row_in_a_wrong_place_is_damage() {
    for [generation, row] in [[0, 2], [1, 4], [1, 8], [2, 9]] {
        assert_eq!(damaged(|log| replace(log, [generation, row], Some([0, 1]))), Some(row), "{row}");
    }
    // The same number in another generation.
    assert_eq!(damaged(|log| replace(log, [1, 3], Some([0, 3]))), Some(4));
    assert_eq!(damaged(|log| replace(log, [2, 10], Some([2, 9]))), Some(10));
}

/// The databases of generations.
fn generations(log: &Log) -> Vec<String> {
    let env = log.env();
    let txn = env.read_txn().unwrap();
    let all = env.open_database::<Str, DecodeIgnore>(&txn, None).unwrap().unwrap();
    let names = all.iter(&txn).unwrap().map(|entry| entry.unwrap().0.to_owned());
    let (rows, others): (Vec<_>, Vec<_>) = names.partition(|name| name.starts_with("log-"));
    assert_eq!(others, ["identity", "meta"], "what is no row of the log stays");
    rows
}

fn end_merge(log: &mut Log) {
    log.begin_generation().unwrap();
    log.end_merge(Files::default(), 1, log.next_row(), &[]).unwrap();
}

#[test]
fn rows_stay_as_long_as_somebody_may_read_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut data = DataDir::open(dir.path()).unwrap();
    drop(make(&mut data));
    let mut log = Log::open(&data, &OPTIONS).unwrap();
    let run = log.replay(FIRST_NEW).unwrap();
    end_merge(&mut log);
    log.forget_merged().unwrap();
    assert_eq!(generations(&log), ["log-0", "log-1", "log-2", "log-3"]);
    let record = run.users.record(Ordinal(5)).unwrap().unwrap().unwrap();
    assert_eq!(Change::PutUser(Ordinal(5), record), put(5));
    drop(run);
    log.forget_merged().unwrap();
    assert_eq!(generations(&log), ["log-3"]);
}

#[test]
fn a_start_removes_what_a_crash_left_of_a_merge() {
    let dir = tempfile::tempdir().unwrap();
    let mut data = DataDir::open(dir.path()).unwrap();
    let mut log = make(&mut data);
    end_merge(&mut log);
    assert_eq!(generations(&log).len(), 4);
    drop((log, data));
    drop(Embedded::open(dir.path(), &OPTIONS).unwrap());
    let data = DataDir::open(dir.path()).unwrap();
    let mut log = Log::open(&data, &OPTIONS).unwrap();
    assert_eq!(generations(&log), ["log-3"]);
    assert_eq!(log.replay(FIRST_NEW).unwrap().next_row(), 10);
}
