//! Coming in by a link, and the pages that are the same for everybody.

use model::{PortalLink, PortalSession};

use super::house::House;

#[test]
fn a_link_lets_in_once_and_looking_at_it_uses_nothing_up() {
    let house = House::new();
    let link = house.link(None);
    let target = format!("/portal/enter?link={link}");
    for _ in 0..2 {
        let page = house.nobody().get(&target);
        assert!(page.status == 200 && page.body.contains("the owner of the server"), "{page:?}");
    }
    let mut owner = house.nobody();
    assert_eq!(owner.post_own("/portal/enter", &[("link", &link)]).status, 303);
    assert_eq!(owner.get("/portal/accounts").status, 200);
    for reply in [house.nobody().get(&target), house.nobody().post_own("/portal/enter", &[("link", &link)])] {
        assert_eq!(reply.status, 403);
        assert!(reply.body.contains("make a new one with: birdbox portal link"), "{}", reply.body);
    }
}

#[test]
fn a_link_and_its_session_end_with_their_time() {
    let house = House::new();
    let (used, late) = (house.link(None), house.link(None));
    let mut owner = house.nobody();
    assert_eq!(owner.post_own("/portal/enter", &[("link", &used)]).status, 303);
    house.place.pass(PortalLink::LIFETIME_MS);
    assert_eq!(house.nobody().post_own("/portal/enter", &[("link", &late)]).status, 403);
    assert_eq!(house.nobody().get(&format!("/portal/enter?link={late}")).status, 403);
    assert_eq!(owner.get("/portal/accounts").status, 200);
    house.place.pass(PortalSession::LIFETIME_MS - PortalLink::LIFETIME_MS);
    assert_eq!(owner.get("/portal/accounts").status, 303);
}

#[test]
fn the_cookie_is_kept_from_scripts_and_other_sites_and_signing_out_ends_the_session() {
    let house = House::new();
    let link = house.link(None);
    let mut owner = house.nobody();
    let reply = owner.post_own("/portal/enter", &[("link", &link)]);
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.starts_with("birdbox_portal=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    let before = owner.clone();
    assert_eq!(owner.post_own("/portal/sign-out", &[]).status, 303);
    for mut browser in [owner, before] {
        assert_eq!(browser.get("/portal/accounts").status, 303, "also for whoever has a copy of the cookie");
    }
}

#[test]
fn a_link_without_its_secret_lets_nobody_in() {
    let house = House::new();
    house.link(None);
    for target in ["/portal/enter", "/portal/enter?link=", "/portal/enter?link=%00"] {
        assert_eq!(house.nobody().get(target).status, 403, "{target}");
    }
    assert_eq!(house.nobody().post_own("/portal/enter", &[]).status, 403);
}

#[test]
fn every_page_may_load_files_of_this_server_alone_and_those_never_change() {
    let house = House::new();
    let page = house.nobody().get("/portal");
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    assert_eq!(page.header("content-security-policy"), Some(policy));
    assert_eq!(page.header("referrer-policy"), Some("same-origin"), "or forms would not say where they are from");
    assert!(page.header("cache-control").unwrap().contains("no-store"));
    assert_eq!(page.header("access-control-allow-origin"), None);
    let mut weight = page.body.len();
    for (start, content_type) in [("href", "text/css; charset=utf-8"), ("src", "text/javascript; charset=utf-8")] {
        let file = page.between(&format!("{start}=\"/portal/assets/"), "\"").unwrap();
        let reply = house.nobody().get(&format!("/portal/assets/{file}"));
        assert_eq!(reply.header("content-type"), Some(content_type));
        assert_eq!(reply.header("cache-control"), Some("public, max-age=31536000, immutable"));
        weight += reply.body.len();
    }
    assert!(weight < 200 * 1024, "{weight} bytes");
}

#[test]
fn other_addresses_and_methods_are_pages_too() {
    let house = House::new();
    let mut nobody = house.nobody();
    for path in ["/portal/", "/portal/nothing", "/portal/apps/1/keys/2", "/portal/%ff"] {
        let reply = nobody.get(path);
        assert_eq!((reply.status, reply.header("content-type")), (404, Some("text/html; charset=utf-8")), "{path}");
    }
    assert!(nobody.get("/portals").body.starts_with('{'), "what only begins so is of the API");
    for (method, path, allow) in [
        ("DELETE", "/portal", "GET, HEAD"),
        ("GET", "/portal/sign-out", "POST"),
        ("PUT", "/portal/sign-in", "GET, HEAD, POST"),
    ] {
        let reply = nobody.request(method, path, &[]);
        assert_eq!((reply.status, reply.header("allow")), (405, Some(allow)), "{method} {path}");
    }
    let metrics = house.place.server.get("/metrics");
    assert!(!metrics.contains("portalHome"), "what was refused is no page that was shown");
    nobody.get("/portal");
    let metrics = house.place.server.get("/metrics");
    assert!(metrics.contains("operation=\"portalHome\""), "{metrics}");
}

#[test]
fn the_first_request_that_arrives_is_ticked() {
    let house = House::new();
    let mut owner = house.owner();
    let page = owner.get("/portal");
    assert!(page.body.contains("None has arrived yet") && page.body.contains(house.place.server.bearer()), "{page:?}");
    assert!(!house.nobody().get("/portal").body.contains(house.place.server.bearer()), "credentials are the owner's");
    assert!(!house.is_taken("wrong"));
    assert!(owner.get("/portal").body.contains("None has arrived yet"));
    assert!(house.is_taken(house.place.server.bearer()));
    let page = owner.get("/portal");
    assert!(page.body.contains("✓") && page.body.contains("came at 2026-06-15 12:00 UTC"), "{page:?}");
}
