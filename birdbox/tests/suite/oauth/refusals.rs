//! Every sentence with which the endpoints refuse, as whole replies in one snapshot:
//! `tests/flows/refusals.snap`. Written anew like those of cases.

use std::fmt::Write as _;
use std::path::Path;

use model::{AppChange, Approval};

use super::browser::{Reply, code, exchange, post, with};
use super::place::{APP, CALLBACK, Place, Signing, basic};

const TOKEN: &str = "/2/oauth2/token";
const APP_ONLY: &str = "/oauth2/token";
const BEGIN: &str = "/oauth/request_token";

#[test]
fn refusals_are_as_they_are_written_down() {
    let mut text = String::new();
    for (name, reply) in all(&Place::new()) {
        _ = writeln!(text, "## {name}\n\n{}\n", reply.text);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/flows");
    insta::with_settings!({snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("refusals", text);
    });
}

fn all(place: &Place) -> Vec<(&'static str, Reply)> {
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
        ("app-only: no credentials", post(place, APP_ONLY, None, &[])),
        ("app-only: no grant type", post(place, APP_ONLY, Some(&app), &[])),
        ("app-only: another grant type", post(place, APP_ONLY, Some(&app), &[("grant_type", "password")])),
        ("token: no grant type", token(Some(&me), &[])),
        ("token: another grant type", token(Some(&me), &[("grant_type", "password")])),
        ("token: no client", token(None, &refresh)),
        ("token: an unknown client", token(None, &[refresh[0], refresh[1], ("client_id", "unknown")])),
        ("token: no secret", token(None, &[refresh[0], refresh[1], ("client_id", id)])),
        ("token: a parameter twice", token(Some(&me), &[refresh[0], refresh[1], refresh[1]])),
        ("token: an unknown code", exchanged("code", "unknown")),
        ("token: another address", exchanged("redirect_uri", "https://example.com/")),
        ("token: another verifier", exchanged("code_verifier", "aBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")),
        ("token: an unknown refresh token", token(Some(&me), &refresh)),
        ("token: GET", super::browser::send(place.server.address(), "GET", TOKEN, &[], "")),
        ("request token: not signed", post(place, BEGIN, None, &[])),
        ("request token: another callback", begin("3", &[("oauth_callback", "https://example.com/")])),
        ("access token: not authorized", post(place, "/oauth/access_token", Some(&end), &[])),
    ];
    place.change(vec![AppChange::OAuth2(false), AppChange::Callbacks(vec!["oob".to_owned()])]);
    all.push(("request token: a callback for a PIN", begin("4", &[("oauth_callback", CALLBACK)])));
    place.change(vec![AppChange::Callbacks(vec![CALLBACK.to_owned()]), AppChange::OAuth2(true)]);
    let store = &place.server.state().store;
    let account = store.identity().app(APP).unwrap().app.account;
    place.server.wait(store.identity().set_approval(account, Approval::Suspended)).unwrap();
    all.push(("token: a suspended account", token(Some(&me), &refresh)));
    all.push(("request token: a suspended account", begin("5", &[("oauth_callback", CALLBACK)])));
    all
}
