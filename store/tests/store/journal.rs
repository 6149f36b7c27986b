//! What a kill leaves in the journal: rows that LMDB does not have yet.

use std::fs;
use std::path::Path;

use store::{OpenError, Options, Store, restore};

use crate::graph::crash;
use crate::support::{all_users, faults, follow, list, open, people};
use crate::wait::wait;

const JOURNAL: &str = "log/journal";
/// Each frame begins at a multiple of this.
const BLOCK: usize = 4096;

/// A store of five users, two of whom follow another, that was killed.
fn killed() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    people(&store, 5);
    follow(&store, 1, 2).unwrap();
    follow(&store, 3, 2).unwrap();
    crash::copy(&store)
}

fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_killed_store_is_verified_and_restored_with_what_waits() {
    let dir = killed();
    let report = store::verify(dir.path(), &mut |_| {}).unwrap();
    assert_eq!((report.users, report.log_rows, report.faults), (5, 7, Vec::new()));
    let restored = dir.path().with_extension("restored");
    restore(dir.path(), &restored).unwrap();
    for place in [dir.path(), &restored] {
        let store = open(place);
        assert_eq!(all_users(&store, 10).len(), 5);
        assert_eq!(list(&store, 2, model::Direction::Followers), [3, 1]);
        assert_eq!(store.stats().log_rows, 7);
        wait(store.merge()).unwrap();
        drop(store);
        assert_eq!(faults(place), Vec::<String>::new());
    }
    fs::remove_dir_all(restored).unwrap();
}

#[test]
fn damage_before_the_last_row_is_refused_and_damage_of_it_is_not_seen() {
    for (frame, lost) in [(0, None), (3, None), (6, Some(1))] {
        let dir = killed();
        let journal = dir.path().join(JOURNAL);
        change(&journal, |bytes| bytes[frame * BLOCK + 40] ^= 1);
        match lost {
            None => {
                let refused = Store::open(dir.path(), &Options::default());
                let row = frame as u64;
                assert!(matches!(refused, Err(OpenError::DamagedRow { row: at, .. }) if at == row));
                assert!(faults(dir.path()).iter().any(|fault| fault.contains(JOURNAL)));
            }
            Some(rows) => assert_eq!(open(dir.path()).stats().log_rows, 7 - rows),
        }
    }
}

#[test]
fn a_directory_without_its_journal_is_damaged() {
    let dir = killed();
    fs::remove_file(dir.path().join(JOURNAL)).unwrap();
    let refused = Store::open(dir.path(), &Options::default());
    assert!(matches!(refused, Err(OpenError::Damaged { file, .. }) if file.ends_with(JOURNAL)));
    assert!(restore(dir.path(), &dir.path().with_extension("restored")).is_err());
}

/// Both were killed with rows of the same numbers waiting, for other users.
#[test]
fn the_journal_of_another_directory_is_not_taken_in() {
    let (dir, other) = (killed(), tempfile::tempdir().unwrap());
    let store = open(other.path());
    people(&store, 7);
    let other = crash::copy(&store);
    fs::copy(other.path().join(JOURNAL), dir.path().join(JOURNAL)).unwrap();
    assert_eq!(all_users(&open(dir.path()), 10).len(), 0);
}

#[test]
fn a_backup_with_a_damaged_journal_is_not_whole() {
    let dir = killed();
    change(&dir.path().join(JOURNAL), |bytes| bytes[40] ^= 1);
    let target = dir.path().with_extension("restored");
    assert!(matches!(restore(dir.path(), &target), Err(store::BackupError::NotWhole { .. })));
}
