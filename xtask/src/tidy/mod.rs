//! `cargo xtask tidy`: the promises of ARCHITECTURE.md and STYLE.md that no compiler
//! checks.
//!
//! A check looks at the whole repository and returns complaints, each a line that
//! names the place. [`CHECKS`] is the list.

mod cases;
mod edges;
mod licences;
mod places;
mod problems;
mod secrets;
mod sources;
mod unverified;

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::Arguments;
use crate::conformance;
use crate::counts::Counts;
use crate::workspace::Workspace;

/// So many complaints of one check are printed.
const SHOWN: usize = 25;

/// One check.
struct Check {
    /// What is so when nothing is wrong.
    claim: &'static str,
    /// What is wrong, one line each.
    run: fn(&Workspace) -> Result<Vec<String>>,
}

#[rustfmt::skip]
const CHECKS: &[Check] = &[
    Check { claim: "crates depend on each other as ARCHITECTURE.md draws it", run: edges::between_crates },
    Check { claim: "no crate uses what its purpose excludes", run: edges::out_of_crates },
    Check { claim: "files are short enough to read", run: sources::lengths },
    Check { claim: "unsafe stands in one module", run: sources::unsafe_code },
    Check { claim: "nothing is left undone or silenced", run: sources::left_undone },
    Check { claim: "every file and folder says what it is", run: places::documented },
    Check { claim: "every link between pages leads somewhere", run: places::links },
    Check { claim: "the table of clients is what the results say", run: conformance::table_is_current },
    Check { claim: "no secret is in the repository", run: secrets::none },
    Check { claim: "every guess is a row of COMPATIBILITY.md", run: unverified::rows },
    Check { claim: "every dependency has a licence that deny.toml allows", run: licences::allowed },
    Check { claim: "every operation, parameter and field has a case", run: cases::of_rows },
    Check { claim: "every case has its reply, every reply its case", run: cases::replies },
    Check { claim: "every sentence of the API stands in a reply", run: problems::sentences },
];

/// Runs all checks.
pub(crate) fn run(workspace: &Workspace, arguments: Arguments) -> Result<ExitCode> {
    arguments.end()?;
    check(workspace)?.end()
}

/// Runs all checks and prints what is wrong.
pub(crate) fn check(workspace: &Workspace) -> Result<Counts> {
    let mut out = io::stdout();
    let mut counts = Counts::default();
    for Check { claim, run } in CHECKS {
        let complaints = run(workspace).unwrap_or_else(|error| vec![format!("{error:#}")]);
        writeln!(out, "{} {claim}", if complaints.is_empty() { "ok    " } else { "FAILED" })?;
        for complaint in complaints.iter().take(SHOWN) {
            writeln!(out, "         {complaint}")?;
        }
        if let Some(more) = complaints.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            writeln!(out, "         and {more} more")?;
        }
        counts += Counts::one(complaints.is_empty());
    }
    Ok(counts)
}
