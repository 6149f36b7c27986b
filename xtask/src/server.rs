//! Starts the server as a person would, on a free port with data of its own.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::clock;
use crate::process::{output, succeeds};
use crate::workspace::Workspace;

/// The data directory of a server that is started here, and its standard error.
pub(crate) const DATA: &str = "data";
const LOG: &str = "log";

/// How the server is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Debug,
    Release,
}

/// Compiles the server and says where its program is.
pub(crate) fn build(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    let (words, folder): (&[&str], &str) = match profile {
        // As the tests build it, so that nothing is compiled twice.
        Profile::Debug => (&["build", "--workspace", "--bin", "birdbox", "--locked"], "debug"),
        Profile::Release => (&["build", "--package", "birdbox", "--locked", "--release"], "release"),
    };
    if !succeeds(&mut workspace.cargo(words))? {
        bail!("the server does not compile");
    }
    Ok(workspace.target.join(folder).join("birdbox"))
}

/// A running server; it ends, and its data goes, when this is dropped.
pub(crate) struct Server {
    running: Running,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// What identifies a caller to it.
    pub(crate) bearer: String,
    /// How long it took until it said so.
    pub(crate) started_in: Duration,
    /// What `birdbox env` prints.
    pub(crate) environment: Vec<(String, String)>,
    program: PathBuf,
    folder: TempDir,
}

impl Server {
    /// Starts `program` on an empty folder below `near`, which the data of `sample` fills.
    pub(crate) fn start(program: &Path, near: &Path, sample: &str) -> Result<Self> {
        Self::start_in(Self::folder(near)?, program, sample, &[])
    }

    /// A new folder for [`Self::start_in`], which keeps its data in `data` there.
    pub(crate) fn folder(near: &Path) -> Result<TempDir> {
        Ok(tempfile::Builder::new().prefix("server-").tempdir_in(near)?)
    }

    /// Starts `program` in `folder`, with these variables; without them, nothing is limited.
    pub(crate) fn start_in(
        folder: TempDir,
        program: &Path,
        sample: &str,
        variables: &[(&str, String)],
    ) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--sample", sample, "--data", DATA]);
        command.env("BIRDBOX_LIMITS__MODE", "off");
        command.envs(variables.iter().map(|(name, value)| (name, value))).current_dir(folder.path());
        command.stderr(File::create(folder.path().join(LOG))?);
        let begin = clock::now();
        let running = Running::start(&mut command)
            .with_context(|| fs::read_to_string(folder.path().join(LOG)).unwrap_or_default())?;
        let started_in = begin.elapsed();
        let printed = output(&mut beside(program, folder.path(), &["env", "-o", "json"]))?;
        let printed: Value = serde_json::from_str(&printed)?;
        let members = printed.as_object().context("`birdbox env` printed no object")?;
        let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
        let environment: Vec<_> = members.iter().filter_map(text).collect();
        let bearer = value_of(&environment, "BEARER_TOKEN")?.to_owned();
        let address = running.address;
        Ok(Self { address, running, bearer, started_in, environment, program: program.to_owned(), folder })
    }

    /// A command of the same program beside it.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        beside(&self.program, self.folder.path(), words)
    }

    /// One of the values that `birdbox env` prints.
    pub(crate) fn value(&self, name: &str) -> Result<&str> {
        value_of(&self.environment, name)
    }

    /// Gives its own user a password, for the pages.
    pub(crate) fn set_password(&self, password: &str) -> Result<()> {
        let username = value_of(&self.environment, "USERNAME")?;
        let mut command = self.command(&["user", "password", username, "--stdin"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        writeln!(child.stdin.take().context("no input")?, "{password}")?;
        ensure!(child.wait()?.success(), "`birdbox user password` failed");
        Ok(())
    }

    /// A link into its portal for the owner.
    pub(crate) fn portal_link(&self) -> Result<String> {
        let printed: Value = serde_json::from_str(&output(&mut self.command(&["portal", "link", "-o", "json"]))?)?;
        printed.get("link").and_then(Value::as_str).map(str::to_owned).context("no link")
    }

    /// Makes an access token with which a user reads and changes follows.
    pub(crate) fn access_token(&self, user: u64) -> Result<String> {
        const SCOPES: &str = "tweet.read users.read follows.read follows.write";
        let (client, user) = (value_of(&self.environment, "CLIENT_ID")?, user.to_string());
        let words = ["oauth2", "authorize", "--as", &user, "--client", client, "--scope", SCOPES, "-o", "json"];
        let printed: Value = serde_json::from_str(&output(&mut self.command(&words))?)?;
        printed.get("access_token").and_then(Value::as_str).map(str::to_owned).context("no access token")
    }

    /// Where it runs; its data is in [`DATA`] there.
    pub(crate) fn place(&self) -> &Path {
        self.folder.path()
    }

    /// Ends it without any warning, as `kill -9` does.
    pub(crate) fn kill(&self) -> Result<()> {
        let pid = Pid::from_raw(self.pid().try_into()?).context("no process")?;
        Ok(kill_process(pid, Signal::KILL)?)
    }

    /// Its folder, for the next one, when it has ended.
    pub(crate) fn into_folder(self) -> TempDir {
        drop(self.running);
        self.folder
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.running.pid()
    }

    /// Whether it still runs.
    pub(crate) fn lives(&mut self) -> bool {
        matches!(self.running.child.try_wait(), Ok(None))
    }

    /// What it wrote on standard error.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join(LOG)).unwrap_or_default()
    }

    /// The bytes of an authorised GET that keeps its connection.
    pub(crate) fn request(&self, target: &str) -> Vec<u8> {
        let Self { address, bearer, .. } = self;
        format!("GET {target} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {bearer}\r\n\r\n").into_bytes()
    }
}

/// A command of `program` on the data in `folder`.
fn beside(program: &Path, folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(words).args(["--data", DATA]).current_dir(folder);
    command
}

fn value_of<'a>(environment: &'a [(String, String)], name: &str) -> Result<&'a str> {
    let found = environment.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str()).with_context(|| format!("`birdbox env` printed no {name}"))
}

/// A program that says where it listens; it ends when this is dropped.
pub(crate) struct Running {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// It must stay open: a program whose output nobody can read may end.
    _output: BufReader<ChildStdout>,
}

impl Running {
    /// Starts a program that says so in a line `  address  http://…`.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start a server")?;
        let mut output = BufReader::new(child.stdout.take().context("no output")?);
        let mut line = String::new();
        while output.read_line(&mut line)? > 0 {
            if let Some(address) =
                line.trim().strip_prefix("address ").and_then(|rest| rest.trim().strip_prefix("http://"))
            {
                return Ok(Self { child, address: address.parse()?, _output: output });
            }
            line.clear();
        }
        child.wait()?;
        bail!("the server ended before it said its address")
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
