//! Developer accounts, Projects, Apps, tokens and passwords, on a store that no server uses.

use serde_json::Value;

use crate::place::{Place, start};

/// What a command says with `-o json`.
fn json(place: &Place, arguments: &str) -> Value {
    serde_json::from_str(&place.ok(&format!("{arguments} -o json"))).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A place with a user, an approved account, a Project and an App in it, each but the user
/// with the id 2.
fn filled() -> Place {
    let place = Place::new();
    place.ok("user create alice --id 100");
    place.ok("account create Dev --approved");
    place.ok("project create Birds --account 2");
    place.ok("app create reader --account 2 --project 2 type=web callbacks=http://127.0.0.1/cb,oob oauth2=on");
    place
}

#[test]
fn an_account_waits_until_it_is_approved() {
    let place = Place::new();
    assert_eq!(place.ok("account create Dev"), "created 2 (Dev), state pending\n");
    let refused = "--account: the developer account 2 is pending, and only an approved one can make keys; approve it with `birdbox account approve`";
    assert_eq!(place.run("app create x --account 2").complaint(), (2, refused));
    assert_eq!(place.ok("account approve 2"), "approved 2 (Dev), state approved\n");
    assert!(place.ok("app create x --account 2").starts_with("created 2 (x), account 2 (approved)\n"));
    assert_eq!(place.ok("account suspend 2"), "suspended 2 (Dev), state suspended\n");
    assert_eq!(json(&place, "app show 2")["account_state"], "suspended");
    assert_eq!(place.run("app regenerate 2 bearer").complaint().0, 2);
    place.ok("app revoke 2 bearer");
    let states: Vec<_> = json(&place, "account list").as_array().unwrap().iter().map(|a| a["state"].clone()).collect();
    assert_eq!(states, ["approved", "suspended"]);
}

#[test]
fn secrets_are_shown_once() {
    let place = filled();
    let made = json(&place, "app create other --account 2 type=bot callbacks=https://example.com/ oauth2=on");
    let secrets = ["consumer_secret", "bearer_token", "client_secret"].map(|name| text(&made[name]).to_owned());
    let token = json(&place, "token create --app 3 --as alice");
    assert!(text(&token["access_token"]).starts_with("100-"));
    for arguments in ["app show 3", "app keys 3", "app list", "token list", "account list", "project show 2"] {
        for form in ["text", "json"] {
            let said = place.ok(&format!("{arguments} -o {form}"));
            for secret in secrets.iter().map(String::as_str).chain([text(&token["access_token_secret"])]) {
                assert!(!said.contains(secret), "birdbox {arguments} -o {form}");
            }
        }
    }
    for name in ["consumer_key", "client_id"] {
        assert_eq!(json(&place, "app keys 3")[name], made[name]);
    }
}

#[test]
fn a_link_into_the_portal_is_printed_with_its_end() {
    let place = filled();
    let printed = place.ok("portal link");
    let (link, rest) = printed.split_once("\n\n").unwrap();
    let secret = link.strip_prefix("http://127.0.0.1:8080/portal/enter?link=").unwrap();
    assert!(secret.len() == 43 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{printed}");
    assert!(rest.starts_with("It signs in once, until 20") && rest.ends_with("Z.\n"), "{printed}");
    let [one, two] = [0, 1].map(|_| text(&json(&place, "portal link --account 2")["link"]).to_owned());
    assert_ne!(one, two);
}

#[test]
fn secrets_that_nobody_could_read_can_be_made_again() {
    let place = filled();
    let onto_a_full_disk = |arguments: &str| {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = start(place.command(arguments).stdout(full)).wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let begin = "birdbox: the standard output cannot be written: No space left on device (os error 28)";
    let lost = format!("{begin}; the secrets that were made are lost, make others with: ");
    for (arguments, again) in [
        ("app create x --account 2", "birdbox app regenerate 3 consumer; birdbox app regenerate 3 bearer\n"),
        ("app regenerate 2 client", "birdbox app regenerate 2 client\n"),
        ("token create --app 2 --as alice -o json", "birdbox token create\n"),
        ("portal link", "birdbox portal link\n"),
    ] {
        assert_eq!(onto_a_full_disk(arguments), (Some(1), format!("{lost}{again}")), "birdbox {arguments}");
    }
    assert_eq!(onto_a_full_disk("app list"), (Some(1), format!("{begin}\n")));
}

#[test]
fn commands_at_once_wait_for_each_other() {
    let place = filled();
    let children: Vec<_> = (0..4).map(|_| start(&mut place.command("app list"))).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}

#[test]
fn no_secret_lies_in_the_data_directory() {
    let place = filled();
    let app = json(&place, "app create other --account 2 type=web callbacks=https://example.com/ oauth2=on");
    let token = json(&place, "token create --app 3 --as alice");
    let client = text(&app["client_id"]);
    let said = place.run_with(&[
        "oauth2",
        "authorize",
        "--as",
        "alice",
        "--client",
        client,
        "--scope",
        "offline.access tweet.read",
        "-o",
        "json",
    ]);
    let grant: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(place.pipe("correct horse\n", "user password alice --stdin").code, 0);
    let secrets = [
        text(&app["consumer_secret"]),
        text(&app["bearer_token"]),
        text(&app["client_secret"]),
        text(&token["access_token"]),
        text(&token["access_token_secret"]),
        text(&grant["access_token"]),
        text(&grant["refresh_token"]),
        "correct horse",
    ];
    let data = std::fs::read(place.path("birdbox-data/log/data.mdb")).unwrap();
    for secret in secrets {
        assert!(!data.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
    let key = text(&app["consumer_key"]).as_bytes();
    assert!(data.windows(key.len()).any(|window| window == key), "what is no secret is there");
}

#[test]
fn regenerated_keys_are_new_and_revoked_ones_are_gone() {
    let place = filled();
    let before = json(&place, "app show 2");
    let made = json(&place, "app regenerate 2 consumer");
    assert_ne!(made["consumer_key"], before["consumer_key"]);
    assert_eq!(json(&place, "app show 2")["consumer_key"], made["consumer_key"]);
    let bearers = [(); 2].map(|()| json(&place, "app regenerate 2 bearer")["bearer_token"].clone());
    assert_ne!(bearers[0], bearers[1]);
    place.ok("app revoke 2 consumer");
    place.ok("app revoke 2 bearer");
    let app = json(&place, "app show 2");
    assert_eq!((&app["consumer_key"], &app["has_bearer_token"]), (&Value::Null, &Value::Bool(false)));
}

#[test]
fn oauth2_is_off_until_type_and_callback_are_set() {
    let place = filled();
    place.ok("app create plain --account 2");
    assert_eq!(json(&place, "app show 3")["client_id"], Value::Null);
    let refused = "APP: OAuth 2.0 is off for the App 3; switch it on with `birdbox app set APP oauth2=on`";
    assert_eq!(place.run("app regenerate 3 client").complaint(), (2, refused));
    assert_eq!(place.run("app set 3 oauth2=on").complaint().0, 2);
    let set = json(&place, "app set 3 type=native callbacks=my.app://done oauth2=on");
    let client = text(&set["client_secret"]).to_owned();
    assert!(!place.ok("app set 3 name=renamed -o json").contains(&client), "only once");
    place.ok("app set 3 oauth2=off");
    assert_eq!(json(&place, "app show 3")["client_id"], Value::Null);
    assert_eq!(json(&place, "app set 3 oauth2=on")["client_id"], set["client_id"]);
}

#[test]
fn tokens_are_listed_and_revoked_and_end_with_their_user() {
    let place = filled();
    place.ok("user create bob --id 200");
    place.ok("token create --app 2 --as alice");
    place.ok("token create --app 2 --as bob");
    let client = text(&json(&place, "app show 2")["client_id"]).to_owned();
    let said = place.ok(&format!("oauth2 authorize --as @alice --client {client} --scope tweet.read -o json"));
    let grant: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&grant["scope"], &grant["expires_in"]), (&"tweet.read".into(), &7200.into()));
    assert_eq!(grant.get("refresh_token"), None);
    let ids = |arguments: &str| -> Vec<String> {
        json(&place, arguments).as_array().unwrap().iter().map(|token| text(&token["id"]).to_owned()).collect()
    };
    assert_eq!(ids("token list"), ["oauth1-1", "oauth1-2", "oauth2-1"]);
    assert_eq!(ids("token list --as alice"), ["oauth1-1", "oauth2-1"]);
    assert_eq!(ids("token list --app 1"), Vec::<String>::new());
    assert_eq!(place.ok("token revoke oauth2-1"), "revoked oauth2-1\n");
    place.ok("user delete bob");
    assert_eq!(ids("token list"), ["oauth1-1"]);
    place.ok("app delete 2");
    assert_eq!(place.ok("token list"), "none\n");
}

#[test]
fn a_password_is_set_and_taken_away() {
    let place = filled();
    let set = |input: &str| place.pipe(input, "user password alice --stdin");
    assert_eq!((set("secret\n").code, set("secret\n").out.as_str()), (0, "set the password of @alice (100)\n"));
    assert_eq!(place.ok("user password alice --remove"), "removed the password of @alice (100)\n");
    assert_eq!(set("").complaint(), (2, "the password is empty or too long; give 1 to 1024 bytes"));
}

#[test]
fn the_environment_has_what_is_there_and_the_same_again() {
    let place = filled();
    let first = place.ok("env -o dotenv");
    let names: Vec<_> = first.lines().map(|line| line.split_once('=').unwrap().0).collect();
    assert_eq!(
        names,
        [
            "BASE_URL",
            "BEARER_TOKEN",
            "CONSUMER_KEY",
            "CONSUMER_SECRET",
            "CLIENT_ID",
            "CLIENT_SECRET",
            "TWEETBINDER_TOKEN"
        ],
        "without the sample there is no user"
    );
    assert_eq!(place.ok("env -o dotenv"), first);
    place.ok("user create birdbox_owner --id 9000000000000000101");
    let all = json(&place, "env");
    assert!(text(&all["ACCESS_TOKEN"]).starts_with("9000000000000000101-"));
    assert_eq!((&all["USER_ID"], &all["USERNAME"]), (&"9000000000000000101".into(), &"birdbox_owner".into()));
    let made = json(&place, "app regenerate 1 consumer");
    let now = json(&place, "env");
    assert_eq!(now["CONSUMER_SECRET"], made["consumer_secret"]);
    assert_ne!(now["CONSUMER_SECRET"], all["CONSUMER_SECRET"]);
    place.ok("app delete 1");
    let left = json(&place, "env");
    assert_eq!(left.as_object().unwrap().keys().collect::<Vec<_>>(), ["BASE_URL", "USER_ID", "USERNAME"]);
}

#[test]
fn credentials_that_the_store_does_not_know_are_not_printed() {
    let place = filled();
    let key = place.path("birdbox-data").join("secret.key");
    std::fs::write(key, [7; 32]).unwrap();
    assert_eq!(json(&place, "env").as_object().unwrap().keys().collect::<Vec<_>>(), ["BASE_URL"]);
}

#[test]
fn looking_into_a_directory_makes_none() {
    let place = Place::new();
    for command in
        ["account list", "app list", "token list", "app delete 1", "oauth2 authorize --as x --client y --scope z"]
    {
        let said = place.run(command);
        assert_eq!(said.complaint().0, 2, "{command}: {}", said.complaint().1);
        assert_eq!(place.names(), Vec::<String>::new(), "{command}");
    }
}

#[test]
fn names_cannot_read_like_other_names() {
    let place = filled();
    for name in ["a\u{202E}b", "a\u{200B}b", "a\u{2028}b"] {
        assert_eq!(place.run_with(&["app", "create", name, "--account", "2"]).complaint().0, 2, "{name:?}");
    }
}

#[test]
fn wrong_arguments_are_one_line_that_names_them() {
    let place = filled();
    let user = "USER: there is no user @nobody; give the id or the username of one that exists";
    let cases = [
        ("account", "a subcommand is missing; see `birdbox account --help`"),
        (
            "account approve x",
            "invalid value 'x' for '<ACCOUNT>': an id is 1 to 19 decimal digits; see `birdbox account approve --help`",
        ),
        ("account approve 9", "ACCOUNT: there is no developer account 9; `birdbox account list` shows all"),
        ("account suspend 9", "ACCOUNT: there is no developer account 9; `birdbox account list` shows all"),
        ("account show 9", "ACCOUNT: there is no developer account 9; `birdbox account list` shows all"),
        ("account delete 9", "ACCOUNT: there is no developer account 9; `birdbox account list` shows all"),
        ("account delete 2", "ACCOUNT: it still has Projects or Apps; delete those first, or move the Apps"),
        (
            "account list -o xml",
            "invalid value 'xml' for '--output <FORM>' [possible values: text, json]; see `birdbox account list --help`",
        ),
        (
            "project create P --account 9",
            "--account: there is no developer account 9; `birdbox account list` shows all",
        ),
        ("portal link --account 9", "--account: there is no developer account 9; `birdbox account list` shows all"),
        ("project show 9", "PROJECT: there is no Project 9; `birdbox project list` shows all"),
        ("project rename 9 P", "PROJECT: there is no Project 9; `birdbox project list` shows all"),
        ("project delete 2", "PROJECT: it still has Projects or Apps; delete those first, or move the Apps"),
        ("app create x --account 9", "--account: there is no developer account 9; `birdbox account list` shows all"),
        ("app create x --account 2 --project 9", "--project: there is no Project 9; `birdbox project list` shows all"),
        (
            "app create x --account 2 --project 1",
            "--project: the Project 1 belongs to the developer account 1; name one of the account that the App is of",
        ),
        ("app create x tpye=web", "SETTING=VALUE: \"tpye\" is no setting of an App; did you mean type?"),
        (
            "app create a_name_that_is_longer_than_an_app_has",
            "NAME: \"a_name_that_is_longer_than_an_app_has\" is no name; give 1 to 32 characters",
        ),
        ("app show 9", "APP: there is no App 9; `birdbox app list` shows all"),
        ("app keys 9", "APP: there is no App 9; `birdbox app list` shows all"),
        ("app delete 9", "APP: there is no App 9; `birdbox app list` shows all"),
        ("app set 9 name=x", "APP: there is no App 9; `birdbox app list` shows all"),
        (
            "app set 2",
            "the following required arguments were not provided: <SETTING=VALUE>...; see `birdbox app set --help`",
        ),
        ("app set 2 type", "SETTING=VALUE: \"type\" has no =; write for example permissions=read-write"),
        ("app set 2 type=phone", "type=phone: type takes native, single-page, web, bot, or nothing"),
        ("app set 2 project=9", "project: there is no Project 9; `birdbox project list` shows all"),
        (
            "app set 2 callbacks=",
            "oauth2: OAuth 2.0 needs an App with a type and a callback address; set them too, such as type=web callbacks=https://example.com/",
        ),
        (
            "app set 2 callbacks=my.app://done",
            "callbacks: an address with a scheme of its own, such as myapp://done, is for a native App; set type=native too, or give one with https://",
        ),
        (
            "app create x callbacks=my.app://done",
            "callbacks: an address with a scheme of its own, such as myapp://done, is for a native App; set type=native too, or give one with https://",
        ),
        (
            "app set 2 callbacks=example.com",
            "callbacks=example.com: callbacks takes up to 10 addresses separated by commas; oob is the PIN",
        ),
        (
            "app regenerate 2 all",
            "invalid value 'all' for '<KEYS>' [possible values: consumer, bearer, client, tweetbinder]; see `birdbox app regenerate --help`",
        ),
        ("app regenerate 9 bearer", "APP: there is no App 9; `birdbox app list` shows all"),
        ("app revoke 9 bearer", "APP: there is no App 9; `birdbox app list` shows all"),
        ("token create --app 9 --as alice", "--app: there is no App 9; `birdbox app list` shows all"),
        ("token create --app 2 --as nobody", user),
        (
            "token create --app 2",
            "the following required arguments were not provided: --as <USER>; see `birdbox token create --help`",
        ),
        ("token list --as nobody", user),
        (
            "token revoke 1",
            "invalid value '1' for '<TOKEN>': give what `birdbox token list` shows, such as oauth1-12 or oauth2-3; see `birdbox token revoke --help`",
        ),
        ("token revoke oauth1-9", "TOKEN: there is no access token 9; `birdbox token list` shows all"),
        ("token revoke oauth2-9", "TOKEN: there is no grant 9; `birdbox token list` shows all"),
        (
            "oauth2 authorize --as alice --client x --scope tweet.read",
            "--client: no App with OAuth 2.0 on has the client id \"x\"; `birdbox app list` shows them",
        ),
        ("user password nobody --remove", user),
        (
            "user password alice --remove --stdin",
            "the argument '--remove' cannot be used with '--stdin'; see `birdbox user password --help`",
        ),
    ];
    for (arguments, expected) in cases {
        let said = place.run(arguments);
        assert_eq!(said.complaint(), (2, expected), "birdbox {arguments}");
        assert_eq!(said.out, "", "birdbox {arguments}");
    }
    let client = text(&json(&place, "app show 2")["client_id"]).to_owned();
    let said = place.run(&format!("oauth2 authorize --as alice --client {client} --scope tweet.red"));
    assert!(said.complaint().1.starts_with("--scope: \"tweet.red\" is not a scope; these are: "), "{said:?}");
    place.ok("user suspend alice");
    let inactive = "USER: user 100 is not active; make it active with `birdbox user restore`";
    assert_eq!(place.run("token create --app 2 --as alice").complaint(), (2, inactive));
}
