//! `cargo xtask examples`: the programs of `examples` print users of Birdbox, and the tests of
//! `contrib` pass.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use super::clients::Way;
use super::runner::{Ground, can_isolate};
use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::install::{npm, venv};
use crate::process::{exists, succeeds, watch};
use crate::server::{Profile, build};
use crate::workspace::Workspace;

/// A program, and how its second line says that it is run.
struct Example {
    file: &'static str,
    /// The program that runs it, and the words before the file.
    with: &'static [&'static str],
    way: Way,
}

#[rustfmt::skip]
const EXAMPLES: &[Example] = &[
    Example { file: "tweepy_lookup.py", with: &["python3"], way: Way::Proxy },
    Example { file: "lookup.mjs", with: &["node"], way: Way::Isolated },
    Example { file: "Lookup.java", with: &["java"], way: Way::Proxy },
    Example { file: "lookup.go", with: &["go", "run"], way: Way::Proxy },
    Example { file: "rust/Cargo.toml", with: &["cargo", "run", "--quiet", "--locked", "--manifest-path"], way: Way::Proxy },
    Example { file: "lookup.sh", with: &["sh"], way: Way::Proxy },
];

/// What each prints, in one form or another.
const USERS: [&str; 2] = ["TwitterDev", "TwitterAPI"];
/// Pins what the Python example needs.
const REQUIREMENTS: &str = "conformance/tweepy/requirements.txt";

pub(crate) fn run(workspace: &Workspace, arguments: Arguments) -> Result<ExitCode> {
    arguments.end()?;
    check(workspace)?.end()
}

/// The same for CI.
pub(crate) fn check(workspace: &Workspace) -> Result<Counts> {
    let program = build(workspace, Profile::Debug)?;
    let mut counts = Counts::default();
    for example in EXAMPLES {
        let shown = show(workspace, &program, example)?;
        let word = shown.map_or("skipped", |shown| if shown { "ok     " } else { "FAILED " });
        writeln!(io::stdout(), "{word} examples/{}", example.file)?;
        counts += shown.map_or_else(Counts::one_skipped, Counts::one);
    }
    for (folder, run) in CONTRIB {
        let passed = run(workspace, &program)?;
        let word = passed.map_or("skipped", |passed| if passed { "ok     " } else { "FAILED " });
        writeln!(io::stdout(), "{word} {folder}")?;
        counts += passed.map_or_else(Counts::one_skipped, Counts::one);
    }
    Ok(counts)
}

/// Runs the tests of a folder with this server; `None` when this machine cannot.
type Tests = fn(&Workspace, &Path) -> Result<Option<bool>>;

const CONTRIB: [(&str, Tests); 2] = [("contrib/pytest", pytest), ("contrib/node", vitest)];

fn pytest(workspace: &Workspace, program: &Path) -> Result<Option<bool>> {
    let folder = workspace.target.join("contrib/pytest");
    let Some(python) = venv(workspace, &folder, "contrib/pytest/requirements.txt")? else { return Ok(None) };
    let mut command = workspace.command(python);
    command.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "contrib/pytest"]);
    succeeds(command.env("BIRDBOX", program).env("PYTHONDONTWRITEBYTECODE", "1")).map(Some)
}

/// Node looks for packages above a file, so the files are copied to where the packages are.
fn vitest(workspace: &Workspace, program: &Path) -> Result<Option<bool>> {
    let folder = workspace.target.join("contrib/node");
    if !npm(workspace, &folder, "contrib/node")? {
        return Ok(None);
    }
    for file in ["birdbox.mjs", "birdbox.test.mjs", "vitest.config.mjs"] {
        fs::copy(workspace.root.join("contrib/node").join(file), folder.join(file))?;
    }
    let mut command = workspace.command("node");
    command.args(["node_modules/vitest/vitest.mjs", "run"]).current_dir(folder).env("BIRDBOX", program);
    succeeds(&mut command).map(Some)
}

/// Whether it prints the users; `None` when this machine cannot run it.
fn show(workspace: &Workspace, program: &Path, example: &Example) -> Result<Option<bool>> {
    let Example { file, with, way } = example;
    let Some((runtime, before)) = with.split_first() else { return Ok(None) };
    let mut runtime = OsString::from(runtime);
    if runtime == "python3" {
        let folder = workspace.target.join("conformance/tweepy");
        let Some(python) = venv(workspace, &folder, REQUIREMENTS)? else { return Ok(None) };
        runtime = python.into();
    }
    let there = if runtime == "go" { "version" } else { "--version" };
    let is_there = runtime == "sh" && exists("curl")
        || workspace.command(&runtime).arg(there).output().is_ok_and(|done| done.status.success());
    if !is_there || *way == Way::Isolated && !can_isolate() {
        return Ok(None);
    }
    let mut words = vec![runtime];
    words.extend(before.iter().map(OsString::from));
    words.push(workspace.root.join("examples").join(file).into());
    let ground = Ground::new(workspace, program, *way, None)?;
    let mut command = ground.command(workspace, &words)?;
    // Its dependencies are those of another program here.
    command.env("CARGO_TARGET_DIR", workspace.target.join("conformance/twapi-v2"));
    let mut printed = String::new();
    let done = watch(&mut command, |line| printed.push_str(line))?;
    Ok(Some(done && USERS.iter().all(|user| printed.contains(user))))
}
