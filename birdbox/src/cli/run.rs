//! `birdbox run`: a program with a server that answers it, as if it called X.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};

use super::args::{ProgramArgs, RunArgs};
use super::failure::{FAILED, Told};
use super::program::{self, with_code, with_host};
use crate::config::Config;
use crate::run::namespace;

/// Runs the program to its end.
pub(super) fn run(config: &Config, args: &ProgramArgs) -> Result<ExitCode> {
    with_host(config, args, async |host| {
        let trust = program::trusted(config, host)?;
        let mut started = program::start(config, host, &trust, args, |_| {}).await?;
        Ok(ExitCode::from(started.end().await?))
    })
}

/// Becomes the program, inside.
pub(super) fn inside(hosts: &Path, args: &RunArgs) -> Result<ExitCode> {
    let (program, arguments) = args.program.command.split_first().context("a program is missing")?;
    let mut command = Command::new(program);
    match namespace::enter(hosts, &args.inside_port, command.args(arguments)) {
        Some(error) => Err(with_code(error.into())),
        // The process outside says why.
        None => Err(Told { lines: Vec::new(), code: FAILED }.into()),
    }
}
