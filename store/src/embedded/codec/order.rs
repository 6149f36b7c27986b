//! By what users are searched: texts without regard to letter case, and their beginnings.
//!
//! An index is sorted by the beginnings alone, which are of one size; what follows is
//! compared in the records that it leads to.

use model::JsonStr;

use crate::SearchBy;

/// Bytes of a beginning. Usernames are mostly shorter.
const LEN: usize = 16;

/// The first bytes of a text as it is compared; zeros follow a shorter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OrderKey([u8; LEN]);

impl OrderKey {
    /// Of a text that was folded.
    pub(crate) fn of(folded: &str) -> Self {
        let mut key = [0; LEN];
        key.iter_mut().zip(folded.bytes()).for_each(|(to, from)| *to = from);
        Self(key)
    }

    /// Of text as a record holds it.
    #[inline]
    pub(crate) fn of_escaped(text: JsonStr<'_>, by: SearchBy) -> Self {
        let bytes = text.as_bytes();
        if !bytes.is_ascii() || bytes.contains(&b'\\') {
            return Self::of(&by.fold(&text.to_text()));
        }
        let skipped = match by {
            SearchBy::Username => 0,
            SearchBy::Name => bytes.iter().position(u8::is_ascii_alphanumeric).unwrap_or(0),
        };
        let mut key = [0; LEN];
        key.iter_mut().zip(bytes.iter().skip(skipped)).for_each(|(to, from)| *to = from.to_ascii_lowercase());
        Self(key)
    }

    pub(crate) const fn from_bytes(bytes: [u8; LEN]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; LEN] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use model::escape_into;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn escaped_text_has_the_key_of_its_text(text in "[ -~]{0,40}|[_a-zA-Z0-9]{1,20}|\\PC{0,20}|[\"\\\\ aÄİ⭐\u{1F600}]{0,12}") {
            for by in [SearchBy::Username, SearchBy::Name] {
                let mut escaped = Vec::new();
                escape_into(&text, &mut escaped);
                prop_assert_eq!(OrderKey::of_escaped(JsonStr::from_escaped(&escaped), by), OrderKey::of(&by.fold(&text)));
            }
        }

        #[test]
        fn whoever_begins_with_a_prefix_stands_behind_it(text in "\\PC{0,24}", len in 0_usize..24) {
            let folded = SearchBy::Name.fold(&text);
            let prefix: String = folded.chars().take(len).collect();
            prop_assert!(OrderKey::of(&prefix) <= OrderKey::of(&folded));
        }
    }
}
