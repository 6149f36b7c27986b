//! The accounts of the built-in sample, as a newcomer meets them.

use serde_json::{Value, json};

use crate::harness::Server;

fn get(server: &Server, target: &str) -> Value {
    serde_json::from_str(&server.get(target)).unwrap()
}

#[test]
fn the_first_request_of_the_banner_works() {
    let server = Server::start("sample");
    let reply = get(&server, "/2/users/by/username/TwitterDev?user.fields=created_at&expansions=pinned_tweet_id");
    assert_eq!(reply["data"]["created_at"], "2013-12-14T04:35:55.000Z");
    assert_eq!(reply["includes"]["tweets"][0]["id"], "1255542774432063488");
}

#[test]
fn the_quick_start_of_the_guide_works() {
    let server = Server::start("sample");
    let target = "/2/users/by?usernames=XDevelopers,API,adsapi&user.fields=created_at&expansions=pinned_tweet_id&tweet.fields=created_at";
    let reply = get(&server, target);
    assert_eq!(reply["data"].as_array().map(Vec::len), Some(3), "{reply}");
    assert_eq!(reply.get("errors"), None, "{reply}");
}

#[test]
fn the_tweet_binder_account_is_whole() {
    let server = Server::start("sample");
    let reply = get(&server, "/2/users/2161686082?user.fields=created_at,public_metrics,location,description,verified");
    assert_eq!(reply["data"]["created_at"], "2013-10-31T10:58:38.000Z");
    let metrics = &reply["data"]["public_metrics"];
    assert_eq!((&metrics["followers_count"], &metrics["listed_count"]), (&json!(1070), &json!(153)));
    assert!(reply["data"]["description"].as_str().unwrap().starts_with("📊 Visit https://t.co/LkVmNmjxod"), "{reply}");
}
