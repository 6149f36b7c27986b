//! Searches what a run of the server's tests leaves behind — logs at the finest level, data
//! directories, explanations — for every secret that the tests made or met.
//!
//! The tests note the secrets (`birdbox/tests/record`). A secret that is planted beforehand shows
//! that the search would find one.

mod forms;
mod search;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;

use self::forms::{FORMS, Form};
use self::search::{Found, Search, Searched};
use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::process::watch;
use crate::workspace::Workspace;

/// What the tests of the server read.
const VARIABLE: &str = "KEEP_TEST_RUN";
/// Where they write, and what it is.
const FOLDERS: [(&str, &str); 3] = [("logs", "logs"), ("data", "data directories"), ("explained", "explanations")];

/// A run of fewer would show that tests do not note what they should.
const FEWEST_SECRETS: usize = 200;

/// The tests that CI has time for in this form: those in which most secrets are made.
const BRIEF: [&[&str]; 2] =
    [&["--test", "suite", "--", "oauth::", "explain::"], &["--test", "cli", "--", "identity::", "explain::"]];
const ALL: [&[&str]; 1] = [&["--no-fail-fast"]];

/// A secret, and what kind it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Secret {
    text: String,
    kind: String,
}

/// Runs all tests, and searches.
pub(crate) fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let is_brief = arguments.flag("--brief");
    arguments.end()?;
    let counts = check(workspace, if is_brief { &BRIEF } else { &ALL })?;
    Ok(if counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs some tests, and searches.
pub(crate) fn check_briefly(workspace: &Workspace) -> Result<Counts> {
    check(workspace, &BRIEF)
}

/// Counts secrets: those that were found failed.
fn check(workspace: &Workspace, tests: &[&[&str]]) -> Result<Counts> {
    plant()?;
    let place = tempfile::tempdir_in(&workspace.target)?;
    for words in tests {
        let words = [&["test", "-p", "birdbox", "--locked"], *words].concat();
        ensure!(watch(workspace.cargo(&words).env(VARIABLE, place.path()), |_| {})?, "the tests failed");
    }
    let secrets = noted(place.path())?;
    ensure!(secrets.len() >= FEWEST_SECRETS, "the tests noted {} secrets alone", secrets.len());
    let search = Search::new(&secrets)?;
    let mut found = Vec::new();
    let mut out = io::stdout();
    writeln!(out, "{} secrets ({}), each in {} forms", secrets.len(), kinds(&secrets), FORMS.len())?;
    for (folder, name) in FOLDERS {
        let searched = search.folder(&place.path().join(folder))?;
        writeln!(out, "{name}: {} files, {} bytes, {} finds", searched.files, searched.bytes, searched.found.len())?;
        ensure!(searched.bytes > 0, "there are no {name} to search");
        found.extend(searched.found);
    }
    if !found.is_empty() {
        keep(place, &found)?;
    } else if let Some(secret) = secrets.iter().find(|secret| secret.kind == "token") {
        plant_among(&search, secret, &place.path().join("logs"))?;
    }
    let failed = found.iter().map(|found| found.secret).collect::<BTreeSet<_>>().len();
    Ok(Counts { passed: secrets.len() - failed, failed, skipped: 0 })
}

/// Shows that a secret in a file is found, in each of its forms.
fn plant() -> Result<()> {
    let planted = [Secret { text: "Planted/secret+of-40~characters%3Din_all".to_owned(), kind: "planted".to_owned() }];
    let search = Search::new(&planted)?;
    let place = TempDir::new()?;
    for Form { name, write } in FORMS {
        let file = place.path().join("planted");
        for form in write(&planted[0].text) {
            fs::write(&file, [&[b'x'; 100_000], form.as_slice(), b"yy"].concat())?;
            let Searched { found, .. } = search.folder(place.path())?;
            let is_found = found.iter().any(|found| found.offset == 100_000 && found.form == *name);
            ensure!(is_found, "a planted secret is not found in the form {name}");
        }
    }
    let names: Vec<_> = FORMS.iter().map(|form| form.name).collect();
    writeln!(io::stdout(), "a planted secret is found: {}", names.join(", "))?;
    Ok(())
}

/// Shows that a secret of the run would have been found, had a server logged it.
fn plant_among(search: &Search<'_>, secret: &Secret, logs: &Path) -> Result<()> {
    let file = logs.join("planted");
    fs::write(&file, format!("DEBUG request authorization=\"Bearer {}\"\n", secret.text))?;
    let finds = search.folder(logs)?.found;
    ensure!(matches!(&*finds, [found] if found.file == file), "a secret in a log is not found");
    writeln!(io::stdout(), "a secret of the run that is written into a log is found: {}", secret.kind)?;
    Ok(())
}

/// What the tests have noted, each once.
fn noted(place: &Path) -> Result<Vec<Secret>> {
    let mut secrets = BTreeMap::new();
    for entry in fs::read_dir(place.join("secrets")).context("the tests noted no secrets")? {
        for line in fs::read_to_string(entry?.path())?.lines() {
            let Some((kind, text)) = line.split_once('\t') else { bail!("the note {line:?} cannot be read") };
            secrets.insert(text.to_owned(), kind.to_owned());
        }
    }
    Ok(secrets.into_iter().map(|(text, kind)| Secret { text, kind }).collect())
}

fn kinds(secrets: &[Secret]) -> String {
    let mut kinds = BTreeMap::<&str, usize>::new();
    secrets.iter().for_each(|secret| *kinds.entry(&secret.kind).or_default() += 1);
    kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect::<Vec<_>>().join(", ")
}

/// Leaves the run for those who look into it, and says where secrets are; not which.
fn keep(place: TempDir, found: &[Found]) -> Result<()> {
    let kept = place.keep();
    let mut out = io::stdout();
    for Found { file, offset, kind, form, .. } in found.iter().take(50) {
        let file = file.strip_prefix(&kept).unwrap_or(file);
        writeln!(out, "FOUND: {kind}, {form}, in {} at {offset}", file.display())?;
    }
    writeln!(out, "the run is kept in {}", kept.display())?;
    Ok(())
}
