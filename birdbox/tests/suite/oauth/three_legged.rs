//! OAuth 1.0a in three steps, and its refusals.

use model::AppChange;

use super::browser::{Browser, Reply, post};
use super::place::{CALLBACK, Place, Signing, encode};

const BEGIN: &str = "/oauth/request_token";
const END: &str = "/oauth/access_token";

/// A request token and its secret.
fn begin(place: &Place, nonce: &str, extra: &[(&str, &str)]) -> (String, String) {
    let header = place.signed(BEGIN, Signing { token: None, extra, nonce });
    let reply = post(place, BEGIN, Some(&header), &[]);
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("content-type"), Some("text/html;charset=utf-8"));
    assert_eq!(reply.member("oauth_callback_confirmed").as_deref(), Some("true"));
    let (token, secret) = (reply.member("oauth_token").unwrap(), reply.member("oauth_token_secret").unwrap());
    assert_eq!((token.len(), secret.len()), (27, 32));
    (token, secret)
}

fn end(place: &Place, nonce: &str, (token, secret): &(String, String), verifier: &str) -> Reply {
    let extra = [("oauth_verifier", verifier)];
    let header = place.signed(END, Signing { token: Some((token, secret)), extra: &extra, nonce });
    post(place, END, Some(&header), &[])
}

fn page(path: &str, token: &str) -> String {
    format!("{path}?oauth_token={token}")
}

#[test]
fn a_user_comes_back_with_a_verifier_that_works_once() {
    let place = Place::new();
    let token = begin(&place, "1", &[("oauth_callback", CALLBACK)]);
    let back = Browser::new(&place).allow(&place, &page("/oauth/authorize", &token.0));
    assert_eq!(back.status, 302, "{back:?}");
    assert_eq!(back.led_with("oauth_token").as_ref(), Some(&token.0));
    let verifier = back.led_with("oauth_verifier").unwrap();
    let wrong = end(&place, "2", &token, "other");
    assert_eq!(
        (wrong.status, wrong.body.as_str(), wrong.header("www-authenticate")),
        (
            401,
            "Error processing your OAuth request: Invalid oauth_verifier parameter",
            Some("OAuth realm=\"https://api.twitter.com\"")
        )
    );
    let reply = end(&place, "3", &token, &verifier);
    assert_eq!(reply.status, 200, "{reply:?}");
    let access = (reply.member("oauth_token").unwrap(), reply.member("oauth_token_secret").unwrap());
    let (id, name) = place.keys.user.clone().unwrap();
    assert_eq!((reply.member("user_id"), reply.member("screen_name")), (Some(id.clone()), Some(name)));
    assert!(access.0.starts_with(&format!("{id}-")) && access.0.matches('-').count() == 1);
    assert_eq!(end(&place, "4", &token, &verifier).status, 401);

    let path = "/1.1/oauth/invalidate_token.json";
    let sign = |nonce| place.signed(path, Signing { token: Some((&access.0, &access.1)), extra: &[], nonce });
    let ended = post(&place, path, Some(&sign("5")), &[]);
    assert_eq!((ended.status, ended.body), (200, format!("{{\"access_token\":\"{}\"}}", access.0)));
    let again = post(&place, path, Some(&sign("6")), &[]);
    assert_eq!(again.body, r#"{"errors":[{"code":89,"message":"Invalid or expired token."}]}"#);
    assert_eq!(
        (again.status, again.header("www-authenticate")),
        (401, Some("OAuth realm=\"https://api.twitter.com\", api_error_code=89"))
    );
}

#[test]
fn a_pin_is_shown_where_nobody_can_be_called_back() {
    let place = Place::new();
    let token = begin(&place, "1", &[("oauth_callback", "oob")]);
    let shown = Browser::new(&place).allow(&place, &page("/i/oauth/authenticate", &token.0));
    let pin = shown.between("<code>", "</code>").unwrap();
    assert!(pin.len() == 7 && pin.bytes().all(|byte| byte.is_ascii_digit()), "{pin}");
    assert_eq!(end(&place, "2", &token, pin).status, 200);

    // Five wrong guesses end the token.
    let token = begin(&place, "3", &[("oauth_callback", "oob")]);
    let shown = Browser::new(&place).allow(&place, &page("/oauth/authorize", &token.0));
    let pin = shown.between("<code>", "</code>").unwrap();
    let wrong = if pin == "0000000" { "1111111" } else { "0000000" };
    for nonce in ["4", "5", "6", "7", "8"] {
        assert_eq!(end(&place, nonce, &token, wrong).status, 401);
    }
    assert_eq!(end(&place, "9", &token, pin).status, 401);
}

#[test]
fn a_user_who_refuses_goes_back_with_denied() {
    let place = Place::new();
    let token = begin(&place, "1", &[("oauth_callback", CALLBACK)]);
    let target = page("/oauth/authorize", &token.0);
    let mut browser = Browser::new(&place);
    let consent = browser.sign_in(&place, &target);
    let back = browser.submit(&target, &consent, &[("step", "deny")]);
    let expected = format!("{CALLBACK}?denied={}", token.0);
    assert_eq!((back.status, back.header("location")), (302, Some(expected.as_str())));
    let gone = browser.get(&target);
    assert!(gone.status == 403 && gone.body.contains("The request token for this page is invalid."), "{gone:?}");
    assert_eq!(end(&place, "2", &token, "x").status, 401);
}

#[test]
fn authenticate_asks_once_and_authorize_always() {
    let place = Place::new();
    let mut browser = Browser::new(&place);
    let token = begin(&place, "1", &[("oauth_callback", CALLBACK), ("x_auth_access_type", "read")]);
    let target = page("/oauth/authenticate", &token.0);
    assert_eq!(browser.allow(&place, &target).status, 302);
    // The same again needs no answer; more than that, or the other page, does.
    let token = begin(&place, "2", &[("oauth_callback", CALLBACK), ("x_auth_access_type", "read")]);
    let back = browser.get(&page("/oauth/authenticate", &token.0));
    assert_eq!(back.status, 302);
    assert_eq!(end(&place, "3", &token, &back.led_with("oauth_verifier").unwrap()).status, 200);
    let token = begin(&place, "4", &[("oauth_callback", CALLBACK)]);
    assert!(browser.get(&page("/oauth/authenticate", &token.0)).body.contains("Follow and unfollow"));
    let token = begin(&place, "5", &[("oauth_callback", CALLBACK), ("x_auth_access_type", "read")]);
    let consent = browser.get(&page("/oauth/authorize", &token.0));
    assert!(consent.body.contains("value=\"allow\"") && !consent.body.contains("Follow and unfollow"));
    // Who has to sign in again is asked who it is.
    place.pass(1000);
    let token = begin(&place, "6", &[("oauth_callback", CALLBACK)]);
    let forced = format!("{}&force_login=true&screen_name=someone", page("/oauth/authenticate", &token.0));
    let shown = browser.get(&forced);
    assert!(shown.body.contains("name=\"password\"") && shown.body.contains("value=\"someone\""), "{shown:?}");
    let fields = [("step", "sign_in"), ("username", place.username()), ("password", super::place::PASSWORD)];
    assert_eq!(browser.submit(&forced, &shown, &fields).status, 303);
    assert!(browser.get(&forced).body.contains("value=\"allow\""));
}

#[test]
fn callbacks_and_their_places_are_judged_as_x_does() {
    let place = Place::new();
    let ask = |nonce: &str, extra: &[(&str, &str)]| {
        let header = place.signed(BEGIN, Signing { token: None, extra, nonce });
        let reply = post(&place, BEGIN, Some(&header), &[]);
        (reply.status, reply.body)
    };
    let refused = (403, r#"{"errors":[{"code":415,"message":"Callback URL not approved for this client application. Approved callback URLs can be adjusted in your application settings"}]}"#.to_owned());
    assert_eq!(ask("1", &[("oauth_callback", "https://evil.example/")]), refused);
    assert_eq!(ask("2", &[("oauth_callback", &format!("{CALLBACK}/"))]), refused);
    assert_eq!(ask("3", &[]), (400, r#"{"errors":[{"code":215,"message":"Bad Authentication data."}]}"#.to_owned()));
    // The callback may stand in the query or in the form as well as in the header.
    let callback = [("oauth_callback", CALLBACK)];
    let header = place.signed(BEGIN, Signing { token: None, extra: &callback, nonce: "4" });
    let target = format!("{BEGIN}?oauth_callback={}", encode(CALLBACK));
    assert_eq!(post(&place, &target, Some(&header), &[]).status, 200, "in two places");
    let header = place.signed(BEGIN, Signing { token: None, extra: &callback, nonce: "5" });
    let bare = header.replace(&format!("oauth_callback=\"{}\", ", encode(CALLBACK)), "");
    assert_ne!(bare, header);
    assert_eq!(post(&place, BEGIN, Some(&bare), &callback).status, 200, "in the form");
    place.change(vec![AppChange::OAuth2(false), AppChange::Callbacks(vec!["oob".to_owned()])]);
    let (status, body) = ask("6", &[("oauth_callback", CALLBACK)]);
    assert_eq!((status, body.contains("\"code\":417")), (401, true), "{body}");
}

#[test]
fn requests_that_are_not_signed_rightly_get_nothing() {
    let place = Place::new();
    let callback = [("oauth_callback", CALLBACK)];
    let good = place.signed(BEGIN, Signing { token: None, extra: &callback, nonce: "1" });
    let code = |authorization: Option<&str>| {
        let reply = post(&place, BEGIN, authorization, &[]);
        (reply.status, reply.between("\"code\":", ",").unwrap_or_default().to_owned())
    };
    assert_eq!(code(None), (400, "215".to_owned()));
    let wrong = good.replace("oauth_nonce=\"1\"", "oauth_nonce=\"2\"");
    assert_eq!(code(Some(&wrong)), (401, "32".to_owned()));
    assert_eq!(post(&place, BEGIN, Some(&good), &[]).status, 200);
    assert_eq!(code(Some(&good)), (401, "32".to_owned()), "a replay");
    let late = place.signed(BEGIN, Signing { token: None, extra: &callback, nonce: "3" });
    place.pass(301_000);
    assert_eq!(code(Some(&late)), (401, "135".to_owned()));
}
