//! `birdbox verify`: a second process reads everything, so that damage which ends it with
//! a signal ends in a line too. The two speak in lines of JSON.

use std::io::{self, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result, bail};
use indicatif::{BinaryBytes, HumanCount, ProgressBar, ProgressStyle};
use rustix::process::Signal;
use serde::{Deserialize, Serialize};
use store::{OpenError, Verifying};

use super::failure::{DAMAGED, FAILED, Told, WRONG_INPUT};
use super::output;
use crate::admin::{SessionError, has_nothing};
use crate::config::Config;

/// What to do about damage.
const ADVICE: &str =
    "bring a backup back with: birdbox backup restore BACKUP --data NEW, or import your exports into a new directory";

/// What the second process says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// It reads this file next.
    File(String),
    /// So many records of so many are done.
    Records(u64, u64),
    /// Something is damaged.
    Fault(String),
    /// It cannot begin.
    Refused { reason: String, is_input: bool },
    /// It has ended.
    Done { users: u64, tweets: u64, log_rows: u64, segment_bytes: u64, more: u64 },
}

/// Verifies in this process and reports to the one that asked.
pub(super) fn in_process(dir: &Path) -> Result<()> {
    // Who asked is gone when nobody reads; then there is nobody to tell.
    let tell = |line: &Line| serde_json::to_string(line).map(|line| output::print(format!("{line}\n").as_bytes()));
    let verified = store::verify(dir, &mut |step| {
        let _ = tell(&match step {
            Verifying::File(file) => Line::File(file.display().to_string()),
            Verifying::Records(done, of) => Line::Records(done, of),
            Verifying::Fault(fault) => Line::Fault(fault.to_owned()),
        });
    });
    tell(&match verified {
        Ok(store::Report { users, tweets, log_rows, segment_bytes, more, .. }) => {
            Line::Done { users, tweets, log_rows, segment_bytes, more }
        }
        Err(error) => Line::Refused { reason: refusal(&error), is_input: error.is_input() },
    })?
}

fn refusal(error: &OpenError) -> String {
    match error {
        OpenError::Locked { dir } => format!(
            "{}: in use by another Birdbox; stop that one, or verify a backup: birdbox backup create DIR && birdbox verify --data DIR",
            dir.display()
        ),
        other => other.to_string(),
    }
}

/// Runs `birdbox verify`.
pub(super) fn run(config: &Config) -> Result<()> {
    let dir = &config.store.data;
    if has_nothing(dir) {
        return Err(SessionError::NoData { dir: dir.clone() }.into());
    }
    let program = std::env::current_exe().context("this program cannot be started again")?;
    let mut command = Command::new(program);
    command.args(["verify", "--in-process"]).arg(dir).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().context("this program cannot be started again")?;
    let seen = match child.stdout.take() {
        Some(stdout) => listen(BufReader::new(stdout))?,
        None => Seen::default(),
    };
    conclude(dir, &seen, child.wait()?)
}

/// What was heard until the second process ended.
#[derive(Debug, Default)]
struct Seen {
    file: Option<String>,
    faults: u64,
    end: Option<Line>,
}

/// Prints faults as they come and shows the progress, on a terminal alone.
fn listen(lines: impl io::BufRead) -> Result<Seen> {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg} [{wide_bar}] {human_pos}/{human_len} records, {eta} left") {
        bar.set_style(style.progress_chars("=> "));
    }
    let mut seen = Seen::default();
    for line in lines.lines() {
        match serde_json::from_str(&line?)? {
            Line::File(file) => {
                bar.set_message(file.clone());
                seen.file = Some(file);
            }
            Line::Records(done, of) => {
                bar.set_length(of);
                bar.set_position(done);
            }
            Line::Fault(fault) => {
                seen.faults += 1;
                bar.suspend(|| output::tell(&format!("{fault}\n")))?;
            }
            end @ (Line::Refused { .. } | Line::Done { .. }) => seen.end = Some(end),
        }
    }
    bar.finish_and_clear();
    Ok(seen)
}

fn conclude(dir: &Path, seen: &Seen, status: ExitStatus) -> Result<()> {
    let told = |line: String, code| Err(Told { lines: vec![line], code }.into());
    match &seen.end {
        Some(Line::Refused { reason, is_input }) => {
            told(format!("--data: {reason}"), if *is_input { WRONG_INPUT } else { FAILED })
        }
        Some(Line::Done { users, tweets, log_rows, segment_bytes, more: 0 }) if seen.faults == 0 => {
            let counts = [users, tweets, log_rows].map(|count| HumanCount(*count));
            let [users, tweets, log_rows] = counts;
            let line = format!(
                "{}: no damage in {users} users, {tweets} posts, {log_rows} changes and {} of segments\n",
                dir.display(),
                BinaryBytes(*segment_bytes)
            );
            output::tell(&line)
        }
        Some(Line::Done { more, .. }) => {
            let dir = dir.display();
            let listed = if *more > 0 { format!(" ({} listed)", seen.faults) } else { String::new() };
            let count = seen.faults + more;
            let places = if count == 1 { "place" } else { "places" };
            told(format!("{dir}: damaged in {count} {places}{listed}; {ADVICE}"), DAMAGED)
        }
        _ => ended_early(seen.file.as_deref(), status),
    }
}

/// The second process did not come to its end.
fn ended_early(file: Option<&str>, status: ExitStatus) -> Result<()> {
    /// What a damaged file can end a process with: it is led to memory that is none.
    const OF_DAMAGE: [Signal; 5] = [Signal::ILL, Signal::ABORT, Signal::BUS, Signal::FPE, Signal::SEGV];
    let file = file.unwrap_or("the data directory");
    match status.signal() {
        Some(signal) if OF_DAMAGE.iter().any(|of_damage| of_damage.as_raw() == signal) => {
            let line = format!("{file}: so damaged that reading it ends a process (signal {signal}); {ADVICE}");
            Err(Told { lines: vec![line], code: DAMAGED }.into())
        }
        _ => bail!("{file}: the process that read it ended early ({status}); try again"),
    }
}
