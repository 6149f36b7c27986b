//! Exactly one host.

use crate::harness::{Server, generous};

#[test]
fn a_request_without_a_host_is_refused() {
    let server = Server::start(generous());
    server.send("GET / HTTP/1.1\r\n\r\n").assert_refused(400, "NoHost");
    server.send("GET / HTTP/1.0\r\n\r\n").assert_refused(400, "NoHost");
}

#[test]
fn a_request_with_two_hosts_is_refused_even_if_they_are_the_same() {
    let server = Server::start(generous());
    server.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").assert_refused(400, "ManyHosts");
    server.send("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n").assert_refused(400, "ManyHosts");
}

#[test]
fn an_empty_or_impossible_host_is_refused() {
    let server = Server::start(generous());
    for host in ["", "a b", "a/b", "me@a", "a:port", "a:99999", "a,b", "\u{e9}"] {
        server.send(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")).assert_refused(400, "InvalidHost");
    }
}

#[test]
fn an_absolute_target_must_agree_with_the_host() {
    let server = Server::start(generous());
    let mut client = server.connect();
    for target in ["http://api.x.com/2/users?ids=1", "https://API.X.com:443/2/users?ids=1"] {
        client.send(format!("GET {target} HTTP/1.1\r\nHost: api.x.com\r\n\r\n"));
        let reply = client.reply();
        assert_eq!(
            (reply.status, reply.text()),
            (200, r#"{"method":"GET","path":"/2/users","query":"ids=1","host":"api.x.com","body":0}"#)
        );
    }
    server.send("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n").assert_refused(400, "OtherHost");
    server.send("GET http://a:8080/ HTTP/1.1\r\nHost: a\r\n\r\n").assert_refused(400, "OtherHost");
    server.send("GET http://me@a/ HTTP/1.1\r\nHost: a\r\n\r\n").assert_refused(400, "OtherHost");
    server.send("GET http://a/ HTTP/1.1\r\n\r\n").assert_refused(400, "NoHost");
}
