//! `cargo xtask crash`: kills a program that writes, at random moments, again and
//! again, and looks each time whether anything that was acknowledged is gone.
//!
//! The program and the comparison belong to `store`; this says how often.

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::process::watch;
use crate::workspace::Workspace;

/// What CI has time for.
pub(crate) const SHORT: usize = 10;
const LONG: usize = 100;

/// Runs the cycles that are asked for.
pub(crate) fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let cycles = arguments.value("--cycles", LONG)?;
    arguments.end()?;
    Ok(if kill(workspace, cycles)?.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Kills so many times; each test of it counts.
pub(crate) fn kill(workspace: &Workspace, cycles: usize) -> Result<Counts> {
    let mut counts = Counts::default();
    let mut command = workspace.cargo(&["test", "--package", "store", "--test", "crash", "--", "--nocapture"]);
    let success = watch(command.env("BIRDBOX_CRASH_CYCLES", cycles.to_string()), |line| {
        counts += Counts::of_cargo_test(line).unwrap_or_default();
    })?;
    if success == (counts.failed > 0) || counts.passed + counts.failed == 0 {
        counts.failed = counts.failed.max(1);
    }
    Ok(counts)
}
