//! Backups: each holds a state that existed at one instant while it was made.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use model::{Conflict, User, UserChange, UserId};
use store::{BackupError, OpenError, Options, Store, restore};

use crate::support::{
    all_users, at, faults, import, name, open, open_with_budget, owner, post, profile, seen, tweet, user, wait,
};

/// Writers, and how many users each has to itself.
const WRITERS: u64 = 3;
const USERS: u64 = 10;
const BACKUPS: usize = 30;
/// So small that there is always a merge under way.
const BUDGET: usize = 4 << 10;

/// The users of one writer: names, and the number of the change that left them so.
type Left = BTreeMap<u64, (String, u64)>;

/// What one change made of some users, and the ticks of a common clock before it was
/// asked for and after it was acknowledged.
struct Change {
    leaves: Vec<(u64, Option<(String, u64)>)>,
    begun: u64,
    acknowledged: u64,
}

/// Changes users until `stop`, and returns what it did in order.
fn write(store: &Store, writer: u64, clock: &AtomicU64, stop: &AtomicBool) -> Vec<Change> {
    let mut history = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let number = history.len() as u64 + 1;
        let id = writer * USERS + number * 7 % USERS;
        let left = (format!("w{writer}_{number}"), number);
        let described =
            |id: u64, left: &(String, u64)| User { description: left.1.to_string(), ..seen(id, &left.0, 1) };
        let begun = clock.fetch_add(1, Ordering::SeqCst);
        let exists = wait(store.user(UserId::new(id))).unwrap().is_some();
        let leaves = match number % 50 {
            0 => {
                let leaves: Vec<_> =
                    (0..USERS).map(|i| (writer * USERS + i, (format!("{}_{i}", left.0), number))).collect();
                let mut part = store.bulk_part(1);
                for (id, left) in &leaves {
                    part.add(profile(described(*id, left)), *id).unwrap();
                }
                wait(store.import_bulk(vec![part], Conflict::Replace)).unwrap();
                leaves.into_iter().map(|(id, left)| (id, Some(left))).collect()
            }
            1..5 if exists => {
                wait(store.delete_user(UserId::new(id))).unwrap();
                vec![(id, None)]
            }
            _ if exists => {
                let changes = vec![UserChange::Username(name(&left.0)), UserChange::Description(number.to_string())];
                wait(store.update_user(UserId::new(id), changes, at(2))).unwrap();
                vec![(id, Some(left))]
            }
            _ => {
                wait(store.create_user(described(id, &left))).unwrap();
                vec![(id, Some(left))]
            }
        };
        history.push(Change { leaves, begun, acknowledged: clock.fetch_add(1, Ordering::SeqCst) });
    }
    history
}

/// How many changes of a writer lead to `left`; more than one number of them may.
fn changes_to(history: &[Change], left: &Left) -> Vec<usize> {
    let mut now = Left::new();
    let mut found = if now == *left { vec![0] } else { Vec::new() };
    for (change, number) in history.iter().zip(1..) {
        for (id, left) in &change.leaves {
            match left {
                Some(left) => now.insert(*id, left.clone()),
                None => now.remove(id),
            };
        }
        found.extend((now == *left).then_some(number));
    }
    found
}

/// The ticks between which `restored` was the state of the store: later than every change
/// that it holds began, and earlier than every other was acknowledged.
fn instant(histories: &[Vec<Change>], restored: &[Left]) -> Option<(u64, u64)> {
    let (mut from, mut until) = (0, u64::MAX);
    for (history, left) in histories.iter().zip(restored) {
        // Each change leaves a number of its own, or takes one away.
        let [number] = changes_to(history, left)[..] else { return None };
        from = from.max(number.checked_sub(1).map_or(0, |last| history[last].begun));
        until = until.min(history.get(number).map_or(u64::MAX, |next| next.acknowledged));
    }
    (from < until).then_some((from, until))
}

fn left_by_writer(store: &Store) -> Vec<Left> {
    let mut left = vec![Left::new(); WRITERS as usize];
    for user in all_users(store, 7) {
        assert_eq!(owner(store, user.username.as_str()), Some(user.id.get()));
        let number = user.description.parse().unwrap();
        left[(user.id.get() / USERS) as usize].insert(user.id.get(), (user.username.to_string(), number));
    }
    left
}

#[test]
fn a_backup_under_load_is_a_state_that_existed_while_it_was_made() {
    let dir = tempfile::tempdir().unwrap();
    let store = open_with_budget(&dir.path().join("data"), BUDGET);
    let (clock, stop) = (AtomicU64::new(1), AtomicBool::new(false));
    let mut made = Vec::new();
    let histories: Vec<_> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (store, clock, stop) = (&store, &clock, &stop);
                scope.spawn(move || write(store, writer, clock, stop))
            })
            .collect();
        for number in 0..BACKUPS {
            let backup = dir.path().join(format!("backup-{number}"));
            let begun = clock.fetch_add(1, Ordering::SeqCst);
            // Not a panic: the writers would never end.
            let result = store.backup(&backup);
            made.push((backup, begun, clock.fetch_add(1, Ordering::SeqCst), result));
        }
        stop.store(true, Ordering::SeqCst);
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    assert!(store.stats().merges > 0);
    let mut states = Vec::new();
    for (backup, begun, ended, result) in made {
        result.unwrap();
        assert_eq!(faults(&backup), Vec::<String>::new());
        let restored = dir.path().join("restored");
        restore(&backup, &restored).unwrap();
        let store = open(&restored);
        let left = left_by_writer(&store);
        let (from, until) = instant(&histories, &left).expect("this state never existed");
        assert!(from < ended && begun < until, "{from} to {until} is not in {begun} to {ended}");
        states.push(left);
        drop(store);
        fs::remove_dir_all(&restored).unwrap();
    }
    states.dedup();
    assert!(states.len() > 1, "nothing was written meanwhile");
}

/// A merged store with changes after that, and a backup of it.
fn backed_up(dir: &Path) -> Store {
    let store = open(&dir.join("data"));
    import(&store, vec![profile(seen(1, "one", 1)), profile(seen(2, "two", 1)), tweet(post(9, "text", 1))]);
    wait(store.merge()).unwrap();
    wait(store.create_user(user(3, "three"))).unwrap();
    assert_eq!(store.data_dir().secret_key(|| [7; 32]).unwrap(), [7; 32]);
    store.backup(&dir.join("backup")).unwrap();
    store
}

#[test]
fn a_backup_keeps_everything_and_neither_changes_with_the_other() {
    let dir = tempfile::tempdir().unwrap();
    let store = backed_up(dir.path());
    let users = all_users(&store, 10);
    wait(store.delete_user(UserId::new(1))).unwrap();
    wait(store.merge()).unwrap();
    drop(store);
    for target in ["first", "second"] {
        let target = dir.path().join(target);
        restore(&dir.path().join("backup"), &target).unwrap();
        let store = open(&target);
        assert_eq!(all_users(&store, 10), users);
        assert_eq!(store.data_dir().secret_key(|| panic!("it is in the backup")).unwrap(), [7; 32]);
        wait(store.delete_user(UserId::new(2))).unwrap();
        wait(store.merge()).unwrap();
    }
    assert_eq!(all_users(&open(&dir.path().join("backup")), 10), users);
}

#[test]
fn a_directory_that_holds_something_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = backed_up(dir.path());
    let notes = dir.path().join("notes");
    fs::create_dir(&notes).unwrap();
    fs::write(notes.join("file"), b"mine").unwrap();
    let backup = dir.path().join("backup");
    for full in [&notes, &backup] {
        assert!(matches!(store.backup(full), Err(BackupError::NotEmpty { .. })));
        assert!(matches!(restore(&backup, full), Err(BackupError::NotEmpty { .. })));
    }
    let inside = dir.path().join("data/segments/backup");
    assert!(matches!(store.backup(&inside), Err(BackupError::Inside { .. })));
    assert!(matches!(store.backup(&dir.path().join("a/b")), Err(BackupError::MissingParent { .. })));
    let file = notes.join("file");
    assert!(matches!(store.backup(&file), Err(BackupError::Open(OpenError::NotADirectory { .. }))));
    assert!(!inside.exists());
    assert_eq!(fs::read(file).unwrap(), b"mine");
}

#[test]
fn a_half_made_backup_is_refused_and_nothing_is_made_of_it() {
    let removals = ["FORMAT", "log/data.mdb", "segments"];
    for removed in removals {
        let dir = tempfile::tempdir().unwrap();
        drop(backed_up(dir.path()));
        let (backup, target) = (dir.path().join("backup"), dir.path().join("target"));
        let path = backup.join(removed);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
        let error = restore(&backup, &target).unwrap_err();
        assert!(matches!(error, BackupError::NotWhole { .. }), "{removed}: {error}");
        assert!(error.is_input() && !target.exists());
        let opened = Store::open(&backup, &Options::default());
        assert!(matches!(opened, Err(OpenError::Incomplete { .. } | OpenError::Damaged { .. })), "{removed}");
    }
}

#[test]
fn what_cannot_be_finished_is_taken_away_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = backed_up(dir.path());
    // Without the file that comes last, as if the disk had failed then.
    fs::remove_file(dir.path().join("data/FORMAT")).unwrap();
    let target = dir.path().join("target");
    assert!(store.backup(&target).is_err());
    assert!(!target.exists());
    fs::create_dir(&target).unwrap();
    assert!(store.backup(&target).is_err());
    assert_eq!(fs::read_dir(&target).unwrap().count(), 0);
}
