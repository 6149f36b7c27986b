//! Cashtags: `$`, one to six letters, and perhaps a dot or underscore with one or
//! two letters more.

use super::text::{Text, is_space};
use super::{Entity, EntityKind};

const MAX_SYMBOL: usize = 6;
const MAX_SUFFIX: usize = 2;

pub(super) fn find(text: &Text) -> Vec<Entity> {
    let starts = text.positions(|character| character == '$');
    let starts =
        starts.filter(|&start| text.before(start, 0).is_none_or(|before| is_space(before) || is_direction(before)));
    starts.filter_map(|start| Some(text.entity(EntityKind::Cashtag, start, start + 1, end(text, start + 1)?))).collect()
}

/// Where the symbol ends that begins at `start`, if one does.
fn end(text: &Text, start: usize) -> Option<usize> {
    let letters = |start, limit| text.run(start, limit, |character| character.is_ascii_alphabetic());
    let may_end = |end| text.at(end).is_none_or(|next| is_space(next) || next.is_ascii_punctuation() && next != '\\');
    let symbol = letters(start, MAX_SYMBOL);
    if symbol == start {
        return None;
    }
    if matches!(text.at(symbol), Some('.' | '_')) {
        let suffix = letters(symbol + 1, MAX_SUFFIX);
        if suffix > symbol + 1 && may_end(suffix) {
            return Some(suffix);
        }
    }
    may_end(symbol).then_some(symbol)
}

/// Invisible marks of writing direction.
fn is_direction(character: char) -> bool {
    matches!(character, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
