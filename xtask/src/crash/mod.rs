//! `cargo xtask crash`: kills a program that writes, at random moments, again and
//! again, and looks each time whether anything that was acknowledged is gone.
//!
//! Without `--server` that is a program of `store`, which also has the comparison; this
//! says how often. With it, it is Birdbox as people start it.

mod expected;
mod follower;
mod reader;
mod server;
mod worker;

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::process::watch;
use crate::server::Profile;
use crate::workspace::Workspace;

/// What CI has time for.
const FEW: usize = 10;
const FEW_SERVERS: usize = 3;
const MANY: usize = 100;

/// The test of `store` that does it.
const TEST: &str = "survive_kills";

/// Runs the cycles that are asked for, in an optimised build, which also has to start
/// within a second.
pub(crate) fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let cycles = arguments.value("--cycles", MANY)?;
    let of_server = arguments.flag("--server");
    let profile = if of_server && arguments.flag("--debug") { Profile::Debug } else { Profile::Release };
    arguments.end()?;
    let counts = if of_server {
        server::kill(workspace, profile, cycles)?
    } else {
        kill(workspace, cycles, &["--package", "store", "--release"])?
    };
    Ok(if counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs few cycles of both kinds in the build that other tests use.
pub(crate) fn check_briefly(workspace: &Workspace) -> Result<Counts> {
    let mut counts = kill(workspace, FEW, &["--workspace"])?;
    counts += server::kill(workspace, Profile::Debug, FEW_SERVERS)?;
    Ok(counts)
}

fn kill(workspace: &Workspace, cycles: usize, build: &[&str]) -> Result<Counts> {
    let mut counts = Counts::default();
    let mut command = workspace.cargo(&["test", "--locked", "--test", "crash"]);
    command.args(build).args(["--", "--nocapture", TEST]).env("BIRDBOX_CRASH_CYCLES", cycles.to_string());
    let success = watch(&mut command, |line| counts += Counts::of_cargo_test(line).unwrap_or_default())?;
    // Without a test of this name, nothing was shown.
    counts.failed += usize::from(!success && counts.failed == 0 || counts.passed + counts.failed == 0);
    Ok(counts)
}
