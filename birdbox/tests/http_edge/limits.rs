//! How large a request may be, and how many connections there may be.

use birdbox::http::Limits;

use crate::harness::{SOON, Server, generous};

#[test]
fn an_announced_body_of_10_gb_is_refused_at_once() {
    let server = Server::start(generous());
    server
        .send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\n\r\n")
        .assert_refused(413, "BodyTooLarge");
    server
        .send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\nExpect: 100-continue\r\n\r\n")
        .assert_refused(413, "BodyTooLarge");
}

#[test]
fn a_client_that_keeps_sending_a_refused_body_still_reads_the_answer() {
    let server = Server::start(generous());
    let mut request = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n".to_vec();
    request.resize(request.len() + 8_000_000, b'x');
    let mut client = server.connect();
    client.send(request);
    client.finish();
    client.reply().assert_refused(413, "BodyTooLarge");
    assert!(client.is_closed());
}

#[test]
fn a_chunked_body_is_refused_when_it_becomes_too_large() {
    let server = Server::start(Limits { body_bytes: 10, ..generous() });
    let mut client = server.connect();
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    client.send(format!("{head}a\r\n0123456789\r\n0\r\n\r\n"));
    assert!(client.reply().text().contains(r#""body":10"#));
    client.send(format!("{head}a\r\n0123456789\r\n1\r\n0\r\n"));
    client.reply().assert_refused(413, "BodyTooLarge");
}

#[test]
fn a_form_has_a_limit_of_its_own() {
    let server = Server::start(generous());
    let form = |kind: &str, length: usize| {
        let head = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n");
        head + &"a".repeat(length)
    };
    let kind = "application/x-www-form-urlencoded; charset=utf-8";
    let mut client = server.connect();
    client.send(form(kind, 64 << 10));
    assert!(client.reply().text().contains(r#""body":65536"#));
    client.send(form("text/plain", 100_000));
    assert!(client.reply().text().contains(r#""body":100000"#));
    server.send(form(&kind.to_uppercase(), (64 << 10) + 1)).assert_refused(413, "BodyTooLarge");
    let few = Server::start(Limits { body_bytes: 10, ..generous() });
    few.send(form(kind, 11)).assert_refused(413, "BodyTooLarge");
}

#[test]
fn a_url_beyond_the_limit_is_refused_before_it_ends() {
    let server = Server::start(Limits { uri_bytes: 1000, ..generous() });
    let mut client = server.connect();
    client.send(format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(999)));
    assert_eq!(client.reply().status, 200);
    server.send(format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(1000))).assert_refused(414, "UriTooLong");
    for length in [20_000, 100_000, 1_000_000] {
        let line = format!("GET /{}", "a".repeat(length));
        server.send(&line).assert_refused(414, "UriTooLong");
        server.send(format!("{line} HTTP/1.1\r\nHost: a\r\n\r\n")).assert_refused(414, "UriTooLong");
    }
    // Also behind another request on the same connection.
    client.send(format!("GET /{}", "a".repeat(20_000)));
    client.reply().assert_refused(414, "UriTooLong");
}

#[test]
fn a_url_of_100_kb_is_refused_with_the_usual_limits() {
    let server = Server::start(generous());
    let request = format!("GET /2/users?ids={} HTTP/1.1\r\nHost: a\r\n\r\n", "1".repeat(100_000));
    server.send(request).assert_refused(414, "UriTooLong");
}

#[test]
fn the_101st_header_is_too_many() {
    let server = Server::start(generous());
    let request = |lines: usize| format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "x: y\r\n".repeat(lines - 1));
    let mut client = server.connect();
    client.send(request(100));
    assert_eq!(client.reply().status, 200);
    server.send(request(101)).assert_refused(431, "HeadTooLarge");

    let few = Server::start(Limits { headers: 5, ..generous() });
    few.send(request(6)).assert_refused(431, "HeadTooLarge");
}

#[test]
fn a_head_beyond_the_limit_is_refused_before_it_ends() {
    let server = Server::start(Limits { header_bytes: 10_000, ..generous() });
    for length in [10_000, 1_000_000] {
        let head = format!("GET / HTTP/1.1\r\nHost: a\r\nx: {}", "a".repeat(length));
        server.send(&head).assert_refused(431, "HeadTooLarge");
        server.send(format!("{head}\r\n\r\n")).assert_refused(431, "HeadTooLarge");
    }
}

#[test]
fn connections_beyond_the_cap_wait_for_room() {
    let server = Server::start(Limits { connections: 1, ..generous() });
    let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut first = server.connect();
    first.send(request);
    assert_eq!(first.reply().status, 200);
    let mut second = server.connect();
    second.send(request);
    assert!(second.is_open_for(SOON));
    drop(first);
    assert_eq!(second.reply().status, 200);
}

#[test]
fn what_is_refused_is_told_in_the_words_of_its_path() {
    let server = Server::start(Limits { uri_bytes: 1000, body_bytes: 10, ..generous() });
    let long = "a".repeat(20_000);
    for (request, refusal) in [
        (format!("GET /other/{long} HTTP/1.1\r\nHost: a\r\n\r\n"), "UriTooLong"),
        (format!("GET /other/?{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(1000)), "UriTooLong"),
        (format!("GET /other/b HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", long.repeat(5)), "HeadTooLarge"),
        ("GET /other/b HTTP/1.1\r\nHost: a\r\nno header\r\n\r\n".to_owned(), "Malformed"),
        ("GET /other/b HTTP/1.1\r\n\r\n".to_owned(), "NoHost"),
        ("TRACE /other/b HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), "NoMethod"),
        ("GET /other/../panic HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n".to_owned(), "BodyTooLarge"),
    ] {
        let reply = server.send(&request);
        assert!(reply.text().contains(&format!(r#"{{"other":"{refusal}"}}"#)), "{request:.40}: {}", reply.text());
        let here = request.replace("/other/", "/else/");
        assert!(server.send(here).text().contains(&format!(r#"{{"refused":"{refusal}"}}"#)), "{request:.40}");
    }
}
