//! `cargo xtask flips`: flips one bit of a copied store and looks what it answers then.
//!
//! Every answer must be the one that it was, or an error. A store that does not open is an
//! error too. LMDB has no checksums of its pages, so its file can end the program that
//! opens it; how often, and with what place, is said. What `birdbox verify` calls must name
//! every flip that does anything.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};

use anyhow::{Context as _, Result, ensure};

use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::process::{output, succeeds};
use crate::random::Random;
use crate::workspace::Workspace;

const MANY: usize = 1000;
/// What CI has time for.
const FEW: usize = 60;
/// A file is picked as often as it stands among those; the log is worth more than one share.
const LOG_SHARES: usize = 4;
/// Half of the flips in the log fall into its first bytes, where its tree is.
const TREE: usize = 64 << 10;
const LOG: &str = "log/data.mdb";
/// What else there is. The sample was closed, so that nothing waits in the journal: what becomes of
/// a flip in what waits there, a test of `store` asks.
const OTHERS: [&str; 2] = ["FORMAT", "log/journal"];
/// Damage must not let a start go on for ever.
const SECONDS: &str = "60";
/// What `timeout` ends with when it had to end its program.
const TIMED_OUT: i32 = 124;

/// Flips as many bits as are asked for, in an optimised build.
pub(crate) fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let (flips, seed) = (arguments.value("--flips", MANY)?, arguments.value("--seed", 1)?);
    arguments.end()?;
    check(workspace, &["build", "--package", "store", "--release", "--locked"], "release", flips, seed)?.end()
}

/// Flips few bits in the build that other tests use.
pub(crate) fn check_briefly(workspace: &Workspace) -> Result<Counts> {
    check(workspace, &["build", "--workspace", "--bin", "crash_writer", "--locked"], "debug", FEW, 1)
}

/// What a flip did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    /// All answers are as before.
    Nothing,
    /// Some answers are errors.
    Errors,
    /// The store did not open, and said why.
    Refused,
    /// The program was ended by a signal.
    Killed(i32),
    /// Some answer is another one, or there is none after a minute.
    Wrong,
}

/// One flip.
struct Flip {
    of_log: bool,
    effect: Effect,
    /// Whether the directory is found to be damaged.
    is_named: bool,
}

fn check(workspace: &Workspace, build: &[&str], folder: &str, many: usize, seed: u64) -> Result<Counts> {
    ensure!(succeeds(&mut workspace.cargo(build))?, "the program does not compile");
    let program = workspace.target.join(folder).join("crash_writer");
    let place = tempfile::tempdir_in(&workspace.target)?;
    let (sample, copy) = (place.path().join("sample"), place.path().join("copy"));
    output(Command::new(&program).arg("sample").arg(&sample))?;
    let right = output(Command::new(&program).arg("answers").arg(&sample))?;
    let files = files(&sample)?;
    copy_whole(&sample, &copy)?;
    let of_copy = output(Command::new(&program).arg("answers").arg(&copy))?;
    ensure!(of_copy == right, "a copy of the store does not answer as the store does");
    let mut random = Random::new(seed);
    let mut flips = Vec::with_capacity(many);
    let mut out = io::stdout();
    for _ in 0..many {
        let file = random.pick(&files).context("a store without files")?;
        let length = usize::try_from(fs::metadata(sample.join(file))?.len())?;
        let in_tree = file.as_path() == Path::new(LOG) && random.below(2) == 0;
        let (byte, bit) = (random.below(if in_tree { TREE.min(length) } else { length }), random.below(8));
        copy_with_flip(&sample, &copy, file, byte, bit)?;
        let done = Command::new("timeout").arg(SECONDS).arg(&program).arg("answers").arg(&copy).output()?;
        let effect = effect(&right, &done);
        if effect > Effect::Refused {
            let said = String::from_utf8_lossy(&done.stderr);
            writeln!(out, "bit {bit} of byte {byte} of {}: {effect:?} {}", file.display(), said.trim_end())?;
        }
        let checked = Command::new("timeout").arg(SECONDS).arg(&program).arg("check").arg(&copy).output()?;
        let is_named = !checked.status.success() && checked.status.code() != Some(TIMED_OUT);
        if effect > Effect::Nothing && !is_named {
            writeln!(out, "bit {bit} of byte {byte} of {}: {effect:?}, and not named", file.display())?;
        }
        flips.push(Flip { of_log: file.as_path() == Path::new(LOG), effect, is_named });
    }
    report(&flips)
}

/// The files of the store that are data, from its directory, in order.
fn files(sample: &Path) -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(sample.join("segments"))? {
        files.push(Path::new("segments").join(entry?.file_name()));
    }
    files.sort();
    files.extend(std::iter::repeat_n(PathBuf::from(LOG), LOG_SHARES));
    files.extend(OTHERS.map(PathBuf::from));
    Ok(files)
}

/// A copy of the store in which one bit of a file is another.
fn copy_with_flip(sample: &Path, copy: &Path, file: &Path, byte: usize, bit: usize) -> Result<()> {
    copy_whole(sample, copy)?;
    let mut bytes = fs::read(sample.join(file))?;
    if let Some(damaged) = bytes.get_mut(byte) {
        *damaged ^= 1 << bit;
    }
    let target = copy.join(file);
    fs::remove_file(&target)?;
    Ok(fs::write(target, bytes)?)
}

/// Segments are never written, so those of the copy may be the same files.
fn copy_whole(sample: &Path, copy: &Path) -> Result<()> {
    if copy.exists() {
        fs::remove_dir_all(copy)?;
    }
    for dir in ["segments", "log"] {
        fs::create_dir_all(copy.join(dir))?;
    }
    for file in [LOG].iter().chain(&OTHERS) {
        fs::copy(sample.join(file), copy.join(file)).with_context(|| format!("the sample has no {file}"))?;
    }
    for entry in fs::read_dir(sample.join("segments"))? {
        let entry = entry?;
        fs::hard_link(entry.path(), copy.join("segments").join(entry.file_name()))?;
    }
    Ok(())
}

fn effect(right: &str, done: &Output) -> Effect {
    // `timeout` passes a signal of its program on as this code.
    const SIGNALLED: i32 = 128;
    match (done.status.code(), done.status.signal()) {
        (_, Some(signal)) => Effect::Killed(signal),
        (Some(0), _) => compare(right, &String::from_utf8_lossy(&done.stdout)),
        (Some(TIMED_OUT), _) => Effect::Wrong,
        (Some(code), _) if code > SIGNALLED => Effect::Killed(code - SIGNALLED),
        _ => Effect::Refused,
    }
}

fn compare(right: &str, answers: &str) -> Effect {
    if right.lines().count() != answers.lines().count() {
        return Effect::Wrong;
    }
    let each = right.lines().zip(answers.lines()).map(|(right, answer)| {
        let question = right.rsplit_once(' ').map(|(question, _)| question);
        match answer.rsplit_once(' ') {
            _ if right == answer => Effect::Nothing,
            Some((asked, "error")) if Some(asked) == question => Effect::Errors,
            _ => Effect::Wrong,
        }
    });
    each.max().unwrap_or(Effect::Wrong)
}

fn report(flips: &[Flip]) -> Result<Counts> {
    let mut out = io::stdout();
    let mut counts = Counts::default();
    for (of_log, name) in [(false, "segments and small files"), (true, "log")] {
        let of_kind = || flips.iter().filter(|flip| flip.of_log == of_log);
        let count = |wanted: fn(&Effect) -> bool| of_kind().filter(|flip| wanted(&flip.effect)).count();
        let killed = count(|effect| matches!(effect, Effect::Killed(_)));
        let unnamed = of_kind().filter(|flip| flip.effect > Effect::Nothing && !flip.is_named).count();
        let wrong = count(|effect| *effect == Effect::Wrong);
        writeln!(
            out,
            "{name}: {} flips; {} change nothing, {} some answers to errors, {} are refused, {killed} end the program, \
             {wrong} give wrong answers; {} are named, {unnamed} of the others do something",
            of_kind().count(),
            count(|effect| *effect == Effect::Nothing),
            count(|effect| *effect == Effect::Errors),
            count(|effect| *effect == Effect::Refused),
            of_kind().filter(|flip| flip.is_named).count(),
        )?;
        // Only LMDB may end a program.
        counts.failed += wrong + unnamed + if of_log { 0 } else { killed };
    }
    counts.passed = flips.len().saturating_sub(counts.failed);
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_no_wrong_answer_and_a_missing_one_is() {
        let right = "user 1 ab\nuser 2 cd\n";
        assert_eq!(compare(right, right), Effect::Nothing);
        assert_eq!(compare(right, "user 1 ab\nuser 2 error\n"), Effect::Errors);
        assert_eq!(compare(right, "user 1 error\nuser 2 ab\n"), Effect::Wrong);
        assert_eq!(compare(right, "user 1 ab\n"), Effect::Wrong);
    }
}
