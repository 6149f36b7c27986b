//! Runs other programs.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// Whether `command` ends well. Its output goes to ours.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool> {
    let status = command.stdin(Stdio::null()).status();
    Ok(status.with_context(|| format!("cannot run {}", name(command)))?.success())
}

/// Runs `command`, shows each line of its standard output and gives it to `see` as well.
pub(crate) fn watch(command: &mut Command, mut see: impl FnMut(&str)) -> Result<bool> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", name(command)))?;
    let output = child.stdout.take().context("a child without output")?;
    let mut out = io::stdout().lock();
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        writeln!(out, "{line}")?;
        see(&line);
    }
    Ok(child.wait()?.success())
}

/// The standard output of a command that ends well.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let done = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {}", name(command)))?;
    if !done.status.success() {
        bail!("{} failed: {}", name(command), String::from_utf8_lossy(&done.stderr).trim_end());
    }
    Ok(String::from_utf8(done.stdout)?)
}

/// Whether `program --version` can be run at all.
pub(crate) fn exists(program: &str) -> bool {
    output(Command::new(program).arg("--version")).is_ok()
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
