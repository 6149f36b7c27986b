//! The program `birdbox`; see [`birdbox::cli`].

use std::process::ExitCode;

/// Replies are many short-lived buffers of all sizes, freed on other threads than
/// they were made on.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    birdbox::cli::main()
}
