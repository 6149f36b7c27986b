//! Lists and friendships of API v1.1 recorded from X: what they show imported, and then asked for in
//! the same way. What may differ is in `tests/recorded/v1-differences.txt`.

use formats::Format;
use model::{User, UserId};
use serde_json::Value;

use crate::harness::Server;
use crate::recorded_v1::{Differences, TWEEPY, ask, assert_same, compare_headers, exchanges, make_tweepy};

/// Whoever is asked about and is not in a reply.
const OWNER: UserId = UserId::new(2);
/// Somebody who follows before all whom a first page shows.
const OLDER: UserId = UserId::new(3);

fn make(server: &Server, id: UserId, username: &str) {
    if server.identity().user_state(id).unwrap().is_none() {
        server.wait(server.store().create_user(User::new(id, username.parse().unwrap(), "Name"))).unwrap();
    }
}

/// Asks in the name of a user, as all of these were recorded, and compares the reply.
fn compare(server: &Server, file: &str, target: &str, exchange: &Value) {
    let differences = Differences::listed();
    let reply = ask(server, "tweepy-", target, exchange["method"].as_str().unwrap());
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{file}: {reply}");
    let recorded = exchange["body"].as_str().unwrap();
    assert_same(body, &differences.apply(file, recorded), &format!("{file}: {target}"));
    compare_headers(&differences, file, &exchange["headers"], head);
}

/// The ids on a page, or those of its users, the oldest follow first.
fn on_page(page: &Value) -> Vec<UserId> {
    let (ids, users) = (page["ids"].as_array(), page["users"].as_array());
    let ids = ids
        .map_or_else(|| users.unwrap().iter().map(|user| &user["id"]).collect(), |ids| ids.iter().collect::<Vec<_>>());
    ids.iter().rev().map(|id| id.to_string().trim_matches('"').parse().unwrap()).collect()
}

#[test]
fn recorded_pages_come_back_byte_for_byte() {
    let Some(exchanges) = exchanges(&["followers/ids", "friends/ids", "followers/list", "friends/list"]) else {
        println!("skipped: there are no recordings beside this checkout");
        return;
    };
    for (file, target, exchange) in &exchanges {
        let body = exchange["body"].as_str().unwrap();
        let page: Value = serde_json::from_str(body).unwrap();
        let server = Server::empty("none");
        if page["users"].is_array() {
            server.import(body, Format::V1);
        }
        make_tweepy(&server);
        let name = target.split("screen_name=").nth(1).unwrap().split('&').next().unwrap();
        let owner = if name == "TweepyDev" { TWEEPY } else { OWNER };
        make(&server, owner, name);
        make(&server, OLDER, "older");
        let older = (page["next_cursor"] != 0).then_some(OLDER);
        let others = older.into_iter().chain(on_page(&page));
        let is_friends = target.starts_with("/1.1/friends/");
        server.import_follows(others.map(|other| if is_friends { (owner, other) } else { (other, owner) }));
        let users = page["users"].as_array().into_iter().flatten().filter(|user| user["following"] == true);
        let followed = users.map(|user| (TWEEPY, user["id_str"].as_str().unwrap().parse().unwrap()));
        server.import_follows(followed);
        compare(&server, file, target, exchange);
    }
    println!("{} recorded pages", exchanges.len());
    assert!(exchanges.len() >= 7, "the recordings hold seven pages");
}

#[test]
fn recorded_friendships_come_back_byte_for_byte() {
    let Some(exchanges) = exchanges(&["friendships/show", "friendships/create", "friendships/destroy"]) else {
        println!("skipped: there are no recordings beside this checkout");
        return;
    };
    for (file, target, exchange) in &exchanges {
        let body = exchange["body"].as_str().unwrap();
        let server = Server::empty("none");
        let reply: Value = serde_json::from_str(body).unwrap();
        match reply["relationship"].as_object() {
            Some(relationship) => relationship.values().for_each(|user| {
                make(&server, UserId::new(user["id"].as_u64().unwrap()), user["screen_name"].as_str().unwrap());
            }),
            None => server.import(body, Format::V1),
        }
        make_tweepy(&server);
        compare(&server, file, target, exchange);
    }
    println!("{} recorded friendships", exchanges.len());
    assert!(exchanges.len() >= 5, "the recordings hold five replies about friendships");
}
