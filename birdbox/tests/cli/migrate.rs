//! `birdbox migrate-request`: lines for a shell, and what is wrong with a request.

use crate::place::Place;

#[test]
fn a_request_of_v1_becomes_commands_and_comments() {
    let place = Place::new();
    let request = "curl -s 'http://127.0.0.1:8080/1.1/followers/ids.json?screen_name=TwitterDev&cursor=-1' -H \"Authorization: Bearer $T\"";
    let said = place.run_with(&["migrate-request", request]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let (commands, comments): (Vec<_>, Vec<_>) = said.out.lines().partition(|line| !line.starts_with('#'));
    assert_eq!(
        commands,
        [
            "curl \"http://127.0.0.1:8080/2/users/by/username/TwitterDev\" \\",
            "  -H \"Authorization: Bearer $T\"",
            "curl \"http://127.0.0.1:8080/2/users/$USER_ID/followers?max_results=1000\" \\",
            "  -H \"Authorization: Bearer $T\"",
        ]
    );
    let comments = comments.join("\n");
    for part in ["data.id of the reply is $USER_ID below", "cursor: pagination_token", "v2 has no list of bare ids"] {
        assert!(comments.contains(part), "{part}: {comments}");
    }
    assert!(place.names().is_empty(), "nothing is made where it runs");
}

#[test]
fn words_need_no_quotes_around_them_all() {
    let words = "migrate-request curl -d screen_name=a -H Authorization:\u{a0}OAuth https://api.x.com/1.1/friendships/create.json";
    let words: Vec<&str> = words.split(' ').collect();
    let out = Place::new().run_with(&words).out;
    assert!(out.contains("curl -X POST \"https://api.x.com/2/users/$MY_ID/following\""), "{out}");
    assert!(
        out.contains("-H 'Content-Type: application/json' -d \"{\\\"target_user_id\\\":\\\"$TARGET_ID\\\"}\""),
        "{out}"
    );
}

#[test]
fn commands_of_twurl_and_wget_are_read_too() {
    let place = Place::new();
    for (request, expected) in [
        (
            "twurl -d 'screen_name=a&follow=true' /1.1/friendships/create.json",
            "curl -X POST \"https://api.x.com/2/users/$MY_ID/following\"",
        ),
        ("twurl -H 127.0.0.1:8080 '/1.1/users/show.json?user_id=1'", "curl \"https://127.0.0.1:8080/2/users/1?"),
        ("wget -qO- --header='X-Y: z' 'https://api.x.com/1.1/users/show.json?user_id=1'", "\" \\\n  -H \"X-Y: z\""),
        (
            "wget --post-data 'screen_name=a' api.x.com/1.1/friendships/create.json",
            "curl -X POST \"https://api.x.com/2/users/$MY_ID/following\"",
        ),
    ] {
        let said = place.run_with(&["migrate-request", request]);
        assert!(said.code == 0 && said.out.contains(expected), "{request}: {said:?}");
    }
}

#[test]
fn nothing_of_a_request_reaches_a_shell_as_a_command() {
    let request = "curl 'x.com/1.1/users/show.json?user_id=1&%0Arm=1' -H 'X: `rm` $(rm) \"; rm' ";
    let out = Place::new().run_with(&["migrate-request", request]).out;
    assert!(out.contains("-H 'X: `rm` $(rm) \"; rm'"), "{out}");
    assert!(!out.lines().any(|line| line.starts_with("rm")), "{out}");
}

#[test]
fn what_has_no_counterpart_is_an_error_that_lists_what_has() {
    let place = Place::new();
    for (request, expected) in [
        (
            "/1.1/statuses/show.json?id=1",
            "REQUEST: \"/1.1/statuses/show.json\" has no counterpart here; known are /1.1/ and users/show, users/lookup, followers/list, followers/ids, friends/list, friends/ids, friendships/create, friendships/destroy, friendships/show, friendships/lookup, account/verify_credentials",
        ),
        ("curl 'a", "REQUEST: a quote is not closed; close it"),
        ("users/show", "REQUEST: users/show wants to know of whom; add user_id or screen_name"),
        (
            "http GET api.x.com/1.1/users/show.json",
            "REQUEST: http is no command that is read here; give a command of curl, twurl or wget, or an address of API v1.1",
        ),
        ("curl --frobnicate users/show", "REQUEST: --frobnicate is no option that is known here; leave it out"),
    ] {
        let said = place.run_with(&["migrate-request", request]);
        assert_eq!(said.complaint(), (2, expected));
    }
}
