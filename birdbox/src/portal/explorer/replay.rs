//! Where the explorer has a request ready that a client sent, so that sent from there it is the same.
//!
//! What a field of the form would change stands among the other parameters, as the client wrote it.
//! Credentials are left out: the explorer has its own.

use xapi::{InputPlace, Operation, inputs, join_pairs, lossy_pairs, pairs};

use super::values::{OTHER, PREFIX, Values};
use crate::portal::Way;
use crate::portal::form::Form;
use crate::requests::{Asked, Logged, MASK};

/// The address: nowhere for what is not of the API, or was not kept as it was sent.
pub(in crate::portal) fn replay(logged: &Logged) -> Option<String> {
    let Asked::Operation(operation) = logged.asked else { return None };
    let beside: Vec<_> = in_path(operation, logged.path())?.into_iter().chain(logged.body.iter().cloned()).collect();
    if logged.is_cut || !beside.iter().all(|(name, value)| stays(operation, name, value)) {
        return None;
    }
    let (known, other) = in_query(operation, logged.target.split_once('?').map_or("", |(_, query)| query));
    let filled: Vec<_> =
        beside.into_iter().chain(known).map(|(name, value)| (format!("{PREFIX}{name}"), value)).collect();
    let mut members = vec![("auth", logged.authentication.map_or(Way::App, Way::by).word())];
    members.extend(filled.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    members.extend((!other.is_empty()).then_some((OTHER, other.as_str())));
    Some(format!("/portal/explorer/{}?{}", operation.name, join_pairs(&members)))
}

/// What stands in a path for the braces of its row. Prefixes of paths are as long as they are, so
/// that it is read from the end.
fn in_path(operation: &Operation, path: &str) -> Option<Vec<(String, String)>> {
    let parts = operation.path.split('/').rev().zip(path.split('/').rev());
    let values = parts.filter_map(|(pattern, part)| {
        let name = pattern.strip_prefix('{')?.strip_suffix('}')?;
        Some((name, part))
    });
    let value = |(name, part): (&str, &str)| {
        // `+` means itself in a path.
        let value = pairs(&part.replace('+', "%2B").replace('&', "%26").replace('=', "%3D"))?.pop()?.0;
        Some((name.to_owned(), value))
    };
    let mut values: Vec<_> = values.map(value).collect::<Option<_>>()?;
    values.reverse();
    Some(values)
}

/// The parameters of a query that have a field in the form, and all others as they stand there.
fn in_query(operation: &Operation, query: &str) -> (Vec<(String, String)>, String) {
    let name_of = |piece: &str| lossy_pairs(piece.as_bytes()).pop().map(|(name, _)| name).unwrap_or_default();
    let is_credential = |piece: &&str| piece.split_once('=').is_some_and(|(_, value)| value == MASK);
    let pieces = query.split('&').filter(|piece| !piece.is_empty() && !is_credential(piece));
    let pieces: Vec<_> = pieces.map(|piece| (name_of(piece), piece)).collect();
    let inputs: Vec<_> = inputs(operation).into_iter().filter(|input| input.place == InputPlace::Query).collect();
    let (mut known, mut other) = (Vec::new(), Vec::new());
    for (name, piece) in pieces.iter().filter(|(name, _)| !name.starts_with("oauth_")) {
        let is_input = inputs.iter().any(|input| input.name == name);
        let is_once = pieces.iter().filter(|(said, _)| said == name).count() == 1;
        let pair = pairs(piece).and_then(|mut pairs| pairs.pop()).filter(|_| is_input && is_once);
        match pair.filter(|(name, value)| stays(operation, name, value)) {
            Some(pair) => known.push(pair),
            None => other.push(*piece),
        }
    }
    (known, other.join("&"))
}

/// Whether the form sends this as it is.
fn stays(operation: &Operation, name: &str, value: &str) -> bool {
    let mut form = Form::default();
    form.add(format!("{PREFIX}{name}"), value.to_owned());
    !value.is_empty() && Values::of(operation, &form).get(name) == value
}
