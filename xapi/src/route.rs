//! From method and path to a row.

use std::sync::LazyLock;

use crate::operation::{Dialect, Method, OPERATIONS, Operation, TWEET_BINDER_PREFIX};

/// The methods of most paths, as an `allow` header says them.
pub const ALLOW_READS: &str = "GET, HEAD";

/// All methods that any path has.
pub const ALLOW_ALL: &str = "GET, HEAD, POST, DELETE";

/// What stands in a path in place of the names in braces, in their order, still
/// percent-encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PathValues<'p> {
    /// The key.
    pub key: Option<&'p str>,
    /// Who is followed no more.
    pub target: Option<&'p str>,
}

/// Where a request leads.
#[derive(Debug, Clone, Copy)]
pub enum Route<'p> {
    /// To an operation.
    Found {
        /// The operation.
        operation: &'static Operation,
        /// What its path holds.
        values: PathValues<'p>,
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

/// Finds the row of a request. HEAD is GET, and the edge leaves the body out. Tweet Binder's paths
/// begin with `tweet_binder`.
///
/// unverified(unknown-path): 404 and 405 come before credentials are looked at.
/// unverified(head): X is taken to answer HEAD at all.
#[must_use]
pub fn route<'p>(method: &str, path: &'p str, tweet_binder: &str) -> Route<'p> {
    let wanted = if method == "HEAD" { "GET" } else { method };
    let dialect = dialect_of(path, tweet_binder);
    let below = match dialect {
        Dialect::TweetBinder => path.get(tweet_binder.len()..).unwrap_or_default(),
        Dialect::V1 => without_json(path),
        Dialect::V2 | Dialect::Labs => path,
    };
    let Some((found, values)) = find(dialect, below) else { return Route::NotFound { dialect } };
    if found.method.names().contains(&wanted) {
        return Route::Found { operation: found, values };
    }
    match OPERATIONS.iter().find(|row| row.path == found.path && row.method.names().contains(&wanted)) {
        Some(operation) => Route::Found { operation, values },
        None => Route::MethodNotAllowed { allow: allow(found.path), dialect: found.dialect },
    }
}

/// The methods of a row's path.
fn allow(path: &str) -> &'static str {
    let has =
        |method: Method| OPERATIONS.iter().any(|row| row.path == path && row.method.names().contains(&method.name()));
    match [Method::Get, Method::Post, Method::Delete].map(has) {
        [true, false, false] => ALLOW_READS,
        [true, true, _] => "GET, HEAD, POST",
        [true, false, true] => "GET, HEAD, DELETE",
        [false, true, _] => "POST",
        [false, false, _] => "DELETE",
    }
}

/// The API that a path belongs to, whether or not it exists. Tweet Binder's paths begin with
/// `tweet_binder`; if that is nothing, all paths are.
#[must_use]
pub fn dialect_of(path: &str, tweet_binder: &str) -> Dialect {
    if tweet_binder.is_empty() {
        return Dialect::TweetBinder;
    }
    let is_below =
        |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if is_below("/2") {
        Dialect::V2
    } else if is_below("/1.1") {
        Dialect::V1
    } else if is_below("/labs") {
        Dialect::Labs
    } else if is_below(tweet_binder) {
        Dialect::TweetBinder
    } else {
        Dialect::V2
    }
}

/// Paths of v1.1 mean the same with and without their end.
fn without_json(path: &str) -> &str {
    path.strip_suffix(".json").unwrap_or(path)
}

/// The path of a row, as paths of its dialect are compared.
fn compared(row: &Operation) -> &'static str {
    match row.dialect {
        Dialect::TweetBinder => row.path.strip_prefix(TWEET_BINDER_PREFIX).unwrap_or(row.path),
        Dialect::V1 => without_json(row.path),
        Dialect::V2 | Dialect::Labs => row.path,
    }
}

/// The first row of a path. Rows without a key in the path win over rows with one:
/// `/2/users/by` is no id.
///
/// unverified(trailing-slash): a slash at the end makes another path.
fn find(dialect: Dialect, path: &str) -> Option<(&'static Operation, PathValues<'_>)> {
    let (_, forms) = FORMS.iter().find(|(known, _)| *known == dialect)?;
    let exact = forms.exact.iter().find(|(known, _)| *known == path).map(|&(_, row)| (row, PathValues::default()));
    exact.or_else(|| forms.named.iter().find_map(|(names, row)| Some((*row, names.values(path)?))))
}

/// The paths of all rows by their dialects, read once.
static FORMS: LazyLock<[(Dialect, Forms); Dialect::ALL.len()]> =
    LazyLock::new(|| Dialect::ALL.map(|dialect| (dialect, Forms::of(dialect))));

/// The paths of a dialect, in the order of their rows.
#[derive(Default)]
struct Forms {
    exact: Vec<(&'static str, &'static Operation)>,
    /// Those that have names.
    named: Vec<(Names, &'static Operation)>,
}

impl Forms {
    fn of(dialect: Dialect) -> Self {
        let mut forms = Self::default();
        for row in OPERATIONS.iter().filter(|row| row.dialect == dialect) {
            match Names::of(compared(row)) {
                Some(names) => forms.named.push((names, row)),
                None => forms.exact.push((compared(row), row)),
            }
        }
        forms
    }
}

/// What stands around the names of a path.
struct Names {
    before: &'static str,
    /// Between the first and the second, if there is one.
    between: Option<&'static str>,
    after: &'static str,
}

impl Names {
    /// Of a path, if it has any.
    fn of(path: &'static str) -> Option<Self> {
        let (before, after) = divide(path)?;
        Some(match divide(after) {
            Some((between, after)) => Self { before, between: Some(between), after },
            None => Self { before, between: None, after },
        })
    }

    /// What `path` holds in place of the names, if it is of this form.
    fn values<'p>(&self, path: &'p str) -> Option<PathValues<'p>> {
        let (key, rest) = until_slash(path.strip_prefix(self.before)?);
        let (target, rest) = match self.between {
            Some(between) => {
                let (target, rest) = until_slash(rest.strip_prefix(between)?);
                (Some(target), rest)
            }
            None => (None, rest),
        };
        let is_whole = rest == self.after && !key.is_empty() && target != Some("");
        is_whole.then_some(PathValues { key: Some(key), target })
    }
}

/// What stands before the first braces of a template, and behind them.
fn divide(template: &'static str) -> Option<(&'static str, &'static str)> {
    let (before, rest) = template.split_once('{')?;
    let (_, after) = rest.split_once('}')?;
    Some((before, after))
}

fn until_slash(path: &str) -> (&str, &str) {
    path.split_at(path.find('/').unwrap_or(path.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(method: &str, path: &str) -> String {
        match route(method, path, "/tb") {
            Route::Found { operation, values: PathValues { key, target } } => {
                let target = target.map(|target| format!(" {target}")).unwrap_or_default();
                format!("{} {}{target}", operation.name, key.unwrap_or("-"))
            }
            Route::MethodNotAllowed { allow, .. } => format!("405 {allow}"),
            Route::NotFound { dialect } => format!("404 {dialect:?}"),
        }
    }

    #[test]
    fn every_row_is_reached_by_its_own_path() {
        for row in OPERATIONS {
            let path = row.path.replace("{id}", "7").replace("{username}", "bird");
            let path = path.replace("{source_user_id}", "7").replace("{target_user_id}", "8");
            let path = path.replace(TWEET_BINDER_PREFIX, "/tb");
            for method in row.method.names() {
                assert_eq!(name(method, &path).split_once(' ').unwrap().0, row.name);
            }
        }
    }

    #[test]
    fn paths_lead_where_x_leads_them() {
        for (method, path, expected) in [
            ("GET", "/2/users/by", "getUsersByUsernames -"),
            ("HEAD", "/2/users/by/username/a%2Cb", "getUsersByUsername a%2Cb"),
            ("GET", "/2/users/me", "getUsersMe -"),
            ("GET", "/2/users/{id}", "getUsersById {id}"),
            ("DELETE", "/2/users/7/following/{target_user_id}", "unfollowUser 7 {target_user_id}"),
            ("POST", "/2/users/7", "405 GET, HEAD"),
            ("GET", "/2/users/", "404 V2"),
            ("GET", "/2/users/7/", "404 V2"),
            ("GET", "/2/users/by/name", "404 V2"),
            ("HEAD", "/2/users/7/followers", "getUsersFollowers 7"),
            ("POST", "/2/users/7/followers", "405 GET, HEAD"),
            ("GET", "/2/users/7/following", "getUsersFollowing 7"),
            ("POST", "/2/users/7/following", "followUser 7"),
            ("PUT", "/2/users/7/following", "405 GET, HEAD, POST"),
            ("DELETE", "/2/users/7/following", "405 GET, HEAD, POST"),
            ("DELETE", "/2/users/7/following/8%20", "unfollowUser 7 8%20"),
            ("GET", "/2/users/7/following/8", "405 DELETE"),
            ("DELETE", "/2/users/7/following/8/", "404 V2"),
            ("DELETE", "/2/users/7/following/", "404 V2"),
            ("DELETE", "/2/users//following/8", "404 V2"),
            ("GET", "/2/users//followers", "404 V2"),
            ("GET", "/2/users/7/followers/", "404 V2"),
            ("GET", "/labs/2/tweets/1", "404 Labs"),
            ("GET", "", "404 V2"),
            ("GET", "/1.1/users/show.json", "v1UsersShow -"),
            ("HEAD", "/1.1/users/show", "v1UsersShow -"),
            ("POST", "/1.1/users/show", "405 GET, HEAD"),
            ("GET", "/1.1/users/show.json.json", "404 V1"),
            ("GET", "/1.1/users/show.xml", "404 V1"),
            ("GET", "/1.1/users/show/7.json", "404 V1"),
            ("GET", "/1.1", "404 V1"),
            ("GET", "/1.10/users/show.json", "404 V2"),
            ("GET", "/2/users.json", "404 V2"),
            ("GET", "/tb", "404 TweetBinder"),
            ("GET", "/tb/", "404 TweetBinder"),
            ("GET", "/tbx/me", "404 V2"),
            ("GET", "/tweetbinder/me", "404 V2"),
        ] {
            assert_eq!(name(method, path), expected, "{method} {path}");
        }
    }
}
