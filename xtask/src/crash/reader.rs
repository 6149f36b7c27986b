//! Looks users up over HTTP: while changes are made, and once more after a restart.

use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::expected::{Users, one_owner_each, users_of};
use crate::client::{ask, connect};
use crate::server::Server;

/// Looks all of `ids` up until the server is killed; says how often. What was seen once
/// must not become older, and usernames have one owner at every instant.
pub(super) fn read(server: &Server, ids: &[u64], killed: &AtomicBool) -> Result<usize> {
    let mut stream = connect(server.address)?;
    let mut seen = Users::new();
    let mut reads = 0;
    loop {
        let users = match by_ids(server, &mut stream, ids) {
            Err(_) if killed.load(Ordering::SeqCst) => return Ok(reads),
            users => users?,
        };
        one_owner_each(&users)?;
        for (id, before) in &seen {
            let now = users.get(id).with_context(|| format!("user {id} is gone, and was {before:?}"))?;
            let (now, before): (u64, u64) = (now.description.parse()?, before.description.parse()?);
            ensure!(now >= before, "user {id} went back from change {before} to {now}");
        }
        seen = users;
        reads += 1;
    }
}

/// The users with these ids.
pub(super) fn by_ids(server: &Server, stream: &mut TcpStream, ids: &[u64]) -> Result<Users> {
    let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
    look_up(server, stream, &format!("/2/users?ids={}&user.fields=description", ids.join(",")))
}

/// The users with these usernames.
pub(super) fn by_usernames(server: &Server, stream: &mut TcpStream, usernames: &[&str]) -> Result<Users> {
    look_up(server, stream, &format!("/2/users/by?usernames={}&user.fields=description", usernames.join(",")))
}

fn look_up(server: &Server, stream: &mut TcpStream, target: &str) -> Result<Users> {
    let reply = ask(stream, &server.request(target))?;
    ensure!(reply.status == 200, "{target} answered {}", reply.status);
    let body: Value = serde_json::from_slice(&reply.body)?;
    users_of(body.get("data").and_then(Value::as_array).into_iter().flatten())
}
