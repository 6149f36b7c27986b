//! The reference: every operation has its page, every link leads somewhere, and every error that a
//! link promises comes.

use std::collections::BTreeSet;

use birdbox::portal::ROUTES;
use http::Method;
use model::{Conflict, Observation, User, UserId, UserMembers, Username};
use xapi::guide::errors::{self, Made};
use xapi::guide::{self, OWNER};
use xapi::operation::OPERATIONS;
use xapi::{Authentication, Operation};

use super::house::House;
use crate::oauth::browser::{Browser, Reply, send};
use crate::oauth::place::Signing;

/// What a page leads to, as a browser reads it.
fn links(page: &Reply) -> BTreeSet<String> {
    let links = page.body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    links.map(|link| link.replace("&#38;", "&").replace("&amp;", "&")).collect()
}

/// Whether a path belongs to a row of the portal, or to a document.
fn is_known(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |pattern: &str| {
        let words: Vec<&str> = pattern.split('/').collect();
        words.len() == parts.len() && words.iter().zip(&parts).all(|(word, part)| word == part || word.starts_with('{'))
    };
    ["/openapi.json", "/2/openapi.json", "/metrics"].contains(&path)
        || ROUTES.iter().any(|row| row.method == Method::GET && fits(row.path))
}

/// Looks at each link of a page: those into the explorer name an operation and inputs that it has, all
/// others are there.
fn check_links(nobody: &mut Browser, page: &Reply, seen: &mut BTreeSet<String>) {
    for link in links(page) {
        let (path, query) = link.split_once('?').unwrap_or((&link, ""));
        if let Some(name) = path.strip_prefix("/portal/explorer/") {
            let operation = Operation::named(name).unwrap_or_else(|| panic!("{link}"));
            for (name, _) in xapi::pairs(query).unwrap() {
                let input =
                    name.strip_prefix("p.").filter(|name| xapi::inputs(operation).iter().any(|it| it.name == *name));
                assert!(name == "auth" || input.is_some(), "{link} has {name}");
            }
            continue;
        }
        let (path, anchor) = path.split_once('#').unwrap_or((path, ""));
        if !path.starts_with('/') {
            continue;
        }
        assert!(is_known(path), "{link}");
        if path.starts_with("/portal/reference") && seen.insert(link.clone()) {
            let reply = nobody.get(path);
            assert_eq!(reply.status, 200, "{link}");
            assert!(anchor.is_empty() || reply.body.contains(&format!("id=\"{anchor}\"")), "{link}");
        }
    }
}

#[test]
fn every_operation_has_a_page_with_all_its_inputs_words_and_buttons_and_no_dead_link() {
    let house = House::new();
    let mut nobody = house.nobody();
    let list = nobody.get("/portal/reference");
    let mut seen = BTreeSet::new();
    check_links(&mut nobody, &list, &mut seen);
    for row in OPERATIONS {
        let name = row.name;
        assert!(list.body.contains(&format!("\"/portal/reference/{name}\"")), "{name} is not in the list");
        let page = nobody.get(&format!("/portal/reference/{name}"));
        assert_eq!(page.status, 200, "{name}");
        assert!(page.body.len() < 64 << 10, "{name} has {} bytes", page.body.len());
        for input in xapi::inputs(row) {
            assert!(page.body.contains(&format!("id=\"parameter-{}\"", input.name)), "{name} {}", input.name);
            for (word, _) in input.members() {
                assert!(page.body.contains(&format!("<code>{word}</code>")), "{name} {word}");
            }
        }
        for kind in row.access.authentication {
            assert!(page.body.contains(kind.name()), "{name}");
        }
        for button in ["Run in Postman", "Try a live request", "Build request with the explorer"] {
            assert!(page.body.contains(button), "{name}: {button}");
        }
        check_links(&mut nobody, &page, &mut seen);
    }
    let errors = nobody.get("/portal/reference/errors");
    assert_eq!(errors.status, 200);
    assert!(errors.body.len() < 96 << 10, "{} bytes", errors.body.len());
    check_links(&mut nobody, &errors, &mut seen);
}

#[test]
fn examples_are_answered_by_this_server_as_whoever_calls_is_answered() {
    let house = House::new();
    let mut nobody = house.nobody();
    for row in OPERATIONS {
        let page = nobody.get(&format!("/portal/reference/{}", row.name));
        let is_shown = page.body.contains("Reply of this server: 200");
        assert_eq!(is_shown, !row.access.writes, "{}: {}", row.name, page.body);
    }
    let page = nobody.get("/portal/reference/getUsersById");
    let shown = page.between("aria-label=\"The reply\"><code>", "</code>").unwrap();
    let marks = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    let shown = marks.iter().fold(shown.to_owned(), |text, (mark, sign)| text.replace(mark, sign));
    let operation = Operation::named("getUsersById").unwrap();
    let (target, _) = guide::request(operation, guide::example(operation), "");
    let real: serde_json::Value = serde_json::from_str(&house.place.server.get(&target)).unwrap();
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown, real);
}

#[test]
fn showing_examples_changes_nothing_counts_nothing_and_names_no_key() {
    let house = House::new();
    let mut nobody = house.nobody();
    let before = (house.place.server.store().stats().follows, house.place.server.get("/2/users/2244994945"));
    house.place.server.set_balance(Some(0));
    let state = house.place.server.state();
    let logged = || state.requests.find(None, 1000, |_| true).0.len();
    let sent = logged();
    for row in OPERATIONS {
        let page = nobody.get(&format!("/portal/reference/{}", row.name));
        let secrets = [house.place.server.bearer(), house.place.server.tweet_binder()];
        assert!(secrets.iter().all(|secret| !page.body.contains(secret)), "{}", row.name);
        assert!(!page.body.contains(&house.place.keys.consumer.as_ref().unwrap().0), "{}", row.name);
        assert!(row.access.writes || page.body.contains("Reply of this server: 200"), "{} costs nothing", row.name);
    }
    assert_eq!(logged(), sent, "no client sent any of them");
    let after = (house.place.server.store().stats().follows, house.place.server.get("/2/users/2244994945"));
    assert_eq!(before, after);
}

#[test]
fn what_others_than_the_sample_do_is_shown_to_those_alone_who_are_known() {
    let house = House::new();
    let page = "/portal/reference/getUsersFollowers";
    assert!(house.nobody().get(page).body.contains("Reply of this server: 200"));
    let somebody = |number: u64| {
        let id = UserId::new(950_000 + number);
        Observation::User(Box::new(User::new(id, Username::derived(id, 0), "Somebody")), UserMembers::ALL)
    };
    let others = (0..500).map(somebody).collect();
    house.place.server.wait(house.place.server.store().import(others, Conflict::Newer)).unwrap();
    let shown = house.nobody().get(page);
    assert!(!shown.body.contains("Reply of this server") && shown.body.contains("sign in to see"), "{shown:?}");
    assert!(house.owner().get(page).body.contains("Reply of this server: 200"));
}

#[test]
fn without_the_sample_nothing_of_the_data_is_shown() {
    let house = House::set(&[("store", "sample", "none")]);
    let page = house.nobody().get("/portal/reference/getUsersById");
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("Reply of this server") && page.body.contains("was started without it"), "{page:?}");
}

#[test]
fn what_is_looked_for_is_found_without_a_script() {
    let house = House::new();
    let mut nobody = house.nobody();
    let found = nobody.get("/portal/reference?q=V1.1+follow");
    assert!(found.body.contains("v1FriendshipsCreate") && !found.body.contains("getUsersMe"), "{found:?}");
    let nothing = nobody.get("/portal/reference?q=%3Cscript%3Ealert%3C/script%3E");
    assert!(nothing.body.contains("&#60;script&#62;alert") && !nothing.body.contains("<script>"), "{nothing:?}");
    let errors = nobody.get("/portal/reference/errors?q=code+50");
    assert!(errors.body.contains("id=\"v1-50\"") && !errors.body.contains("id=\"bad-id\""), "{errors:?}");
    assert_eq!(nobody.get("/portal/reference/getNothing").status, 404);
}

#[test]
fn downloads_hold_no_secret_and_go_to_the_address_that_was_called() {
    let house = House::new();
    let mut owner = house.owner();
    let address = house.place.server.address();
    for file in ["X-API-v2.postman_collection.json", "X-API-v2.postman_environment.json"] {
        let reply = owner.get(&format!("/portal/downloads/{file}"));
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
        assert!(reply.header("content-disposition").is_some_and(|value| value.starts_with("attachment; ")));
        assert!(reply.body.contains(&format!("http://{address}")), "{file}");
        assert!(!reply.body.contains(house.place.server.bearer()), "{file}");
        serde_json::from_str::<serde_json::Value>(&reply.body).unwrap();
    }
    assert_eq!(owner.get("/portal/downloads/other.json").status, 404);
    let document = owner.get("/2/openapi.json");
    assert!(document.status == 200 && document.body.contains("Get2UsersIdResponse"));
    assert!(document.body.contains(&format!("http://{address}")));
}

/// The `Authorization` of a kind of credentials, for a request; a user's are for a POST.
fn authorization(house: &House, by: Authentication, target: &str, form: Option<&str>, nonce: &str) -> String {
    match by {
        Authentication::AppOnly => format!("Bearer {}", house.place.server.bearer()),
        Authentication::TweetBinder => format!("Bearer {}", house.place.server.tweet_binder()),
        Authentication::OAuth1User | Authentication::OAuth2User => {
            let token = house.place.keys.access_token.as_ref().map(|(token, secret)| (token.as_str(), secret.as_str()));
            let signing = Signing { token, extra: &[], nonce };
            match form {
                Some(form) => house.place.signed_with(form, target, signing),
                None => house.place.signed(target, signing),
            }
        }
    }
}

#[test]
fn each_request_of_the_catalogue_brings_its_error_about() {
    let house = House::new();
    let mut asked = 0;
    for row in errors::rows() {
        let (Made::By(_, by, values), Some(operation)) = (row.made, row.operation()) else { continue };
        asked += 1;
        let (target, body) = guide::request(operation, values, "/tweetbinder");
        let method = operation.method.name();
        let (kind, text) = body.unwrap_or_default();
        let form = Some(text.as_str()).filter(|_| kind.contains("form"));
        let authorization = authorization(&house, by, &target, form, row.slug);
        let headers = [("Authorization", authorization.as_str()), ("Content-Type", kind)];
        let headers = &headers[..if kind.is_empty() { 1 } else { 2 }];
        let reply = send(house.place.server.address(), method, &target, headers, &text);
        assert_eq!(reply.status, row.status, "{}: {reply:?}", row.slug);
        assert!(reply.body.contains(&row.body()), "{}: {} is not in {}", row.slug, row.body(), reply.body);
    }
    assert!(asked > 25, "{asked}");
    assert_eq!(house.place.user_id().get(), OWNER);
}
