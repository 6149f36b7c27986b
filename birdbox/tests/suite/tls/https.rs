//! The API over TLS.

use std::fs;
use std::io::{Read as _, Write as _};

use birdbox::admin::ca::CaVerb;
use birdbox::admin::{Answer, Verb};
use birdbox::tls::{Authority, Name};
use model::{Permissions, Timestamp};

use super::client::{connect, over_tls, trusting};
use crate::callers::Callers;
use crate::harness::{Exchange, NOW_MS, Server};

const AUTO: (&str, &str, &str) = ("server", "tls", "auto");
const TARGET: &str = "/2/users/100?user.fields=created_at";

fn request(server: &Server, host: &str) -> String {
    let bearer = server.bearer();
    format!("GET {TARGET} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {bearer}\r\nConnection: close\r\n\r\n")
}

fn server(settings: &[(&'static str, &'static str, &str)]) -> Server {
    let server = Server::set("none", settings);
    Callers::of(&server).create_user(model::UserId::new(100));
    server
}

#[test]
fn the_api_answers_over_tls_under_every_name_that_it_bears() {
    let server = server(&[AUTO, ("server", "tls_names", "birdbox.internal, 192.168.1.5")]);
    let trust = trusting(&server.authority());
    let names = ["127.0.0.1", "::1", "localhost", "api.x.com", "api.twitter.com", "birdbox.internal", "192.168.1.5"];
    for name in names {
        let reply = over_tls(connect(server.address()), name, &trust, &request(&server, "api.x.com")).unwrap();
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{name}: {reply}");
        assert!(reply.contains("{\"data\":{\"id\":\"100\""), "{name}: {reply}");
    }
    for name in ["example.com", "evil.x.com", "127.0.0.2", "10.0.0.1"] {
        over_tls(connect(server.address()), name, &trust, &request(&server, "api.x.com")).unwrap_err();
    }
}

#[test]
fn the_first_request_of_the_portal_names_the_certificate_but_not_its_path_to_strangers() {
    let server = server(&[AUTO]);
    let trust = trusting(&server.authority());
    let (address, link) = (server.address(), "link for the owner");
    crate::secrets::given("link", [link]);
    let now = Timestamp::from_unix_ms(NOW_MS);
    server.wait(server.identity().create_portal_link(oauth::digest(link), None, now)).unwrap();
    let send = |line: &str, headers: &str, body: &str| {
        let length = body.len();
        let head = format!("{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}");
        let request = format!("{head}Content-Length: {length}\r\n\r\n{body}");
        over_tls(connect(address), "127.0.0.1", &trust, &request).unwrap()
    };
    let page = send("GET /portal", "", "");
    let curl = |file: &str| format!("curl --cacert {file} &#34;https://{address}/2/users/by/username/TwitterDev?");
    assert!(page.contains(&curl("birdbox-ca.pem")), "{page}");
    assert!(page.contains("birdbox ca export -o birdbox-ca.pem") && !page.contains("/ca.pem"), "{page}");

    let form = format!("Origin: https://{address}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
    let reply = send("POST /portal/enter", &form, "link=link+for+the+owner");
    let cookie = reply.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap();
    let page = send("GET /portal", &format!("Cookie: {cookie}\r\n"), "");
    let file = std::path::absolute(server.store().data_dir().path().join("ca.pem")).unwrap();
    assert!(page.contains(&curl(&file.display().to_string())), "{page}");
    assert!(!page.contains("birdbox ca export"), "{page}");
}

#[test]
fn many_requests_share_a_connection_and_large_answers_come_whole() {
    let server = Server::set("legislators", &[AUTO]);
    let trust = trusting(&server.authority());
    let document = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20);
    let last = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let replies = over_tls(connect(server.address()), "localhost", &trust, &format!("{document}{last}")).unwrap();
    let one = server.wait(async { xapi::openapi::document(xapi::TWEET_BINDER_PREFIX) });
    assert_eq!(replies.matches(&one).count(), 21);
}

#[test]
fn plain_http_on_a_port_for_tls_is_told_so() {
    let server = server(&[AUTO]);
    let reply = Exchange::new(server.address()).send(request(&server, "127.0.0.1").as_bytes());
    assert!(reply.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{reply}");
    assert!(reply.ends_with("\r\n\r\nThis port speaks TLS. Call it with https:// in place of http://.\n"), "{reply}");
    assert!(reply.contains("\r\nconnection: close\r\n"), "{reply}");
    let garbage = Exchange::new(server.address()).send(b"\0\0\0\0\r\n\r\n");
    assert!(garbage.starts_with("HTTP/1.1 400 "), "{garbage}");
}

#[test]
fn a_handshake_that_takes_too_long_is_cut_off() {
    let server = server(&[AUTO, ("server", "header_timeout", "200ms")]);
    for begun in [&[][..], &[22], &[22, 3, 1, 2, 0, 1, 0, 1, 252]] {
        let mut stream = connect(server.address());
        stream.write_all(begun).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap(), 0, "{begun:?}");
    }
}

#[test]
fn a_client_of_another_protocol_is_refused_in_the_handshake() {
    let server = server(&[AUTO]);
    let mut trust = trusting(&server.authority());
    trust.alpn_protocols = vec![b"h2".to_vec()];
    let error = over_tls(connect(server.address()), "localhost", &trust, "").unwrap_err();
    assert!(error.to_string().contains("NoApplicationProtocol"), "{error}");
    trust.alpn_protocols.push(b"http/1.1".to_vec());
    over_tls(connect(server.address()), "localhost", &trust, &request(&server, "localhost")).unwrap();
}

#[test]
fn signatures_over_tls_are_of_https() {
    let server = server(&[AUTO]);
    let callers = Callers::of(&server);
    let app = callers.app(Permissions::Read, true);
    let user = callers.oauth1(&app, model::UserId::new(100), Permissions::Read);
    let trust = trusting(&server.authority());
    let own = server.address().to_string();
    for (scheme, signed, host, status) in [
        ("https", "api.x.com", "api.x.com", "200"),
        ("https", &*own, &*own, "200"),
        ("http", "api.x.com", "api.x.com", "401"),
        ("https", "api.twitter.com", "api.x.com", "401"),
    ] {
        let header = user.header_to(scheme, signed, TARGET, callers.number());
        let request =
            format!("GET {TARGET} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {header}\r\nConnection: close\r\n\r\n");
        let reply = over_tls(connect(server.address()), "localhost", &trust, &request).unwrap();
        assert!(reply.starts_with(&format!("HTTP/1.1 {status} ")), "{scheme} {signed}: {reply}");
    }
}

#[test]
fn a_new_authority_takes_the_place_of_the_old_one_at_once() {
    let server = server(&[AUTO]);
    let old = server.authority();
    let call = |authority: &str| {
        over_tls(connect(server.address()), "localhost", &trusting(authority), &request(&server, "localhost"))
    };
    call(&old).unwrap();
    let Answer::Ca(shown) = server.ask(Verb::Ca(CaVerb::Rotate)) else { panic!("another answer") };
    assert_eq!((shown.certificate.clone(), shown.gaps.len()), (server.authority(), 0));
    assert_eq!(shown.until, "2028-06-14T12:00:00.000Z");
    call(&old).unwrap_err();
    call(&shown.certificate).unwrap();
    assert_eq!(server.ask(Verb::Ca(CaVerb::Show)), Answer::Ca(shown));
}

#[test]
fn the_data_directory_holds_one_key_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = server(&[AUTO]);
    let path = server.store().data_dir().path().join("tls.pem");
    let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!((mode, text.matches("-----BEGIN PRIVATE").count()), (0o600, 1));
    assert!(text.ends_with(&server.authority()) && !server.authority().contains("PRIVATE"));
}

#[test]
fn a_certificate_of_files_is_shown_and_read_anew() {
    let dir = tempfile::tempdir().unwrap();
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| dir.path().join(name));
    let write = || {
        let name: Name = "birdbox.internal".parse().unwrap();
        let authority = Authority::new(std::slice::from_ref(&name), Timestamp::from_unix_ms(NOW_MS)).unwrap();
        let signed = authority.sign(&[name]).unwrap();
        fs::write(&certificate, &signed.certificate).unwrap();
        fs::write(&key, &signed.key).unwrap();
        authority.certificate().to_owned()
    };
    let first = write();
    let [certificate_path, key_path] = [&certificate, &key].map(|path| path.to_str().unwrap());
    let server = server(&[
        ("server", "tls", "files"),
        ("server", "tls_cert", certificate_path),
        ("server", "tls_key", key_path),
    ]);
    let call = |authority: &str| {
        let trust = trusting(authority);
        over_tls(connect(server.address()), "birdbox.internal", &trust, &request(&server, "birdbox.internal"))
    };
    call(&first).unwrap();
    let second = write();
    call(&first).unwrap();
    server.reload();
    call(&first).unwrap_err();
    call(&second).unwrap();
    fs::write(&key, "no key").unwrap();
    server.reload();
    call(&second).unwrap();
}
