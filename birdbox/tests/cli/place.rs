//! A directory of its own, the program run in it, and what it said.

use std::fs;
use std::io::{BufRead as _, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

/// Test data beside the tests.
pub(crate) fn data(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/data").join(name)).unwrap()
}

/// The three kinds of file.
pub(crate) const FILES: [(&str, &str); 3] = [("native", "native.ndjson"), ("twarc", "twarc.jsonl"), ("v1", "v1.jsonl")];

/// Keeps programs from being started. One that is just being started holds, for a
/// moment, every lock of this process.
pub(crate) fn nothing_starts() -> MutexGuard<'static, ()> {
    static STARTING: Mutex<()> = Mutex::new(());
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a program.
pub(crate) fn start(command: &mut Command) -> Child {
    let _guard = nothing_starts();
    command.spawn().unwrap()
}

/// A working directory.
pub(crate) struct Place {
    dir: TempDir,
    variables: Vec<(String, String)>,
}

/// What the program said at its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), variables: Vec::new() }
    }

    /// One with all test data in it.
    pub(crate) fn with_files() -> Self {
        let place = Self::new();
        FILES.iter().for_each(|(_, name)| place.write(name, data(name)));
        place
    }

    /// One whose data directory holds the native test data.
    pub(crate) fn with_data() -> Self {
        let place = Self::with_files();
        assert_eq!(place.run("import native native.ndjson").code, 0);
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn set_variable(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of what lies here, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.dir.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The program with these arguments, which are split at spaces.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        self.command_of(&arguments.split_whitespace().collect::<Vec<_>>())
    }

    fn command_of(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_birdbox"));
        command.args(arguments).current_dir(self.dir.path()).env_clear().envs(self.variables.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Said {
        said(self.command(arguments))
    }

    /// The same, of arguments that have spaces in them.
    pub(crate) fn run_with(&self, arguments: &[&str]) -> Said {
        said(self.command_of(arguments))
    }

    /// The same, with something on the standard input.
    pub(crate) fn pipe(&self, input: impl AsRef<[u8]>, arguments: &str) -> Said {
        let mut child = start(self.command(arguments).stdin(Stdio::piped()));
        let mut stdin = child.stdin.take().unwrap();
        // A program that does not read its input to the end closes the pipe.
        let _ = stdin.write_all(input.as_ref());
        drop(stdin);
        Said::of(&child.wait_with_output().unwrap())
    }

    /// What a command that must succeed, and complain of nothing, says.
    pub(crate) fn ok(&self, arguments: &str) -> String {
        let said = self.run(arguments);
        assert_eq!((said.code, said.err.as_str()), (0, ""), "birdbox {arguments}");
        said.out
    }
}

impl Said {
    fn of(output: &std::process::Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// The exit code and the one line on standard error, without what every line
    /// begins with.
    pub(crate) fn complaint(&self) -> (i32, &str) {
        let line = self.err.strip_prefix("birdbox: ").and_then(|rest| rest.strip_suffix('\n'));
        let line = line.unwrap_or_else(|| panic!("no complaint: {self:?}"));
        assert!(!line.contains('\n'), "more than one line: {self:?}");
        (self.code, line)
    }
}

fn said(mut command: Command) -> Said {
    Said::of(&start(&mut command).wait_with_output().unwrap())
}

/// The first lines that a running program prints.
pub(crate) fn first_lines(child: &mut Child, count: usize) -> Vec<String> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.take(count).map(Result::unwrap).collect()
}
