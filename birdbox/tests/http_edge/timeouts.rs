//! How long a client may take.

use std::time::Duration;

use birdbox::http::Limits;

use crate::harness::{SOON, Server, generous, large};

const REQUEST: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

#[test]
fn a_client_that_sends_nothing_is_cut_off() {
    let server = Server::start(Limits { header_read: SOON, ..generous() });
    assert!(server.connect().is_closed());
}

#[test]
fn a_client_that_sends_half_a_head_is_cut_off() {
    let server = Server::start(Limits { header_read: SOON, ..generous() });
    let mut client = server.connect();
    client.send("GET / HTTP/1.1\r\nHos");
    assert!(client.is_closed());
}

#[test]
fn a_client_that_sends_half_a_second_head_is_cut_off() {
    let server = Server::start(Limits { header_read: SOON, ..generous() });
    let mut client = server.connect();
    client.send(REQUEST);
    assert_eq!(client.reply().status, 200);
    client.send("GET /");
    assert!(client.is_closed());
}

#[test]
fn a_half_head_right_behind_a_request_is_cut_off() {
    let server = Server::start(Limits { header_read: SOON, ..generous() });
    let mut client = server.connect();
    client.send(format!("{REQUEST}GET / HTTP/1.1\r\nHos"));
    assert_eq!(client.reply().status, 200);
    assert!(client.is_closed());
}

#[test]
fn the_end_of_a_body_is_no_half_head() {
    let server = Server::start(Limits { header_read: SOON, ..generous() });
    let mut client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    assert_eq!(client.reply().status, 200);
    assert!(client.is_open_for(SOON * 3));
}

#[test]
fn a_head_that_drips_is_cut_off_all_the_same() {
    let server = Server::start(Limits { header_read: SOON * 3, ..generous() });
    let mut client = server.connect();
    let mut drips = 0;
    while client.is_open_for(SOON / 4) {
        client.send("a");
        drips += 1;
        assert!(drips < 100, "dripping keeps the connection open");
    }
    assert!(drips > 1);
}

#[test]
fn an_idle_connection_outlives_the_time_for_a_head() {
    let server = Server::start(Limits { header_read: SOON, ..generous() });
    let mut client = server.connect();
    for _ in 0..2 {
        client.send(REQUEST);
        assert_eq!(client.reply().status, 200);
        assert!(client.is_open_for(SOON * 3));
    }
}

#[test]
fn an_idle_connection_is_closed_in_the_end() {
    let server = Server::start(Limits { keep_alive: SOON, ..generous() });
    let mut client = server.connect();
    client.send(REQUEST);
    assert_eq!(client.reply().status, 200);
    assert!(client.is_closed());
}

#[test]
fn half_a_body_is_answered_with_408() {
    let server = Server::start(Limits { body_read: SOON, ..generous() });
    server.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf").assert_refused(408, "SlowBody");
}

#[test]
fn the_time_of_a_handler_before_it_reads_an_upload_is_not_that_of_the_client() {
    let server = Server::start(Limits { body_read: SOON, ..generous() });
    let mut client = server.connect();
    client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nwhole");
    server.wait_for_gate();
    assert!(client.is_open_for(SOON * 3));
    server.switches.gate.notify_one();
    assert_eq!(client.reply().body, b"5");
}

#[test]
fn half_an_upload_is_not_waited_for_longer_than_for_half_a_body() {
    let server = Server::start(Limits { body_read: SOON, ..generous() });
    let mut client = server.connect();
    client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
    server.switches.gate.notify_one();
    assert_eq!(client.reply().body, b"TimedOut");
}

#[test]
fn the_time_that_a_piece_of_a_download_takes_to_be_made_is_not_that_of_the_client() {
    let server = Server::start(Limits { relay_idle: Duration::ZERO, ..generous() });
    let mut client = server.connect();
    client.send("GET /download HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    server.wait_for_gate();
    client.wait_for(b"piece");
    // Longer than a client gets to take a piece.
    assert!(client.is_open_for(Duration::from_secs(3)));
    server.switches.gate.notify_one();
    let body = String::from_utf8(client.rest()).unwrap();
    assert_eq!(body.matches("piece").count(), 2, "{body:?}");
    assert!(body.ends_with("0\r\n\r\n"), "{body:?}");
}

#[test]
fn a_handler_that_takes_too_long_is_answered_for() {
    let server = Server::start(Limits { request: SOON, ..generous() });
    server.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n").assert_refused(503, "Overdue");
}

#[test]
fn a_handler_that_panics_is_answered_for_and_the_server_goes_on() {
    let server = Server::start(generous());
    server.send("GET /panic HTTP/1.1\r\nHost: a\r\n\r\n").assert_refused(500, "Panicked");
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn a_client_that_takes_no_answer_is_cut_off() {
    let server = Server::start(Limits { request: SOON, ..generous() });
    let mut client = server.connect();
    // More answers than the kernel holds for a client that reads none of them.
    let most = 10_000;
    client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".repeat(most));
    server.wait_for_metric("birdbox_connections_cut_total 1");
    assert!(client.rest().len() < most * large().len(), "all answers were kept for it");
}
