//! What the server says of itself on standard error, for people or for programs.

use std::io::{self, IsTerminal as _};

use tracing::Level;

use crate::config::{Log, LogFormat, LogLevel};

/// Sends the lines of this process to standard error. A second call changes nothing.
pub(crate) fn init(config: &Log) {
    let level = match config.level {
        LogLevel::Error => Level::ERROR,
        LogLevel::Warn => Level::WARN,
        LogLevel::Info => Level::INFO,
        LogLevel::Debug => Level::DEBUG,
        LogLevel::Trace => Level::TRACE,
    };
    let lines = tracing_subscriber::fmt().with_max_level(level).with_writer(io::stderr).with_target(false);
    // Colours are for people who look on, unless NO_COLOR says otherwise.
    let lines = if io::stderr().is_terminal() { lines } else { lines.with_ansi(false) };
    // It fails when a subscriber is there already, which then goes on.
    let _ = match config.format {
        LogFormat::Text => tracing::subscriber::set_global_default(lines.finish()),
        LogFormat::Json => tracing::subscriber::set_global_default(lines.json().finish()),
    };
}
