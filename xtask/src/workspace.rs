//! The repository: where it is, which files it has.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::process::output;

/// The repository in which this program was built.
pub(crate) struct Workspace {
    /// Its folder.
    pub(crate) root: PathBuf,
    /// Where builds go.
    pub(crate) target: PathBuf,
}

impl Workspace {
    pub(crate) fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no folder above it")?;
        // This program lies in <target>/<profile>/xtask.
        let program = env::current_exe()?;
        let target = program.ancestors().nth(2).context("xtask does not lie in a target folder")?;
        Ok(Self { root: root.to_owned(), target: target.to_owned() })
    }

    /// The folder of what programs that check Birdbox from outside share.
    pub(crate) fn helpers(&self) -> PathBuf {
        self.root.join("conformance/helpers")
    }

    /// A command that runs in the root.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// The cargo that runs this program, with its output in the same target folder.
    pub(crate) fn cargo(&self, words: &[&str]) -> Command {
        let mut command = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.env("CARGO_TARGET_DIR", &self.target).args(words);
        command
    }

    /// The files under version control and those that are about to be, from the root, in order.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>> {
        let listed =
            output(self.command("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))?;
        let mut files: Vec<PathBuf> = listed.split_terminator('\0').map(PathBuf::from).collect();
        files.retain(|path| self.root.join(path).is_file());
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: impl AsRef<Path>) -> Result<String> {
        let path = self.root.join(path);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    }

    /// The packages that `cargo metadata` lists.
    pub(crate) fn packages(&self, words: &[&str]) -> Result<Vec<Value>> {
        let text = output(self.cargo(&["metadata", "--format-version", "1"]).args(words))?;
        let mut metadata: Value = serde_json::from_str(&text)?;
        match metadata.get_mut("packages").map(Value::take) {
            Some(Value::Array(packages)) => Ok(packages),
            _ => bail!("cargo metadata lists no packages"),
        }
    }
}
