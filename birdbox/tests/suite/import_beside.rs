//! Large imports beside a server: one merge while it serves, and no trace of what is cut
//! short.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use birdbox::admin::{Answer, Client, Verb};
use model::{Timestamp, User, UserChange, UserId};
use store::{Stats, Store};

use crate::harness::{NOW_MS, Server};
use crate::large_import::import_beside;

const USERS: u64 = 20_000;

/// What a command begins with.
const REQUEST: &str = "{\"version\":1,\"large_import\":{\"format\":\"native\",\"conflict\":\"newer\"}}\n";

/// A line for each of these users. Wide ones are so many bytes that few of them are large.
fn lines(ids: std::ops::Range<u64>, width: usize) -> String {
    let mut text = String::new();
    for id in ids {
        let user = format!("{{\"id\":\"{id}\",\"username\":\"user{id}\",\"name\":\"User\"}}");
        writeln!(text, "{{\"user\":{user:width$}}}").unwrap();
    }
    text
}

/// The file of all users; large enough for the program to take it for large.
fn large_file(dir: &Path) {
    let width = usize::try_from(birdbox::import::Options::LARGE / USERS).unwrap();
    fs::write(dir.join("users.ndjson"), lines(1..USERS + 1, width)).unwrap();
}

fn birdbox(dir: &Path, arguments: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_birdbox"));
    command.args(arguments.split(' ')).current_dir(dir).env_clear();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Whether the directory of segments holds the files that the store names, and nothing else.
fn has_no_other_files(store: &Store) -> bool {
    let there = fs::read_dir(store.data_dir().path().join("segments")).unwrap();
    let there: BTreeSet<_> = there.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let named = store.files().into_iter().filter_map(|file| Some(file.name.strip_prefix("segments/")?.to_owned()));
    there == named.collect()
}

fn socket(server: &Server) -> UnixStream {
    UnixStream::connect(server.store().data_dir().path().join("admin.sock")).unwrap()
}

#[test]
fn it_is_one_merge_and_live_changes_go_on() {
    let server = Server::empty("none");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("users.ndjson");
    fs::write(&file, lines(1..USERS + 1, 0)).unwrap();
    let data = server.store().data_dir().path().to_owned();
    let before = server.store().stats().merges;
    let live = |id: u64| User::new(UserId::new(id), format!("live{id}").parse().unwrap(), "Live");
    let (report, changes) = thread::scope(|scope| {
        let import = scope.spawn(|| import_beside(&data, &[&file], dir.path()));
        let mut changes = 0;
        while !import.is_finished() {
            let id = 1_000_000 + changes;
            server.wait(server.store().create_user(live(id))).unwrap();
            let location = UserChange::Location(Some("Here".to_owned()));
            let now = Timestamp::from_unix_ms(NOW_MS);
            server.wait(server.store().update_user(UserId::new(id), vec![location], now)).unwrap();
            assert!(server.get(&format!("/2/users/{id}?user.fields=location")).contains("Here"));
            server.reset_limits();
            changes += 1;
        }
        (import.join().unwrap(), changes)
    });
    assert_eq!((report.imported.users.new, report.imported.users.changed), (USERS, 0));
    assert!(changes > 0);
    assert_eq!(server.store().stats().merges, before + 1);
    assert_eq!(server.store().stats().users, USERS + changes);
    for id in [1, USERS, 1_000_000, 1_000_000 + changes - 1] {
        assert!(server.get(&format!("/2/users/{id}")).contains(&format!("\"id\":\"{id}\"")), "{id}");
    }
    assert!(has_no_other_files(server.store()));
}

#[test]
fn of_two_the_second_waits() {
    let server = Server::empty("none");
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let data = server.store().data_dir().path();
    let mut first = BufReader::new(socket(&server));
    first.get_mut().write_all(REQUEST.as_bytes()).unwrap();
    let mut hear = |expected: &str| {
        let mut line = String::new();
        first.read_line(&mut line).unwrap();
        assert!(line.contains(expected), "{line}");
    };
    hear("begun");
    let mut second = BufReader::new(socket(&server));
    second.get_mut().write_all(REQUEST.as_bytes()).unwrap();
    let mut line = String::new();
    second.read_line(&mut line).unwrap();
    assert!(line.contains("waiting"), "{line}");
    drop(second);
    let file = dirs[0].path().join("users.ndjson");
    fs::write(&file, lines(1..100, 0)).unwrap();
    thread::scope(|scope| {
        let third = scope.spawn(|| import_beside(data, &[&file], dirs[1].path()));
        first.get_mut().write_all(b"\"end\"\n").unwrap();
        assert_eq!(third.join().unwrap().imported.users.new, 99);
    });
}

/// As many as the server listens to at once.
#[test]
fn commands_that_wait_no_longer_are_in_nobodys_way() {
    let server = Server::empty("none");
    let mut first = BufReader::new(socket(&server));
    first.get_mut().write_all(REQUEST.as_bytes()).unwrap();
    let mut line = String::new();
    first.read_line(&mut line).unwrap();
    assert!(line.contains("begun"), "{line}");
    for _ in 1..64 {
        let mut waiting = BufReader::new(socket(&server));
        waiting.get_mut().write_all(REQUEST.as_bytes()).unwrap();
        line.clear();
        waiting.read_line(&mut line).unwrap();
        assert!(line.contains("waiting"), "{line}");
    }
    let mut other = BufReader::new(socket(&server));
    other.get_ref().set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    other.get_mut().write_all(b"{\"version\":1,\"verb\":\"hello\"}\n").unwrap();
    line.clear();
    other.read_line(&mut line).unwrap();
    assert!(line.contains("\"Ok\":\"hello\""), "{line}");
    drop(first);
}

#[test]
fn a_server_that_stops_says_so() {
    let server = Server::empty("none");
    let mut stream = BufReader::new(socket(&server));
    stream.get_mut().write_all(REQUEST.as_bytes()).unwrap();
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    assert!(line.contains("begun"), "{line}");
    drop(server);
    line.clear();
    stream.read_line(&mut line).unwrap();
    assert!(line.contains("the server was told to stop"), "{line}");
}

#[test]
fn a_command_that_hangs_up_leaves_nothing() {
    let server = Server::empty("none");
    let dir = tempfile::tempdir().unwrap();
    let text = lines(1..3000, 0);
    let piece = format!(
        "{{\"lines\":{{\"number\":0,\"source\":0,\"observed_at_ms\":0,\"before\":0,\"bytes\":{}}}}}\n{text}",
        text.len()
    );
    let begin = REQUEST.len();
    let cuts = [begin - 5, begin, begin + 20, begin + 5000, usize::MAX];
    let whole = format!("{REQUEST}{piece}");
    for cut in cuts {
        let mut stream = socket(&server);
        stream.write_all(&whole.as_bytes()[..cut.min(whole.len())]).unwrap();
    }
    let [too_long, too_far, too_many] = ["bytes", "before", "number"]
        .map(|what| piece.replace(&format!("\"{what}\":"), &format!("\"{what}\":{}", "9".repeat(18))));
    for no_piece in ["junk\n", "{\"lines\":{}}\n", &too_long, &too_far, &too_many] {
        let mut stream = socket(&server);
        stream.write_all(format!("{REQUEST}{no_piece}").as_bytes()).unwrap();
    }
    // It has its turn when the others have ended.
    let file = dir.path().join("users.ndjson");
    fs::write(&file, lines(5000..5010, 0)).unwrap();
    let report = import_beside(server.store().data_dir().path(), &[&file], dir.path());
    assert_eq!((report.imported.users.new, server.store().stats().users), (10, 10));
    assert!(has_no_other_files(server.store()));
}

#[test]
fn a_killed_command_leaves_all_or_nothing() {
    let server = Server::empty("none");
    let data = server.store().data_dir().path().to_owned();
    large_file(data.parent().unwrap());
    let mut import = birdbox(data.parent().unwrap(), "import native users.ndjson --data data");
    while !server.store().stats().merging && import.try_wait().unwrap().is_none() {
        thread::yield_now();
    }
    import.kill().unwrap();
    import.wait().unwrap();
    server.wait(server.store().merge()).unwrap();
    let users = server.store().stats().users;
    assert!(users == 0 || users == USERS, "{users} users");
    assert!(has_no_other_files(server.store()));
    let again = birdbox(data.parent().unwrap(), "import native users.ndjson --data data").wait_with_output().unwrap();
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    assert_eq!(server.store().stats().users, USERS);
}

#[test]
fn a_killed_server_leaves_all_or_nothing_and_the_command_says_so() {
    let dir = tempfile::tempdir().unwrap();
    large_file(dir.path());
    let mut server = birdbox(dir.path(), "serve --data data --sample none --listen 127.0.0.1:0");
    let mut out = BufReader::new(server.stdout.take().unwrap());
    out.read_line(&mut String::new()).unwrap();
    let import = birdbox(dir.path(), "import native users.ndjson --data data");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut client = Client::connect(&dir.path().join("data")).await.unwrap().unwrap();
        let mut stats = Stats::default();
        while !stats.merging && stats.merges == 0 {
            let Answer::Stats(statistics) = client.ask(Verb::Stats).await.unwrap() else { panic!("no figures") };
            stats = statistics.stats;
        }
    });
    server.kill().unwrap();
    server.wait().unwrap();
    let mut rest = Vec::new();
    out.read_to_end(&mut rest).unwrap();
    let said = import.wait_with_output().unwrap();
    let line = String::from_utf8(said.stderr).unwrap();
    let store = Store::open(&dir.path().join("data"), &store::Options::default()).unwrap();
    let users = store.stats().users;
    assert!(users == 0 || users == USERS, "{users} users");
    if said.status.success() {
        assert_eq!(users, USERS, "the import ended before the kill");
    } else {
        assert_eq!(said.status.code(), Some(1));
        assert!(line.lines().count() == 1 && line.starts_with("birdbox: "), "{line}");
        assert!(
            line.contains("; nothing was loaded\n") || line.contains("; either all was loaded or nothing"),
            "{line}"
        );
    }
    assert!(has_no_other_files(&store));
    store.close();
    assert!(store::verify(&dir.path().join("data"), &mut |_| {}).unwrap().is_clean());
}
