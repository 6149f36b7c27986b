//! Whether every row of the tables of `xapi` is asked for by a case.
//!
//! A case is `tests/cases/<dialect>/<operation>/<case>.http`: notes that begin with
//! `#`, a request line, headers. Its reply stands beside it in `<case>.snap`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use xapi::fields::{Vocabulary, Word};
use xapi::operation::{OPERATIONS, TARGET_USER_ID};
use xapi::parameters::{FieldParameter, field_parameters};
use xapi::{Dialect, Operation};

use crate::workspace::Workspace;

/// Where cases lie.
pub(super) const CASES: &str = "tests/cases";
/// The end of a reply's name.
pub(super) const REPLY: &str = "snap";

/// One request.
struct Case {
    dialect: String,
    operation: String,
    /// Names and words of its query, decoded as far as the tables need it.
    query: Vec<(String, Vec<String>)>,
}

/// Complains about rows without a case.
pub(super) fn of_rows(workspace: &Workspace) -> Result<Vec<String>> {
    let cases = read(workspace)?;
    let mut complaints = Vec::new();
    for operation in OPERATIONS {
        let mine = |case: &&Case| case.operation == operation.name;
        if !cases.iter().any(|case| mine(&case)) {
            complaints.push(format!(
                "{} has no case in {CASES}/{}/{}",
                operation.name,
                operation.dialect.name(),
                operation.name
            ));
        }
        let asked: BTreeSet<&str> =
            cases.iter().filter(mine).flat_map(|case| &case.query).map(|(name, _)| name.as_str()).collect();
        let missing = parameters(operation).filter(|parameter| !asked.contains(parameter));
        complaints.extend(missing.map(|parameter| format!("{} has no case with {parameter}", operation.name)));
    }
    for dialect in Dialect::ALL {
        for parameter in field_parameters(dialect) {
            complaints.extend(words_without_case(&cases, dialect, parameter));
        }
    }
    Ok(complaints)
}

/// The parameters of an operation that stand in its query, with their names in both
/// vocabularies.
fn parameters(operation: &Operation) -> impl Iterator<Item = &'static str> {
    let key = operation.key.asked_by().filter(|_| !operation.key.is_single());
    let dialect = operation.dialect;
    let names = field_parameters(dialect).flat_map(|parameter| parameter.names);
    let shown = operation.kind.shows_users();
    let spoken = names.filter(move |(_, vocabulary)| shown && *vocabulary == Vocabulary::Tweet).map(|(name, _)| *name);
    let own = operation.kind.parameters().iter().copied().filter(|name| *name != TARGET_USER_ID);
    let plain = operation.kind.plain_parameters().iter().map(|parameter| parameter.name);
    key.into_iter().chain(own).chain(spoken).chain(plain)
}

fn words_without_case(cases: &[Case], dialect: Dialect, parameter: &FieldParameter) -> Vec<String> {
    let names: Vec<&str> = parameter.names.iter().map(|(name, _)| *name).collect();
    let asked = |word: &Word| {
        let cases = cases.iter().filter(|case| case.dialect == dialect.name());
        let lists = cases.flat_map(|case| &case.query).filter(|(name, _)| names.contains(&name.as_str()));
        lists.flat_map(|(_, words)| words).any(|asked| asked == word.name)
    };
    let known = parameter.words.iter().filter(|word| word.is_known_to(dialect));
    known
        .filter(|word| !asked(word))
        .map(|word| format!("{} has no case with {}={}", dialect.name(), parameter.name(), word.name))
        .collect()
}

fn read(workspace: &Workspace) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for path in files(workspace, "http")? {
        let mut folders = path.iter().rev().skip(1).filter_map(|part| part.to_str()).map(str::to_owned);
        let (Some(operation), Some(dialect)) = (folders.next(), folders.next()) else { continue };
        let text = workspace.read(&path)?;
        let request = text.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
        cases.push(Case { dialect, operation, query: query(request) });
    }
    Ok(cases)
}

/// The parameters of a request line `GET /path?name=word,word`.
fn query(request: &str) -> Vec<(String, Vec<String>)> {
    let target = request.split(' ').nth(1).unwrap_or_default();
    let query = target.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, words)| (name.to_owned(), words.replace("%2C", ",").split(',').map(str::to_owned).collect()))
        .collect()
}

/// The files of the cases with this end.
pub(super) fn files(workspace: &Workspace, end: &str) -> Result<Vec<PathBuf>> {
    let mut files = workspace.files()?;
    files.retain(|path| path.starts_with(CASES) && path.extension().is_some_and(|found| found == end));
    Ok(files)
}

/// Complains about cases without a reply and replies without a case, and about cases
/// in folders that no operation has.
pub(super) fn replies(workspace: &Workspace) -> Result<Vec<String>> {
    let (cases, replies) = (files(workspace, "http")?, files(workspace, REPLY)?);
    let lacks = |of: &[PathBuf], path: &Path, end: &str| !of.contains(&path.with_extension(end));
    let mut complaints = Vec::new();
    for path in cases.iter().filter(|path| lacks(&replies, path, REPLY)) {
        complaints.push(format!("{} has no reply; run: INSTA_UPDATE=always cargo test -p birdbox", path.display()));
    }
    for path in replies.iter().filter(|path| lacks(&cases, path, "http")) {
        complaints.push(format!("{} has no case", path.display()));
    }
    for path in &cases {
        let folder = path.parent().unwrap_or(Path::new(""));
        let is_known =
            |operation: &&Operation| folder == Path::new(CASES).join(operation.dialect.name()).join(operation.name);
        if !OPERATIONS.iter().any(|operation| is_known(&operation)) && !folder.ends_with("http") {
            complaints.push(format!("{}: no operation has this folder", path.display()));
        }
    }
    Ok(complaints)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_divided_into_words() {
        let found = query("GET /2/users?ids=1,2&user.fields=id%2Cname");
        assert_eq!(found[0], ("ids".to_owned(), vec!["1".to_owned(), "2".to_owned()]));
        assert_eq!(found[1].1, ["id", "name"]);
    }
}
