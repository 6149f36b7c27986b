//! A signed request counts once, however often and on how many connections it is sent.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;
use std::thread;

use birdbox::state::Clock;

use super::place::{Place, Signing, signature};
use crate::record;

const PATH: &str = "/oauth/request_token";
const REQUESTS: usize = 64;
const CONNECTIONS: usize = 32;

/// The statuses of all replies to `request`, sent at once on all connections.
fn send_at_once(address: SocketAddr, request: &str) -> Vec<u16> {
    let begin = Barrier::new(CONNECTIONS);
    thread::scope(|scope| {
        let ask = || {
            let mut stream = TcpStream::connect(address).unwrap();
            begin.wait();
            (0..REQUESTS / CONNECTIONS).map(|_| exchange(&mut stream, request)).collect::<Vec<_>>()
        };
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// Sends a request on a connection that stays open, and reads the status of its reply.
fn exchange(stream: &mut TcpStream, request: &str) -> u16 {
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    stream.read_exact(&mut vec![0; length.parse().unwrap()]).unwrap();
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

fn request(address: SocketAddr, consumer: (&str, &str), seconds: i64, nonce: &str) -> String {
    let host = address.to_string();
    let signing = Signing { token: None, extra: &[("oauth_callback", "oob")], nonce };
    let header = signature(PATH, &host, consumer, seconds, signing);
    format!("POST {PATH} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {header}\r\nContent-Length: 0\r\n\r\n")
}

fn assert_one_won(replies: &[u16]) {
    assert_eq!(replies.len(), REQUESTS);
    assert_eq!(replies.iter().filter(|status| **status == 200).count(), 1, "{replies:?}");
    assert_eq!(replies.iter().filter(|status| **status == 401).count(), REQUESTS - 1, "{replies:?}");
}

#[test]
fn of_64_identical_requests_on_32_connections_one_succeeds() {
    let place = Place::set(&[]);
    for nonce in ["1", "2", "3", "4", "5"] {
        let request = request(place.server.address(), place.consumer(), place.now().unix_seconds(), nonce);
        assert_one_won(&send_at_once(place.server.address(), &request));
    }
}

/// A server of its own, which is killed when this is dropped.
struct Process(Child, SocketAddr);

impl Process {
    fn start(folder: &Path, listen: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_birdbox"));
        command.args(["serve", "--listen", listen, "--sample", "legislators", "--data", "data"]).current_dir(folder);
        let log = record::log().map_or_else(Stdio::null, Stdio::from);
        command.env("BIRDBOX_LOG__LEVEL", "trace").stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let output = std::io::BufReader::new(child.stdout.take().unwrap());
        let mut lines = std::io::BufRead::lines(output).map(Result::unwrap);
        let address = lines.find_map(|line| line.trim().strip_prefix("address  http://").map(str::to_owned)).unwrap();
        // Whoever does not read it blocks the server.
        thread::spawn(move || lines.for_each(drop));
        Self(child, address.parse().unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn a_kill_does_not_let_a_request_count_again() {
    let folder = record::dir();
    let first = Process::start(folder.path(), "127.0.0.1:0");
    let address = first.1;
    let printed = Command::new(env!("CARGO_BIN_EXE_birdbox"))
        .args(["env", "-o", "json", "--data", "data"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    let value = |name: &str| {
        let (_, rest) = printed.split_once(&format!("\"{name}\"")).unwrap();
        rest.split('"').nth(1).unwrap().to_owned()
    };
    let consumer = (value("CONSUMER_KEY"), value("CONSUMER_SECRET"));
    record::secret("secret", &consumer.1);
    let consumer = (consumer.0.as_str(), consumer.1.as_str());
    let seconds = Clock::System.now().unix_seconds();
    let request = request(address, consumer, seconds, "1");
    assert_one_won(&send_at_once(address, &request));
    // Dropping it kills it at once, as kill -9 does.
    drop(first);
    let second = Process::start(folder.path(), &address.to_string());
    assert_eq!(second.1, address);
    let replies = send_at_once(address, &request);
    assert_eq!(replies.iter().filter(|status| **status == 401).count(), REQUESTS, "{replies:?}");
    let fresh = self::request(address, consumer, seconds, "2");
    assert_one_won(&send_at_once(address, &fresh));
}
