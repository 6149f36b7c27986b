//! Compression of answers.

use std::io::Read as _;

use crate::harness::{Reply, Server, generous, large};

fn ask(server: &Server, method: &str, path: &str, accept: &str) -> Reply {
    let mut client = server.connect();
    client.send(format!("{method} {path} HTTP/1.1\r\nHost: a\r\n{accept}\r\n"));
    if method == "HEAD" { client.head() } else { client.reply() }
}

#[test]
fn large_answers_are_compressed_for_those_who_ask() {
    let server = Server::start(generous());
    let gzip = ask(&server, "GET", "/large", "Accept-Encoding: gzip, deflate\r\n");
    assert_eq!((gzip.header("content-encoding"), gzip.header("vary")), (Some("gzip"), Some("accept-encoding")));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&gzip.body[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, large());

    let zstd = ask(&server, "GET", "/large", "Accept-Encoding: gzip, zstd\r\n");
    assert_eq!((zstd.header("content-encoding"), zstd.header("vary")), (Some("zstd"), Some("accept-encoding")));
    assert_eq!(zstd::decode_all(&zstd.body[..]).unwrap(), large().as_bytes());
}

#[test]
fn nobody_gets_a_coding_without_asking() {
    let server = Server::start(generous());
    for accept in ["", "Accept-Encoding: br\r\n", "Accept-Encoding: gzip;q=0\r\n", "Accept-Encoding: identity\r\n"] {
        let reply = ask(&server, "GET", "/large", accept);
        assert_eq!((reply.header("content-encoding"), reply.header("vary")), (None, Some("accept-encoding")));
        assert_eq!(reply.text(), large());
    }
}

#[test]
fn small_answers_are_sent_as_they_are() {
    let server = Server::start(generous());
    let reply = ask(&server, "GET", "/", "Accept-Encoding: gzip\r\n");
    assert_eq!((reply.header("content-encoding"), reply.header("vary")), (None, None));
}

#[test]
fn head_says_what_get_would_say_of_coding() {
    let server = Server::start(generous());
    let accept = "Accept-Encoding: gzip\r\n";
    let (get, head) = (ask(&server, "GET", "/large", accept), ask(&server, "HEAD", "/large", accept));
    for name in ["content-encoding", "content-length", "vary"] {
        assert_eq!(get.header(name), head.header(name), "{name}");
    }
}
