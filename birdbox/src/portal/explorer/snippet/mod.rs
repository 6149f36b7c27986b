//! The same request as a program, in each language that people call X with.
//!
//! All of them take their credentials from the environment, under the names in which the portal
//! copies them. What somebody typed stands in them as a literal of the language and nothing else.

mod curl;
mod java;
mod rust;
mod tweepy;
mod twurl;
mod typescript;

use xapi::{Authentication, InputPlace, Operation, OperationId};

use super::call::Call;
use super::values::{Filled, Values};
use super::way::Way;

/// What a program is to do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) operation: &'static Operation,
    pub(super) values: &'a Values,
    pub(super) call: &'a Call,
    pub(super) way: Way,
    /// This server, without a slash at the end.
    pub(super) origin: &'a str,
    /// The certificate of this server, as a word for a shell, where clients have to be told of it.
    pub(super) trusted: Option<&'a str>,
}

/// A program, or why there is none and what can do it instead.
pub(super) type Written = Result<String, String>;

/// A language, with what is called in it.
pub(super) struct Language {
    /// Its word in the page.
    pub(super) word: &'static str,
    pub(super) label: &'static str,
    write: fn(Wanted<'_>) -> Written,
}

/// All of them.
static LANGUAGES: [Language; 6] = [
    Language { word: "curl", label: "curl", write: curl::write },
    Language { word: "twurl", label: "twurl", write: twurl::write },
    Language { word: "typescript", label: "TypeScript", write: typescript::write },
    Language { word: "java", label: "Java", write: java::write },
    Language { word: "python", label: "Python", write: tweepy::write },
    Language { word: "rust", label: "Rust", write: rust::write },
];

/// A longer request is not written down six times: with all that it is typed into, the page would
/// become too large.
const MOST_BYTES: usize = 4000;

const TOO_LONG: &str = "This request is too long to be shown as a program. Shorten it.";

/// What clients make of an address, before anything is sent and however it is encoded.
const STEP: &str = "Clients take . and .. in a path for steps, and would call another address. Only the explorer sends this as it stands.";

/// The request in all languages.
pub(super) fn write_all(wanted: Wanted<'_>) -> impl Iterator<Item = (&'static Language, Written)> {
    let length: usize = wanted.values.filled().map(|filled| filled.value.len()).sum();
    let is_step = |filled: &Filled| filled.input.place == InputPlace::Path && [".", ".."].contains(&&*filled.value);
    let obstacle =
        if length > MOST_BYTES { Some(TOO_LONG) } else { wanted.values.filled().any(is_step).then_some(STEP) };
    LANGUAGES
        .iter()
        .map(move |language| (language, obstacle.map_or_else(|| (language.write)(wanted), |why| Err(why.to_owned()))))
}

impl Wanted<'_> {
    fn credentials(&self) -> Authentication {
        self.way.credentials(self.operation)
    }

    /// The variable with the bearer token, where there is one.
    fn token(&self) -> Option<&'static str> {
        match self.credentials() {
            Authentication::AppOnly => Some("BEARER_TOKEN"),
            Authentication::OAuth2User => Some("OAUTH2_ACCESS_TOKEN"),
            Authentication::TweetBinder => Some("TWEETBINDER_TOKEN"),
            Authentication::OAuth1User => None,
        }
    }
}

/// The variables with the keys of an App and of a user, for a signature.
const SIGNING: [&str; 4] = ["CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"];

/// A word for a shell.
fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A literal of JSON, and so of JavaScript.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What X's own SDKs call an operation; what stands in its path comes first among the arguments.
const fn sdk_method(id: OperationId) -> Option<&'static str> {
    Some(match id {
        OperationId::GetUsersByIds => "findUsersById",
        OperationId::GetUsersById => "findUserById",
        OperationId::GetUsersByUsernames => "findUsersByUsername",
        OperationId::GetUsersByUsername => "findUserByUsername",
        OperationId::GetUsersMe => "findMyUser",
        OperationId::GetUsersFollowers => "usersIdFollowers",
        OperationId::GetUsersFollowing => "usersIdFollowing",
        OperationId::FollowUser => "usersIdFollow",
        OperationId::UnfollowUser => "usersIdUnfollow",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::portal::form::Form;

    pub(super) fn program(word: &str, operation: &str, way: Way, query: &str) -> Written {
        let operation = Operation::named(operation).unwrap();
        let values = Values::of(operation, &Form::of(query.as_bytes()));
        let call = Call::of(operation, &values, "/tweetbinder");
        let language = LANGUAGES.iter().find(|language| language.word == word).unwrap();
        let origin = "http://127.0.0.1:8080";
        (language.write)(Wanted { operation, values: &values, call: &call, way, origin, trusted: None })
    }

    #[test]
    fn what_clients_would_take_for_a_step_in_the_path_becomes_no_program() {
        let operation = Operation::named("getUsersById").unwrap();
        for (id, is_written) in [(".", false), ("..", false), ("...", true), ("1", true)] {
            let values = Values::of(operation, &Form::of(format!("p.id={id}").as_bytes()));
            let call = Call::of(operation, &values, "/tweetbinder");
            let wanted =
                Wanted { operation, values: &values, call: &call, way: Way::App, origin: "http://a", trusted: None };
            // Some languages have no program for it anyway.
            assert_eq!(write_all(wanted).any(|(_, written)| written.is_ok()), is_written, "{id}");
        }
    }

    #[test]
    fn each_operation_has_a_program_in_some_language_and_elsewhere_a_word_on_what_can_do_it() {
        for operation in xapi::operation::OPERATIONS {
            for way in Way::ALL.into_iter().filter(|way| way.is_taken(operation)) {
                let written: Vec<_> =
                    LANGUAGES.each_ref().map(|language| program(language.word, operation.name, way, "")).into();
                assert!(written.first().unwrap().is_ok() && written.last().unwrap().is_ok(), "{}", operation.name);
                for why in written.iter().filter_map(|written| written.as_ref().err()) {
                    assert!(why.contains("curl") && why.contains("Rust"), "{}: {why}", operation.name);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn a_word_for_a_shell_is_one_word_of_it(text in "[^\0]*") {
            prop_assert_eq!(shlex::split(&shell(&text)), Some(vec![text]));
        }

        #[test]
        fn what_was_typed_comes_back_out_of_a_literal(text in ".*") {
            prop_assert_eq!(serde_json::from_str::<String>(&json(&text)).unwrap(), text);
        }
    }
}
