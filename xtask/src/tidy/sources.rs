//! What Rust files must be like: short, finished, and safe but for one.

use std::fmt;
use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::Result;

use crate::workspace::Workspace;

/// A file that is longer should be split by meaning.
const LONG: usize = 400;
/// A file that is longer is an error.
const TOO_LONG: usize = 500;

/// The one module with `unsafe`; it says itself why.
const UNSAFE_MODULE: &str = "store/src/unsafe_io.rs";
/// The crate that holds it denies `unsafe` elsewhere; all others forbid it.
const UNSAFE_CRATE: &str = "store";

/// One Rust file.
pub(super) struct Source {
    /// From the root.
    pub(super) path: PathBuf,
    pub(super) text: String,
}

impl Source {
    /// The lines outside unit tests and comments, with their numbers from 1.
    ///
    /// Unit tests end a file, as STYLE.md wants it.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let code = self.text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
        (1..).zip(code.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn is_root(&self) -> bool {
        let mut parts = self.path.iter().skip(1);
        parts.next().is_some_and(|part| part == "src") && parts.next().is_some_and(|part| part == "lib.rs")
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}

/// Every Rust file of the repository.
pub(super) fn all(workspace: &Workspace) -> Result<Vec<Source>> {
    let files = workspace.files()?.into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    files.map(|path| Ok(Source { text: workspace.read(&path)?, path })).collect()
}

/// Whether `line` holds `word` and no letter or digit around it.
pub(super) fn has_word(line: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        let open_end = word.ends_with(|character| !is_part(character));
        !before.is_some_and(is_part) && (open_end || !after.is_some_and(is_part))
    })
}

/// Complains about files that are too long; names long ones without complaint.
pub(super) fn lengths(workspace: &Workspace) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for source in all(workspace)? {
        match source.text.lines().count() {
            ..=LONG => {}
            lines @ ..=TOO_LONG => writeln!(io::stdout(), "note:  {source} has {lines} lines; think of splitting it")?,
            lines => complaints.push(format!("{source} has {lines} lines; split it by meaning")),
        }
    }
    Ok(complaints)
}

/// Complains about `unsafe` outside its module and about crates that do not forbid it.
pub(super) fn unsafe_code(workspace: &Workspace) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for source in all(workspace)? {
        let is_exempt = source.path.starts_with(UNSAFE_CRATE) && source.is_root();
        let level = if is_exempt { "#![deny(unsafe_code)]" } else { "#![forbid(unsafe_code)]" };
        if source.is_root() && !source.text.contains(level) {
            complaints.push(format!("{source}: lacks {level}"));
        }
        if source.path.as_os_str() != UNSAFE_MODULE {
            let lines = source.code().filter(|(_, line)| has_word(line, "unsafe") && !line.contains('"'));
            complaints.extend(lines.map(|(number, _)| format!("{source}:{number}: unsafe belongs in {UNSAFE_MODULE}")));
        }
    }
    Ok(complaints)
}

/// Complains about what is not finished and about lints silenced without a reason.
pub(super) fn left_undone(workspace: &Workspace) -> Result<Vec<String>> {
    // Put together here, so that this file does not hold them.
    let words = ["todo", "unimplemented", "dbg"].map(|word| format!("{word}!("));
    let silencers = ["#[", "#!["].map(|open| format!("{open}allow("));
    let marks = ["TODO", "FIXME", "XXX"].map(|mark| format!("// {mark}"));
    let wrong: Vec<String> = words.into_iter().chain(silencers).chain(marks).collect();
    let mut complaints = Vec::new();
    for source in all(workspace)? {
        for (number, line) in (1..).zip(source.text.lines()) {
            let found = wrong.iter().filter(|wrong| line.contains(*wrong));
            complaints.extend(found.map(|wrong| format!("{source}:{number}: has `{wrong}`")));
        }
    }
    Ok(complaints)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole() {
        assert!(has_word("use std::fs::File;", "std::fs"));
        assert!(has_word("http::Request", "http::"));
        assert!(!has_word("#![forbid(unsafe_code)]", "unsafe"));
        assert!(!has_word("let instance = Instants;", "Instant"));
    }

    #[test]
    fn tests_and_comments_are_not_code() {
        let text = "//! doc\nfn a() {}\n    // note\n\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n".to_owned();
        let source = Source { path: PathBuf::from("model/src/lib.rs"), text };
        assert_eq!(source.code().map(|(number, _)| number).collect::<Vec<_>>(), [2]);
        assert!(source.is_root());
    }
}
