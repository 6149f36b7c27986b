//! The OpenAPI document, where the server serves it.

use crate::harness::{Exchange, Server};

#[test]
fn the_document_is_read_by_get_and_head_and_by_nothing_else() {
    let server = Server::empty("none");
    let head = |method: &str| {
        let request = format!("{method} /openapi.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let reply = Exchange::new(server.address()).send(request.as_bytes());
        reply.split_once("\r\n\r\n").map(|(head, body)| (head.to_owned(), body.len())).unwrap()
    };
    let (get, length) = head("GET");
    assert!(get.starts_with("HTTP/1.1 200 ") && get.contains(&format!("content-length: {length}")), "{get}");
    let (only_head, nothing) = head("HEAD");
    assert!(only_head.contains(&format!("content-length: {length}")), "{only_head}");
    assert_eq!(nothing, 0);
    let (post, _) = head("POST");
    assert!(post.starts_with("HTTP/1.1 405 ") && post.contains("\r\nallow: GET, HEAD"), "{post}");
}
