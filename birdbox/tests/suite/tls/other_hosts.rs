//! The proxy and hosts that are not X's: tests call servers of their own on this machine.

use std::io::{Read as _, Write as _};

use birdbox::tls::{Authority, Name};
use model::Timestamp;
use tokio::time::Instant;

use super::client::{Other, over_tls, trusting, tunnel};
use crate::harness::{Exchange, NOW_MS, Server};

const PROXY: (&str, &str, &str) = ("proxy", "listen", "127.0.0.1:0");
const OFFLINE: (&str, &str, &str) = ("proxy", "offline", "true");

const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-End: 1\r\n\r\nhello";

#[test]
fn https_to_another_host_passes_through_untouched() {
    let names: [Name; 1] = ["localhost".parse().unwrap()];
    let authority = Authority::new(&names, Timestamp::from_unix_ms(NOW_MS)).unwrap();
    let other = Other::start(Some(&authority.sign(&names).unwrap()), ANSWER);
    let server = Server::set("none", &[PROXY]);
    let (stream, head) = tunnel(server.proxy(), &format!("localhost:{}", other.address.port()), "");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let sent = "GET /a?b HTTP/1.1\r\nHost: localhost\r\nX-Hop: 2\r\n\r\n";
    // Its own authority vouches for it: nothing stands in between.
    assert_eq!(over_tls(stream, "localhost", &trusting(authority.certificate()), sent).unwrap(), ANSWER);
    assert_eq!(other.asked(), sent);
}

#[test]
fn plain_http_to_another_host_is_passed_on_without_what_is_for_the_proxy() {
    let other = Other::start(None, ANSWER);
    let server = Server::set("none", &[PROXY]);
    let address = other.address;
    let sent = format!(
        "POST http://{address}/a?b HTTP/1.1\r\nHost: {address}\r\nProxy-Connection: close\r\nConnection: close, X-Hop\r\n\
         Proxy-Authorization: Basic eDp5\r\nX-Hop: 2\r\nX-End: 2\r\nContent-Length: 0\r\n\r\n"
    );
    let reply = Exchange::new(server.proxy()).send(sent.as_bytes());
    assert!(reply.starts_with("HTTP/1.1 200 OK\r\n") && reply.ends_with("\r\n\r\nhello"), "{reply}");
    assert!(reply.contains("x-end: 1\r\n") && reply.contains("via: 1.1 birdbox\r\n") && !reply.contains("x-hop"));
    let asked = other.asked();
    let mut lines: Vec<&str> = asked.lines().filter(|line| !line.is_empty()).collect();
    lines[1..].sort_unstable();
    let host = format!("host: {address}");
    assert_eq!(lines, ["POST /a?b HTTP/1.1", "content-length: 0", &host, "via: 1.1 birdbox", "x-end: 2"]);
}

#[test]
fn no_other_server_changes_the_protocol() {
    let other = Other::start(None, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
    let server = Server::set("none", &[PROXY]);
    let sent = format!("GET http://{}/ HTTP/1.1\r\nUpgrade: x\r\nConnection: upgrade, close\r\n\r\n", other.address);
    let reply = Exchange::new(server.proxy()).send(sent.as_bytes());
    assert!(reply.starts_with("HTTP/1.1 502 ") && reply.contains("it changes the protocol"), "{reply}");
    assert!(!other.asked().contains("upgrade"));
}

#[test]
fn other_ports_of_xs_hosts_are_not_looked_for() {
    let server = Server::set("none", &[PROXY]);
    for target in ["api.x.com:80", "api.x.com:8443", "x.com:22", "api.twitter.com.:444"] {
        let (_, head) = tunnel(server.proxy(), target, "");
        assert!(head.starts_with("HTTP/1.1 403 ") && head.contains("on port 443"), "{target}: {head}");
    }
    let sent = "GET http://api.x.com:8080/ HTTP/1.1\r\nHost: api.x.com:8080\r\nConnection: close\r\n\r\n";
    assert!(Exchange::new(server.proxy()).send(sent.as_bytes()).starts_with("HTTP/1.1 403 "));
}

#[test]
fn the_proxy_does_not_lead_to_its_own_server() {
    let server = Server::set("none", &[PROXY]);
    for port in [server.proxy().port(), server.address().port()] {
        for host in ["127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]"] {
            let (_, head) = tunnel(server.proxy(), &format!("{host}:{port}"), "");
            assert!(head.starts_with("HTTP/1.1 508 ") && head.contains("is this server"), "{host}:{port}: {head}");
        }
        let sent =
            format!("GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
        assert!(Exchange::new(server.proxy()).send(sent.as_bytes()).starts_with("HTTP/1.1 508 "));
    }
}

#[test]
fn offline_the_proxy_reaches_nobody() {
    let server = Server::set("none", &[PROXY, OFFLINE]);
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let there = other.local_addr().unwrap();
    for target in ["example.invalid:443", &there.to_string(), &format!("localhost:{}", there.port())] {
        let (_, head) = tunnel(server.proxy(), target, "");
        let said = format!("Birdbox is offline and does not connect to {target}. It answers for api.x.com, ");
        assert!(head.starts_with("HTTP/1.1 403 ") && head.contains(&said), "{target}: {head}");
    }
    let sent = format!("GET http://{there}/ HTTP/1.1\r\nHost: {there}\r\nConnection: close\r\n\r\n");
    assert!(Exchange::new(server.proxy()).send(sent.as_bytes()).starts_with("HTTP/1.1 403 "));
    other.set_nonblocking(true).unwrap();
    assert!(other.accept().is_err(), "it was called");
}

#[test]
fn nobody_there_is_a_502() {
    let server = Server::set("none", &[PROXY]);
    // The port was free a moment ago, and nobody was told of it.
    let there = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (_, head) = tunnel(server.proxy(), &there.to_string(), "");
    assert!(head.starts_with("HTTP/1.1 502 ") && head.contains("does not answer"), "{head}");
}

#[test]
fn a_server_that_does_not_answer_in_time_is_a_504() {
    let server = Server::set("none", &[PROXY, ("proxy", "idle_timeout", "200ms")]);
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let there = other.local_addr().unwrap();
    let sent = format!("GET http://{there}/ HTTP/1.1\r\nHost: {there}\r\nConnection: close\r\n\r\n");
    let reply = Exchange::new(server.proxy()).send(sent.as_bytes());
    let said = format!("{there} does not answer in time.\n");
    assert!(reply.starts_with("HTTP/1.1 504 ") && reply.ends_with(&said), "{reply}");
}

#[test]
fn a_silent_tunnel_is_closed_in_the_end() {
    let server = Server::set("none", &[PROXY, ("proxy", "idle_timeout", "200ms")]);
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (mut stream, head) = tunnel(server.proxy(), &other.local_addr().unwrap().to_string(), "");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let (mut end, _) = other.accept().unwrap();
    stream.write_all(b"ping").unwrap();
    end.read_exact(&mut [0; 4]).unwrap();
    assert_eq!((stream.read(&mut [0]).unwrap(), end.read(&mut [0]).unwrap()), (0, 0));
}

#[test]
fn a_server_that_stops_waits_for_no_tunnel() {
    let server = Server::set("none", &[PROXY]);
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (_stream, _) = tunnel(server.proxy(), &other.local_addr().unwrap().to_string(), "");
    let began = Instant::now();
    drop(server);
    assert!(began.elapsed() < birdbox::http::Limits::default().drain / 2);
}
