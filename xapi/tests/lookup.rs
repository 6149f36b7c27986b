//! What requests mean: vocabulary, host of problems, keys and expansions; and that
//! no request whatever does anything but become a lookup or a 400.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use xapi::fields::{EXPANSIONS, TWEET_FIELDS, USER_FIELDS, Word};
use xapi::operation::OPERATIONS;
use xapi::{
    Expansion, KeyKind, Keys, Lookup, MOST_KEYS, PostCount, ProblemHost, ProblemTypes, Refused, Route, Style,
    TweetExpansion, Vocabulary, parse_lookup, route,
};

fn read<'t>(target: &'t str, host: &str, style: Style) -> Option<Result<Lookup<'t>, Refused>> {
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    match route("GET", path, xapi::TWEET_BINDER_PREFIX) {
        Route::Found { operation, values } => {
            let key = values.key.or((operation.key == KeyKind::Me).then_some("7"));
            Some(parse_lookup(operation, key, query, style.for_host(host)))
        }
        Route::MethodNotAllowed { .. } | Route::NotFound { .. } => None,
    }
}

fn lookup(target: &str) -> Lookup<'_> {
    read(target, "", Style::default()).unwrap_or_else(|| panic!("{target} leads nowhere")).unwrap()
}

fn spellings(keys: &Keys<'_>) -> Vec<String> {
    (0..keys.len()).map(|at| keys.spelling(at).to_owned()).collect()
}

#[test]
fn one_word_of_the_post_vocabulary_decides() {
    use Vocabulary::{Post, Tweet};
    for (query, vocabulary) in [
        ("", Tweet),
        ("tweet.fields=text&expansions=pinned_tweet_id&user.fields=pinned_tweet_id", Tweet),
        ("post.fields=text", Post),
        ("tweet.fields=lang&post.fields=text", Post),
        ("expansions=pinned_tweet_id,most_recent_post_id", Post),
        ("expansions=affiliation", Post),
        ("expansions=affiliation.user_id", Tweet),
        ("user.fields=most_recent_post_id", Post),
        ("tweet.fields=note_post", Post),
    ] {
        assert_eq!(lookup(&format!("/2/users/12?{query}")).view.vocabulary, vocabulary, "{query}");
    }
}

#[test]
fn expansions_mean_the_same_in_both_vocabularies() {
    for (tweet, post) in [
        ("pinned_tweet_id", "pinned_post_id"),
        ("most_recent_tweet_id", "most_recent_post_id"),
        ("affiliation.user_id", "affiliation"),
    ] {
        let view = |word: &str| lookup(&format!("/2/users/12?expansions={word}")).view;
        for expansion in [Expansion::PinnedTweet, Expansion::MostRecentTweet, Expansion::Affiliation] {
            assert_eq!(view(tweet).expands(expansion), view(post).expands(expansion), "{tweet} {expansion:?}");
        }
    }
    let view = lookup("/2/users/12?expansions=pinned_tweet_id&post.fields=text").view;
    assert_eq!(view.parameter_of(TweetExpansion::Pinned), "pinned_post_id");
}

#[test]
fn the_host_of_problems_follows_host_vocabulary_and_configuration() {
    use ProblemTypes::{Twitter, X};
    for (target, host, problem_host, types) in [
        ("/2/users/12", "127.0.0.1:8080", ProblemHost::Auto, Twitter),
        ("/2/users/12", "api.twitter.com", ProblemHost::Auto, Twitter),
        ("/2/users/12", "api.x.com", ProblemHost::Auto, X),
        ("/2/users/12?post.fields=text", "127.0.0.1:8080", ProblemHost::Auto, X),
        ("/2/users/12?post.fields=text", "api.x.com", ProblemHost::Twitter, Twitter),
        ("/2/users/12", "127.0.0.1:8080", ProblemHost::X, X),
    ] {
        let style = Style { problem_host, post_count: PostCount::Auto };
        let lookup = read(target, host, style).unwrap().unwrap();
        assert_eq!(lookup.view.types, types, "{target} at {host}, {problem_host:?}");
    }
}

#[test]
fn keys_stand_in_order_of_first_mention_and_once() {
    for (target, expected) in [
        ("/2/users?ids=30,2,0030,2,4", &["30", "2", "4"][..]),
        ("/2/users?ids=0012", &["0012"]),
        ("/2/users?ids=1%2C2", &["1", "2"]),
        ("/2/users/by?usernames=Nest,b,NEST,B", &["Nest", "b"]),
        ("/2/users/by/username/TwitterDev", &["TwitterDev"]),
    ] {
        assert_eq!(spellings(&lookup(target).keys), expected, "{target}");
    }
}

#[test]
fn every_word_is_taken_by_the_dialects_that_know_it() {
    let tables: [(&str, &[Word]); 3] =
        [("user.fields", USER_FIELDS), ("tweet.fields", TWEET_FIELDS), ("expansions", EXPANSIONS)];
    for row in OPERATIONS.iter().filter(|row| row.kind.shows_users()) {
        let path = row.path.replace("{id}", "7").replace("{username}", "bird");
        let key = if row.key.is_single() { String::new() } else { format!("{}=7&", row.key.parameter()) };
        for (name, word) in tables.iter().flat_map(|(name, words)| words.iter().map(move |word| (name, word))) {
            let target = format!("{path}?{key}{name}={}", word.name);
            let outcome = read(&target, "", Style::default()).unwrap();
            assert_eq!(outcome.is_ok(), word.is_known_to(row.dialect), "{target}");
        }
    }
}

/// Pieces of which requests are made, so that most come close to being right.
fn piece() -> impl Strategy<Value = String> {
    const WORDS: &[&str] =
        &["id", "ids", "username", "usernames", "user.fields", "tweet.fields", "post.fields", "expansions"];
    const VALUES: &[&str] =
        &["12", "0012", "bird", "pinned_tweet_id", "pinned_post_id", "created_at", "x", "%2C", "%", "%ff", "+"];
    const SIGNS: &[&str] = &["=", "&", ",", "==", "&&", ",,"];
    prop_oneof![
        prop::sample::select(WORDS).prop_map(str::to_owned),
        prop::sample::select(VALUES).prop_map(str::to_owned),
        prop::sample::select(SIGNS).prop_map(str::to_owned),
        ".{0,6}",
    ]
}

fn path() -> impl Strategy<Value = String> {
    const PREFIXES: &[&str] =
        &["/2/users", "/2/users/", "/2/users/by", "/2/users/by/username/", "/labs/2/users", "/labs/2/users/", ""];
    (prop::sample::select(PREFIXES), "[^?]{0,8}").prop_map(|(prefix, rest)| format!("{prefix}{rest}"))
}

proptest! {
    #[test]
    fn any_request_is_a_lookup_or_a_400(path in path(), pieces in prop::collection::vec(piece(), 0..12)) {
        let target = format!("{path}?{}", pieces.concat());
        match read(&target, "api.x.com", Style::default()) {
            None => {}
            Some(Ok(lookup)) => {
                prop_assert!((1..=MOST_KEYS).contains(&lookup.keys.len()));
                let spellings = spellings(&lookup.keys);
                prop_assert!(spellings.iter().all(|spelling| !spelling.is_empty()), "{:?}", spellings);
            }
            Some(Err(refused)) => {
                let mut body = Vec::new();
                refused.problem.write(xapi::Dialect::V2, refused.types, &mut body);
                let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
                prop_assert_eq!(refused.problem.status(), 400);
                prop_assert!(body["errors"].as_array().is_some_and(|faults| !faults.is_empty()), "{}", body);
            }
        }
    }

    #[test]
    fn ids_come_back_as_they_were_asked(ids in prop::collection::vec(0u64..1000, 1..=MOST_KEYS), wide in any::<bool>()) {
        let spell = |id: &u64| if wide { format!("{id:06}") } else { id.to_string() };
        let target = format!("/2/users?ids={}", ids.iter().map(spell).collect::<Vec<_>>().join(","));
        let lookup = lookup(&target);
        let mut seen = BTreeSet::new();
        let expected: Vec<String> = ids.iter().filter(|id| seen.insert(**id)).map(spell).collect();
        prop_assert_eq!(spellings(&lookup.keys), expected);
    }
}
