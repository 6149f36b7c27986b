//! Every sentence with which the endpoints refuse, as whole replies in one snapshot:
//! `tests/flows/refusals.snap`. Written anew like those of cases.

use std::fmt::Write as _;
use std::path::Path;

use birdbox::explain::explain;
use model::{AppChange, Approval};
use xapi::Form;

use super::browser::{Browser, Reply, authorize_parameters, authorize_target, code, exchange, post, with};
use super::place::{APP, CALLBACK, Place, Signing, basic};

const TOKEN: &str = "/2/oauth2/token";
const APP_ONLY: &str = "/oauth2/token";
const BEGIN: &str = "/oauth/request_token";

#[test]
fn refusals_are_as_they_are_written_down() {
    let mut text = String::new();
    for (name, reply, _) in all(&Place::new()) {
        _ = writeln!(text, "## {name}\n\n{}\n", reply.text);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/flows");
    insta::with_settings!({snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("refusals", text);
    });
}

#[test]
fn whoever_runs_the_server_learns_why() {
    let place = Place::new();
    let secrets = [place.consumer().1, place.client().1];
    for (name, reply, expected) in all(&place).into_iter().filter(|(_, _, expected)| !expected.is_empty()) {
        let id = reply.header("x-request-id").unwrap().parse().unwrap();
        let state = place.server.state();
        let explanation = explain(state, &state.refusals.find(Some(id)).unwrap());
        assert!(explanation.reason.contains(expected), "{name}: {explanation:?}");
        assert_eq!(explanation.status, reply.status, "{name}");
        let operation = explanation.operation.as_deref().unwrap_or_default();
        assert!(xapi::FLOWS.iter().any(|row| row.name == operation), "{name}: {operation}");
        let shown = serde_json::to_string(&explanation).unwrap();
        assert!(!secrets.iter().any(|secret| shown.contains(secret)), "{name}: {shown}");
    }
    let figures = place.server.get("/metrics");
    assert!(figures.contains("birdbox_requests_total{operation=\"oauth2Token\",status=\"4xx\"} "), "{figures}");
}

#[test]
fn whoever_runs_the_server_learns_why_nobody_signs_in() {
    let place = Place::new();
    let target = authorize_target(&authorize_parameters(&place));
    let mut browser = Browser::new(&place);
    let page = browser.get(&target);
    let state = place.server.state();
    let why = || explain(state, &state.refusals.find(None).unwrap()).reason;
    for (username, expected) in [
        ("nobody_at_all", "No active account"),
        ("TwitterDev", "has no password"),
        (place.username(), "another password"),
    ] {
        browser.submit(&target, &page, &[("step", "sign_in"), ("username", username), ("password", "wrong")]);
        assert!(why().contains(expected), "{username}: {}", why());
    }
    browser.post(&target, &[("step", "allow")]);
    assert!(why().contains("The form was not sent from the page"), "{}", why());
    browser.get("/oauth/authorize?oauth_token=x");
    assert!(why().contains("The request token or its verifier is not taken"), "{}", why());
    browser.get(&format!("{target}&state=again"));
    assert!(why().contains("state stands there twice"), "{}", why());
}

#[test]
fn every_endpoint_takes_its_methods_alone_and_has_the_headers_of_its_form() {
    let place = Place::set(&[]);
    let send = |method: &str, path: &str| super::browser::send(place.server.address(), method, path, &[], "");
    for (row, path) in xapi::FLOWS.iter().flat_map(|row| row.paths.iter().map(move |path| (row, path))) {
        for method in ["GET", "POST", "PUT", "DELETE"] {
            let reply = send(method, path);
            if !row.methods.take(method) {
                assert_eq!((reply.status, reply.header("allow")), (405, Some(row.methods.allow())), "{method} {path}");
                let shape = if path.starts_with("/1.1/") { "{\"errors\":[{\"code\":86," } else { "{\"title\":" };
                assert!(reply.body.starts_with(shape), "{method} {path}: {reply:?}");
                continue;
            }
            assert!(reply.status < 500 && reply.status != 405 && reply.status != 404, "{method} {path}: {reply:?}");
            // Refusals of OAuth 1.0a are JSON, as recorded.
            let form = if row.form == Form::Text { Form::Json } else { row.form };
            for (name, value) in form.headers() {
                assert_eq!(reply.header(name), Some(value), "{method} {path}");
            }
        }
    }
}

/// What is sent, the reply to it, and what is said of it to those who ask why.
fn all(place: &Place) -> Vec<(&'static str, Reply, &'static str)> {
    let (id, secret) = place.client();
    let me = basic(id, secret);
    let (key, consumer_secret) = place.consumer();
    let app = basic(key, consumer_secret);
    let token = |authorization: Option<&str>, form: &[(&str, &str)]| post(place, TOKEN, authorization, form);
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", "unknown")];
    let good = code(place);
    let exchanged =
        |name: &'static str, value: &'static str| token(Some(&me), &with(exchange(&good), &[(name, value)]));
    let begin = |nonce: &str, extra: &[(&str, &str)]| {
        let header = place.signed(BEGIN, Signing { token: None, extra, nonce });
        post(place, BEGIN, Some(&header), &[])
    };
    let request_token = begin("1", &[("oauth_callback", "oob")]);
    let pair = (request_token.member("oauth_token").unwrap(), request_token.member("oauth_token_secret").unwrap());
    let signing = Signing { token: Some((&pair.0, &pair.1)), extra: &[("oauth_verifier", "0")], nonce: "2" };
    let end = place.signed("/oauth/access_token", signing);
    let mut all = vec![
        ("app-only: no credentials", post(place, APP_ONLY, None, &[]), "No client is named"),
        ("app-only: no grant type", post(place, APP_ONLY, Some(&app), &[]), "grant_type is missing"),
        (
            "app-only: another grant type",
            post(place, APP_ONLY, Some(&app), &[("grant_type", "password")]),
            "grant_type has a value that it cannot have",
        ),
        ("token: no grant type", token(Some(&me), &[]), "grant_type is missing"),
        ("token: another grant type", token(Some(&me), &[("grant_type", "password")]), "grant_type has a value"),
        ("token: no client", token(None, &refresh), "No client is named"),
        (
            "token: an unknown client",
            token(None, &[refresh[0], refresh[1], ("client_id", "unknown")]),
            "No App has this client id",
        ),
        (
            "token: no secret",
            token(None, &[refresh[0], refresh[1], ("client_id", id)]),
            "App 1 is a confidential client",
        ),
        (
            "token: a parameter twice",
            token(Some(&me), &[refresh[0], refresh[1], refresh[1]]),
            "refresh_token stands there twice",
        ),
        ("token: an unknown code", exchanged("code", "unknown"), "The code is not taken: unknown or revoked"),
        (
            "token: another address",
            exchanged("redirect_uri", "https://example.com/"),
            "The redirect_uri is not the one of the authorize request",
        ),
        (
            "token: another verifier",
            exchanged("code_verifier", "aBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "The code_verifier is not the one",
        ),
        (
            "token: an unknown refresh token",
            token(Some(&me), &refresh),
            "The refresh token is not taken: unknown or revoked",
        ),
        ("token: GET", super::browser::send(place.server.address(), "GET", TOKEN, &[], ""), ""),
        ("request token: not signed", post(place, BEGIN, None, &[]), "The request has no credentials"),
        ("request token: another callback", begin("3", &[("oauth_callback", "https://example.com/")]), "none of App 1"),
        (
            "access token: not authorized",
            post(place, "/oauth/access_token", Some(&end), &[]),
            "not authorized by a user",
        ),
    ];
    place.change(vec![AppChange::OAuth2(false), AppChange::Callbacks(vec!["oob".to_owned()])]);
    all.push((
        "request token: a callback for a PIN",
        begin("4", &[("oauth_callback", CALLBACK)]),
        "App 1 has no callback address",
    ));
    place.change(vec![AppChange::Callbacks(vec![CALLBACK.to_owned()]), AppChange::OAuth2(true)]);
    let store = &place.server.state().store;
    let account = store.identity().app(APP).unwrap().app.account;
    place.server.wait(store.identity().set_approval(account, Approval::Suspended)).unwrap();
    all.push(("token: a suspended account", token(Some(&me), &refresh), "App 1 is suspended"));
    all.push(("request token: a suspended account", begin("5", &[("oauth_callback", CALLBACK)]), "App 1 is suspended"));
    all
}
