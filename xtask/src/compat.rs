//! `cargo xtask compat`: COMPATIBILITY.md is a print of the tables of `xapi`.

use std::fs;
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::Arguments;
use crate::workspace::Workspace;

const PAGE: &str = "COMPATIBILITY.md";

/// Writes the page, or with `--check` says whether it is current.
pub(crate) fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let check = arguments.flag("--check");
    arguments.end()?;
    if check {
        return Ok(if is_current(workspace)? { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    fs::write(workspace.root.join(PAGE), xapi::compatibility::markdown())?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the page says what the tables say.
pub(crate) fn is_current(workspace: &Workspace) -> Result<bool> {
    let current =
        fs::read_to_string(workspace.root.join(PAGE)).is_ok_and(|page| page == xapi::compatibility::markdown());
    if !current {
        writeln!(io::stdout(), "{PAGE} is not what the tables say; run: cargo xtask compat")?;
    }
    Ok(current)
}
