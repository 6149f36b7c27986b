//! The table of clients in README.md, printed from the results that are checked in.

use std::fs;

use anyhow::{Context as _, Result};

use super::clients::{ABSENT, CLAIMS, CLIENTS, Suite};
use super::results::{self, Line, Outcome};
use crate::workspace::Workspace;

const PAGE: &str = "README.md";
/// What stands before the table, and after it.
const BEGIN: &str = "<!-- clients: printed by cargo xtask conformance --table -->\n";
const END: &str = "<!-- end of clients -->\n";

/// Prints the table into the page.
pub(super) fn write(workspace: &Workspace) -> Result<()> {
    let page = workspace.read(PAGE)?;
    let (before, _, after) = parts(&page)?;
    let table = table(&results::read(workspace)?);
    Ok(fs::write(workspace.root.join(PAGE), format!("{before}{BEGIN}{table}{END}{after}"))?)
}

/// What is wrong if the page has another table.
pub(crate) fn is_current(workspace: &Workspace) -> Result<Vec<String>> {
    let page = workspace.read(PAGE)?;
    let (_, printed, _) = parts(&page)?;
    let current = printed == table(&results::read(workspace)?);
    let complaint =
        format!("{PAGE}: the table of clients is not what the results say; run: cargo xtask conformance --table");
    Ok(if current { Vec::new() } else { vec![complaint] })
}

/// The page before the table, the table, and the page after it.
fn parts(page: &str) -> Result<(&str, &str, &str)> {
    let around = page.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?)));
    let (before, (table, after)) = around.with_context(|| format!("{PAGE} has no place for the table of clients"))?;
    Ok((before, table, after))
}

fn table(lines: &[Line]) -> String {
    format!("{}\nAPI v1.1 and Labs v2:\n\n{}", table_of(Suite::V2, lines), table_of(Suite::V1, lines))
}

/// The clients of a suite.
fn table_of(suite: Suite, lines: &[Line]) -> String {
    let claims = CLAIMS.iter().filter(|claim| claim.suite == suite);
    let mut headings: Vec<&str> = claims.map(|claim| claim.heading).collect();
    headings.dedup();
    let mut page =
        format!("| client | version | {} |\n|{}\n", headings.join(" | "), " --- |".repeat(headings.len() + 2));
    for client in CLIENTS.iter().filter(|client| client.suite == suite) {
        let own: Vec<&Line> = lines.iter().filter(|line| line.client == client.name).collect();
        let version = own.first().map_or("", |line| line.version.as_str());
        let cells: Vec<String> = headings.iter().map(|heading| cell(&own, heading)).collect();
        page.push_str(&format!("| {} | {version} | {} |\n", client.package, cells.join(" | ")));
    }
    for absent in ABSENT.iter().filter(|_| suite == Suite::V2) {
        page.push_str(&format!("| {} | skipped: {} |{}\n", absent.package, absent.why, " |".repeat(headings.len())));
    }
    page
}

/// How many of the claims under a heading hold, of those that the client has something for.
fn cell(own: &[&Line], heading: &str) -> String {
    let under = |line: &&&Line| CLAIMS.iter().any(|claim| claim.heading == heading && claim.name == line.claim);
    let of = |outcome: Outcome| own.iter().filter(under).filter(|line| line.outcome == outcome).count();
    match (of(Outcome::Passed), of(Outcome::Failed)) {
        (0, 0) => "–".to_owned(),
        (passed, 0) => format!("{passed} ✓"),
        (passed, failed) => format!("{passed} of {}", passed + failed),
    }
}
