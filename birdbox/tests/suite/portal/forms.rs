//! Forms keep what was typed and say beside the field what is wrong.

use super::house::House;

/// What stands in the field of a name.
fn value_of(body: &str, name: &str) -> String {
    let field = body.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name}: {body}"));
    field.split('"').next().unwrap().to_owned()
}

/// Whether something is said beside a field, and what.
fn wrong_of<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let said = body.split(&format!("id=\"{name}-wrong\" role=\"alert\">")).nth(1)?;
    said.split('<').next()
}

const RIGHT: [(&str, &str); 7] = [
    ("name", "reader"),
    ("project", ""),
    ("permissions", "read-write"),
    ("type", "web"),
    ("callbacks", "https://example.com/a"),
    ("website", "https://example.com"),
    ("oauth2", "on"),
];

fn with<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    RIGHT.iter().map(|&(known, right)| (known, if known == name { value } else { right })).collect()
}

#[test]
fn each_field_of_an_app_says_what_is_wrong_with_it_and_the_others_keep_their_values() {
    let house = House::new();
    let own = house.things("Own");
    let mut developer = house.by_link(Some(own.account));
    let eleven = "https://example.com/a\n".repeat(11);
    let long = "x".repeat(33);
    let cases = [
        ("name", "", "Give 1 to 32 characters"),
        ("name", "   ", "Give 1 to 32 characters"),
        ("name", &long, "Give 1 to 32 characters"),
        ("name", "a\u{202e}b", "Give 1 to 32 characters"),
        ("permissions", "all", "Choose one of these."),
        ("type", "toaster", "Choose one of these."),
        ("callbacks", "example.com", "Give up to 10 addresses"),
        ("callbacks", "javascript://x", "Give up to 10 addresses"),
        ("callbacks", "https://example.com/a,b", "Give up to 10 addresses"),
        ("callbacks", &eleven, "Give up to 10 addresses"),
        ("website", "ftp://example.com", "Give an address that begins with"),
        ("type", "", "OAuth 2.0 needs a type"),
        ("callbacks", "oob", "OAuth 2.0 needs a type"),
    ];
    for target in ["/portal/apps/new".to_owned(), format!("/portal/apps/{}/settings", own.app)] {
        for (name, value, sentence) in cases {
            let reply = developer.post_own(&target, &with(name, value));
            assert_eq!(reply.status, 422, "{target} {name}={value}");
            let field = if sentence.starts_with("OAuth") { "oauth2" } else { name };
            let wrong = wrong_of(&reply.body, field);
            assert!(
                wrong.is_some_and(|wrong| wrong.starts_with(sentence)),
                "{name}={value}: {wrong:?}\n{}",
                reply.body
            );
            let kept = if name == "website" { "ftp://example.com" } else { "https://example.com" };
            assert_eq!(value_of(&reply.body, "website"), kept);
            assert!(name == "permissions" || reply.body.contains("<option value=\"read-write\" selected>"));
            assert!(reply.body.contains("value=\"on\" checked"), "{name}={value}");
        }
    }
    assert_eq!(house.place.server.identity().app(own.app).unwrap().app.name, "reader", "nothing was changed");
    assert_eq!(house.place.server.identity().apps().len(), 2, "and nothing made");
}

#[test]
fn names_that_cannot_be_are_kept_in_the_form_and_shown_as_text() {
    let house = House::new();
    let own = house.things("Own");
    let mut developer = house.by_link(Some(own.account));
    let mut user = house.user("TwitterDev");
    let long = "\"><script>alert(1)</script>".repeat(400);
    let shown = "&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;".repeat(400);
    let rename = format!("/portal/projects/{}/rename", own.project);
    for (browser, target) in [(&mut developer, "/portal/projects/new"), (&mut user, "/portal/sign-up")] {
        let reply = browser.post_own(target, &[("name", &long)]);
        assert_eq!(reply.status, 422, "{target}");
        assert_eq!(value_of(&reply.body, "name"), shown, "{target}");
        assert!(wrong_of(&reply.body, "name").unwrap().starts_with("Give 1 to 50 characters"));
    }
    let reply = developer.post_own(&rename, &[("name", &long)]);
    assert!(reply.status == 422 && value_of(&reply.body, "name") == shown);
}

#[test]
fn a_body_that_is_no_form_changes_nothing() {
    let house = House::new();
    let own = house.things("Own");
    let mut developer = house.by_link(Some(own.account));
    let origin = format!("http://{}", house.place.server.address());
    for kind in ["text/plain", "application/json", "multipart/form-data"] {
        let headers = [("Origin", &*origin), ("Content-Type", kind)];
        let reply = developer.request("POST", "/portal/projects/new", &headers);
        assert_eq!(reply.status, 422, "{kind}");
    }
    let reply = developer.post_own("/portal/projects/new?x=%zz", &[("name", "%zz")]);
    assert_eq!(reply.status, 303, "what cannot be decoded is not what was typed");
}

#[test]
fn a_form_with_a_broken_escape_keeps_what_was_typed() {
    let house = House::new();
    let own = house.things("Own");
    let mut developer = house.by_link(Some(own.account));
    let origin = format!("http://{}", house.place.server.address());
    let fields = "name=reader%ff&project=&permissions=read-write&type=web&callbacks=https%3A%2F%2Fexample.com&website=https://a.example/%zz";
    let reply = developer.post_raw("/portal/apps/new", &[("Origin", &origin)], fields);
    assert_eq!(reply.status, 422);
    assert_eq!(value_of(&reply.body, "name"), "reader\u{fffd}");
    assert_eq!(value_of(&reply.body, "website"), "https://a.example/%zz");
    assert!(wrong_of(&reply.body, "name").is_some_and(|wrong| wrong.contains("characters that can be seen")));
    assert!(wrong_of(&reply.body, "website").is_none() && wrong_of(&reply.body, "callbacks").is_none());
    assert!(reply.body.contains("<option value=\"web\" selected>"), "{reply:?}");
}

#[test]
fn what_the_server_takes_from_nobody_is_a_page_of_the_portal_there() {
    let house = House::new();
    let long = format!("/portal?x={}", "y".repeat(20_000));
    let reply = house.nobody().get(&long);
    assert!(reply.status == 414 && reply.body.contains("The address is too long"), "{reply:?}");
    let mut nobody = house.nobody();
    let reply = nobody.post_own("/portal/sign-in", &[("username", &"x".repeat(2 << 20))]);
    assert!(reply.status == 413 && reply.body.contains("This is too much at once"), "{}", reply.status);
    assert!(reply.body.contains("<html") && reply.header("content-security-policy").is_some());
    let reply = house.nobody().get(&long.replace("/portal", "/2/users"));
    assert!(reply.status == 414 && reply.body.starts_with('{'), "the API keeps its own form: {reply:?}");
}

#[test]
fn scripts_of_other_origins_get_nothing_from_the_portal() {
    let house = House::new();
    let headers = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")];
    for path in ["/portal", "/portal/projects/new", "/portal/nothing"] {
        let reply = house.nobody().request("OPTIONS", path, &headers);
        assert!([404, 405].contains(&reply.status), "{path}: {reply:?}");
        assert_eq!(reply.header("access-control-allow-origin"), None, "{path}");
        assert_eq!(reply.header("access-control-allow-methods"), None, "{path}");
    }
    assert_eq!(house.nobody().request("OPTIONS", "/2/users", &headers).status, 204);
}

#[test]
fn addresses_of_an_app_are_those_that_a_browser_can_be_sent_to() {
    let house = House::new();
    let own = house.things("Own");
    let mut developer = house.by_link(Some(own.account));
    let target = format!("/portal/apps/{}/settings", own.app);
    let mut send = |kind: &str, callbacks: &str| {
        let fields: Vec<_> = with("type", kind)
            .into_iter()
            .map(|(name, value)| (name, if name == "callbacks" { callbacks } else { value }))
            .collect();
        let reply = developer.post_own(&target, &fields);
        (reply.status, wrong_of(&reply.body, "callbacks").unwrap_or_default().to_owned())
    };
    for wrong in ["https://", "https://a@b/", "https://a#b", "https://a:99999/", "myapp:///x"] {
        assert_eq!(send("native", wrong).0, 422, "{wrong}");
    }
    let (status, said) = send("web", "myapp://done");
    assert!(status == 422 && said.contains("is for a native App"), "{status} {said}");
    assert!(send("native", "myapp://done").0 < 400);
}
