//! That users are the same again, unlike one another, and such as real ones are.

use std::collections::HashSet;
use std::hash::Hash;

use formats::{Format, entities, native};
use model::{AccountState, Observation, Timestamp, UserMembers, VerifiedType};

use super::birth::{END_MS, snowflake_ms};
use super::*;

const USERS: u32 = 100_000;

fn users(count: u32) -> impl Iterator<Item = User> {
    let generator = Generator::new(1);
    (0..count).map(move |number| generator.user(number))
}

fn are_unique<T: Hash + Eq>(keys: impl Iterator<Item = T>) -> bool {
    let mut seen = HashSet::new();
    keys.into_iter().all(|key| seen.insert(key))
}

#[test]
fn a_user_depends_on_the_seed_and_its_number_alone() {
    let again: Vec<_> = (0..100).rev().map(|number| Generator::new(1).user(number)).collect();
    assert!(users(100).eq(again.into_iter().rev()));
    assert_ne!(Generator::new(2).user(0), Generator::new(1).user(0));
}

#[test]
fn ids_and_usernames_are_unique_and_valid() {
    assert!(are_unique(users(USERS).map(|user| user.id)));
    assert!(are_unique(users(USERS).map(|user| user.username.key())));
    assert!(are_unique(users(USERS).filter_map(|user| user.pinned_tweet_id)));
    assert!(users(USERS).all(|user| user.username.can_be_requested() && user.username.as_str().len() >= 4));
    let last = Generator::new(1).user(MAX_USERS - 1);
    assert!(last.username.can_be_requested() && last.id.get() > 0);
}

#[test]
fn every_line_is_read_back_as_it_is() {
    let generator = Generator::new(3);
    for user in (0..5000).map(|number| generator.user(number)) {
        let post = generator.pinned_post(&user);
        assert_eq!(post.as_ref().map(|post| post.id), user.pinned_tweet_id);
        let mut lines = Vec::new();
        native::write_user(&user, &mut lines);
        let read = Format::Native.read_line(&lines, Timestamp::MIN).unwrap();
        assert_eq!(read, [Observation::User(Box::new(user), UserMembers::ALL)]);
        if let Some(post) = post {
            lines.clear();
            native::write_tweet(&post, &mut lines);
            let read = Format::Native.read_line(&lines, Timestamp::MIN).unwrap();
            assert_eq!(read, [Observation::Tweet(Box::new(post))]);
        }
    }
}

#[test]
fn entities_are_those_that_the_texts_contain() {
    let of_texts = |user: &User| entities::of_profile(user.url.as_deref(), &user.description);
    let (mut with_urls, mut others) = (0, 0);
    for user in users(5000) {
        let Some(own) = &user.entities else {
            assert_eq!(of_texts(&user), None, "{user:?}");
            continue;
        };
        let found = of_texts(&user).unwrap();
        if own.as_str().contains("expanded_url") {
            with_urls += 1;
            assert_eq!(without_targets(own.as_str()), found.as_str());
        } else {
            others += 1;
            assert_eq!(*own, found);
        }
    }
    assert!(with_urls > 100 && others > 100);
}

/// The entities without where links lead, which no text says.
fn without_targets(json: &str) -> String {
    let mut parts = json.split(r#","expanded_url":"#);
    let first = parts.next().unwrap().to_owned();
    parts
        .fold(first, |out, part| out + part.split_once("\"}").map(|(_, rest)| ["}", rest].concat()).as_deref().unwrap())
}

#[test]
fn every_feature_has_its_share() {
    let users: Vec<_> = users(USERS).collect();
    let share = |has: &dyn Fn(&User) -> bool| users.iter().filter(|user| has(user)).count() as u64 * 1000;
    let near = |what: &str, expected: u64, has: &dyn Fn(&User) -> bool| {
        let (share, expected) = (share(has), expected * u64::from(USERS));
        assert!(share.abs_diff(expected) < expected / 10 + 50_000, "{what}: {share} of {expected}");
    };
    near("bio", permille::BIO, &|user| !user.description.is_empty());
    near("location", permille::LOCATION, &|user| user.location.is_some());
    near("url", permille::LINK, &|user| user.url.is_some());
    near("pinned", permille::PINNED, &|user| user.pinned_tweet_id.is_some());
    near("banner", permille::BANNER, &|user| user.profile_banner_url.is_some());
    near("protected", permille::PROTECTED, &|user| user.protected);
    near("verified", permille::VERIFIED, &|user| user.verified && user.verified_type != Some(VerifiedType::None));
    near("suspended", permille::SUSPENDED, &|user| user.state == AccountState::Suspended);
    near("deactivated", permille::DEACTIVATED, &|user| user.state == AccountState::Deactivated);
    near("withheld", permille::WITHHELD, &|user| user.withheld.is_some());
    near("a name beyond ASCII", 390, &|user| !user.name.is_ascii());
    assert!(users.iter().all(|user| user.synthetic && user.observed_at.is_some() && user.metrics.is_some()));
    assert!(users.iter().all(|user| user.name.chars().count() <= 50 && user.description.chars().count() <= 160));
    assert!(users.iter().any(|user| user.description.chars().count() > 150));
}

#[test]
fn times_follow_one_another() {
    for user in users(USERS) {
        let created = user.created_at.unwrap().unix_ms();
        assert!(created >= 1_142_899_200_000, "{user:?}");
        let posts = [user.pinned_tweet_id, user.most_recent_tweet_id].into_iter().flatten();
        let mut before = created;
        for at in posts.map(|post| snowflake_ms(post.get()) as i64) {
            assert!(at >= before && at < END_MS as i64, "{user:?}");
            before = at;
        }
    }
}
