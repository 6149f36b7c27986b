//! Tweet Binder's profiles as a client meets them: what they cost, and lists to their end. Single
//! requests and their replies are cases.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Barrier;
use std::thread;

use birdbox::admin::APP;
use formats::Format;
use model::{Timestamp, UserId};
use serde_json::Value;

use crate::callers::Callers;
use crate::harness::{NOW_MS, Server};

/// Status and body.
type Reply = (u16, Value);

fn send(server: &Server, method: &str, target: &str, body: &str) -> String {
    let token = [format!("Bearer {}", server.tweet_binder())];
    Callers::of(server).send_json(method, target, &token, body)
}

fn ask(server: &Server, method: &str, target: &str, body: &str) -> Reply {
    let reply = send(server, method, target, body);
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap())
}

fn used(server: &Server) -> u64 {
    let (status, balances) = ask(server, "GET", "/tweetbinder/me/balances", "");
    assert_eq!(status, 200);
    let number = |pointer| balances.pointer(pointer).and_then(Value::as_u64).unwrap();
    assert_eq!(number("/total"), number("/used") + number("/available"));
    number("/profiles/used")
}

fn length(reply: &Value, name: &str) -> usize {
    reply[name].as_array().unwrap().len()
}

/// Users with the ids from 1 on.
fn import_users(server: &Server, count: u64) {
    let line = |id| format!("{{\"user\":{{\"id\":\"{id}\",\"username\":\"user{id}\",\"name\":\"User {id}\"}}}}\n");
    server.import(&(1..=count).map(line).collect::<String>(), Format::Native);
}

#[test]
fn only_profiles_that_are_found_cost_one_each() {
    let server = Server::start("follows");
    for (method, path, body, cost) in [
        ("POST", "alias", r#"["hub","nobody","HUB"]"#, 1),
        ("POST", "id", r#"["1","2","999","11"]"#, 2),
        ("GET", "1/followers", "", 0),
        ("GET", "1/followers?getUsersInfo=true", "", 6),
        ("GET", "alias/caller/friends?getUsersInfo=true", "", 3),
        ("HEAD", "1/followers?getUsersInfo=true", "", 0),
        ("GET", "10/followers?getUsersInfo=true", "", 0),
        ("GET", "999/followers?getUsersInfo=true", "", 0),
        ("POST", "id", r#"["1","x"]"#, 0),
    ] {
        server.set_balance(Some(1000));
        send(&server, method, &format!("/tweetbinder/profiles/{path}"), body);
        assert_eq!(used(&server), cost, "{method} {path} {body}");
    }
}

#[test]
fn a_balance_that_does_not_cover_a_request_stays_as_it_is() {
    let server = Server::start("follows");
    server.set_balance(Some(99));
    for (method, path, body) in
        [("GET", "1/followers?getUsersInfo=true", ""), ("POST", "id", &*format!("{:?}", (1..=100).collect::<Vec<_>>()))]
    {
        let (status, reply) = ask(&server, method, &format!("/tweetbinder/profiles/{path}"), body);
        assert_eq!((status, reply["error"].as_str()), (402, Some("Payment Required")), "{reply}");
        assert_eq!(used(&server), 0);
        let why = birdbox::explain::explain(server.state(), &server.state().refusals.find(None).unwrap());
        let said = "99 profiles of Tweet Binder are left until";
        assert!(
            why.status == 402 && why.reason.contains(said) && why.reason.contains("birdbox balance set"),
            "{why:?}"
        );
    }
    assert_eq!(ask(&server, "GET", "/tweetbinder/profiles/1/followers", "").0, 200);
}

#[test]
fn a_walk_over_a_list_shows_everybody_once_and_costs_as_many_profiles() {
    const FOLLOWERS: u64 = 5_250;
    let server = Server::empty("none");
    import_users(&server, FOLLOWERS + 1);
    server.import_follows((2..=FOLLOWERS + 1).map(|id| (UserId::new(id), UserId::new(1))));
    server.set_balance(Some(6_000));
    for (profiles, cost, pages) in [("false", 0, 2), ("true", FOLLOWERS, 53)] {
        let (mut next, mut seen, mut asked) = (String::new(), Vec::new(), 0);
        loop {
            let target = format!("/tweetbinder/profiles/1/followers?getUsersInfo={profiles}{next}");
            let (status, reply) = ask(&server, "GET", &target, "");
            assert_eq!(status, 200, "{reply}");
            let id = |item: &Value| item.get("id").unwrap_or(item).as_str().unwrap().parse::<u64>().unwrap();
            seen.extend(reply["ok"].as_array().unwrap().iter().map(id));
            asked += 1;
            match reply.get("next_srt_token") {
                Some(token) => next = format!("&next={}", token.as_str().unwrap()),
                None => break,
            }
        }
        assert!(seen.into_iter().eq((2..=FOLLOWERS + 1).rev()), "newest first");
        assert_eq!((used(&server), asked), (cost, pages));
    }
}

#[test]
fn thirty_two_clients_get_exactly_the_balance() {
    const CLIENTS: usize = 32;
    const BALANCE: u64 = 1_000;
    let server = Server::empty("none");
    import_users(&server, 7);
    server.set_balance(Some(BALANCE));
    // Seven of these ids are somebody's.
    let bodies = [r#"["1","2","3","900"]"#, r#"["4"]"#, r#"["5","6","7","901","902"]"#];
    let begin = Barrier::new(CLIENTS);
    let client = |number: usize| {
        let mut connection = TcpStream::connect(server.address()).unwrap();
        begin.wait();
        let (mut found, mut refused) = (0, 0);
        for request in 0..25 {
            let body = bodies[(number + request) % bodies.len()];
            let head = format!(
                "POST /tweetbinder/profiles/id HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n{body}",
                server.tweet_binder(),
                body.len()
            );
            connection.write_all(head.as_bytes()).unwrap();
            let (status, reply) = read(&mut connection);
            match status {
                200 => found += length(&reply, "ok"),
                402 => refused += 1,
                other => panic!("{other}: {reply}"),
            }
        }
        (found as u64, refused)
    };
    let done: Vec<(u64, u32)> = thread::scope(|scope| {
        let client = &client;
        let threads: Vec<_> = (0..CLIENTS).map(|number| scope.spawn(move || client(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let found: u64 = done.iter().map(|(found, _)| found).sum();
    assert_eq!(used(&server), found);
    assert!(found <= BALANCE && done.iter().any(|(_, refused)| *refused > 0), "{found}");
    // Somebody has kept more than was found until the end; what is left now can be had.
    server.reset_limits();
    while ask(&server, "POST", "/tweetbinder/profiles/id", r#"["1"]"#).0 == 200 {}
    assert_eq!(used(&server), BALANCE);
}

/// One reply on a connection that is kept.
fn read(connection: &mut TcpStream) -> Reply {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        connection.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    connection.read_exact(&mut body).unwrap();
    (head[9..12].parse().unwrap(), serde_json::from_slice(&body).unwrap())
}

#[test]
fn the_next_month_begins_with_a_full_balance() {
    let server = Server::start("follows");
    server.set_balance(Some(3));
    assert_eq!(ask(&server, "POST", "/tweetbinder/profiles/id", "[1,2,3]").0, 200);
    assert_eq!(ask(&server, "POST", "/tweetbinder/profiles/id", "[1]").0, 402);
    let balances = server.state().limits.balances();
    let month = 31 * 24 * 3_600_000;
    assert_eq!(balances.get(APP, Timestamp::from_unix_ms(NOW_MS + month)).available(), 3);
}

#[test]
fn prefix_and_estimation_are_settings() {
    let settings = [("tweetbinder", "prefix", "/tb/v1"), ("tweetbinder", "estimate_gender", "false")];
    let server = Server::set("none", &settings);
    server.import(r#"{"user":{"id":"5","username":"dora","name":"Dora"}}"#, Format::Native);
    let (status, reply) = ask(&server, "POST", "/tb/v1/profiles/alias", r#"["dora"]"#);
    assert_eq!((status, reply["ok"][0]["gender"].as_str()), (200, Some("undefined")));
    // Nobody else has that path now, and it is answered as X answers.
    let (status, reply) = ask(&server, "POST", "/tweetbinder/profiles/alias", r#"["dora"]"#);
    assert_eq!((status, reply["title"].as_str()), (404, Some("Not Found")));
    let (status, reply) = ask(&server, "GET", "/tb/v1/profiles", "");
    assert_eq!((status, reply["error"].as_str()), (404, Some("Not Found")));
    assert_eq!(ask(&server, "GET", "/tb/v1x", "").1["title"], "Not Found");
}
