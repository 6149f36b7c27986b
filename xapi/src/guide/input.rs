//! Every input of an operation: where it goes, what it takes, what it means.

use serde_json::{Value as Json, json};

use super::meaning;
use crate::keys::MOST_KEYS;
use crate::list::{DEFAULT_RESULTS, MOST_RESULTS};
use crate::operation::{
    Dialect, KeyKind, Kind, MAX_RESULTS, Method, Operation, PAGINATION_TOKEN, TARGET_USER_ID, Value,
};
use crate::parameters::{FieldParameter, ID_PATTERN, USERNAME_PATTERN, field_parameters};

/// Where an input stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Room {
    /// In place of the braces with its name.
    Path,
    /// Behind the question mark.
    Query,
    /// In a body as browsers send forms.
    Form,
    /// A member of an object of JSON.
    Member,
    /// A body of JSON as a whole: an array of what is separated by commas here.
    Items,
}

/// What an input takes.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// A value.
    Value(Value),
    /// Words of a table, separated by commas.
    Words(&'static FieldParameter),
}

/// One input of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Input {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub room: Room,
    /// Whether there is no request without it.
    pub required: bool,
    /// What it takes.
    pub takes: Takes,
    /// What it means, as a sentence.
    pub meaning: &'static str,
    dialect: Dialect,
}

impl Input {
    /// The words of the table that it takes, in the order in which messages list them, each with what it
    /// brings.
    #[must_use]
    pub fn words(&self) -> Vec<(&'static str, &'static str)> {
        let Takes::Words(parameter) = self.takes else { return Vec::new() };
        let words = parameter.words.iter().filter(|word| word.listed && word.is_known_to(self.dialect));
        words.map(|word| (word.name, meaning::of_word(parameter, word.bit))).collect()
    }

    /// What it takes, in words: its range, its length, its pattern.
    #[must_use]
    pub fn range(&self) -> String {
        match self.takes {
            Takes::Words(_) => "words of the list below, separated by commas".to_owned(),
            Takes::Value(value) => match value {
                Value::Id => format!("an id: {ID_PATTERN}"),
                Value::Ids => format!("1 to {MOST_KEYS} ids, separated by commas, each {ID_PATTERN}"),
                Value::Username => format!("a username: {USERNAME_PATTERN}"),
                Value::Usernames => format!("1 to {MOST_KEYS} usernames, separated by commas, each {USERNAME_PATTERN}"),
                Value::Flag => "true or false".to_owned(),
                Value::Number { most, .. } => format!("a number from 1 to {most}"),
                Value::Cursor => "a cursor of another page; -1 is the first page".to_owned(),
                Value::Token => "a token of another page".to_owned(),
                Value::Word(words) => words.join(" or "),
                Value::Words => "words, separated by commas".to_owned(),
            },
        }
    }

    /// What stands for none, where that is known.
    #[must_use]
    pub fn default(&self) -> Option<String> {
        match self.takes {
            Takes::Value(Value::Number { default, .. }) => Some(default.to_string()),
            Takes::Value(Value::Cursor) => Some("-1".to_owned()),
            Takes::Value(Value::Word(words)) => words.first().map(|word| (*word).to_owned()),
            Takes::Value(_) | Takes::Words(_) => None,
        }
    }

    /// A value that it does not take; `None` where anything goes.
    #[must_use]
    pub fn wrong(&self) -> Option<&'static str> {
        match self.takes {
            Takes::Words(_) => Some("nothing"),
            Takes::Value(value) => match value {
                Value::Id => Some("x"),
                Value::Ids => Some("12,x"),
                Value::Username => Some("no-name"),
                Value::Usernames => Some("TwitterDev,no-name"),
                Value::Token => Some("x"),
                // v1.1 takes what it cannot read as if it were not there.
                Value::Number { .. } if self.dialect != Dialect::V1 => Some("0"),
                Value::Flag if self.dialect != Dialect::V1 => Some("perhaps"),
                Value::Number { .. } | Value::Flag | Value::Cursor | Value::Word(_) | Value::Words => None,
            },
        }
    }
}

/// Every input of an operation, in the order in which X lists them: what it asks with, what else it
/// takes, fields and expansions.
#[must_use]
pub fn inputs(operation: &Operation) -> Vec<Input> {
    let dialect = operation.dialect;
    let input = |name: &'static str, room, required, takes| {
        let meaning = meaning::of_input(name);
        Input { name, room, required, takes, meaning, dialect }
    };
    let own = |name: &'static str, room, value| input(name, room, true, Takes::Value(value));
    let key = match operation.key {
        KeyKind::Id => Some(own("id", Room::Path, Value::Id)),
        KeyKind::Source => Some(own("source_user_id", Room::Path, Value::Id)),
        KeyKind::Username => Some(own("username", Room::Path, Value::Username)),
        KeyKind::Ids => Some(own("ids", Room::Query, Value::Ids)),
        KeyKind::Usernames => Some(own("usernames", Room::Query, Value::Usernames)),
        KeyKind::BodyIds => Some(own("id", Room::Items, Value::Ids)),
        KeyKind::BodyAliases => Some(own("alias", Room::Items, Value::Usernames)),
        KeyKind::Me | KeyKind::Plain => None,
    };
    let mut all: Vec<Input> = key.into_iter().collect();
    match operation.kind {
        Kind::Follow => all.push(own(TARGET_USER_ID, Room::Member, Value::Id)),
        Kind::Unfollow => all.push(own(TARGET_USER_ID, Room::Path, Value::Id)),
        Kind::List => {
            let number = Value::Number { most: MOST_RESULTS, default: DEFAULT_RESULTS };
            all.push(input(MAX_RESULTS, Room::Query, false, Takes::Value(number)));
            all.push(input(PAGINATION_TOKEN, Room::Query, false, Takes::Value(Value::Token)));
        }
        Kind::Lookup | Kind::Plain(_) => {}
    }
    let room = if operation.method == Method::Post { Room::Form } else { Room::Query };
    let plain = operation.kind.plain_parameters().iter();
    all.extend(plain.map(|parameter| input(parameter.name, room, false, Takes::Value(parameter.value))));
    if operation.kind.shows_users() {
        // As X lists them: users, expansions, posts.
        let order = ["user.fields", "expansions", "tweet.fields", "media.fields", "place.fields", "poll.fields"];
        let known = |name: &str| field_parameters(dialect).find(|parameter| parameter.name() == name);
        let words = order.into_iter().filter_map(known);
        all.extend(words.map(|parameter| input(parameter.name(), Room::Query, false, Takes::Words(parameter))));
    }
    all
}

/// A request of an operation with these values: its path with the query, and its body with the type
/// of it. Tweet Binder's paths begin with `tweet_binder`. Values are encoded; names that the operation
/// does not have are left out.
#[must_use]
pub fn request(
    operation: &Operation,
    values: &[(&str, &str)],
    tweet_binder: &str,
) -> (String, Option<(&'static str, String)>) {
    let mut target = operation.path_at(tweet_binder);
    let (mut query, mut form, mut body) = (Vec::new(), Vec::new(), None);
    for input in inputs(operation) {
        let Some((name, value)) = values.iter().find(|(name, _)| *name == input.name) else { continue };
        match input.room {
            Room::Path => target = target.replace(&format!("{{{name}}}"), &encode(value)),
            Room::Query => query.push(format!("{name}={}", encode(value))),
            Room::Form => form.push(format!("{name}={}", encode(value))),
            Room::Member => body = Some(json!({ *name: value })),
            Room::Items => body = Some(value.split(',').map(Json::from).collect()),
        }
    }
    if !query.is_empty() {
        target = format!("{target}?{}", query.join("&"));
    }
    let body = body.map(|body| ("application/json", body.to_string()));
    (target, body.or_else(|| (!form.is_empty()).then(|| ("application/x-www-form-urlencoded", form.join("&")))))
}

/// Encodes what cannot stand in a query; commas can, and read better so.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default().to_ascii_uppercase();
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::OPERATIONS;
    use crate::parameters::parameter_names;

    #[test]
    fn inputs_are_those_that_the_parser_reads() {
        for row in OPERATIONS.iter().filter(|row| row.dialect == Dialect::V2 || row.dialect == Dialect::Labs) {
            let mut names: Vec<_> = inputs(row).into_iter().map(|input| input.name).collect();
            let mut known: Vec<_> = parameter_names(row).collect();
            // It stands in the body.
            known.extend((row.kind == Kind::Follow).then_some(TARGET_USER_ID));
            names.sort_unstable();
            known.sort_unstable();
            assert_eq!(names, known, "{}", row.name);
        }
    }

    #[test]
    fn what_stands_in_a_path_is_what_the_path_has_in_braces() {
        for row in OPERATIONS {
            let all = inputs(row);
            let in_path = all.iter().filter(|input| input.room == Room::Path).count();
            assert_eq!(in_path, row.path.matches('{').count(), "{}", row.name);
            for input in all.iter().filter(|input| input.room == Room::Path) {
                assert!(row.path.contains(&format!("{{{}}}", input.name)), "{} {}", row.name, input.name);
            }
        }
    }

    #[test]
    fn everything_has_a_meaning() {
        for row in OPERATIONS {
            for input in inputs(row) {
                assert!(input.meaning.ends_with('.'), "{} {}", row.name, input.name);
                let has_effect = !input.meaning.contains("without effect");
                for (word, meaning) in input.words() {
                    assert_eq!(meaning.ends_with('.'), has_effect, "{} {word}", input.name);
                }
            }
        }
    }

    #[test]
    fn a_request_is_put_together_and_encoded() {
        let request = |name: &str, values: &[(&str, &str)]| request(Operation::named(name).unwrap(), values, "/tb");
        let values = [("usernames", "a,b c"), ("expansions", "pinned_tweet_id"), ("nonsense", "1")];
        let (target, body) = request("getUsersByUsernames", &values);
        assert_eq!(target, "/2/users/by?usernames=a,b%20c&expansions=pinned_tweet_id");
        assert_eq!(body, None);
        let (target, body) = request("followUser", &[("id", "1"), ("target_user_id", "2")]);
        assert_eq!(target, "/2/users/1/following");
        assert_eq!(body.unwrap(), ("application/json", "{\"target_user_id\":\"2\"}".to_owned()));
        let (target, body) = request("tweetBinderProfilesByAlias", &[("alias", "a,b")]);
        assert_eq!((target.as_str(), body.unwrap().1.as_str()), ("/tb/profiles/alias", "[\"a\",\"b\"]"));
        let (_, body) = request("v1FriendshipsCreate", &[("screen_name", "a&b")]);
        assert_eq!(body.unwrap().1, "screen_name=a%26b");
    }
}
