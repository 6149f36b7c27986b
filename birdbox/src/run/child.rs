//! The child: starting it, passing signals on, and how it ended as a shell would say it.

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use rustix::process::{Pid, Signal, getpgrp, kill_process};
use rustix::termios::tcgetpgrp;
use thiserror::Error;
use tokio::process::{Child, Command};
use tokio::signal::unix::{Signal as Signals, SignalKind, signal};

/// Why there is no child, with the exit code that shells have for it.
#[derive(Debug, Error)]
pub enum StartError {
    /// Nothing has this name.
    #[error("{program}: there is no such program; give its path, or a name that is found in PATH")]
    Missing {
        /// What was asked for.
        program: String,
    },
    /// It is there and cannot be run.
    #[error(
        "{program}: cannot be run ({source}); make it executable with: chmod +x, or name the interpreter before it"
    )]
    NotRunnable {
        /// What was asked for.
        program: String,
        /// What the operating system said.
        source: io::Error,
    },
}

impl StartError {
    /// Why a program did not start.
    #[must_use]
    pub fn of(program: &std::ffi::OsStr, source: io::Error) -> Self {
        let program = program.to_string_lossy().into_owned();
        match source.kind() {
            ErrorKind::NotFound => Self::Missing { program },
            _ => Self::NotRunnable { program, source },
        }
    }

    /// 127 or 126.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Missing { .. } => 127,
            Self::NotRunnable { .. } => 126,
        }
    }
}

/// A program that runs with the standard streams of this process, and is killed when this is
/// dropped.
pub struct Running {
    child: Child,
    passed: Passed,
}

/// Starts a program.
///
/// # Errors
/// [`StartError`], or what the operating system says of signals.
pub fn start(mut command: Command) -> anyhow::Result<Running> {
    let passed = Passed::listen()?;
    let child = command.kill_on_drop(true).spawn();
    let child = child.map_err(|error| StartError::of(command.as_std().get_program(), error))?;
    Ok(Running { child, passed })
}

impl Running {
    /// Waits for the end, and gives the exit code that a shell would: that of the program, or 128
    /// and the number of the signal that killed it. Signals that come meanwhile are passed on.
    ///
    /// # Errors
    /// What the operating system says.
    pub async fn end(&mut self) -> io::Result<u8> {
        loop {
            tokio::select! {
                ended = self.child.wait() => return ended.map(code),
                signal = self.passed.next() => pass_on(&self.child, signal),
            }
        }
    }
}

/// Resolves when this process is told to end.
///
/// # Errors
/// What the operating system says.
pub async fn interrupted() -> io::Result<()> {
    Passed::listen()?.next().await;
    Ok(())
}

/// What shells make of an end.
fn code(status: ExitStatus) -> u8 {
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default());
    u8::try_from(code).unwrap_or(u8::MAX)
}

/// Signals that end programs: they are for the child, which decides what becomes of them.
struct Passed {
    interrupt: Signals,
    quit: Signals,
    hang_up: Signals,
    terminate: Signals,
}

impl Passed {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            hang_up: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::INT,
            _ = self.quit.recv() => Signal::QUIT,
            _ = self.hang_up.recv() => Signal::HUP,
            _ = self.terminate.recv() => Signal::TERM,
        }
    }
}

fn pass_on(child: &Child, signal: Signal) {
    // A terminal tells the child itself: twice would be once too often for programs that end at
    // once when they are interrupted again.
    if signal != Signal::TERM && is_in_foreground() {
        return;
    }
    // It fails only when the child has just ended.
    let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    let _ = pid.map(|pid| kill_process(pid, signal));
}

/// Whether this process, and so its child, is what a terminal sends its signals to.
fn is_in_foreground() -> bool {
    let Ok(terminal) = std::fs::File::open("/dev/tty") else { return false };
    tcgetpgrp(terminal).is_ok_and(|group| group == getpgrp())
}

/// A command from a program and its arguments; `None` if there is no program.
#[must_use]
pub fn command(words: &[OsString]) -> Option<Command> {
    let (program, arguments) = words.split_first()?;
    let mut command = Command::new(program);
    command.args(arguments);
    Some(command)
}
