//! A directory of its own, the program run in it, and what it said.

use std::fs;
use std::io::{BufRead as _, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

use crate::record;

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
        Self { dir: record::dir(), variables: Vec::new() }
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

    /// The program as a server with these arguments, which logs as finely as it can.
    pub(crate) fn server(&self, arguments: &str) -> Command {
        let mut command = self.command(&format!("serve {arguments}"));
        let log = record::log().map_or_else(Stdio::null, Stdio::from);
        command.env("BIRDBOX_LOG__LEVEL", "trace").stderr(log);
        command
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
        if arguments.starts_with("user password") {
            record::secret("password", String::from_utf8_lossy(input.as_ref()).lines().next().unwrap_or_default());
        }
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
        let said = Self { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) };
        said.out.lines().for_each(note_secret);
        said
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
    let is_explanation = command.get_args().next().is_some_and(|name| name == "explain");
    let said = Said::of(&start(&mut command).wait_with_output().unwrap());
    if is_explanation {
        record::explained(&said.out);
    }
    if let Some((_, link)) = said.out.split_once("?link=") {
        record::secret("link", link.get(..43).unwrap_or_default());
    }
    said
}

/// Notes the secret that a line shows: a name such as `consumer secret`, and the value.
fn note_secret(line: &str) {
    let line = line.trim_end_matches([',', '\'', '"']);
    let value = line.rsplit([' ', '"', '\'', '=']).next().unwrap_or_default();
    let name = line.strip_suffix(value).unwrap_or_default().to_ascii_lowercase();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"%-_".contains(&byte);
    if (name.contains("secret") || name.contains("token")) && value.len() >= 20 && value.bytes().all(is_token) {
        record::secret("shown by a command", value);
    }
}

/// The first lines that a running program prints.
pub(crate) fn first_lines(child: &mut Child, count: usize) -> Vec<String> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.take(count).map(Result::unwrap).collect()
}
