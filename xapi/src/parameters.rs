//! The parameters of queries and paths, as tables: their names, their words, their order.

use crate::fields::{EXPANSIONS, MEDIA_FIELDS, PLACE_FIELDS, POLL_FIELDS, TWEET_FIELDS, USER_FIELDS, Vocabulary, Word};
use crate::operation::{Dialect, Operation};

/// X's pattern for ids, as its sentences print it.
pub const ID_PATTERN: &str = "^[0-9]{1,19}$";
/// X's pattern for usernames, as its sentences print it.
pub const USERNAME_PATTERN: &str = "^[A-Za-z0-9_]{1,15}$";

/// A parameter that holds words of a table.
#[derive(Debug)]
pub struct FieldParameter {
    /// Its name, and the name it has in the post vocabulary.
    pub names: &'static [(&'static str, Vocabulary)],
    /// Its words.
    pub words: &'static [Word],
    /// Whether API v2 has it; Labs v2 has them all.
    pub in_v2: bool,
}

impl FieldParameter {
    /// The name in the tweet vocabulary.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.names.first().map_or("", |(name, _)| name)
    }

    pub(crate) fn is_known_to(&self, dialect: Dialect) -> bool {
        self.in_v2 || dialect == Dialect::Labs
    }
}

const EXPANSIONS_NAME: &str = "expansions";

/// The parameters with words, in the order in which faults are reported.
///
/// unverified(fault-order): recorded for lookups of posts.
#[rustfmt::skip]
pub static FIELD_PARAMETERS: [FieldParameter; 6] = [
    FieldParameter { names: &[("tweet.fields", Vocabulary::Tweet), ("post.fields", Vocabulary::Post)], words: TWEET_FIELDS, in_v2: true },
    FieldParameter { names: &[("media.fields", Vocabulary::Tweet)], words: MEDIA_FIELDS, in_v2: false },
    FieldParameter { names: &[("poll.fields", Vocabulary::Tweet)], words: POLL_FIELDS, in_v2: false },
    FieldParameter { names: &[("place.fields", Vocabulary::Tweet)], words: PLACE_FIELDS, in_v2: false },
    FieldParameter { names: &[("user.fields", Vocabulary::Tweet)], words: USER_FIELDS, in_v2: true },
    FieldParameter { names: &[(EXPANSIONS_NAME, Vocabulary::Tweet)], words: EXPANSIONS, in_v2: true },
];

/// The parameters of an operation in the order in which X lists them.
///
/// unverified(unknown-parameter-list): recorded for lookups of posts.
pub fn parameter_names(operation: &Operation) -> impl Iterator<Item = &'static str> + use<> {
    let fields = field_parameters(operation.dialect).map(FieldParameter::name).filter(|name| *name != EXPANSIONS_NAME);
    let shown = operation.kind.shows_users();
    let fields = [EXPANSIONS_NAME].into_iter().chain(fields).filter(move |_| shown);
    operation.key.asked_by().into_iter().chain(operation.kind.parameters().iter().copied()).chain(fields)
}

/// The parameters with words that a dialect has.
pub fn field_parameters(dialect: Dialect) -> impl Iterator<Item = &'static FieldParameter> {
    FIELD_PARAMETERS.iter().filter(move |parameter| parameter.is_known_to(dialect))
}
