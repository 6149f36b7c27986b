//! A request as the tests write it: a path with its query, and sometimes a host.

use xapi::{Lookup, Refused, Route, Style};

/// Routes and parses, as a server does before it looks anything up.
pub(crate) fn parse<'a>(target: &'a str, host: &str) -> Result<Lookup<'a>, Refused> {
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    match xapi::route("GET", path) {
        Route::Found { operation, path_value } => {
            xapi::parse_lookup(operation, path_value, query, Style::default().for_host(host))
        }
        other => panic!("{target} leads to {other:?}"),
    }
}

/// The body of a refusal.
pub(crate) fn body_of(refused: &Refused, target: &str) -> String {
    let dialect = if target.starts_with("/labs/") { xapi::Dialect::Labs } else { xapi::Dialect::V2 };
    let mut body = Vec::new();
    xapi::write_problem(&refused.problem, dialect, refused.types, &mut body);
    String::from_utf8(body).unwrap()
}
