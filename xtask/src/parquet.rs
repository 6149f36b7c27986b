//! `cargo xtask parquet`: Parquet files of follows between Birdbox and pyarrow and DuckDB, as they come from PyPI.
//!
//! They are installed below the target folder, in pinned versions; where that cannot be, all is counted as skipped.

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::install::venv;
use crate::server::{Profile, build};
use crate::workspace::Workspace;

/// The program, and the versions of what it needs.
const FOLDER: &str = "conformance/parquet";

pub(crate) fn run(workspace: &Workspace, arguments: Arguments) -> Result<ExitCode> {
    arguments.end()?;
    check(workspace)?.end()
}

/// For CI, which runs the same.
pub(crate) fn check(workspace: &Workspace) -> Result<Counts> {
    let folder = workspace.target.join("parquet");
    let Some(python) = venv(workspace, &folder, &format!("{FOLDER}/requirements.txt"))? else {
        return Ok(Counts::one_skipped());
    };
    let mut command = workspace.command(&python);
    command.arg(workspace.root.join(FOLDER).join("main.py")).env("PYTHONDONTWRITEBYTECODE", "1");
    command.env("PYTHONPATH", workspace.helpers()).env("BIRDBOX", build(workspace, Profile::Debug)?);
    Counts::told_by(&mut command)
}
