//! Users of the directory in the portal: signing in, signing up, and their Apps.

use birdbox::explain::explain;
use model::{AccountId, Approval};
use store::NewApp;

use super::house::{House, made_id};
use crate::oauth::browser::{Browser, Reply, authorize_parameters, authorize_target};
use crate::oauth::place::{PASSWORD, Place};

#[test]
fn whoever_signs_up_waits_until_the_owner_approves() {
    let house = House::new();
    let mut user = house.user("TwitterDev");
    assert_eq!(user.get("/portal/projects").status, 403);
    let reply = user.post_own("/portal/sign-up", &[("name", "Birds & Co")]);
    assert_eq!((reply.status, reply.header("location")), (303, Some("/portal?done=signed-up")));
    let page = user.get("/portal");
    assert!(page.body.contains("Your developer account is pending"), "{page:?}");
    let project = user.post_own("/portal/projects/new", &[("name", "One")]);
    assert_eq!(project.status, 303, "a Project has no keys: {project:?}");
    let again = user.post_own("/portal/sign-up", &[("name", "Another")]);
    assert_eq!(again.header("location"), Some("/portal/projects?done=known"), "{again:?}");
    let page = user.get("/portal/projects?done=known");
    assert!(page.body.contains("You have a developer account already"), "{page:?}");
    assert!(!page.body.contains("/portal/apps/new"), "what cannot be done is not offered: {page:?}");
    assert_eq!(user.get("/portal/apps/new").status, 403);
    let app = [("name", "reader"), ("project", ""), ("permissions", "read"), ("type", "")];
    let refused = user.post_own("/portal/apps/new", &app);
    assert!(refused.status == 403 && refused.body.contains("is not approved"), "{refused:?}");

    let mut owner = house.owner();
    let page = owner.get("/portal/accounts");
    assert!(page.body.contains("Birds &#38; Co") && page.body.contains("@TwitterDev"), "{page:?}");
    let account = AccountId::new(2);
    let target = format!("/portal/accounts/{account}");
    assert_eq!(owner.post_own(&target, &[("approval", "approved")]).status, 303);
    assert!(!user.get("/portal").body.contains("pending"));
    assert_eq!(user.post_own("/portal/apps/new", &app).status, 200);
    assert_eq!(owner.post_own(&target, &[("approval", "suspended")]).status, 303);
    assert!(user.get("/portal").body.contains("Your developer account is suspended"));
    assert_eq!(user.post_own("/portal/apps/new", &app).status, 403);
    assert_eq!(owner.post_own(&target, &[("approval", "pending")]).status, 409, "nobody is made to wait again");
}

#[test]
fn approval_is_automatic_where_the_configuration_says_so() {
    let house = House::set(&[("portal", "approval", "automatic")]);
    let mut user = house.user("TwitterDev");
    assert!(user.get("/portal/sign-up").body.contains("approved at once"));
    user.post_own("/portal/sign-up", &[("name", "Birds")]);
    let account = house.place.server.identity().accounts().unwrap().pop().unwrap();
    assert_eq!((account.name.as_str(), account.approval), ("Birds", Approval::Approved));
    // Who has an account makes no second one.
    assert_eq!(user.get("/portal/sign-up").header("location"), Some("/portal/projects?done=known"));
    user.post_own("/portal/sign-up", &[("name", "More")]);
    assert_eq!(house.place.server.identity().accounts().unwrap().len(), 2);
}

#[test]
fn a_user_who_is_signed_in_beside_a_link_sees_both_and_can_sign_up() {
    let house = House::new();
    let own = house.things("Own");
    let mut browser = house.by_link(Some(own.account));
    let name = |browser: &mut Browser| browser.get("/portal").between("<span class=\"name\">", "<").unwrap().to_owned();
    assert_eq!(name(&mut browser), format!("Account {}", own.account));
    assert_eq!(browser.post_own("/portal/sign-in", &[("username", "TwitterDev")]).status, 303);
    assert_eq!(name(&mut browser), format!("Account {} as @TwitterDev", own.account));
    assert_eq!(browser.get("/portal/sign-up").status, 200);
    let reply = browser.post_own("/portal/sign-up", &[("name", "Birds")]);
    assert_eq!(reply.header("location"), Some("/portal?done=signed-up"));
    let developers = house.place.server.identity().developers().unwrap();
    assert!(matches!(&developers[..], [developer] if developer.account != own.account), "{developers:?}");
    for reply in [browser.get("/portal/sign-up"), browser.post_own("/portal/sign-up", &[("name", "Birds")])] {
        assert_eq!(reply.header("location"), Some("/portal/projects?done=known"), "one account is enough");
    }
    assert_eq!(name(&mut house.user("TwitterDev")), "@TwitterDev");
    assert_eq!(name(&mut house.owner()), "Owner");
}

#[test]
fn a_password_lets_in_and_a_wrong_one_keeps_what_was_typed() {
    let place = Place::new();
    let mut browser = Browser::new(&place);
    let wrong = [("username", place.username()), ("password", "wrong"), ("next", "/portal/authorizations")];
    let reply = browser.post_own("/portal/sign-in", &wrong);
    assert_eq!(reply.status, 403);
    assert!(reply.body.contains("The username or the password is wrong.") && !reply.body.contains("\"wrong\" type"));
    assert!(reply.body.contains(&format!("value=\"{}\"", place.username())), "{reply:?}");
    assert!(reply.body.contains("value=\"/portal/authorizations\""), "{reply:?}");
    let right = [("username", place.username()), ("password", PASSWORD), ("next", "/portal/authorizations")];
    let reply = browser.post_own("/portal/sign-in", &right);
    assert_eq!(reply.header("location"), Some("/portal/authorizations"));
    assert_eq!(browser.get("/portal/authorizations").status, 200);
}

#[test]
fn whoever_runs_the_server_learns_why_nobody_signs_in_to_the_portal() {
    let place = Place::new();
    let state = place.server.state();
    for (username, expected) in [
        ("nobody_at_all", "No active account"),
        ("TwitterDev", "has no password"),
        (place.username(), "another password"),
    ] {
        let reply = Browser::new(&place).post_own("/portal/sign-in", &[("username", username), ("password", "wrong")]);
        assert_eq!((reply.status, reply.header("retry-after")), (403, None), "{username}");
        let explanation = explain(state, &state.refusals.find(None).unwrap());
        assert!(explanation.reason.contains(expected), "{username}: {}", explanation.reason);
        assert_eq!(explanation.operation.as_deref(), Some("portalDoSignIn"));
    }
}

#[test]
fn whoever_signs_in_while_too_many_do_is_told_when_to_try_again() {
    let place = Place::new();
    let replies = std::thread::scope(|scope| {
        let send = |mut browser: Browser, number| {
            let username = format!("nobody_{number}");
            browser.post_own("/portal/sign-in", &[("username", &username), ("password", "wrong")])
        };
        let browsers = (0..32).map(|number| (number, Browser::new(&place)));
        let threads: Vec<_> = browsers.map(|(number, browser)| scope.spawn(move || send(browser, number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    let told = |reply: &&Reply| reply.body.contains("Too many people sign in at this moment");
    assert!(replies.iter().any(|reply| told(&reply)), "{replies:?}");
    for reply in replies.iter().filter(told) {
        assert_eq!((reply.status, reply.header("retry-after")), (429, Some("1")), "{reply:?}");
    }
}

#[test]
fn signing_in_leads_to_no_other_place_than_the_portal() {
    let house = House::new();
    for next in [
        "https://example.com/",
        "//example.com",
        "/\\example.com",
        "\\\\example.com",
        "/%2Fexample.com",
        "%2F%2Fexample.com",
        "/portal@example.com",
        "//example.com/portal?x=/portal",
        "?next=/portal/accounts",
        "/2/users",
        "/2/users?x=/portal",
        "/portal/sign-out",
        "/portal/../2",
        "",
        "/portal\r\nx: y",
        "/portal/requests?path=\r\nx: y",
    ] {
        let reply = house.nobody().post_own("/portal/sign-in", &[("username", "TwitterDev"), ("next", next)]);
        assert_eq!((reply.status, reply.header("location")), (303, Some("/portal")), "{next:?}");
    }
}

#[test]
fn a_link_with_a_query_leads_there_once_somebody_has_signed_in() {
    let house = House::set(&[("portal", "approval", "automatic"), ("server", "max_uri", "1KiB")]);
    house.user("TwitterDev").post_own("/portal/sign-up", &[("name", "Birds")]);
    let sign_in = |target: &str, to: &str| {
        let mut user = house.nobody();
        let page = user.get(to);
        let next = page.between("name=\"next\" value=\"", "\"").unwrap_or_else(|| panic!("{page:?}"));
        let next = next.replace("&#38;", "&");
        let reply = user.post_own("/portal/sign-in", &[("username", "TwitterDev"), ("next", &next)]);
        assert_eq!((reply.status, reply.header("location")), (303, Some(target)));
        assert_eq!(user.get(target).status, 200, "{target}");
    };
    for target in ["/portal/requests?status=4xx&path=%2F2%2Fusers%3Fids%3D1", "/portal/usage?days=7&app="] {
        let reply = house.nobody().get(target);
        sign_in(target, reply.header("location").unwrap());
    }
    let target = "/portal/explorer/getUsersByIds?auth=app&p.ids=1,2&p.user.fields=created_at";
    let page = house.nobody().get(target);
    let to = page.between("<a href=\"/portal/sign-in?", "\">Sign in</a> to send it").unwrap();
    sign_in(target, &format!("/portal/sign-in?{to}"));
    // Encoded once more, it would be longer than the server takes.
    let long = format!("/portal/requests?path={}", "%2F".repeat(300));
    sign_in("/portal/requests", house.nobody().get(&long).header("location").unwrap());
}

#[test]
fn a_user_sees_what_was_authorized_and_takes_it_back() {
    let house = House::new();
    let place = &house.place;
    let mut user = house.user(place.username());
    let target = authorize_target(&authorize_parameters(place));
    let page = user.get(&target);
    assert_eq!(user.submit(&target, &page, &[("step", "allow")]).status, 302);
    let page = user.get("/portal/authorizations");
    for part in ["Birdbox sample", "tweet.read", "offline.access", "since 2026-06-15 12:00 UTC", "act for you"] {
        assert!(page.body.contains(part), "{part}: {page:?}");
    }
    let other = house.user("TwitterDev").post_own("/portal/authorizations", &[("app", "1")]);
    assert_eq!(other.status, 404, "nobody takes back what another user allowed");
    assert!(house.place.server.identity().consent(house.user_id(), model::AppId::new(1)).unwrap().is_some());
    for unknown in ["2", "x", ""] {
        assert_eq!(user.post_own("/portal/authorizations", &[("app", unknown)]).status, 404);
    }
    assert_eq!(user.post_own("/portal/authorizations", &[("app", "1")]).status, 303);
    assert!(user.get("/portal/authorizations").body.contains("You have authorized no App yet"));
    let identity = house.place.server.identity();
    assert!(identity.user_tokens(store::Whose::User(house.user_id())).unwrap().is_empty());
}

#[test]
fn what_was_authorized_long_ago_is_not_listed_but_can_be_taken_back() {
    let house = House::new();
    let oldest = house.things("Own");
    house.token(oldest.app);
    house.place.pass(1);
    let server = &house.place.server;
    for number in 0..200 {
        let new = NewApp { account: oldest.account, project: None, name: format!("App {number}"), changes: Vec::new() };
        let made = server.identity().create_app(new, |_| model::AppKeys::default(), None, house.place.now());
        house.token(server.wait(made).unwrap().app.id);
    }
    let mut user = house.user(house.place.username());
    let (hint, oldest) = ("Only the latest are listed.", oldest.app.to_string());
    let page = user.get("/portal/authorizations");
    assert!(page.body.contains(hint) && !page.body.contains(&format!("value=\"{oldest}\"")), "{page:?}");
    assert_eq!(user.post_own("/portal/authorizations", &[("app", &oldest)]).status, 303);
    assert_eq!(user.post_own("/portal/authorizations", &[("app", &oldest)]).status, 404, "it is taken back");
    assert_eq!(user.post_own("/portal/authorizations", &[("app", "1")]).status, 303);
    assert!(!user.get("/portal/authorizations").body.contains(hint));
}

#[test]
fn the_owner_makes_things_in_any_account_and_has_to_say_in_which() {
    let house = House::new();
    let own = house.things("Own");
    let mut owner = house.owner();
    assert_eq!(owner.post_own("/portal/projects/new", &[("name", "Lost")]).status, 404);
    let account = own.account.to_string();
    let made = owner.post_own("/portal/projects/new", &[("name", "Found"), ("account", &account)]);
    let project = house.place.server.identity().project(model::ProjectId::new(made_id(&made))).unwrap().unwrap();
    assert_eq!((project.name.as_str(), project.account), ("Found", own.account));
}
