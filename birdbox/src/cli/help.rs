//! What is printed from the grammar itself: completions and manual pages.

use anyhow::Result;
use clap::CommandFactory as _;
use clap_complete::Shell;

use super::args::Cli;
use super::failure::Wrong;

/// The script by which a shell completes arguments.
pub(super) fn completions(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "birdbox", &mut out);
    out
}

/// The manual page of a command, such as `["user", "set"]`; of the program when empty.
pub(super) fn man(path: &[String]) -> Result<Vec<u8>> {
    let mut program = Cli::command();
    program.build();
    let mut command = &program;
    for name in path {
        command = command
            .find_subcommand(name)
            .ok_or_else(|| Wrong(format!("COMMAND: there is no command {name}; `birdbox --help` lists all")))?;
    }
    let mut out = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut out)?;
    Ok(out)
}
