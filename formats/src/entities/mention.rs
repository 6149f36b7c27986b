//! Mentions, `@name`, and references to lists, `@name/list`.

use super::text::{Text, is_accented_latin};
use super::{Entity, EntityKind};

/// Longest name, from the time when X allowed more than 15.
const MAX_NAME: usize = 20;
/// Longest name of a list after its first letter.
const MAX_LIST_REST: usize = 24;

pub(super) fn find(text: &Text) -> Vec<Entity> {
    let mut found = Vec::new();
    // A match uses up its characters; see `hashtag`.
    let mut used = 0;
    for at in text.positions(is_at_sign) {
        let name = at + 1;
        let name_end = text.run(name, MAX_NAME, is_in_name);
        if name_end == name || !begins_well(text, first_of_run(text, at, used), used) {
            continue;
        }
        let list_end = list_end(text, name_end);
        let end = list_end.unwrap_or(name_end);
        used = end;
        let ends_well = !text.at(end).is_some_and(|next| is_at_sign(next) || is_accented_latin(next));
        if ends_well && !text.has_at(end, "://") {
            let kind = if list_end.is_some() { EntityKind::List } else { EntityKind::Mention };
            found.push(text.entity(kind, at, name, end));
        }
    }
    found
}

/// Where the list of `@name/list` ends, if there is one.
fn list_end(text: &Text, slash: usize) -> Option<usize> {
    let begins = text.at(slash) == Some('/') && text.at(slash + 1).is_some_and(|first| first.is_ascii_alphabetic());
    begins.then(|| text.run(slash + 2, MAX_LIST_REST, |character| is_in_name(character) || character == '-'))
}

/// The first of several `@` in a row.
fn first_of_run(text: &Text, at: usize, used: usize) -> usize {
    let mut first = at;
    while text.before(first, used).is_some_and(is_at_sign) {
        first -= 1;
    }
    first
}

/// Whether a mention may begin after what stands before `at`: nothing, a character
/// that is no part of a name or an address, or `RT`.
fn begins_well(text: &Text, at: usize, used: usize) -> bool {
    let Some(before) = text.before(at, used) else {
        return at == 0;
    };
    if !is_in_name(before) && !matches!(before, '!' | '#' | '$' | '%' | '&' | '*' | '@' | '＠') {
        return true;
    }
    at >= used + 2
        && text.has_at(at - 2, "rt")
        && match text.before(at - 2, used) {
            None => at == 2,
            Some(before) => !is_in_name(before) && !matches!(before, '+' | '~' | '.' | '-'),
        }
}

fn is_at_sign(character: char) -> bool {
    matches!(character, '@' | '＠')
}

fn is_in_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}
