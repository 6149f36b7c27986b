//! Flags, variables and birdbox.toml, and which of them wins.

use crate::place::Place;

#[test]
fn the_printed_file_can_be_used_as_it_is() {
    let place = Place::with_data();
    place.write("birdbox.toml", place.ok("config"));
    assert!(place.ok("env").contains("http://127.0.0.1:8080'"));
}

#[test]
fn a_flag_beats_a_variable_and_a_variable_beats_the_file() {
    let mut place = Place::with_data();
    let base_url = |place: &Place| place.ok("env -o dotenv").lines().next().unwrap().to_owned();
    place.write("birdbox.toml", "[server]\nlisten = \"127.0.0.1:1001\"\n[store]\ndata = \"from-file\"\n");
    assert_eq!(place.run("env").complaint().0, 2, "there is no data in from-file");
    place.set_variable("BIRDBOX_STORE__DATA", "birdbox-data");
    assert_eq!(base_url(&place), "BASE_URL=http://127.0.0.1:1001");
    place.set_variable("BIRDBOX_SERVER__LISTEN", "127.0.0.1:1002");
    assert_eq!(base_url(&place), "BASE_URL=http://127.0.0.1:1002");
    assert_eq!(place.run("env --data elsewhere").complaint().0, 2);
    assert_eq!(place.run("--data elsewhere env").complaint().0, 2);
}

#[test]
fn unknown_keys_are_refused_with_a_suggestion() {
    let mut place = Place::with_data();
    place.write("birdbox.toml", "[server]\nlisen = \"127.0.0.1:1001\"\n");
    let wrong_key = "birdbox.toml line 2: unknown key server.lisen; did you mean server.listen?";
    assert_eq!(place.run("env").complaint(), (2, wrong_key));
    assert_eq!(place.run("").complaint(), (2, wrong_key));
    place.write("other.toml", "");
    place.set_variable("BIRDBOX_LOG__LEVL", "info");
    let wrong_variable = "environment: unknown variable BIRDBOX_LOG__LEVL; did you mean BIRDBOX_LOG__LEVEL?";
    assert_eq!(place.run("env --config other.toml").complaint(), (2, wrong_variable));
}

#[test]
fn numbers_that_no_machine_can_take_are_refused() {
    for (variable, expected) in [
        ("BIRDBOX_STORE__MAP_SIZE", "give a size from 1MiB to 64TiB in MiB, GiB or TiB, such as 64GiB"),
        ("BIRDBOX_SERVER__MAX_BODY", "give a size above zero, at most 1GiB, in B, KiB, MiB or GiB, such as 16KiB"),
        ("BIRDBOX_SERVER__WORKERS", "give a whole number up to 1024"),
    ] {
        let mut place = Place::with_data();
        place.set_variable(variable, "18446744073709551615");
        let line = format!("{variable}: cannot use \"18446744073709551615\"; {expected}");
        assert_eq!(place.run("env").complaint(), (2, line.as_str()));
        assert_eq!(place.run("serve").complaint(), (2, line.as_str()));
    }
    let mut place = Place::new();
    place.set_variable("BIRDBOX_SERVER__HEADER_TIMEOUT", "18446744073709551s");
    let line = "BIRDBOX_SERVER__HEADER_TIMEOUT: cannot use \"18446744073709551s\"; \
        give a time above zero, at most 24h, with its unit (ms, s, m or h), such as 10s";
    assert_eq!(place.run("serve").complaint(), (2, line));
}

#[test]
fn env_prints_the_same_token_in_every_form() {
    let place = Place::with_data();
    let token = |form: &str| {
        let out = place.ok(&format!("env -o {form}"));
        let start = out.find("AAAAAAAA").unwrap();
        out[start..].chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '%').collect::<String>()
    };
    assert!(token("export").len() > 80);
    assert_eq!(token("export"), token("dotenv"));
    assert_eq!(token("export"), token("json"));
    let json = place.ok("env -o json");
    let object: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(object["BASE_URL"], "http://127.0.0.1:8080");
}

#[test]
fn nobody_approves_developers_unasked_where_other_machines_reach_the_server() {
    let mut place = Place::with_data();
    place.set_variable("BIRDBOX_PORTAL__APPROVAL", "automatic");
    let refused = "portal.approval: with \"automatic\" every user makes keys at 0.0.0.0:0, which other machines reach; set it to \"owner\", or listen on 127.0.0.1 without --public";
    assert_eq!(place.run("serve --listen 0.0.0.0:0 --public").complaint(), (2, refused));
}
