//! The kinds of requests that are measured.

use xapi::fields::{TWEET_FIELDS, USER_FIELDS, Vocabulary, Word};
use xapi::{Cursor, Place};

use super::data;
use crate::random::Random;

/// One kind.
pub(super) struct Scenario {
    pub(super) name: &'static str,
    /// The least share of the bare server's cheapness that is good.
    pub(super) goal: f64,
    /// How many different requests there are.
    distinct: usize,
    /// The target of one, for so many users.
    target: fn(&mut Random, usize) -> String,
}

#[rustfmt::skip]
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario { name: "one user by id", goal: 0.80, distinct: 4096,
        target: |random, users| format!("/2/users/{}", data::id(random.below(users))) },
    Scenario { name: "one user by username", goal: 0.75, distinct: 4096,
        target: |random, users| format!("/2/users/by/username/{}", data::username(random.below(users))) },
    Scenario { name: "100 ids, default fields", goal: 0.18, distinct: 512,
        target: |random, users| format!("/2/users?ids={}", hundred_ids(random, users)) },
    Scenario { name: "100 ids, all fields, posts", goal: 0.12, distinct: 512,
        target: |random, users| format!("/2/users?ids={}&{}", hundred_ids(random, users), all_fields()) },
    Scenario { name: "v1.1 lookup of 100", goal: 0.10, distinct: 512,
        target: |random, users| format!("/1.1/users/lookup.json?user_id={}", hundred_ids(random, users)) },
    Scenario { name: "followers: a short list", goal: 0.0, distinct: 4096,
        target: |random, users| format!("/2/users/{}/followers", data::id(1 + random.below(users - 1))) },
    Scenario { name: "followers: newest 100", goal: 0.0, distinct: 1,
        target: |_, _| list("max_results=100") },
    Scenario { name: "followers: 100 anywhere", goal: 0.0, distinct: 4096,
        target: |random, users| list(&format!("max_results=100&{}", anywhere(random, users))) },
    Scenario { name: "followers: newest 1000", goal: 0.18, distinct: 1,
        target: |_, _| list("max_results=1000") },
    Scenario { name: "followers: 1000 anywhere", goal: 0.18, distinct: 512,
        target: |random, users| list(&format!("max_results=1000&{}", anywhere(random, users))) },
    Scenario { name: "followers: 1000, all fields", goal: 0.20, distinct: 512,
        target: |random, users| list(&format!("max_results=1000&{}&{}", anywhere(random, users), all_fields())) },
    Scenario { name: "v1.1 follower ids: newest 5000", goal: 0.06, distinct: 1,
        target: |_, _| ids("cursor=-1") },
    Scenario { name: "v1.1 follower ids: 5000 anywhere", goal: 0.06, distinct: 512,
        target: |random, users| ids(&format!("cursor={}", below(random, users, 5000).number())) },
];

/// A page of the longest list.
fn list(query: &str) -> String {
    format!("/2/users/{}/followers?{query}", data::id(0))
}

/// A page of its ids.
fn ids(query: &str) -> String {
    format!("/1.1/followers/ids.json?user_id={}&{query}", data::id(0))
}

/// The token of a page anywhere in the longest list, on which all of the others stand.
fn anywhere(random: &mut Random, users: usize) -> String {
    let token = below(random, users, 1000).token();
    format!("pagination_token={}", String::from_utf8_lossy(&token))
}

/// A place in the longest list that has `page` followers below it, if there are so many.
fn below(random: &mut Random, users: usize, page: usize) -> Cursor {
    let slot = page.min(users / 2) + random.below(users / 2);
    Cursor::of(Place::Below(slot as u64))
}

/// Fields that an app-only token cannot see.
const PRIVATE: &[&str] = &["non_public_metrics", "organic_metrics", "promoted_metrics"];

impl Scenario {
    /// What is asked for, which is the same at every run.
    pub(super) fn targets(&self, users: usize) -> Vec<String> {
        let mut random = Random::new(1);
        (0..self.distinct).map(|_| (self.target)(&mut random, users)).collect()
    }
}

fn hundred_ids(random: &mut Random, users: usize) -> String {
    let ids: Vec<String> = (0..100).map(|_| data::id(random.below(users)).to_string()).collect();
    ids.join(",")
}

fn all_fields() -> String {
    let names = |words: &[Word]| {
        let known = words.iter().filter(|word| word.listed && word.vocabulary == Vocabulary::Tweet);
        let names: Vec<&str> = known.map(|word| word.name).filter(|name| !PRIVATE.contains(name)).collect();
        names.join(",")
    };
    format!("user.fields={}&tweet.fields={}&expansions=pinned_tweet_id", names(USER_FIELDS), names(TWEET_FIELDS))
}
