//! App-only bearer tokens.

use super::browser::post;
use super::place::{Place, Signing, basic, signature};

const TOKEN: &str = "/oauth2/token";
const INVALIDATE: &str = "/oauth2/invalidate_token";
const GRANT: [(&str, &str); 1] = [("grant_type", "client_credentials")];

#[test]
fn the_same_token_comes_until_it_is_ended() {
    let place = Place::set(&[]);
    let (key, secret) = place.consumer();
    let me = basic(key, secret);
    let get = || post(&place, TOKEN, Some(&me), &GRANT).member("access_token").unwrap();
    let first = get();
    assert_eq!((first.as_str(), get()), (place.server.bearer(), first.clone()));
    let reply = post(&place, TOKEN, Some(&me), &GRANT);
    assert_eq!(reply.body, format!("{{\"token_type\":\"bearer\",\"access_token\":\"{first}\"}}"));
    assert_eq!(reply.header("x-frame-options"), Some("DENY"));

    // As it stands, with its percent signs, and then encoded as a form wants it.
    let raw = format!("{INVALIDATE}?access_token={first}");
    let ended = post(&place, &raw, Some(&me), &[]);
    assert_eq!((ended.status, ended.body), (200, format!("{{\"access_token\":\"{first}\"}}")));
    assert!(!place.server.get("/2/users/12").contains("\"data\""));
    let second = get();
    assert_ne!(second, first);
    assert_eq!(post(&place, INVALIDATE, Some(&me), &[("access_token", &first)]).status, 403);
    assert_eq!(post(&place, INVALIDATE, Some(&me), &[("access_token", &second)]).status, 200);
}

#[test]
fn a_signature_of_the_app_ends_its_token_too() {
    let place = Place::set(&[]);
    let bearer = place.server.bearer();
    let host = place.server.address().to_string();
    let (token, secret) = place.keys.access_token.as_ref().unwrap();
    let signing = Signing { token: Some((token, secret)), extra: &[("access_token", bearer)], nonce: "1" };
    // A parameter in the header is signed like one in the query; here it stands in the query.
    let header = signature(INVALIDATE, &host, place.consumer(), place.now().unix_seconds(), signing);
    let header = header.replace(&format!("access_token=\"{}\", ", super::place::encode(bearer)), "");
    let target = format!("{INVALIDATE}?access_token={}", super::place::encode(bearer));
    let reply = post(&place, &target, Some(&header), &[]);
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[test]
fn refusals_have_the_words_of_x() {
    let place = Place::set(&[]);
    let (key, secret) = place.consumer();
    let me = basic(key, secret);
    let unknown =
        r#"{"errors":[{"code":99,"message":"Unable to verify your credentials","label":"authenticity_token_error"}]}"#;
    let other = basic(key, "other");
    let bearer = format!("Bearer {}", place.server.bearer());
    for authorization in [None, Some(&other), Some(&basic("other", secret)), Some(&bearer), Some(&"Basic ?".to_owned())]
    {
        let reply = post(&place, TOKEN, authorization.map(String::as_str), &GRANT);
        assert_eq!((reply.status, reply.body.as_str()), (403, unknown), "{authorization:?}");
    }
    let missing = post(&place, TOKEN, Some(&me), &[]);
    assert!(missing.status == 403 && missing.body.contains("Missing required parameter: grant_type"), "{missing:?}");
    let invalid = post(&place, TOKEN, Some(&me), &[("grant_type", "password")]);
    assert!(invalid.status == 400 && invalid.body.contains("password parameter is invalid"), "{invalid:?}");
    let nothing = post(&place, INVALIDATE, Some(&me), &[("access_token", "AAAA")]);
    assert_eq!((nothing.status, nothing.body.as_str()), (403, unknown));
}
