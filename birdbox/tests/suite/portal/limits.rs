//! Rate limits in the portal: who sees which windows, and what the owner does to them.

use model::AppId;
use store::Subject;

use super::house::House;

#[test]
fn windows_are_shown_to_those_whose_they_are_with_what_is_left() {
    let house = House::new();
    let (own, other) = (house.things("Own"), house.things("Other"));
    let (mine, theirs) = (house.bearer(own.app), house.bearer(other.app));
    for bearer in [&mine, &mine, &theirs] {
        assert_eq!(house.ask("/2/users/2244994945", bearer).status, 200);
    }
    house.place.pass(61_000);
    let mut developer = house.by_link(Some(own.account));
    let page = developer.get("/portal/limits");
    assert!(page.body.contains("2 of 300 used") && page.body.contains("resets in 13 min 59 s"), "{page:?}");
    assert!(page.body.contains("<progress max=\"300\" value=\"2\""), "{page:?}");
    assert_eq!(page.body.matches("<progress").count(), 1, "nobody else's: {page:?}");
    assert!(!page.body.contains("name=\"reset\"") && !page.body.contains("name=\"mode\""), "{page:?}");
    let page = house.owner().get("/portal/limits");
    assert_eq!(page.body.matches("<progress").count(), 2, "{page:?}");
}

#[test]
fn the_owner_resets_one_window_or_all() {
    let house = House::new();
    let (own, other) = (house.things("Own"), house.things("Other"));
    let bearers = [house.bearer(own.app), house.bearer(other.app)];
    let mut owner = house.owner();
    let ask = || bearers.iter().for_each(|bearer| assert_eq!(house.ask("/2/users/2244994945", bearer).status, 200));
    ask();
    let one = format!("getUsersById app-{}", own.app);
    let reply = owner.post_own("/portal/limits/reset", &[("reset", &one)]);
    assert_eq!(reply.header("location"), Some("/portal/limits?done=reset"));
    let page = owner.get("/portal/limits");
    assert!(page.body.matches("<progress").count() == 1 && page.body.contains(&format!("app-{}", other.app)));
    ask();
    assert_eq!(owner.post_own("/portal/limits/reset", &[("reset", "all")]).status, 303);
    assert!(owner.get("/portal/limits").body.contains("No request was counted lately"));
    for bad in ["", "nothing app-1", "getUsersById", "getUsersById app-x", "getUsersById team-1"] {
        assert_eq!(owner.post_own("/portal/limits/reset", &[("reset", bad)]).status, 404, "{bad}");
    }
}

#[test]
fn the_owner_switches_which_limits_hold_at_once_and_the_form_keeps_what_is_wrong() {
    let house = House::new();
    let own = house.things("Own");
    let bearer = house.bearer(own.app);
    let limit = || {
        let reply = house.ask("/2/users/2244994945", &bearer);
        reply.header("x-rate-limit-limit").map(str::to_owned)
    };
    let mut owner = house.owner();
    for (mode, factor, expected) in [
        ("times", "10", Some("3000")),
        ("off", "", None),
        ("faithful", "7", Some("300")),
        ("times", " 2 ", Some("600")),
        ("default", "", Some("300")),
    ] {
        let reply = owner.post_own("/portal/limits", &[("mode", mode), ("factor", factor)]);
        assert_eq!((reply.status, limit().as_deref()), (303, expected), "{mode} {factor}: {reply:?}");
    }
    for (mode, factor, field) in [("times", "0", "factor"), ("times", "ten", "factor"), ("often", "3", "mode")] {
        let reply = owner.post_own("/portal/limits", &[("mode", mode), ("factor", factor)]);
        assert!(reply.status == 422 && reply.body.contains(&format!("id=\"{field}-wrong\"")), "{reply:?}");
        assert!(reply.body.contains(&format!("value=\"{factor}\"")), "{reply:?}");
    }
    assert_eq!(limit().as_deref(), Some("300"));
}

#[test]
fn of_many_windows_those_with_the_most_requests_are_shown() {
    const APPS: u64 = 20_000;
    let house = House::new();
    let own = house.things("Own");
    let (state, now) = (house.place.server.state(), house.place.now());
    let operation = xapi::Operation::named("getUsersById").unwrap();
    let ask = |app: AppId, times: u64| {
        (0..times).for_each(|_| assert!(state.limits.allow(operation, Subject::App(app), now).is_some()));
    };
    (1000..1000 + APPS).for_each(|app| ask(AppId::new(app), 1));
    ask(AppId::new(5000), 6);
    ask(own.app, 3);
    let page = house.owner().get("/portal/limits");
    let at = |text: &str| page.body.find(text).unwrap_or_else(|| panic!("{text}: {page:?}"));
    assert!(at("App 5000") < at("3 of 300 used") && at("7 of 300 used") < at("1 of 300 used"), "{page:?}");
    assert_eq!(page.body.matches("<progress").count(), 100);
    assert!(page.body.contains(&(APPS + 1 - 100).to_string()), "{page:?}");
    let page = house.by_link(Some(own.account)).get("/portal/limits");
    assert_eq!(page.body.matches("<progress").count(), 1, "nobody else's: {page:?}");
}
