//! From an error to its exit code and its line on standard error.

use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use anyhow::Error;
use store::BackupError;
use thiserror::Error;

use super::output;
use crate::admin::{ClientError, SessionError};
use crate::config::ConfigError;
use crate::export::ExportError;
use crate::import::{ImportError, InputError};
use crate::tls::TlsError;

pub(super) const FAILED: u8 = 1;
/// What was asked cannot be done; asking for something else can help.
pub(super) const WRONG_INPUT: u8 = 2;
/// `verify` found damage.
pub(super) const DAMAGED: u8 = 3;
/// A part of an import was rejected and the rest was loaded.
pub(super) const PARTIAL: u8 = 4;

/// A mistake in an argument.
#[derive(Debug, Error)]
#[error("{0}")]
pub(super) struct Wrong(pub(super) String);

/// The end of a command that has said what is wrong, line by line.
#[derive(Debug, Error)]
#[error("{}", .lines.join("; "))]
pub(super) struct Told {
    /// Without `birdbox:` in front.
    pub(super) lines: Vec<String>,
    /// The exit code.
    pub(super) code: u8,
}

/// Writes what is wrong and gives the exit code.
pub(super) fn report(error: &Error) -> ExitCode {
    if is_closed_pipe(error) {
        return ExitCode::SUCCESS;
    }
    match error.downcast_ref::<Told>() {
        Some(told) => told.lines.iter().for_each(|line| output::complain(line)),
        None => output::complain(&one_line(error)),
    }
    ExitCode::from(code(error))
}

/// Whoever read the output, such as `head`, has seen enough.
fn is_closed_pipe(error: &Error) -> bool {
    let io_error = error.downcast_ref::<io::Error>();
    io_error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn code(error: &Error) -> u8 {
    let is_input = if let Some(told) = error.downcast_ref::<Told>() {
        return told.code;
    } else if let Some(error) = error.downcast_ref::<SessionError>() {
        match error {
            SessionError::NoData { .. } => true,
            SessionError::Open(error) => error.is_input(),
            SessionError::Client(error) => is_refused_input(error),
        }
    } else if let Some(error) = error.downcast_ref::<ClientError>() {
        is_refused_input(error)
    } else if let Some(ExportError::Client(error)) = error.downcast_ref::<ExportError>() {
        is_refused_input(error)
    } else if let Some(error) = error.downcast_ref::<BackupError>() {
        error.is_input()
    } else if let Some(error) = error.downcast_ref::<ImportError>() {
        matches!(error, ImportError::Rejects { .. } | ImportError::Input(_) | ImportError::Edge { .. })
    } else {
        error.downcast_ref::<TlsError>().is_some_and(TlsError::is_input)
            || error.is::<ConfigError>()
            || error.is::<InputError>()
            || error.is::<Wrong>()
    };
    if is_input { WRONG_INPUT } else { FAILED }
}

fn is_refused_input(error: &ClientError) -> bool {
    matches!(error, ClientError::Refused(error) if error.is_input())
}

/// The error and its causes, unless an error names its cause itself.
fn one_line(error: &Error) -> String {
    let mut line = String::new();
    for cause in error.chain() {
        let text = cause.to_string();
        if line.is_empty() {
            line = text;
        } else if !line.contains(&text) {
            // Writing to a String cannot fail.
            let _ = write!(line, ": {text}");
        }
    }
    line.replace('\n', " ")
}
