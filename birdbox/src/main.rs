//! The program `birdbox`; see [`birdbox::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    birdbox::cli::main()
}
