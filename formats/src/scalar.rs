//! Single JSON values as types of the model: ids, times, usernames, words.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use model::{CountryCode, Gender, InvalidId, SubscriptionType, Timestamp, TweetId, UserId, Username, VerifiedType};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A member name, borrowed from the line unless it has escapes.
pub(crate) struct Key<'a>(pub(crate) Cow<'a, str>);

/// A value whose JSON form is a string, borrowed while it is parsed.
pub(crate) struct Text<T>(pub(crate) T);

/// An id: a string of digits, or a number as in API v1.1.
pub(crate) struct Id<T>(pub(crate) T);

/// A count: a number, or digits in a string.
///
/// X's documents disagree on the type of `verified_followers_count`.
pub(crate) struct Count(pub(crate) u64);

/// What [`Text`] can hold.
pub(crate) trait FromText: Sized {
    /// What to say when the text is something else.
    const EXPECTED: &'static str;

    fn from_text(text: &str) -> Option<Self>;
}

impl FromText for Timestamp {
    const EXPECTED: &'static str = "a time such as \"2013-12-14T04:35:55.000Z\"";

    fn from_text(text: &str) -> Option<Self> {
        Self::parse_iso(text).ok()
    }
}

/// A time in the form of API v1.1.
pub(crate) struct V1Time(pub(crate) Timestamp);

impl FromText for V1Time {
    const EXPECTED: &'static str = "a time such as \"Sat Dec 14 04:35:55 +0000 2013\"";

    fn from_text(text: &str) -> Option<Self> {
        Timestamp::parse_v1(text).ok().map(Self)
    }
}

impl FromText for Username {
    const EXPECTED: &'static str = "a username: 1 to 20 letters, digits or underscores";

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl FromText for CountryCode {
    const EXPECTED: &'static str = "a country code: two capital letters, such as \"DE\"";

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl FromText for VerifiedType {
    const EXPECTED: &'static str = "one of \"blue\", \"business\", \"government\", \"none\"";

    fn from_text(text: &str) -> Option<Self> {
        Self::from_name(text)
    }
}

impl FromText for Gender {
    const EXPECTED: &'static str = "one of \"male\", \"female\", \"undefined\"";

    fn from_text(text: &str) -> Option<Self> {
        Self::from_name(text)
    }
}

impl FromText for SubscriptionType {
    const EXPECTED: &'static str = "one of \"None\", \"Basic\", \"Premium\", \"PremiumPlus\"";

    fn from_text(text: &str) -> Option<Self> {
        Self::from_name(text)
    }
}

impl FromText for model::AccountState {
    const EXPECTED: &'static str = "one of \"active\", \"suspended\", \"deactivated\"";

    fn from_text(text: &str) -> Option<Self> {
        Self::from_name(text)
    }
}

impl FromText for model::ReferenceKind {
    const EXPECTED: &'static str = "one of \"retweeted\", \"quoted\", \"replied_to\"";

    fn from_text(text: &str) -> Option<Self> {
        // The post vocabulary says "reposted".
        if text == "reposted" { Some(Self::Retweeted) } else { Self::from_name(text) }
    }
}

/// What [`Id`] can hold.
pub(crate) trait FromId: Sized {
    fn from_digits(digits: &[u8]) -> Result<Self, InvalidId>;
    fn from_number(number: u64) -> Self;
}

impl FromId for UserId {
    fn from_digits(digits: &[u8]) -> Result<Self, InvalidId> {
        Self::from_ascii(digits)
    }

    fn from_number(number: u64) -> Self {
        Self::new(number)
    }
}

impl FromId for TweetId {
    fn from_digits(digits: &[u8]) -> Result<Self, InvalidId> {
        Self::from_ascii(digits)
    }

    fn from_number(number: u64) -> Self {
        Self::new(number)
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member name")
            }

            fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(name)))
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name.to_owned())))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

impl<'de, T: FromText> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor<T>(PhantomData<T>);

        impl<T: FromText> Visitor<'_> for TextVisitor<T> {
            type Value = Text<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(T::EXPECTED)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<T>, E> {
                T::from_text(text).map(Text).ok_or_else(|| E::custom(format_args!("{text:?} is not {}", T::EXPECTED)))
            }
        }

        deserializer.deserialize_str(TextVisitor(PhantomData))
    }
}

impl<'de, T: FromId> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor<T>(PhantomData<T>);

        impl<T: FromId> Visitor<'_> for IdVisitor<T> {
            type Value = Id<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id: 1 to 19 decimal digits in a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Id<T>, E> {
                let id = T::from_digits(text.as_bytes());
                id.map(Id).map_err(|invalid| E::custom(format_args!("{text:?} is not an id: {invalid}")))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Id<T>, E> {
                /// The first number with twenty digits, one more than X's pattern takes.
                const END: u64 = 10_000_000_000_000_000_000;
                if number < END {
                    Ok(Id(T::from_number(number)))
                } else {
                    Err(E::custom(format_args!("{number} is not an id: {InvalidId}")))
                }
            }
        }

        deserializer.deserialize_any(IdVisitor(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CountVisitor;

        impl Visitor<'_> for CountVisitor {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a count: a whole number from 0")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Count, E> {
                Ok(Count(number))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Count, E> {
                text.parse().map(Count).map_err(|_| E::custom(format_args!("{text:?} is not a whole number from 0")))
            }
        }

        deserializer.deserialize_any(CountVisitor)
    }
}
