//! The collection and the environment for Postman, and for newman, which runs them without a person.
//!
//! Both are named as X's are, folders and requests as X's guides call them. Each request is an example
//! that the sample answers and brings a test of its reply; what it can take besides is there, switched
//! off. Secrets are variables of the environment, never part of the collection.

use serde_json::{Value as Json, json};

use super::example::example;
use crate::input::{Input, InputPlace, inputs};
use crate::openapi::plain_schema;
use crate::operation::{Authentication, Dialect, Kind, OPERATIONS, Operation, OperationId};

/// What both are called.
const NAME: &str = "X API v2";

/// The files in which people keep them.
pub const COLLECTION_FILE: &str = "X-API-v2.postman_collection.json";
/// See [`COLLECTION_FILE`].
pub const ENVIRONMENT_FILE: &str = "X-API-v2.postman_environment.json";

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

const ABOUT: &str = "Import the environment of the same name too and select it: its variables stand in the \
    authorization tab of each request. The sample answers each request with data. \
    Optional parameters are there, switched off.";

/// An access token of OAuth 1.0a begins with the id of its user, whom some paths name.
const OWN_ID: &str = "pm.variables.set('user_id', (pm.variables.get('access_token') || '').split('-')[0]);";

/// The folders in their order.
const FOLDERS: [(&str, &str); 8] = [
    ("User Lookup", "Users by id and by username."),
    ("Authenticated User Lookup", "The user on whose behalf the App calls."),
    ("Follows Lookup", "Who follows a user, and whom a user follows."),
    ("Manage Follows", "Follow and unfollow, for the user of the access token."),
    ("Labs v2 User Lookup", "The preview of API v2."),
    ("API v1.1 Users", "What users lookup replaced."),
    ("API v1.1 Follows", "What follows lookup replaced."),
    ("Tweet Binder Profiles", "Tweet Binder's profiles API, with a token of its own."),
];

/// The folder of an operation and its name there.
#[rustfmt::skip]
const fn place(id: OperationId) -> (&'static str, &'static str) {
    match id {
        OperationId::GetUsersByIds => ("User Lookup", "Users by ID"),
        OperationId::GetUsersById => ("User Lookup", "User by ID"),
        OperationId::GetUsersByUsernames => ("User Lookup", "Users by Username"),
        OperationId::GetUsersByUsername => ("User Lookup", "User by Username"),
        OperationId::GetUsersMe => ("Authenticated User Lookup", "Lookup an Authenticated User"),
        OperationId::GetUsersFollowers => ("Follows Lookup", "Followers of a user ID"),
        OperationId::GetUsersFollowing => ("Follows Lookup", "Users a user ID is following"),
        OperationId::FollowUser => ("Manage Follows", "Follow a user ID"),
        OperationId::UnfollowUser => ("Manage Follows", "Unfollow a user ID"),
        OperationId::LabsGetUsersByIds => ("Labs v2 User Lookup", "Users by ID"),
        OperationId::LabsGetUsersById => ("Labs v2 User Lookup", "User by ID"),
        OperationId::LabsGetUsersByUsernames => ("Labs v2 User Lookup", "Users by Username"),
        OperationId::LabsGetUsersByUsername => ("Labs v2 User Lookup", "User by Username"),
        OperationId::V1UsersShow => ("API v1.1 Users", "users/show"),
        OperationId::V1UsersLookup => ("API v1.1 Users", "users/lookup"),
        OperationId::V1AccountVerifyCredentials => ("API v1.1 Users", "account/verify_credentials"),
        OperationId::V1ApplicationRateLimitStatus => ("API v1.1 Users", "application/rate_limit_status"),
        OperationId::V1FollowersIds => ("API v1.1 Follows", "followers/ids"),
        OperationId::V1FriendsIds => ("API v1.1 Follows", "friends/ids"),
        OperationId::V1FollowersList => ("API v1.1 Follows", "followers/list"),
        OperationId::V1FriendsList => ("API v1.1 Follows", "friends/list"),
        OperationId::V1FriendshipsShow => ("API v1.1 Follows", "friendships/show"),
        OperationId::V1FriendshipsLookup => ("API v1.1 Follows", "friendships/lookup"),
        OperationId::V1FriendshipsCreate => ("API v1.1 Follows", "friendships/create"),
        OperationId::V1FriendshipsDestroy => ("API v1.1 Follows", "friendships/destroy"),
        OperationId::TweetBinderProfilesByAlias => ("Tweet Binder Profiles", "Profiles by alias"),
        OperationId::TweetBinderProfilesById => ("Tweet Binder Profiles", "Profiles by id"),
        OperationId::TweetBinderFollowers => ("Tweet Binder Profiles", "Profile followers"),
        OperationId::TweetBinderFriends => ("Tweet Binder Profiles", "Profile friends"),
        OperationId::TweetBinderFollowersByAlias => ("Tweet Binder Profiles", "Profile followers by alias"),
        OperationId::TweetBinderFriendsByAlias => ("Tweet Binder Profiles", "Profile friends by alias"),
        OperationId::TweetBinderBalances => ("Tweet Binder Profiles", "Balances"),
    }
}

/// The collection, as JSON. Without an environment its requests go to `base_url`, which has no slash at
/// its end; Tweet Binder's paths begin with `tweet_binder`.
#[must_use]
pub fn collection(base_url: &str, tweet_binder: &str) -> String {
    let requests = |folder: &str| -> Json {
        let rows = OPERATIONS.iter().filter(|row| place(row.id).0 == folder);
        rows.map(|row| item(row, tweet_binder)).collect()
    };
    let folder = |(name, about): (&str, &str)| json!({ "name": name, "description": about, "item": requests(name) });
    printed(&json!({
        "info": { "name": NAME, "description": ABOUT, "schema": SCHEMA },
        "item": FOLDERS.map(folder),
        "event": [script("prerequest", &[OWN_ID.to_owned()])],
        "variable": [{ "key": "base_url", "value": base_url }],
    }))
}

/// What an environment holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Environment<'a> {
    /// Where the server is, without a slash at its end.
    pub base_url: &'a str,
    /// The API key of an App and its secret.
    pub consumer: Option<(&'a str, &'a str)>,
    /// An access token of OAuth 1.0a and its secret.
    pub access_token: Option<(&'a str, &'a str)>,
    /// The app-only bearer token.
    pub bearer_token: Option<&'a str>,
    /// A token for Tweet Binder's profiles.
    pub tweet_binder: Option<&'a str>,
}

impl Environment<'_> {
    /// As JSON. What has no value is there, switched off, so that people see where it goes.
    #[must_use]
    pub fn write(&self) -> String {
        let secrets = [
            ("consumer_key", self.consumer.map(|(key, _)| key)),
            ("consumer_secret", self.consumer.map(|(_, secret)| secret)),
            ("access_token", self.access_token.map(|(token, _)| token)),
            ("token_secret", self.access_token.map(|(_, secret)| secret)),
            ("bearer_token", self.bearer_token.filter(|token| !token.is_empty())),
            ("tweetbinder_token", self.tweet_binder),
        ];
        let value = |kind: &str, key: &str, value: Option<&str>| json!({ "key": key, "value": value.unwrap_or_default(), "type": kind, "enabled": value.is_some() });
        let address = value("default", "base_url", Some(self.base_url).filter(|url| !url.is_empty()));
        let values: Vec<Json> =
            secrets.into_iter().map(|(key, secret)| value("secret", key, secret)).chain([address]).collect();
        printed(&json!({ "name": NAME, "values": values, "_postman_variable_scope": "environment" }))
    }
}

fn printed(value: &Json) -> String {
    format!("{value:#}\n")
}

fn script(listen: &str, lines: &[String]) -> Json {
    json!({ "listen": listen, "script": { "type": "text/javascript", "exec": lines } })
}

fn item(row: &Operation, tweet_binder: &str) -> Json {
    let (_, name) = place(row.id);
    let mut request = json!({
        "method": row.method.name(),
        "description": format!("{} {}", row.name, row.description),
        "auth": auth(row),
        "header": [],
        "url": url(row, tweet_binder),
    });
    if let (Some(body), Some(members)) = (body(row), request.as_object_mut()) {
        members.insert("body".to_owned(), body);
    }
    json!({ "name": name, "event": [script("test", &tests(row))], "request": request })
}

/// What the authorization tab holds: the simplest that the operation takes.
fn auth(row: &Operation) -> Json {
    let text = |key: &str, value: &str| json!({ "key": key, "value": value, "type": "string" });
    let bearer = |variable: &str| json!({ "type": "bearer", "bearer": [text("token", variable)] });
    let taken = row.access.authentication;
    if taken.contains(&Authentication::TweetBinder) {
        bearer("{{tweetbinder_token}}")
    } else if taken.contains(&Authentication::AppOnly) {
        bearer("{{bearer_token}}")
    } else {
        json!({ "type": "oauth1", "oauth1": [
            text("consumerKey", "{{consumer_key}}"),
            text("consumerSecret", "{{consumer_secret}}"),
            text("token", "{{access_token}}"),
            text("tokenSecret", "{{token_secret}}"),
            text("signatureMethod", "HMAC-SHA1"),
            text("version", "1.0"),
            json!({ "key": "addParamsToHeader", "value": true, "type": "boolean" }),
            json!({ "key": "addEmptyParamsToSign", "value": false, "type": "boolean" }),
        ] })
    }
}

/// The value of an input in the example.
fn value_of(row: &Operation, input: &Input) -> Option<&'static str> {
    let own = match row.kind {
        Kind::Follow | Kind::Unfollow => row.key.asked_by(),
        Kind::Lookup | Kind::List | Kind::Plain(_) => None,
    };
    if own == Some(input.name) {
        return Some("{{user_id}}");
    }
    example(row).iter().find(|(name, _)| *name == input.name).map(|(_, value)| *value)
}

/// A row of a table of parameters. What the example does without is switched off.
fn parameter(row: &Operation, input: &Input) -> Json {
    let value = value_of(row, input);
    let described = format!("{} Takes {}.", input.meaning(), input.range());
    let offered = value.map(str::to_owned).or_else(|| offered(input)).unwrap_or_default();
    let mut parameter = json!({ "key": input.name, "value": offered, "description": described });
    if let (None, Some(members)) = (value, parameter.as_object_mut()) {
        members.insert("disabled".to_owned(), Json::Bool(true));
    }
    parameter
}

/// What stands in a parameter that is switched off: all its words, or what stands for none.
fn offered(input: &Input) -> Option<String> {
    let words = input.members();
    if words.is_empty() {
        return input.default();
    }
    Some(words.into_iter().map(|(word, _)| word).collect::<Vec<_>>().join(","))
}

fn url(row: &Operation, tweet_binder: &str) -> Json {
    let all = inputs(row);
    let of = |place: InputPlace| all.iter().filter(move |input| input.place == place);
    let path = row.path_at(tweet_binder).replace('{', ":").replace('}', "");
    let query: Vec<Json> = of(InputPlace::Query).map(|input| parameter(row, input)).collect();
    let shown: Vec<String> =
        of(InputPlace::Query).filter_map(|input| Some(format!("{}={}", input.name, value_of(row, input)?))).collect();
    let raw = if shown.is_empty() { String::new() } else { format!("?{}", shown.join("&")) };
    let variables: Vec<Json> = of(InputPlace::Path).map(|input| parameter(row, input)).collect();
    json!({
        "raw": format!("{{{{base_url}}}}{path}{raw}"),
        "host": ["{{base_url}}"],
        "path": path.trim_start_matches('/').split('/').collect::<Vec<_>>(),
        "query": query,
        "variable": variables,
    })
}

fn body(row: &Operation) -> Option<Json> {
    let all = inputs(row);
    let form: Vec<Json> =
        all.iter().filter(|input| input.place == InputPlace::Form).map(|input| parameter(row, input)).collect();
    if !form.is_empty() {
        return Some(json!({ "mode": "urlencoded", "urlencoded": form }));
    }
    let input = all.iter().find(|input| matches!(input.place, InputPlace::Member | InputPlace::List))?;
    let value = value_of(row, input).unwrap_or_default();
    let raw = match input.place {
        InputPlace::Member => json!({ input.name: value }),
        _ => value.split(',').collect(),
    };
    Some(json!({ "mode": "raw", "raw": format!("{raw:#}"), "options": { "raw": { "language": "json" } } }))
}

/// What the reply must be: 200, and data.
fn tests(row: &Operation) -> Vec<String> {
    let expect = match row.kind {
        Kind::Plain(plain) => {
            let schema = plain_schema(plain.reply.schema).unwrap_or_default();
            let first = |members: Option<&Json>| -> Option<String> {
                match members? {
                    Json::Array(names) => names.last()?.as_str().map(str::to_owned),
                    Json::Object(members) => members.keys().next_back().cloned(),
                    _ => None,
                }
            };
            match first(schema.get("required")).or_else(|| first(schema.get("properties"))) {
                Some(name) => format!("to.have.property({name:?})"),
                None => "to.be.an(\"array\").that.is.not.empty".to_owned(),
            }
        }
        Kind::Lookup | Kind::List | Kind::Follow | Kind::Unfollow => "to.have.property(\"data\")".to_owned(),
    };
    let mut lines = vec![
        "pm.test(\"answers 200\", () => pm.response.to.have.status(200));".to_owned(),
        format!("pm.test(\"has data\", () => pm.expect(pm.response.json()).{expect});"),
    ];
    if row.limits.per_app.or(row.limits.per_user).is_some() && row.dialect != Dialect::TweetBinder {
        lines.push(
            "pm.test(\"says what is left\", () => pm.response.to.have.header(\"x-rate-limit-remaining\"));".to_owned(),
        );
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> Vec<(String, Json)> {
        let collection: Json = serde_json::from_str(&collection("http://127.0.0.1:8080", "/tb")).unwrap();
        let folders = collection["item"].as_array().unwrap().clone();
        let named = |folder: &Json| folder["name"].as_str().unwrap().to_owned();
        folders
            .iter()
            .flat_map(|folder| {
                folder["item"].as_array().unwrap().iter().map(|item| (named(folder), item.clone())).collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn every_operation_is_there_once_with_every_input_and_a_test() {
        let items = items();
        assert_eq!(items.len(), OPERATIONS.len());
        for row in OPERATIONS {
            let starts = format!("{} ", row.name);
            let of_row =
                |item: &&(String, Json)| item.1["request"]["description"].as_str().unwrap().starts_with(&starts);
            let (_, item) = items.iter().find(of_row).unwrap_or_else(|| panic!("no {}", row.name));
            let text = item.to_string();
            for input in inputs(row).iter().filter(|input| input.place != InputPlace::List) {
                assert!(text.contains(input.name), "{} {}", row.name, input.name);
            }
            assert!(text.contains("answers 200"), "{}", row.name);
        }
    }

    #[test]
    fn what_is_optional_is_switched_off_and_what_is_required_has_a_value() {
        for row in OPERATIONS {
            for input in inputs(row) {
                let shown = parameter(row, &input);
                let is_used = value_of(row, &input).is_some();
                assert_eq!(shown.get("disabled").is_none(), is_used, "{} {}", row.name, input.name);
                assert!(!input.is_required || is_used && shown["value"] != "", "{} {}", row.name, input.name);
            }
        }
    }

    #[test]
    fn folders_and_requests_are_called_as_in_the_guides_of_x() {
        let items = items();
        let (folder, me) = items.iter().find(|(_, item)| item["name"] == "Lookup an Authenticated User").unwrap();
        assert_eq!(folder, "Authenticated User Lookup");
        assert_eq!(me["request"]["auth"]["type"], "oauth1");
        let by = items.iter().find(|(_, item)| item["request"]["url"]["path"] == json!(["2", "users", "by"])).unwrap();
        assert_eq!((by.0.as_str(), &by.1["request"]["auth"]["type"]), ("User Lookup", &json!("bearer")));
        let raw = by.1["request"]["url"]["raw"].as_str().unwrap();
        assert_eq!(
            raw,
            "{{base_url}}/2/users/by?usernames=XDevelopers,API,adsapi&user.fields=created_at&expansions=pinned_tweet_id&tweet.fields=created_at"
        );
    }

    #[test]
    fn an_environment_has_the_members_of_that_of_x_and_says_what_it_lacks() {
        let values = |environment: &Environment<'_>| -> Vec<(String, String, bool)> {
            let environment: Json = serde_json::from_str(&environment.write()).unwrap();
            assert_eq!(environment["name"], "X API v2");
            let text = |value: &Json| value.as_str().unwrap().to_owned();
            let values = environment["values"].as_array().unwrap().iter();
            values.map(|it| (text(&it["key"]), text(&it["value"]), it["enabled"] == true)).collect()
        };
        let whole = Environment {
            base_url: "http://a",
            consumer: Some(("ck", "cs")),
            access_token: Some(("at", "ts")),
            bearer_token: Some("bt"),
            tweet_binder: Some("tb"),
        };
        let expected = [
            ("consumer_key", "ck"),
            ("consumer_secret", "cs"),
            ("access_token", "at"),
            ("token_secret", "ts"),
            ("bearer_token", "bt"),
            ("tweetbinder_token", "tb"),
            ("base_url", "http://a"),
        ];
        assert_eq!(values(&whole), expected.map(|(key, value)| (key.to_owned(), value.to_owned(), true)));
        let empty = values(&Environment { bearer_token: Some(""), ..Environment::default() });
        assert!(empty.iter().all(|(_, value, enabled)| value.is_empty() && !enabled), "{empty:?}");
        assert_eq!(empty.len(), expected.len());
    }
}
