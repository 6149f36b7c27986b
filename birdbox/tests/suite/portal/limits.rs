//! Rate limits in the portal: who sees which windows, and what the owner does to them.

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
