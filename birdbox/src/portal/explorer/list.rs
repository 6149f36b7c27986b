//! The list of all operations, by dialect, with a filter.

use askama::Template;
use xapi::operation::OPERATIONS;
use xapi::{Dialect, Operation};

use super::history::Entry;
use super::page::Line;
use crate::http::Response;
use crate::portal::cx::Cx;
use crate::portal::page::{self, Frame};
use crate::portal::refusal::Refused;

/// The operations of a dialect.
struct Group {
    label: &'static str,
    operations: Vec<&'static Operation>,
}

#[derive(Template)]
#[template(path = "portal/explorer_list.html")]
struct ListPage {
    frame: Frame,
    /// What stands in the filter.
    filter: String,
    groups: Vec<Group>,
    history: Vec<Line>,
}

/// What people call a dialect.
pub(super) const fn label(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::V2 => "API v2",
        Dialect::Labs => "Labs v2",
        Dialect::V1 => "API v1.1",
        Dialect::TweetBinder => "Tweet Binder",
    }
}

/// Whether all words of a filter stand somewhere in an operation.
fn fits(operation: &Operation, filter: &str) -> bool {
    let Operation { name, path, summary, .. } = operation;
    let text = format!("{name} {} {path} {summary} {}", operation.method.name(), label(operation.dialect));
    let text = text.to_ascii_lowercase();
    filter.to_ascii_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// Shows those that fit the filter.
pub(in crate::portal) fn list(cx: &Cx<'_>) -> Result<Response, Refused> {
    let filter = cx.query.get("q").trim().to_owned();
    let group = |dialect: Dialect| Group {
        label: label(dialect),
        operations: OPERATIONS.iter().filter(|row| row.dialect == dialect && fits(row, &filter)).collect(),
    };
    let groups = Dialect::ALL.into_iter().map(group).filter(|group| !group.operations.is_empty()).collect();
    let history: Vec<Entry> = cx.portal.explorer.history.of(&cx.viewer);
    page::show(&ListPage { frame: Frame::of(cx), groups, filter, history: history.iter().map(Line::of).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_finds_names_paths_and_words() {
        let found =
            |filter: &str| OPERATIONS.iter().filter(|row| fits(row, filter)).map(|row| row.name).collect::<Vec<_>>();
        assert_eq!(found("").len(), OPERATIONS.len());
        assert_eq!(found("GETUSERSME"), ["getUsersMe"]);
        assert_eq!(found("/2/users/me"), ["getUsersMe"]);
        assert!(found("v1.1 followers").contains(&"v1FollowersIds"));
        assert!(found("no such thing").is_empty());
    }
}
