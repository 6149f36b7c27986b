//! Whether somebody who opens a file or a folder learns what it is, and whether the
//! links of the pages lead somewhere.

use std::path::Path;

use anyhow::Result;

use super::sources;
use crate::workspace::Workspace;

/// Folders that hold no crate and must say in a README what they hold.
const FOLDERS: &[&str] = &["conformance", "decisions", "sample", "tests"];

/// Complains about Rust files without a module doc and folders without a README.
pub(super) fn documented(workspace: &Workspace) -> Result<Vec<String>> {
    let files = workspace.files()?;
    let has = |folder: &str| files.iter().any(|path| path.starts_with(folder));
    let folders =
        FOLDERS.iter().filter(|folder| has(folder) && !workspace.root.join(folder).join("README.md").is_file());
    let mut complaints: Vec<String> = folders.map(|folder| format!("{folder}: lacks a README.md")).collect();
    for source in sources::all(workspace)?.iter().filter(|source| !source.text.starts_with("//! ")) {
        complaints.push(format!("{source}: begins without a module doc (//! what it answers)"));
    }
    Ok(complaints)
}

/// Complains about links in Markdown to files that are not there.
pub(super) fn links(workspace: &Workspace) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for page in workspace.files()?.iter().filter(|path| path.extension().is_some_and(|end| end == "md")) {
        let text = workspace.read(page)?;
        let folder = workspace.root.join(page.parent().unwrap_or(Path::new("")));
        let local = targets(&text).filter(|target| !target.contains("://") && !target.starts_with("mailto:"));
        for target in local.filter_map(|target| target.split('#').next()).filter(|path| !path.is_empty()) {
            if !folder.join(target).exists() {
                complaints.push(format!("{}: links to {target}, which is not there", page.display()));
            }
        }
    }
    Ok(complaints)
}

/// Where the links `[text](target)` of a page lead.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains(char::is_whitespace))
}
