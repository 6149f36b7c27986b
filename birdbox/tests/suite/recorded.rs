//! Replies recorded from the real API: imported, then asked for in the same way.
//!
//! The recordings are not part of this project; where a checkout has them beside it
//! the bodies must come back byte for byte.

use std::path::Path;

use serde_json::Value;

use crate::harness::{NOW_MS, Server};
use formats::Format;
use model::{AccountState, Timestamp, User, UserChange, UserId};

pub(crate) fn recordings() -> Option<Vec<(String, Value)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/recorded");
    let entries = std::fs::read_dir(folder).ok()?;
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        (path.file_name().unwrap().to_string_lossy().into_owned(), serde_json::from_str(&text).unwrap())
    };
    Some(files.iter().map(read).collect())
}

#[test]
fn recorded_lookups_come_back_byte_for_byte() {
    let Some(recordings) = recordings() else {
        println!("skipped: there are no recordings beside this checkout");
        return;
    };
    let mut compared = 0;
    for (file, recording) in &recordings {
        for exchange in recording["exchanges"].as_array().unwrap() {
            let target = exchange["uri"].as_str().unwrap().trim_start_matches("https://api.twitter.com").to_owned();
            let is_lookup = target.starts_with("/2/users")
                && !target.contains("/me")
                && !target.contains("/follow")
                && exchange["method"] == "GET";
            if !is_lookup || exchange["status"]["code"] != 200 {
                continue;
            }
            let body = exchange["body"].as_str().unwrap();
            let server = Server::empty("none");
            server.import(body, Format::Twarc);
            assert_eq!(server.get(&target), body, "{file}: {target}");
            compared += 1;
        }
    }
    println!("{compared} recorded lookups");
    assert!(compared >= 4, "the recordings hold at least four lookups");
}

/// Every account of a recorded v2 page, whatever the endpoint, by id and by username.
#[test]
fn accounts_of_recorded_pages_come_back_byte_for_byte() {
    let Some(recordings) = recordings() else {
        println!("skipped: there are no recordings beside this checkout");
        return;
    };
    let mut compared = 0;
    for (file, recording) in &recordings {
        for exchange in recording["exchanges"].as_array().unwrap() {
            let body = exchange["body"].as_str().unwrap_or_default();
            let is_page = exchange["uri"].as_str().unwrap().contains("/2/users/")
                && body.starts_with("{\"data\":[")
                && body.contains("],\"meta\"");
            if !is_page {
                continue;
            }
            let server = Server::empty("none");
            server.import(body, Format::Twarc);
            let (data, _) = body.strip_prefix("{\"data\":").unwrap().split_once("],\"meta\"").unwrap();
            let page: Value = serde_json::from_str(body).unwrap();
            let ids: Vec<_> =
                page["data"].as_array().unwrap().iter().map(|user| user["id"].as_str().unwrap()).collect();
            let mut found = String::new();
            for ids in ids.chunks(100) {
                let reply = server.get(&format!("/2/users?ids={}", ids.join(",")));
                let users = reply.strip_prefix("{\"data\":[").unwrap().strip_suffix("]}").unwrap();
                found = if found.is_empty() { format!("[{users}") } else { format!("{found},{users}") };
            }
            assert_eq!(found, data, "{file}");
            compared += ids.len();
        }
    }
    println!("{compared} recorded accounts");
    assert!(compared >= 100, "the recordings hold more than a hundred accounts");
}

/// Followers and following of a recording, on top of an older follow where it names a next page.
#[test]
fn recorded_pages_of_follows_come_back_byte_for_byte() {
    let Some(recordings) = recordings() else {
        println!("skipped: there are no recordings beside this checkout");
        return;
    };
    let mut compared = 0;
    for (file, recording) in &recordings {
        for exchange in recording["exchanges"].as_array().unwrap() {
            let uri = exchange["uri"].as_str().unwrap();
            let Some((owner, list)) =
                uri.strip_prefix("https://api.twitter.com/2/users/").and_then(|path| path.split_once('/'))
            else {
                continue;
            };
            if !matches!(list, "followers" | "following") || exchange["method"] != "GET" {
                continue;
            }
            let body = exchange["body"].as_str().unwrap();
            let page: Value = serde_json::from_str(body).unwrap();
            let id = |user: &Value| -> UserId { user["id"].as_str().unwrap().parse().unwrap() };
            let (owner, older): (UserId, UserId) = (owner.parse().unwrap(), UserId::new(1));
            let newest_first: Vec<UserId> = page["data"].as_array().unwrap().iter().map(id).collect();
            let has_next = page["meta"].get("next_token").is_some();
            // A short page had accounts on it that are suspended; where they stood is not known.
            let short = if has_next { 100 - newest_first.len() as u64 } else { 0 };
            let suspended: Vec<UserId> = (2..2 + short).map(UserId::new).collect();
            let below = has_next.then_some(older).into_iter().chain(suspended.iter().copied());
            let others = below.chain(newest_first.into_iter().rev());

            let server = Server::empty("none");
            server.import(body, Format::Twarc);
            let new = User::new(owner, "the_owner".parse().unwrap(), "The owner");
            server.wait(server.store().create_user(new)).unwrap();
            let follow = |other| if list == "followers" { (other, owner) } else { (owner, other) };
            server.import_follows(others.map(follow));
            for id in suspended {
                let change = vec![UserChange::State(AccountState::Suspended)];
                server.wait(server.store().update_user(id, change, Timestamp::from_unix_ms(NOW_MS))).unwrap();
            }
            let reply = server.get(&format!("/2/users/{owner}/{list}"));
            let until_tokens = |body: &str| {
                let (shown, meta) = body.split_once(",\"meta\":{\"result_count\":").unwrap();
                let digits = meta.find(|sign: char| !sign.is_ascii_digit()).unwrap();
                (shown.to_owned(), meta[..digits].to_owned())
            };
            assert_eq!(until_tokens(&reply), until_tokens(body), "{file}");
            assert_eq!(reply.contains("\"next_token\":\""), has_next, "{file}");
            compared += 1;
        }
    }
    println!("{compared} recorded pages of follows");
    assert!(compared >= 4, "the recordings hold at least four pages");
}

#[test]
fn recorded_v1_users_import_without_a_reject() {
    let Some(recordings) = recordings() else {
        println!("skipped: there are no recordings beside this checkout");
        return;
    };
    let server = Server::empty("none");
    let mut imported = 0;
    for (file, recording) in &recordings {
        for exchange in recording["exchanges"].as_array().unwrap() {
            let uri = exchange["uri"].as_str().unwrap();
            let body = exchange["body"].as_str().unwrap_or_default();
            let Ok(reply) = serde_json::from_str::<Value>(body) else { continue };
            let users = match &reply {
                Value::Array(users) => users.clone(),
                Value::Object(members) if members.contains_key("users") => members["users"].as_array().unwrap().clone(),
                Value::Object(members) if members.contains_key("screen_name") => vec![reply.clone()],
                _ => continue,
            };
            for user in users.iter().filter(|user| uri.contains("/1.1/") && user.get("screen_name").is_some()) {
                println!("{file}: {}", user["screen_name"]);
                server.import(&user.to_string(), Format::V1);
                let reply: Value =
                    serde_json::from_str(&server.get(&format!("/2/users/{}", user["id_str"].as_str().unwrap())))
                        .unwrap();
                assert_eq!(reply["data"]["name"], user["name"], "{file}");
                imported += 1;
            }
        }
    }
    println!("{imported} recorded v1.1 users");
    assert!(imported >= 30, "the recordings hold at least thirty users of v1.1");
}
