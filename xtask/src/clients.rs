//! `cargo xtask clients`: client libraries as they come from their registries, against the
//! real server, with a headless Chromium at its login and consent pages and in the portal.
//!
//! What they need is installed below the target folder, in pinned versions. What this
//! machine cannot install is skipped and counted as skipped.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::install::{apt_install, npm, venv};
use crate::process::{exists, output};
use crate::server::{Profile, Server, build};
use crate::workspace::Workspace;

/// The programs, and the versions of what they need.
const FOLDER: &str = "conformance/clients";
/// One of the addresses of the App of the sample.
const CALLBACK: &str = "http://127.0.0.1:8000/callback";
const PASSWORD: &str = "correct horse battery staple";
/// What Chromium may be called.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A program that checks one library.
struct Program {
    file: &'static str,
    language: Language,
}

#[derive(Clone, Copy)]
enum Language {
    Python,
    Node,
}

const PROGRAMS: &[Program] = &[
    Program { file: "oauth1.py", language: Language::Python },
    Program { file: "oauth2.py", language: Language::Python },
    Program { file: "twitter_api_sdk.cjs", language: Language::Node },
    Program { file: "portal.cjs", language: Language::Node },
    Program { file: "portal_users.cjs", language: Language::Node },
    Program { file: "portal_reference.cjs", language: Language::Node },
    Program { file: "portal_traffic.cjs", language: Language::Node },
    Program { file: "portal_explorer.cjs", language: Language::Node },
];

/// Runs all programs, or those whose file begins as asked for.
pub(crate) fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let only = arguments.optional::<String>("--only")?;
    arguments.end()?;
    try_programs(workspace, only.as_deref().unwrap_or_default())?.end()
}

/// All of them, for CI.
pub(crate) fn check(workspace: &Workspace) -> Result<Counts> {
    try_programs(workspace, "")
}

/// Tries the programs whose file begins with `start`.
fn try_programs(workspace: &Workspace, start: &str) -> Result<Counts> {
    let folder = workspace.target.join("clients");
    fs::create_dir_all(&folder)?;
    let Some(tools) = Tools::install(workspace, &folder)? else {
        return Ok(Counts { skipped: PROGRAMS.len(), ..Counts::default() });
    };
    let pictures = folder.join("pictures");
    fs::create_dir_all(&pictures)?;
    let program = build(workspace, Profile::Debug)?;
    let mut counts = Counts::default();
    for Program { file, language } in PROGRAMS.iter().filter(|program| program.file.starts_with(start)) {
        // One for each, so that none meets what another did.
        let server = Server::start(&program, &workspace.target, "legislators")?;
        server.set_password(PASSWORD)?;
        let mut command = match language {
            Language::Python => workspace.command(&tools.python),
            Language::Node => workspace.command("node"),
        };
        command.arg(workspace.root.join(FOLDER).join(file)).current_dir(&folder);
        command.envs(server.environment.iter().cloned()).env("PASSWORD", PASSWORD).env("CALLBACK", CALLBACK);
        command.env("PORTAL_LINK", server.portal_link()?).env("OTHER_LINK", server.portal_link()?);
        command.env("CHROMIUM", &tools.chromium).env("SCREENSHOTS", &pictures);
        command.env("NODE_PATH", folder.join("node_modules")).env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("PYTHONPATH", workspace.helpers());
        // These libraries refuse to speak to a server without TLS unless they are told to.
        command.env("OAUTHLIB_INSECURE_TRANSPORT", "1").env("AUTHLIB_INSECURE_TRANSPORT", "1");
        counts += Counts::told_by(&mut command)?;
    }
    Ok(counts)
}

/// What the programs need.
struct Tools {
    python: PathBuf,
    chromium: PathBuf,
}

impl Tools {
    /// Installs what is missing; `None` when this machine cannot.
    fn install(workspace: &Workspace, folder: &Path) -> Result<Option<Self>> {
        let skip = |why: &str| {
            writeln!(io::stdout(), "skipped: {why}")?;
            Ok(None)
        };
        if !exists("node") || !exists("npm") || !exists("python3") {
            return skip("there is no node, npm or python3");
        }
        let Some(chromium) = chromium()? else { return skip("there is no Chromium, and apt-get cannot install it") };
        let requirements = format!("{FOLDER}/requirements.txt");
        let Some(python) = venv(workspace, &folder.join("python"), &requirements)? else {
            return skip("pip cannot install what the clients need");
        };
        if !npm(workspace, folder, FOLDER)? {
            return skip("npm cannot install what the clients need");
        }
        Ok(Some(Self { python, chromium }))
    }
}

/// Where Chromium is.
fn chromium() -> Result<Option<PathBuf>> {
    let path = |name: &str| output(Command::new("sh").args(["-c", "command -v \"$0\"", name])).ok();
    let find = || BROWSERS.into_iter().find_map(path).map(|path| PathBuf::from(path.trim()));
    if let Some(found) = find() {
        return Ok(Some(found));
    }
    if !exists("apt-get") {
        return Ok(None);
    }
    let done = apt_install("chromium")?;
    Ok(find().filter(|_| done))
}
