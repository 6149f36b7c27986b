//! What verifying a directory finds, and that it changes nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use model::UserId;
use store::{OpenError, Verifying, verify};

use crate::support::{faults, import, open, post, profile, seen, tweet, user, wait};

/// A directory of merged users and posts, and of changes since.
fn make(dir: &Path) {
    let store = open(dir);
    let users = (0..100).map(|id| profile(seen(id, &format!("user{id}"), 1)));
    import(&store, users.chain((0..50).map(|id| tweet(post(id, "text", 1)))).collect());
    wait(store.merge()).unwrap();
    wait(store.create_user(user(1000, "findme"))).unwrap();
    wait(store.delete_user(UserId::new(7))).unwrap();
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = ["", "log", "segments"].map(|sub| fs::read_dir(dir.join(sub)).unwrap());
    let mut files: Vec<_> = entries.into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

fn change(file: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(file).unwrap();
    change(&mut bytes);
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_directory_that_is_well_has_no_faults_and_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let content = || files(dir.path()).into_iter().map(|file| (fs::read(&file).unwrap(), file)).collect::<Vec<_>>();
    let before = content();
    let (mut read, mut records) = (Vec::new(), None);
    let report = verify(dir.path(), &mut |step| match step {
        Verifying::File(file) => read.push(file.to_owned()),
        Verifying::Records(done, of) => records = Some((done, of)),
        Verifying::Fault(fault) => panic!("{fault}"),
    });
    let report = report.unwrap();
    assert!(report.is_clean());
    assert_eq!((report.users, report.tweets, report.log_rows), (100, 50, 2));
    assert_eq!(records, Some((150, 150)));
    assert_eq!(read.len(), 12, "the log, before and after the journal, and nine files of segments");
    assert!(content() == before);
}

#[test]
fn a_flipped_bit_anywhere_in_a_segment_is_found_in_its_file() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let segments: Vec<_> =
        files(dir.path()).into_iter().filter(|file| file.parent().unwrap().ends_with("segments")).collect();
    assert_eq!(segments.len(), 9);
    for file in segments {
        let length = fs::metadata(&file).unwrap().len() as usize;
        for place in (0..40).map(|part| part * (length - 1) / 39) {
            change(&file, |bytes| bytes[place] ^= 1 << (place % 8));
            let found = faults(dir.path());
            let begin = format!("{}: ", file.display());
            assert!(
                found.iter().any(|fault| fault.starts_with(&begin)),
                "byte {place} of {}: {found:?}",
                file.display()
            );
            change(&file, |bytes| bytes[place] ^= 1 << (place % 8));
        }
    }
    assert_eq!(faults(dir.path()), Vec::<String>::new());
}

#[test]
fn a_damaged_row_is_named_and_the_rest_is_still_read() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    change(&dir.path().join("log/data.mdb"), |bytes| {
        let places: Vec<_> = (0..bytes.len() - 6).filter(|&at| bytes[at..].starts_with(b"findme")).collect();
        places.into_iter().for_each(|at| bytes[at] = b'F');
    });
    let records =
        files(dir.path()).into_iter().find(|file| file.display().to_string().contains("user-records")).unwrap();
    change(&records, |bytes| bytes[200] ^= 1);
    let found = faults(dir.path());
    assert!(found.iter().any(|fault| fault.contains("data.mdb: row 150 of the log")), "{found:?}");
    assert!(found.iter().any(|fault| fault.contains("user-records")), "{found:?}");
}

#[test]
fn missing_and_shortened_files_are_faults() {
    for name in ["usernames", "tweet-ids"] {
        for shorten in [true, false] {
            let dir = tempfile::tempdir().unwrap();
            make(dir.path());
            let file = files(dir.path()).into_iter().find(|file| file.display().to_string().contains(name)).unwrap();
            if shorten {
                change(&file, |bytes| bytes.truncate(100));
            } else {
                fs::remove_file(&file).unwrap();
            }
            let found = faults(dir.path());
            assert!(found.iter().any(|fault| fault.starts_with(&file.display().to_string())), "{found:?}");
        }
    }
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    fs::write(dir.path().join("secret.key"), b"short").unwrap();
    change(&dir.path().join("log/data.mdb"), |bytes| bytes.truncate(100));
    assert_eq!(faults(dir.path()).len(), 2);
}

#[test]
fn a_directory_that_cannot_be_verified_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    assert!(matches!(verify(dir.path(), &mut |_| {}), Err(OpenError::Locked { .. })));
    drop(store);
    fs::remove_file(dir.path().join("FORMAT")).unwrap();
    assert!(matches!(verify(dir.path(), &mut |_| {}), Err(OpenError::Incomplete { .. })));
    let other = tempfile::tempdir().unwrap();
    assert!(matches!(verify(other.path(), &mut |_| {}), Err(OpenError::Foreign { .. })));
    assert!(matches!(verify(&other.path().join("missing"), &mut |_| {}), Err(OpenError::Foreign { .. })));
}

/// A start goes from row to row and does not notice; who asks for such a row does.
#[test]
fn a_page_that_leads_elsewhere_is_found() {
    const PAGE: usize = 4096;
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    import(&store, (0..400).map(|id| profile(seen(id, &format!("user{id}"), 1))).collect());
    drop(store);
    change(&dir.path().join("log/data.mdb"), |bytes| {
        let number = |bytes: &[u8], at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
        // Behind its flags a page says where its entries are; behind eight bytes an entry has
        // its key. The first key of a page that leads to others says nothing.
        let leads = |bytes: &[u8], page: usize| page >= 2 * PAGE && number(bytes, page + 10) == 1;
        let pages: Vec<_> = (0..bytes.len()).step_by(PAGE).filter(|&page| leads(bytes, page)).collect();
        assert!(!pages.is_empty());
        for page in pages {
            let entry = page + number(bytes, page + 18);
            bytes[entry + 8 + 7] ^= 1;
        }
    });
    let found = faults(dir.path());
    assert!(!found.is_empty() && found.iter().all(|fault| fault.ends_with("of the log cannot be found")), "{found:?}");
    let store = open(dir.path());
    let users: Vec<_> = (0..400).map(|id| wait(store.user(UserId::new(id)))).collect();
    assert_eq!(users.iter().filter(|user| user.is_err()).count(), found.len());
    assert!(users.iter().flatten().all(Option::is_some));
}
