//! The command line: from arguments to an exit code.
//!
//! 0 is success, 2 a mistake in what was asked, 3 damage that was found, 4 an import of
//! which a part was rejected, 1 everything else. Errors are lines on standard error that begin with
//! `birdbox:`.

mod args;
mod balance;
mod ca;
mod care;
mod doctor;
mod env;
mod explain;
mod export;
mod failure;
mod follows;
mod generate;
mod help;
mod identity;
mod import;
mod limits;
mod migrate;
mod output;
mod password;
mod postman;
mod program;
mod requests;
mod run;
mod search;
mod usage;
mod user;
mod verify;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser as _;

use crate::admin::{self, Environment, Local, Missing, Session};
use crate::config::{self, Config};
use crate::limits::{Source, boot_id};
use crate::serve;
use crate::state::{self, Clock};
use args::{Cli, Command};

/// Runs the program on the arguments and the environment of this process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    match Cli::try_parse_from(&arguments) {
        Ok(cli) => run(cli).unwrap_or_else(|error| failure::report(&error)),
        Err(error) => usage::report(&error, &arguments),
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    let sources = cli.sources(config::Environment::of_process());
    let config = || Config::load(&sources);
    let done = match cli.command.unwrap_or_else(Command::serve) {
        // These end as the program that they run does.
        Command::Run(args) => {
            return match &args.inside_hosts {
                Some(hosts) => run::inside(hosts, &args),
                None => run::run(&config()?, &args.program),
            };
        }
        Command::Doctor(args) => return doctor::run(&config()?, &args),
        Command::Serve(_) => serve::run(&config()?),
        Command::Ca(args) => block_on(ca::run(&config()?, args.verb)),
        Command::Env(args) => block_on(env::run(&config()?, args.output)),
        Command::Config => output::print(config::default_file().as_bytes()),
        Command::Completions(args) => output::print(&help::completions(args.shell)),
        Command::Man(args) => output::print(&help::man(&args.command)?),
        Command::Import(args) => match import::decoded(&args) {
            Some(decoded) => decoded,
            None => block_on(import::run(&config()?, &args)),
        },
        Command::Export(args) => block_on(export::run(&config()?, &args)),
        Command::Postman(args) => block_on(postman::run(&config()?, &args)),
        Command::Generate(args) => generate::run(&args),
        Command::Balance(args) => block_on(balance::run(&config()?, args)),
        Command::Limits(args) => block_on(limits::run(&config()?, args)),
        Command::MigrateRequest(args) => migrate::run(&args),
        Command::Explain(args) => block_on(explain::run(&config()?, args)),
        Command::Requests(args) => block_on(requests::run(&config()?, args)),
        Command::User(args) => block_on(user::run(&config()?, args.verb)),
        Command::Account(noun) => block_on(identity::run(&config()?, noun.verb, noun.written.output)),
        Command::Portal(noun) => block_on(identity::run(&config()?, noun.verb, noun.written.output)),
        Command::Project(noun) => block_on(identity::run(&config()?, noun.verb, noun.written.output)),
        Command::App(noun) => block_on(identity::run(&config()?, noun.verb, noun.written.output)),
        Command::Token(noun) => block_on(identity::run(&config()?, noun.verb, noun.written.output)),
        Command::Oauth2(noun) => block_on(identity::run(&config()?, noun.verb, noun.written.output)),
        Command::Stats(args) => block_on(care::stats(&config()?, args.written.output)),
        Command::Merge => block_on(care::merge(&config()?)),
        Command::Verify(args) => match args.in_process {
            Some(dir) => verify::in_process(&dir),
            None => verify::run(&config()?),
        },
        Command::Backup(args) => block_on(care::backup(&config()?, args.verb)),
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// Runs a command to its end, on this thread.
fn block_on(command: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(command)
}

/// The limits of the configuration, when no server has them open.
fn limits_source(config: &Config) -> Source {
    Source::Closed { settings: config.limit_settings(), boot: boot_id(), random: state::random_key }
}

/// Opens the data that the configuration names, or connects to the server that uses it.
async fn open(config: &Config, missing: Missing) -> Result<Session, admin::SessionError> {
    let local = Local {
        options: &config.store.options(),
        limits: limits_source(config),
        environment: Environment::of(config.scheme(), config.server.listen),
        ca: admin::ca::Source { names: config.server.tls_names.clone(), shown: None },
        random: state::random_key,
        now: || Clock::System.now(),
    };
    Session::open(&config.store.data, missing, &local).await
}
