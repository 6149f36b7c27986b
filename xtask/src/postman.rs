//! `cargo xtask postman`: the collection that `birdbox postman` writes, run by newman against a fresh
//! server with the environment that it writes, twice over, with the limits of X.
//!
//! newman is npm's; it lives below the target folder in a pinned version.

use std::fs;
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::install::npm;
use crate::process::{output, succeeds};
use crate::server::{Profile, Server, build};
use crate::workspace::Workspace;

/// The version of newman.
const FOLDER: &str = "conformance/postman";
/// What changes something must leave all as it was for the next.
const RUNS: &str = "2";

/// Runs the collection.
pub(crate) fn run(workspace: &Workspace, arguments: Arguments) -> Result<ExitCode> {
    arguments.end()?;
    check(workspace)?.end()
}

/// The same for CI.
pub(crate) fn check(workspace: &Workspace) -> Result<Counts> {
    let folder = workspace.target.join("postman");
    if !npm(workspace, &folder, FOLDER)? {
        writeln!(io::stdout(), "skipped: there is no node or npm, or npm cannot install newman")?;
        return Ok(Counts::one_skipped());
    }
    let program = build(workspace, Profile::Debug)?;
    let limits = [("BIRDBOX_LIMITS__MODE", "faithful".to_owned())];
    let server = Server::start_in(Server::folder(&workspace.target)?, &program, "legislators", &limits)?;
    for what in ["collection", "environment"] {
        fs::write(folder.join(format!("{what}.json")), output(&mut server.command(&["postman", what]))?)?;
    }
    let report = folder.join("report.json");
    let mut newman = workspace.command("node");
    newman.arg(folder.join("node_modules/newman/bin/newman.js")).current_dir(&folder);
    newman.args(["run", "collection.json", "-e", "environment.json", "-n", RUNS, "--color", "off"]);
    newman.args(["--reporters", "cli,json", "--reporter-cli-no-banner", "--reporter-json-export"]).arg(&report);
    let success = succeeds(&mut newman)?;
    let mut counts = of_report(&fs::read_to_string(&report)?)?;
    counts.failed += usize::from(!success && counts.failed == 0);
    Ok(counts)
}

/// The counts of the assertions; what newman could not send or run is a failure too.
fn of_report(text: &str) -> Result<Counts> {
    let report: Value = serde_json::from_str(text)?;
    let stats = report.pointer("/run/stats").context("newman reports no figures")?;
    let figure =
        |what: &str| stats.pointer(what).and_then(Value::as_u64).and_then(|figure| usize::try_from(figure).ok());
    let all = figure("/assertions/total").context("newman reports no assertions")?;
    let wrong = ["assertions", "requests", "scripts"].map(|what| figure(&format!("/{what}/failed")).unwrap_or(1));
    let [failed, ..] = wrong;
    ensure!(all > 0, "the collection tests nothing");
    Ok(Counts { passed: all - failed, failed: wrong.iter().sum(), skipped: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_is_counted() {
        let report = |assertions: &str, requests: &str| {
            of_report(&format!(
                "{{\"run\":{{\"stats\":{{\"assertions\":{assertions},\"requests\":{requests},\"scripts\":{{\"failed\":0}}}}}}}}"
            ))
        };
        let counts = report("{\"total\":9,\"failed\":1}", "{\"total\":4,\"failed\":2}").unwrap();
        assert_eq!(counts, Counts { passed: 8, failed: 3, skipped: 0 });
        assert!(report("{\"total\":0,\"failed\":0}", "{\"failed\":0}").is_err());
    }
}
