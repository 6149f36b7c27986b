//! Projects and Apps: made, shown, set and forgotten in the browser.

use model::{AppId, AppType, Permissions, ProjectId};

use super::house::{House, made_id};
use crate::oauth::browser::Browser;

#[test]
fn a_project_is_made_renamed_and_deleted_once_it_is_empty() {
    let house = House::new();
    let own = house.things("Own");
    let mut developer = house.by_link(Some(own.account));
    let made = developer.post_own("/portal/projects/new", &[("name", "Owls")]);
    let id = made_id(&made);
    let project = || house.place.server.identity().project(ProjectId::new(id)).unwrap();
    assert_eq!(project().unwrap().account, own.account);
    assert!(developer.get(made.header("location").unwrap()).body.contains("<bdi>Owls</bdi>"));
    developer.post_own(&format!("/portal/projects/{id}/rename"), &[("name", "Eagles")]);
    assert_eq!(project().unwrap().name, "Eagles");
    let full = format!("/portal/projects/{}/delete", own.project);
    assert!(developer.get(&full).body.contains("There are Apps in it."));
    let refused = developer.post_own(&full, &[]);
    assert!(refused.status == 422 && refused.body.contains("There are Apps in it."), "{refused:?}");
    assert!(developer.get(&format!("/portal/projects/{id}/delete")).body.contains("This cannot be undone."));
    let reply = developer.post_own(&format!("/portal/projects/{id}/delete"), &[]);
    assert_eq!(reply.header("location"), Some("/portal/projects?done=deleted"));
    assert_eq!(project(), None);
}

#[test]
fn an_app_is_made_set_and_deleted() {
    let house = House::new();
    let own = house.things("Own");
    let mut developer = house.by_link(Some(own.account));
    let project = own.project.to_string();
    let form = developer.get(&format!("/portal/apps/new?project={project}"));
    assert!(form.body.contains(&format!("<option value=\"{project}\" selected>")), "{form:?}");
    let fields = [("name", "writer"), ("project", &*project), ("permissions", "read-write"), ("type", "")];
    let made = developer.post_own("/portal/apps/new", &fields);
    assert_eq!(made.status, 200, "{made:?}");
    let id: u64 = made.between("href=\"/portal/apps/", "\"").unwrap().parse().unwrap();
    let app = || house.place.server.identity().app(AppId::new(id));
    let before = app().unwrap().app.clone();
    assert_eq!((before.account, before.project), (own.account, Some(own.project)));
    assert_eq!((before.permissions, before.app_type), (Permissions::ReadWrite, None));

    let callbacks = "https://example.com/callback\r\n\r\n  oob \r\n";
    let fields = [
        ("name", "writer 2"),
        ("project", ""),
        ("permissions", "read"),
        ("type", "native"),
        ("callbacks", callbacks),
        ("website", " https://example.com "),
    ];
    let target = format!("/portal/apps/{id}/settings");
    assert_eq!(
        developer.post_own(&target, &fields).header("location"),
        Some(&*format!("/portal/apps/{id}?done=saved"))
    );
    let after = app().unwrap().app.clone();
    assert_eq!((after.name.as_str(), after.project, after.oauth2), ("writer 2", None, false));
    assert_eq!(after.app_type, Some(AppType::Native));
    assert_eq!(after.callbacks, ["https://example.com/callback", "oob"]);
    assert_eq!(after.website.as_deref(), Some("https://example.com"));
    let page = developer.get(&format!("/portal/apps/{id}"));
    assert!(page.body.contains("a standalone App") && page.body.contains("<code>oob</code>"), "{page:?}");

    // Switched on, OAuth 2.0 has a client id and secret, which are shown this once.
    let on = developer.post_own(&target, &[&fields[..], &[("oauth2", "on")]].concat());
    assert!(on.status == 200 && on.body.contains("Client Secret"), "{on:?}");
    assert_eq!(developer.post_own(&target, &[&fields[..], &[("oauth2", "on")]].concat()).status, 303);

    assert!(developer.get(&format!("/portal/apps/{id}/delete")).body.contains("Delete the App"));
    assert_eq!(developer.post_own(&format!("/portal/apps/{id}/delete"), &[]).status, 303);
    assert!(app().is_none());
}

#[test]
fn a_developer_sees_what_is_own_and_the_owner_sees_all() {
    let house = House::new();
    let (own, other) = (house.things("Own account"), house.things("Other account"));
    let page = house.by_link(Some(own.account)).get("/portal/projects");
    assert!(page.body.contains(&format!("/portal/apps/{}\"", own.app)), "{page:?}");
    assert!(!page.body.contains(&format!("/portal/apps/{}\"", other.app)) && !page.body.contains("Other account"));
    let page = house.owner().get("/portal/projects");
    for app in [own.app, other.app, AppId::new(1)] {
        assert!(page.body.contains(&format!("/portal/apps/{app}\"")), "{page:?}");
    }
}

#[test]
fn of_many_forms_at_once_no_more_than_the_hundredth_project_is_made() {
    let house = House::new();
    let own = house.things("Own");
    let server = &house.place.server;
    for _ in 2..100 {
        let name = "Owls".to_owned();
        server.wait(server.identity().create_project(own.account, name, None, house.place.now())).unwrap();
    }
    let developer = house.by_link(Some(own.account));
    let statuses = std::thread::scope(|scope| {
        let send = |mut developer: Browser| developer.post_own("/portal/projects/new", &[("name", "Owls")]).status;
        let threads: Vec<_> = (0..8).map(|_| developer.clone()).map(|one| scope.spawn(move || send(one))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 7, "{statuses:?}");
}

#[test]
fn a_developer_makes_a_hundred_projects_and_the_owner_more() {
    let house = House::new();
    let own = house.things("Own");
    let mut developer = house.by_link(Some(own.account));
    for _ in 1..100 {
        assert_eq!(developer.post_own("/portal/projects/new", &[("name", "Owls")]).status, 303);
    }
    let refused = developer.post_own("/portal/projects/new", &[("name", "Owls")]);
    assert!(refused.status == 403 && refused.body.contains("The developer account is full"), "{refused:?}");
    let account = own.account.to_string();
    let made = house.owner().post_own("/portal/projects/new", &[("name", "Owls"), ("account", &account)]);
    assert_eq!(made.status, 303);
}
