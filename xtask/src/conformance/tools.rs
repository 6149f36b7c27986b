//! Installs clients as their lock files pin them, and says how their programs are run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use super::clients::{Client, Language};
use crate::install::{apt_install, npm, once, venv};
use crate::process::{exists, succeeds};
use crate::workspace::Workspace;

/// The words that run a client's program; `None` when this machine cannot install what it needs.
pub(super) fn install(workspace: &Workspace, client: &Client) -> Result<Option<Vec<OsString>>> {
    let source = Path::new("conformance").join(client.folder);
    let folder = workspace.target.join("conformance").join(client.folder);
    let file = workspace.root.join(&source).join(client.program);
    match client.language {
        Language::Python => {
            let requirements = source.join("requirements.txt").display().to_string();
            let python = venv(workspace, &folder, &requirements)?;
            Ok(python.map(|python| vec![python.into(), file.into()]))
        }
        Language::Node => {
            let mut modules = OsString::from("NODE_PATH=");
            modules.push(folder.join("node_modules"));
            let made = npm(workspace, &folder, &source.display().to_string())?;
            Ok(made.then(|| vec!["env".into(), modules, "node".into(), file.into()]))
        }
        Language::Java => java(workspace, &source, &folder),
        Language::Go => go(workspace, &source, &folder),
        Language::Rust => rust(workspace, &source, &folder),
        Language::R => Ok(r(client.folder)?.then(|| vec!["Rscript".into(), file.into()])),
    }
}

/// Whether R has this package, as Debian builds it.
fn r(package: &str) -> Result<bool> {
    let has = || {
        let mut rscript = Command::new("Rscript");
        exists("Rscript") && succeeds(rscript.args(["-e", &format!("library({package})")])).unwrap_or(false)
    };
    if has() {
        return Ok(true);
    }
    Ok(exists("apt-get") && apt_install(&format!("r-cran-{package}"))? && has())
}

/// Maven fetches, javac compiles: the build of a single file needs no plugins.
fn java(workspace: &Workspace, source: &Path, folder: &Path) -> Result<Option<Vec<OsString>>> {
    let Some(path) = fetch_libraries(workspace, source, folder)? else { return Ok(None) };
    let classes = folder.join("classes");
    let mut javac = workspace.command("javac");
    javac.arg("-d").arg(&classes).arg("-cp").arg(&path).arg(source.join("Main.java"));
    ensure!(succeeds(&mut javac)?, "{} does not compile", source.display());
    let mut all = with("", &classes);
    all.push(":");
    all.push(path);
    Ok(Some(vec!["java".into(), "-cp".into(), all, "Main".into()]))
}

/// The class path of the libraries of a client in Java; `None` if they cannot be fetched.
pub(crate) fn java_libraries(workspace: &Workspace, client: &str) -> Result<Option<OsString>> {
    let folder = workspace.target.join("conformance").join(client);
    fetch_libraries(workspace, &Path::new("conformance").join(client), &folder)
}

fn fetch_libraries(workspace: &Workspace, source: &Path, folder: &Path) -> Result<Option<OsString>> {
    let (pom, libraries) = (source.join("pom.xml"), folder.join("lib"));
    let fetched = once(folder, &workspace.read(&pom)?, || {
        if !exists("mvn") || !exists("javac") {
            return Ok(false);
        }
        let mut maven = workspace.command("mvn");
        maven.args(["--quiet", "--batch-mode", "--file"]).arg(&pom).arg("dependency:copy-dependencies");
        succeeds(maven.arg(with("-DoutputDirectory=", &libraries)))
    })?;
    Ok(fetched.then(|| with("", &libraries.join("*"))))
}

fn go(workspace: &Workspace, source: &Path, folder: &Path) -> Result<Option<Vec<OsString>>> {
    let go = |words: &[&str]| {
        let mut command = workspace.command("go");
        command.args(words).current_dir(workspace.root.join(source)).env("GOFLAGS", "-mod=readonly");
        command
    };
    if !workspace.command("go").arg("version").output().is_ok_and(|done| done.status.success())
        || !succeeds(&mut go(&["mod", "download"]))?
    {
        return Ok(None);
    }
    let program = folder.join("program");
    ensure!(succeeds(go(&["build", "-o"]).arg(&program).arg("."))?, "{} does not compile", source.display());
    Ok(Some(vec![program.into()]))
}

fn rust(workspace: &Workspace, source: &Path, folder: &Path) -> Result<Option<Vec<OsString>>> {
    let cargo = |words: &[&str]| {
        let mut command = workspace.cargo(words);
        command.args(["--locked", "--quiet", "--manifest-path"]).arg(source.join("Cargo.toml"));
        command.env("CARGO_TARGET_DIR", folder);
        command
    };
    if !succeeds(&mut cargo(&["fetch"]))? {
        return Ok(None);
    }
    ensure!(succeeds(&mut cargo(&["build"]))?, "{} does not compile", source.display());
    let program: PathBuf = folder.join("debug").join("program");
    Ok(Some(vec![program.into()]))
}

fn with(prefix: &str, path: &Path) -> OsString {
    let mut word = OsString::from(prefix);
    word.push(path);
    word
}
