//! `birdbox postman`: what Postman imports.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::place::Place;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn the_collection_needs_no_data_and_goes_to_the_address_of_the_configuration() {
    let place = Place::new();
    let before = place.names();
    let collection = json(&place.ok("postman collection"));
    assert_eq!(collection["info"]["name"], "X API v2");
    assert_eq!(collection["variable"][0]["value"], "http://127.0.0.1:8080");
    assert_eq!(place.names(), before, "no data directory was made");
    place.write("birdbox.toml", "[server]\nlisten = \"127.0.0.1:9000\"\n[tweetbinder]\nprefix = \"/tb\"\n");
    assert_eq!(place.ok("postman collection -o c.json"), "");
    let text = place.read("c.json");
    assert_eq!(json(&text)["variable"][0]["value"], "http://127.0.0.1:9000");
    assert!(text.contains("{{base_url}}/tb/profiles/alias") && !text.contains("/tweetbinder/"), "{text}");
}

#[test]
fn the_environment_has_the_credentials_that_env_prints_and_the_collection_has_none() {
    let place = Place::with_data();
    let known = json(&place.ok("env -o json"));
    let environment = json(&place.ok("postman environment"));
    let value = |key: &str| {
        let values = environment["values"].as_array().unwrap();
        let found = values.iter().find(|value| value["key"] == key);
        found.unwrap_or_else(|| panic!("no {key}: {environment}"))["value"].as_str().unwrap().to_owned()
    };
    let collection = place.ok("postman collection");
    for (key, name) in [
        ("consumer_key", "CONSUMER_KEY"),
        ("consumer_secret", "CONSUMER_SECRET"),
        ("access_token", "ACCESS_TOKEN"),
        ("token_secret", "ACCESS_TOKEN_SECRET"),
        ("bearer_token", "BEARER_TOKEN"),
        ("tweetbinder_token", "TWEETBINDER_TOKEN"),
        ("base_url", "BASE_URL"),
    ] {
        // Without the sample's user there is no access token.
        let known = known.get(name).map_or("", |value| value.as_str().unwrap());
        assert_eq!(value(key), known, "{key}");
        assert_eq!(known.is_empty(), ["access_token", "token_secret"].contains(&key), "{key}");
        assert!(key == "base_url" || known.is_empty() || !collection.contains(known), "{key} is in the collection");
    }
}

#[test]
fn what_the_app_has_no_more_is_switched_off() {
    let place = Place::with_data();
    place.ok("app revoke 1 bearer");
    let environment = json(&place.ok("postman environment"));
    let bearer = environment["values"].as_array().unwrap().iter().find(|value| value["key"] == "bearer_token").unwrap();
    assert_eq!((&bearer["value"], &bearer["enabled"]), (&Value::from(""), &Value::from(false)));
}

#[test]
fn a_file_with_secrets_is_for_its_owner_alone() {
    let place = Place::with_data();
    place.ok("postman environment -o environment.json");
    let about = std::fs::metadata(place.path("environment.json")).unwrap();
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
}

#[test]
fn there_is_no_environment_without_data() {
    let place = Place::new();
    let said = place.run("postman environment -o e.json");
    let (code, complaint) = said.complaint();
    assert_eq!(code, 2, "{complaint}");
    assert!(place.names().is_empty(), "neither a file nor a data directory was made");
}
