//! The proxy as clients of X use it.

use std::io::{Read as _, Write as _};

use birdbox::admin::{Answer, Verb};
use birdbox::tls::X_HOSTS;
use model::{Permissions, UserId};

use super::client::{connect, over_tls, trusting, tunnel};
use crate::callers::Callers;
use crate::harness::{Exchange, Server};

const PROXY: (&str, &str, &str) = ("proxy", "listen", "127.0.0.1:0");
const PASSWORD: (&str, &str, &str) = ("proxy", "password", "correct-horse-battery");
const TARGET: &str = "/2/users/100?user.fields=created_at";

fn server(settings: &[(&'static str, &'static str, &str)]) -> Server {
    let server = Server::set("none", &[&[PROXY], settings].concat());
    Callers::of(&server).create_user(UserId::new(100));
    server
}

/// A request for a target, with the token of the first App.
fn request(server: &Server, target: &str, host: &str, more: &str) -> String {
    let bearer = server.bearer();
    format!(
        "GET {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {bearer}\r\n{more}Connection: close\r\n\r\n"
    )
}

#[test]
fn a_client_that_knows_x_alone_is_answered_here() {
    let server = server(&[]);
    let trust = trusting(&server.authority());
    for host in X_HOSTS.into_iter().chain(["localhost"]) {
        let (stream, head) = tunnel(server.proxy(), &format!("{host}:443"), "");
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && !head.contains("content-length"), "{head}");
        // Tweet Binder's host has its API alone, which knows no token of X.
        let [target, status, says] = match host {
            xapi::TWEET_BINDER_HOST => ["/me/balances", "401 Unauthorized", "none for this API"],
            _ => [TARGET, "200 OK", "\"id\":\"100\""],
        };
        let reply = over_tls(stream, host, &trust, &request(&server, target, host, "")).unwrap();
        assert!(reply.starts_with(&format!("HTTP/1.1 {status}\r\n")) && reply.contains(says), "{host}: {reply}");
    }
}

#[test]
fn connect_is_understood_as_clients_write_it() {
    let server = server(&[]);
    let trust = trusting(&server.authority());
    for head in [
        "CONNECT api.x.com:443 HTTP/1.0\r\n\r\n",
        "CONNECT api.x.com:443 HTTP/1.1\r\nHost: api.x.com\r\nProxy-Connection: keep-alive\r\n\r\n",
        "CONNECT API.X.COM.:443 HTTP/1.1\r\nhost: api.x.com:443\r\n\r\n",
    ] {
        let mut stream = connect(server.proxy());
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = [0; 1024];
        let length = stream.read(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
        assert!(answer.contains(" 200 OK\r\n") && answer.ends_with("\r\n\r\n"), "{head}: {answer}");
        let reply = over_tls(stream, "api.x.com", &trust, &request(&server, TARGET, "api.x.com", "")).unwrap();
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{head}: {reply}");
    }
}

#[test]
fn absolute_form_is_answered_here_with_or_without_tls_in_mind() {
    let server = server(&[]);
    let hop = "Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic eDp5\r\nTE: trailers\r\n";
    for target in ["http://api.x.com", "http://API.x.com:80", "https://api.x.com", "http://localhost"] {
        let host = target.split("//").last().unwrap();
        let sent = request(&server, &format!("{target}{TARGET}"), host, hop);
        let reply = Exchange::new(server.proxy()).send(sent.as_bytes());
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n") && reply.contains("\"id\":\"100\""), "{target}: {reply}");
    }
}

#[test]
fn one_connection_at_a_time_is_enough_for_all_doors() {
    let server = server(&[("server", "max_connections", "1")]);
    for _ in 0..2 {
        let reply = Exchange::new(server.address()).send(request(&server, TARGET, "localhost", "").as_bytes());
        assert!(reply.starts_with("HTTP/1.1 200 "), "{reply}");
        let sent = request(&server, &format!("http://api.x.com{TARGET}"), "api.x.com", "");
        let reply = Exchange::new(server.proxy()).send(sent.as_bytes());
        assert!(reply.starts_with("HTTP/1.1 200 "), "{reply}");
    }
}

#[test]
fn target_and_host_agree_or_it_is_a_400() {
    let server = server(&[]);
    for request in [
        request(&server, &format!("http://api.x.com{TARGET}"), "api.twitter.com", ""),
        request(&server, &format!("http://example.invalid{TARGET}"), "api.x.com", ""),
        "CONNECT api.x.com:443 HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n".to_owned(),
        "CONNECT api.x.com HTTP/1.1\r\nHost: api.x.com\r\nConnection: close\r\n\r\n".to_owned(),
        "CONNECT user@api.x.com:443 HTTP/1.1\r\nHost: api.x.com\r\nConnection: close\r\n\r\n".to_owned(),
        "CONNECT https://api.x.com:443/ HTTP/1.1\r\nHost: api.x.com\r\nConnection: close\r\n\r\n".to_owned(),
        "GET ftp://api.x.com/ HTTP/1.1\r\nHost: api.x.com\r\nConnection: close\r\n\r\n".to_owned(),
        "GET https://example.invalid/ HTTP/1.1\r\nHost: example.invalid\r\nConnection: close\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".to_owned(),
    ] {
        let reply = Exchange::new(server.proxy()).send(request.as_bytes());
        assert!(reply.starts_with("HTTP/1.1 400 "), "{request}{reply}");
    }
}

#[test]
fn signatures_through_the_proxy_are_of_what_the_client_called() {
    let server = server(&[]);
    let callers = Callers::of(&server);
    let app = callers.app(Permissions::Read, true);
    let user = callers.oauth1(&app, UserId::new(100), Permissions::Read);
    let trust = trusting(&server.authority());
    for (scheme, host, status) in
        [("https", "api.x.com", "200"), ("http", "api.x.com", "401"), ("https", "api.twitter.com", "401")]
    {
        let header = user.header_to(scheme, host, TARGET, callers.number());
        let sent =
            format!("GET {TARGET} HTTP/1.1\r\nHost: api.x.com\r\nAuthorization: {header}\r\nConnection: close\r\n\r\n");
        let (stream, _) = tunnel(server.proxy(), "api.x.com:443", "");
        let reply = over_tls(stream, "api.x.com", &trust, &sent).unwrap();
        assert!(reply.starts_with(&format!("HTTP/1.1 {status} ")), "{scheme} {host}: {reply}");
    }
    let header = user.header_to("http", "api.x.com", TARGET, callers.number());
    let sent = format!(
        "GET http://api.x.com{TARGET} HTTP/1.1\r\nHost: api.x.com\r\nAuthorization: {header}\r\nConnection: close\r\n\r\n"
    );
    let reply = Exchange::new(server.proxy()).send(sent.as_bytes());
    assert!(reply.starts_with("HTTP/1.1 200 "), "{reply}");
}

#[test]
fn without_the_password_nothing_is_done() {
    let server = server(&[PASSWORD]);
    // birdbox:correct-horse-battery, and with another last letter.
    let right = "Proxy-Authorization: Basic YmlyZGJveDpjb3JyZWN0LWhvcnNlLWJhdHRlcnk=\r\n";
    let wrong = "Proxy-Authorization: Basic YmlyZGJveDpjb3JyZWN0LWhvcnNlLWJhdHRlcno=\r\n";
    for (headers, status) in [("", "407"), (wrong, "407"), ("Proxy-Authorization: Bearer x\r\n", "407"), (right, "200")]
    {
        let (_, head) = tunnel(server.proxy(), "api.x.com:443", headers);
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{headers}: {head}");
        assert_eq!(head.contains("proxy-authenticate: Basic realm=\"birdbox\"\r\n"), status == "407", "{head}");
        let sent = request(&server, &format!("http://api.x.com{TARGET}"), "api.x.com", headers);
        let reply = Exchange::new(server.proxy()).send(sent.as_bytes());
        assert!(reply.starts_with(&format!("HTTP/1.1 {status} ")), "{headers}: {reply}");
    }
}

/// More than fits into the buffers between the two.
#[test]
fn a_client_with_a_large_body_sends_it_all_and_reads_why_it_is_refused() {
    let server = server(&[PASSWORD]);
    let mut stream = connect(server.proxy());
    let body = vec![b'x'; 12 << 20];
    let head = format!("POST http://example.invalid/ HTTP/1.1\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert!(reply.starts_with("HTTP/1.1 407 ") && reply.contains("connection: close\r\n"), "{reply}");
}

#[test]
fn a_client_may_try_again_on_the_connection_that_wanted_a_password() {
    let server = server(&[PASSWORD]);
    let (mut stream, head) = tunnel(server.proxy(), "api.x.com:443", "");
    assert!(head.starts_with("HTTP/1.1 407 "), "{head}");
    let right = "Proxy-Authorization: Basic YmlyZGJveDpjb3JyZWN0LWhvcnNlLWJhdHRlcnk=";
    write!(stream, "CONNECT api.x.com:443 HTTP/1.1\r\nHost: api.x.com:443\r\n{right}\r\n\r\n").unwrap();
    let mut answer = [0; 15];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
}

#[test]
fn the_owner_reaches_the_proxy_by_its_socket_without_a_password() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = server(&[PASSWORD]);
    let path = store::DataDir::proxy_socket(server.store().data_dir().path());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let mut stream = std::os::unix::net::UnixStream::connect(&path).unwrap();
    stream.write_all(b"CONNECT api.x.com:443 HTTP/1.1\r\n\r\n").unwrap();
    let mut answer = vec![0];
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    let trust = trusting(&server.authority());
    let reply = over_tls(stream, "api.x.com", &trust, &request(&server, TARGET, "api.x.com", "")).unwrap();
    assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
}

#[test]
fn the_admin_socket_says_where_the_proxy_and_the_authority_are() {
    let server = server(&[PASSWORD, ("proxy", "offline", "true")]);
    let Answer::Addresses(addresses) = server.ask(Verb::Addresses) else { panic!("another answer") };
    assert_eq!(addresses.api, format!("http://{}", server.address()));
    assert_eq!(addresses.proxy, Some(format!("http://birdbox:correct-horse-battery@{}", server.proxy())));
    assert!(addresses.offline);
    let authority = addresses.authority.unwrap();
    assert!(authority.is_absolute());
    assert_eq!(std::fs::read_to_string(authority).unwrap(), server.authority());
}
