//! `cargo xtask power`: what a store keeps when the power goes, when its disk fails and
//! when its disk is full.
//!
//! The disks are files that are mounted, which only root can do, and faults are put into
//! a program by `strace`. Where something of that is missing, its checks are skipped.

mod cut;
mod disk;
mod order;
mod trace;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail, ensure};

use self::disk::{Disk, Kind};
use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::process::{exists, succeeds};
use crate::random::Random;
use crate::workspace::Workspace;

const MANY: usize = 150;
/// What CI has time for.
const FEW: usize = 3;
/// One sync of so many fails.
const SYNCS: usize = 200;

/// Cuts the power so many times, in an optimised build, and makes the other checks.
pub(crate) fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let cycles = arguments.value("--cycles", MANY)?;
    arguments.end()?;
    check(workspace, &["build", "--package", "store", "--release", "--locked"], "release", cycles)?.end()
}

/// A few cycles in the build that other tests use.
pub(crate) fn check_briefly(workspace: &Workspace) -> Result<Counts> {
    check(workspace, &["build", "--workspace", "--bin", "crash_writer", "--locked"], "debug", FEW)
}

fn check(workspace: &Workspace, build: &[&str], folder: &str, cycles: usize) -> Result<Counts> {
    ensure!(succeeds(&mut workspace.cargo(build))?, "the writer does not compile");
    let writer = Writer { program: workspace.target.join(folder).join("crash_writer"), near: workspace.target.clone() };
    let mut counts = Counts::default();
    counts += report("power cuts", on_disk(&writer, Kind::Ext4, |disk| cut::run(&writer, disk, cycles)))?;
    counts += report("a full disk", on_disk(&writer, Kind::Memory, |disk| full(&writer, disk)))?;
    counts += report("the order of writes", traced(|| order::check(&writer)))?;
    counts += report("syncs that fail", traced(|| fail_syncs(&writer, cycles)))?;
    Ok(counts)
}

/// A check that was made so often, or the reason why it cannot be made here.
type Made = Result<Result<usize, String>>;

fn report(what: &str, made: Made) -> Result<Counts> {
    let mut out = io::stdout();
    let counts = match made {
        Ok(Ok(passed)) => Counts { passed, ..Counts::default() },
        Ok(Err(reason)) => {
            writeln!(out, "{what}: skipped, {reason}")?;
            return Ok(Counts::one_skipped());
        }
        Err(error) => {
            writeln!(out, "{what}: {error:#}")?;
            Counts::one(false)
        }
    };
    writeln!(out, "{what}: {counts}")?;
    Ok(counts)
}

fn on_disk(writer: &Writer, kind: Kind, check: impl FnOnce(&mut Disk) -> Result<usize>) -> Made {
    match Disk::make(&writer.near, kind) {
        Ok(mut disk) => check(&mut disk).map(Ok),
        Err(error) => Ok(Err(format!("{error:#}"))),
    }
}

fn traced(check: impl FnOnce() -> Result<usize>) -> Made {
    if exists("strace") { check().map(Ok) } else { Ok(Err("strace is not installed".to_owned())) }
}

/// The program that writes.
struct Writer {
    program: PathBuf,
    /// Where its data may lie.
    near: PathBuf,
}

impl Writer {
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words);
        command
    }

    /// Compares `data` with what was said; returns what is stored, for the next round.
    fn verify(&self, data: &Path, said: &Path) -> Result<Vec<u8>> {
        let done = self.command(&["verify"]).args([data, said]).output()?;
        let message = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "{}", message.trim_end());
        Ok(done.stdout)
    }
}

/// Fills a small disk in the middle of writes, a merge and an import.
fn full(writer: &Writer, disk: &mut Disk) -> Result<usize> {
    let done = writer.command(&["full"]).args([disk.place().join("data"), disk.place().join("filler")]).output()?;
    ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr).trim_end());
    Ok(1)
}

/// Lets all syncs of the log fail from a random one on. The writer looks for itself
/// whether writes stop and reads go on; what it had acknowledged must be there later.
fn fail_syncs(writer: &Writer, cycles: usize) -> Result<usize> {
    let folder = tempfile::tempdir_in(&writer.near)?;
    let (data, said) = (folder.path().join("data"), folder.path().join("said"));
    let mut random = Random::new(1);
    std::fs::write(&said, writer.verify(&data, Path::new("/dev/null"))?)?;
    for cycle in 0..cycles {
        // The journal waits for rows in the first call, and LMDB for pages of rows. By the second the
        // journal writes rows, LMDB the page that names others, and files get room.
        let call = if cycle % 2 == 0 { "fdatasync" } else { "pwrite64" };
        let fault = format!("inject={call}:error=EIO:when={}+", 1 + random.below(SYNCS));
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &fault]);
        let seed = cycle.to_string();
        command.arg(&writer.program).args(["write".as_ref(), data.as_os_str(), seed.as_ref(), "4".as_ref()]);
        let done = command.output().context("cannot run strace")?;
        let message = String::from_utf8_lossy(&done.stderr);
        if !message.contains("a write to the disk failed") && !message.contains("Input/output error") {
            bail!("a failed {call} did not stop the writer: {}", message.trim_end());
        }
        let mut lines = std::fs::read(&said)?;
        lines.extend(done.stdout);
        std::fs::write(&said, lines)?;
        std::fs::write(&said, writer.verify(&data, &said).with_context(|| format!("after a failed {call}"))?)?;
    }
    Ok(cycles)
}
