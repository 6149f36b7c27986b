//! Profiles as Tweet Binder shows them, what it is asked, and what it refuses.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use model::{AppId, Gender, ImageUrl, JsonStr, Timestamp, UserId, UserMetrics, UserRef};
use xapi::tweet_binder::{Estimation, Owner, parse_aliases, parse_ids, parse_list, write_profile};
use xapi::{Denial, Dialect, Failure, PathValues, ProblemTypes, Trouble, TweetBinderError};

fn json(text: &'static str) -> JsonStr<'static> {
    JsonStr::from_escaped(text.as_bytes())
}

/// The account of the documentation.
fn documented() -> UserRef<'static> {
    UserRef {
        created_at: Some(Timestamp::from_unix_ms(1_383_217_118_000)),
        description: json(r"\uD83D\uDCCA Visit https://t.co/LkVmNmjxod"),
        location: Some(json("Global")),
        profile_image_url: Some(ImageUrl {
            before: "https://pbs.twimg.com/profile_images/",
            middle: json("1243598978425462796/sk_I23NT"),
            after: "_normal.jpg",
        }),
        metrics: UserMetrics { followers: 1070, following: 1050, tweets: 7549, listed: 153, ..UserMetrics::default() },
        ..UserRef::new(UserId::new(2_161_686_082), json("TweetBinderPRO"), json("Tweet Binder PRO"))
    }
}

fn shown(user: &UserRef<'_>, estimation: Estimation) -> String {
    let mut out = Vec::new();
    write_profile(user, estimation, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn the_documented_profile_has_its_members_in_order() {
    assert_eq!(
        shown(&documented(), Estimation::ByName),
        concat!(
            r#"{"id":"2161686082","name":"Tweet Binder PRO","alias":"TweetBinderPRO","#,
            r#""picture":"http://pbs.twimg.com/profile_images/1243598978425462796/sk_I23NT_normal.jpg","#,
            r#""followers":1070,"following":1050,"verified":false,"bio":"\uD83D\uDCCA Visit https://t.co/LkVmNmjxod","#,
            r#""age":1383217118,"counts":{"lists":153,"statuses":7549},"location":"Global","gender":"undefined","#,
            r#""value":2.92}"#
        )
    );
}

#[test]
fn the_age_of_an_account_is_in_its_id_where_nobody_says_it() {
    let user = UserRef::new(UserId::new(1_278_747_501_642_657_792), json("TwitterDev"), json("Developers"));
    assert!(shown(&user, Estimation::Off).contains("\"age\":1593712137,"));
}

#[test]
fn what_an_account_lacks_is_still_a_member() {
    let bare = UserRef::new(UserId::new(1), json("ada"), json(r#"\"Ada\""#));
    assert_eq!(
        shown(&bare, Estimation::ByName),
        concat!(
            r#"{"id":"1","name":"\"Ada\"","alias":"ada","picture":"","followers":0,"following":0,"verified":false,"#,
            r#""bio":"","age":null,"counts":{"lists":0,"statuses":0},"location":"","gender":"female","value":0.00}"#
        )
    );
}

#[test]
fn what_the_data_says_of_the_gender_wins() {
    let ada = UserRef::new(UserId::new(1), json("ada"), json("Ada"));
    for (told, estimation, expected) in [
        (None, Estimation::ByName, "female"),
        (None, Estimation::Off, "undefined"),
        (Some(Gender::Male), Estimation::ByName, "male"),
        (Some(Gender::Male), Estimation::Off, "male"),
        (Some(Gender::Undefined), Estimation::ByName, "undefined"),
    ] {
        let shown = shown(&UserRef { gender: told, ..ada }, estimation);
        assert!(shown.contains(&format!(r#""gender":"{expected}""#)), "{shown}");
    }
}

#[test]
fn pictures_that_are_not_from_x_keep_their_address() {
    let picture = |url| Some(ImageUrl { before: "", middle: json(url), after: "" });
    let of = |url| shown(&UserRef { profile_image_url: picture(url), ..documented() }, Estimation::Off);
    assert!(of("http://example.com/a.png").contains(r#""picture":"http://example.com/a.png""#));
    assert!(of("data:https://x").contains(r#""picture":"data:https://x""#));
}

fn told(error: TweetBinderError) -> String {
    let failure = Failure::from(error);
    let mut body = Vec::new();
    failure.write(Dialect::TweetBinder, &mut body);
    assert_eq!(failure.challenge(), None);
    format!("{} {}", failure.status(), String::from_utf8(body).unwrap())
}

#[test]
fn everything_that_goes_wrong_has_words_of_its_own() {
    let now = Timestamp::parse_iso("2026-12-01T00:00:00Z").unwrap();
    let of = |trouble| match Failure::of(trouble, Dialect::TweetBinder, ProblemTypes::Twitter) {
        Failure::TweetBinder(error) => error,
        other => panic!("{other:?}"),
    };
    let mut lines = include_str!("data/tweet-binder-errors.txt").lines().filter(|line| !line.starts_with('#'));
    for error in [
        of(Trouble::Denied(Denial::NoCredentials)),
        of(Trouble::Denied(Denial::UnknownToken)),
        of(Trouble::Denied(Denial::NotEnrolled(AppId::new(1)))),
        of(Trouble::Denied(Denial::AppSuspended)),
        of(Trouble::Denied(Denial::Unavailable)),
        of(Trouble::NotFound),
        of(Trouble::MethodNotAllowed { allow: "POST" }),
        of(Trouble::TooManyRequests),
        of(Trouble::Unreadable),
        of(Trouble::Unavailable),
        of(Trouble::Edge { status: 413 }),
        TweetBinderError::not_covered(100, 3, now),
        TweetBinderError::protected(),
        TweetBinderError::no_profile(),
    ] {
        assert_eq!(told(error), lines.next().unwrap_or_default());
    }
    assert_eq!(lines.next(), None);
}

#[test]
fn a_hundred_keys_are_taken_and_one_more_is_refused() {
    let body = |count: u64| format!("{:?}", (1..=count).collect::<Vec<_>>());
    assert_eq!(parse_ids(body(100).as_bytes()).unwrap().len(), 100);
    assert!(told(parse_ids(body(101).as_bytes()).unwrap_err()).contains("The body has 101 items; send 1 to 100."));
    // As many mentions count, not as many accounts.
    let same = format!("[{}]", ["\"a\""; 101].join(","));
    assert!(parse_aliases(same.as_bytes()).is_err());
}

#[test]
fn keys_are_read_in_every_form_once() {
    let aliases = parse_aliases(br#"["@Ann","ann",{"alias":"BOB"},{"alias":"@c_1"}]"#).unwrap();
    assert_eq!(aliases.iter().map(model::Username::as_str).collect::<Vec<_>>(), ["Ann", "BOB", "c_1"]);
    assert_eq!(parse_ids(br#"[7,"7","007",{"id":8}]"#).unwrap(), [7, 8].map(UserId::new));
    for bad in
        ["", "{", "7", "null", "{\"alias\":[]}", "[]", "[[]]", "[\"\"]", "[\"@@a\"]", "[\"a b\"]", "[true]", "[{}]"]
    {
        assert!(parse_aliases(bad.as_bytes()).is_err(), "{bad}");
        assert!(parse_ids(bad.as_bytes()).is_err(), "{bad}");
    }
    assert!(
        parse_ids(b"[-1]").is_err() && parse_ids(b"[1e3]").is_err() && parse_ids(b"[18446744073709551616]").is_err()
    );
}

#[test]
fn lists_are_asked_for_by_id_or_alias() {
    let path = |key| PathValues { key: Some(key), target: None };
    let list = parse_list(false, path("7"), Some("getUsersInfo=true&next=0G00000000000ZZZ&other=1")).unwrap();
    assert_eq!((list.owner, list.profiles, list.size()), (Owner::Id(UserId::new(7)), true, 100));
    assert_eq!(list.next.unwrap().number(), 4);
    let list = parse_list(true, path("%40Ann"), None).unwrap();
    assert_eq!((list.owner, list.profiles, list.size()), (Owner::Alias("Ann".parse().unwrap()), false, 5000));
    for (is_alias, key, query) in [
        (false, "Ann", ""),
        (true, "a%20b", ""),
        (true, "%zz", ""),
        (false, "7", "getUsersInfo="),
        (false, "7", "getUsersInfo=TRUE"),
        (false, "7", "getUsersInfo=true&getUsersInfo=true"),
        (false, "7", "next="),
        (false, "7", "next=V3VVVVVVVVVVUZZZ"),
        (false, "7", "%zz=1"),
    ] {
        assert!(parse_list(is_alias, path(key), Some(query)).is_err(), "{key} {query}");
    }
}
