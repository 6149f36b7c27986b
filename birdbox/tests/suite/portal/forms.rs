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
        ("project", "999", "Choose one of these."),
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
