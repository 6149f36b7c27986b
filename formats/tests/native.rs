//! The native form loses nothing, and says what it does not understand.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use formats::{Format, native};
use model::{
    AccountState, Affiliation, CountryCode, Gender, Observation, RawJson, Reference, ReferenceKind, SubscriptionType,
    Timestamp, Tweet, TweetField, TweetId, TweetMetrics, User, UserId, UserMembers, UserMetrics, Username,
    VerifiedType, Withheld,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

fn at() -> Timestamp {
    Timestamp::parse_iso("2026-01-01T00:00:00Z").unwrap()
}

fn read(line: &[u8]) -> Observation {
    let mut observations = Format::Native.read_line(line, at()).unwrap();
    assert_eq!(observations.len(), 1);
    observations.remove(0)
}

fn error(line: &str) -> String {
    Format::Native.read_line(line.as_bytes(), at()).unwrap_err().to_string()
}

fn text() -> impl Strategy<Value = String> {
    "\\PC{0,20}|[\u{0}-\u{20}\"\\\\/🐳é#@$a]{0,12}"
}

fn time() -> impl Strategy<Value = Timestamp> {
    (Timestamp::MIN.unix_ms()..=Timestamp::MAX.unix_ms()).prop_map(Timestamp::from_unix_ms)
}

fn id() -> impl Strategy<Value = u64> {
    0..10_000_000_000_000_000_000_u64
}

fn count() -> impl Strategy<Value = u64> {
    prop_oneof![0..100_u64, any::<u64>()]
}

fn object() -> impl Strategy<Value = RawJson> {
    select(vec![
        r"{}",
        r#"{"a":[1,-2,1.5,null,true,{"b":"/é\uD83D\uDC33\n"}],"c":{}}"#,
        r#"{"url":{"urls":[{"start":0,"end":23,"url":"https://t.co/abcdefghij"}]}}"#,
    ])
    .prop_map(RawJson::from_compact)
}

fn affiliation() -> impl Strategy<Value = Affiliation> {
    vec(id().prop_map(UserId::new), 0..3).prop_map(|user_ids| {
        let ids: Vec<String> = user_ids.iter().map(|id| format!("\"{id}\"")).collect();
        let json = format!(r#"{{"badge_url":"https://x/y","user_id":[{}]}}"#, ids.join(","));
        Affiliation { json: RawJson::from_compact(json), user_ids }
    })
}

fn withheld() -> impl Strategy<Value = Withheld> {
    (vec("[A-Z]{2}", 0..3), any::<bool>()).prop_map(|(codes, whole_account)| {
        let country_codes = codes.iter().map(|code| code.parse::<CountryCode>().unwrap()).collect();
        Withheld { country_codes, whole_account }
    })
}

fn metrics() -> impl Strategy<Value = UserMetrics> {
    (count(), count(), count(), count(), of(count()), of(count())).prop_map(
        |(followers, following, tweets, listed, likes, media)| UserMetrics {
            followers,
            following,
            tweets,
            listed,
            likes,
            media,
        },
    )
}

fn word<T: Copy + std::fmt::Debug + 'static>(words: &[(T, &str)]) -> impl Strategy<Value = T> + use<T> {
    select(words.iter().map(|(word, _)| *word).collect::<Vec<T>>())
}

prop_compose! {
    fn user()(
        (id, username, name, state) in (id(), "[A-Za-z0-9_]{1,20}", text(), word(AccountState::ALL)),
        (created_at, observed_at) in (of(time()), of(time())),
        (description, location, url, entities) in (text(), of(text()), of(text()), of(object())),
        (pinned, most_recent) in (of(id()), of(id())),
        (profile_image_url, profile_banner_url, confirmed_email) in (of(text()), of(text()), of(text())),
        (protected, verified, synthetic) in (any::<bool>(), any::<bool>(), any::<bool>()),
        (identity_verified, parody, verified_type) in (of(any::<bool>()), of(any::<bool>()), of(word(VerifiedType::ALL))),
        (metrics, verified_followers) in (of(metrics()), of(count())),
        subscription_type in word(SubscriptionType::ALL),
        (affiliation, withheld, v1_members) in (of(affiliation()), of(withheld()), of(object())),
        gender in of(word(Gender::ALL)),
    ) -> User {
        User {
            id: UserId::new(id),
            username: username.parse::<Username>().unwrap(),
            name,
            state,
            created_at,
            description,
            location,
            url,
            entities,
            pinned_tweet_id: pinned.map(TweetId::new),
            most_recent_tweet_id: most_recent.map(TweetId::new),
            profile_image_url,
            profile_banner_url,
            protected,
            verified,
            verified_type,
            metrics,
            verified_followers,
            identity_verified,
            parody,
            subscription_type,
            confirmed_email,
            affiliation,
            withheld,
            v1_members,
            gender,
            observed_at,
            synthetic,
        }
    }
}

/// A value that a member may have.
fn value(field: TweetField) -> RawJson {
    RawJson::from_compact(match field {
        TweetField::PossiblySensitive | TweetField::PaidPartnership => "true",
        TweetField::EditHistoryTweetIds | TweetField::ContextAnnotations | TweetField::DisplayTextRange => "[1]",
        TweetField::ConversationId
        | TweetField::InReplyToUserId
        | TweetField::Lang
        | TweetField::ReplySettings
        | TweetField::Source
        | TweetField::CardUri
        | TweetField::CommunityId => r#""text\uD83D\uDC33""#,
        _ => r#"{"a":"b"}"#,
    })
}

prop_compose! {
    fn tweet()(
        (id, text, author, created_at, observed_at) in (id(), text(), of(id()), of(time()), of(time())),
        metrics in of((count(), count(), count(), of(count()), of(count()), of(count()))),
        references in vec((word(ReferenceKind::ALL), id()), 0..3),
        fields in any::<u64>(),
    ) -> Tweet {
        let is_member = |field: &TweetField| fields & field.bit() != 0 && Tweet::TYPED & field.bit() == 0;
        Tweet {
            id: TweetId::new(id),
            text,
            author_id: author.map(UserId::new),
            created_at,
            public_metrics: metrics.map(|(retweets, replies, likes, quotes, bookmarks, impressions)| TweetMetrics {
                retweets, replies, likes, quotes, bookmarks, impressions,
            }),
            references: references.into_iter().map(|(kind, id)| Reference { kind, id: TweetId::new(id) }).collect(),
            v1_members: Some(RawJson::from_compact(r#"{"truncated":true}"#)),
            members: TweetField::ALL.iter().copied().filter(is_member).map(|field| (field, value(field))).collect(),
            observed_at,
        }
    }
}

proptest! {
    #[test]
    fn users_are_read_as_they_were_written(user in user()) {
        let mut line = Vec::new();
        native::write_user(&user, &mut line);
        prop_assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        prop_assert_eq!(read(&line), Observation::User(Box::new(user), UserMembers::ALL));
    }

    #[test]
    fn tweets_are_read_as_they_were_written(tweet in tweet()) {
        let mut line = Vec::new();
        native::write_tweet(&tweet, &mut line);
        prop_assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        prop_assert_eq!(read(&line), Observation::Tweet(Box::new(tweet)));
    }
}

#[test]
fn members_at_their_default_are_left_out() {
    let mut line = Vec::new();
    native::write_user(&User::new(UserId::new(1), "a".parse().unwrap(), "A"), &mut line);
    assert_eq!(line, b"{\"user\":{\"id\":\"1\",\"username\":\"a\",\"name\":\"A\",\"observed_at\":null}}\n");
}

#[test]
fn a_line_written_by_hand_is_completed() {
    let Observation::User(user, speaks_of) =
        read(br##"{"user":{"id":"1","username":"a","name":"A","description":"#tag"}}"##)
    else {
        panic!("no user")
    };
    assert_eq!(user.observed_at, Some(at()));
    assert!(user.entities.is_some());
    assert_eq!(speaks_of, UserMembers::ALL);
}

#[test]
fn what_is_wrong_is_said_with_its_member() {
    let user = |members: &str| format!(r#"{{"user":{{"id":"1","username":"a","name":"A",{members}}}}}"#);
    let cases = [
        (user(r#""pined_tweet_id":"1""#), "user: unknown member `pined_tweet_id`; did you mean `pinned_tweet_id`?"),
        (user(r#""followers":1"#), "user: unknown member `followers`"),
        (
            user(r#""public_metrics":{"folowers_count":1}"#),
            "user.public_metrics: unknown member `folowers_count`; did you mean `followers_count`?",
        ),
        (user(r#""state":"banned""#), r#"user.state: "banned" is not one of "active", "suspended", "deactivated""#),
        (user(r#""entities":[]"#), "user.entities: invalid type: sequence, expected an object"),
        (
            user(r#""affiliation":{"user_id":["x"]}"#),
            "user: `affiliation.user_id` is not a list of ids of 1 to 19 decimal digits",
        ),
        (
            r#"{"tweet":{"id":"1","text":"a","langs":"en"}}"#.into(),
            "tweet: unknown member `langs`; did you mean `lang`?",
        ),
        (r#"{"usr":{}}"#.into(), "unknown member `usr`; did you mean `user`?"),
        (r"{}".into(), "an empty object; expected a member `user` or `tweet`"),
        (r"[]".into(), r#"invalid type: sequence, expected {"user":{…}} or {"tweet":{…}}"#),
        (r#"{"user":{"id":"1","username":"a","#.into(), "not valid JSON at column 33: EOF while parsing a value"),
    ];
    for (line, expected) in cases {
        assert_eq!(error(&line), expected);
    }
}
