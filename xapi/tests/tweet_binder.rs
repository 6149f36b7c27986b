//! Profiles as Tweet Binder shows them.

use model::{Gender, ImageUrl, JsonStr, Timestamp, UserId, UserMetrics, UserRef};
use xapi::tweet_binder::{Estimation, write_profile};

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
        ..UserRef::new(UserId::new(2_161_686_082), b"", json("TweetBinderPRO"), json("Tweet Binder PRO"))
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
fn what_an_account_lacks_is_still_a_member() {
    let bare = UserRef::new(UserId::new(1), b"", json("ada"), json(r#"\"Ada\""#));
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
    let ada = UserRef::new(UserId::new(1), b"", json("ada"), json("Ada"));
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
