//! The sample is whole: every line is read, nothing stands twice, and every account
//! that its README names is what it says.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};

use formats::Format;
use model::{AccountState, Observation, Timestamp, Tweet, TweetField, TweetId, User, UserId, UserMember, UserMembers};
use serde_json::Value;

#[expect(dead_code, reason = "the program around the generator is not called here")]
#[path = "../examples/make_sample.rs"]
mod make_sample;

const README: &str = include_str!("../../sample/README.md");
const PROFILES: &str = include_str!("../../sample/legislators-profiles.jsonl");
const FILES: [&str; 4] = [
    include_str!("../../sample/accounts.jsonl"),
    include_str!("../../sample/awkward.jsonl"),
    include_str!("../../sample/posts.jsonl"),
    PROFILES,
];

fn sample() -> (BTreeMap<UserId, User>, BTreeMap<TweetId, Tweet>) {
    let (mut users, mut tweets) = (BTreeMap::new(), BTreeMap::new());
    for line in FILES.iter().flat_map(|file| file.lines()) {
        let read = Format::Native.read_line(line.as_bytes(), Timestamp::MIN);
        for observation in read.unwrap_or_else(|error| panic!("{error}: {line}")) {
            let twice = match observation {
                Observation::User(user, _) => users.insert(user.id, *user).is_some(),
                Observation::Tweet(tweet) => tweets.insert(tweet.id, *tweet).is_some(),
                other => panic!("{other:?}"),
            };
            assert!(!twice, "an id stands twice: {line}");
        }
    }
    (users, tweets)
}

fn user(users: &BTreeMap<UserId, User>, username: &str) -> User {
    users.values().find(|user| user.username.as_str() == username).unwrap().clone()
}

/// The rows of the README's tables that begin with an id.
fn rows() -> Vec<(u64, Vec<&'static str>)> {
    let cells = |line: &'static str| line.split('|').map(str::trim).collect::<Vec<_>>();
    README.lines().map(cells).filter_map(|cells| Some((cells.get(1)?.parse().ok()?, cells))).collect()
}

#[test]
fn usernames_differ_by_more_than_letter_case() {
    let (users, _) = sample();
    let names: BTreeSet<_> = users.values().map(|user| user.username.key()).collect();
    assert_eq!(names.len(), users.len());
    assert_eq!(users.len(), 14 + 18 + 409);
}

#[test]
fn every_id_of_the_readme_exists() {
    let (users, tweets) = sample();
    let rows = rows();
    assert_eq!(rows.len(), 14 + 18 + 5);
    for (id, cells) in rows {
        if cells.len() == 5 {
            let user = users.get(&UserId::new(id)).unwrap_or_else(|| panic!("no user {id}"));
            assert_eq!(Some(&user.username.as_str()), cells.get(2));
        } else {
            assert!(tweets.contains_key(&TweetId::new(id)), "no post {id}");
        }
    }
}

#[test]
fn every_made_up_account_says_so() {
    let (users, _) = sample();
    for user in users.values() {
        let documented = FILES.first().unwrap().contains(&format!("\"id\":\"{}\"", user.id))
            && user.id.get() < 9_000_000_000_000_000_000;
        assert_eq!(user.synthetic, !documented, "{}", user.username);
    }
}

#[test]
fn posts_that_accounts_refer_to_exist_unless_they_are_deleted() {
    let (users, tweets) = sample();
    for user in users.values() {
        for id in [user.pinned_tweet_id, user.most_recent_tweet_id].into_iter().flatten() {
            let known = tweets.contains_key(&id);
            assert_eq!(known, user.username.as_str() != "pinned_deleted", "{} of {}", id, user.username);
        }
    }
    for tweet in tweets.values() {
        assert!(users.contains_key(&tweet.author_id.unwrap()), "author of {}", tweet.id);
        for reference in &tweet.references {
            assert!(tweets.contains_key(&reference.id), "{} refers to {}", tweet.id, reference.id);
        }
    }
}

#[test]
fn one_post_carries_every_field() {
    let (users, tweets) = sample();
    let owner = user(&users, "birdbox_owner");
    let post = tweets.get(&owner.pinned_tweet_id.unwrap()).unwrap();
    assert_eq!(post.author_id, Some(owner.id));
    let members = post.members.iter().fold(Tweet::TYPED, |fields, (field, _)| fields | field.bit());
    let missing: Vec<_> = TweetField::ALL.iter().filter(|field| members & field.bit() == 0).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(post.created_at.is_some() && post.public_metrics.is_some() && !post.references.is_empty());
}

#[test]
fn retweets_are_cut_at_140_characters() {
    let (_, tweets) = sample();
    let retweets: Vec<_> = tweets.values().filter(|tweet| tweet.text.starts_with("RT @")).collect();
    assert_eq!(retweets.len(), 2);
    for retweet in retweets {
        assert_eq!((retweet.text.chars().count(), retweet.text.ends_with('…')), (140, true));
    }
}

#[test]
fn awkward_accounts_are_what_their_names_say() {
    let (users, tweets) = sample();
    let user = |name| user(&users, name);
    assert!(user("protected_user").protected);
    assert_eq!(user("suspended_user").state, AccountState::Suspended);
    assert_eq!(user("deactivated_usr").state, AccountState::Deactivated);
    assert!(!user("withheld_in_de").withheld.unwrap().whole_account);
    assert!(user("withheld_whole").withheld.unwrap().whole_account);
    assert_eq!(user("exactly_fifteen").username.as_str().len(), 15);
    assert_eq!(user("fifty_in_a_name").name.chars().count(), 50);
    assert!(!user("historical_long_name").username.can_be_requested());
    let hidden = tweets.get(&user("pins_protected").pinned_tweet_id.unwrap()).unwrap();
    assert_eq!(hidden.author_id, Some(user("protected_user").id));

    let none = user("no_optional");
    let bare = User { observed_at: none.observed_at, synthetic: true, ..User::new(none.id, none.username, &none.name) };
    assert_eq!(none, bare);
    let every = user("every_optional");
    assert_eq!(every.affiliation.as_ref().unwrap().user_ids, [UserId::new(9_000_000_000_000_000_001)]);
    for member in UserMember::ALL {
        let mut without = every.clone();
        without.update_from(User::new(every.id, every.username, ""), UserMembers::NONE.with(*member));
        // Taking a member over takes these as well.
        without.name.clone_from(&every.name);
        (without.observed_at, without.synthetic) = (every.observed_at, every.synthetic);
        assert!(without != every || *member == UserMember::Protected, "every_optional has no {member:?}");
    }
}

#[test]
fn entities_lie_where_they_say() {
    let (users, tweets) = sample();
    let bios = users.values().filter_map(|user| {
        let entities: Value = serde_json::from_str(user.entities.as_ref()?.as_str()).unwrap();
        Some((&user.description, entities.get("description")?.clone()))
    });
    let posts = tweets.values().filter_map(|tweet| {
        let (_, entities) = tweet.members.iter().find(|(field, _)| *field == TweetField::Entities)?;
        Some((&tweet.text, serde_json::from_str(entities.as_str()).unwrap()))
    });
    let mut kinds = BTreeMap::new();
    for (text, entities) in bios.chain(posts) {
        for (kind, items) in entities.as_object().unwrap() {
            for item in items.as_array().unwrap() {
                let member = |name| item.get(name);
                let said = member("tag").or(member("username")).or(member("url")).or(member("normalized_text"));
                let at = |name| member(name).and_then(Value::as_u64).unwrap() as usize;
                // The end of an annotation is the only one that X counts in.
                let end = at("end") + usize::from(kind == "annotations");
                let range: String = text.chars().skip(at("start")).take(end - at("start")).collect();
                let said = said.and_then(Value::as_str).unwrap();
                assert!(range.ends_with(said) && range.chars().count() <= said.chars().count() + 1, "{item} in {text}");
                *kinds.entry(kind.clone()).or_insert(0) += 1;
            }
        }
    }
    let kinds: Vec<&str> = kinds.keys().map(String::as_str).collect();
    assert_eq!(kinds, ["annotations", "cashtags", "hashtags", "mentions", "urls"]);
}

#[test]
fn the_profiles_are_what_the_generator_makes() {
    let made = make_sample::profiles(include_str!("../../sample/legislators.jsonl")).unwrap();
    assert!(made == PROFILES.as_bytes(), "run: cargo run -p formats --example make_sample");
}
