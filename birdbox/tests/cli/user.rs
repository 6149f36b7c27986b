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
fn users_are_found_by_what_their_usernames_and_names_begin_with() {
    let place = Place::new();
    for (id, username, name) in [(1, "jane", "Zoe"), (2, "Janet", "The \u{7}Bird"), (3, "zoe", "jane")] {
        let id = id.to_string();
        let made = place.run_with(&["user", "create", username, "--id", &id, "--name", name]);
        assert_eq!(made.code, 0, "{}", made.err);
    }
    place.ok("user suspend 2");
    assert_eq!(place.ok("user search JAN"), "@jane (1) Zoe\n@Janet (2) The \\u{7}Bird, suspended\n");
    assert_eq!(place.ok("user search @jan --limit 1"), "@jane (1) Zoe\n");
    assert_eq!(place.ok("user search --name zo"), "@jane (1) Zoe\n");
    let lines = "{\"id\":\"1\",\"username\":\"jane\",\"name\":\"Zoe\",\"state\":\"active\"}\n";
    assert_eq!(place.ok("user search --name zo -o json"), lines);
    assert_eq!(place.run_with(&["user", "search", ""]).out.lines().count(), 3);
    assert_eq!(place.ok("user search nobody"), "");
    assert_eq!(place.run("user search").code, 2);
    // Whoever chooses a name moves no cursor and turns no text; for programs it is exact.
    assert_eq!(place.run_with(&["user", "set", "2", "name=\u{202e}drib\u{9b}2J\nx"]).code, 0);
    let shown = "\\u{202e}drib\\u{9b}2J\\u{a}x";
    assert_eq!(place.ok("user search Janet"), format!("@Janet (2) {shown}, suspended\n"));
    assert!(place.ok("user show 2").contains(&format!("name        {shown}\n")));
    let exact: serde_json::Value = serde_json::from_str(&place.ok("user search Janet -o json")).unwrap();
    assert_eq!(exact["name"], "\u{202e}drib\u{9b}2J\nx");
    place.ok("merge");
    assert_eq!(place.ok("user search --name JANE"), "@zoe (3) jane\n");
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

/// Three users, of whom the first is protected.
fn three(place: &Place) {
    for (name, id) in [("ann", 1), ("bob", 2), ("cid", 3)] {
        place.ok(&format!("user create {name} --id {id}"));
    }
    place.ok("user protect ann");
}

#[test]
fn a_protected_user_accepts_and_rejects_from_the_command_line() {
    let place = Place::new();
    three(&place);
    assert_eq!(
        place.ok("user follow bob ann"),
        "@bob waits to follow @ann; accept it with: birdbox user accept @bob @ann\n"
    );
    place.ok("user follow cid ann");
    assert_eq!(place.ok("user pending ann"), "@cid (3)\n@bob (2)\n");
    assert_eq!(place.ok("user accept bob ann"), "@bob follows @ann\n");
    assert_eq!(place.ok("user reject cid ann"), "@cid does not follow @ann\n");
    assert_eq!(place.ok("user followers ann"), "@bob (2)\n");
    assert_eq!(place.ok("user pending ann"), "");
    let said = place.run("user accept cid ann");
    let reason = "birdbox: user 3 does not wait to follow user 1; see who does with: birdbox user pending 1\n";
    assert_eq!((said.code, said.err.as_str()), (2, reason));
}

#[test]
fn lists_come_newest_first_and_as_long_as_asked() {
    let place = Place::new();
    three(&place);
    for other in ["bob", "cid"] {
        assert_eq!(place.ok(&format!("user follow ann {other}")), format!("@ann follows @{other}\n"));
    }
    assert_eq!(place.ok("user following 1"), "@cid (3)\n@bob (2)\n");
    assert_eq!(place.ok("user following 1 --limit 1"), "@cid (3)\n");
    let json = "{\"id\":\"3\",\"username\":\"cid\"}\n{\"id\":\"2\",\"username\":\"bob\"}\n";
    assert_eq!(place.ok("user following 1 -o json"), json);
    assert_eq!(place.ok("user followers 3 -o json --limit 1"), "{\"id\":\"1\",\"username\":\"ann\"}\n");
    assert_eq!(place.ok("user pending 3 -o json"), "");
    assert_eq!(place.ok("user unfollow ann cid"), "@ann does not follow @cid\n");
    assert_eq!(place.ok("user following 1"), "@bob (2)\n");
    place.ok("user follow cid ann");
    let shown = "username    @ann\nid          1\nname        ann\nprotected   yes\nfollowers   0\nfollowing   1\n\
                 waiting     1; list them with: birdbox user pending @ann\n";
    assert_eq!(place.ok("user show ann"), shown);
}

#[test]
fn blocks_and_mutes_are_set_and_ended() {
    let place = Place::new();
    three(&place);
    place.ok("user follow bob cid");
    assert_eq!(place.ok("user block cid bob"), "@cid blocks @bob\n");
    assert_eq!(place.ok("user followers cid"), "");
    let said = place.run("user follow bob cid");
    let reason = "birdbox: user 3 blocks user 2; end that with: birdbox user unblock 3 2\n";
    assert_eq!((said.code, said.err.as_str()), (2, reason));
    assert_eq!(place.ok("user unblock cid bob"), "@cid does not block @bob\n");
    assert_eq!(place.ok("user follow bob cid"), "@bob follows @cid\n");
    assert_eq!(place.ok("user mute bob cid"), "@bob mutes @cid\n");
    assert_eq!(place.ok("user unmute bob cid"), "@bob does not mute @cid\n");
    for same in ["follow bob bob", "mute bob bob"] {
        assert_eq!(place.run(&format!("user {same}")).code, 2);
    }
    place.ok("user suspend cid");
    let said = place.run("user follow ann cid");
    let reason = "birdbox: the account of user 3 is not active; make it active with: birdbox user restore 3\n";
    assert_eq!((said.code, said.err.as_str()), (2, reason));
}
