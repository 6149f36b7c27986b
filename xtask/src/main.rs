//! The commands that people and CI run on this repository: `cargo xtask COMMAND`.
//!
//! Nothing here is part of the server. Each command has a file or a folder of its own
//! and a row in [`COMMANDS`].

#![forbid(unsafe_code)]

mod arguments;
mod bench;
mod churn;
mod ci;
mod client;
mod clients;
mod clock;
mod compat;
mod conformance;
mod counts;
mod crash;
mod edge;
mod flips;
mod follow;
mod install;
mod limits;
mod parquet;
mod postman;
mod power;
mod process;
mod procfs;
mod random;
mod schemathesis;
mod secrets;
mod server;
mod snippets;
mod tidy;
mod workspace;

use std::io::Write as _;
use std::process::ExitCode;
use std::{env, io};

use anyhow::Result;

use self::arguments::Arguments;
use self::workspace::Workspace;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One thing to do.
struct Command {
    name: &'static str,
    /// The options, for people.
    usage: &'static str,
    /// A few words for people; empty for a command that only others call.
    about: &'static str,
    run: fn(&Workspace, Arguments) -> Result<ExitCode>,
}

#[rustfmt::skip]
const COMMANDS: &[Command] = &[
    Command { name: "ci", usage: "[STEP…]", about: "run every check, or these", run: ci::run },
    Command { name: "tidy", usage: "", about: "check what no compiler checks", run: tidy::run },
    Command { name: "compat", usage: "[--check]", about: "print COMPATIBILITY.md and docs/migrate-v1-to-v2.md from the tables of xapi", run: compat::run },
    Command { name: "crash", usage: "[--cycles 100] [--server [--debug]]", about: "kill a writer, or the server, at random moments and look for what it lost", run: crash::run },
    Command { name: "power", usage: "[--cycles 150]", about: "cut the power of a writer, fail and fill its disk, and look for what it lost", run: power::run },
    Command { name: "flips", usage: "[--flips 1000] [--seed 1]", about: "flip bits of a store and look for wrong answers", run: flips::run },
    Command { name: "churn", usage: "[--walks 1000] [--debug]", about: "walk lists while 8 writers follow and unfollow, and look for wrong rows", run: churn::run },
    Command { name: "limits", usage: "[--runs 100] [--debug]", about: "use up a rate limit from 64 connections, also through a kill, and count", run: limits::run },
    Command { name: "edge", usage: "[--connections 10000] [--mutations 100000] [--seed 1] [--debug]", about: "see what connections cost and what bad requests do", run: edge::run },
    Command { name: "secrets", usage: "[--brief]", about: "run the tests of the server, and search all that they leave for every secret", run: secrets::run },
    Command { name: "schemathesis", usage: "[--examples 50]", about: "compare the server with its own OpenAPI document", run: schemathesis::run },
    Command { name: "clients", usage: "[--only START-OF-FILE]", about: "try client libraries with the server, and a browser with its pages", run: clients::run },
    Command { name: "parquet", usage: "", about: "files of follows to and from pyarrow and DuckDB", run: parquet::run },
    Command { name: "postman", usage: "", about: "run the collection of `birdbox postman` with newman", run: postman::run },
    Command { name: "snippets", usage: "", about: "run the programs that the portal's explorer writes, and compare what they print", run: snippets::run },
    Command { name: "conformance", usage: "[--only NAME] [--update] [--table] [--break NAME|all]", about: "run SDKs from their registries against the server, and compare what they show", run: conformance::run },
    Command { name: "examples", usage: "", about: "run the programs of examples/", run: conformance::examples::run },
    Command { name: "bench", usage: "[--users 100000] [--seconds 3] [--runs 5] [--workers 1] [--connections 32] [--auth bearer|oauth1] [--only NAME]", about: "measure the server against a bare one", run: bench::run },
    Command { name: BENCH_RELEASE, usage: "", about: "", run: bench::run_release },
    Command { name: BARE_HYPER, usage: "", about: "", run: bench::bare::run },
];

/// What `bench` calls when it is compiled with optimisations, and the bare server.
const BENCH_RELEASE: &str = "bench-release";
const BARE_HYPER: &str = "bare-hyper";

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        return help(&name);
    };
    let done = Workspace::find().and_then(|workspace| (command.run)(&workspace, Arguments::new(arguments.collect())));
    done.unwrap_or_else(|error| {
        _ = writeln!(io::stderr(), "xtask {name}: {error:#}");
        ExitCode::FAILURE
    })
}

fn help(unknown: &str) -> ExitCode {
    let wanted = matches!(unknown, "" | "help" | "--help" | "-h");
    let mut out = io::stderr();
    if !wanted {
        _ = writeln!(out, "xtask: there is no command `{unknown}`; give one of these:");
    }
    for Command { name, usage, about, .. } in COMMANDS.iter().filter(|command| !command.about.is_empty()) {
        _ = writeln!(out, "  cargo xtask {name:<13} {about}{}{usage}", if usage.is_empty() { "" } else { ": " });
    }
    if wanted { ExitCode::SUCCESS } else { ExitCode::from(2) }
}
