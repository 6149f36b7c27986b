//! Whether the comments that admit a guess and COMPATIBILITY.md know each other.
//!
//! A guess is marked `unverified(slug)`, with the slug of a row of
//! `xapi::compatibility`.

use std::collections::BTreeSet;

use anyhow::Result;
use xapi::compatibility::{self, Standing};

use super::sources;
use crate::workspace::Workspace;

/// This folder speaks of the mark and makes none.
const HERE: &str = "xtask";

/// Complains about marks without a row and about guesses without a mark.
pub(super) fn rows(workspace: &Workspace) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    let mut marked = BTreeSet::new();
    for source in sources::all(workspace)?.iter().filter(|source| !source.path.starts_with(HERE)) {
        for (number, line) in (1..).zip(source.text.lines()).filter(|(_, line)| line.trim_start().starts_with("//")) {
            if line.contains("unverified:") {
                complaints.push(format!("{source}:{number}: name the row: unverified(slug)"));
            }
            for slug in slugs(line) {
                marked.insert(slug.to_owned());
                if slug != "slug" && compatibility::rows().all(|row| row.slug != slug) {
                    complaints.push(format!("{source}:{number}: xapi::compatibility has no row {slug}"));
                }
            }
        }
    }
    let guesses = compatibility::rows().filter(|row| row.standing == Standing::Unverified);
    let unmarked = guesses.filter(|row| !marked.contains(row.slug));
    complaints.extend(unmarked.map(|row| format!("no code is marked unverified({}), as its row has it", row.slug)));
    let mut seen = BTreeSet::new();
    let twice = compatibility::rows().filter(|row| !seen.insert(row.slug));
    complaints.extend(twice.map(|row| format!("two rows of xapi::compatibility are called {}", row.slug)));
    Ok(complaints)
}

/// The slugs of the marks in a line; a mark may name several, with commas.
fn slugs(line: &str) -> impl Iterator<Item = &str> {
    line.split("unverified(")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .flat_map(|list| list.split(','))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_may_name_several_rows() {
        let line = "/// unverified(viewer-fields, unknown-flags): see below. unverified(other)";
        assert_eq!(slugs(line).collect::<Vec<_>>(), ["viewer-fields", "unknown-flags", "other"]);
    }
}
