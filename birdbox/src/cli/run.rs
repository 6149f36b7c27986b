//! `birdbox run`: a program with a server that answers it, as if it called X.

use std::env;
use std::path::Path;
use std::process::{self, ExitCode};

use anyhow::{Context as _, Error, Result};
use tokio::process::Command;

use super::args::RunArgs;
use super::failure::{FAILED, Told};
use super::output;
use crate::admin::ClientError;
use crate::config::{Config, Log, LogLevel};
use crate::run::child::{self, StartError};
use crate::run::isolate::{self, Way};
use crate::run::{Host, namespace, trust, variables};
use crate::serve::log;

/// Runs the program to its end.
pub(super) fn run(config: &Config, args: RunArgs) -> Result<ExitCode> {
    // The program has the terminal: what is in order is not worth a line.
    let level = if config.log.level == LogLevel::Info { LogLevel::Warn } else { config.log.level };
    log::init(&Log { level, ..config.log.clone() });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut host = Host::open(config, args.user, args.offline).await?;
        let ended = answer(config, &mut host, &args).await;
        host.close().await?;
        ended.map(ExitCode::from)
    })
}

async fn answer(config: &Config, host: &mut Host, args: &RunArgs) -> Result<u8> {
    if !args.isolate {
        let command = tell(config, host, child::command(&args.command).context("a program is missing")?)?;
        return child::start(command).map_err(told)?.end().await.map_err(Error::from);
    }
    let ways = ways(host)?;
    let (command, line) = isolate::prepare(&config.store.data, ways, &args.command)?;
    let mut running = child::start(tell(config, host, command)?)?;
    let ports = line.take_over().await?;
    tokio::select! {
        ended = running.end() => Ok(ended?),
        never = isolate::relay(ports) => match never {},
    }
}

/// The command with all that the program has to be told.
fn tell(config: &Config, host: &Host, mut command: Command) -> Result<Command> {
    let environment = |name: &str| env::var_os(name);
    let trust = trust::write(&config.store.data, &host.doors.authority, environment)?;
    if trust.roots == 0 {
        output::complain(
            "no roots of this machine were found: the program will trust Birdbox alone; name them in SSL_CERT_FILE",
        );
    }
    let told = variables::Told {
        proxy: host.doors.proxy,
        trust: &trust,
        environment: &host.environment,
        oauth2: host.oauth2.as_deref(),
    };
    command.envs(variables::of(&told, environment));
    Ok(command)
}

/// The ports inside: those of X, and those that the program is told. The address of the API
/// becomes one that is there.
fn ways(host: &mut Host) -> Result<Vec<Way>> {
    let base_url = &mut host.environment.base_url;
    let (scheme, api) = base_url.split_once("://").ok_or(ClientError::Unexpected)?;
    let api = api.parse().map_err(|_| ClientError::Unexpected)?;
    *base_url = format!("{scheme}://127.0.0.1:{}", std::net::SocketAddr::port(&api));
    let doors = &host.doors;
    let mut ways =
        [(443, doors.https), (80, api), (doors.proxy.port(), doors.proxy)].map(|(port, to)| Way { port, to }).to_vec();
    if ways.iter().all(|way| way.port != api.port()) {
        ways.push(Way { port: api.port(), to: api });
    }
    Ok(ways)
}

/// Becomes the program, inside.
pub(super) fn inside(hosts: &Path, args: &RunArgs) -> Result<ExitCode> {
    let (program, arguments) = args.command.split_first().context("a program is missing")?;
    let mut command = process::Command::new(program);
    match namespace::enter(hosts, &args.inside_port, command.args(arguments)) {
        Some(error) => Err(told(error.into())),
        // The process outside says why.
        None => Err(Told { lines: Vec::new(), code: FAILED }.into()),
    }
}

/// With the exit code of shells.
fn told(error: Error) -> Error {
    match error.downcast_ref::<StartError>() {
        Some(start) => Told { lines: vec![start.to_string()], code: start.code() }.into(),
        None => error,
    }
}
