//! What happens to connections when the server stops.

use std::net::TcpStream;

use birdbox::http::Limits;

use crate::harness::{SOON, Server, generous};

#[test]
fn running_requests_end_idle_connections_close_and_new_ones_are_refused() {
    let mut server = Server::start(generous());
    let mut idle = server.connect();
    idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(idle.reply().status, 200);
    let mut silent = server.connect();
    let mut running = server.connect();
    running.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n");
    server.wait_for_gate();

    server.begin_stop();
    assert!(idle.is_closed());
    assert!(silent.is_closed());
    assert!(TcpStream::connect(server.address).is_err());

    server.switches.gate.notify_one();
    // Whether it says `connection: close` depends on which of the two it learns first.
    assert_eq!(running.reply().status, 200);
    assert!(running.is_closed());
    server.wait();
}

#[test]
fn requests_that_do_not_end_are_cut_off() {
    let mut server = Server::start(Limits { drain: SOON, ..generous() });
    let mut running = server.connect();
    running.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n");
    server.wait_for_gate();
    let mut half = server.connect();
    half.send("GET / HTTP/1.1\r\nHos");
    server.begin_stop();
    assert!(running.is_closed());
    assert!(half.is_closed());
    server.wait();
}
