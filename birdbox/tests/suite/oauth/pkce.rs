//! OAuth 2.0 as it should go.

use model::AppChange;

use super::browser::{
    Browser, CHALLENGE, VERIFIER, authorize_parameters, authorize_target, code, exchange, post, send, with,
};
use super::place::{CALLBACK, Place, basic, joined};

const TOKEN: &str = "/2/oauth2/token";
const REVOKE: &str = "/2/oauth2/revoke";

fn works(place: &Place, token: &str) -> bool {
    let header = format!("Bearer {token}");
    send(place.server.address(), "GET", "/2/users/12", &[("Authorization", &header)], "").status == 200
}

#[test]
fn a_confidential_client_gets_refreshes_and_revokes_tokens() {
    let place = Place::new();
    let (id, secret) = place.client();
    let me = basic(id, secret);
    let target = authorize_target(&authorize_parameters(&place));
    let back = Browser::new(&place).allow(&place, &target);
    let address = back.header("location").unwrap();
    assert!(address.starts_with(&format!("{CALLBACK}?state=my%20state&code=")), "{address}");
    let reply = post(&place, TOKEN, Some(&me), &exchange(&back.led_with("code").unwrap()));
    let (access, refresh) = (reply.member("access_token").unwrap(), reply.member("refresh_token").unwrap());
    let body = format!(
        r#"{{"token_type":"bearer","expires_in":7200,"access_token":"{access}","scope":"users.read tweet.read offline.access","refresh_token":"{refresh}"}}"#
    );
    assert_eq!((reply.status, reply.body), (200, body));
    assert!(works(&place, &access));

    let again = post(&place, TOKEN, Some(&me), &[("grant_type", "refresh_token"), ("refresh_token", &refresh)]);
    let (second, next) = (again.member("access_token").unwrap(), again.member("refresh_token").unwrap());
    assert!(second != access && next != refresh && works(&place, &access) && works(&place, &second));

    let revoked = post(&place, REVOKE, Some(&me), &[("token", &second), ("token_type_hint", "access_token")]);
    assert_eq!((revoked.status, revoked.body.as_str()), (200, r#"{"revoked":true}"#));
    assert!(!works(&place, &second) && works(&place, &access));
    // A refresh token takes its whole family along; and nobody is told what was unknown.
    assert_eq!(post(&place, REVOKE, Some(&me), &[("token", &next)]).status, 200);
    assert_eq!(post(&place, REVOKE, Some(&me), &[("token", &next)]).body, r#"{"revoked":true}"#);
    assert!(!works(&place, &access));
}

#[test]
fn a_public_client_shows_its_id_alone_also_in_the_query() {
    let place = Place::new();
    place.make_public();
    let (id, _) = place.client();
    let code = code(&place);
    let parameters = [exchange(&code), vec![("client_id", id)]].concat();
    let reply = post(&place, &format!("{TOKEN}?{}", joined(&parameters)), None, &[]);
    let refresh = reply.member("refresh_token").unwrap();
    let parameters = [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("client_id", id)];
    let reply = post(&place, TOKEN, None, &parameters);
    let access = reply.member("access_token").unwrap();
    let query = joined(&[("token", &access), ("client_id", id), ("token_type_hint", "access_token")]);
    assert_eq!(post(&place, &format!("{REVOKE}?{query}"), None, &[]).status, 200);
    assert!(!works(&place, &access));
}

#[test]
fn both_methods_of_challenge_are_taken_in_any_case() {
    let place = Place::new();
    let (id, secret) = place.client();
    let me = basic(id, secret);
    for (method, challenge, verifier) in [
        ("s256", CHALLENGE, VERIFIER),
        ("S256", CHALLENGE, VERIFIER),
        ("plain", VERIFIER, VERIFIER),
        ("plain", "challenge", "challenge"),
    ] {
        let mut parameters = authorize_parameters(&place);
        parameters.truncate(5);
        parameters.extend([("code_challenge", challenge), ("code_challenge_method", method)]);
        let target = authorize_target(&parameters).replace("/i/", "/2/");
        let back = Browser::new(&place).allow(&place, &target);
        let code = back.led_with("code").unwrap();
        let reply = post(&place, TOKEN, Some(&me), &with(exchange(&code), &[("code_verifier", verifier)]));
        assert_eq!(reply.status, 200, "{method}: {reply:?}");
    }
}

#[test]
fn without_offline_access_there_is_no_refresh_token() {
    let place = Place::new();
    let (id, secret) = place.client();
    let parameters = with(authorize_parameters(&place), &[("scope", "tweet.read users.read")]);
    let back = Browser::new(&place).allow(&place, &authorize_target(&parameters));
    let reply = post(&place, TOKEN, Some(&basic(id, secret)), &exchange(&back.led_with("code").unwrap()));
    assert_eq!((reply.status, reply.member("refresh_token")), (200, None));
    assert!(reply.body.contains(r#""scope":"users.read tweet.read""#), "{}", reply.body);
    let token = reply.member("access_token").unwrap();
    place.pass(7_199_000);
    assert!(works(&place, &token));
    place.pass(1000);
    assert!(!works(&place, &token));
}

#[test]
fn a_user_who_refuses_goes_back_with_access_denied() {
    let place = Place::new();
    let target = authorize_target(&authorize_parameters(&place));
    let mut browser = Browser::new(&place);
    let page = browser.sign_in(&place, &target);
    let back = browser.submit(&target, &page, &[("step", "deny")]);
    let expected = format!("{CALLBACK}?error=access_denied&state=my%20state");
    assert_eq!((back.status, back.header("location")), (302, Some(expected.as_str())));
}

#[test]
fn used_codes_revoke_what_they_gave_and_used_refresh_tokens_their_family() {
    let place = Place::new();
    let (id, secret) = place.client();
    let me = basic(id, secret);
    let first = code(&place);
    let access = post(&place, TOKEN, Some(&me), &exchange(&first)).member("access_token").unwrap();
    assert!(works(&place, &access));
    assert_eq!(post(&place, TOKEN, Some(&me), &exchange(&first)).status, 400);
    assert!(!works(&place, &access));

    let second = code(&place);
    let reply = post(&place, TOKEN, Some(&me), &exchange(&second));
    let refresh = reply.member("refresh_token").unwrap();
    let grant = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    let newer = post(&place, TOKEN, Some(&me), &grant).member("access_token").unwrap();
    assert!(works(&place, &newer));
    assert_eq!(post(&place, TOKEN, Some(&me), &grant).status, 400);
    assert!(!works(&place, &newer) && !works(&place, &reply.member("access_token").unwrap()));
}

#[test]
fn of_parallel_refreshes_exactly_one_wins() {
    let place = Place::new();
    let (id, secret) = place.client();
    let me = basic(id, secret);
    for _ in 0..5 {
        let code = code(&place);
        let refresh = post(&place, TOKEN, Some(&me), &exchange(&code)).member("refresh_token").unwrap();
        let grant = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
        let replies: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(|| post(&place, TOKEN, Some(&me), &grant))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
        assert!(replies.iter().all(|reply| matches!(reply.status, 200 | 400)));
    }
}

#[test]
fn access_tokens_are_refused_while_oauth2_is_off() {
    let place = Place::new();
    let (id, secret) = place.client();
    let reply = post(&place, TOKEN, Some(&basic(id, secret)), &exchange(&code(&place)));
    let access = reply.member("access_token").unwrap();
    place.change(vec![AppChange::OAuth2(false)]);
    assert!(!works(&place, &access));
    let state = place.server.state();
    let why = birdbox::explain::explain(state, &state.refusals.find(None).unwrap());
    assert!(why.reason.contains("App 1, whose OAuth 2.0 is off"), "{why:?}");
    place.change(vec![AppChange::OAuth2(true)]);
    assert!(works(&place, &access));
}
