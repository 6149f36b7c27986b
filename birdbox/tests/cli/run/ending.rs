//! How it ends: as a shell would say it, with nothing left behind.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::{place, script};
use crate::place::{Place, start};

#[test]
fn the_exit_code_is_that_of_a_shell() {
    let place = place();
    place.write("plain.txt", "no program");
    fs::create_dir(place.path("folder")).unwrap();
    for (program, code) in [
        ("sh -c true", 0),
        ("sh -c false", 1),
        ("./missing", 127),
        ("no-such-program-anywhere", 127),
        ("./plain.txt", 126),
        ("./folder", 126),
    ] {
        let said = place.run(&format!("run -- {program}"));
        assert_eq!((said.code, said.out.as_str()), (code, ""), "{program}: {said:?}");
    }
    for (body, code) in
        [("exit 7", 7), ("exit 255", 255), ("kill -9 $$", 137), ("kill -TERM $$", 143), ("kill -INT $$", 130)]
    {
        assert_eq!(script(&place, &[], body).code, code, "{body}");
    }
}

#[test]
fn a_program_that_does_not_start_is_one_line_that_says_what_to_do() {
    let place = place();
    let said = place.run("run -- ./missing");
    assert_eq!(
        said.complaint().1,
        "./missing: there is no such program; give its path, or a name that is found in PATH"
    );
    place.write("plain.txt", "no program");
    let said = place.run("run -- ./plain.txt");
    assert!(
        said.complaint().1.ends_with("make it executable with: chmod +x, or name the interpreter before it"),
        "{said:?}"
    );
}

#[test]
fn without_a_program_it_is_a_mistake_in_what_was_asked() {
    let place = Place::new();
    for arguments in ["run", "run --", "run --offline --as @alice --", "doctor"] {
        let said = place.run(arguments);
        let (code, line) = said.complaint();
        assert!(code == 2 && line.contains("<CMD>"), "{arguments}: {line}");
    }
    assert_eq!(place.names(), Vec::<String>::new());
}

#[test]
fn the_standard_streams_are_those_of_the_program() {
    let place = place();
    let said = place.pipe("to be read\n", "run -- cat");
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "to be read\n", ""));
    let said = script(&place, &[], "echo out; echo err >&2");
    assert_eq!((said.out.as_str(), said.err.as_str()), ("out\n", "err\n"));
    let said = place.run("run -- printf %s|%s --data -x");
    assert_eq!(said.out, "--data|-x");
}

/// A running `birdbox run`, and what its program has said: its process id and its proxy.
struct Waiting {
    process: Child,
    program: u32,
    proxy: String,
}

impl Waiting {
    /// The script goes on when the two are known.
    fn start(place: &Place, rest: &str) -> Self {
        place.write("wait.sh", format!("trap 'exit 42' INT\necho $$ $HTTPS_PROXY\n{rest}\n"));
        let mut process = start(place.command("run -- sh wait.sh").stdin(Stdio::piped()));
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (program, proxy) = line.trim().split_once(' ').unwrap();
        Self { process, program: program.parse().unwrap(), proxy: proxy.replace("http://", "") }
    }

    fn send(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.process.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// The exit code, when it is sure that nothing is left.
    fn end(mut self) -> i32 {
        let code = self.wait();
        assert!(self.is_shut(), "the proxy still listens");
        code
    }

    /// The exit code, when the program has ended. A server of another one may still close the proxy.
    fn wait(&mut self) -> i32 {
        // To wait would close it, and the program would end of that.
        let _stdin = self.process.stdin.take();
        let code = self.process.wait().unwrap().code().unwrap();
        assert!(!Path::new(&format!("/proc/{}", self.program)).exists(), "the program still runs");
        code
    }

    fn is_shut(&self) -> bool {
        TcpStream::connect(&self.proxy).is_err()
    }
}

#[test]
fn signals_are_for_the_program_and_nothing_is_left_running() {
    let place = place();
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 42)] {
        let waiting = Waiting::start(&place, "read line");
        assert!(TcpStream::connect(&waiting.proxy).is_ok());
        waiting.send(signal);
        assert_eq!(waiting.end(), code, "{signal:?}");
    }
    let waiting = Waiting::start(&place, "kill -9 $$");
    assert_eq!(waiting.end(), 137);
    assert_eq!(place.run("explain --last").code, 1, "a server still runs");
}

#[test]
fn a_server_that_another_program_uses_lives_until_that_one_ends() {
    let place = place();
    let mut first = Waiting::start(&place, "read line");
    let mut second = Waiting::start(&place, "read line");
    drop(first.process.stdin.take());
    let mut said = String::new();
    BufReader::new(first.process.stderr.take().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said, "birdbox: another program still uses this server; waiting for its end (^C stops it)\n");
    assert!(TcpStream::connect(&second.proxy).is_ok());
    second.send(Signal::TERM);
    assert_eq!((second.wait(), first.end()), (143, 1));
    assert!(second.is_shut());
}

#[test]
fn nothing_but_the_data_directory_changes() {
    let place = place();
    let before = place.names();
    assert_eq!(script(&place, &["--as", "@alice"], "true").code, 0);
    assert_eq!(place.run("doctor -- true").code, 1);
    assert_eq!(place.names(), before);
    for name in ["home", "tmp"] {
        assert_eq!(fs::read_dir(place.path(name)).unwrap().count(), 0, "{name}");
    }
    let drafts = fs::read_dir(place.path("birdbox-data")).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(drafts.into_iter().all(|name| !name.to_string_lossy().ends_with(".new")));
    let mode = fs::metadata(place.path("birdbox-data")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}
