//! Rate limits as a client meets them.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Barrier;
use std::thread;

use crate::harness::{NOW_MS, Server};

/// A connection that is kept, and what a reply on it says of limits.
struct Connection(BufReader<TcpStream>);

#[derive(Debug, PartialEq, Eq)]
struct Told {
    status: u16,
    limit: Option<u32>,
    remaining: Option<u32>,
    reset: Option<u32>,
}

impl Connection {
    fn new(server: &Server) -> Self {
        Self(BufReader::new(TcpStream::connect(server.address()).unwrap()))
    }

    fn get(&mut self, target: &str, bearer: &str) -> Told {
        let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {bearer}\r\n\r\n");
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        let lines = self.0.by_ref().lines().map(Result::unwrap);
        let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        let number = |name: &str| {
            let value = head.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            value.map(|value| value.parse().unwrap())
        };
        let length = number("content-length").unwrap();
        self.0.read_exact(&mut vec![0; length as usize]).unwrap();
        Told {
            status: head.first().unwrap().split(' ').nth(1).unwrap().parse().unwrap(),
            limit: number("x-rate-limit-limit"),
            remaining: number("x-rate-limit-remaining"),
            reset: number("x-rate-limit-reset"),
        }
    }
}

fn told(status: u16, limit: u32, remaining: u32) -> Told {
    let reset = u32::try_from(NOW_MS / 1000).unwrap() + 900;
    Told { status, limit: Some(limit), remaining: Some(remaining), reset: Some(reset) }
}

#[test]
fn of_64_connections_exactly_the_limit_succeeds() {
    const LIMIT: u32 = 300;
    const CONNECTIONS: usize = 64;
    let server = Server::start("rows");
    let begin = Barrier::new(CONNECTIONS);
    let replies: Vec<Told> = thread::scope(|scope| {
        let ask = || {
            let mut connection = Connection::new(&server);
            begin.wait();
            let mut replies = Vec::new();
            while replies.last().is_none_or(|last: &Told| last.status == 200) {
                replies.push(connection.get("/2/users/100", server.bearer()));
            }
            replies
        };
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let (allowed, refused): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 200);
    let remaining: BTreeSet<u32> = allowed.iter().filter_map(|reply| reply.remaining).collect();
    assert_eq!(allowed.len(), LIMIT as usize);
    assert!(remaining.into_iter().eq(0..LIMIT));
    assert_eq!(refused.len(), CONNECTIONS);
    assert!(refused.iter().all(|reply| **reply == told(429, LIMIT, 0)));
}

#[test]
fn each_operation_is_counted_for_itself_and_refusals_of_parameters_count() {
    let server = Server::start("rows");
    let mut connection = Connection::new(&server);
    let mut get = |target: &str| connection.get(target, server.bearer());
    assert_eq!(get("/2/users/100"), told(200, 300, 299));
    assert_eq!(get("/2/users/abc"), told(400, 300, 298));
    assert_eq!(get("/2/users?ids=100"), told(200, 300, 299));
    assert_eq!(get("/labs/2/users/100"), told(200, 900, 899));
    assert_eq!(get("/2/users/100/none").limit, None, "a path that does not exist is no operation");
    assert_eq!(get("/2/users/100"), told(200, 300, 297));
}

#[test]
fn a_caller_who_is_not_known_costs_nobody() {
    let server = Server::start("rows");
    let mut connection = Connection::new(&server);
    let nothing = Told { status: 401, limit: None, remaining: None, reset: None };
    assert_eq!(connection.get("/2/users/100", "AAAA"), nothing);
    assert_eq!(connection.get("/2/users/100", server.bearer()), told(200, 300, 299));
}

#[test]
fn the_configuration_changes_limits() {
    let limits = [("getUsersById", "app=2"), ("getUsersByIds", "user=3")];
    let get = |server: &Server, target: &str| Connection::new(server).get(target, server.bearer());
    let server = Server::configured("legislators", &limits);
    let replies = [(); 3].map(|()| get(&server, "/2/users/2244994945"));
    assert_eq!(replies, [told(200, 2, 1), told(200, 2, 0), told(429, 2, 0)]);
    assert_eq!(get(&server, "/2/users?ids=12"), told(200, 300, 299));
    let server = Server::configured("legislators", &[("mode", "x1000000"), ("getUsersById", "app=2")]);
    assert_eq!(get(&server, "/2/users/12"), told(200, 2_000_000, 1_999_999));
    assert_eq!(get(&server, "/labs/2/users/12"), told(200, 900_000_000, 899_999_999));
    let server = Server::configured("legislators", &[("mode", "off"), ("getUsersById", "app=0")]);
    assert_eq!(get(&server, "/2/users/12"), Told { status: 200, limit: None, remaining: None, reset: None });
}
