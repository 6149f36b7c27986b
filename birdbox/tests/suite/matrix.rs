//! Every operation and every kind of caller: who is let in, and what the others are told.
//!
//! What is expected follows from the row of the operation, so that new rows are tested
//! without a word here.

use std::fmt::Write as _;

use serde_json::Value;

use model::{AccountState, Approval, Permissions, Scope, Scopes, UserId};
use xapi::operation::{Access, OPERATIONS};
use xapi::{Authentication, Dialect, KeyKind, Kind, Operation};

use crate::callers::{Callers, Credentials};
use crate::harness::{NOW_MS, Server, without_key};

/// What the row of an operation says of a caller.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// It is let in, with this `x-access-level`.
    In(&'static str),
    /// Its credentials are no good.
    Unauthorized,
    /// They are known, and refused with a problem of this type, or `about:blank`.
    Forbidden(&'static str),
}

/// Who calls.
struct Caller {
    name: String,
    headers: Vec<String>,
    expected: Expected,
}

/// Callers that are nobody, whatever is called.
const NOBODY: [(&str, &str); 15] = [
    ("unknown bearer", "Bearer AAAAAAAAAAAAAAAAAAAAAnobody"),
    ("empty bearer", "Bearer "),
    ("bearer without a token", "Bearer"),
    ("bearer that is no text", "Bearer \u{fc}\u{ff}"),
    ("basic", "Basic dXNlcjpwYXNz"),
    ("a token alone", "AAAAAAAAAAAAAAAAAAAAA"),
    ("empty", ""),
    ("empty OAuth", "OAuth"),
    ("OAuth without values", "OAuth oauth_consumer_key, oauth_token"),
    ("OAuth with an open quote", "OAuth oauth_consumer_key=\"a"),
    ("OAuth with a bad percent sign", "OAuth oauth_consumer_key=\"%zz\""),
    (
        "OAuth without a signature",
        "OAuth oauth_consumer_key=\"a\", oauth_nonce=\"b\", oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1\"",
    ),
    (
        "OAuth with PLAINTEXT",
        "OAuth oauth_consumer_key=\"a\", oauth_nonce=\"b\", oauth_signature_method=\"PLAINTEXT\", oauth_timestamp=\"1\", oauth_signature=\"a%26b\"",
    ),
    (
        "OAuth with a parameter twice",
        "OAuth oauth_consumer_key=\"a\", oauth_consumer_key=\"b\", oauth_nonce=\"b\", oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1\", oauth_signature=\"AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D\"",
    ),
    (
        "OAuth of an unknown App",
        "OAuth oauth_consumer_key=\"a\", oauth_nonce=\"b\", oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1\", oauth_signature=\"AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D\"",
    ),
];

fn target(operation: &Operation) -> String {
    let path = operation.path.replace("{id}", "100").replace("{username}", "every_field");
    let path = path.replace("{source_user_id}", "100").replace("{target_user_id}", "101");
    // Of the parameters of v1.1 that name users, the first is enough.
    let path = match operation.kind.plain_parameters().first() {
        Some(parameter) if parameter.name == "user_id" => format!("{path}?user_id=101"),
        Some(parameter) if parameter.name == "source_id" => format!("{path}?source_id=100&target_id=101"),
        Some(_) | None => path,
    };
    match operation.key.asked_by().filter(|_| !operation.key.is_single()) {
        Some(name) if operation.key.is_username() => format!("{path}?{name}=every_field"),
        Some(name) => format!("{path}?{name}=100"),
        None => path,
    }
}

/// What a request of an operation has behind its head.
fn body(operation: &Operation) -> &'static str {
    match (operation.kind, operation.key) {
        (Kind::Follow, _) => r#"{"target_user_id":"101"}"#,
        (_, KeyKind::BodyIds) => r#"["100"]"#,
        (_, KeyKind::BodyAliases) => r#"["every_field"]"#,
        _ => "",
    }
}

/// What a caller who is approved and in a Project may expect.
fn by_row(
    access: &Access,
    used: Authentication,
    allowed: &'static str,
    is_enough: bool,
    lacking: &'static str,
) -> Expected {
    if !access.authentication.contains(&used) {
        Expected::Forbidden("unsupported-authentication")
    } else if is_enough {
        Expected::In(allowed)
    } else {
        Expected::Forbidden(lacking)
    }
}

fn callers_of(callers: &Callers<'_>, operation: &'static Operation) -> Vec<Caller> {
    let access = &operation.access;
    let (method, target) = (operation.method.name(), target(operation));
    let mut all = Vec::new();
    let mut add = |name: &str, credentials: &Credentials, expected| {
        let header = credentials.header(method, &target, callers.number());
        all.push(Caller { name: name.to_owned(), headers: header.into_iter().collect(), expected });
    };
    add("none", &Credentials::None, Expected::Unauthorized);
    for (name, header) in NOBODY {
        add(name, &Credentials::Header(header.to_owned()), Expected::Unauthorized);
    }
    let (user, needed) = (callers.user(), Scopes::of(access.scopes));
    let app = callers.app(Permissions::Read, true);
    let tweet_binder = Credentials::Header(format!("Bearer {}", app.tweet_binder));
    if operation.dialect == Dialect::TweetBinder {
        for (kind, credentials) in every_kind(callers, &app, user, needed) {
            add(kind, &credentials, Expected::Unauthorized);
        }
        add("Tweet Binder", &tweet_binder, Expected::In(""));
        for (word, approval) in [("waits", Approval::Pending), ("is suspended", Approval::Suspended)] {
            let app = callers.app(Permissions::Read, false);
            callers.set_approval(&app, approval);
            let credentials = Credentials::Header(format!("Bearer {}", app.tweet_binder));
            add(&format!("Tweet Binder of a developer who {word}"), &credentials, Expected::Forbidden("about:blank"));
        }
        return all;
    }
    add("Tweet Binder", &tweet_binder, Expected::Unauthorized);
    let is_reading = !access.writes;
    let oauth1 =
        |allowed, is_enough| by_row(access, Authentication::OAuth1User, allowed, is_enough, "oauth1-permissions");
    let oauth2 = |is_enough| {
        let allowed = if access.writes { "read-write" } else { "read" };
        by_row(access, Authentication::OAuth2User, allowed, is_enough, "about:blank")
    };
    let app_only = by_row(access, Authentication::AppOnly, "read", true, "");
    add("app-only", &Credentials::Header(format!("Bearer {}", app.bearer)), app_only);
    let read = callers.oauth1(&app, user, Permissions::Read);
    add("OAuth 1.0a, read-only", &read, oauth1("read", is_reading));
    let write = callers.oauth1(&app, user, Permissions::ReadWrite);
    add("OAuth 1.0a", &write, oauth1("read-write", true));
    add("OAuth 2.0", &callers.oauth2(&app, user, needed), oauth2(true));
    for scope in access.scopes {
        let less = Scopes::from_bits(needed.bits() & !Scopes::of(&[*scope]).bits());
        add(&format!("OAuth 2.0 without {}", scope.name()), &callers.oauth2(&app, user, less), oauth2(false));
    }
    let others = Scopes::from_bits(Scopes::of(Scope::ALL).bits() & !needed.bits());
    add("OAuth 2.0 with all other scopes", &callers.oauth2(&app, user, others), oauth2(false));
    for (word, approval) in [("waits", Approval::Pending), ("is suspended", Approval::Suspended)] {
        let app = callers.app(Permissions::ReadWrite, true);
        let kinds = every_kind(callers, &app, user, needed);
        callers.set_approval(&app, approval);
        for (kind, credentials) in kinds {
            add(&format!("{kind} of a developer who {word}"), &credentials, Expected::Forbidden("about:blank"));
        }
    }
    let standalone = callers.app(Permissions::ReadWrite, false);
    let lets_in = [app_only, oauth1("read-write", true), oauth2(true)];
    for ((kind, credentials), lets_in) in every_kind(callers, &standalone, user, needed).into_iter().zip(lets_in) {
        let expected = if access.needs_project { Expected::Forbidden("client-forbidden") } else { lets_in };
        add(&format!("{kind} of a standalone App"), &credentials, expected);
    }
    for (word, id) in [("suspended", SUSPENDED), ("deactivated", DEACTIVATED)] {
        for (kind, credentials) in every_kind(callers, &app, UserId::new(id), needed).into_iter().skip(1) {
            let lets_in = if kind == "OAuth 1.0a" { oauth1("read-write", true) } else { oauth2(true) };
            let expected = match lets_in {
                Expected::In(_) if word == "suspended" => Expected::Forbidden("about:blank"),
                Expected::In(_) => Expected::Unauthorized,
                refused => refused,
            };
            add(&format!("{kind} of a {word} user"), &credentials, expected);
        }
    }
    add_bad_signatures(callers, operation, &write, &mut all);
    all
}

/// Users that are so, once tokens were made for them.
const SUSPENDED: u64 = 201;
const DEACTIVATED: u64 = 202;

fn every_kind(
    callers: &Callers<'_>,
    app: &crate::callers::TestApp,
    user: UserId,
    scopes: Scopes,
) -> [(&'static str, Credentials); 3] {
    callers.set_state(user, AccountState::Active);
    let kinds = [
        ("app-only", Credentials::Header(format!("Bearer {}", app.bearer))),
        ("OAuth 1.0a", callers.oauth1(app, user, Permissions::ReadWrite)),
        ("OAuth 2.0", callers.oauth2(app, user, scopes)),
    ];
    match user.get() {
        SUSPENDED => callers.set_state(user, AccountState::Suspended),
        DEACTIVATED => callers.set_state(user, AccountState::Deactivated),
        _ => {}
    }
    kinds
}

/// Signatures that were right once, or are nearly so.
fn add_bad_signatures(callers: &Callers<'_>, operation: &Operation, good: &Credentials, all: &mut Vec<Caller>) {
    let (method, target) = (operation.method.name(), &*target(operation));
    let Credentials::Signed { consumer, token: Some(token) } = good else { panic!("a user signs") };
    let other = callers.app(Permissions::ReadWrite, true);
    let signed = |consumer: &[String; 2], token: &Option<[String; 2]>| Credentials::Signed {
        consumer: consumer.clone(),
        token: token.clone(),
    };
    let with_secret = |pair: &[String; 2], secret: &str| [pair[0].clone(), secret.to_owned()];
    let now = NOW_MS / 1000;
    let mut add = |name: &str, header: Option<String>| {
        all.push(Caller {
            name: name.to_owned(),
            headers: header.into_iter().collect(),
            expected: Expected::Unauthorized,
        });
    };
    for (name, credentials) in [
        ("another App with the user's token", signed(&other.consumer, &Some(token.clone()))),
        ("an App without a user's token", signed(consumer, &None)),
        (
            "an unknown token",
            signed(consumer, &Some(with_secret(&["100-unknown".to_owned(), String::new()], &token[1]))),
        ),
        ("a wrong secret of the App", signed(&with_secret(consumer, &other.consumer[1]), &Some(token.clone()))),
        ("a wrong secret of the token", signed(consumer, &Some(with_secret(token, "")))),
        ("swapped secrets", signed(&with_secret(consumer, &token[1]), &Some(with_secret(token, &consumer[1])))),
    ] {
        add(name, credentials.header(method, target, callers.number()));
    }
    add("the signature of another method", good.header("PUT", target, callers.number()));
    add("the signature of another path", good.header(method, "/2/tweets", callers.number()));
    add("a signature from the past", good.header_at(method, target, callers.number(), now - 301));
    add("a signature from the future", good.header_at(method, target, callers.number(), now + 301));
    let twice = good.header(method, target, callers.number());
    callers.send_json(method, target, twice.as_slice(), body(operation));
    add("a signature that came before", twice);
    let two = good.header(method, target, callers.number()).into_iter().chain(["Bearer abc".to_owned()]).collect();
    all.push(Caller { name: "two headers".to_owned(), headers: two, expected: Expected::Unauthorized });
}

fn check(operation: &Operation, caller: &Caller, reply: &str) {
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let has = |header: &str| head.lines().any(|line| line == header);
    let who = format!("{} by {}: {reply}", operation.name, caller.name);
    let status = match caller.expected {
        Expected::In(level) => {
            let tells = operation.dialect != Dialect::TweetBinder;
            assert_eq!(has(&format!("x-access-level: {level}")), tells, "{who}");
            let is_data = match operation.dialect {
                Dialect::V2 | Dialect::Labs => body.starts_with("{\"data\":"),
                Dialect::V1 => body.starts_with(['{', '[']) && !body.contains("\"errors\":"),
                Dialect::TweetBinder => body.starts_with("{\"errors\":[],\"ok\":[") || body.starts_with("{\"total\":"),
            };
            assert!(is_data, "{who}");
            "200 OK"
        }
        Expected::Unauthorized | Expected::Forbidden(_) if operation.dialect == Dialect::V1 => {
            let error: Value = serde_json::from_str(body).unwrap();
            check_v1(operation, caller, error.pointer("/errors/0/code").unwrap(), &who)
        }
        Expected::Unauthorized => {
            let body_of_x = r#"{"title":"Unauthorized","type":"about:blank","status":401,"detail":"Unauthorized"}"#;
            match operation.dialect {
                Dialect::V2 | Dialect::Labs => assert_eq!(body, body_of_x, "{who}"),
                Dialect::V1 => {}
                Dialect::TweetBinder => assert!(body.starts_with("{\"error\":\"Unauthorized\","), "{who}"),
            }
            "401 Unauthorized"
        }
        Expected::Forbidden(kind) => {
            let base = match operation.dialect {
                _ if kind == "about:blank" => "",
                Dialect::V2 => "https://api.twitter.com/2/problems/",
                Dialect::Labs => "https://api.twitter.com/labs/2/problems/",
                Dialect::V1 | Dialect::TweetBinder => "",
            };
            let has_type = body.contains(&format!("\"type\":\"{base}{kind}\""));
            let is_own = operation.dialect == Dialect::TweetBinder && body.starts_with("{\"error\":\"Forbidden\",");
            assert!(has_type || is_own, "{who}");
            "403 Forbidden"
        }
    };
    assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{who}");
    let is_gone = caller.name.contains("deactivated");
    if caller.expected == Expected::Unauthorized && !is_gone {
        assert!(!head.contains("x-rate-limit") && !head.contains("x-access-level"), "{who}");
    }
}

/// What v1.1 tells those that it refuses; the status is that of the code.
fn check_v1(operation: &Operation, caller: &Caller, code: &Value, who: &str) -> &'static str {
    let told: &[(u64, &str)] = match caller.expected {
        Expected::In(_) => &[],
        Expected::Unauthorized => {
            &[(215, "400 Bad Request"), (32, "401 Unauthorized"), (89, "401 Unauthorized"), (135, "401 Unauthorized")]
        }
        Expected::Forbidden("unsupported-authentication" | "client-forbidden") => &[(220, "403 Forbidden")],
        Expected::Forbidden("oauth1-permissions") => &[(261, "403 Forbidden")],
        // Of an App or a user that may not call.
        Expected::Forbidden(_) => &[(64, "403 Forbidden"), (416, "401 Unauthorized")],
    };
    let found = told.iter().find(|(known, _)| code == known);
    found.unwrap_or_else(|| panic!("{} tells {code} to {who}", operation.name)).1
}

#[test]
fn every_operation_lets_in_whom_its_row_names_and_refuses_all_others_in_the_words_of_x() {
    let server = Server::start("rows");
    let callers = Callers::of(&server);
    for id in [SUSPENDED, DEACTIVATED] {
        callers.create_user(UserId::new(id));
    }
    // So that each of the two lists has somebody.
    server.follow("101 100\n100 101\n");
    let mut table = String::new();
    for operation in OPERATIONS {
        for caller in callers_of(&callers, operation) {
            server.reset_limits();
            let method = operation.method.name();
            let reply = callers.send_json(method, &target(operation), &caller.headers, body(operation));
            check(operation, &caller, &reply);
            let status = reply.split(' ').nth(1).unwrap();
            let body = reply.split_once("\r\n\r\n").unwrap().1;
            // The number of an App depends on how many were made before.
            let body = match body.split_once("\"client_id\":\"") {
                Some((before, rest)) => format!("{before}\"client_id\":\"…\"{}", rest.split_once('"').unwrap().1),
                None => without_key(body),
            };
            let _ = writeln!(table, "{} | {} | {status} | {body}", operation.name, caller.name);
        }
    }
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("callers", table);
    });
}
