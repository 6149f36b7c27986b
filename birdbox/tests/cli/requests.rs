//! `birdbox requests` beside a real server.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use crate::place::{Place, start};

#[test]
fn what_clients_sent_is_listed_by_its_filters_and_so_are_the_older_ones() {
    let place = Place::new();
    let mut child = start(&mut place.server("--listen 127.0.0.1:0 --sample none"));
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let address = lines.find_map(|line| Some(line.trim().strip_prefix("address  http://")?.to_owned())).unwrap();
    for target in ["/2/users/1", "/2/users/2?x='%20y", "/2/users/3?x='%20y", "/2/users/by?usernames=a"] {
        let mut stream = TcpStream::connect(&address).unwrap();
        let request = format!("GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        assert!(reply.starts_with("HTTP/1.1 401"), "{reply}");
    }
    let command = "requests --operation getUsersById --status 4xx --path \"x='\" --limit 1";
    let words = shlex::split(command).unwrap();
    let shown = place.run_with(&words.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(shown.out.contains("/2/users/3?x='%20y") && !shown.out.contains("/2/users/2"), "{shown:?}");
    let older = shown.out.lines().find_map(|line| line.strip_prefix("and older ones: birdbox ")).unwrap();
    let words = shlex::split(older).unwrap();
    let shown = place.run_with(&words.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(shown.out.contains("/2/users/2?x=") && !shown.out.contains("older ones"), "{older}: {shown:?}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let place = Place::new();
    for (arguments, said) in [
        ("requests --operation getUserById", "did you mean getUsersById?"),
        ("requests --operation nope", "`birdbox limits show` lists the operations"),
        ("requests --limit 0", "--limit"),
        ("requests --status 4x", "give a status, such as 429"),
    ] {
        let refused = place.run(arguments);
        assert!(refused.code == 2 && refused.err.contains(said), "{arguments}: {refused:?}");
    }
}
