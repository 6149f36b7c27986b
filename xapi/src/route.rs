//! From method and path to a row.

use crate::operation::{Dialect, OPERATIONS, Operation};

/// The methods of every operation so far, as an `allow` header says them.
pub const ALLOW_READS: &str = "GET, HEAD";

/// Where a request leads.
#[derive(Debug, Clone, Copy)]
pub enum Route<'p> {
    /// To an operation.
    Found {
        /// The operation.
        operation: &'static Operation,
        /// What stands in the path in place of its key, still percent-encoded.
        path_value: Option<&'p str>,
    },
    /// To a path that has other methods.
    MethodNotAllowed {
        /// Those methods.
        allow: &'static str,
        /// The API of the path.
        dialect: Dialect,
    },
    /// Nowhere.
    NotFound {
        /// The API whose shape the answer has.
        dialect: Dialect,
    },
}

/// Finds the row of a request. HEAD is GET, and the edge leaves the body out.
///
/// unverified(unknown-path): 404 and 405 come before credentials are looked at.
/// unverified(head): X is taken to answer HEAD at all.
#[must_use]
pub fn route<'p>(method: &str, path: &'p str) -> Route<'p> {
    match find(path) {
        Some((operation, path_value)) if matches!(method, "GET" | "HEAD") => Route::Found { operation, path_value },
        Some((operation, _)) => Route::MethodNotAllowed { allow: ALLOW_READS, dialect: operation.dialect },
        None => Route::NotFound { dialect: dialect_of(path) },
    }
}

/// The API that a path belongs to, whether or not it exists.
fn dialect_of(path: &str) -> Dialect {
    if path.starts_with("/labs/") { Dialect::Labs } else { Dialect::V2 }
}

/// Rows without a key in the path win over rows with one: `/2/users/by` is no id.
///
/// unverified(trailing-slash): a slash at the end makes another path.
fn find(path: &str) -> Option<(&'static Operation, Option<&str>)> {
    let exact = OPERATIONS.iter().find(|row| row.path == path).map(|row| (row, None));
    exact.or_else(|| {
        OPERATIONS.iter().find_map(|row| {
            let (prefix, _) = row.path.split_once('{')?;
            let value = path.strip_prefix(prefix)?;
            (!value.is_empty() && !value.contains('/')).then_some((row, Some(value)))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(method: &str, path: &str) -> String {
        match route(method, path) {
            Route::Found { operation, path_value } => format!("{} {}", operation.name, path_value.unwrap_or("-")),
            Route::MethodNotAllowed { allow, .. } => format!("405 {allow}"),
            Route::NotFound { dialect } => format!("404 {dialect:?}"),
        }
    }

    #[test]
    fn every_row_is_reached_by_its_own_path() {
        for row in OPERATIONS {
            let path = row.path.replace("{id}", "7").replace("{username}", "bird");
            assert_eq!(name("GET", &path).split_once(' ').unwrap().0, row.name);
        }
    }

    #[test]
    fn paths_lead_where_x_leads_them() {
        for (method, path, expected) in [
            ("GET", "/2/users/by", "getUsersByUsernames -"),
            ("HEAD", "/2/users/by/username/a%2Cb", "getUsersByUsername a%2Cb"),
            ("GET", "/2/users/me", "getUsersMe -"),
            ("POST", "/2/users/7", "405 GET, HEAD"),
            ("GET", "/2/users/", "404 V2"),
            ("GET", "/2/users/7/", "404 V2"),
            ("GET", "/2/users/by/name", "404 V2"),
            ("GET", "/labs/2/tweets/1", "404 Labs"),
            ("GET", "", "404 V2"),
        ] {
            assert_eq!(name(method, path), expected, "{method} {path}");
        }
    }
}
