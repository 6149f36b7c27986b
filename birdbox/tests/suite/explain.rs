//! What `birdbox explain` finds out about requests that were refused.

use birdbox::explain::{Explanation, explain};
use model::{Approval, Permissions, Scopes, UserId};

use store::Subject;

use crate::callers::{Callers, Credentials};
use crate::harness::{NOW_MS, Server};

const TARGET: &str = "/2/users/100?user.fields=created_at&expansions=pinned_tweet_id";

/// What is found out about a request with these headers.
fn ask(server: &Server, callers: &Callers<'_>, target: &str, headers: &[String]) -> (String, Explanation) {
    let reply = callers.send("GET", target, headers);
    let id = reply.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap();
    let noted = server.state().refusals.find(Some(id.parse().unwrap())).unwrap();
    let explanation = explain(server.state(), &noted);
    assert_eq!((explanation.request_id.as_str(), explanation.status.to_string().as_str()), (id, &reply[9..12]));
    (reply, explanation)
}

/// Reason and findings in one text.
fn said(explanation: &Explanation) -> String {
    format!("{} {}", explanation.reason, explanation.findings.join(" "))
}

fn with_secret([key, _]: &[String; 2], secret: &str) -> [String; 2] {
    [key.clone(), secret.to_owned()]
}

#[test]
fn known_mistakes_of_a_signature_are_named() {
    let server = Server::start("rows");
    let callers = Callers::of(&server);
    let app = callers.app(Permissions::Read, true);
    let (own, other) = (callers.oauth1(&app, callers.user(), Permissions::Read), callers.app(Permissions::Read, true));
    let foreign = callers.oauth1(&app, UserId::new(105), Permissions::Read);
    let signed = |credentials: &Credentials| match credentials {
        Credentials::Signed { consumer, token: Some(token) } => (consumer.clone(), token.clone()),
        _ => panic!("a user signs"),
    };
    let ((consumer, token), (_, foreign_token)) = (signed(&own), signed(&foreign));
    // A token whose secret was needed before is known by name.
    assert!(callers.send("GET", TARGET, foreign.header("GET", TARGET, 1).as_slice()).starts_with("HTTP/1.1 200"));
    let with = |consumer: &[String; 2], token: &[String; 2]| Credentials::Signed {
        consumer: consumer.clone(),
        token: Some(token.clone()),
    };
    let path = "/2/users/100";
    let header = |credentials: &Credentials| credentials.header("GET", TARGET, callers.number()).unwrap();
    for (name, header, expected) in [
        ("the method", own.header("POST", TARGET, callers.number()).unwrap(), "signed the method POST"),
        ("the query", own.header("GET", path, callers.number()).unwrap(), "did not sign the parameters of the query"),
        ("https", own.header_to("https", "127.0.0.1", TARGET, callers.number()), "signed the host"),
        ("the port", own.header_to("http", "127.0.0.1:9", TARGET, callers.number()), "No known mistake"),
        ("X's host", own.header_to("https", "api.x.com", TARGET, callers.number()), "signed the host api.x.com"),
        (
            "no token secret",
            header(&with(&consumer, &with_secret(&token, ""))),
            "without the secret of the access token",
        ),
        ("no consumer secret", header(&with(&with_secret(&consumer, ""), &token)), "without the secret of the App"),
        (
            "swapped",
            header(&with(&with_secret(&consumer, &token[1]), &with_secret(&token, &consumer[1]))),
            "took the secret of the App for that of the token",
        ),
        (
            "another App's secret",
            header(&with(&with_secret(&consumer, &other.consumer[1]), &token)),
            "with the secrets of App",
        ),
        (
            "another token's secret",
            header(&with(&consumer, &with_secret(&token, &foreign_token[1]))),
            "another access token: ",
        ),
        ("garbage", header(&with(&consumer, &with_secret(&token, "x"))), "No known mistake"),
    ] {
        if name == "https" {
            // A host without a port may be called by both schemes.
            assert!(callers.send("GET", TARGET, &[header]).starts_with("HTTP/1.1 200"));
            continue;
        }
        let (_, explanation) = ask(&server, &callers, TARGET, &[header]);
        let text = said(&explanation);
        assert!(text.starts_with("The signature (oauth_signature) is wrong."), "{name}: {text}");
        assert!(text.contains(expected), "{name}: {text}");
        assert!(explanation.app.as_ref().unwrap().starts_with(&app.id.to_string()), "{name}");
        let signature = explanation.signature.as_ref().unwrap();
        assert!(signature.base_strings[0].starts_with("GET&http%3A%2F%2F127.0.0.1%2F2%2Fusers%2F100&expansions%3D"));
        let shown = serde_json::to_string(&explanation).unwrap();
        for [key, secret] in [&consumer, &token, &foreign_token, &other.consumer] {
            assert!(!shown.contains(secret.as_str()), "{name}: {shown}");
            assert!(!key.contains('-') || !shown.contains(key.as_str()), "{name}: {shown}");
        }
    }
}

#[test]
fn every_refusal_says_what_to_do() {
    let server = Server::empty("none");
    let callers = Callers::of(&server);
    let user = UserId::new(100);
    callers.create_user(user);
    let app = callers.app(Permissions::Read, true);
    let (standalone, unapproved) = (callers.app(Permissions::Read, false), callers.app(Permissions::Read, true));
    callers.set_approval(&unapproved, Approval::Pending);
    let own = callers.oauth1(&app, user, Permissions::Read);
    let Credentials::Signed { consumer, token: Some(token) } = &own else { panic!("a user signs") };
    let by_app = Credentials::Signed { consumer: consumer.clone(), token: None };
    let with_other = Credentials::Signed { consumer: standalone.consumer.clone(), token: Some(token.clone()) };
    let unknown = Credentials::Signed { consumer: ["nobody", "x"].map(str::to_owned), token: None };
    let (me, now) = ("/2/users/me", NOW_MS / 1000);
    let sent = own.header("GET", me, callers.number());
    callers.send("GET", me, sent.as_slice());
    let bearer = |token: &str| Some(format!("Bearer {token}"));
    server.spend("getUsersByIds", Subject::App(app.id));
    let refresh = oauth::token::oauth2(oauth::token::Kind::Refresh, model::Timestamp::MIN, &[7; oauth::token::OAUTH2]);
    for (target, header, expected) in [
        (me, None, "has no credentials"),
        (me, Some("Basic abc".to_owned()), "neither `Bearer`"),
        (me, bearer("nobody"), "Nobody has this bearer token"),
        (me, bearer(&token[0]), "is an access token of OAuth 1.0a"),
        (me, bearer(&consumer[0]), "is an API key"),
        (me, bearer(&refresh), "is a refresh token"),
        (me, Some("OAuth oauth_token=\"a\"".to_owned()), "oauth_consumer_key is missing"),
        (me, unknown.header("GET", me, 1), "No App has this API key"),
        (me, by_app.header("GET", me, 1), "oauth_token is missing"),
        (me, with_other.header("GET", me, 1), "was given to App"),
        (me, sent, "came before"),
        (me, own.header_at("GET", me, callers.number(), now - 400), "400 seconds behind"),
        (me, own.header_at("GET", me, callers.number(), now + 301), "301 seconds ahead of"),
        (me, bearer(&app.bearer), "is not for getUsersMe; use OAuth 1.0a User Context or"),
        (me, bearer(&standalone.bearer), "is in no Project"),
        (me, bearer(&unapproved.bearer), "is pending"),
        (me, callers.oauth2(&app, user, Scopes::NONE).header("GET", me, 1), "has not allowed"),
        ("/2/users?ids=1", bearer(&app.bearer), "The limit is spent: 300 requests in a window to getUsersByIds by App"),
    ] {
        let (_, explanation) = ask(&server, &callers, target, header.as_slice());
        let shown = serde_json::to_string(&explanation).unwrap();
        assert!(said(&explanation).contains(expected), "{expected}: {shown}");
        for secret in [&token[0], &token[1], &consumer[1], &app.bearer, &refresh] {
            assert!(!shown.contains(secret.as_str()), "{shown}");
        }
    }
}

#[test]
fn only_so_many_refusals_are_remembered() {
    let server = Server::set("none", &[("auth", "explain", "3")]);
    let callers = Callers::of(&server);
    let ids: Vec<String> = (0..4)
        .map(|_| {
            let reply = callers.send("GET", "/2/users/1", &[]);
            reply.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap().to_owned()
        })
        .collect();
    let refusals = &server.state().refusals;
    let found: Vec<bool> = ids.iter().map(|id| refusals.find(Some(id.parse().unwrap())).is_some()).collect();
    assert_eq!(found, [false, true, true, true]);
    assert!(refusals.find(None).is_some());
    let off = Server::set("none", &[("auth", "explain", "0")]);
    Callers::of(&off).send("GET", "/2/users/1", &[]);
    assert!(off.state().refusals.find(None).is_none());
}
