//! `birdbox run`: a program with a server that answers it, as if it called X.

use std::env;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use super::args::RunArgs;
use super::failure::Told;
use super::output;
use crate::config::{Config, Log, LogLevel};
use crate::run::child::{self, StartError};
use crate::run::{Host, trust, variables};
use crate::serve::log;

/// Runs the program to its end.
pub(super) fn run(config: &Config, args: RunArgs) -> Result<ExitCode> {
    // The program has the terminal: what is in order is not worth a line.
    let level = if config.log.level == LogLevel::Info { LogLevel::Warn } else { config.log.level };
    log::init(&Log { level, ..config.log.clone() });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let host = Host::open(config, args.user).await?;
        let ended = answer(config, &host, &args.command).await;
        host.close().await?;
        ended.map(ExitCode::from)
    })
}

async fn answer(config: &Config, host: &Host, words: &[std::ffi::OsString]) -> Result<u8> {
    let environment = |name: &str| env::var_os(name);
    let trust = trust::write(&config.store.data, &host.authority, environment)?;
    if trust.roots == 0 {
        output::complain(
            "no roots of this machine were found: the program will trust Birdbox alone; name them in SSL_CERT_FILE",
        );
    }
    let told = variables::Told {
        proxy: host.proxy,
        trust: &trust,
        environment: &host.environment,
        oauth2: host.oauth2.as_deref(),
    };
    let mut command = child::command(words).context("a program is missing")?;
    command.envs(variables::of(&told, environment));
    child::run(command).await.map_err(|error| match error.downcast_ref::<StartError>() {
        Some(start) => Told { lines: vec![start.to_string()], code: start.code() }.into(),
        None => error,
    })
}
