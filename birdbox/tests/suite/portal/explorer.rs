//! The explorer sends what a client would send, as whom it says, and shows what came back.

use model::{AppId, Approval, UserId};
use store::Whose;

use super::house::House;
use crate::oauth::browser::{Browser, Reply};
use crate::oauth::place::{encode, joined};

const SAMPLE: AppId = AppId::new(1);

/// What the page shows of the body of the reply.
fn body(page: &Reply) -> String {
    let shown = page.between("<code id=\"body\">", "</code>").unwrap_or_else(|| panic!("no reply: {}", page.body));
    let text: String = shown.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    ["&#34;\"", "&#39;'", "&#60;<", "&#62;>", "&#38;&"].iter().fold(text, |text, pair| {
        let (entity, character) = pair.split_once(';').unwrap();
        text.replace(&format!("{entity};"), character)
    })
}

fn json(page: &Reply) -> serde_json::Value {
    serde_json::from_str(&body(page)).unwrap()
}

fn status(page: &Reply) -> u16 {
    let heading =
        page.between("autofocus>Reply: <span class=\"state ", "</span>").unwrap_or_else(|| panic!("{page:?}"));
    heading.split('>').nth(1).unwrap().split(' ').next().unwrap().parse().unwrap()
}

fn send(browser: &mut Browser, operation: &str, fields: &[(&str, &str)]) -> Reply {
    browser.post_own(&format!("/portal/explorer/{operation}"), fields)
}

fn remaining(page: &Reply) -> u32 {
    page.between("<span id=\"quota\">", " of").unwrap().parse().unwrap()
}

#[test]
fn each_way_calls_as_whom_it_says() {
    let house = House::new();
    let mut owner = house.owner();
    let other = ("user", "Twitter");
    for way in ["oauth1", "oauth2"] {
        let page = send(&mut owner, "getUsersMe", &[("auth", way)]);
        assert_eq!((status(&page), &json(&page)["data"]["username"]), (200, &house.place.username().into()), "{way}");
        let page = send(&mut owner, "getUsersMe", &[("auth", way), other, ("p.user.fields", "created_at")]);
        assert_eq!(json(&page)["data"]["username"], "Twitter", "{way}");
    }
    let page = send(&mut owner, "getUsersMe", &[("auth", "app")]);
    assert_eq!((page.status, status(&page)), (200, 403));
    assert_eq!(json(&page)["title"], "Unsupported Authentication");
    let page = send(&mut owner, "getUsersMe", &[("auth", "oauth2"), ("scope", ""), ("scope", "tweet.read")]);
    assert_eq!(status(&page), 403, "a scope is missing");
    let page = send(&mut owner, "v1AccountVerifyCredentials", &[("auth", "oauth1"), other]);
    assert_eq!(json(&page)["screen_name"], "Twitter");
    let page = send(&mut owner, "tweetBinderBalances", &[("auth", "app")]);
    assert_eq!(status(&page), 200, "{}", body(&page));
    let page = send(&mut owner, "getUsersByUsername", &[("auth", "app"), ("p.username", "TwitterDev")]);
    assert_eq!(json(&page)["data"]["id"], "2244994945");
}

#[test]
fn the_tokens_of_a_request_end_with_it() {
    let house = House::new();
    let mut owner = house.owner();
    let identity = || house.place.server.identity();
    let count = || {
        let tokens = identity().user_tokens(Whose::App(SAMPLE)).unwrap().len();
        let grants = identity().grants(Whose::App(SAMPLE)).unwrap().len();
        (tokens, grants, identity().consents(house.user_id()).unwrap().len())
    };
    let before = count();
    for way in ["oauth1", "oauth2"] {
        assert_eq!(status(&send(&mut owner, "getUsersMe", &[("auth", way)])), 200);
    }
    assert_eq!(count(), before);
    assert!(house.place.server.state().passes.is_empty());
}

#[test]
fn a_request_counts_as_one_of_the_apps_clients_would() {
    let house = House::new();
    let mut owner = house.owner();
    let id = ("p.id", "2244994945");
    let first = remaining(&send(&mut owner, "getUsersById", &[("auth", "app"), id]));
    assert!(house.is_taken(house.place.server.bearer()), "a request of a client");
    let page = send(&mut owner, "getUsersById", &[("auth", "app"), id]);
    assert_eq!(remaining(&page), first - 2);
    let spent = store::Subject::App(SAMPLE);
    house.place.server.spend("getUsersById", spent);
    let page = send(&mut owner, "getUsersById", &[("auth", "app"), id]);
    assert_eq!((status(&page), remaining(&page)), (429, 0));
}

#[test]
fn every_operation_is_sent_and_answered_in_its_own_dialect() {
    let house = House::new();
    let mut owner = house.owner();
    let sends: [(&str, &[(&str, &str)]); 14] = [
        ("getUsersByIds", &[("p.ids", "2244994945, 783214")]),
        ("getUsersByUsernames", &[("p.usernames", "TwitterDev,Twitter")]),
        ("getUsersFollowers", &[("p.id", "2244994945"), ("p.max_results", "5")]),
        ("followUser", &[("p.id", "own"), ("p.target_user_id", "783214")]),
        ("unfollowUser", &[("p.source_user_id", "own"), ("p.target_user_id", "783214")]),
        ("labsGetUsersByUsername", &[("p.username", "TwitterDev"), ("p.expansions", "pinned_tweet_id")]),
        ("v1UsersShow", &[("p.screen_name", "TwitterDev"), ("p.include_entities", "false")]),
        ("v1UsersLookup", &[("p.screen_name", "TwitterDev,Twitter")]),
        ("v1FriendshipsCreate", &[("p.screen_name", "Twitter")]),
        ("v1FriendshipsDestroy", &[("p.user_id", "783214")]),
        ("v1ApplicationRateLimitStatus", &[("p.resources", "users,followers")]),
        ("tweetBinderProfilesByAlias", &[("p.alias", "TwitterDev,Twitter")]),
        ("tweetBinderProfilesById", &[("p.id", "2244994945")]),
        ("tweetBinderFollowers", &[("p.id", "2244994945"), ("p.getUsersInfo", "true")]),
    ];
    let own = house.user_id().to_string();
    for (operation, fields) in sends {
        let fields: Vec<_> =
            fields.iter().map(|&(name, value)| (name, if value == "own" { own.as_str() } else { value })).collect();
        let page = send(&mut owner, operation, &fields);
        assert_eq!((page.status, status(&page)), (200, 200), "{operation}: {page:?}");
    }
}

#[test]
fn the_rules_of_replies_are_those_of_the_service() {
    let house = House::new();
    let mut owner = house.owner();
    let page = send(&mut owner, "getUsersByIds", &[("p.ids", "x"), ("p.user.fields", "nope"), ("p.user.fields", "id")]);
    assert_eq!(status(&page), 400);
    assert!(body(&page).contains("[nope]") && body(&page).contains("[x]"), "{}", body(&page));
    let own = house.things("Own");
    let server = &house.place.server;
    assert_eq!(owner.post_own(&format!("/portal/apps/{}/keys", own.app), &[("make", "bearer")]).status, 200);
    server.wait(server.identity().set_approval(own.account, Approval::Suspended)).unwrap();
    let page = send(&mut owner, "getUsersById", &[("p.id", "12"), ("app", &own.app.to_string())]);
    assert_eq!(status(&page), 403, "the account of the App is suspended");
}

#[test]
fn what_an_app_lacks_is_said_beside_it_and_nothing_is_sent() {
    let house = House::new();
    let own = house.things("Own");
    let mut owner = house.owner();
    let app = own.app.to_string();
    for (operation, way, line) in [
        ("getUsersMe", "oauth2", "OAuth 2.0 is off for this App."),
        ("tweetBinderBalances", "app", "This App has no Tweet Binder Token."),
    ] {
        let page = send(&mut owner, operation, &[("auth", way), ("app", &app)]);
        assert_eq!(page.status, 422);
        let said = page.between("id=\"app-wrong\" role=\"alert\">", "</p>");
        assert!(said.is_some_and(|said| said.starts_with(line)), "{said:?}");
    }
    let page = send(&mut owner, "getUsersById", &[("p.id", "")]);
    assert!(page.status == 422 && page.body.contains("id=\"p-id-wrong\" role=\"alert\">Fill this in"), "{page:?}");
    for dots in [".", ".."] {
        assert_eq!(send(&mut owner, "getUsersById", &[("p.id", dots)]).status, 422);
    }
    let page = send(&mut owner, "getUsersMe", &[("auth", "oauth1"), ("user", "nobody_at_all")]);
    assert!(page.status == 422 && page.body.contains("There is no active user of this name."), "{page:?}");
    assert!(page.body.contains("value=\"nobody_at_all\""));
}

#[test]
fn a_developer_calls_by_own_apps_and_for_the_own_user_alone() {
    let house = House::new();
    let (own, other) = (house.things("Own"), house.things("Other"));
    let mut by_link = house.by_link(Some(own.account));
    let fields = [("p.id", "2244994945"), ("app", &*own.app.to_string())];
    let page = send(&mut by_link, "getUsersById", &fields);
    assert!(page.status == 422 && page.body.contains("This App has no Bearer Token."), "{page:?}");
    assert_eq!(by_link.post_own(&format!("/portal/apps/{}/keys", own.app), &[("make", "bearer")]).status, 200);
    assert_eq!(status(&send(&mut by_link, "getUsersById", &fields)), 200);
    let page = send(&mut by_link, "getUsersMe", &[("auth", "oauth1")]);
    assert!(page.status == 422 && page.body.contains("Nobody is signed in as a user here."), "{page:?}");

    let mut user = house.user("TwitterDev");
    assert_eq!(user.post_own("/portal/sign-up", &[("name", "Birds")]).status, 303);
    let server = &house.place.server;
    let account = server.identity().developer_account(UserId::new(2_244_994_945)).unwrap().unwrap();
    server.wait(server.identity().set_approval(account, Approval::Approved)).unwrap();
    let none = send(&mut user, "getUsersMe", &[("auth", "oauth1")]);
    assert!(none.status == 422 && none.body.contains("Make an App first"), "{none:?}");
    let made = user.post_own("/portal/projects/new", &[("name", "Birds")]);
    let project = super::house::made_id(&made).to_string();
    let fields = [("name", "reader"), ("project", &*project), ("permissions", "read"), ("type", "")];
    assert_eq!(user.post_own("/portal/apps/new", &fields).status, 200);
    let page = send(&mut user, "getUsersMe", &[("auth", "oauth1")]);
    assert_eq!(json(&page)["data"]["username"], "TwitterDev");

    for foreign in [("app", &*other.app.to_string()), ("app", "999"), ("app", "x"), ("user", "Twitter"), ("user", "x")]
    {
        let fields = [("auth", "oauth1"), ("p.id", "12"), foreign];
        for browser in [&mut by_link, &mut user] {
            assert_eq!(send(browser, "getUsersById", &fields).status, 404, "{foreign:?}");
            let target = format!("/portal/explorer/getUsersById?{}", joined(&fields));
            assert_eq!(browser.get(&target).status, 404, "{foreign:?}");
        }
    }
    assert_eq!(house.owner().get("/portal/explorer/getUsersMe?app=999").status, 404);
}

#[test]
fn an_address_restores_a_request_and_those_who_sent_none_can_look_at_it() {
    let house = House::new();
    let target = "/portal/explorer/getUsersByUsernames?auth=app&p.usernames=XDevelopers,API&p.user.fields=created_at,nope&p.expansions=pinned_tweet_id&p.colour=red";
    let page = house.nobody().get(target);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("name=\"p.usernames\" value=\"XDevelopers,API\""), "{page:?}");
    assert!(
        page.body.contains("value=\"created_at\" checked") && page.body.contains("value=\"pinned_tweet_id\" checked")
    );
    assert!(page.body.contains("id=\"p-user-fields\" name=\"p.user.fields\" value=\"nope\""));
    assert!(page.body.contains("<code><bdi>colour</bdi></code>"), "{page:?}");
    assert!(page.body.contains("Sign in</a> to send it") && !page.body.contains("id=\"send\""));
    let restored = page.between("id=\"restore\" href=\"", "\"").unwrap().replace("&#38;", "&");
    assert_eq!(restored, target.replace("&p.colour=red", ""));
    assert_eq!(house.nobody().get(&restored).status, 200);
    assert!(!house.nobody().get("/portal/explorer?q=followers").body.contains("getUsersMe"));
}

#[test]
fn a_request_that_no_address_has_room_for_is_sent_and_has_no_link() {
    let house = House::set(&[("server", "max_uri", "2KiB")]);
    let mut owner = house.owner();
    for (length, has_link) in [(1000, true), (1900, true), (2100, false), (40_000, false)] {
        let names = "x".repeat(length);
        let page = send(&mut owner, "getUsersByUsernames", &[("auth", "app"), ("p.usernames", &names)]);
        assert_eq!(page.status, 200, "{length}");
        let link = page.between("id=\"restore\" href=\"", "\"").map(|link| link.replace("&#38;", "&"));
        assert_eq!(page.header("hx-push-url"), link.as_deref(), "{length}");
        assert_eq!((link.is_some(), page.body.contains("id=\"no-link\"")), (has_link, !has_link), "{length}");
        if let Some(link) = link {
            assert_eq!(owner.get(&link).status, 200, "{length}");
        }
    }
}

#[test]
fn other_parameters_are_sent_as_they_are_typed_and_stand_in_programs_that_can() {
    let house = House::new();
    let mut owner = house.owner();
    let other = " ?colour=red blue&ids=13&x=%7a#\u{e9}";
    let page = send(&mut owner, "getUsersByIds", &[("auth", "oauth1"), ("p.ids", "12"), ("other", other)]);
    let (found, _) = house.place.server.state().requests.find(None, 1, |_| true);
    assert_eq!(found[0].target, "/2/users?ids=12&colour=red%20blue&ids=13&x=%7a%23%C3%A9");
    assert_eq!(status(&page), 400, "the signature is right: {page:?}");
    assert!(page.body.contains("name=\"other\" value=\"colour=red%20blue&#38;ids=13&#38;x=%7a%23%C3%A9\""), "{page:?}");
    assert!(page.between("id=\"code-curl\"", "</textarea>").unwrap().contains("colour=red%20blue&#38;ids=13"));
    let java = page.between("id=\"tab-java\"", "</details>").unwrap();
    assert!(java.contains("This library sends no parameters but those it knows."), "{java}");
    let link = page.between("id=\"restore\" href=\"", "\"").unwrap().replace("&#38;", "&");
    assert!(owner.get(&link).body.contains("colour=red%20blue&#38;ids=13"), "{link}");
    let page = send(&mut owner, "getUsersByIds", &[("auth", "oauth1"), ("p.ids", "12"), ("other", "x=%zz")]);
    assert!(
        page.status == 422 && page.body.contains("write %25 for a percent sign"),
        "no signature holds it: {page:?}"
    );
}

#[test]
fn what_was_sent_is_remembered_for_whoever_sent_it() {
    let house = House::new();
    let mut owner = house.owner();
    send(&mut owner, "getUsersById", &[("auth", "app"), ("p.id", "12")]);
    let link = "href=\"/portal/explorer/getUsersById?auth=app&#38;p.id=12\"";
    for target in ["/portal/explorer", "/portal/explorer/getUsersMe"] {
        assert!(owner.get(target).body.contains(link), "{target}");
        assert!(!house.owner().get(target).body.contains(link), "another session");
        assert!(house.nobody().get(target).body.contains("You have sent none yet."));
    }
}

#[test]
fn a_long_reply_is_cut_and_the_page_stays_small() {
    let house = House::new();
    let mut owner = house.owner();
    let fields = "created_at,description,entities,location,public_metrics,url,verified,profile_image_url";
    let page = send(
        &mut owner,
        "getUsersFollowers",
        &[("auth", "app"), ("p.id", "2244994945"), ("p.max_results", "1000"), ("p.user.fields", fields)],
    );
    assert_eq!(status(&page), 200);
    assert!(page.body.contains("id=\"cut\""), "{}", page.body.len());
    assert!(page.body.len() < 120 * 1024, "{}", page.body.len());
}

#[test]
fn strange_text_is_text() {
    let house = House::new();
    let mut owner = house.owner();
    let long = "x".repeat(10_000);
    for strange in ["\"><script>alert(1)</script>", "'; rm -rf /; '", "\u{202e}abc", "</textarea><b>", "%zz", &long] {
        for way in ["app", "oauth1", "oauth2"] {
            let fields = [("auth", way), ("p.usernames", strange), ("p.user.fields", strange), ("p.x", strange)];
            let page = send(&mut owner, "getUsersByUsernames", &fields);
            assert!([400, 414, 431].contains(&status(&page)), "{way} {strange}: {}", status(&page));
            let target = format!("/portal/explorer/getUsersByUsernames?{}", joined(&fields));
            let pages = if strange.len() < 1000 { vec![page, owner.get(&target)] } else { vec![page] };
            for page in pages {
                assert!(!page.body.contains("<script>") && !page.body.contains("<b>"), "{page:?}");
                assert!(page.body.matches("<textarea").count() == page.body.matches("</textarea>").count());
                assert!(page.body.len() < 150 * 1024, "{}", page.body.len());
            }
        }
        let page = send(&mut owner, "getUsersByUsername", &[("p.username", strange)]);
        assert!(page.status == 200 && status(&page) >= 400, "{}", encode(strange));
    }
}
