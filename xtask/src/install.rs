//! Installs what other people's tools need, below the target folder, as their lock files
//! have it.
//!
//! Whether a machine can is for the caller to count: `false` or `None` says that it cannot.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::process::{exists, output, succeeds};
use crate::workspace::Workspace;

/// Calls `make` unless it went well before for the same text, such as that of a lock file.
pub(crate) fn once(folder: &Path, wanted: &str, make: impl FnOnce() -> Result<bool>) -> Result<bool> {
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(true);
    }
    fs::create_dir_all(folder)?;
    let made = make()?;
    if made {
        fs::write(stamp, wanted)?;
    }
    Ok(made)
}

/// The Python of a virtual environment in `folder`, with what the file `requirements` pins.
pub(crate) fn venv(workspace: &Workspace, folder: &Path, requirements: &str) -> Result<Option<PathBuf>> {
    let venv = folder.join("venv");
    let python = venv.join("bin/python");
    let made = once(folder, &workspace.read(requirements)?, || {
        if !exists("python3")
            || output(workspace.command("python3").args(["-m", "venv", "--clear"]).arg(&venv)).is_err()
        {
            return Ok(false);
        }
        let mut pip = workspace.command(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-r", requirements]);
        succeeds(&mut pip)
    })?;
    Ok(made.then_some(python))
}

/// Installs in `folder` the packages that package.json and its lock file in `source` name.
pub(crate) fn npm(workspace: &Workspace, folder: &Path, source: &str) -> Result<bool> {
    let lock = workspace.read(format!("{source}/package-lock.json"))?;
    once(folder, &lock, || {
        if !exists("node") || !exists("npm") {
            return Ok(false);
        }
        fs::write(folder.join("package.json"), workspace.read(format!("{source}/package.json"))?)?;
        fs::write(folder.join("package-lock.json"), &lock)?;
        let mut npm = workspace.command("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]).current_dir(folder);
        succeeds(&mut npm)
    })
}

/// Installs a package of Debian, if this machine lets us.
pub(crate) fn apt_install(package: &str) -> Result<bool> {
    let apt = |words: &[&str]| {
        succeeds(Command::new("apt-get").args(words).stdout(Stdio::null()).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    Ok(apt(&["update"])? && apt(&["install", "-y", "-q", "--no-install-recommends", package])?)
}
