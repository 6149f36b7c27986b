//! What clients sent, as the portal and `birdbox requests` show it.

use birdbox::requests::{Query, run};

use super::house::House;
use crate::oauth::browser::{FORM, send};
use crate::oauth::place::Signing;

const TARGET: &str = "/2/users/2244994945?user.fields=created_at";

#[test]
fn a_request_is_listed_and_shown_in_full_with_a_link_that_sends_it_again() {
    let house = House::new();
    let own = house.things("Own");
    let bearer = house.bearer(own.app);
    assert_eq!(house.ask(TARGET, &bearer).status, 200);
    let mut developer = house.by_link(Some(own.account));
    let list = developer.get("/portal/requests");
    for part in ["GET <bdi>/2/users/2244994945?user.fields=created_at", "getUsersById", "reader", ">200<"] {
        assert!(list.body.contains(part), "{part}: {list:?}");
    }
    let number = list.between("href=\"/portal/requests/", "\"").unwrap();
    let page = developer.get(&format!("/portal/requests/{number}"));
    let replay = "/portal/explorer/getUsersById?auth=app&#38;p.id=2244994945&#38;p.user.fields=created_at\"";
    for part in [replay, "OAuth 2.0 Application-Only", "x-request-id", "2026-06-15 12:00:00 UTC"] {
        assert!(page.body.contains(part), "{part}: {page:?}");
    }
    assert!(!page.body.contains(&bearer) && !page.body.contains("Why it was refused"), "{page:?}");
}

#[test]
fn a_refused_request_says_why_in_the_words_of_explain() {
    let house = House::new();
    let place = &house.place;
    let signing = Signing { nonce: "n1", ..Signing::default() };
    let header = place.signed("/2/users/2244994945", signing);
    let reply = house.nobody().request("GET", "/2/users/2244994945", &[("Authorization", &header)]);
    assert_eq!(reply.status, 401);
    let mut owner = house.owner();
    let list = owner.get("/portal/requests?status=401");
    let number = list.between("href=\"/portal/requests/", "\"").unwrap().to_owned();
    let page = owner.get(&format!("/portal/requests/{number}"));
    let state = place.server.state();
    let noted = state.refusals.find(None).unwrap();
    let explanation = birdbox::explain::explain(state, &noted);
    assert!(page.body.contains("Why it was refused"), "{page:?}");
    let escaped = explanation.reason.replace('\'', "&#39;").replace('"', "&#34;");
    assert!(page.body.contains(&escaped), "{}: {page:?}", explanation.reason);
    assert!(list.body.contains("Birdbox sample"), "the App that it says to be of: {list:?}");
}

#[test]
fn requests_are_filtered_by_app_operation_status_and_path() {
    let house = House::new();
    let (own, other) = (house.things("Own"), house.things("Other"));
    let (mine, theirs) = (house.bearer(own.app), house.bearer(other.app));
    house.ask("/2/users/2244994945", &mine);
    house.ask("/2/users?ids=1&bad=1", &mine);
    house.ask("/2/users/by/username/TwitterDev", &theirs);
    let mut owner = house.owner();
    for wrong in ["abc", "-1", "01"] {
        assert_eq!(owner.get(&format!("/portal/requests?below={wrong}")).status, 404, "{wrong}");
    }
    let mut count = |query: &str| owner.get(&format!("/portal/requests{query}")).body.matches("id=\"request-").count();
    let (own_app, other_app) = (format!("?app={}", own.app), format!("?app={}", other.app));
    for (query, expected) in [
        ("", 3),
        (own_app.as_str(), 2),
        (other_app.as_str(), 1),
        ("?app=999", 0),
        ("?operation=getUsersByIds", 1),
        ("?status=4xx", 1),
        ("?status=2xx", 2),
        ("?path=by%2Fusername", 1),
        ("?path=ids%3D1", 1),
        ("?status=2xx&operation=getUsersById", 1),
        ("?below=2", 1),
        ("?live=1&status=4xx", 1),
    ] {
        assert_eq!(count(query), expected, "{query}");
    }
    for wrong in ["?app=x", "?status=9xx", "?operation=nothing"] {
        let reply = owner.get(&format!("/portal/requests{wrong}"));
        assert!(reply.status == 422 && reply.body.contains("role=\"alert\""), "{wrong}: {reply:?}");
    }
    let live = owner.get("/portal/requests?live=1&status=4xx");
    assert!(live.body.contains("hx-get=\"/portal/requests?status=4xx&#38;live=1\""), "{live:?}");
    assert!(live.body.contains("href=\"/portal/requests?status=4xx\">Pause"), "{live:?}");

    let mut developer = house.by_link(Some(own.account));
    assert_eq!(developer.get("/portal/requests").body.matches("id=\"request-").count(), 2);
    assert_eq!(developer.get(&format!("/portal/requests{other_app}")).status, 404);
    let query = Query { app: Some(other.app.get()), limit: 9, ..Query::default() };
    let shown = run(Some(&house.place.server.state().requests), &query).unwrap();
    assert_eq!(shown.requests.first().unwrap().operation.as_deref(), Some("getUsersByUsername"));
}

/// The latest request that is kept: its number, its path and the parameters of its query.
fn latest(house: &House) -> (u64, String, Vec<(String, String)>) {
    let (found, _) = house.place.server.state().requests.find(None, 1, |_| true);
    let latest = found.first().unwrap();
    let (path, query) = latest.target.split_once('?').unwrap_or((&latest.target, ""));
    let mut pairs = xapi::lossy_pairs(query.as_bytes());
    // Of different names any order means the same.
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    (latest.number, path.to_owned(), pairs)
}

#[test]
fn what_the_explorer_sends_again_is_what_was_sent() {
    let house = House::new();
    let own = house.things("Own");
    let bearer = house.bearer(own.app);
    let mut developer = house.by_link(Some(own.account));
    let app = own.app.to_string();
    for target in [
        "/2/users?ids=2244994945,783214&user.fields=created_at,name",
        "/2/users?ids=2244994945,%20783214",
        "/2/users?ids=12&expansions=pinned_tweet_id&ids=13",
        "/2/users?ids=12&user.fields=&tweet.fields",
        "/2/users?colour=red&ids=12&post.fields=id&flag&colour=blue%26green",
        "/2/users?ids=%zz&user.fields=%ff",
        "/2/users/by/username/%20a%2Bb%20?user.fields=created_at",
        "/2/users/2244994945/followers?max_results=%205&max_results=05",
        "/1.1/users/show.json?screen_name=+TwitterDev&include_entities=maybe",
        "/1.1/users/lookup.json?user_id=12,,13",
    ] {
        house.ask(target, &bearer);
        let sent = latest(&house);
        let page = developer.get(&format!("/portal/requests/{}", sent.0));
        let link =
            page.between("class=\"button primary\" href=\"", "\"").unwrap_or_else(|| panic!("{target}: {page:?}"));
        let link = link.replace("&#38;", "&");
        assert_eq!(developer.get(&link).status, 200, "{link}");
        let (form, filled) = link.split_once('?').unwrap();
        let filled = xapi::pairs(filled).unwrap();
        let fields: Vec<_> = filled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let page = developer.post_own(form, &[&fields[..], &[("app", &app)]].concat());
        assert_eq!(page.status, 200, "{target}: {page:?}");
        let again = latest(&house);
        assert!(again.0 > sent.0);
        assert_eq!((again.1, again.2), (sent.1, sent.2), "{target}");
    }
}

#[test]
fn what_the_explorer_cannot_send_again_as_it_was_has_no_link_to_it() {
    let house = House::new();
    let own = house.things("Own");
    let authorization = format!("Bearer {}", house.bearer(own.app));
    let headers = [FORM, ("Authorization", authorization.as_str())];
    let address = house.place.server.address();
    let long = "%0A".repeat(1200);
    for (method, target, body) in [
        ("POST", "/1.1/friendships/create.json", "screen_name=&follow=true"),
        ("GET", &*format!("/2/users?x={}", "y.".repeat(2500)), ""),
        ("GET", &*format!("/2/users?x={long}&y={long}"), ""),
    ] {
        send(address, method, target, &headers, body);
        let page = house.owner().get(&format!("/portal/requests/{}", latest(&house).0));
        assert!(page.body.contains("The explorer cannot send it again as it was"), "{target}: {page:?}");
        assert!(!page.body.contains("Send it again"), "{target}");
    }
}

#[test]
fn no_credential_is_kept_of_a_request() {
    let house = House::new();
    let own = house.things("Own");
    let address = house.place.server.address();
    let secrets = ["SECRETTOKEN", "SECRETSIGNATURE", "SECRETCODE", "SECRETPASSWORD", "SECRETVERIFIER"];
    let query = "oauth_token=SECRETTOKEN&oauth_signature=SECRETSIGNATURE&%63ode=SECRETCODE&password=SECRETPASSWORD";
    house.ask(&format!("/2/users/2244994945?{query}"), &house.bearer(own.app));
    send(address, "POST", &format!("/2/oauth2/token?{query}"), &[FORM], "code_verifier=SECRETVERIFIER&client_id=x");
    send(address, "GET", "/nothing?access_token=SECRETTOKEN", &[("Authorization", "Bearer SECRETTOKEN")], "");
    let kept = format!("{:?}", house.place.server.state().requests.find(None, 9, |_| true));
    assert!(kept.contains("/nothing") && kept.contains("/2/oauth2/token"), "{kept}");
    assert!(!secrets.iter().any(|secret| kept.contains(secret)), "{kept}");
    let mut owner = house.owner();
    for number in 1..=3 {
        let page = owner.get(&format!("/portal/requests/{number}"));
        assert!(page.status == 200 && !secrets.iter().any(|secret| page.body.contains(secret)), "{page:?}");
    }
}

#[test]
fn as_many_requests_are_kept_as_is_said_and_none_with_0() {
    let house = House::set(&[("portal", "requests", "3")]);
    for number in 0..5 {
        send(house.place.server.address(), "GET", &format!("/{number}"), &[], "");
    }
    let requests = &house.place.server.state().requests;
    let (found, more) = requests.find(None, 9, |_| true);
    let targets: Vec<_> = found.iter().map(|logged| (logged.number, logged.target.as_str())).collect();
    assert_eq!((targets, more), (vec![(5, "/4"), (4, "/3"), (3, "/2")], false));
    assert!(requests.get(2).is_none() && requests.get(3).is_some() && requests.get(6).is_none());
    assert_eq!(house.owner().get("/portal/requests/2").status, 404);

    let house = House::set(&[("portal", "requests", "0")]);
    send(house.place.server.address(), "GET", "/x", &[], "");
    let page = house.owner().get("/portal/requests");
    assert!(page.status == 200 && page.body.contains("keeps no requests"), "{page:?}");
}

#[test]
fn what_clients_send_is_text_on_every_page() {
    let house = House::new();
    let own = house.things("<b>Own");
    let bearer = house.bearer(own.app);
    let long = "x".repeat(8000);
    for target in ["/2/users/1?<script>alert(1)</script>", "/%3Cscript%3E", "/\"><img>", &format!("/2/users/{long}")] {
        house.ask(target, &bearer);
    }
    let mut owner = house.owner();
    let (found, _) = house.place.server.state().requests.find(None, 9, |_| true);
    assert!(found.len() >= 2, "the rest is refused at the door: {}", found.len());
    let paths = found.iter().map(|logged| format!("/portal/requests/{}", logged.number));
    for path in paths.chain(["/portal/requests".to_owned(), "/portal/requests?path=%3Cscript%3E&app=%22%3E".to_owned()])
    {
        let page = owner.get(&path);
        assert!(!page.body.contains("<script>") && !page.body.contains("<img") && page.body.len() < 60_000, "{page:?}");
    }
}
