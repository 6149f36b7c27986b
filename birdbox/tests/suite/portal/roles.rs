//! For each row of the portal and each kind of person: let in or refused, as the row says; and
//! what belongs to somebody else is not there.

use birdbox::portal::{ROUTES, Role, Row};
use http::Method;

use super::house::{House, Things, is_turned_away};
use crate::oauth::browser::{Browser, Reply};

/// What a form says.
type Field<'a> = (&'a str, &'a str);

/// The user of the sample, whom nobody owns.
const USER: &str = "2244994945";

/// Fills the braces of a path.
fn fill(row: &Row, things: Things, token: &str, style: &str, number: u64) -> String {
    let parts = [
        ("{project}", things.project.to_string()),
        ("{app}", things.app.to_string()),
        ("{account}", things.account.to_string()),
        ("{token}", token.to_owned()),
        ("{file}", style.to_owned()),
        ("{user}", USER.to_owned()),
        ("{export}", "follows.csv".to_owned()),
        ("{operation}", "getUsersById".to_owned()),
        ("{download}", "X-API-v2.postman_collection.json".to_owned()),
        ("{number}", number.to_string()),
    ];
    parts.iter().fold(row.path.to_owned(), |path, (name, value)| path.replace(name, value))
}

/// Sends a form with next to nothing in it where the row takes one.
fn ask(browser: &mut Browser, row: &Row, path: &str, form: &[(&str, &str)]) -> Reply {
    if row.method == Method::POST { browser.post_own(path, form) } else { browser.get(path) }
}

fn style_of(house: &House) -> String {
    house.nobody().get("/portal").between("/portal/assets/", "\"").unwrap().to_owned()
}

/// The kinds of people, the least first, and the roles that take them.
const PEOPLE: [(&str, &[Role]); 5] = [
    ("nobody", &[Role::Nobody]),
    ("user", &[Role::Nobody, Role::User]),
    ("other developer", &[Role::Nobody, Role::Developer]),
    ("developer", &[Role::Nobody, Role::Developer]),
    ("owner", &[Role::Nobody, Role::User, Role::Developer, Role::Owner]),
];

/// Rows whose form names what is changed.
const NAMED_IN_FORM: [&str; 5] = [
    "portalRevokeAuthorization",
    "portalResetLimits",
    "portalRevokeKeys",
    "portalImportDirection",
    "portalCancelImport",
];

#[test]
fn each_row_takes_whom_its_role_names_and_nobody_else() {
    let house = House::new();
    let style = style_of(&house);
    let (own, other) = (house.things("Own"), house.things("Other"));
    for (person, roles) in PEOPLE {
        let enter = || match person {
            "nobody" => house.nobody(),
            "user" => house.user("TwitterDev"),
            "other developer" => house.by_link(Some(other.account)),
            "developer" => house.by_link(Some(own.account)),
            _ => house.owner(),
        };
        let mut browser = enter();
        for row in ROUTES {
            let (project, app) = house.more_things(own.account);
            let things = Things { project, app, ..own };
            let number = if row.path.contains("{number}") { house.asked(app) } else { 0 };
            let path = fill(row, things, &house.token(app), &style, number);
            // The owner, who may use all accounts, has to say which.
            let account = own.account.to_string();
            let form = [("account", &*account)];
            let reply = ask(&mut browser, row, &path, if person == "owner" { &form } else { &[] });
            let what = format!("{person} {} {path}: {} {:?}", row.method, reply.status, reply.header("location"));
            assert_eq!(!is_turned_away(&reply), roles.contains(&row.role), "{what}");
            let is_of_account =
                ["{app}", "{project}", "{account}", "{number}"].iter().any(|part| row.path.contains(part));
            if person == "other developer" && is_of_account && roles.contains(&row.role) {
                assert_eq!(reply.status, 404, "{what}");
                assert!(house.place.server.identity().app(app).is_some(), "{what}");
            } else if NAMED_IN_FORM.contains(&row.name) && !is_turned_away(&reply) {
                assert_eq!(reply.status, 404, "the form names nothing: {what}");
            } else if !is_turned_away(&reply) {
                assert!(reply.status < 404 || matches!(reply.status, 409 | 422), "{what}");
            }
            if row.name == "portalSignOut" {
                browser = enter();
            }
        }
    }
}

#[test]
fn what_is_no_id_or_belongs_to_nobody_is_not_there_even_for_the_owner() {
    let house = House::new();
    let own = house.things("Own");
    let token = house.token(own.app);
    let mut owner = house.owner();
    let right = [own.app.to_string(), own.project.to_string(), own.account.to_string(), token.clone()];
    for row in ROUTES.iter().filter(|row| row.path.contains('{')) {
        for bad in [
            "999999",
            "0",
            "-1",
            "+1",
            "01",
            "1%20",
            "18446744073709551616",
            "x",
            "..",
            "%2e%2e",
            "oauth1-999",
            "oauth9-1",
        ] {
            let words: Vec<_> = row.path.split('/').filter(|word| word.starts_with('{')).collect();
            for spoilt in &words {
                let path = words.iter().fold(row.path.to_owned(), |path, word| {
                    let value = match *word {
                        word if word == *spoilt => bad.to_owned(),
                        "{app}" => own.app.to_string(),
                        _ => token.clone(),
                    };
                    path.replace(word, &value)
                });
                assert!(!right.contains(&bad.to_owned()));
                let reply = ask(&mut owner, row, &path, &[]);
                assert_eq!(reply.status, 404, "{} {path}", row.method);
                assert!(reply.body.contains("There is nothing here"), "{path}");
            }
        }
    }
}

#[test]
fn a_foreign_id_in_any_form_or_query_is_not_there() {
    let house = House::new();
    let (own, other) = (house.things("Own"), house.things("Other"));
    let mut developer = house.by_link(Some(own.account));
    let (account, project, app) = (other.account.to_string(), other.project.to_string(), other.app.to_string());
    let token = house.token(other.app);
    let app_fields = [("name", "Mine"), ("permissions", "read"), ("type", "")];
    let settings = format!("/portal/apps/{}/settings", own.app);
    let forms: [(&str, &[Field], Field); 9] = [
        ("/portal/projects/new", &[("name", "Mine")], ("account", &account)),
        ("/portal/apps/new", &app_fields, ("account", &account)),
        ("/portal/apps/new", &app_fields, ("project", &project)),
        (&settings, &app_fields, ("project", &project)),
        (&format!("/portal/apps/{}/keys", own.app), &[("make", "token")], ("user", "TwitterDev")),
        (&format!("/portal/apps/{}/tokens/{token}/revoke", own.app), &[], ("app", &app)),
        ("/portal/explorer/getUsersById", &[("p.id", "12")], ("app", &app)),
        ("/portal/explorer/getUsersById", &[("p.id", "12")], ("user", "TwitterDev")),
        (&settings, &app_fields, ("project", "999999")),
    ];
    for (target, fields, foreign) in forms {
        let reply = developer.post_own(target, &[fields, &[foreign]].concat());
        assert!(reply.status == 404 && reply.body.contains("There is nothing here"), "{target} {foreign:?}: {reply:?}");
    }
    for target in [
        format!("/portal/apps/new?project={project}"),
        format!("/portal/requests?app={app}"),
        format!("/portal/usage?app={app}"),
        format!("/portal/usage.csv?app={app}"),
        format!("/portal/explorer/getUsersById?app={app}"),
    ] {
        assert_eq!(developer.get(&target).status, 404, "{target}");
    }
    let apps = house.place.server.identity().apps();
    assert_eq!(apps.iter().filter(|app| app.app.account == other.account).count(), 1);
    assert_eq!(apps.iter().filter(|app| app.app.account == own.account).count(), 1);
    assert_eq!(house.place.server.identity().app(own.app).unwrap().app.project, Some(own.project));
}

#[test]
fn an_id_in_a_form_that_is_none_or_belongs_to_nobody_is_not_there_even_for_the_owner() {
    let house = House::new();
    let own = house.things("Own");
    let mut owner = house.owner();
    let account = own.account.to_string();
    let app = [("name", "Mine"), ("permissions", "read"), ("type", "")];
    let of_account = [&app[..], &[("account", &account)]].concat();
    let settings = format!("/portal/apps/{}/settings", own.app);
    let follows = format!("/portal/users/{USER}/follows");
    // What stands before the id, where it is a part of a value.
    let forms: [(&str, &[Field], &str, &str); 11] = [
        ("/portal/projects/new", &[("name", "Mine")], "account", ""),
        ("/portal/apps/new", &app, "account", ""),
        ("/portal/apps/new", &of_account, "project", ""),
        (&settings, &app, "project", ""),
        ("/portal/explorer/getUsersById", &[("p.id", "12")], "app", ""),
        ("/portal/import/direction", &[("reads", "as-is")], "import", ""),
        ("/portal/import/cancel", &[], "import", ""),
        ("/portal/limits/reset", &[], "reset", "getUsersById app-"),
        ("/portal/limits/reset", &[], "reset", "getUsersById user-"),
        ("/portal/authorizations", &[], "app", ""),
        (&follows, &[("list", "followers")], "remove", ""),
    ];
    let waiting = owner.upload("/portal/import", &[("what", "edges")], Some(("follows.txt", b"1 2\n")));
    assert_eq!(waiting.status, 303, "import 1 waits: {waiting:?}");
    for (target, fields, name, before) in forms {
        for bad in ["999999", "0", "-1", "+1", "01", "1 ", "18446744073709551616", "x"] {
            let value = format!("{before}{bad}");
            let reply = owner.post_own(target, &[fields, &[(name, &value)]].concat());
            assert_eq!(reply.status, 404, "{target} {name}={value}: {reply:?}");
        }
    }
    assert!(owner.get("/portal/import").body.contains("name=\"import\" value=\"1\""), "it waits still");
    assert_eq!(house.place.server.identity().app(own.app).unwrap().app.project, Some(own.project));
}

#[test]
fn a_change_without_a_matching_origin_is_refused() {
    let house = House::new();
    let own = house.things("Own");
    let token = house.token(own.app);
    let mut owner = house.owner();
    let address = house.place.server.address();
    let here = format!("http://{address}");
    let other_port = format!("http://{}:1", address.ip());
    let (https, longer) = (format!("https://{address}"), format!("{here}.example.com"));
    let says: [&[(&str, &str)]; 10] = [
        &[],
        &[("Origin", "null")],
        &[("Origin", "http://example.com")],
        &[("Origin", &other_port)],
        &[("Origin", &https)],
        &[("Origin", &longer)],
        &[("Origin", &here), ("Sec-Fetch-Site", "cross-site")],
        &[("Origin", &here), ("Origin", "http://example.com")],
        &[("Origin", &here), ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")],
        &[("Origin", &here), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-origin")],
    ];
    for row in ROUTES.iter().filter(|row| row.method == Method::POST) {
        let path = fill(row, own, &token, "", 0);
        for headers in says {
            let reply = owner.post_saying(&path, headers, &[("approval", "suspended")]);
            assert_eq!(reply.status, 403, "{path} {headers:?}");
            assert!(reply.body.contains("This form did not come from the portal"), "{path} {headers:?}");
        }
    }
    assert_eq!(owner.get(&format!("/portal/apps/{}", own.app)).status, 200, "nothing was changed");
    assert!(house.place.server.identity().account(own.account).unwrap().unwrap().approval.name() == "approved");
}
