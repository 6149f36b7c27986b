//! `birdbox limits`, and what a real server that is killed remembers.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::FileExt as _;
use std::process::Child;

use crate::place::{Place, start};

/// The program as a server; it is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    pub(crate) bearer: String,
}

impl Server {
    pub(crate) fn start(place: &Place, arguments: &str) -> Self {
        let mut child = start(&mut place.server(&format!("--listen 127.0.0.1:0 --sample none {arguments}")));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        // A server that cannot start says nothing here.
        let address = lines.find_map(|line| Some(line.trim().strip_prefix("address  http://")?.to_owned()));
        let address = address.unwrap_or_else(|| panic!("the server did not start"));
        let env = place.ok("env -o dotenv");
        let bearer = env.lines().find_map(|line| line.strip_prefix("BEARER_TOKEN=")).unwrap().to_owned();
        Self { child, address, bearer }
    }

    /// Status and `x-rate-limit-remaining`.
    fn get(&self, target: &str) -> (u16, Option<u32>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let Self { address, bearer, .. } = self;
        let request = format!(
            "GET {target} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {bearer}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        let remaining = reply.lines().find_map(|line| line.strip_prefix("x-rate-limit-remaining: "));
        (reply[9..12].parse().unwrap(), remaining.map(|number| number.parse().unwrap()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The lines of a table that name an operation, as words.
fn words<'a>(table: &'a str, operation: &str) -> Vec<Vec<&'a str>> {
    let lines = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    lines.filter(|words| words.first() == Some(&operation)).collect()
}

#[test]
fn kill_9_forgets_no_request() {
    let place = Place::new();
    for left in [299, 298, 297] {
        let server = Server::start(&place, "");
        assert_eq!(server.get("/2/users/1"), (200, Some(left)));
    }
    let shown = place.ok("limits show getUsersById");
    let [limits, window] = &words(&shown, "getUsersById")[..] else { panic!("{shown}") };
    assert_eq!(limits[..], ["getUsersById", "300", "900"]);
    assert_eq!(window[..5], ["getUsersById", "App", "1", "3", "297"]);
    let shown: serde_json::Value = serde_json::from_str(&place.ok("limits show getUsersById -o json")).unwrap();
    assert_eq!((&shown["rows"][0]["app"], &shown["windows"][0]["used"]), (&300.into(), &3.into()), "{shown}");
    assert_eq!(place.ok("limits reset getUsersById --app 1"), "reset\n");
    assert_eq!(words(&place.ok("limits show"), "getUsersById").len(), 1);
    assert_eq!(Server::start(&place, "").get("/2/users/1"), (200, Some(299)));
}

#[test]
fn limits_that_are_set_beside_a_server_hold_at_once_and_for_good() {
    let place = Place::new();
    place.write("birdbox.toml", "[limits]\ngetUsersById = { app = 7, user = 8 }\n");
    let server = Server::start(&place, "--limits x10");
    assert_eq!(server.get("/2/users/1"), (200, Some(69)));
    let shown = place.ok("limits set getUsersById getUsersByIds app=2");
    assert!(shown.contains("(limits: x10)"), "{shown}");
    assert_eq!(words(&shown, "getUsersById"), [["getUsersById", "2", "80"]]);
    assert_eq!([(); 2].map(|()| server.get("/2/users/1")), [(200, Some(0)), (429, Some(0))]);
    assert_eq!(place.ok("limits reset"), "reset\n");
    assert_eq!(server.get("/2/users/1"), (200, Some(1)));
    drop(server);
    let server = Server::start(&place, "");
    assert_eq!([(); 2].map(|()| server.get("/2/users/1")), [(200, Some(0)), (429, Some(0))]);
    let shown = place.ok("limits set getUsersById app=default user=5");
    assert_eq!(words(&shown, "getUsersById"), [["getUsersById", "7", "5"]]);
    assert_eq!(server.get("/2/users/1"), (200, Some(4)));
}

#[test]
fn an_operation_that_does_not_exist_is_a_mistake_everywhere() {
    let mut place = Place::with_data();
    for (arguments, line) in [
        ("limits show getUserById", "OPERATION: there is no operation getUserById; did you mean getUsersById?"),
        ("limits reset x", "OPERATION: there is no operation x; `birdbox limits show` lists all"),
        ("limits set getUsersById app=1 q", "OPERATION: there is no operation q; `birdbox limits show` lists all"),
        ("limits set app=1", "OPERATION: name one or more, such as getUsersByIds; `birdbox limits show` lists all"),
        ("limits set getUsersById", "app=N: give app=N, user=N or both, such as app=300"),
        ("limits set getUsersById app=-1", "app=N: give app=N, user=N or both; N is a number of requests, or default"),
        ("limits show --user nobody", "USER: there is no user @nobody; give the id or the username of one that exists"),
        (
            "limits show --user alice --app 1",
            "the argument '--user <USER>' cannot be used with '--app <ID>'; see `birdbox limits show --help`",
        ),
        ("serve --limits x0", "--limits: cannot use \"x0\"; give faithful, off, or a factor such as x10"),
    ] {
        assert_eq!(place.run(arguments).complaint(), (2, line), "birdbox {arguments}");
    }
    for (file, line) in [
        (
            "getUserById = { app = 1 }",
            "birdbox.toml line 2: unknown key limits.getUserById; did you mean limits.getUsersById?",
        ),
        (
            "getUsersById = { apps = 1 }",
            "birdbox.toml line 2, limits.getUsersById: cannot use \"apps=1\"; give requests in 15 minutes, such as { app = 300, user = 900 }",
        ),
        (
            "windows = 1",
            "birdbox.toml line 2, limits.windows: cannot use \"1\"; give a whole number from 64 to 16777216",
        ),
    ] {
        place.write("birdbox.toml", format!("[limits]\n{file}\n"));
        assert_eq!(place.run("env").complaint(), (2, line), "{file}");
    }
    place.write("birdbox.toml", "");
    place.set_variable("BIRDBOX_LIMITS__GETUSERSBYIDS", "app=3");
    assert_eq!(words(&place.ok("limits show"), "getUsersByIds"), [["getUsersByIds", "3", "900"]]);
}

#[test]
fn windows_of_a_user_are_found_by_name() {
    let place = Place::with_data();
    assert_eq!(place.ok("limits reset --user alice"), "reset\n");
    let shown = place.ok("limits show --user alice");
    assert!(!shown.contains("WINDOW"), "a reset opens no window: {shown}");
}

#[test]
fn a_power_loss_spends_every_window_until_a_person_says_otherwise() {
    const BOOT_ID: u64 = 5 * 8;
    let place = Place::new();
    assert_eq!(Server::start(&place, "").get("/2/users/1"), (200, Some(299)));
    // The server was killed; as if the machine had started anew since then.
    let ledger = fs::File::options().write(true).open(place.path("birdbox-data/ledger")).unwrap();
    ledger.write_all_at(&[1; 8], BOOT_ID).unwrap();
    let server = Server::start(&place, "");
    assert_eq!(["/2/users/1", "/2/users?ids=1"].map(|target| server.get(target)), [(429, Some(0)); 2]);
    assert!(
        place.ok("limits show").contains(
            "After a power loss, or without the ledger of before, all other windows count as used up until 2"
        )
    );
    place.ok("limits reset");
    assert_eq!(server.get("/2/users/1"), (200, Some(299)));
    assert!(!place.ok("limits show").contains("power loss"));
}
