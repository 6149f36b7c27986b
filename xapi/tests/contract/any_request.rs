//! What holds for every request, however it looks.

use proptest::prelude::*;
use xapi::Keys;
use xapi::fields::Word;
use xapi::lookup::field_parameters;
use xapi::operation::{OPERATIONS, Operation};

use crate::request::{body_of, parse};

/// A path of the operation with `key`, and the beginning of its query.
fn target(operation: &Operation, key: &str) -> String {
    match operation.path.split_once('{') {
        Some((prefix, _)) => format!("{prefix}{key}?"),
        None => format!("{}?{}={key}", operation.path, operation.key.parameter()),
    }
}

/// Values of `id`, `ids`, `username` or `usernames`, good and bad.
fn key() -> impl Strategy<Value = String> {
    prop_oneof!["[0-9]{1,20}", "[A-Za-z0-9_]{1,16}", "[0-9A-Za-z_%,]{1,22}", "([0-9]{1,3}(,|%2C)){90,110}1"]
}

/// Pieces of which queries are made, good and bad.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "ids",
        "usernames",
        "id",
        "username",
        "user.fields",
        "tweet.fields",
        "post.fields",
        "media.fields",
        "expansions",
        "=",
        "&",
        ",",
        "+",
        "%2C",
        "%20",
        "%",
        "%zz",
        "%FF",
        "1",
        "0012",
        "TwitterDev",
        "created_at",
        "pinned_post_id",
        "pinned_tweet_id",
        "affiliation.user_id",
        "withheld.scope",
        "non_public_metrics",
    ]);
    prop_oneof![9 => known.prop_map(str::to_owned), 1 => "\\PC{0,3}"]
}

proptest! {
    #[test]
    fn a_request_is_understood_or_refused_with_400(
        at in 0..OPERATIONS.len(),
        key in key(),
        pieces in prop::collection::vec(piece(), 0..24),
    ) {
        let target = format!("{}&{}", target(&OPERATIONS[at], &key), pieces.concat());
        match parse(&target, "api.twitter.com") {
            Ok(lookup) => {
                let count = lookup.keys.len();
                prop_assert!((1..=xapi::MOST_KEYS).contains(&count));
                prop_assert!((0..count).all(|at| !lookup.keys.spelling(at).is_empty()));
            }
            Err(refused) => {
                prop_assert_eq!(refused.problem.status(), 400);
                let body: serde_json::Value = serde_json::from_str(&body_of(&refused, &target)).unwrap();
                prop_assert!(body.pointer("/errors/0/message").is_some());
            }
        }
    }

    #[test]
    fn ids_are_read_once_each_in_the_order_of_first_mention(ids in prop::collection::vec(0u64..60, 1..=100)) {
        let spelled: Vec<String> = ids.iter().map(u64::to_string).collect();
        let target = format!("/2/users?ids={}", spelled.join(","));
        let Keys::Ids(keys) = parse(&target, "api.twitter.com").unwrap().keys else { panic!("no ids") };
        let mut expected = Vec::new();
        for id in ids {
            if !expected.contains(&id) {
                expected.push(id);
            }
        }
        prop_assert_eq!(keys.parsed.iter().map(|id| id.get()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn usernames_that_differ_in_case_are_one(name in "[A-Za-z0-9_]{1,15}", other in "[a-z]{16}") {
        let (upper, lower) = (name.to_uppercase(), name.to_lowercase());
        let other: String = other.chars().take(15).collect();
        let target = format!("/2/users/by?usernames={upper},{lower},{other}");
        let lookup = parse(&target, "api.twitter.com").unwrap();
        prop_assert_eq!(lookup.keys.spelling(0), upper);
        prop_assert_eq!(lookup.keys.len(), if other == lower { 1 } else { 2 });
    }
}

#[test]
fn every_word_is_taken_alone_and_only_where_its_dialect_knows_it() {
    for operation in OPERATIONS {
        let taken = |name: &str, word: &Word| {
            let target = format!("{}&{name}={}", target(operation, "1"), word.name);
            parse(&target, "api.twitter.com").is_ok()
        };
        for parameter in field_parameters(operation.dialect) {
            for word in parameter.words {
                let is_known = word.is_known_to(operation.dialect);
                assert_eq!(taken(parameter.name(), word), is_known, "{} {}", operation.name, word.name);
            }
        }
    }
}

#[test]
fn operations_differ_in_name_path_and_key() {
    for (at, row) in OPERATIONS.iter().enumerate() {
        let others = OPERATIONS.iter().skip(at + 1);
        assert!(others.clone().all(|other| other.name != row.name && other.path != row.path && other.id != row.id));
        assert_eq!(row.path.contains('{'), row.key.is_in_path(), "{}", row.name);
        assert!(!row.summary.is_empty() && row.description.ends_with('.'));
    }
}
