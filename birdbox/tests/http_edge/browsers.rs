//! Scripts of other origins.

use crate::harness::{Server, generous};

#[test]
fn scripts_may_read_answers_and_the_headers_of_x() {
    let server = Server::start(generous());
    let mut client = server.connect();
    client.send("GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://b\r\n\r\n");
    let reply = client.reply();
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert_eq!(
        reply.header("access-control-expose-headers"),
        Some(
            "x-rate-limit-limit, x-rate-limit-remaining, x-rate-limit-reset, x-response-time, x-access-level, \
             api-version, x-request-id"
        )
    );
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.reply().header("access-control-allow-origin"), None);
}

#[test]
fn scripts_may_read_refusals() {
    let server = Server::start(generous());
    let reply = server.send("GET / HTTP/1.1\r\nOrigin: https://b\r\n\r\n");
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (400, Some("*")));
}

#[test]
fn preflights_are_answered_for_a_day() {
    let server = Server::start(generous());
    let mut client = server.connect();
    client.send(
        "OPTIONS /2/users HTTP/1.1\r\nHost: a\r\nOrigin: https://b\r\nAccess-Control-Request-Method: GET\r\n\
         Access-Control-Request-Headers: x-mine, authorization\r\n\r\n",
    );
    let reply = client.reply();
    assert_eq!((reply.status, reply.text()), (204, ""));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert_eq!(reply.header("access-control-allow-methods"), Some("GET, HEAD, POST, PUT, DELETE, OPTIONS"));
    assert_eq!(reply.header("access-control-allow-headers"), Some("authorization, content-type, x-mine"));
    assert_eq!(reply.header("access-control-max-age"), Some("86400"));
}

#[test]
fn options_that_are_no_preflight_go_to_the_handler() {
    let server = Server::start(generous());
    let mut client = server.connect();
    client.send("OPTIONS /2/users HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(client.reply().text().contains(r#""method":"OPTIONS""#));
}
