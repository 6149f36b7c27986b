//! `stats`, `merge`, `verify` and `backup`, alone and on directories that are not well.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::place::{Place, data, start};

/// The file of the store whose name begins so.
fn file_of(place: &Place, begin: &str) -> PathBuf {
    let mut entries = fs::read_dir(place.path("birdbox-data/segments")).unwrap().map(|entry| entry.unwrap().path());
    entries.find(|path| path.file_name().unwrap().to_str().unwrap().starts_with(begin)).unwrap()
}

fn change(path: &PathBuf, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn stats_tell_what_is_stored_for_people_and_programs() {
    let place = Place::with_data();
    let text = place.ok("stats");
    for part in ["data        ./birdbox-data\n", "users       3\n", "changes     4 not merged", "  log/data.mdb  "] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    place.ok("merge");
    let line = place.ok("stats -o json");
    assert_eq!(line.lines().count(), 1);
    let stats: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!((&stats["users"], &stats["log_rows"], &stats["merging"]), (&3.into(), &0.into(), &false.into()));
    let files = stats["files"].as_array().unwrap();
    let bytes = |begin: &str| -> u64 {
        let of_kind = files.iter().filter(|file| file["name"].as_str().unwrap().starts_with(begin));
        of_kind.map(|file| file["bytes"].as_u64().unwrap()).sum()
    };
    assert_eq!(stats["segment_bytes"], bytes("segments/"));
    assert_eq!(stats["log_bytes"], bytes("log/"));
}

#[test]
fn a_merge_says_how_many_changes_it_took_in() {
    let place = Place::with_data();
    assert!(place.ok("merge").starts_with("merged 4 changes; the segments have "));
    assert!(place.ok("merge").starts_with("merged 0 changes; "));
    assert_eq!(place.ok("export users"), data("native.ndjson"));
}

#[test]
fn verify_of_what_is_well_says_so_and_changes_nothing() {
    let place = Place::with_data();
    place.ok("merge");
    let line = place.ok("verify");
    assert!(line.starts_with("./birdbox-data: no damage in 3 users, "), "{line}");
}

#[test]
fn verify_lists_what_is_damaged_and_says_what_to_do() {
    let place = Place::with_data();
    place.ok("merge");
    let names = [file_of(&place, "usernames"), file_of(&place, "user-records")];
    names.iter().for_each(|file| change(file, |bytes| bytes[80] ^= 1));
    let said = place.run("verify");
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.out.lines().any(|line| line == "./birdbox-data/segments/usernames-1: line 0 is damaged"), "{said:?}");
    assert!(said.out.contains("./birdbox-data/segments/user-records-1: record 0 is damaged\n"), "{said:?}");
    assert!(said.err.contains("damaged in 2 places; bring a backup back with: birdbox backup restore "), "{said:?}");
    assert_eq!(said.err.lines().count(), 1);
}

/// The root of LMDB's tree is far beyond the end of the file, and not beyond what LMDB takes
/// for its last page.
#[test]
fn damage_that_ends_a_process_is_one_line_that_names_the_file() {
    let place = Place::with_data();
    let log = place.path("birdbox-data/log/data.mdb");
    for page in [0, 4096] {
        let (root, last) = (page + 128, page + 136);
        change(&log, |bytes| (bytes[root + 2], bytes[last + 2]) = (1, 2));
    }
    let said = place.run("verify");
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.err.contains("log/data.mdb: so damaged that reading it ends a process (signal "), "{said:?}");
    assert!(said.err.ends_with("into a new directory\n") && said.err.lines().count() == 1, "{said:?}");
}

#[test]
fn verify_of_what_is_no_data_says_so() {
    let place = Place::with_data();
    assert_eq!(place.run("verify --data nowhere").complaint().0, 2);
    assert!(!place.path("nowhere").exists());
    let foreign = "--data: .: holds other files and no Birdbox data; give an empty or a new directory";
    assert_eq!(place.run("verify --data .").complaint(), (2, foreign));
    fs::remove_file(place.path("birdbox-data/FORMAT")).unwrap();
    for command in ["verify", "serve", "export users"] {
        let said = place.run(command);
        let (code, line) = said.complaint();
        assert_eq!(code, 2);
        assert!(line.starts_with("--data: ./birdbox-data: holds Birdbox data, but it has no file FORMAT"), "{line}");
    }
}

#[test]
fn a_backup_comes_back_with_the_same_users_and_the_same_token() {
    let place = Place::with_data();
    place.ok("merge");
    place.ok("user set alice location=Rome");
    let line = place.ok("backup create backup");
    assert!(line.starts_with("backed up ") && line.ends_with("birdbox backup restore backup --data NEW\n"), "{line}");
    let users = place.ok("export users");
    place.ok("user delete alice");
    let line = place.ok("backup restore backup --data restored");
    assert!(line.ends_with("start with: birdbox serve --data restored\n"), "{line}");
    assert_eq!(place.ok("export users --data restored"), users);
    assert_eq!(place.ok("env --data restored"), place.ok("env"));
    place.ok("verify --data backup");
}

#[test]
fn backups_go_to_empty_directories_and_come_from_whole_ones() {
    let place = Place::with_data();
    place.ok("backup create backup");
    let not_empty = |dir: &str| format!("{dir}: is not empty; give a new or an empty directory");
    let (code, line) = (2, format!("DIR: {}", not_empty(place.path("backup").to_str().unwrap())));
    assert_eq!(place.run("backup create backup").complaint(), (code, line.as_str()));
    assert_eq!(place.run("backup restore backup").complaint(), (2, not_empty("./birdbox-data").as_str()));
    assert_eq!(place.run("backup create birdbox-data/backup").complaint().0, 2);
    assert_eq!(place.run("backup restore nowhere --data new").complaint().0, 2);
    fs::remove_file(place.path("backup/FORMAT")).unwrap();
    let half = "backup: not a whole backup (it has no file FORMAT); take another one";
    assert_eq!(place.run("backup restore backup --data new").complaint(), (2, half));
    assert!(!place.path("new").exists());
}

/// What a start complains of where a limit on the size of files, in blocks of 512 bytes, stands
/// for a disk that becomes full.
fn start_on_a_full_disk(place: &Place, data: &str, blocks: u32) -> String {
    let script = format!("ulimit -f {blocks}; exec \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_birdbox"), "serve", "--data", data]);
    command.args(["--listen", "127.0.0.1:0"]).current_dir(place.path(".")).env_clear().stdin(Stdio::null());
    let output = start(command.stdout(Stdio::piped()).stderr(Stdio::piped())).wait_with_output().unwrap();
    let line = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), line.lines().count()), (Some(1), 1), "{line}");
    line
}

/// While the locks of the log are made, while its journal is, and while the limits are laid out.
#[test]
fn a_first_start_on_a_full_disk_leaves_nothing() {
    for (blocks, said) in [(300, "new/log/lock.mdb: "), (1000, "new/log/journal: "), (5000, "new/ledger: ")] {
        let place = Place::new();
        let line = start_on_a_full_disk(&place, "new", blocks);
        assert!(line.contains(said), "{line}");
        assert_eq!(place.names(), Vec::<String>::new());
    }
}

#[test]
fn a_start_that_finds_no_room_for_locks_harms_nothing() {
    let place = Place::with_data();
    let users = place.ok("export users");
    fs::remove_file(place.path("birdbox-data/log/lock.mdb")).unwrap();
    let line = start_on_a_full_disk(&place, "birdbox-data", 300);
    assert!(line.contains("log/lock.mdb") && line.contains("full"), "{line}");
    assert_eq!(place.ok("export users"), users);
}

#[test]
fn no_output_goes_into_a_data_directory() {
    let place = Place::with_data();
    place.write("bad.ndjson", "junk\n");
    place.write("birdbox-data/in.ndjson", "junk\n");
    let format = place.read("birdbox-data/FORMAT");
    std::os::unix::fs::symlink("birdbox-data/FORMAT", place.path("link")).unwrap();
    for command in [
        "export users -o birdbox-data/FORMAT",
        "export users -o link",
        "export users -o birdbox-data/log/new",
        "generate users --users 1 -o birdbox-data/FORMAT",
        "import native bad.ndjson --rejects birdbox-data/FORMAT",
        "import native bad.ndjson --rejects link",
        "import native birdbox-data/in.ndjson",
    ] {
        let said = place.run(command);
        let (code, line) = said.complaint();
        assert!(code == 2 && line.contains("in the data directory "), "{command}: {said:?}");
    }
    assert_eq!(place.read("birdbox-data/FORMAT"), format);
    assert!(!place.path("birdbox-data/log/new").exists());
}
