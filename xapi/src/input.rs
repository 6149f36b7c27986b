//! What an operation takes, row by row: its name, where it stands in a request, and what it may
//! hold.
//!
//! This is the table in which people look: forms, documents and generated programs read it.
//! Which of these an answer depends on, and what is said of a wrong one, the parsers decide.

use crate::fields::{Vocabulary, Word};
use crate::keys::MOST_KEYS;
use crate::list::{DEFAULT_RESULTS, MOST_RESULTS};
use crate::operation::{
    Dialect, KeyKind, Kind, MAX_RESULTS, Method, Operation, PAGINATION_TOKEN, PlainParameter, TARGET_USER_ID, Value,
};
use crate::parameters::{FieldParameter, field_parameters};

/// Where an input stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InputPlace {
    /// In the path, for the braces with its name.
    Path,
    /// In the query.
    Query,
    /// A field of a form.
    Form,
    /// A member of a JSON object.
    Member,
    /// The whole JSON body is a list of it.
    List,
}

/// What an input may hold.
#[derive(Debug, Clone, Copy)]
pub enum InputValue {
    /// What the parameter of a row says.
    Plain(Value),
    /// Words of a table, as many as one likes.
    Words(&'static FieldParameter, Dialect),
}

/// Something that an operation takes.
#[derive(Debug, Clone, Copy)]
pub struct Input {
    /// Its name, which is that of the request.
    pub name: &'static str,
    /// Where it stands.
    pub place: InputPlace,
    /// What it may hold.
    pub value: InputValue,
    /// Whether a request without it is refused, whatever else it says.
    pub is_required: bool,
}

impl Input {
    /// The words to choose from; those that only other names stand for are left out.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + use<> {
        let (fields, dialect) = match self.value {
            InputValue::Words(parameter, dialect) => (parameter.words, dialect),
            InputValue::Plain(_) => (&[][..], Dialect::V2),
        };
        let is_offered =
            move |word: &&Word| word.listed && word.vocabulary == Vocabulary::Tweet && word.is_known_to(dialect);
        fields.iter().filter(is_offered).map(|word| word.name)
    }

    /// Whether it is a list of values with commas between them.
    #[must_use]
    pub const fn is_list(&self) -> bool {
        match self.value {
            InputValue::Words(..) | InputValue::Plain(Value::Ids | Value::Usernames | Value::Words) => true,
            InputValue::Plain(
                Value::Id
                | Value::Username
                | Value::Flag
                | Value::Number { .. }
                | Value::Cursor
                | Value::Token
                | Value::Word(_),
            ) => false,
        }
    }

    /// A few words on what may stand there: its kind, its range, and what stands for none.
    #[must_use]
    pub fn hint(&self) -> String {
        match self.value {
            InputValue::Words(..) => "Words, with commas between them.".to_owned(),
            InputValue::Plain(value) => match value {
                Value::Id => "An id: 1 to 19 digits.".to_owned(),
                Value::Ids => format!("1 to {MOST_KEYS} ids, with commas between them."),
                Value::Username => "A username: 1 to 15 letters, digits and _.".to_owned(),
                Value::Usernames => format!("1 to {MOST_KEYS} usernames, with commas between them."),
                Value::Flag => "true or false.".to_owned(),
                Value::Number { most, default } => format!("A number from 1 to {most}; {default} if there is none."),
                Value::Cursor => "Where the page begins: a cursor of another page; -1 is the first.".to_owned(),
                Value::Token => "Where the page begins: a token of another page; none for the first.".to_owned(),
                Value::Word(words) => format!("One of: {}.", words.join(", ")),
                Value::Words => "Words, with commas between them.".to_owned(),
            },
        }
    }
}

/// What an operation takes, in the order in which people fill it in: what names users, then the
/// rest, then fields and expansions in the order in which X lists them.
#[must_use]
pub fn inputs(operation: &Operation) -> Vec<Input> {
    let kind = operation.kind;
    let key = key(operation.key);
    let own = kind.parameters().iter().map(|name| own(name));
    let body = matches!(kind, Kind::Follow).then_some(Input {
        name: TARGET_USER_ID,
        place: InputPlace::Member,
        value: InputValue::Plain(Value::Id),
        is_required: true,
    });
    let plain = kind.plain_parameters().iter().map(|&PlainParameter { name, value }| Input {
        name,
        place: if operation.method == Method::Post { InputPlace::Form } else { InputPlace::Query },
        value: InputValue::Plain(value),
        is_required: false,
    });
    key.into_iter().chain(own).chain(body).chain(plain).chain(fields(operation)).collect()
}

/// The order of X's document: users, expansions, posts.
const FIELDS: [&str; 6] = ["user.fields", "expansions", "tweet.fields", "media.fields", "place.fields", "poll.fields"];

fn fields(operation: &Operation) -> impl Iterator<Item = Input> {
    let dialect = operation.dialect;
    let shown = FIELDS.into_iter().filter(|_| operation.kind.shows_users());
    shown.filter_map(move |name| {
        let parameter = field_parameters(dialect).find(|parameter| parameter.name() == name)?;
        let value = InputValue::Words(parameter, dialect);
        Some(Input { name, place: InputPlace::Query, value, is_required: false })
    })
}

fn key(key: KeyKind) -> Option<Input> {
    let (place, value) = match key {
        KeyKind::Id | KeyKind::Source => (InputPlace::Path, Value::Id),
        KeyKind::Username => (InputPlace::Path, Value::Username),
        KeyKind::Ids => (InputPlace::Query, Value::Ids),
        KeyKind::Usernames => (InputPlace::Query, Value::Usernames),
        KeyKind::BodyIds => (InputPlace::List, Value::Ids),
        KeyKind::BodyAliases => (InputPlace::List, Value::Usernames),
        KeyKind::Me | KeyKind::Plain => return None,
    };
    Some(Input { name: key.parameter(), place, value: InputValue::Plain(value), is_required: true })
}

fn own(name: &'static str) -> Input {
    let (place, value) = match name {
        MAX_RESULTS => (InputPlace::Query, Value::Number { most: MOST_RESULTS, default: DEFAULT_RESULTS }),
        PAGINATION_TOKEN => (InputPlace::Query, Value::Token),
        _ => (InputPlace::Path, Value::Id),
    };
    Input { name, place, value: InputValue::Plain(value), is_required: place == InputPlace::Path }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::operation::OPERATIONS;

    #[test]
    fn each_brace_of_a_path_has_its_input_and_no_two_inputs_have_one_name() {
        for operation in OPERATIONS {
            let inputs = inputs(operation);
            let names: HashSet<_> = inputs.iter().map(|input| input.name).collect();
            assert_eq!(names.len(), inputs.len(), "{}", operation.name);
            let of_path: HashSet<_> =
                inputs.iter().filter(|input| input.place == InputPlace::Path).map(|input| input.name).collect();
            let braces = operation.path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
            assert_eq!(of_path, braces.map(|(name, _)| name).collect(), "{}", operation.name);
        }
    }

    #[test]
    fn fields_are_offered_in_the_words_of_messages() {
        let inputs = inputs(Operation::named("getUsersMe").unwrap());
        assert_eq!(
            inputs.iter().map(|input| input.name).collect::<Vec<_>>(),
            ["user.fields", "expansions", "tweet.fields"]
        );
        let words: Vec<_> = inputs[0].words().collect();
        assert!(words.contains(&"created_at") && !words.contains(&"pinned_post_id"));
    }
}
