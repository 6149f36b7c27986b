//! What each language needs, and how its programs are run.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::conformance::tools::java_libraries;
use crate::install::{npm, venv};
use crate::process::{exists, succeeds};
use crate::server::Server;
use crate::workspace::Workspace;

/// A language of the explorer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Curl,
    Twurl,
    TypeScript,
    Java,
    Python,
    Rust,
}

impl Language {
    /// What the page calls it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Twurl => "twurl",
            Self::TypeScript => "typescript",
            Self::Java => "java",
            Self::Python => "python",
            Self::Rust => "rust",
        }
    }
}

/// A program of the explorer.
pub(super) struct Program {
    /// That of its request.
    pub(super) number: usize,
    /// For people.
    pub(super) name: String,
    pub(super) language: Language,
    pub(super) text: String,
    /// What it has to print.
    pub(super) expected: Value,
}

/// What this machine has.
pub(super) struct Tools {
    folder: PathBuf,
    /// The class path.
    java: Option<OsString>,
    python: Option<PathBuf>,
    /// The folder with the modules of Node.
    node: Option<PathBuf>,
    /// The folder with the programs in Rust, which are compiled.
    rust: Option<PathBuf>,
    access_token: String,
}

impl Tools {
    /// Installs what there is, as the conformance suite has it, and compiles all programs in Rust at
    /// once.
    pub(super) fn install(
        workspace: &Workspace,
        folder: &Path,
        programs: &[Program],
        access_token: &str,
    ) -> Result<Self> {
        let conformance = |name: &str| workspace.target.join("conformance").join(name);
        let node = conformance("twitter-api-sdk");
        let has_node = npm(workspace, &node, "conformance/twitter-api-sdk")?;
        Ok(Self {
            folder: folder.to_owned(),
            java: java_libraries(workspace, "twitter-api-java-sdk")?,
            python: venv(workspace, &conformance("tweepy"), "conformance/tweepy/requirements.txt")?,
            node: has_node.then_some(node),
            rust: rust(workspace, folder, programs)?,
            access_token: access_token.to_owned(),
        })
    }

    /// What runs a program; `None` if this machine cannot.
    pub(super) fn command(&self, server: &Server, program: &Program) -> Result<Option<Command>> {
        let file = |folder: &Path, ending: &str| -> Result<PathBuf> {
            let path = folder.join(format!("case{}.{ending}", program.number));
            fs::write(&path, &program.text)?;
            Ok(path)
        };
        let mut command = match program.language {
            Language::Curl if exists("curl") && Command::new("openssl").arg("version").output().is_ok() => {
                let mut command = Command::new("sh");
                command.arg(file(&self.folder, "sh")?);
                command
            }
            Language::Twurl if exists("twurl") => {
                let mut command = Command::new("sh");
                command.arg(file(&self.folder, "twurl.sh")?);
                command
            }
            Language::TypeScript => {
                let Some(node) = &self.node else { return Ok(None) };
                let mut command = Command::new("node");
                command.arg(file(node, "mjs")?);
                command
            }
            Language::Java => {
                let Some(libraries) = &self.java else { return Ok(None) };
                let mut command = Command::new("java");
                command.arg("-cp").arg(libraries).arg(file(&self.folder, "java")?);
                command
            }
            Language::Python => {
                let Some(python) = &self.python else { return Ok(None) };
                let mut command = server.command(&["run"]);
                command.arg("--").arg(python).arg(file(&self.folder, "py")?);
                command
            }
            Language::Rust => {
                let Some(built) = &self.rust else { return Ok(None) };
                Command::new(built.join(format!("case{}", program.number)))
            }
            Language::Curl | Language::Twurl => return Ok(None),
        };
        command.envs(server.environment.iter().cloned()).env("OAUTH2_ACCESS_TOKEN", &self.access_token);
        command.stdin(Stdio::null());
        Ok(Some(command))
    }
}

/// The folder with the compiled programs; `None` if what they need cannot be fetched.
fn rust(workspace: &Workspace, folder: &Path, programs: &[Program]) -> Result<Option<PathBuf>> {
    let project = folder.join("rust");
    let sources = project.join("src").join("bin");
    fs::create_dir_all(&sources)?;
    for name in ["Cargo.toml", "Cargo.lock"] {
        fs::write(project.join(name), workspace.read(Path::new("conformance/snippets").join(name))?)?;
    }
    for old in fs::read_dir(&sources)? {
        fs::remove_file(old?.path())?;
    }
    for Program { number, text, .. } in programs.iter().filter(|program| program.language == Language::Rust) {
        fs::write(sources.join(format!("case{number}.rs")), text)?;
    }
    let built = folder.join("rust-target");
    let cargo = |word: &str| {
        let mut command = workspace.cargo(&[word, "--locked", "--quiet", "--manifest-path"]);
        command.arg(project.join("Cargo.toml")).env("CARGO_TARGET_DIR", &built);
        command
    };
    if !succeeds(&mut cargo("fetch"))? {
        return Ok(None);
    }
    ensure!(succeeds(&mut cargo("build"))?, "a program of the explorer in Rust does not compile");
    Ok(Some(built.join("debug")))
}
