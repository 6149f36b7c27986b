//! A text as code points, and the classes of characters that several kinds share.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::{Entity, EntityKind};

/// A text that is addressed by code points.
pub(super) struct Text(Vec<char>);

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self(text.chars().collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn at(&self, index: usize) -> Option<char> {
        self.0.get(index).copied()
    }

    /// The character before `index`, unless that lies before `limit`.
    pub(super) fn before(&self, index: usize, limit: usize) -> Option<char> {
        if index > limit { self.at(index - 1) } else { None }
    }

    /// The indices of characters that satisfy `test`, from left to right.
    pub(super) fn positions(&self, test: impl Fn(char) -> bool) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().filter(move |(_, character)| test(**character)).map(|(index, _)| index)
    }

    /// Where the run of characters that satisfy `test` ends that begins at `start`,
    /// after at most `limit` of them.
    pub(super) fn run(&self, start: usize, limit: usize, test: impl Fn(char) -> bool) -> usize {
        let rest = self.0.get(start..).unwrap_or_default();
        start + rest.iter().take(limit).take_while(|character| test(**character)).count()
    }

    /// Whether `word`, in small letters, stands at `start` in whatever letter case.
    pub(super) fn has_at(&self, start: usize, word: &str) -> bool {
        let rest = self.0.get(start..).unwrap_or_default();
        let mut rest = rest.iter().map(char::to_ascii_lowercase);
        word.chars().all(|character| rest.next() == Some(character))
    }

    /// The entity from `start` to `end`, whose own text begins at `said`.
    pub(super) fn entity(&self, kind: EntityKind, start: usize, said: usize, end: usize) -> Entity {
        let text = self.0.get(said..end).unwrap_or_default().iter().collect();
        Entity { kind, start, end, text }
    }
}

/// `\p{L}` or `\p{M}`.
pub(super) fn is_letter_or_mark(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphabetic();
    }
    matches!(character.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
}

/// `\p{Nd}`.
pub(super) fn is_decimal_digit(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_digit();
    }
    character.general_category() == GeneralCategory::DecimalNumber
}

/// The accented letters that twitter-text calls Latin.
pub(super) fn is_accented_latin(character: char) -> bool {
    matches!(
        character,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{24F}' | '\u{253}' | '\u{254}' | '\u{256}' | '\u{257}'
        | '\u{259}' | '\u{25B}' | '\u{263}' | '\u{268}' | '\u{26F}' | '\u{272}' | '\u{289}' | '\u{2BB}'
        | '\u{300}'..='\u{36F}' | '\u{1E00}'..='\u{1EFF}'
    )
}

/// White space of any script.
pub(super) fn is_space(character: char) -> bool {
    character.is_whitespace() || character == '\u{180E}'
}
