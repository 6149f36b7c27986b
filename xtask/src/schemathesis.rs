//! `cargo xtask schemathesis`: requests made from the OpenAPI document that the server
//! prints, and whether its replies are as the document says.
//!
//! The tool is Python's; it lives in a virtual environment below the target folder.

use std::fs;
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::arguments::Arguments;
use crate::client::{ask, connect};
use crate::counts::Counts;
use crate::install::venv;
use crate::process::watch;
use crate::server::{Profile, Server, build};
use crate::workspace::Workspace;

/// The versions of the tool and of all that it needs.
const REQUIREMENTS: &str = "conformance/schemathesis/requirements.txt";
/// Where the module `hooks` is, which leaves out some requests and says why.
const HOOKS: &str = "conformance/schemathesis";

/// What else the tool has to know, with the reasons.
const SETTINGS: &str = "conformance/schemathesis/schemathesis.toml";

/// Requests of each kind for each operation, in CI.
const FEW: usize = 15;
const MANY: usize = 50;

/// Runs the tool with as many examples as are asked for.
pub(crate) fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let examples = arguments.value("--examples", MANY)?;
    arguments.end()?;
    check(workspace, examples)?.end()
}

/// Runs the tool with few examples.
pub(crate) fn check_briefly(workspace: &Workspace) -> Result<Counts> {
    check(workspace, FEW)
}

fn check(workspace: &Workspace, examples: usize) -> Result<Counts> {
    let folder = workspace.target.join("schemathesis");
    let Some(python) = venv(workspace, &folder, REQUIREMENTS)? else {
        writeln!(io::stdout(), "skipped: there is no python3, or pip cannot install {REQUIREMENTS}")?;
        return Ok(Counts::one_skipped());
    };
    let server = Server::start(&build(workspace, Profile::Debug)?, &workspace.target, "legislators")?;
    let reply = ask(&mut connect(server.address)?, &server.request("/openapi.json"))?;
    ensure!(reply.status == 200, "/openapi.json answered {}", reply.status);
    let document = folder.join("openapi.json");
    fs::write(&document, reply.body)?;
    let mut command = workspace.command(python.with_file_name("schemathesis"));
    command.arg("--config-file").arg(workspace.root.join(SETTINGS));
    command.arg("run").arg(&document).arg("--url").arg(format!("http://{}", server.address));
    command.arg("--header").arg(format!("Authorization: Bearer {}", server.bearer));
    command.args(["--max-examples", &examples.to_string(), "--seed", "1", "--generation-database", "none"]);
    command.env("PYTHONPATH", workspace.root.join(HOOKS)).env("PYTHONDONTWRITEBYTECODE", "1");
    command.env("SCHEMATHESIS_HOOKS", "hooks").env("NO_COLOR", "1").env("COLUMNS", "120").current_dir(&folder);
    let mut counts = Counts::default();
    let success = watch(&mut command, |line| counts += of_summary(line).unwrap_or_default())?;
    counts.failed += usize::from(!success && counts.failed == 0 || counts.passed + counts.failed == 0);
    Ok(counts)
}

/// The counts in a line such as `✅ 6 passed  ❌ 2 failed`, with which each phase ends.
fn of_summary(line: &str) -> Option<Counts> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut counts = None;
    for window in words.windows(3) {
        let [mark, number, what] = window else { continue };
        let Ok(number) = number.parse::<usize>() else { continue };
        let known = counts.get_or_insert_with(Counts::default);
        match (*mark, *what) {
            ("✅", "passed") => known.passed += number,
            ("❌", "failed") | ("🚫", "errors" | "error") => known.failed += number,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_phase_is_read() {
        let counts = of_summary("     ✅ 6 passed  ❌ 2 failed");
        assert_eq!(counts, Some(Counts { passed: 6, failed: 2, skipped: 0 }));
        assert_eq!(of_summary(" ✅  Loaded specification from o.json (in 0.33s)"), None);
        assert_eq!(of_summary("  ❌ ST201 Schema-violating request accepted: 2"), None);
    }
}
