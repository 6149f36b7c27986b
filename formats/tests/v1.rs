//! What user objects of API v1.1 say.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use formats::Format;
use model::{Observation, ReferenceKind, Timestamp, Tweet, TweetField, TweetId, User, UserId, UserMember, UserMembers};

const USERS: &str = include_str!("data/v1-users.ndjson");

fn at() -> Timestamp {
    Timestamp::parse_iso("2021-02-09T00:00:00Z").unwrap()
}

fn read(line: &str) -> Vec<Observation> {
    Format::V1.read_line(line.as_bytes(), at()).unwrap()
}

fn error(line: &str) -> String {
    Format::V1.read_line(line.as_bytes(), at()).unwrap_err().to_string()
}

fn recorded(number: usize) -> (User, UserMembers, Tweet) {
    match read(USERS.lines().nth(number).unwrap()).as_slice() {
        [Observation::User(user, speaks_of), Observation::Tweet(tweet)] => (*user.clone(), *speaks_of, *tweet.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_recorded_user_keeps_all_that_v2_can_show() {
    let (twitter, speaks_of, _) = recorded(0);
    assert_eq!((twitter.id, twitter.username.as_str()), (UserId::new(783_214), "Twitter"));
    assert_eq!(twitter.created_at, Timestamp::parse_iso("2007-02-20T14:35:54.000Z").ok());
    assert_eq!(twitter.description, "What's happening?!");
    assert_eq!(twitter.location.as_deref(), Some("everywhere"));
    let metrics = twitter.metrics.unwrap();
    assert_eq!((metrics.followers, metrics.following, metrics.tweets, metrics.listed), (59_112_688, 0, 14_045, 87_117));
    assert_eq!(metrics.likes, Some(6_363));
    let image = "https://pbs.twimg.com/profile_images/1354479643882004483/Btnfm47p_normal.jpg";
    assert_eq!(twitter.profile_image_url.as_deref(), Some(image));
    assert_eq!(twitter.observed_at, Some(at()));
    let entities = concat!(
        r#"{"url":{"urls":[{"start":0,"end":23,"url":"https://t.co/TAXQpsHa5X","#,
        r#""expanded_url":"https://about.twitter.com/","display_url":"about.twitter.com"}]}}"#
    );
    assert_eq!(twitter.entities.unwrap().as_str(), entities);
    assert!(speaks_of.contains(UserMember::ProfileBannerUrl) && !speaks_of.contains(UserMember::PinnedTweetId));
}

#[test]
fn urls_of_a_bio_are_kept_and_the_other_kinds_extracted() {
    let (cnn, _, _) = recorded(1);
    let description = concat!(
        r#""description":{"urls":[{"start":115,"end":138,"url":"https://t.co/ceNBoNi8y6","#,
        r#""expanded_url":"http://cnn.com/apps","display_url":"cnn.com/apps"}],"#,
        r#""hashtags":[{"start":16,"end":24,"tag":"GoThere"}],"#,
        r#""mentions":[{"start":86,"end":93,"username":"CNNBRK"}]}}"#,
    );
    let entities = cnn.entities.unwrap();
    assert!(entities.as_str().ends_with(description), "{}", entities.as_str());
}

#[test]
fn members_that_only_v1_shows_are_kept_in_their_order() {
    let (twitter, _, _) = recorded(0);
    let members = twitter.v1_members.unwrap();
    let start = r#"{"utc_offset":null,"time_zone":null,"geo_enabled":true,"lang":null,"contributors_enabled":false,"#;
    assert!(members.as_str().starts_with(start), "{}", members.as_str());
    assert!(members.as_str().ends_with(r#""default_profile_image":false,"translator_type":"regular"}"#));
    assert!(!members.as_str().contains("following"), "that depends on who asked");
}

#[test]
fn the_embedded_status_becomes_the_most_recent_post() {
    let (twitter, speaks_of, status) = recorded(0);
    assert_eq!(twitter.most_recent_tweet_id, Some(status.id));
    assert!(speaks_of.contains(UserMember::MostRecentTweetId));
    assert_eq!((status.id, status.author_id), (TweetId::new(1_358_867_490_210_734_088), Some(twitter.id)));
    assert_eq!(status.references[0].kind, ReferenceKind::RepliedTo);
    let metrics = status.public_metrics.unwrap();
    assert_eq!((metrics.retweets, metrics.likes, metrics.quotes), (9, 786, None));
    let members: Vec<(TweetField, &str)> =
        status.members.iter().map(|(field, value)| (*field, value.as_str())).collect();
    let mention = r#"{"mentions":[{"start":0,"end":11,"username":"xxshibhuxx","id":"1315900388457934848"}]}"#;
    let expected = [
        (TweetField::InReplyToUserId, r#""1315900388457934848""#),
        (TweetField::Entities, mention),
        (TweetField::Lang, r#""en""#),
        (TweetField::Source, r#""Sprinklr""#),
    ];
    assert_eq!(members, expected);
}

#[test]
fn without_a_status_nothing_is_said_of_the_most_recent_post() {
    let observations = read(r#"{"id":1,"screen_name":"a","name":"A","status":null}"#);
    let [Observation::User(_, speaks_of)] = observations.as_slice() else { panic!("{observations:?}") };
    assert!(!speaks_of.contains(UserMember::MostRecentTweetId));
}

#[test]
fn an_array_and_a_page_give_each_of_their_users() {
    let user = r#"{"id":1,"screen_name":"a","name":"A"}"#;
    assert_eq!(read(&format!("[{user},{user}]")).len(), 2);
    assert_eq!(read(&format!(r#"{{"users":[{user}],"next_cursor":0}}"#)).len(), 1);
}

#[test]
fn withheld_countries_become_withheld() {
    let observations = read(
        r#"{"id_str":"1","screen_name":"a","name":"A","withheld_in_countries":["DE","FR"],"withheld_scope":"user"}"#,
    );
    let Observation::User(user, _) = &observations[0] else { panic!("{observations:?}") };
    let withheld = user.withheld.as_ref().unwrap();
    assert_eq!((withheld.country_codes.len(), withheld.whole_account), (2, true));
}

#[test]
fn a_protocol_of_images_is_https() {
    let observations = read(r#"{"id":1,"screen_name":"a","name":"A","profile_image_url":"http://x/y_normal.png"}"#);
    let Observation::User(user, _) = &observations[0] else { panic!("{observations:?}") };
    assert_eq!(user.profile_image_url.as_deref(), Some("https://x/y_normal.png"));
}

#[test]
fn what_is_wrong_is_said_with_its_member() {
    let cases = [
        (
            r#"{"id":1,"screen_name":"a","name":"A","followers_count":-1}"#,
            "followers_count: invalid type: integer `-1`, expected a count: a whole number from 0",
        ),
        (
            r#"{"users":[{"id":1,"screen_name":"a b","name":"A"}]}"#,
            r#"users[0].screen_name: "a b" is not a username: 1 to 20 letters, digits or underscores"#,
        ),
        (r#"{"id":1,"screen_name":"a"}"#, "missing field `name`"),
        (
            r#"{"id":18446744073709551615,"screen_name":"a","name":"A"}"#,
            "id: 18446744073709551615 is not an id: an id is 1 to 19 decimal digits",
        ),
        (r#"{"data":[]}"#, "expected a v1.1 user (`screen_name`), an array of users, or `{\"users\":[…]}`"),
        (r#"{"id":1,"screen_name":"a","name":"A"} x"#, "not valid JSON at column 39: trailing characters"),
    ];
    for (line, expected) in cases {
        assert_eq!(error(line), expected);
    }
}
