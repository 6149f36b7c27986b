//! A program beside a server that answers it: what `birdbox run` and `birdbox doctor` share.

use std::env;
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Context as _, Error, Result};
use tokio::process::Command;

use super::args::ProgramArgs;
use super::failure::Told;
use super::output;
use crate::admin::ClientError;
use crate::config::{Config, Log, LogLevel};
use crate::run::child::{self, Running, StartError};
use crate::run::isolate::{self, Ports, Way};
use crate::run::trust::{self, Trust};
use crate::run::{Host, variables};
use crate::serve::log;

/// Does something with a server, which ends with it if it was started for it.
pub(super) fn with_host(
    config: &Config,
    args: &ProgramArgs,
    work: impl AsyncFnOnce(&mut Host) -> Result<ExitCode>,
) -> Result<ExitCode> {
    // The program has the terminal: what is in order is not worth a line.
    let level = if config.log.level == LogLevel::Info { LogLevel::Warn } else { config.log.level };
    log::init(&Log { level, ..config.log.clone() });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut host = Host::open(config, args.user, args.offline).await?;
        let ended = work(&mut host).await;
        let waiting = || output::complain("another program still uses this server; waiting for its end (^C stops it)");
        host.close(waiting, async { _ = child::interrupted().await }).await?;
        ended
    })
}

/// A program that was started, with its own ports if it is isolated.
pub(super) struct Started {
    running: Running,
    ports: Option<Ports>,
}

impl Started {
    /// Waits for its end: the exit code.
    pub(super) async fn end(&mut self) -> Result<u8> {
        let Self { running, ports } = self;
        let Some(ports) = ports else { return Ok(running.end().await?) };
        tokio::select! {
            ended = running.end() => Ok(ended?),
            never = isolate::relay(ports) => match never {},
        }
    }

    /// Waits for the end and then for something else, while what it has sent is passed on.
    pub(super) async fn end_then<T>(&mut self, then: impl AsyncFnOnce() -> Result<T>) -> Result<(u8, T)> {
        let Self { running, ports } = self;
        let both = async {
            let code = running.end().await?;
            Ok((code, then().await?))
        };
        let Some(ports) = ports else { return both.await };
        tokio::select! {
            both = both => both,
            never = isolate::relay(ports) => match never {},
        }
    }
}

/// Starts the program as it was asked for; `shape` may change how.
pub(super) async fn start(
    config: &Config,
    host: &mut Host,
    trust: &Trust,
    args: &ProgramArgs,
    shape: impl FnOnce(&mut Command),
) -> Result<Started> {
    let (mut command, line) = if args.isolate {
        let (command, line) = isolate::prepare(&config.store.data, ways(host)?, &args.command)?;
        (command, Some(line))
    } else {
        (child::command(&args.command).context("a program is missing")?, None)
    };
    let environment = |name: &str| env::var_os(name);
    if variables::has_proxy(environment) && !args.offline {
        output::complain("the proxy that is set here is not used: other hosts are reached without it");
    }
    let told = variables::Told {
        data: &std::path::absolute(&config.store.data)?,
        proxy: host.doors.proxy,
        trust,
        environment: &host.environment,
        oauth2: host.oauth2.as_deref(),
    };
    command.envs(variables::of(&told, environment));
    variables::unset(&told).iter().for_each(|name| _ = command.env_remove(name));
    shape(&mut command);
    let running = child::start(command).map_err(with_code)?;
    let ports = match line {
        Some(line) => Some(line.take_over().await?),
        None => None,
    };
    Ok(Started { running, ports })
}

/// The files that say whom to trust.
pub(super) fn trusted(config: &Config, host: &Host) -> Result<Trust> {
    let trust = trust::write(&config.store.data, &host.doors.authority, |name| env::var_os(name))?;
    if trust.roots == 0 {
        output::complain(
            "no roots of this machine were found: the program will trust Birdbox alone; name them in SSL_CERT_FILE",
        );
    }
    Ok(trust)
}

/// The ports inside: those of X, and those that the program is told. The address of the API
/// becomes one that is there.
fn ways(host: &mut Host) -> Result<Vec<Way>> {
    let base_url = &mut host.environment.base_url;
    let (scheme, api) = base_url.split_once("://").ok_or(ClientError::Unexpected)?;
    let api: SocketAddr = api.parse().map_err(|_| ClientError::Unexpected)?;
    *base_url = format!("{scheme}://127.0.0.1:{}", api.port());
    let doors = &host.doors;
    let mut ways = vec![(443, doors.https), (80, doors.http), (doors.proxy.port(), doors.proxy)];
    if ways.iter().all(|(port, _)| *port != api.port()) {
        ways.push((api.port(), api));
    }
    Ok(ways.into_iter().map(|(port, to)| Way { port, to }).collect())
}

/// With the exit code of shells.
pub(super) fn with_code(error: Error) -> Error {
    match error.downcast_ref::<StartError>() {
        Some(start) => Told { lines: vec![start.to_string()], code: start.code() }.into(),
        None => error,
    }
}
