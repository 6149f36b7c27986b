//! Hashtags: `#` and a run of letters, marks, digits and some signs, with at least
//! one letter or mark.

use super::text::{Text, is_decimal_digit, is_letter_or_mark};
use super::{Entity, EntityKind};

/// Signs that may stand inside a hashtag: joiners, marks of Hebrew, Cyrillic and
/// Tibetan, sound marks and dots of Japanese, the middle dot of Catalan.
const SIGNS: [char; 17] = [
    '_', '\u{200C}', '\u{200D}', '\u{A67E}', '\u{5BE}', '\u{5F3}', '\u{5F4}', '\u{FF5E}', '\u{301C}', '\u{309B}',
    '\u{309C}', '\u{30A0}', '\u{30FB}', '\u{3003}', '\u{F0B}', '\u{F0C}', '\u{B7}',
];

pub(super) fn find(text: &Text) -> Vec<Entity> {
    let mut found = Vec::new();
    // A match uses up its characters: the next one cannot take its last as the
    // boundary before it.
    let mut used = 0;
    for start in text.positions(|character| matches!(character, '#' | '＃')) {
        let begins_well = start == 0 || text.before(start, used).is_some_and(may_precede);
        let is_keycap = matches!(text.at(start + 1), Some('\u{FE0F}' | '\u{20E3}'));
        let end = text.run(start + 1, usize::MAX, is_in_tag);
        let has_letter =
            text.run(start + 1, usize::MAX, |character| is_in_tag(character) && !is_letter_or_mark(character)) < end;
        if !begins_well || is_keycap || !has_letter {
            continue;
        }
        used = end;
        let ends_well = !matches!(text.at(end), Some('#' | '＃')) && !text.has_at(end, "://");
        if ends_well {
            found.push(text.entity(EntityKind::Hashtag, start, start + 1, end));
        }
    }
    found
}

fn may_precede(character: char) -> bool {
    matches!(character, '\u{FE0E}' | '\u{FE0F}') || (character != '&' && !is_in_tag(character))
}

fn is_in_tag(character: char) -> bool {
    is_letter_or_mark(character) || is_decimal_digit(character) || SIGNS.contains(&character)
}
