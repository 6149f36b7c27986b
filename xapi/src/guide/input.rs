//! What people are told of inputs, and requests that are put together from them.

use serde_json::{Value as Json, json};

use super::meaning;
use crate::input::{Input, InputPlace, InputValue, inputs};
use crate::keys::MOST_KEYS;
use crate::operation::{Dialect, Operation, Value};
use crate::parameters::{ID_PATTERN, USERNAME_PATTERN};
use crate::query::encode;

impl Input {
    /// What it means, as a sentence.
    #[must_use]
    pub fn meaning(&self) -> &'static str {
        meaning::of_input(self.name)
    }

    /// Its words, each with what it brings.
    #[must_use]
    pub fn members(&self) -> Vec<(&'static str, &'static str)> {
        let InputValue::Words(parameter, _) = self.value else { return Vec::new() };
        let meaning = |name: &str| {
            let word = parameter.words.iter().find(|word| word.name == name);
            word.map(|word| meaning::of_word(parameter, word.bit)).unwrap_or_default()
        };
        self.words().map(|name| (name, meaning(name))).collect()
    }

    /// What it takes, in words: its range, its length, its pattern.
    #[must_use]
    pub fn range(&self) -> String {
        match self.value {
            InputValue::Words(..) => "words of the list below, separated by commas".to_owned(),
            InputValue::Plain(value) => match value {
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
        match self.value {
            InputValue::Plain(Value::Number { default, .. }) => Some(default.to_string()),
            InputValue::Plain(Value::Cursor) => Some("-1".to_owned()),
            InputValue::Plain(Value::Word(words)) => words.first().map(|word| (*word).to_owned()),
            InputValue::Plain(_) | InputValue::Words(..) => None,
        }
    }

    /// A value that it does not take in an operation of `dialect`; `None` where anything goes.
    #[must_use]
    pub fn wrong(&self, dialect: Dialect) -> Option<&'static str> {
        match self.value {
            InputValue::Words(..) => Some("nothing"),
            InputValue::Plain(value) => match value {
                Value::Id | Value::Token => Some("x"),
                Value::Ids => Some("12,x"),
                Value::Username => Some("no-name"),
                Value::Usernames => Some("TwitterDev,no-name"),
                // v1.1 takes what it cannot read as if it were not there.
                Value::Number { .. } if dialect != Dialect::V1 => Some("0"),
                Value::Flag if dialect != Dialect::V1 => Some("perhaps"),
                Value::Number { .. } | Value::Flag | Value::Cursor | Value::Word(_) | Value::Words => None,
            },
        }
    }
}

/// Commas can stand in a query, and read better so.
const PLAIN: &str = ",";

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
        match input.place {
            InputPlace::Path => target = target.replace(&format!("{{{name}}}"), &encode(value, PLAIN)),
            InputPlace::Query => query.push(format!("{name}={}", encode(value, PLAIN))),
            InputPlace::Form => form.push(format!("{name}={}", encode(value, PLAIN))),
            InputPlace::Member => body = Some(json!({ *name: value })),
            InputPlace::List => body = Some(value.split(',').map(Json::from).collect()),
        }
    }
    if !query.is_empty() {
        target = format!("{target}?{}", query.join("&"));
    }
    let body = body.map(|body| ("application/json", body.to_string()));
    (target, body.or_else(|| (!form.is_empty()).then(|| ("application/x-www-form-urlencoded", form.join("&")))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Kind, OPERATIONS, TARGET_USER_ID};
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
    fn everything_has_a_meaning() {
        for row in OPERATIONS {
            for input in inputs(row) {
                assert!(input.meaning().ends_with('.'), "{} {}", row.name, input.name);
                let has_effect = !input.meaning().contains("without effect");
                for (word, meaning) in input.members() {
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
