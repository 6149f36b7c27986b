//! Where requests begin and end.

use crate::harness::{Server, generous};

#[test]
fn a_request_arrives_as_it_was_sent() {
    let server = Server::start(generous());
    let mut client = server.connect();
    client.send("GET /2/users/%31?ids=1%2C2&x=%zz HTTP/1.1\r\nHost: API.x.com:443\r\n\r\n");
    let reply = client.reply();
    let told = r#"{"method":"GET","path":"/2/users/%31","query":"ids=1%2C2&x=%zz","host":"api.x.com","body":0}"#;
    assert_eq!((reply.status, reply.text()), (200, told));
    assert!(reply.header("date").is_some());
}

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    let server = Server::start(generous());
    let mut client = server.connect();
    client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    let get = client.reply();
    client.send("HEAD /large HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    let head = client.head();
    assert_eq!(head.header("content-length"), get.header("content-length"));
    assert_eq!(head.header("content-type"), get.header("content-type"));
    assert_eq!(client.reply().status, 200);
}

#[test]
fn bodies_arrive_whole_in_one_piece_in_many_and_chunked() {
    let server = Server::start(generous());
    let mut client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    assert!(client.reply().text().contains(r#""body":5"#));
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n");
    client.send("x".repeat(200_000));
    assert!(client.reply().text().contains(r#""body":200000"#));
    client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");
    assert!(client.reply().text().contains(r#""body":7"#));
    client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
    assert!(client.reply().text().contains(r#""body":2"#));
}

#[test]
fn a_client_that_waits_for_100_continue_gets_it() {
    let server = Server::start(generous());
    let mut client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    assert_eq!(client.head().status, 100);
    client.send("hello");
    assert!(client.reply().text().contains(r#""body":5"#));
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = Server::start(generous());
    let mut client = server.connect();
    let requests: String = (0..50).map(|n| format!("GET /{n} HTTP/1.1\r\nHost: a\r\n\r\n")).collect();
    client.send(requests);
    for n in 0..50 {
        assert!(client.reply().text().contains(&format!(r#""path":"/{n}""#)));
    }
}

#[test]
fn a_fault_behind_a_good_request_is_refused_after_its_answer() {
    let server = Server::start(generous());
    let mut client = server.connect();
    client.send("GET /good HTTP/1.1\r\nHost: a\r\n\r\nno request\r\n\r\n");
    assert_eq!(client.reply().status, 200);
    client.reply().assert_refused(400, "Malformed");
    assert!(client.is_closed());
}

#[test]
fn a_client_that_has_said_all_still_gets_its_answer() {
    let server = Server::start(generous());
    let mut client = server.connect();
    client.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n");
    client.finish();
    server.wait_for_gate();
    server.switches.gate.notify_one();
    assert_eq!(client.reply().status, 200);
    assert!(client.is_closed());
}

#[test]
fn a_body_that_ends_early_is_malformed() {
    let server = Server::start(generous());
    let mut client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
    client.finish();
    client.reply().assert_refused(400, "Malformed");
}

#[test]
fn what_is_no_request_is_malformed() {
    let server = Server::start(generous());
    for bytes in [
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/3.7\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nname : value\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nx: \0\r\n\r\n",
    ] {
        server.send(bytes).assert_refused(400, "Malformed");
    }
}

#[test]
fn trace_and_connect_are_no_methods() {
    let server = Server::start(generous());
    server.send("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n").assert_refused(405, "NoMethod");
    server.send("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n").assert_refused(405, "NoMethod");
}

#[test]
fn http_1_0_is_answered_and_closed() {
    let server = Server::start(generous());
    assert_eq!(server.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n").status, 200);
}
