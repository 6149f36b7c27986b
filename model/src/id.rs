//! Ids of users, posts, Apps and what belongs to Apps: decimal strings on the wire, 64-bit
//! numbers inside.

use std::fmt;
use std::str::FromStr;

/// Why a text is not an id: an id is 1 to 19 decimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id is 1 to 19 decimal digits")
    }
}

impl std::error::Error for InvalidId {}

/// The digits of the longest ids; they always fit a u64.
const MOST_DIGITS: u32 = 19;

/// Reads `^[0-9]{1,19}$`, X's own pattern for ids.
fn parse_digits(text: &[u8]) -> Result<u64, InvalidId> {
    if text.is_empty() || text.len() > MOST_DIGITS as usize {
        return Err(InvalidId);
    }
    text.iter().try_fold(0u64, |number, &byte| match byte {
        b'0'..=b'9' => Ok(number * 10 + u64::from(byte - b'0')),
        _ => Err(InvalidId),
    })
}

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u64);

        impl $name {
            /// An id from its number.
            #[must_use]
            pub const fn new(number: u64) -> Self {
                Self(number)
            }

            /// Reads an id from a number of somebody else's.
            ///
            /// # Errors
            /// [`InvalidId`] for one that has more than 19 digits.
            pub const fn from_number(number: u64) -> Result<Self, InvalidId> {
                if number < 10_u64.pow(MOST_DIGITS) { Ok(Self(number)) } else { Err(InvalidId) }
            }

            /// The id as a number.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0
            }

            /// Reads an id from ASCII bytes, as [`FromStr`] does from text.
            ///
            /// # Errors
            /// [`InvalidId`] unless the bytes are 1 to 19 decimal digits.
            pub fn from_ascii(text: &[u8]) -> Result<Self, InvalidId> {
                parse_digits(text).map(Self)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::from_ascii(text.as_bytes())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id_type! {
    /// The id of an account. It never changes; a username may.
    UserId
}
id_type! {
    /// The id of a post (a *Tweet* in the words of the API).
    TweetId
}

id_type! {
    /// The id of a developer account.
    AccountId
}

id_type! {
    /// The id of a Project of a developer.
    ProjectId
}

id_type! {
    /// The id of a developer App.
    AppId
}

id_type! {
    /// The id of an access token of OAuth 1.0a. It is not the token.
    TokenId
}

id_type! {
    /// The id of a family of tokens of OAuth 2.0.
    GrantId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_one_to_nineteen_digits() {
        assert_eq!("2244994945".parse(), Ok(UserId::new(2_244_994_945)));
        assert_eq!("9999999999999999999".parse(), Ok(UserId::new(9_999_999_999_999_999_999)));
        for bad in ["", "12345678901234567890", "-1", "+1", "1 ", "me", "1_0", "١"] {
            assert_eq!(bad.parse::<UserId>(), Err(InvalidId), "{bad:?}");
        }
    }
}
