//! From a request to a [`Lookup`], or to one problem that names all faulty parameters.

use crate::keys::Keys;
use crate::operation::Operation;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::route::PathValues;
use crate::style::{ProblemTypes, RequestStyle};
use crate::view::View;

/// A lookup that can be answered.
#[derive(Debug, Clone)]
pub struct Lookup<'q> {
    /// Whom it asks for.
    pub keys: Keys<'q>,
    /// What it wants to see of them.
    pub view: View,
}

/// A request that cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub problem: Problem,
    /// Where the type of the problem is.
    pub types: ProblemTypes,
}

/// Reads a request for `operation`. `path_value` is the key where it does not stand in the
/// query: what the path holds, or the id of the caller.
///
/// # Errors
/// A 400 that names every faulty parameter.
pub fn parse_lookup<'q>(
    operation: &Operation,
    path_value: Option<&'q str>,
    query: Option<&'q str>,
    style: RequestStyle,
) -> Result<Lookup<'q>, Refused> {
    let path = PathValues { key: path_value, target: None };
    let mut reader = Reader::new(operation, path, query);
    let keys = reader.keys();
    let view = reader.view(style);
    reader.finish(keys.map(|keys| Lookup { keys, view }), style)
}
