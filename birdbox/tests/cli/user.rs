//! `birdbox user` on a store that no server uses.

use crate::place::Place;

fn member(place: &Place, user: &str, name: &str) -> serde_json::Value {
    let line: serde_json::Value = serde_json::from_str(&place.ok(&format!("user get {user}"))).unwrap();
    line["user"][name].clone()
}

#[test]
fn a_user_lives_from_create_to_delete() {
    let place = Place::new();
    assert_eq!(place.ok("user create @Dora --id 77 location=Rome"), "created @Dora (77)\n");
    assert_eq!(member(&place, "77", "name"), "Dora");
    assert_eq!(member(&place, "dora", "location"), "Rome");
    let said = place.run_with(&["user", "set", "dora", "name=Dora D.", "description=#birds", "followers_count=3"]);
    assert_eq!((said.code, said.out.as_str()), (0, "changed @Dora (77)\n"));
    assert_eq!(member(&place, "dora", "name"), "Dora D.");
    assert_eq!(member(&place, "dora", "entities")["description"]["hashtags"][0]["tag"], "birds");
    assert_eq!(member(&place, "dora", "public_metrics")["followers_count"], 3);
    assert_eq!(place.ok("user rename 77 dee"), "renamed to @dee (77)\n");
    assert_eq!(place.run("user get dora").code, 2);
    assert_eq!(place.ok("user rename dee DORA"), "renamed to @DORA (77)\n");
    for (verb, done, state) in [
        ("suspend", "suspended", "suspended"),
        ("deactivate", "deactivated", "deactivated"),
        ("restore", "restored", ""),
    ] {
        assert_eq!(place.ok(&format!("user {verb} 77")), format!("{done} @DORA (77)\n"));
        assert_eq!(member(&place, "77", "state").as_str().unwrap_or_default(), state);
    }
    assert_eq!(place.ok("user protect 77"), "protected @DORA (77)\n");
    assert_eq!(member(&place, "77", "protected"), true);
    assert_eq!(place.ok("user delete @dora"), "deleted @DORA (77)\n");
    assert_eq!(place.run("user get 77").code, 2);
    assert_eq!(place.ok("user create Dora --id 78"), "created @Dora (78)\n");
}

#[test]
fn digits_are_an_id_and_digits_behind_an_at_sign_a_username() {
    let place = Place::new();
    place.ok("user create @12 --id 34");
    assert_eq!(member(&place, "34", "username"), "12");
    assert_eq!(member(&place, "@12", "id"), "34");
    assert_eq!(place.run("user get 12").code, 2);
}

#[test]
fn users_made_without_an_id_get_one_each() {
    let place = Place::new();
    let ids: Vec<_> = ["a", "b", "c"]
        .iter()
        .map(|name| {
            place.ok(&format!("user create {name}"));
            member(&place, name, "id").as_str().unwrap().parse::<u64>().unwrap()
        })
        .collect();
    assert!(ids.is_sorted_by(|one, other| one < other), "{ids:?}");
}
