//! `--break NAME`: whether the suite notices when replies are not as they should be.

use std::io::{self, Write as _};

use anyhow::{Result, bail};

use super::clients::{CLIENTS, Client};
use super::layer::{Reply, Spoil};
use super::results::Outcome;
use super::show;
use crate::counts::Counts;
use crate::server::{Profile, build};
use crate::workspace::Workspace;

/// A way to spoil replies.
struct Break {
    name: &'static str,
    spoil: Spoil,
}

const BREAKS: &[Break] = &[
    Break { name: "renamed-member", spoil: |reply| reply.replace(r#""username":"#, r#""user_name":"#) },
    Break { name: "lost-problems", spoil: |reply| reply.replace(r#"],"errors":["#, r#"],"problems":["#) },
    Break { name: "lost-includes", spoil: |reply| reply.replace(r#""includes":"#, r#""included":"#) },
    Break { name: "missing-header", spoil: |reply| reply.headers.retain(|(name, _)| name != "x-rate-limit-reset") },
    Break { name: "wrong-status", spoil: wrong_status },
    Break {
        name: "wrong-token-type",
        spoil: |reply| reply.replace(r#""token_type":"bearer""#, r#""token_type":"mac""#),
    },
    Break { name: "lost-next-token", spoil: |reply| reply.replace(r#""next_token":"#, r#""next":"#) },
    Break { name: "lost-refresh-token", spoil: |reply| reply.replace(r#""refresh_token":"#, r#""refreshed":"#) },
];

/// The client that looks for them: quick to install, and it asks for everything.
const WITH: &str = "tweepy";

fn wrong_status(reply: &mut Reply) {
    if reply.status == 401 {
        reply.status = 403;
    }
}

/// Spoils what clients get in one way, or in `all` ways, one after the other.
pub(super) fn run(workspace: &Workspace, name: &str, clients: Option<&[&Client]>) -> Result<Counts> {
    let breaks: Vec<&Break> = BREAKS.iter().filter(|row| name == "all" || row.name == name).collect();
    if breaks.is_empty() {
        let names: Vec<_> = BREAKS.iter().map(|row| row.name).collect();
        bail!("there is no such break; these are: all, {}", names.join(", "));
    }
    let usual: Vec<&Client> = CLIENTS.iter().filter(|client| client.name == WITH).collect();
    let clients = clients.unwrap_or(&usual);
    let program = build(workspace, Profile::Debug)?;
    let mut out = io::stdout();
    let mut counts = Counts::default();
    for Break { name, spoil } in breaks {
        let mut caught = Vec::new();
        let mut ran = false;
        for client in clients {
            let lines = show(workspace, &program, client, Some(*spoil))?;
            ran |= lines.is_some();
            let failed = lines.into_iter().flatten().filter(|line| line.outcome == Outcome::Failed);
            caught.extend(failed.map(|line| format!("{}: {}", line.client, line.claim)));
        }
        let word = match (ran, caught.is_empty()) {
            (false, _) => "skipped",
            (true, false) => "caught ",
            (true, true) => "MISSED ",
        };
        writeln!(out, "{word} {name}: {}", caught.join(", "))?;
        counts += if ran { Counts::one(!caught.is_empty()) } else { Counts::one_skipped() };
    }
    Ok(counts)
}

/// All breaks, for CI.
pub(crate) fn check(workspace: &Workspace) -> Result<Counts> {
    run(workspace, "all", None)
}
