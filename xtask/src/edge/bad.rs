//! Requests that are wrong in a known way, each with the status that it must get at once.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use anyhow::Result;

use super::Finding;
use crate::client::{connect, status};
use crate::clock;
use crate::server::Server;

/// How long "at once" may take.
const AT_ONCE: Duration = Duration::from_secs(1);

/// One such request.
struct Bad {
    what: &'static str,
    /// The bytes, when the server's `host` and the whole `Authorization` header are known.
    bytes: fn(host: &str, authorization: &str) -> String,
    status: u16,
}

#[rustfmt::skip]
const REQUESTS: &[Bad] = &[
    Bad { what: "two Host headers", status: 400, bytes: |host, auth| format!("GET /2/users/12 HTTP/1.1\r\nHost: {host}\r\nHost: {host}\r\n{auth}\r\n") },
    Bad { what: "no Host", status: 400, bytes: |_, auth| format!("GET /2/users/12 HTTP/1.1\r\n{auth}\r\n") },
    Bad { what: "a Host that is none", status: 400, bytes: |_, auth| format!("GET /2/users/12 HTTP/1.1\r\nHost: a b/c\r\n{auth}\r\n") },
    Bad { what: "bad percent-encoding in the path", status: 400, bytes: |host, auth| format!("GET /2/users/%zz HTTP/1.1\r\nHost: {host}\r\n{auth}\r\n") },
    Bad { what: "bad percent-encoding in the query", status: 400, bytes: |host, auth| format!("GET /2/users?ids=%f HTTP/1.1\r\nHost: {host}\r\n{auth}\r\n") },
    Bad { what: "a target of 100 KB", status: 414, bytes: |host, auth| format!("GET /2/users?ids={} HTTP/1.1\r\nHost: {host}\r\n{auth}\r\n", "1,".repeat(50_000)) },
    Bad { what: "a head of 100 KB", status: 431, bytes: |host, auth| format!("GET /2/users/12 HTTP/1.1\r\nHost: {host}\r\nX-Long: {}\r\n{auth}\r\n", "x".repeat(100_000)) },
    Bad { what: "an announced body of 10 GB", status: 413, bytes: |host, auth| format!("GET /2/users/12 HTTP/1.1\r\nHost: {host}\r\nContent-Length: 10000000000\r\n{auth}\r\n") },
    Bad { what: "a header name with a blank", status: 400, bytes: |host, auth| format!("GET /2/users/12 HTTP/1.1\r\nHost: {host}\r\nBad Name: x\r\n{auth}\r\n") },
    Bad { what: "TRACE", status: 405, bytes: |host, auth| format!("TRACE /2/users/12 HTTP/1.1\r\nHost: {host}\r\n{auth}\r\n") },
    Bad { what: "no credentials", status: 401, bytes: |host, _| format!("GET /2/users/12 HTTP/1.1\r\nHost: {host}\r\n\r\n") },
];

/// Sends each and waits for its reply. Nothing says that no more will come.
pub(super) fn all(server: &Server) -> Result<Vec<Finding>> {
    let host = server.address.to_string();
    let authorization = format!("Authorization: Bearer {}\r\n", server.bearer);
    REQUESTS.iter().map(|bad| try_one(server, bad, &(bad.bytes)(&host, &authorization))).collect()
}

fn try_one(server: &Server, bad: &Bad, bytes: &str) -> Result<Finding> {
    let begin = clock::now();
    let mut stream = connect(server.address)?;
    // The server may refuse before it has read all.
    _ = stream.write_all(bytes.as_bytes());
    let mut first = [0; 16];
    let found = match stream.read(&mut first) {
        Ok(count) => status(first.get(..count).unwrap_or_default()),
        Err(_) => None,
    };
    let took = begin.elapsed();
    drop(stream);
    Ok(Finding {
        what: bad.what.to_owned(),
        found: match found {
            Some(status) => format!("{status} after {:.0} ms", took.as_secs_f64() * 1000.0),
            None => "no reply".to_owned(),
        },
        limit: format!("{} at once", bad.status),
        good: found == Some(bad.status) && took <= AT_ONCE,
    })
}
