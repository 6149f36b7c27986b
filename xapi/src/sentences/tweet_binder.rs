//! The English of Tweet Binder's API, all of it ours: unverified(tweetbinder-errors).

use model::Timestamp;

pub(crate) const NO_TOKEN: &str = "Give a token in the header Authorization: Bearer.";
pub(crate) const UNKNOWN_TOKEN: &str = "The token is unknown, or none for this API.";
pub(crate) const NOT_ALLOWED: &str = "The account of the token may not use this API.";
pub(crate) const PROTECTED: &str = "The account is protected: who follows it, and whom it follows, is not shown.";
pub(crate) const NO_PROFILE: &str = "No account has this id or alias.";
pub(crate) const NO_PATH: &str = "There is no such path.";
pub(crate) const TOO_MANY_REQUESTS: &str =
    "The requests of this window are used up; x-rate-limit-reset says when it ends.";
pub(crate) const UNREADABLE: &str = "The answer cannot be read from the store.";
pub(crate) const BAD_QUERY: &str = "The query cannot be decoded.";

pub(crate) fn other_methods(allow: &str) -> String {
    format!("This path has other methods: {allow}.")
}

pub(crate) fn not_covered(wanted: u64, available: u64, until: Timestamp) -> String {
    let profiles = if wanted == 1 { "profile" } else { "profiles" };
    format!("This request can cost {wanted} {profiles}, and your balance has {available} until {until}.")
}

pub(crate) fn not_an_array(member: &str) -> String {
    format!("The body is no JSON array, of which each item is one {member}.")
}

pub(crate) fn wrong_number(number: usize, most: usize) -> String {
    format!("The body has {number} items; send 1 to {most}.")
}

pub(crate) fn too_long(length: usize, most: usize) -> String {
    format!("The body has {length} bytes; 100 ids or aliases fit into {most}.")
}

/// Repeats the beginning of a value: nobody recognises more by it.
pub(crate) fn bad_value(name: &str, value: &str) -> String {
    let end = value.char_indices().nth(64).map_or(value.len(), |(end, _)| end);
    format!("{name} cannot be {}.", value.get(..end).unwrap_or_default())
}

pub(crate) fn twice(name: &str) -> String {
    format!("{name} is there twice; give it once.")
}
