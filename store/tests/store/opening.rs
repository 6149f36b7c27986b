//! Which directories a store takes, which it refuses, and what it says then.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use model::{Direction, UserId};
use store::{DataDir, OpenError, Options, SearchBy, Store};

use crate::support::{all_tweets, faults, list, open, owner, relation, wait};

fn refused(path: &Path) -> OpenError {
    match Store::open(path, &Options::default()) {
        Ok(_) => panic!("{} was opened", path.display()),
        Err(error) => {
            assert!(!error.to_string().contains('\n'));
            error
        }
    }
}

/// Every file below a directory with its content.
fn content(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

#[test]
fn a_directory_that_is_missing_or_empty_becomes_a_store() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("data");
    drop(open(&missing));
    assert_eq!(fs::metadata(&missing).unwrap().permissions().mode() & 0o777, 0o700);
    let empty = dir.path().join("empty");
    fs::create_dir_all(empty.join("lost+found")).unwrap();
    drop(open(&empty));
    assert_eq!(fs::read_to_string(empty.join("FORMAT")).unwrap(), "birdbox 5\n");
}

#[test]
fn a_missing_parent_is_not_made() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a/b");
    assert!(matches!(refused(&path), OpenError::MissingParent { .. }));
    assert!(!dir.path().join("a").exists());
}

#[test]
fn a_file_is_not_a_directory() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    fs::write(&path, b"mine").unwrap();
    assert!(matches!(refused(&path), OpenError::NotADirectory { .. }));
    assert!(matches!(refused(&path.join("below")), OpenError::NotADirectory { .. }));
    assert_eq!(fs::read(&path).unwrap(), b"mine");
}

#[test]
fn foreign_directories_are_left_as_they_are() {
    for (file, text) in [("notes.txt", "mine"), ("FORMAT", "not ours"), ("FORMAT", "birdbox ?"), ("FORMAT", "")] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(file), text).unwrap();
        let before = content(dir.path());
        assert!(matches!(refused(dir.path()), OpenError::Foreign { .. }), "{file}: {text}");
        assert_eq!(content(dir.path()), before);
    }
}

/// Nothing is changed: a copy that goes on may still become whole.
#[test]
fn data_without_its_format_is_called_incomplete() {
    for format in [None, Some(&b""[..]), Some(b"\xff\xfe"), Some(b"birdbox x")] {
        let dir = tempfile::tempdir().unwrap();
        drop(open(dir.path()));
        let path = dir.path().join("FORMAT");
        match format {
            None => fs::remove_file(&path).unwrap(),
            Some(text) => fs::write(&path, text).unwrap(),
        }
        assert!(matches!(refused(dir.path()), OpenError::Incomplete { .. }));
        assert_eq!(fs::read(&path).ok().as_deref(), format);
    }
}

#[test]
fn files_in_a_data_directory_are_known_as_such() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(&dir.path().join("data")));
    let data = fs::canonicalize(dir.path().join("data")).unwrap();
    std::os::unix::fs::symlink(data.join("FORMAT"), dir.path().join("link")).unwrap();
    for inside in ["data/FORMAT", "data/new", "data/log/data.mdb", "data/segments/new", "link"] {
        assert_eq!(DataDir::around(&dir.path().join(inside)).as_ref(), Some(&data), "{inside}");
    }
    for outside in ["data", "new", "missing/data/new"] {
        assert_eq!(DataDir::around(&dir.path().join(outside)), None, "{outside}");
    }
}

#[test]
fn a_newer_format_is_refused_with_both_numbers() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("FORMAT"), "birdbox 6\n").unwrap();
    let error = refused(dir.path());
    assert!(matches!(error, OpenError::NewerFormat { found: 6, known: 5, .. }), "{error}");
}

#[test]
fn a_directory_in_use_is_refused_until_it_is_free() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    assert!(matches!(refused(dir.path()), OpenError::Locked { .. }));
    drop(store);
    drop(open(dir.path()));
}

#[test]
fn making_a_store_goes_on_after_a_kill() {
    for interrupted in [&["FORMAT.new"][..], &["FORMAT.new", "log/"], &["FORMAT.new", "log/", "log/data.mdb"]] {
        let dir = tempfile::tempdir().unwrap();
        for path in interrupted {
            let file = dir.path().join(path);
            if path.ends_with('/') { fs::create_dir(file).unwrap() } else { fs::write(file, b"").unwrap() }
        }
        assert!(open(dir.path()).is_new());
        drop(open(dir.path()));
    }
}

/// There are not so many addresses, so that the log cannot be mapped.
#[test]
fn a_store_that_cannot_be_made_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (missing, empty) = (dir.path().join("missing"), dir.path().join("empty"));
    fs::create_dir_all(empty.join("lost+found")).unwrap();
    for path in [&missing, &empty] {
        assert!(Store::open(path, &Options { map_size: 1 << 62, ..Options::default() }).is_err());
    }
    assert!(!missing.exists());
    assert_eq!(fs::read_dir(&empty).unwrap().count(), 1);
}

#[test]
fn a_store_that_is_not_wanted_goes_unless_it_was_there_before() {
    let dir = tempfile::tempdir().unwrap();
    let (missing, empty, kept) = (dir.path().join("missing"), dir.path().join("empty"), dir.path().join("kept"));
    fs::create_dir(&empty).unwrap();
    drop(open(&kept));
    for path in [&missing, &empty, &kept] {
        let store = open(path);
        let data_dir = store.data_dir();
        data_dir.secret_key(|| [7; 32]).unwrap();
        data_dir.set_certificates("key and certificates").unwrap();
        data_dir.show_authority("certificate").unwrap();
        data_dir.set_limits("").unwrap();
        for socket in [DataDir::admin_socket(path), DataDir::proxy_socket(path)] {
            fs::write(socket, "").unwrap();
        }
        let other = store.clone();
        store.discard_if_made();
        drop(store);
        assert!(path.join("FORMAT").exists(), "somebody has it open");
        drop(other);
    }
    assert!(!missing.exists());
    assert_eq!(fs::read_dir(&empty).unwrap().count(), 0);
    assert!(open(&kept).data_dir().path().join("secret.key").exists());
}

#[test]
fn a_log_that_is_no_log_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    fs::write(dir.path().join("log/data.mdb"), vec![7; 100_000]).unwrap();
    assert!(matches!(refused(dir.path()), OpenError::Damaged { .. }));
}

#[test]
fn the_secret_key_is_made_once_for_the_owner_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    assert_eq!(store.data_dir().secret_key(|| [7; 32]).unwrap(), [7; 32]);
    assert_eq!(store.data_dir().secret_key(|| panic!("there is one")).unwrap(), [7; 32]);
    let path = dir.path().join("secret.key");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::write(&path, b"short").unwrap();
    assert!(matches!(store.data_dir().secret_key(|| [7; 32]), Err(OpenError::Damaged { .. })));
}

#[test]
fn the_admin_socket_lies_in_the_directory() {
    assert_eq!(DataDir::admin_socket(Path::new("data")), Path::new("data/admin.sock"));
}

/// A copy of a directory below `tests/data`.
pub(crate) fn kept(name: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    for place in ["", "log", "segments"] {
        let Ok(entries) = fs::read_dir(kept.join(place)) else { continue };
        fs::create_dir_all(dir.path().join(place)).unwrap();
        for path in entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            fs::copy(&path, dir.path().join(place).join(path.file_name().unwrap())).unwrap();
        }
    }
    dir
}

/// `tests/data/format-1` was written by the first version: two users, one of them renamed,
/// a third deleted, and a post.
#[test]
fn a_directory_of_format_1_is_brought_up_to_date() {
    let dir = kept("format-1");
    for _ in 0..2 {
        assert_eq!(faults(dir.path()), Vec::<String>::new());
        let store = open(dir.path());
        assert_eq!(
            ["TwitterDev", "Birds", "Twitter", "passing"].map(|name| owner(&store, name)),
            [Some(2_244_994_945), Some(783_214), None, None]
        );
        assert_eq!(all_tweets(&store, 10).len(), 1);
        wait(store.merge()).unwrap();
        drop(store);
        assert_eq!(fs::read_to_string(dir.path().join("FORMAT")).unwrap(), "birdbox 5\n");
    }
}

/// The file in which the order of names is.
fn order_of_names(dir: &Path) -> Option<String> {
    let files = fs::read_dir(dir.join("segments")).unwrap().map(|entry| entry.unwrap().file_name());
    files.filter_map(|file| file.into_string().ok()).find(|file| file.starts_with("name-order-"))
}

/// `tests/data/format-3` is a backup with lists: of four users and four follows that were merged
/// one ended before and came again after, and one ended after; a protected user was asked, a
/// block and a mute were set.
#[test]
fn a_directory_of_format_3_opens_with_its_follows() {
    let dir = kept("format-3");
    for _ in 0..2 {
        assert_eq!(faults(dir.path()), Vec::<String>::new());
        let store = open(dir.path());
        assert_eq!(list(&store, 2, Direction::Followers), [1, 3]);
        assert_eq!(list(&store, 1, Direction::Following), [2, 3]);
        assert_eq!(list(&store, 1, Direction::Followers), [0; 0]);
        assert_eq!(store.pending_follows(UserId::new(4)), [UserId::new(1)]);
        assert!(relation(&store, 3, 4).blocking && relation(&store, 1, 3).muting);
        // The orders of usernames and names are written by a merge that nobody asked for.
        assert_eq!(wait(store.search_users(SearchBy::Username, "", None, 10)).unwrap().users.len(), 4);
        wait(store.merge()).unwrap();
        assert_eq!(wait(store.search_users(SearchBy::Name, "", None, 10)).unwrap().users.len(), 4);
        assert!(order_of_names(dir.path()).is_some());
    }
}

/// `tests/data/format-2` is a backup with segments: three users and two posts were merged, then
/// one user was renamed, one deleted and one created; and there is a developer account.
#[test]
fn a_directory_of_format_2_is_brought_up_to_date() {
    let dir = kept("format-2");
    assert_eq!(fs::read_to_string(dir.path().join("FORMAT")).unwrap(), "birdbox 2\n");
    for _ in 0..2 {
        assert_eq!(faults(dir.path()), Vec::<String>::new());
        let store = open(dir.path());
        assert_eq!(
            ["twitterdev", "Birds", "passing", "Twitter", "jack"].map(|name| owner(&store, name)),
            [Some(2_244_994_945), Some(783_214), Some(99), None, None]
        );
        let developer = wait(store.user(UserId::new(2_244_994_945))).unwrap().unwrap();
        assert_eq!(developer.description, "Words & <more> \"words\"");
        assert_eq!(all_tweets(&store, 10).len(), 2);
        assert!(store.identity().accounts().unwrap().iter().any(|account| account.name == "Dev"));
        wait(store.merge()).unwrap();
        assert_eq!(fs::read_to_string(dir.path().join("FORMAT")).unwrap(), "birdbox 5\n");
    }
}

/// `tests/data/format-4` is a backup: of five users, one with a name of 90 bytes, and three follows
/// that were merged; then one user was renamed and one follow ended.
#[test]
fn a_directory_of_format_4_is_brought_up_to_date() {
    let dir = kept("format-4");
    for _ in 0..2 {
        assert_eq!(faults(dir.path()), Vec::<String>::new());
        let store = open(dir.path());
        assert_eq!(
            ["twitterdev", "Birds", "a_long_username", "Twitter"].map(|name| owner(&store, name)),
            [Some(2_244_994_945), Some(783_214), Some(12), None]
        );
        let long = wait(store.user(UserId::new(12))).unwrap().unwrap();
        assert_eq!(long.name, "Eine sehr lange Bezeichnung für jemanden, \"der\" viele Wörter braucht 🐳🐳");
        let developer = wait(store.user(UserId::new(2_244_994_945))).unwrap().unwrap();
        assert_eq!(developer.description, "Words & <more> \"words\"");
        assert_eq!(list(&store, 2_244_994_945, Direction::Followers), [12, 783_214]);
        wait(store.merge()).unwrap();
        // Whoever still reads replaced files, as what warms them does, keeps them.
        drop(store);
        let files: Vec<_> =
            fs::read_dir(dir.path().join("segments")).unwrap().map(|file| file.unwrap().file_name()).collect();
        let is_there = |kind: &str| files.iter().any(|file| file.to_string_lossy().starts_with(kind));
        assert_eq!(["user-heads-", "user-offsets-"].map(is_there), [true, false]);
    }
}
