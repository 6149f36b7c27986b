//! Every field, alone and together, of accounts that have everything and nothing.
//!
//! `data/replies.txt` holds blocks of three lines: a claim, a path with its query
//! (then `viewer` if user 1 is signed in, or a host), and the whole body.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use model::{
    ImageUrl, JsonStr, Relation, SubscriptionType, Timestamp, TweetField, TweetId, TweetMetrics, TweetRef, UserId,
    UserMetrics, UserRef, VerifiedType,
};
use xapi::{
    Cursor, Expansion, Following, IncludedTweet, Keys, Meta, Page, Problem, Route, ShownUser, Style, TweetExpansion,
    Viewer,
};

fn json(text: &'static str) -> JsonStr<'static> {
    JsonStr::from_escaped(text.as_bytes())
}

/// User 2: nothing but a name.
fn bare() -> UserRef<'static> {
    UserRef::new(UserId::new(2), json("bob"), json("Bob"))
}

/// User 1: everything.
fn full() -> UserRef<'static> {
    UserRef {
        id: UserId::new(1),
        username: json("Ann_1"),
        name: json(r#"Ann & \"Co\" \uD83D\uDC33"#),
        created_at: Timestamp::parse_iso("2013-12-14T04:35:55.000Z").ok(),
        description: json("Bio <b> & #tag"),
        location: Some(json("Berlin")),
        url: Some(json("https://t.co/a")),
        entities: Some(br#"{"description":{"hashtags":[{"start":10,"end":14,"tag":"tag"}]}}"#),
        pinned_tweet_id: Some(TweetId::new(10)),
        most_recent_tweet_id: Some(TweetId::new(11)),
        profile_image_url: Some(ImageUrl { before: "https://pbs.twimg.com/", middle: json("a"), after: "_normal.jpg" }),
        profile_banner_url: Some(ImageUrl {
            before: "https://pbs.twimg.com/profile_banners/",
            middle: json("1/2"),
            after: "",
        }),
        verified: true,
        verified_type: Some(VerifiedType::Blue),
        metrics: UserMetrics { followers: 11, following: 12, tweets: 13, listed: 14, likes: Some(15), media: Some(16) },
        verified_followers: Some(7),
        identity_verified: Some(true),
        parody: Some(false),
        subscription_type: SubscriptionType::Premium,
        confirmed_email: Some(json("ann@example.org")),
        affiliation: Some(br#"{"badge_url":"https://b","description":"Org","url":"https://o","user_id":["3"]}"#),
        affiliation_user_ids: &[3, 0, 0, 0, 0, 0, 0, 0],
        withheld_country_codes: b"INRU",
        v1_members: Some(br#"{"geo_enabled":true}"#),
        ..bare()
    }
}

/// User 3: the organisation of user 1, protected and withheld as a whole.
fn organisation() -> UserRef<'static> {
    UserRef {
        id: UserId::new(3),
        username: json("org"),
        name: json("Org"),
        protected: true,
        withheld_whole_account: true,
        ..bare()
    }
}

/// The members of post 10 that have no place of their own, each `{"is":"<name>"}` but
/// for those whose form matters, in the packing of [`TweetRef::packed_members`].
fn packed_members() -> Vec<u8> {
    let mut packed = Vec::new();
    for &field in TweetField::ALL.iter().filter(|field| model::Tweet::TYPED & field.bit() == 0) {
        let value = match field {
            TweetField::EditHistoryTweetIds => r#"["9","10"]"#.to_owned(),
            TweetField::ConversationId => r#""10""#.to_owned(),
            TweetField::InReplyToUserId => r#""4""#.to_owned(),
            other => format!("{{\"is\":\"{}\"}}", other.name()),
        };
        packed.push(field as u8);
        packed.extend_from_slice(&u32::try_from(value.len()).unwrap().to_le_bytes());
        packed.extend_from_slice(value.as_bytes());
    }
    packed
}

/// Three references: kind and id.
const REFERENCES: [[u8; 9]; 3] =
    [[0, 20, 0, 0, 0, 0, 0, 0, 0], [1, 21, 0, 0, 0, 0, 0, 0, 0], [2, 22, 0, 0, 0, 0, 0, 0, 0]];

/// Post 10 with every member, or post 11 with next to none.
fn post(expansion: TweetExpansion, packed_members: &[u8]) -> TweetRef<'_> {
    match expansion {
        TweetExpansion::Pinned => TweetRef {
            id: TweetId::new(10),
            text: json(r"Hi &amp; bye \uD83D\uDC33"),
            author_id: Some(UserId::new(1)),
            created_at: Timestamp::parse_iso("2020-04-29T17:01:38.000Z").ok(),
            public_metrics: Some(TweetMetrics {
                retweets: 1,
                replies: 2,
                likes: 3,
                quotes: Some(4),
                bookmarks: Some(5),
                impressions: Some(6),
            }),
            packed_references: REFERENCES.as_flattened(),
            packed_members,
        },
        TweetExpansion::MostRecent => TweetRef {
            id: TweetId::new(11),
            text: json(""),
            author_id: None,
            created_at: None,
            public_metrics: Some(TweetMetrics::default()),
            packed_references: &[],
            packed_members: &[],
        },
    }
}

/// Answers as a server would that knows these users and posts.
fn answer(target: &str, host: &str, viewer: Option<Viewer>) -> String {
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let Route::Found { operation, values } = xapi::route("GET", path, xapi::TWEET_BINDER_PREFIX) else {
        panic!("{target} leads nowhere")
    };
    let lookup = xapi::parse_lookup(operation, values.key, query, Style::default().for_host(host)).unwrap();
    let Keys::Ids(keys) = &lookup.keys else { panic!("{target} asks for no ids") };
    let is_list = target.contains("?ids=");
    let packed = packed_members();
    // The viewer follows everybody but itself, and whom it does not follow is nobody here.
    let following = Relation { following: true, ..Relation::default() };
    let relation =
        |user: UserRef<'_>| viewer.map(|viewer| if viewer.user == user.id { Relation::default() } else { following });
    let shown = |user| ShownUser { user, relation: relation(user) };
    let mut page = Page {
        view: &lookup.view,
        viewer,
        is_list,
        found: Vec::new(),
        users: Vec::new(),
        tweets: Vec::new(),
        problems: Vec::new(),
        meta: None,
    };
    for (at, id) in keys.parsed().iter().enumerate() {
        match [full(), bare(), organisation()].into_iter().find(|user| user.id == *id) {
            Some(user) => page.found.push(shown(user)),
            None => {
                page.problems.push(Problem::user_not_found(if is_list { "ids" } else { "id" }, keys.spelling(at)));
            }
        }
    }
    if page.found.iter().any(|shown| shown.user.id == UserId::new(1)) {
        page.users.extend(lookup.view.expands(Expansion::Affiliation).then(|| shown(organisation())));
        for expansion in lookup.view.tweet_expansions() {
            let tweet = post(expansion, &packed);
            if viewer.is_none() {
                let parameter = lookup.view.parameter_of(expansion);
                page.problems.extend(lookup.view.private_metric_problems(parameter, tweet.id));
            }
            page.tweets.push(IncludedTweet { tweet, author: UserId::new(1) });
        }
    }
    let mut body = b"before".to_vec();
    xapi::write_page(&page, &mut body);
    String::from_utf8(body).unwrap().strip_prefix("before").unwrap().to_owned()
}

/// The body of a list of user 2, with these neighbours.
fn list(found: &[UserRef<'_>], next: Option<i64>, previous: Option<i64>) -> String {
    let Route::Found { operation, values } = xapi::route("GET", "/2/users/9/followers", xapi::TWEET_BINDER_PREFIX)
    else {
        panic!("no row")
    };
    let list = xapi::parse_list(operation, values, None, Style::default().for_host("a")).unwrap();
    let cursor = |number: Option<i64>| number.and_then(Cursor::from_number);
    let page = Page {
        view: &list.view,
        viewer: None,
        is_list: true,
        found: found.iter().map(|user| ShownUser { user: *user, relation: None }).collect(),
        users: Vec::new(),
        tweets: Vec::new(),
        problems: Vec::new(),
        meta: Some(Meta { next: cursor(next), previous: cursor(previous) }),
    };
    let mut body = Vec::new();
    xapi::write_page(&page, &mut body);
    String::from_utf8(body).unwrap()
}

#[test]
fn lists_end_with_their_count_and_the_tokens_of_their_neighbours() {
    let bob = r#"{"data":[{"id":"2","name":"Bob","username":"bob"}],"meta":{"result_count":1"#;
    let (next, previous) = (Some(1_652_232_205_509_188_715), Some(-1_624_548_662_715_619_387));
    let tokens = r#","next_token":"DFEDBNRFT3MHCZZZ","previous_token":"ONJNUDKPE5QEIZZZ"}}"#;
    assert_eq!(list(&[bare()], next, previous), format!("{bob}{tokens}"));
    assert_eq!(list(&[bare()], None, None), format!("{bob}}}}}"));
    assert_eq!(list(&[], None, None), r#"{"meta":{"result_count":0}}"#);
    assert_eq!(list(&[], None, previous), r#"{"meta":{"result_count":0,"previous_token":"ONJNUDKPE5QEIZZZ"}}"#);
}

#[test]
fn follows_are_answered_in_the_words_of_x() {
    for (following, expected) in [
        (Following::Yes, r#"{"data":{"following":true,"pending_follow":false}}"#),
        (Following::Pending, r#"{"data":{"following":false,"pending_follow":true}}"#),
        (Following::No, r#"{"data":{"following":false}}"#),
    ] {
        let mut body = Vec::new();
        xapi::write_following(following, &mut body);
        assert_eq!(String::from_utf8(body).unwrap(), expected);
    }
}

#[test]
fn connections_stand_in_the_order_of_x() {
    let Route::Found { operation, values } = xapi::route("GET", "/2/users/2", xapi::TWEET_BINDER_PREFIX) else {
        panic!("no row")
    };
    let query = Some("user.fields=connection_status,receives_your_dm");
    let lookup = xapi::parse_lookup(operation, values.key, query, Style::default().for_host("a")).unwrap();
    let none = Relation::default();
    let all = Relation {
        following: true,
        followed_by: true,
        follow_request_sent: true,
        follow_request_received: true,
        blocking: true,
        blocked_by: true,
        muting: true,
    };
    let every = r#""follow_request_received","follow_request_sent","blocking","followed_by","following","muting""#;
    for (relation, words, receives) in [
        (none, "", false),
        (all, every, false),
        (Relation { followed_by: true, ..none }, r#""followed_by""#, true),
        (Relation { followed_by: true, blocked_by: true, ..none }, r#""followed_by""#, false),
    ] {
        let mut page = Page {
            view: &lookup.view,
            viewer: None,
            is_list: false,
            found: vec![ShownUser { user: bare(), relation: Some(relation) }],
            users: Vec::new(),
            tweets: Vec::new(),
            problems: Vec::new(),
            meta: None,
        };
        let mut body = Vec::new();
        xapi::write_page(&page, &mut body);
        let expected = format!(
            r#"{{"data":{{"id":"2","name":"Bob","username":"bob","connection_status":[{words}],"receives_your_dm":{receives}}}}}"#
        );
        assert_eq!(String::from_utf8(body).unwrap(), expected);
        page.found = vec![ShownUser { user: bare(), relation: None }];
        let mut body = Vec::new();
        xapi::write_page(&page, &mut body);
        assert_eq!(body, br#"{"data":{"id":"2","name":"Bob","username":"bob"}}"#);
    }
}

#[test]
fn replies_hold_what_was_asked_for_in_the_order_of_x() {
    let mut wrong = Vec::new();
    for block in include_str!("data/replies.txt").split("\n\n") {
        let [claim, request, expected] = block.trim_end().split('\n').collect::<Vec<_>>().try_into().unwrap();
        let (target, how) = request.split_once(' ').unwrap_or((request, "api.twitter.com"));
        let viewer = (how == "viewer").then_some(Viewer { user: UserId::new(1), sees_email: true });
        let found = answer(target, how, viewer);
        if found != expected {
            wrong.push(format!("{claim}\n  {request}\n  expected {expected}\n  found    {found}"));
        }
        let parsed: serde_json::Result<serde_json::Value> = serde_json::from_str(&found);
        assert!(parsed.is_ok(), "{claim}: {found}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
