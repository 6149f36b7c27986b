//! What all requests have in common: keys, fields and expansions, and faults of parameters
//! in the order in which X names them.

use model::{UserId, Username};

use crate::fields::Vocabulary;
use crate::keys::{BadList, Keys, MOST_KEYS, read_list};
use crate::lookup::Refused;
use crate::operation::{Dialect, KeyKind, Operation, TARGET_USER_ID};
use crate::parameters::{FIELD_PARAMETERS, FieldParameter, ID_PATTERN, USERNAME_PATTERN, parameter_names};
use crate::problem::{Fault, Problem};
use crate::query::{self, Blank, Decoded, Parameter, Undecodable, shown};
use crate::route::PathValues;
use crate::sentences as say;
use crate::style::RequestStyle;
use crate::view::View;

/// Reads one request and collects what is wrong with it.
pub(crate) struct Reader<'o, 'q> {
    operation: &'o Operation,
    path: PathValues<'q>,
    pub(crate) parameters: Vec<Parameter<'q>>,
    faults: Vec<Fault>,
    vocabulary: Vocabulary,
}

impl<'o, 'q> Reader<'o, 'q> {
    pub(crate) fn new(operation: &'o Operation, path: PathValues<'q>, query: Option<&'q str>) -> Self {
        let parameters = query::parse(query.unwrap_or_default());
        Self { operation, path, parameters, faults: Vec::new(), vocabulary: Vocabulary::Tweet }
    }

    pub(crate) fn fault(&mut self, parameter: &str, values: Vec<String>, message: String) {
        self.faults.push(Fault { parameter: Some(parameter.to_owned()), values, message });
    }

    /// A fault of no parameter.
    pub(crate) fn fault_of_all(&mut self, message: String) {
        self.faults.push(Fault { parameter: None, values: Vec::new(), message });
    }

    /// What was read, unless something is wrong.
    pub(crate) fn finish<T>(self, read: Option<T>, style: RequestStyle) -> Result<T, Refused> {
        let types = style.problem_types(self.vocabulary);
        match read {
            Some(read) if self.faults.is_empty() => Ok(read),
            _ => Err(Refused { problem: Problem::invalid_request(self.faults), types }),
        }
    }

    /// Duplicates and parameters that the operation does not have, then what is to be shown.
    pub(crate) fn view(&mut self, style: RequestStyle) -> View {
        let parameters = std::mem::take(&mut self.parameters);
        self.find_duplicates(&parameters);
        self.find_unknown(&parameters);
        let sets = FIELD_PARAMETERS.each_ref().map(|parameter| self.words(parameter, &parameters));
        let [tweet_fields, .., user_fields, expansions] = sets;
        View::new(self.operation, self.vocabulary, style, user_fields, tweet_fields, expansions)
    }

    /// The key or keys, which every operation must have.
    pub(crate) fn keys(&mut self) -> Option<Keys<'q>> {
        let name = self.operation.key.parameter();
        if let Some(raw) = self.path.key {
            let value = query::decode(raw, Blank::Encoded);
            return self.read_keys(value.clone(), || vec![shown(&value)]);
        }
        match self.parameters.iter().find(|parameter| parameter.name == name).cloned() {
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
    fn read_keys(&mut self, value: Decoded<'q>, shown: impl FnOnce() -> Vec<String>) -> Option<Keys<'q>> {
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

    /// The id of whom the path names beside the key.
    pub(crate) fn target(&mut self) -> Option<UserId> {
        let value = query::decode(self.path.target.unwrap_or_default(), Blank::Encoded);
        let id = value.as_ref().ok().and_then(|text| text.parse().ok());
        if id.is_none() {
            let value = shown(&value);
            let message = say::is_not_valid(TARGET_USER_ID, &value);
            self.fault(TARGET_USER_ID, vec![value], message);
        }
        id
    }

    /// A parameter that stands once in the query, if it is there. One that is there twice is
    /// reported as such.
    pub(crate) fn single(&self, name: &str) -> Option<Parameter<'q>> {
        let found = self.parameters.iter().find(|parameter| parameter.name == name);
        found.filter(|parameter| parameter.more.is_empty()).cloned()
    }

    fn find_duplicates(&mut self, parameters: &[Parameter<'_>]) {
        for parameter in parameters {
            let in_path = self.in_path(&parameter.name);
            if !parameter.more.is_empty() || in_path.is_some() {
                let in_path = in_path.map(|value| shown(&query::decode(value, Blank::Encoded)));
                let values = in_path.into_iter().chain(parameter.values()).collect();
                self.fault(&parameter.name, values, say::duplicate_parameter(&parameter.name));
            }
        }
    }

    fn find_unknown(&mut self, parameters: &[Parameter<'_>]) {
        for parameter in parameters {
            if !self.is_own(&parameter.name)
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

    /// Whether the operation has a parameter of this name that is no field.
    fn is_own(&self, name: &str) -> bool {
        self.is_key(name) || self.operation.kind.parameters().contains(&name)
    }

    /// What the path holds of this name.
    fn in_path(&self, name: &str) -> Option<&'q str> {
        if self.is_key(name) { self.path.key } else { self.path.target.filter(|_| name == TARGET_USER_ID) }
    }

    /// The vocabulary of the name by which this parameter was given, if the operation
    /// takes it at all.
    fn accepts(&self, row: &FieldParameter, name: &str) -> Option<Vocabulary> {
        let (_, vocabulary) = row.names.iter().find(|(known, _)| *known == name)?;
        let Operation { dialect, kind, .. } = self.operation;
        let spoken = kind.shows_users() && (*vocabulary == Vocabulary::Tweet || *dialect == Dialect::V2);
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
        KeyKind::Id | KeyKind::Me | KeyKind::Source | KeyKind::Plain => say::is_not_valid(name, item),
        KeyKind::Ids | KeyKind::BodyIds => say::does_not_match(name, item, ID_PATTERN),
        KeyKind::Username | KeyKind::Usernames | KeyKind::BodyAliases => {
            say::does_not_match(name, item, USERNAME_PATTERN)
        }
    }
}
