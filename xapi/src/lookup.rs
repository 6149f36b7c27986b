//! From a request to a [`Lookup`], or to one problem that names all faulty parameters.

use model::{UserId, Username};

use crate::fields::{EXPANSIONS, MEDIA_FIELDS, PLACE_FIELDS, POLL_FIELDS, TWEET_FIELDS, USER_FIELDS, Vocabulary, Word};
use crate::keys::{BadList, Keys, MOST_KEYS, read_list};
use crate::operation::{Dialect, KeyKind, Operation};
use crate::problem::{Fault, Problem};
use crate::query::{self, Blank, Decoded, Parameter, Undecodable, shown};
use crate::sentences as say;
use crate::style::{ProblemTypes, RequestStyle};
use crate::view::View;

/// X's pattern for ids, as its sentences print it.
pub const ID_PATTERN: &str = "^[0-9]{1,19}$";
/// X's pattern for usernames, as its sentences print it.
pub const USERNAME_PATTERN: &str = "^[A-Za-z0-9_]{1,15}$";

/// A lookup that can be answered.
#[derive(Debug, Clone)]
pub struct Lookup<'q> {
    /// Whom it asks for.
    pub keys: Keys<'q>,
    /// What it wants to see of them.
    pub view: View,
}

/// A request that cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub problem: Problem,
    /// Where the type of the problem is.
    pub types: ProblemTypes,
}

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

    fn is_known_to(&self, dialect: Dialect) -> bool {
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
    operation.key.asked_by().into_iter().chain([EXPANSIONS_NAME]).chain(fields)
}

/// The parameters with words that a dialect has.
pub fn field_parameters(dialect: Dialect) -> impl Iterator<Item = &'static FieldParameter> {
    FIELD_PARAMETERS.iter().filter(move |parameter| parameter.is_known_to(dialect))
}

/// Reads a request for `operation`. `path_value` is the key where it does not stand in the
/// query: what the path holds, or the id of the caller.
///
/// # Errors
/// A 400 that names every faulty parameter.
pub fn parse_lookup<'q>(
    operation: &Operation,
    path_value: Option<&'q str>,
    query: Option<&'q str>,
    style: RequestStyle,
) -> Result<Lookup<'q>, Refused> {
    let parameters = query::parse(query.unwrap_or_default());
    let mut reader = Reader { operation, faults: Vec::new(), vocabulary: Vocabulary::Tweet };
    let keys = reader.keys(path_value, &parameters);
    reader.find_duplicates(path_value, &parameters);
    reader.find_unknown(&parameters);
    let sets = FIELD_PARAMETERS.each_ref().map(|parameter| reader.words(parameter, &parameters));
    match keys {
        Some(keys) if reader.faults.is_empty() => {
            let [tweet_fields, .., user_fields, expansions] = sets;
            let view = View::new(operation, reader.vocabulary, style, user_fields, tweet_fields, expansions);
            Ok(Lookup { keys, view })
        }
        _ => Err(Refused {
            problem: Problem::invalid_request(reader.faults),
            types: style.problem_types(reader.vocabulary),
        }),
    }
}

/// Collects what is wrong.
struct Reader<'o> {
    operation: &'o Operation,
    faults: Vec<Fault>,
    vocabulary: Vocabulary,
}

impl Reader<'_> {
    fn fault(&mut self, parameter: &str, values: Vec<String>, message: String) {
        self.faults.push(Fault { parameter: parameter.to_owned(), values, message });
    }

    /// The key or keys, which every lookup must have.
    fn keys<'q>(&mut self, path_value: Option<&'q str>, parameters: &[Parameter<'q>]) -> Option<Keys<'q>> {
        let name = self.operation.key.parameter();
        if let Some(raw) = path_value {
            let value = query::decode(raw, Blank::Encoded);
            return self.read_keys(value.clone(), || vec![shown(&value)]);
        }
        match parameters.iter().find(|parameter| parameter.name == name) {
            None => {
                self.fault(name, Vec::new(), say::can_not_be_empty(name));
                None
            }
            // A duplicate is reported as such; reading one of its values would guess.
            Some(parameter) if !parameter.more.is_empty() => None,
            // unverified(empty-value): recorded for a missing parameter.
            Some(parameter) if parameter.first.as_ref().is_ok_and(|text| text.is_empty()) => {
                self.fault(name, parameter.values(), say::can_not_be_empty(name));
                None
            }
            Some(parameter) => self.read_keys(parameter.first.clone(), || parameter.values()),
        }
    }

    /// `shown` is the value as a problem repeats it.
    fn read_keys<'q>(&mut self, value: Decoded<'q>, shown: impl FnOnce() -> Vec<String>) -> Option<Keys<'q>> {
        let kind = self.operation.key;
        let name = kind.parameter();
        // unverified(bad-encoding): no recording.
        let text = match value {
            Ok(text) => text,
            Err(Undecodable(raw)) => {
                self.fault(name, shown(), say::is_not_valid(name, raw));
                return None;
            }
        };
        if kind.is_single() && text.contains(',') {
            let message = malformed(kind, &text);
            self.fault(name, shown(), message);
            return None;
        }
        let keys = if kind.is_username() {
            // unverified(long-usernames): X's pattern refuses the few that are longer.
            let read = |item: &str| {
                let username = item.parse::<Username>().ok().filter(Username::can_be_requested)?;
                Some((username, username.key()))
            };
            read_list(text, read).map(Keys::Usernames)
        } else {
            // unverified(leading-zeros): an id is a number, whatever its spelling.
            let read = |item: &str| item.parse::<UserId>().ok().map(|id| (id, id));
            read_list(text, read).map(Keys::Ids)
        };
        keys.map_err(|bad| {
            let message = match bad {
                BadList::TooMany(count) => say::number_of_values(name, count, MOST_KEYS),
                // unverified(several-bad-items): the first one is named.
                BadList::Malformed(item) => malformed(kind, &item),
            };
            self.fault(name, shown(), message);
        })
        .ok()
    }

    fn find_duplicates(&mut self, path_value: Option<&str>, parameters: &[Parameter<'_>]) {
        for parameter in parameters {
            let in_path = path_value.filter(|_| self.is_key(&parameter.name));
            if !parameter.more.is_empty() || in_path.is_some() {
                let in_path = in_path.map(|value| shown(&query::decode(value, Blank::Encoded)));
                let values = in_path.into_iter().chain(parameter.values()).collect();
                self.fault(&parameter.name, values, say::duplicate_parameter(&parameter.name));
            }
        }
    }

    fn find_unknown(&mut self, parameters: &[Parameter<'_>]) {
        for parameter in parameters {
            if !self.is_key(&parameter.name)
                && FIELD_PARAMETERS.iter().all(|row| self.accepts(row, &parameter.name).is_none())
            {
                let message = say::unknown_parameter(&parameter.name, parameter_names(self.operation));
                self.fault(&parameter.name, parameter.values(), message);
            }
        }
    }

    fn is_key(&self, name: &str) -> bool {
        self.operation.key.asked_by() == Some(name)
    }

    /// The vocabulary of the name by which this parameter was given, if the operation
    /// takes it at all.
    fn accepts(&self, row: &FieldParameter, name: &str) -> Option<Vocabulary> {
        let (_, vocabulary) = row.names.iter().find(|(known, _)| *known == name)?;
        let spoken = *vocabulary == Vocabulary::Tweet || self.operation.dialect == Dialect::V2;
        (spoken && row.is_known_to(self.operation.dialect)).then_some(*vocabulary)
    }

    /// The set of the words that a parameter holds under any of its names.
    fn words(&mut self, row: &FieldParameter, parameters: &[Parameter<'_>]) -> u64 {
        let mut set = 0;
        for parameter in parameters {
            let Some(vocabulary) = self.accepts(row, &parameter.name) else { continue };
            self.speak(vocabulary);
            if parameter.more.is_empty() {
                set |= self.words_of(row, parameter);
            }
        }
        set
    }

    fn words_of(&mut self, row: &FieldParameter, parameter: &Parameter<'_>) -> u64 {
        let dialect = self.operation.dialect;
        let text = match &parameter.first {
            Ok(text) => text,
            Err(Undecodable(raw)) => {
                self.fault(&parameter.name, parameter.values(), say::is_not_valid(&parameter.name, raw));
                return 0;
            }
        };
        let mut set = 0;
        let mut unknown = None;
        // unverified(repeated-values): a word that is there twice is taken once.
        for item in text.split(',') {
            match row.words.iter().find(|word| word.name == item && word.is_known_to(dialect)) {
                // Words behind an unknown one still decide in which vocabulary it is refused.
                Some(word) => {
                    self.speak(word.vocabulary);
                    set |= word.bit;
                }
                None => unknown = unknown.or(Some(item)),
            }
        }
        if let Some(item) = unknown {
            let listed = row.words.iter().filter(|word| word.listed && word.is_known_to(dialect));
            let message = say::is_not_one_of(&parameter.name, item, listed.map(|word| word.name));
            self.fault(&parameter.name, parameter.values(), message);
        }
        set
    }

    /// One word of the post vocabulary decides for the whole reply.
    fn speak(&mut self, vocabulary: Vocabulary) {
        if vocabulary == Vocabulary::Post {
            self.vocabulary = Vocabulary::Post;
        }
    }
}

/// A path id has wording of its own.
///
/// unverified(long-ids): also when it has more digits than X's pattern allows.
fn malformed(kind: KeyKind, item: &str) -> String {
    let name = kind.parameter();
    match kind {
        KeyKind::Id | KeyKind::Me => say::is_not_valid(name, item),
        KeyKind::Ids => say::does_not_match(name, item, ID_PATTERN),
        KeyKind::Username | KeyKind::Usernames => say::does_not_match(name, item, USERNAME_PATTERN),
    }
}
