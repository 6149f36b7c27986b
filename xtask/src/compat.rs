//! `cargo xtask compat`: pages that are prints of the tables of `xapi`.

use std::fs;
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::Arguments;
use crate::workspace::Workspace;

/// A page, and what prints it.
struct Page {
    path: &'static str,
    print: fn() -> String,
}

const PAGES: &[Page] = &[
    Page { path: "COMPATIBILITY.md", print: xapi::compatibility::markdown },
    Page { path: "docs/migrate-v1-to-v2.md", print: xapi::migration::markdown },
];

/// Writes the pages, or with `--check` says whether they are current.
pub(crate) fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let check = arguments.flag("--check");
    arguments.end()?;
    if check {
        return Ok(if is_current(workspace)? { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    for Page { path, print } in PAGES {
        fs::write(workspace.root.join(path), print())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether the pages say what the tables say.
pub(crate) fn is_current(workspace: &Workspace) -> Result<bool> {
    let mut all = true;
    for Page { path, print } in PAGES {
        let current = fs::read_to_string(workspace.root.join(path)).is_ok_and(|text| text == print());
        if !current {
            writeln!(io::stdout(), "{path} is not what the tables say; run: cargo xtask compat")?;
        }
        all &= current;
    }
    Ok(all)
}
