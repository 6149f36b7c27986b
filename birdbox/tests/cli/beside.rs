//! Commands beside a running server: the same verbs, carried out by it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use birdbox::admin::{Context, Environment, Secrets, server, socket};
use birdbox::http::Scheme;
use birdbox::limits::{Limits, Settings, Source};
use model::Timestamp;
use store::{LedgerStart, Options, Store};
use tokio::sync::oneshot;

use crate::place::{FILES, Place, data, nothing_starts, start};

/// The part of a server that commands meet.
struct Server {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Server {
    /// Starts one; when this returns, it can be asked.
    fn start(dir: &Path) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = std::sync::mpsc::channel();
        let dir = dir.to_owned();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let store = Store::open(&dir, &Options::default()).unwrap();
                let key = store.data_dir().secret_key(|| [7; 32]).unwrap();
                let socket = socket::bind(store.data_dir()).unwrap();
                ready.send(()).unwrap();
                let secrets = Secrets::new(key, || [7; 32]);
                let environment = Environment::of(Scheme::Http, "127.0.0.1:4242".parse().unwrap());
                let now = Timestamp::parse_iso("2023-01-01T00:00:00Z").unwrap();
                let shutdown = async {
                    let _ = stopped.await;
                };
                let start = LedgerStart { now, boot: None, random: || [7; 32] };
                let limits = Arc::new(Limits::open(store.data_dir(), &Settings::default(), &start).unwrap());
                let context = Context {
                    store,
                    environment,
                    secrets,
                    limits: Source::Open(limits),
                    running: None,
                    ca: Default::default(),
                    addresses: None,
                    host: None,
                };
                server::serve(socket, context, Arc::new(move || now), shutdown).await;
            });
        });
        is_ready.recv().unwrap();
        Self { stop, thread }
    }

    /// Stops it; when this returns, its directory is free.
    fn stop(self) {
        let _guard = nothing_starts();
        self.stop.send(()).unwrap();
        self.thread.join().unwrap();
    }
}

#[test]
fn commands_do_the_same_beside_a_server_and_without() {
    let alone = Place::with_files();
    let beside = Place::with_files();
    let server = Server::start(&beside.path("birdbox-data"));
    beside.write("mixed.jsonl", data("twarc.jsonl") + "junk\n");
    alone.write("mixed.jsonl", data("twarc.jsonl") + "junk\n");
    let imports =
        FILES.iter().map(|(format, file)| format!("import {format} {file} --observed-at 2020-01-01T00:00:00Z"));
    let pairs: String = (0..40_000).map(|number| format!("{} {}\n", 16 + number % 2, number / 400)).collect();
    alone.write("pairs", &pairs);
    beside.write("pairs", &pairs);
    let late = pairs + "nobody 1\n";
    alone.write("late", &late);
    beside.write("late", &late);
    let others = [
        "import edges late --direction follows --yes",
        "import edges pairs --direction follows --yes",
        "export edges",
        "export edges --of 16 --format gexf",
        "import twarc mixed.jsonl --on-conflict replace --dry-run",
        "import twarc mixed.jsonl --on-conflict replace",
        "export users",
        "user get @alice",
        "user create alice",
        "user rename alice bob",
        "user set alice location=Rome followers_count=x",
        "user delete 16",
        "export users -o out.ndjson",
        "merge",
        "backup create backup",
        "backup restore backup --data restored",
        "export users --data restored",
        "backup create files",
        "user get 16",
        "user create cleo --id 900",
        "user create dick --id 901",
        "user protect dick",
        "user follow cleo dick",
        "user pending dick",
        "user accept cleo dick",
        "user accept 900 901",
        "user reject cleo dick",
        "user follow dick cleo",
        "user mute dick cleo",
        "user followers dick",
        "user following cleo --limit 1",
        "user show dick",
        "user block cleo dick",
        "user follow dick cleo",
        "user show dick",
        "user delete cleo",
        "user followers dick",
        "user delete dick",
        "account create Dev",
        "account approve 2",
        "project create Birds --account 2",
        "project delete 2",
        "app delete 9",
        "app set 1 type=phone",
        "app set 1 tier=pro",
        "app delete 1",
        "token create --app 1 --as alice",
        "token list",
        "user password alice --remove",
        // They carry the time of their creation, which differs.
        "user delete cleo",
        "user delete dick",
    ];
    for arguments in imports.chain(others.map(str::to_owned)) {
        assert_eq!(beside.run(&arguments), alone.run(&arguments), "birdbox {arguments}");
    }
    assert_eq!(beside.read("out.ndjson"), alone.read("out.ndjson"));
    assert_eq!(beside.read("mixed.jsonl.rejects.ndjson"), alone.read("mixed.jsonl.rejects.ndjson"));
    server.stop();
    assert_eq!(beside.ok("export users"), alone.ok("export users"), "what the server acknowledged is there");
}

#[test]
fn changes_beside_a_server_carry_its_time() {
    let place = Place::with_data();
    let server = Server::start(&place.path("birdbox-data"));
    place.ok("user set alice location=Rome");
    assert!(place.ok("user get alice").contains("\"observed_at\":\"2023-01-01T00:00:00.000Z\""));
    server.stop();
}

#[test]
fn env_beside_a_server_tells_where_it_really_listens() {
    let place = Place::with_data();
    let alone = place.ok("env -o dotenv");
    let server = Server::start(&place.path("birdbox-data"));
    assert_eq!(place.ok("env -o dotenv"), alone.replace("127.0.0.1:8080", "127.0.0.1:4242"));
    server.stop();
}

#[test]
fn a_server_goes_on_when_nobody_can_read_its_address() {
    let place = Place::new();
    let mut command = place.command("serve --sample none --listen 127.0.0.1:0");
    command.stdout(File::create("/dev/full").unwrap());
    let mut server = start(&mut command);
    let mut lines = BufReader::new(server.stderr.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.find(|line| line.contains("nobody can read the standard output")).unwrap();
    let address = place.ok("env -o dotenv").lines().next().unwrap().replace("BASE_URL=http://", "");
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(line.contains(&format!("address={address}")), "{line}");
    assert!(!line.contains('\x1B'), "no colours for a file: {line}");
}

#[test]
fn an_import_whose_server_ends_says_what_became_of_it() {
    let place = Place::with_data();
    let server = Server::start(&place.path("birdbox-data"));
    let mut import = start(place.command("import native -").stdin(Stdio::piped()));
    let mut input = import.stdin.take().unwrap();
    let lines = |ids: std::ops::Range<u32>| -> String {
        ids.map(|id| format!("{{\"user\":{{\"id\":\"{id}\",\"username\":\"u{id}\",\"name\":\"\"}}}}\n")).collect()
    };
    // More than a pipe holds: when it is written, the import has begun.
    input.write_all(lines(1000..4000).as_bytes()).unwrap();
    server.stop();
    // It ends when it meets the end of the server, or of its input.
    let _ = input.write_all(lines(4000..8000).as_bytes());
    drop(input);
    let output = import.wait_with_output().unwrap();
    let line = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{line}");
    assert!(line.ends_with("; what was loaded before stays, and importing the files again loads the rest\n"), "{line}");
}

#[test]
fn a_dead_servers_socket_is_in_nobodys_way() {
    let place = Place::with_data();
    let socket = place.path("birdbox-data/admin.sock");
    Server::start(&place.path("birdbox-data")).stop();
    assert!(socket.exists());
    place.ok("user get alice");
    let server = Server::start(&place.path("birdbox-data"));
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    place.ok("user get alice");
    server.stop();
}

#[test]
fn a_path_that_is_too_long_for_a_socket_works_too() {
    let place = Place::with_files();
    let deep = format!("{}/{}", "d".repeat(60), "e".repeat(60));
    fs::create_dir(place.path(&"d".repeat(60))).unwrap();
    let server = Server::start(&place.path(&deep));
    place.ok(&format!("import native native.ndjson --data {deep}"));
    assert_eq!(place.ok(&format!("export users --data {deep}")), data("native.ndjson"));
    server.stop();
}

#[test]
fn lines_that_are_no_requests_get_an_answer_and_break_nothing() {
    let place = Place::with_data();
    let server = Server::start(&place.path("birdbox-data"));
    let connect = || UnixStream::connect(place.path("birdbox-data/admin.sock")).unwrap();
    let mut stream = BufReader::new(connect());
    let mut ask = |line: &str| {
        stream.get_mut().write_all(line.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_line(&mut answer).unwrap();
        answer
    };
    assert!(ask("junk\n").contains("did not understand") || ask("\n").contains("Request"));
    assert!(ask("{\"version\":1,\"verb\":{\"fly\":{}}}\n").contains("unknown variant"));
    let other = ask("{\"version\":2,\"verb\":\"whatever\"}\n");
    assert!(other.contains("\"Version\":{\"server\":1,\"client\":2}"), "{other}");
    assert!(ask("{\"version\":1,\"verb\":{\"get_user\":{\"user\":\"alice\"}}}\n").contains("\"user\":{\"id\":\"11\""));
    connect().write_all(b"{\"version\":1,").unwrap();
    place.ok("user get alice");
    server.stop();
}

#[test]
fn large_lines_that_go_nowhere_hold_up_neither_others_nor_the_end() {
    let place = Place::with_data();
    let server = Server::start(&place.path("birdbox-data"));
    let stalled: Vec<_> = (0..8)
        .map(|_| {
            let mut stream = UnixStream::connect(place.path("birdbox-data/admin.sock")).unwrap();
            stream.write_all(&[b' '; 100 << 10]).unwrap();
            stream
        })
        .collect();
    place.ok("user get alice");
    server.stop();
    drop(stalled);
}

#[test]
fn verify_beside_a_server_says_how_to_do_it() {
    let place = Place::with_data();
    let server = Server::start(&place.path("birdbox-data"));
    let said = place.run("verify");
    let (code, line) = said.complaint();
    assert!(code == 1 && line.contains("or verify a backup: birdbox backup create DIR && "), "{line}");
    place.ok("backup create backup");
    place.ok("verify --data backup");
    server.stop();
}

#[test]
fn a_second_program_on_the_same_directory_is_told_so() {
    let place = Place::with_data();
    let store = Store::open(&place.path("birdbox-data"), &Options::default()).unwrap();
    let said = place.run("user get alice");
    let expected = "--data: ./birdbox-data: in use by another Birdbox; stop that one or give another directory";
    assert_eq!(said.complaint(), (1, expected));
    store.close();
}
