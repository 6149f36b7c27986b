//! One account through all four APIs: whatever two of them tell is the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use model::Timestamp;
use serde_json::Value;

use crate::callers::Callers;
use crate::harness::Server;

/// What an API tells of an account; `None` where it says nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    username: String,
    name: String,
    description: String,
    location: String,
    url: Option<String>,
    /// Seconds since 1970.
    created_at: Option<i64>,
    protected: Option<bool>,
    verified: bool,
    followers: u64,
    following: u64,
    tweets: u64,
    listed: u64,
    /// Without its scheme.
    picture: String,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn picture(value: &Value) -> String {
    let url = text(value);
    url.split_once("://").map_or(url.clone(), |(_, rest)| rest.to_owned())
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

/// As API v2 and Labs tell it.
fn v2(user: &Value) -> Told {
    let metrics = &user["public_metrics"];
    Told {
        username: text(&user["username"]),
        name: text(&user["name"]),
        description: text(&user["description"]),
        location: text(&user["location"]),
        url: Some(text(&user["url"])),
        created_at: user["created_at"].as_str().map(|time| Timestamp::parse_iso(time).unwrap().unix_seconds()),
        protected: user["protected"].as_bool(),
        verified: user["verified"].as_bool().unwrap(),
        followers: number(&metrics["followers_count"]),
        following: number(&metrics["following_count"]),
        tweets: number(&metrics["tweet_count"]),
        listed: number(&metrics["listed_count"]),
        picture: picture(&user["profile_image_url"]),
    }
}

/// As API v1.1 tells it.
fn v1(user: &Value) -> Told {
    assert_eq!(user["id"].to_string(), text(&user["id_str"]));
    Told {
        username: text(&user["screen_name"]),
        name: text(&user["name"]),
        description: text(&user["description"]),
        location: text(&user["location"]),
        url: Some(text(&user["url"])),
        created_at: user["created_at"].as_str().map(|time| Timestamp::parse_v1(time).unwrap().unix_seconds()),
        protected: user["protected"].as_bool(),
        verified: user["verified"].as_bool().unwrap(),
        followers: number(&user["followers_count"]),
        following: number(&user["friends_count"]),
        tweets: number(&user["statuses_count"]),
        listed: number(&user["listed_count"]),
        picture: picture(&user["profile_image_url_https"]),
    }
}

/// As Tweet Binder tells it.
fn tweet_binder(profile: &Value) -> Told {
    let counts = &profile["counts"];
    Told {
        username: text(&profile["alias"]),
        name: text(&profile["name"]),
        description: text(&profile["bio"]),
        location: text(&profile["location"]),
        url: None,
        created_at: profile["age"].as_i64(),
        protected: None,
        verified: profile["verified"].as_bool().unwrap(),
        followers: number(&profile["followers"]),
        following: number(&profile["following"]),
        tweets: number(&counts["statuses"]),
        listed: number(&counts["lists"]),
        picture: picture(&profile["picture"]),
    }
}

/// The ids of the sample, those of accounts that are gone among them.
fn ids() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample");
    let files = ["accounts.jsonl", "awkward.jsonl", "legislators-profiles.jsonl"];
    let lines = files.map(|file| std::fs::read_to_string(folder.join(file)).unwrap()).concat();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let ids: BTreeSet<String> = lines.filter_map(|line| Some(line.get("user")?["id"].as_str()?.to_owned())).collect();
    assert!(ids.len() > 430);
    ids.into_iter().collect()
}

/// All accounts by id, from requests for a hundred each.
fn ask(ids: &[String], answer: impl Fn(&[String]) -> Vec<(String, Told)>) -> BTreeMap<String, Told> {
    ids.chunks(100).flat_map(answer).collect()
}

fn list<'a>(reply: &'a Value, name: &str) -> &'a [Value] {
    reply[name].as_array().unwrap_or_else(|| panic!("no {name} in {reply}"))
}

/// One account at a time, so that a contradiction can be read.
fn same(one: &BTreeMap<String, Told>, other: &BTreeMap<String, Told>) {
    assert!(one.keys().eq(other.keys()));
    for ((id, one), other) in one.iter().zip(other.values()) {
        assert_eq!(one, other, "{id}");
    }
}

#[test]
fn four_apis_tell_the_same_of_every_account_of_the_sample() {
    let server = Server::start("sample");
    let callers = Callers::of(&server);
    let ids = ids();
    let get = |target: &str| serde_json::from_str::<Value>(&server.get(target)).unwrap();
    let fields = "created_at,description,location,profile_image_url,protected,public_metrics,url,verified";
    let modern = |path: &str| {
        ask(&ids, |ids| {
            let reply = get(&format!("{path}?ids={}&user.fields={fields}", ids.join(",")));
            list(&reply, "data").iter().map(|user| (text(&user["id"]), v2(user))).collect()
        })
    };
    let told_by_v2 = modern("/2/users");
    let gone = ids.len() - told_by_v2.len();
    assert_eq!(gone, 2, "one account is suspended, one deactivated");

    same(&modern("/labs/2/users"), &told_by_v2);

    let told_by_v1 = ask(&ids, |ids| {
        let reply = get(&format!("/1.1/users/lookup.json?user_id={}", ids.join(",")));
        reply.as_array().unwrap().iter().map(|user| (text(&user["id_str"]), v1(user))).collect()
    });
    // v1.1 has to say a time and a picture, and Tweet Binder takes the time in the id: of accounts whose own nobody knows they are no facts.
    let known = |(id, mut told): (String, Told)| {
        let fact = told_by_v2.get(&id);
        told.created_at = told.created_at.filter(|_| fact.is_some_and(|fact| fact.created_at.is_some()));
        if fact.is_some_and(|fact| fact.picture.is_empty()) && told.picture.ends_with("/default_profile_normal.png") {
            told.picture.clear();
        }
        (id, told)
    };
    same(&told_by_v1.into_iter().map(&known).collect(), &told_by_v2);

    let token = [format!("Bearer {}", server.tweet_binder())];
    let told_by_tweet_binder = ask(&ids, |ids| {
        let body = serde_json::to_string(ids).unwrap();
        let reply = callers.send_json("POST", "/tweetbinder/profiles/id", &token, &body);
        let reply: Value = serde_json::from_str(reply.split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!(list(&reply, "ok").len() + list(&reply, "errors").len(), ids.len());
        list(&reply, "ok").iter().map(|profile| (text(&profile["id"]), tweet_binder(profile))).collect()
    });
    let in_common = |(id, told): (String, Told)| (id, Told { url: None, protected: None, ..told });
    same(&told_by_tweet_binder.into_iter().map(&known).collect(), &told_by_v2.into_iter().map(in_common).collect());
}
