//! The pages for those who watch the server.

use std::sync::atomic::Ordering::Relaxed;

use crate::harness::{Server, generous};

#[test]
fn a_running_server_is_healthy() {
    let server = Server::start(generous());
    let reply = server.get("/healthz");
    assert_eq!((reply.status, reply.text()), (200, "ok\n"));
}

#[test]
fn readiness_is_what_the_handler_says() {
    let server = Server::start(generous());
    assert_eq!(server.get("/readyz").status, 200);
    server.switches.ready.store(false, Relaxed);
    assert_eq!(server.get("/readyz").status, 503);
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn requests_are_counted_by_operation_and_class_of_status() {
    let server = Server::start(generous());
    let mut client = server.connect();
    for _ in 0..3 {
        client.send("GET /users/1 HTTP/1.1\r\nHost: a\r\n\r\n");
        client.reply();
    }
    server.send("GET / HTTP/1.1\r\n\r\n").assert_refused(400, "NoHost");
    server.send("nonsense\r\n\r\n").assert_refused(400, "Malformed");
    let reply = server.get("/metrics");
    assert_eq!(reply.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    let lines: Vec<&str> = reply.text().lines().collect();
    for line in [
        "birdbox_connections_accepted_total 4",
        r#"birdbox_requests_total{operation="getUsers",status="2xx"} 3"#,
        r#"birdbox_requests_total{operation="none",status="4xx"} 2"#,
        r#"birdbox_request_duration_seconds_count{operation="getUsers"} 3"#,
        r#"birdbox_request_duration_seconds_bucket{le="+Inf",operation="getUsers"} 3"#,
        "# EOF",
    ] {
        assert!(lines.contains(&line), "{line} is missing in:\n{}", reply.text());
    }
    assert!(!reply.text().contains("getNothing"), "{}", reply.text());
}

#[test]
fn the_pages_are_read_only() {
    let server = Server::start(generous());
    let mut client = server.connect();
    client.send("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.head().status, 200);
    server.send("POST /healthz HTTP/1.1\r\nHost: a\r\n\r\n").assert_refused(405, "Method");
}

#[test]
fn watchers_that_speak_http_1_0_need_no_host() {
    let server = Server::start(generous());
    assert_eq!(server.send("GET /healthz HTTP/1.0\r\n\r\n").status, 200);
    server.send("GET /healthz HTTP/1.1\r\n\r\n").assert_refused(400, "NoHost");
}
