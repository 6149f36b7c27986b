//! What a connection costs that has asked once and then waits.

use std::net::TcpStream;

use anyhow::{Result, ensure};

use super::Finding;
use crate::client::{ask, connect};
use crate::procfs::rss;
use crate::server::Server;

/// Bytes of server memory for each connection.
const LIMIT: u64 = 20 * 1024;
/// Connections that only wake up what the server allocates once.
const FIRST: usize = 128;
const TARGET: &str = "/2/users/2244994945";

/// Opens `connections`, asks once on each and keeps them all open.
pub(super) fn cost(server: &Server, connections: usize) -> Result<Finding> {
    drop(open(server, FIRST)?);
    let before = rss(server.pid())?;
    let open = open(server, connections)?;
    let after = rss(server.pid())?;
    let each = after.saturating_sub(before) / (open.len() as u64).max(1);
    Ok(Finding {
        what: format!("memory of a connection, with {connections} open"),
        found: format!("{:.1} KiB", each as f64 / 1024.0),
        limit: format!("{} KiB", LIMIT / 1024),
        good: each <= LIMIT,
    })
}

fn open(server: &Server, connections: usize) -> Result<Vec<TcpStream>> {
    let request = server.request(TARGET);
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        let mut stream = connect(server.address)?;
        let reply = ask(&mut stream, &request)?;
        ensure!(reply.status == 200, "{TARGET} answered {}: {}", reply.status, String::from_utf8_lossy(&reply.body));
        open.push(stream);
    }
    Ok(open)
}
