//! What lines of twarc2 say of accounts and posts.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use formats::Format;
use model::{
    AccountState, Observation, ReferenceKind, Timestamp, Tweet, TweetField, TweetId, User, UserId, UserMember,
    UserMembers,
};

const PAGES: &str = include_str!("data/twarc-pages.ndjson");

fn fallback() -> Timestamp {
    Timestamp::parse_iso("2000-01-01T00:00:00Z").unwrap()
}

fn read(line: &str) -> Vec<Observation> {
    Format::Twarc.read_line(line.as_bytes(), fallback()).unwrap()
}

fn error(line: &str) -> String {
    Format::Twarc.read_line(line.as_bytes(), fallback()).unwrap_err().to_string()
}

/// The observations of one line of the file.
fn page(number: usize) -> Vec<Observation> {
    read(PAGES.lines().nth(number).unwrap())
}

fn user(observation: &Observation) -> (&User, UserMembers) {
    match observation {
        Observation::User(user, speaks_of) => (user, *speaks_of),
        other => panic!("{other:?} is no user"),
    }
}

fn tweet(observation: &Observation) -> &Tweet {
    match observation {
        Observation::Tweet(tweet) => tweet,
        other => panic!("{other:?} is no Tweet"),
    }
}

#[test]
fn a_page_gives_its_users_at_the_time_of_its_retrieval() {
    let page = page(0);
    let (dev, _) = user(&page[0]);
    assert_eq!(dev.id, UserId::new(2_244_994_945));
    assert_eq!(dev.description, "The voice of the #TwitterDev team 🐳 @TwitterAPI");
    assert_eq!(dev.metrics.unwrap().followers, 513_868);
    assert_eq!(dev.pinned_tweet_id, Some(TweetId::new(1_255_542_774_432_063_488)));
    assert_eq!(dev.observed_at, Timestamp::parse_iso("2022-02-10T13:05:22Z").ok());
    assert!(dev.entities.as_ref().unwrap().as_str().contains(r#""display_url":"developer.twitter.com/en/community""#));
}

#[test]
fn a_member_that_one_user_of_the_page_has_is_spoken_of_for_all() {
    let page = page(0);
    let (twitter, speaks_of) = user(&page[1]);
    assert_eq!((twitter.location.as_deref(), twitter.pinned_tweet_id, &twitter.entities), (None, None, &None));
    for member in [UserMember::Location, UserMember::PinnedTweetId, UserMember::Entities, UserMember::Withheld] {
        assert!(speaks_of.contains(member), "{member:?}");
    }
    for member in [UserMember::MostRecentTweetId, UserMember::ProfileBannerUrl, UserMember::Affiliation] {
        assert!(!speaks_of.contains(member), "{member:?}");
    }
    assert_eq!(twitter.url, None, "an empty url is none");
    assert_eq!(twitter.withheld.as_ref().unwrap().country_codes[0].to_string(), "RU");
}

#[test]
fn a_default_page_speaks_of_no_optional_member() {
    let page = page(2);
    let (_, speaks_of) = user(&page[0]);
    assert_eq!(speaks_of, UserMembers::NONE);
}

#[test]
fn pinned_posts_come_with_their_members() {
    let page = page(0);
    let pinned = tweet(&page[2]);
    assert_eq!(pinned.author_id, Some(UserId::new(2_244_994_945)));
    assert_eq!(pinned.text, "During these unprecedented times &amp; so on");
    assert_eq!(pinned.public_metrics.unwrap().quotes, Some(12));
    let fields: Vec<TweetField> = pinned.members.iter().map(|(field, _)| *field).collect();
    let in_order = [TweetField::Entities, TweetField::Lang, TweetField::Source, TweetField::PossiblySensitive];
    assert_eq!(fields, in_order);
}

#[test]
fn errors_of_a_page_become_states_and_deleted_posts() {
    let at = Timestamp::parse_iso("2022-02-10T13:05:22Z").unwrap();
    let state = |id, state| Observation::State { id: Some(UserId::new(id)), username: None, state, at };
    let expected = [
        state(93_071_130, AccountState::Deactivated),
        state(481_186_914, AccountState::Suspended),
        Observation::TweetGone { id: TweetId::new(851_951_598_326_689_792), at },
    ];
    assert_eq!(page(0)[3..], expected, "and a post that may not be seen says nothing");
}

#[test]
fn digits_that_were_asked_for_as_a_username_are_one() {
    let page = page(1);
    let Observation::State { id, username, state, .. } = &page[0] else { panic!("{page:?}") };
    assert_eq!((*id, *state), (None, AccountState::Deactivated));
    assert_eq!(username.unwrap().as_str(), "12345");
}

#[test]
fn the_post_vocabulary_is_understood() {
    let page = page(3);
    let (jack, _) = user(&page[0]);
    assert_eq!((jack.metrics.unwrap().tweets, jack.pinned_tweet_id), (3, Some(TweetId::new(20))));
    let first = tweet(&page[1]);
    assert_eq!((first.references[0].kind, first.references[0].id), (ReferenceKind::RepliedTo, TweetId::new(19)));
    assert_eq!(first.members[0].0, TweetField::EditHistoryTweetIds);
    assert_eq!(tweet(&page[2]).text, "before");
}

#[test]
fn a_flattened_tweet_gives_the_users_and_tweets_inside() {
    let page = page(4);
    let (jack, speaks_of) = user(&page[0]);
    let entities = jack.entities.as_ref().unwrap().as_str();
    assert_eq!(entities, r#"{"description":{"hashtags":[{"start":0,"end":8,"tag":"bitcoin"}]}}"#);
    assert!(speaks_of.contains(UserMember::Entities), "computed, since the page has none");
    assert_eq!(user(&page[1]).0.username.as_str(), "biz");
    assert_eq!((tweet(&page[2]).text.as_str(), tweet(&page[3]).text.as_str()), ("flat", "inside"));
}

#[test]
fn an_empty_page_says_nothing() {
    assert_eq!(page(5), []);
    assert_eq!(read("  \r\n"), []);
}

#[test]
fn a_line_without_a_time_has_that_of_the_file() {
    let page = page(2);
    assert_eq!(user(&page[0]).0.observed_at, Some(fallback()));
}

#[test]
fn what_is_wrong_is_said_with_its_member() {
    let user = |members: &str| format!(r#"{{"data":[{{"id":"1","name":"a","username":"a",{members}}}]}}"#);
    let cases = [
        (user(r#""verified":"yes""#), r#"data[0].verified: invalid type: string "yes", expected a boolean"#),
        (
            user(r#""public_metrics":[]"#),
            "data[0].public_metrics: invalid type: sequence, expected an object of counts",
        ),
        (user(r#""public_metrics":{"followers_count":1}"#), "data[0].public_metrics: missing field `following_count`"),
        (
            user(r#""created_at":"yesterday""#),
            r#"data[0].created_at: "yesterday" is not a time such as "2013-12-14T04:35:55.000Z""#,
        ),
        (
            r#"{"id":"x1","name":"a","username":"a"}"#.into(),
            r#"id: "x1" is not an id: an id is 1 to 19 decimal digits"#,
        ),
        (r#"{"id":"1","text":"a","lang":5}"#.into(), "`lang` is not a string"),
        (r#"{"id":"1","name":"a""#.into(), "not valid JSON at column 20: EOF while parsing an object"),
        (
            r#"{"user":1}"#.into(),
            "expected an API v2 reply (`data`, `includes`, `errors`), a user (`username`) or a Tweet (`text`)",
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(error(&line), expected);
    }
}
