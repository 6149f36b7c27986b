//! Replies of API v1.1 recorded from X: their users imported, then asked for in the same way.
//!
//! A reply must come back byte for byte and with the same headers, but for the differences that
//! `tests/recorded/v1-differences.txt` lists, each with its reason. The recordings are not part of
//! this project, and these tests do nothing where they are not beside a checkout; two users of
//! them are, in `formats/tests/data`.

use std::collections::BTreeMap;

use formats::Format;
use model::{Permissions, User, UserId};
use serde_json::Value;

use crate::callers::{Callers, Credentials};
use crate::harness::Server;
use crate::recorded::recordings;

/// The account that recorded for tweepy.
pub(crate) const TWEEPY: UserId = UserId::new(1_072_250_532_645_998_596);

/// Texts that are otherwise here than in recordings, by the beginning of their file.
pub(crate) struct Differences(Vec<[&'static str; 3]>);

impl Differences {
    /// The rows `FILE | THEIRS | OURS` of the list. A file is named by its beginning.
    pub(crate) fn listed() -> Self {
        let lines = include_str!("../../../tests/recorded/v1-differences.txt").lines();
        let rows = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let parts = |line: &'static str| line.split(" | ").map(str::trim).collect::<Vec<_>>().try_into();
        Self(rows.map(|line| parts(line).unwrap_or_else(|_| panic!("three parts are expected: {line}"))).collect())
    }

    /// The text as it should be here.
    pub(crate) fn apply(&self, file: &str, text: &str) -> String {
        let of_file = self.0.iter().filter(|[name, ..]| file.starts_with(name));
        of_file.fold(text.to_owned(), |text, [_, theirs, ours]| text.replace(theirs, ours))
    }
}

/// The headers of a reply, without those that HTTP itself adds.
fn headers(head: &str) -> BTreeMap<String, String> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// What says when something was, or how often.
const CHANGING: [&str; 5] =
    ["date", "last-modified", "x-rate-limit-remaining", "x-rate-limit-reset", "x-response-time"];

pub(crate) fn compare_headers(differences: &Differences, file: &str, recorded: &Value, head: &str) {
    let ours = headers(head);
    for (name, value) in recorded.as_object().unwrap() {
        let line = differences.apply(file, &format!("{name}: {}", value.as_str().unwrap()));
        let Some((name, value)) = line.split_once(": ") else { continue };
        let our = ours.get(name).unwrap_or_else(|| panic!("{file}: no header {name}: {head}"));
        assert!(CHANGING.contains(&name) || our == value, "{file}: {name} is {our:?} for {value:?}");
    }
}

/// Compares two long texts; what is shown is where they part.
pub(crate) fn assert_same(ours: &str, expected: &str, what: &str) {
    let at = ours.bytes().zip(expected.bytes()).take_while(|(our, expected)| our == expected).count();
    let around = |text: &str| text.bytes().skip(at.saturating_sub(60)).take(160).collect::<Vec<u8>>();
    let [our, their] = [ours, expected].map(|text| String::from_utf8_lossy(&around(text)).into_owned());
    assert!(ours == expected, "{what}:\n{our}\nand not\n{their}");
}

/// The target, its path and what it answered, of all that was recorded of some paths.
pub(crate) fn exchanges(paths: &[&str]) -> Option<Vec<(String, String, Value)>> {
    let mut found = Vec::new();
    for (file, recording) in recordings()? {
        for exchange in recording.get("exchanges").and_then(Value::as_array).unwrap() {
            let target = exchange["uri"].as_str().unwrap().trim_start_matches("https://api.twitter.com").to_owned();
            let path = target.split('?').next().unwrap();
            if paths.iter().any(|known| path == format!("/1.1/{known}.json")) {
                found.push((file.clone(), target, exchange.clone()));
            }
        }
    }
    Some(found)
}

/// Asks as it was asked for the recording.
pub(crate) fn ask(server: &Server, file: &str, target: &str, method: &str) -> String {
    let callers = Callers::of(server);
    let is_tweepy = file.starts_with("tweepy-");
    let credentials = if is_tweepy {
        make_tweepy(server);
        callers.oauth1(&callers.app(Permissions::ReadWrite, false), TWEEPY, Permissions::ReadWrite)
    } else {
        Credentials::named("app", None, &callers)
    };
    let authorization: Vec<String> = credentials.header(method, target, callers.number()).into_iter().collect();
    callers.send(method, target, &authorization)
}

/// The account that recorded, unless it was imported.
pub(crate) fn make_tweepy(server: &Server) {
    if server.identity().user_state(TWEEPY).unwrap().is_none() {
        let user = User::new(TWEEPY, "TweepyDev".parse().unwrap(), "Tweepy");
        server.wait(server.store().create_user(user)).unwrap();
    }
}

/// Whom the caller followed when it was recorded.
fn followed(body: &str) -> Vec<UserId> {
    let reply: Value = serde_json::from_str(body).unwrap();
    let users = if reply.is_array() { reply.as_array().unwrap().clone() } else { vec![reply] };
    let followed = users.iter().filter(|user| user["following"] == true);
    followed.map(|user| user["id_str"].as_str().unwrap().parse().unwrap()).collect()
}

#[test]
fn recorded_users_come_back_byte_for_byte() {
    let Some(exchanges) = exchanges(&["users/show", "users/lookup", "account/verify_credentials"]) else {
        println!("skipped: there are no recordings beside this checkout");
        return;
    };
    let differences = Differences::listed();
    for (file, target, exchange) in &exchanges {
        let recorded = exchange["body"].as_str().unwrap();
        let server = Server::empty("none");
        server.import(recorded, Format::V1);
        make_tweepy(&server);
        server.import_follows(followed(recorded).into_iter().map(|user| (TWEEPY, user)));
        let reply = ask(&server, file, target, exchange["method"].as_str().unwrap());
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{file}: {reply}");
        assert_same(body, &differences.apply(file, recorded), &format!("{file}: {target}"));
        compare_headers(&differences, file, &exchange["headers"], head);
    }
    println!("{} recorded replies", exchanges.len());
    assert!(exchanges.len() >= 8, "the recordings hold eight replies about users");
}

/// The windows that are served, with the limits that X has for them, in its order. How many
/// requests are left and until when is of each world alone.
#[test]
fn recorded_windows_have_the_names_and_limits_of_x() {
    let Some(exchanges) = exchanges(&["application/rate_limit_status"]) else {
        println!("skipped: there are no recordings beside this checkout");
        return;
    };
    let differences = Differences::listed();
    for (file, target, exchange) in &exchanges {
        let recorded = exchange["body"].as_str().unwrap().replace("\\/", "/");
        let server = Server::empty("none");
        let asked_as = if file.starts_with("rtweet-") { "tweepy-" } else { file };
        let reply = ask(&server, asked_as, target, "GET");
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        compare_headers(&differences, file, &exchange["headers"], head);
        assert!(body.starts_with("{\"rate_limit_context\":{\"access_token\":\"1072250532645998596-"), "{body}");
        let (mut windows, mut last) = (0, 0);
        for piece in body.replace("\\/", "/").split("\"/").skip(1) {
            let (name, rest) = piece.split_once('"').unwrap();
            let limit = rest.split(',').next().unwrap();
            let window = format!("\"/{name}\"{limit},");
            let is_ours = differences.apply(file, &window) != window;
            let place = recorded.find(&window);
            assert!(is_ours || place.is_some(), "{file}: X has no {window}");
            // Families follow each other as recorded; within one the order is that of a hash map.
            if name.starts_with("application/") || name.starts_with("followers/") || name.starts_with("account/") {
                assert!(place >= Some(last), "{file}: {window} comes too late");
                last = place.unwrap();
            }
            windows += 1;
        }
        assert!(windows >= 10, "{file}: {body}");
    }
    assert!(exchanges.len() >= 2, "the recordings hold two replies about windows");
}

/// The same for two recorded users that are part of this project.
#[test]
fn users_of_the_fixture_come_back_byte_for_byte() {
    let differences = Differences::listed();
    let lines: Vec<&str> = include_str!("../../../formats/tests/data/v1-users.ndjson").lines().collect();
    for line in &lines {
        let user: Value = serde_json::from_str(line).unwrap();
        let server = Server::empty("none");
        server.import(line, Format::V1);
        let room = if user.get("profile_location").is_some() { "show" } else { "lookup" };
        let target = format!("/1.1/users/{room}.json?user_id={}", user["id_str"].as_str().unwrap());
        let file = if user["following"].is_null() { "rtweet-" } else { "tweepy-" };
        let reply = ask(&server, file, &target, "GET");
        let body = reply.split_once("\r\n\r\n").unwrap().1;
        let body = body.strip_prefix('[').and_then(|list| list.strip_suffix(']')).unwrap_or(body);
        assert_same(body, &differences.apply(file, line), file);
    }
    assert!(lines.len() >= 2);
}
