//! What attackers and broken clients send to OAuth 2.0, as a table: every answer is a 4xx
//! with the right word, and no token is made.

use model::{AppChange, Approval};
use store::Whose;

use super::browser::{
    Browser, CHALLENGE, FORM, Reply, VERIFIER, authorize_parameters, code, exchange, post, send, with,
};
use super::place::{CALLBACK, Place, basic, joined};

/// Changes the parameters of a request that would be right.
#[derive(Debug, Clone, Copy)]
enum Change {
    Drop(&'static str),
    Set(&'static str, &'static str),
    Add(&'static str, &'static str),
}
use Change::{Add, Drop, Set};

/// A name, what is changed, and the status and the word of the answer.
type Row = (&'static str, &'static [Change], u16, &'static str);

const REQUEST: &str = "invalid_request";

/// To the authorize page, signed in. Words in `<>` are filled in.
const AUTHORIZE: &[Row] = &[
    ("no client", &[Drop("client_id")], 400, REQUEST),
    ("an empty client", &[Set("client_id", "")], 400, REQUEST),
    ("a client of nobody", &[Set("client_id", "bm9ib2R5OjE6Y2k")], 400, "invalid_client"),
    ("a client in other letters", &[Set("client_id", "<swapped>")], 400, "invalid_client"),
    ("two clients", &[Add("client_id", "<other>")], 400, REQUEST),
    ("the same client twice", &[Add("client_id", "<client>")], 400, REQUEST),
    ("no address", &[Drop("redirect_uri")], 400, REQUEST),
    ("another address", &[Set("redirect_uri", "https://evil.example/")], 400, REQUEST),
    ("an address of another App", &[Set("redirect_uri", "https://other.example/callback")], 400, REQUEST),
    ("an address below", &[Set("redirect_uri", "http://127.0.0.1:8000/callback/more")], 400, REQUEST),
    ("a slash more", &[Set("redirect_uri", "http://127.0.0.1:8000/callback/")], 400, REQUEST),
    ("a way up", &[Set("redirect_uri", "http://127.0.0.1:8000/callback/../evil")], 400, REQUEST),
    ("a query", &[Set("redirect_uri", "http://127.0.0.1:8000/callback?next=evil")], 400, REQUEST),
    ("a fragment", &[Set("redirect_uri", "http://127.0.0.1:8000/callback#x")], 400, REQUEST),
    ("another port", &[Set("redirect_uri", "http://127.0.0.1:8001/callback")], 400, REQUEST),
    ("another scheme", &[Set("redirect_uri", "https://127.0.0.1:8000/callback")], 400, REQUEST),
    ("a scheme in capitals", &[Set("redirect_uri", "HTTP://127.0.0.1:8000/callback")], 400, REQUEST),
    ("localhost for its number", &[Set("redirect_uri", "http://localhost:8000/callback")], 400, REQUEST),
    ("a name before the host", &[Set("redirect_uri", "http://127.0.0.1:8000@evil.example/callback")], 400, REQUEST),
    ("a host that begins alike", &[Set("redirect_uri", "http://127.0.0.1:8000.evil.example/callback")], 400, REQUEST),
    ("a backslash", &[Set("redirect_uri", "http://127.0.0.1:8000\\@evil.example/callback")], 400, REQUEST),
    ("an address encoded twice", &[Set("redirect_uri", "http%3A%2F%2F127.0.0.1%3A8000%2Fcallback")], 400, REQUEST),
    ("a line break", &[Set("redirect_uri", "http://127.0.0.1:8000/callback\r\nX: y")], 400, REQUEST),
    ("a script", &[Set("redirect_uri", "javascript:alert(1)")], 400, REQUEST),
    ("the PIN of OAuth 1.0a", &[Set("redirect_uri", "oob")], 400, REQUEST),
    ("two addresses", &[Add("redirect_uri", "https://evil.example/")], 400, REQUEST),
    ("no response type", &[Drop("response_type")], 400, REQUEST),
    ("the implicit grant", &[Set("response_type", "token")], 400, "unsupported_response_type"),
    ("a hybrid", &[Set("response_type", "code token")], 400, "unsupported_response_type"),
    ("no state", &[Drop("state")], 400, REQUEST),
    ("an empty state", &[Set("state", "")], 400, REQUEST),
    ("a state that is too long", &[Set("state", "<501>")], 400, REQUEST),
    ("two states", &[Add("state", "other")], 400, REQUEST),
    ("no scope", &[Drop("scope")], 400, REQUEST),
    ("a scope of blanks", &[Set("scope", "  ")], 400, "invalid_scope"),
    ("an unknown scope", &[Set("scope", "users.read admin")], 400, "invalid_scope"),
    ("scopes with commas", &[Set("scope", "users.read,tweet.read")], 400, "invalid_scope"),
    ("no challenge", &[Drop("code_challenge")], 400, REQUEST),
    ("neither challenge nor method", &[Drop("code_challenge"), Drop("code_challenge_method")], 400, REQUEST),
    ("an empty challenge", &[Set("code_challenge", "")], 400, REQUEST),
    ("a challenge that is too short", &[Set("code_challenge", "short")], 400, REQUEST),
    (
        "a plain challenge that is too short",
        &[Set("code_challenge", "short"), Set("code_challenge_method", "plain")],
        400,
        REQUEST,
    ),
    (
        "a challenge with padding",
        &[Set("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=")],
        400,
        REQUEST,
    ),
    ("two challenges", &[Add("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN")], 400, REQUEST),
    ("an unknown method", &[Set("code_challenge_method", "S512")], 400, REQUEST),
    ("a method of nothing", &[Set("code_challenge_method", "none")], 400, REQUEST),
    ("two methods", &[Add("code_challenge_method", "plain")], 400, REQUEST),
];

/// To the token endpoint, with a code that is good until then, by a confidential client.
const EXCHANGE: &[Row] = &[
    ("no grant type", &[Drop("grant_type")], 400, REQUEST),
    ("an empty grant type", &[Set("grant_type", "")], 400, REQUEST),
    ("the password grant", &[Set("grant_type", "password")], 400, REQUEST),
    ("the client's own grant", &[Set("grant_type", "client_credentials")], 400, REQUEST),
    ("a grant type in capitals", &[Set("grant_type", "AUTHORIZATION_CODE")], 400, REQUEST),
    ("two grant types", &[Add("grant_type", "refresh_token")], 400, REQUEST),
    ("a code as a refresh token", &[Set("grant_type", "refresh_token"), Add("refresh_token", "<code>")], 400, REQUEST),
    ("a refresh grant without a token", &[Set("grant_type", "refresh_token")], 400, REQUEST),
    ("no code", &[Drop("code")], 400, REQUEST),
    ("a code of nobody", &[Set("code", "bm9ib2R5")], 400, REQUEST),
    ("a code with a blank", &[Set("code", "<code> ")], 400, REQUEST),
    ("two codes", &[Add("code", "<code>")], 400, REQUEST),
    ("a code of another App", &[Set("code", "<foreign code>")], 400, REQUEST),
    ("no address", &[Drop("redirect_uri")], 400, REQUEST),
    ("another address of the App", &[Set("redirect_uri", "http://127.0.0.1/callback")], 400, REQUEST),
    ("another address", &[Set("redirect_uri", "https://evil.example/")], 400, REQUEST),
    ("two addresses", &[Add("redirect_uri", "https://evil.example/")], 400, REQUEST),
    ("no verifier", &[Drop("code_verifier")], 400, REQUEST),
    ("an empty verifier", &[Set("code_verifier", "")], 400, REQUEST),
    ("the challenge as the verifier", &[Set("code_verifier", CHALLENGE)], 400, REQUEST),
    ("another verifier", &[Set("code_verifier", "aBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")], 400, REQUEST),
    ("a verifier that is too short", &[Set("code_verifier", "dBjft")], 400, REQUEST),
    ("two verifiers", &[Add("code_verifier", VERIFIER)], 400, REQUEST),
    ("the id of another client beside the header", &[Add("client_id", "<other>")], 401, "invalid_client"),
];

/// To the token endpoint, with a refresh token that is good until then.
const REFRESH: &[Row] = &[
    ("no token", &[Drop("refresh_token")], 400, REQUEST),
    ("a token of nobody", &[Set("refresh_token", "bm9ib2R5")], 400, REQUEST),
    ("an access token", &[Set("refresh_token", "<access>")], 400, REQUEST),
    ("a refresh token of another App", &[Set("refresh_token", "<foreign refresh>")], 400, REQUEST),
    ("two tokens", &[Add("refresh_token", "<refresh>")], 400, REQUEST),
    (
        "a refresh token as a code",
        &[
            Set("grant_type", "authorization_code"),
            Add("code", "<refresh>"),
            Add("redirect_uri", CALLBACK),
            Add("code_verifier", VERIFIER),
        ],
        400,
        REQUEST,
    ),
];

/// Two Apps, a user, and what they have.
struct Stage {
    place: Place,
    other: (String, String),
    words: Vec<(&'static str, String)>,
    browser: Browser,
}

const TOKEN: &str = "/2/oauth2/token";
const OTHER_CALLBACK: &str = "https://other.example/callback";

impl Stage {
    fn new() -> Self {
        let place = Place::new();
        let (_, keys) = place.other_app(&["type=web", &format!("callbacks={OTHER_CALLBACK}"), "oauth2=on"]);
        let other = (keys.client_id.unwrap(), keys.client_secret.unwrap());
        let mut browser = Browser::new(&place);
        let id = place.client().0.to_owned();
        let swapped =
            id.chars().map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() });
        let words = vec![
            ("<swapped>", swapped.collect()),
            ("<client>", id),
            ("<other>", other.0.clone()),
            ("<501>", "s".repeat(501)),
        ];
        browser.sign_in(&place, &super::browser::authorize_target(&authorize_parameters(&place)));
        Self { place, other, words, browser }
    }

    /// A code of the signed-in user.
    fn code(&mut self, client: &str, callback: &str) -> String {
        let parameters = with(authorize_parameters(&self.place), &[("client_id", client), ("redirect_uri", callback)]);
        let target = super::browser::authorize_target(&parameters);
        let page = self.browser.get(&target);
        let back = self.browser.submit(&target, &page, &[("step", "allow")]);
        back.led_with("code").unwrap_or_else(|| panic!("{back:?}"))
    }

    fn own_code(&mut self) -> String {
        let id = self.place.client().0.to_owned();
        self.code(&id, CALLBACK)
    }

    fn me(&self) -> String {
        basic(self.place.client().0, self.place.client().1)
    }

    fn change<'a>(&'a self, good: &[(&'a str, &'a str)], changes: &[Change]) -> Vec<(&'a str, String)> {
        let fill =
            |text: &str| self.words.iter().fold(text.to_owned(), |text, (word, value)| text.replace(word, value));
        let mut all: Vec<_> = good.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        for change in changes {
            match *change {
                Drop(name) => all.retain(|(known, _)| *known != name),
                Set(name, value) => {
                    all.iter_mut().filter(|(known, _)| *known == name).for_each(|(_, old)| *old = fill(value));
                }
                Add(name, value) => all.push((name, fill(value))),
            }
        }
        all
    }

    /// How many families of tokens there are.
    fn families(&self) -> usize {
        self.place.server.state().store.identity().grants(Whose::All).unwrap().len()
    }
}

fn borrowed<'a>(all: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    all.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[track_caller]
fn assert_refused(what: &str, reply: &Reply, status: u16, error: &str) {
    assert_eq!((reply.status, reply.error().as_deref()), (status, Some(error)), "{what}: {reply:?}");
    assert!(reply.member("access_token").is_none() && reply.header("location").is_none(), "{what}");
}

#[test]
fn bad_authorize_requests_are_told_so_and_lead_nowhere() {
    let mut stage = Stage::new();
    for (name, changes, status, error) in AUTHORIZE {
        let parameters = authorize_parameters(&stage.place);
        let changed = stage.change(&parameters, changes);
        let target = super::browser::authorize_target(&borrowed(&changed));
        let shown = stage.browser.get(&target);
        assert_refused(name, &shown, *status, error);
        let sent = stage.browser.post(&target, &[("step", "allow")]);
        assert_refused(name, &sent, *status, error);
    }
    assert_eq!(stage.families(), 0);
}

#[test]
fn bad_exchanges_of_codes_give_nothing_and_use_nothing_up() {
    let mut stage = Stage::new();
    let (other_id, _) = stage.other.clone();
    for (name, changes, status, error) in EXCHANGE {
        let good = stage.own_code();
        let foreign = stage.code(&other_id, OTHER_CALLBACK);
        stage.words.retain(|(word, _)| !word.ends_with("code>"));
        stage.words.extend([("<code>", good.clone()), ("<foreign code>", foreign)]);
        let changed = stage.change(&exchange(&good), changes);
        let before = stage.families();
        let reply = post(&stage.place, TOKEN, Some(&stage.me()), &borrowed(&changed));
        assert_refused(name, &reply, *status, error);
        assert_eq!(stage.families(), before, "{name}");
        assert_eq!(post(&stage.place, TOKEN, Some(&stage.me()), &exchange(&good)).status, 200, "{name}: still good");
    }
}

#[test]
fn bad_refreshes_give_nothing_and_use_nothing_up() {
    let mut stage = Stage::new();
    let (other_id, other_secret) = stage.other.clone();
    let other = basic(&other_id, &other_secret);
    for (name, changes, status, error) in REFRESH {
        let (code, foreign) = (stage.own_code(), stage.code(&other_id, OTHER_CALLBACK));
        let reply = post(&stage.place, TOKEN, Some(&stage.me()), &exchange(&code));
        let parameters = with(exchange(&foreign), &[("redirect_uri", OTHER_CALLBACK)]);
        let foreign = post(&stage.place, TOKEN, Some(&other), &parameters).member("refresh_token").unwrap();
        let refresh = reply.member("refresh_token").unwrap();
        stage.words.retain(|(word, _)| !word.contains("refresh") && !word.contains("access"));
        stage.words.push(("<access>", reply.member("access_token").unwrap()));
        stage.words.extend([("<foreign refresh>", foreign), ("<refresh>", refresh.clone())]);
        let good = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
        let changed = stage.change(&good, changes);
        let reply = post(&stage.place, TOKEN, Some(&stage.me()), &borrowed(&changed));
        assert_refused(name, &reply, *status, error);
        assert_eq!(post(&stage.place, TOKEN, Some(&stage.me()), &good).status, 200, "{name}: still good");
    }
}

#[test]
fn a_client_is_who_it_says_or_gets_nothing() {
    let mut stage = Stage::new();
    let (other_id, other_secret) = stage.other.clone();
    let (id, secret) = (stage.place.client().0.to_owned(), stage.place.client().1.to_owned());
    let good = stage.own_code();
    let parameters = exchange(&good);
    let named = [exchange(&good), vec![("client_id", &*id)]].concat();
    let with_secret = [named.clone(), vec![("client_secret", &*secret)]].concat();
    let unauthorized = "unauthorized_client";
    let bearer = format!("Bearer {}", stage.place.server.bearer());
    type Row<'a> = (&'static str, Option<String>, &'a [(&'a str, &'a str)], u16, &'static str);
    let rows: [Row<'_>; 10] = [
        ("nobody", None, &parameters, 400, REQUEST),
        ("a confidential client without its secret", None, &named, 401, unauthorized),
        ("a secret in the body", None, &with_secret, 401, unauthorized),
        ("another secret", Some(basic(&id, "other")), &parameters, 401, unauthorized),
        ("no secret", Some(basic(&id, "")), &parameters, 401, unauthorized),
        ("the secret of another App", Some(basic(&id, &other_secret)), &parameters, 401, unauthorized),
        ("a header that is none", Some("Basic ???".to_owned()), &named, 401, unauthorized),
        ("a bearer token", Some(bearer), &named, 401, unauthorized),
        ("a client of nobody", Some(basic("nobody", &secret)), &parameters, 401, "invalid_client"),
        ("another App", Some(basic(&other_id, &other_secret)), &parameters, 400, REQUEST),
    ];
    for (name, authorization, parameters, status, error) in rows {
        let reply = post(&stage.place, TOKEN, authorization.as_deref(), parameters);
        assert_refused(name, &reply, status, error);
        let revoke =
            [("token", "x"), parameters.iter().find(|(name, _)| *name == "client_id").copied().unwrap_or(("a", "b"))];
        if status == 401 {
            assert_refused(
                name,
                &post(&stage.place, "/2/oauth2/revoke", authorization.as_deref(), &revoke),
                status,
                error,
            );
        }
    }
    assert_refused("no token", &post(&stage.place, "/2/oauth2/revoke", Some(&stage.me()), &[]), 400, REQUEST);
    assert_eq!(stage.families(), 0);
}

#[test]
fn bodies_that_are_no_forms_and_other_methods_give_nothing() {
    let mut stage = Stage::new();
    let good = stage.own_code();
    let me = stage.me();
    let form = joined(&exchange(&good));
    let address = stage.place.server.address();
    let json = format!("{{\"grant_type\":\"authorization_code\",\"code\":\"{good}\"}}");
    for (name, kind, body) in [
        ("a form that says it is JSON", "application/json", form.as_str()),
        ("JSON", "application/json", &json),
        ("text", "text/plain", &form),
        ("many parts", "multipart/form-data; boundary=x", &form),
        ("JSON that says it is a form", FORM.1, &json),
        ("broken encoding", FORM.1, "grant_type=%zz"),
        ("no UTF-8", FORM.1, "grant_type=%ff"),
    ] {
        let reply = send(address, "POST", TOKEN, &[("Authorization", &me), ("Content-Type", kind)], body);
        assert_refused(name, &reply, 400, REQUEST);
    }
    let large = format!("{form}&x={}", "x".repeat(64 << 10));
    let reply = send(address, "POST", TOKEN, &[("Authorization", &me), FORM], &large);
    assert_eq!(reply.status, 413);
    for method in ["GET", "PUT", "DELETE"] {
        let reply = send(address, method, &format!("{TOKEN}?{form}"), &[("Authorization", &me)], "");
        assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")), "{method}");
    }
    assert_eq!(stage.families(), 0);
}

#[test]
fn what_is_old_used_or_switched_off_gives_nothing() {
    let mut stage = Stage::new();
    let me = stage.me();
    let token = |stage: &Stage, parameters: &[(&str, &str)]| post(&stage.place, TOKEN, Some(&me), parameters);

    let old = stage.own_code();
    stage.place.pass(30_000);
    assert_refused("an old code", &token(&stage, &exchange(&old)), 400, REQUEST);

    let used = stage.own_code();
    let refresh = token(&stage, &exchange(&used)).member("refresh_token").unwrap();
    let grant = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    assert_refused("a used code", &token(&stage, &exchange(&used)), 400, REQUEST);
    assert_refused("a refresh token of a used code", &token(&stage, &grant), 400, REQUEST);

    let code = stage.own_code();
    let refresh = token(&stage, &exchange(&code)).member("refresh_token").unwrap();
    let grant = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    assert_eq!(token(&stage, &grant).status, 200);
    assert_refused("a used refresh token", &token(&stage, &grant), 400, REQUEST);

    let code = stage.own_code();
    let target = super::browser::authorize_target(&authorize_parameters(&stage.place));
    stage.place.change(vec![AppChange::OAuth2(false)]);
    assert_refused("OAuth 2.0 off", &stage.browser.get(&target), 400, "invalid_client");
    assert_refused("OAuth 2.0 off", &token(&stage, &exchange(&code)), 401, "invalid_client");
    stage.place.change(vec![AppChange::OAuth2(true)]);
    let store = &stage.place.server.state().store;
    let account = store.identity().app(super::place::APP).unwrap().app.account;
    stage.place.server.wait(store.identity().set_approval(account, Approval::Suspended)).unwrap();
    assert_refused("a suspended account", &stage.browser.get(&target), 403, "unauthorized_client");
    assert_refused("a suspended account", &token(&stage, &exchange(&code)), 403, "unauthorized_client");
}

#[test]
fn a_code_of_a_deleted_user_gives_nothing() {
    let place = Place::new();
    let code = code(&place);
    let store = &place.server.state().store;
    place.server.wait(store.delete_user(place.user_id())).unwrap();
    let (id, secret) = place.client();
    assert_refused("a deleted user", &post(&place, TOKEN, Some(&basic(id, secret)), &exchange(&code)), 400, REQUEST);
}

#[test]
fn the_table_is_long_enough() {
    assert!(AUTHORIZE.len() + EXCHANGE.len() + REFRESH.len() >= 60);
}
