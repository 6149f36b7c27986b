//! `birdbox balance`, the token of Tweet Binder's profiles, and what a killed server remembers.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::limits::Server;
use crate::place::Place;

/// Status and body of a request with a token.
fn ask(server: &Server, request: &str, token: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    let head = format!(
        "{request} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        server.address,
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}

/// The profile of the user of [`Place::with_data`].
fn profile(server: &Server, token: &str) -> u16 {
    ask(server, "POST /tweetbinder/profiles/alias", token, r#"["alice"]"#).0
}

fn token(place: &Place) -> String {
    let env = place.ok("env -o dotenv");
    env.lines().find_map(|line| line.strip_prefix("TWEETBINDER_TOKEN=")).unwrap().to_owned()
}

/// Total, used and available of App 1, as `birdbox balance` prints them.
fn numbers(table: &str) -> [u64; 3] {
    let line = table.lines().find(|line| line.trim_start().starts_with("1 ")).unwrap();
    let found: Vec<u64> = line.split_whitespace().skip(1).filter_map(|word| word.parse().ok()).collect();
    found.try_into().unwrap()
}

#[test]
fn kill_9_forgets_no_profile() {
    let place = Place::with_data();
    for used in 1..=3 {
        let server = Server::start(&place, "");
        assert_eq!(profile(&server, &token(&place)), 200);
        assert_eq!(numbers(&place.ok("balance show 1")), [100_000, used, 100_000 - used]);
    }
    assert_eq!(numbers(&place.ok("balance show")), [100_000, 3, 99_997], "also without a server");
    let shown: serde_json::Value = serde_json::from_str(&place.ok("balance show -o json")).unwrap();
    assert_eq!((&shown[0]["used"], &shown[0]["available"]), (&3.into(), &99_997.into()), "{shown}");
}

#[test]
fn a_balance_that_is_set_beside_a_server_holds_at_once_and_for_good() {
    let place = Place::with_data();
    place.write("birdbox.toml", "[tweetbinder]\nmonthly_profiles = 50\n");
    let server = Server::start(&place, "");
    let token = token(&place);
    assert_eq!(numbers(&place.ok("balance show")), [50, 0, 50]);
    assert_eq!(numbers(&place.ok("balance set 1 --total 1")), [1, 0, 1]);
    assert_eq!([(); 2].map(|()| profile(&server, &token)), [200, 402]);
    assert_eq!(numbers(&place.ok("balance set 1 --used 0")), [1, 0, 1]);
    drop(server);
    let server = Server::start(&place, "");
    assert_eq!([(); 2].map(|()| profile(&server, &token)), [200, 402]);
    assert_eq!(numbers(&place.ok("balance set 1 --total default --used 7")), [50, 7, 43]);
    assert_eq!(profile(&server, &token), 200);
}

#[test]
fn the_token_is_of_its_own_kind_and_can_be_replaced() {
    let place = Place::with_data();
    let server = Server::start(&place, "");
    let old = token(&place);
    assert!(old.starts_with("tb_"), "{old}");
    assert_eq!(ask(&server, "GET /2/users/1", &old, "").0, 401);
    assert_eq!(ask(&server, "GET /1.1/users/show.json?user_id=1", &old, "").0, 401);
    assert_eq!(profile(&server, &server.bearer), 401);
    let shown = place.ok("app regenerate 1 tweetbinder");
    let new = shown.split_whitespace().find(|word| word.starts_with("tb_")).unwrap();
    assert_eq!([profile(&server, &old), profile(&server, new)], [401, 200]);
    assert_eq!(token(&place), new);
    place.ok("app revoke 1 tweetbinder");
    assert_eq!(profile(&server, new), 401);
    assert!(!place.ok("env").contains("TWEETBINDER_TOKEN"));
}

#[test]
fn what_is_no_balance_is_a_mistake() {
    let place = Place::with_data();
    for (arguments, line) in [
        ("balance show 9", "APP: there is no App 9; `birdbox app list` shows all"),
        ("balance set 9 --total 1", "APP: there is no App 9; `birdbox app list` shows all"),
    ] {
        assert_eq!(place.run(arguments).complaint(), (2, line), "birdbox {arguments}");
    }
    for arguments in
        ["balance set 1", "balance set 1 --total -1", "balance set 1 --total many", "balance set 1 --used x"]
    {
        assert_eq!(place.run(arguments).complaint().0, 2, "birdbox {arguments}");
    }
    for (value, expected) in [
        (
            "prefix = \"tb\"",
            "tweetbinder.prefix: cannot use \"tb\"; give a slash and letters, digits, and - . _ ~, such as /tweetbinder, at most 64 in all; X's own paths are taken",
        ),
        (
            "monthly_profiles = -1",
            "tweetbinder.monthly_profiles: cannot use \"-1\"; give a whole number up to 1000000000000",
        ),
    ] {
        place.write("birdbox.toml", format!("[tweetbinder]\n{value}\n"));
        let expected = format!("birdbox.toml line 2, {expected}");
        assert_eq!(place.run("env").complaint(), (2, expected.as_str()));
    }
}
