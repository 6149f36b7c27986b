//! Usage in the portal: what is counted, who sees it, what it would have cost, and that it is kept.

use model::{AppId, Day, DayOfApp, Used};

use super::house::{House, Things};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// An App that asked for three users with two posts, and once in vain.
fn used(house: &House, own: Things) {
    let bearer = house.bearer(own.app);
    let two = "/2/users?ids=2244994945,6253282&expansions=pinned_tweet_id";
    assert_eq!(house.ask(two, &bearer).status, 200);
    assert_eq!(house.ask("/2/users/2244994945", &bearer).status, 200);
    assert_eq!(house.ask("/2/users?ids=x", &bearer).status, 400);
}

/// What is kept of today.
fn today(house: &House) -> Vec<DayOfApp> {
    let state = house.place.server.state();
    state.store.identity().usage_of(Day::of(house.place.now()), None).unwrap()
}

#[test]
fn usage_is_shown_by_operation_app_and_day_with_what_it_would_have_cost() {
    let house = House::new();
    let (own, other) = (house.things("Own"), house.things("Other"));
    used(&house, own);
    let mut developer = house.by_link(Some(own.account));
    let page = developer.get("/portal/usage");
    for part in ["<svg viewBox", "<title>2026-06-15: 3 requests, 1 errors</title>", "getUsersByIds", "By the prices of"]
    {
        assert!(page.body.contains(part), "{part}: {page:?}");
    }
    let file = developer.get("/portal/usage.csv?days=7");
    let app = own.app;
    let lines: Vec<_> = file.body.lines().collect();
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let [head, ids, id] = lines[..] else { panic!("{file:?}") };
    assert_eq!(head, "day,app,operation,requests,errors,users,posts,usd");
    assert!(ids.starts_with(&format!("2026-06-15,{app},getUsersByIds,2,1,")), "{ids}");
    assert_eq!(id, format!("2026-06-15,{app},getUsersById,1,0,1,0,0.010"));

    let mut foreign = house.by_link(Some(other.account));
    assert!(foreign.get("/portal/usage").body.contains("Nothing was used"), "nobody else's");
    assert_eq!(foreign.get(&format!("/portal/usage?app={app}")).status, 404);
    assert_eq!(foreign.get(&format!("/portal/usage.csv?app={app}")).status, 404);
    assert_eq!(foreign.get("/portal/usage.csv").body.lines().count(), 1);
    let mut owner = house.owner();
    assert!(owner.get(&format!("/portal/usage?app={app}&days=7")).body.contains("getUsersById"));
    for wrong in ["/portal/usage?days=8", "/portal/usage?app=x"] {
        let page = owner.get(wrong);
        assert!(page.status == 422 && page.body.contains("role=\"alert\""), "{wrong}: {page:?}");
    }
}

#[test]
fn what_is_written_and_what_is_not_yet_are_counted_once_together() {
    let house = House::new();
    let own = house.things("Own");
    let state = house.place.server.state();
    let write = || house.place.server.wait(state.usage.write(&state.store)).unwrap();
    used(&house, own);
    assert!(today(&house).is_empty());
    write();
    let total = || {
        let today = Day::of(house.place.now());
        let rows = state.usage.sum(&state.store, today, 1, Some(&[own.app]), Vec::push).unwrap().unwrap();
        let all = rows.iter().flat_map(|row| &row.operations);
        all.fold(Used::default(), |total, (_, used)| total.and(*used))
    };
    let once = total();
    assert_eq!((once.requests, once.errors, once.users), (3, 1, 3));
    used(&house, own);
    assert_eq!(total(), once.and(once));
    write();
    write();
    assert_eq!(total(), once.and(once));
    let [row] = &today(&house)[..] else { panic!("one App") };
    let requests: Vec<_> = row.operations.iter().map(|(name, used)| (name.as_str(), used.requests)).collect();
    assert_eq!(requests, [("getUsersByIds", 4), ("getUsersById", 2)]);
    // The next day begins anew, and the first one stays.
    house.place.pass(DAY_MS);
    assert_eq!(total(), Used::default());
    let file = house.owner().get("/portal/usage.csv?days=7");
    assert!(file.body.contains("2026-06-15"), "{file:?}");
}

#[test]
fn usage_is_forgotten_after_the_days_that_are_kept_and_stays_when_its_app_goes() {
    let house = House::set(&[("portal", "usage_days", "2")]);
    let own = house.things("Own");
    let server = &house.place.server;
    let state = server.state();
    used(&house, own);
    server.wait(state.usage.write(&state.store)).unwrap();
    server.wait(state.store.identity().delete_app(own.app)).unwrap();
    let page = house.owner().get("/portal/usage");
    assert!(page.body.contains(&format!("App {}</bdi>", own.app)), "{page:?}");
    let day = Day::of(house.place.now());
    for (passed, left) in [(DAY_MS, 1), (DAY_MS, 0)] {
        house.place.pass(passed);
        server.wait(state.store.identity().sweep(house.place.now())).unwrap();
        assert_eq!(state.store.identity().usage_of(day, None).unwrap().len(), left);
    }
}

#[test]
fn with_0_days_nothing_is_counted() {
    let house = House::set(&[("portal", "usage_days", "0")]);
    let own = house.things("Own");
    used(&house, own);
    assert!(house.owner().get("/portal/usage").body.contains("The server counts nothing"));
    let state = house.place.server.state();
    house.place.server.wait(state.usage.write(&state.store)).unwrap();
    let rows = state.usage.sum(&state.store, Day::of(house.place.now()), 1, None, Vec::push).unwrap().unwrap();
    assert!(rows.is_empty(), "{rows:?}");
}

#[test]
fn usage_of_many_apps_is_added_up_and_those_with_the_most_requests_are_shown() {
    const APPS: u64 = 20_000;
    let house = House::new();
    let own = house.things("Own");
    let (server, today) = (&house.place.server, Day::of(house.place.now()));
    let row = |day: Day, app: u64, requests: u64| DayOfApp {
        day,
        app: AppId::new(app),
        operations: vec![("getUsersById".to_owned(), Used { requests, ..Used::default() })],
        expires_at: today.plus(90).start(),
    };
    // App 1000 has 1000 requests, and so on: on two days, half of them each.
    let rows = (1..=APPS).flat_map(|app| [row(today, app + 100, app), row(today.minus(1), app + 100, app)]);
    server.wait(server.identity().add_usage(rows.collect())).unwrap();
    server.wait(server.identity().add_usage(vec![row(today, own.app.get(), 7)])).unwrap();
    let page = house.owner().get("/portal/usage?days=7");
    let total = "<dt>Requests</dt><dd>400,020,007</dd>";
    let most = format!("<bdi>App {}</bdi></td><td class=\"number\">40,000</td>", APPS + 100);
    assert!(page.body.contains(total) && page.body.contains(&most), "{page:?}");
    assert!(page.body.contains("And 19901 more, with fewer requests"), "{page:?}");
    let mut developer = house.by_link(Some(own.account));
    let page = developer.get("/portal/usage?days=7");
    assert!(page.body.contains("<dt>Requests</dt><dd>7</dd>"), "{page:?}");
    let file = house.owner().get("/portal/usage.csv?days=7");
    assert_eq!(file.body.lines().count() as u64, 2 * APPS + 2);
}
