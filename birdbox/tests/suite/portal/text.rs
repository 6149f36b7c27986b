//! What people call themselves and their things is text, whatever it holds.

use model::UserChange;

use super::house::House;

/// Script, the end of an attribute, marks that turn text around, and much of it.
const NAMES: [&str; 3] = ["<script>alert(1)</script>", "\"><img src=x onerror=x>", "\u{202e}\u{2066}evil"];

#[test]
fn names_of_users_are_text_where_accounts_are_chosen() {
    let house = House::new();
    let long = "\u{202e}<b>".repeat(2500);
    let users = house.place.server.wait(house.place.server.store().export_users(None, 5)).unwrap().0;
    for (user, name) in
        users.iter().filter(|user| user.state == model::AccountState::Active).zip(NAMES.iter().copied().chain([&*long]))
    {
        let change = vec![UserChange::Name(name.into())];
        house.place.server.wait(house.place.server.store().update_user(user.id, change, house.place.now())).unwrap();
    }
    let page = house.nobody().get("/portal/sign-in");
    assert_eq!(page.status, 200);
    for name in NAMES {
        assert!(
            has_own_scripts_alone(&page.body) && !page.body.contains("<img") && !page.body.contains("<b>"),
            "{name}"
        );
    }
    assert!(page.body.contains("<bdi>&#60;script&#62;"), "{page:?}");
    let mut user =
        house.user(users.iter().find(|user| user.state == model::AccountState::Active).unwrap().username.as_str());
    let page = user.get("/portal/sign-up");
    assert!(page.status == 200 && has_own_scripts_alone(&page.body), "{page:?}");
}

#[test]
fn names_of_accounts_projects_and_apps_are_text_on_every_page() {
    let house = House::new();
    let name = "<script>a\"'</script>&";
    let own = house.things(name);
    let server = &house.place.server;
    server.wait(server.identity().rename_project(own.project, name.to_owned())).unwrap();
    let change = vec![model::AppChange::Name(name.to_owned())];
    server.wait(server.identity().change_app(own.app, change, |_| panic!("no client"))).unwrap();
    let link = house.link(Some(own.account));
    let (project, app) = (own.project, own.app);
    let mut owner = house.owner();
    for path in [
        "/portal/accounts".to_owned(),
        "/portal/projects".to_owned(),
        "/portal/projects/new".to_owned(),
        "/portal/apps/new".to_owned(),
        format!("/portal/enter?link={link}"),
        format!("/portal/projects/{project}"),
        format!("/portal/projects/{project}/rename"),
        format!("/portal/projects/{project}/delete"),
        format!("/portal/apps/{app}"),
        format!("/portal/apps/{app}/settings"),
        format!("/portal/apps/{app}/delete"),
        format!("/portal/apps/{app}/keys"),
    ] {
        let page = owner.get(&path);
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains("&#60;script&#62;") && has_own_scripts_alone(&page.body), "{path}: {page:?}");
        assert!(!page.body.contains(" style=") && !page.body.contains("<style"), "{path}");
    }
    let made = owner.post_own(&format!("/portal/apps/{app}/keys"), &[("make", "bearer")]);
    assert!(made.status == 200 && has_own_scripts_alone(&made.body), "{made:?}");
}

/// Whether all scripts of a page are files of this server.
fn has_own_scripts_alone(page: &str) -> bool {
    page.matches("<script").count() == page.matches("<script src=\"/portal/assets/").count()
}

#[test]
fn what_stands_in_the_address_is_no_part_of_a_page() {
    let house = House::new();
    for path in ["/portal?done=%3Cscript%3E", "/portal/sign-in?next=%22%3E%3Cscript%3E", "/portal/%3Cscript%3E"] {
        let page = house.nobody().get(path);
        assert!(has_own_scripts_alone(&page.body) && !page.body.contains("script%3E"), "{path}: {page:?}");
    }
}
