//! How long clients are borne that send nothing, or stop in the middle.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use anyhow::{Result, anyhow};

use super::Finding;
use crate::client::{connect, read_to_end};
use crate::clock;
use crate::server::Server;

const LIMIT: Duration = Duration::from_secs(15);

/// What they send before they stop; `{}` stands for the host.
const CLIENTS: &[(&str, &str)] = &[
    ("sends nothing", ""),
    ("half a request line", "GET /2/us"),
    ("half a header", "GET /2/users/12 HTTP/1.1\r\nHost: {}\r\nAuthoriz"),
    ("half a body", "GET /2/users/12 HTTP/1.1\r\nHost: {}\r\nContent-Length: 10\r\n\r\nhalf"),
    ("half a chunk", "GET /2/users/12 HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhalf"),
];

/// Tries all of them at once.
pub(super) fn all(server: &Server) -> Result<Vec<Finding>> {
    let address = server.address;
    let clients: Vec<_> = CLIENTS.iter().map(|client| thread::spawn(move || try_one(address, client))).collect();
    let found = clients.into_iter().map(|client| client.join().map_err(|_| anyhow!("a client panicked"))?);
    found.collect()
}

fn try_one(address: SocketAddr, &(what, sent): &(&str, &str)) -> Result<Finding> {
    let begin = clock::now();
    let mut stream = connect(address)?;
    stream.write_all(sent.replace("{}", &address.to_string()).as_bytes())?;
    let closed: io::Result<Vec<u8>> = read_to_end(&mut stream);
    let took = begin.elapsed();
    Ok(Finding {
        what: format!("a client that stops: {what}"),
        found: if closed.is_ok() { format!("cut after {:.1} s", took.as_secs_f64()) } else { "not cut".to_owned() },
        limit: format!("{} s", LIMIT.as_secs()),
        good: closed.is_ok() && took <= LIMIT,
    })
}
