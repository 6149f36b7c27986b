//! Which crate may know which, and what a crate must not know at all.

use anyhow::Result;
use serde_json::Value;

use super::sources::{self, Source};
use crate::workspace::Workspace;

/// What the crates of this repository may depend on, of each other.
const EDGES: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("xapi", &["model"]),
    ("oauth", &["model"]),
    ("store", &["model"]),
    ("formats", &["model"]),
    ("birdbox", &["model", "xapi", "oauth", "store", "formats"]),
    ("xtask", &["oauth", "xapi"]),
];

/// Crates that hold no IO, no clock, no environment and no randomness.
const PURE: &[&str] = &["model", "xapi", "oauth", "formats"];
/// What gives such things. Tests may use them.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
    "async fn",
    "tokio",
    "getrandom",
    "rand::",
];

/// What else a crate must not name.
const EXCLUDED: &[(&str, &[&str])] = &[
    ("model", &["serde"]),
    ("store", &["hyper", "http::", "serde_json"]),
    ("birdbox/src/api", &["Dialect::", "HeaderValue::from_static"]),
];

/// Complains about dependencies that [`EDGES`] does not have.
pub(super) fn between_crates(workspace: &Workspace) -> Result<Vec<String>> {
    let packages = workspace.packages(&["--no-deps"])?;
    let names: Vec<&str> = packages.iter().filter_map(|package| text(package, "name")).collect();
    let mut complaints = Vec::new();
    for package in &packages {
        let name = text(package, "name").unwrap_or_default();
        let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == name) else {
            complaints.push(format!("{name}: a new crate; give it a line in {}", file!()));
            continue;
        };
        let dependencies = package.get("dependencies").and_then(Value::as_array).into_iter().flatten();
        for dependency in dependencies.filter_map(|dependency: &Value| text(dependency, "name")) {
            if names.contains(&dependency) && !allowed.contains(&dependency) {
                complaints.push(format!("{name} must not depend on {dependency}"));
            }
        }
    }
    Ok(complaints)
}

fn text<'a>(object: &'a Value, member: &str) -> Option<&'a str> {
    object.get(member).and_then(Value::as_str)
}

/// Complains about words that a crate's purpose excludes.
pub(super) fn out_of_crates(workspace: &Workspace) -> Result<Vec<String>> {
    let sources = sources::all(workspace)?;
    let pure = PURE.iter().map(|place| (*place, IMPURE));
    let excluded = EXCLUDED.iter().copied();
    let mut complaints = Vec::new();
    for (place, words) in pure.chain(excluded) {
        let folder = if place.contains('/') { place.to_owned() } else { format!("{place}/src") };
        for source in sources.iter().filter(|source| source.path.starts_with(&folder)) {
            complaints.extend(
                named(source, words).map(|(line, word)| format!("{source}:{line}: {place} must not use {word}")),
            );
        }
    }
    Ok(complaints)
}

/// The lines outside tests and comments that hold one of `words` as whole words.
fn named<'a>(source: &'a Source, words: &'a [&'a str]) -> impl Iterator<Item = (usize, &'a str)> {
    source.code().flat_map(move |(number, line)| {
        words.iter().filter(move |word| names(line, word)).map(move |word| (number, *word))
    })
}

/// Whether a line names `word`, also as a part of `use std::{…}`.
fn names(line: &str, word: &str) -> bool {
    let imported = line.strip_prefix("use std::{").zip(word.strip_prefix("std::"));
    sources::has_word(line, word) || imported.is_some_and(|(names, part)| sources::has_word(names, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_in_braces_are_seen() {
        assert!(names("use std::{env, fs};", "std::fs") && names("let file = std::fs::read(path);", "std::fs"));
        assert!(!names("use std::{fmt, str};", "std::fs"));
    }
}
