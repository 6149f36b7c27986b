//! What a search for users asks, and what it gives.

use std::fmt;
use std::str::FromStr;

use crate::UserBatch;
use crate::embedded::{OrderKey, Ordinal};

/// By what users are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SearchBy {
    /// The username. A leading `@` of what is looked for does not count.
    Username,
    /// The name, from its first letter or digit on.
    Name,
}

impl SearchBy {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Username, Self::Name];

    /// A text as it is compared: without regard to letter case.
    pub(crate) fn fold(self, text: &str) -> String {
        match self {
            Self::Username => text.to_ascii_lowercase(),
            Self::Name => {
                let begun = text.trim_start_matches(|character: char| !character.is_alphanumeric());
                // Names of nothing but signs are found by these.
                // Letter by letter: what begins another text must not depend on where it ends.
                if begun.is_empty() { text } else { begun }.chars().flat_map(char::to_lowercase).collect()
            }
        }
    }

    /// What is looked for, as it is compared.
    pub(crate) fn prefix(self, text: &str) -> String {
        match self {
            Self::Username => self.fold(text.strip_prefix('@').unwrap_or(text)),
            Self::Name => self.fold(text.trim_start()),
        }
    }
}

/// Where a search goes on: behind the last user of a page. Written as hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SearchCursor {
    pub(crate) key: OrderKey,
    pub(crate) ordinal: Ordinal,
}

/// A text that no search gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidCursor;

impl fmt::Display for InvalidCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a place that a search gave")
    }
}

impl std::error::Error for InvalidCursor {}

impl fmt::Display for SearchCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = u128::from_be_bytes(*self.key.as_bytes());
        write!(f, "{key:032x}{:08x}", self.ordinal.0)
    }
}

impl FromStr for SearchCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let is_hex = text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let (key, ordinal) = text.split_at_checked(32).filter(|_| is_hex).ok_or(InvalidCursor)?;
        let key = u128::from_str_radix(key, 16).map_err(|_| InvalidCursor)?;
        let ordinal = u32::from_str_radix(ordinal, 16).map_err(|_| InvalidCursor)?;
        Ok(Self { key: OrderKey::from_bytes(key.to_be_bytes()), ordinal: Ordinal(ordinal) })
    }
}

/// A page of a search.
#[derive(Debug, Clone)]
pub struct FoundUsers {
    /// In the order of the first 16 bytes of what they are searched by, and then in that in which
    /// they came; suspended and deactivated ones among them.
    pub users: UserBatch,
    /// Where the next page begins, if there is one.
    pub next: Option<SearchCursor>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_and_other_texts_are_none() {
        let cursor = SearchCursor { key: OrderKey::of("jack"), ordinal: Ordinal(12) };
        let text = cursor.to_string();
        assert_eq!(text.parse(), Ok(cursor));
        for wrong in ["", &text[1..], &text.replace('6', "g"), &format!("+{}", &text[1..]), &"é".repeat(20)] {
            assert_eq!(wrong.parse::<SearchCursor>(), Err(InvalidCursor), "{wrong}");
        }
    }

    #[test]
    fn letter_case_and_what_stands_before_the_first_letter_do_not_count() {
        for (by, text, folded) in [
            (SearchBy::Username, "_JackD", "_jackd"),
            (SearchBy::Name, "  ⭐ Jane Doe", "jane doe"),
            (SearchBy::Name, "ÄRGER", "ärger"),
            (SearchBy::Name, "ΟΔΟΣ", "οδοσ"),
            (SearchBy::Name, "⭐⭐", "⭐⭐"),
            (SearchBy::Name, "", ""),
        ] {
            assert_eq!(by.fold(text), folded);
        }
        assert_eq!(SearchBy::Username.prefix("@Jack"), "jack");
    }
}
