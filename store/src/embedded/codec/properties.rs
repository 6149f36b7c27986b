//! Records of arbitrary users and posts: what goes in comes out, and what comes out
//! of broken bytes is an error.

use model::{
    AccountState, Affiliation, Both, CountryCode, Gender, RawJson, Reference, ReferenceKind, SubscriptionType,
    Timestamp, Tweet, TweetField, TweetId, TweetMetrics, User, UserId, UserMetrics, Username, VerifiedType, Withheld,
    escape_into,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::row::BadRow;
use super::{Change, Follow, Ordinal, Record, Row, TweetRecord, UserRecord};

fn text() -> impl Strategy<Value = String> {
    "\\PC{0,20}|[\u{0}-\u{20}\"\\\\🐳é]{0,8}|[a-z]{127,130}"
}

fn json() -> impl Strategy<Value = RawJson> {
    "\\{\"[a-z]{1,8}\":(1|\"é\"|\\[\\])\\}".prop_map(|text: String| RawJson::from_compact(text))
}

fn time() -> impl Strategy<Value = Timestamp> {
    (Timestamp::MIN.unix_ms()..=Timestamp::MAX.unix_ms()).prop_map(Timestamp::from_unix_ms)
}

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![50 => 0..300u64, 1 => any::<u64>()]
}

fn username() -> impl Strategy<Value = Username> {
    "[A-Za-z0-9_]{1,20}".prop_map(|text: String| text.parse().unwrap())
}

prop_compose! {
    fn metrics()(
        followers in number(), following in number(), tweets in number(), listed in number(),
        likes in of(number()), media in of(number()),
    ) -> UserMetrics {
        UserMetrics { followers, following, tweets, listed, likes, media }
    }
}

prop_compose! {
    fn affiliation()(json in json(), ids in vec(any::<u64>(), 0..3)) -> Affiliation {
        Affiliation { json, user_ids: ids.into_iter().map(UserId::new).collect() }
    }
}

prop_compose! {
    fn withheld()(codes in vec("[A-Z]{2}", 0..4), whole_account in any::<bool>()) -> Withheld {
        let country_codes = codes.iter().map(|code| code.parse::<CountryCode>().unwrap()).collect();
        Withheld { country_codes, whole_account }
    }
}

prop_compose! {
    fn bare_user()(
        id in number(), username in username(), name in text(), description in text(),
        texts in (of(text()), of(text()), of(text()), of(text()), of(text())),
        ids in (of(any::<u64>()), of(any::<u64>())),
        times in (of(time()), of(time())),
        switches in (any::<bool>(), any::<bool>(), any::<bool>(), of(any::<bool>()), of(any::<bool>())),
    ) -> User {
        let (location, url, profile_image_url, profile_banner_url, confirmed_email) = texts;
        let profile_image_url = profile_image_url.map(|text| match text.len() % 3 {
            0 => text,
            1 => format!("https://pbs.twimg.com/profile_images/{text}_normal.jpg"),
            _ => format!("https://pbs.twimg.com/profile_images/{text}"),
        });
        let (protected, verified, synthetic, parody, identity_verified) = switches;
        User {
            description, location, url, profile_image_url, profile_banner_url, confirmed_email,
            pinned_tweet_id: ids.0.map(TweetId::new), most_recent_tweet_id: ids.1.map(TweetId::new),
            created_at: times.0, observed_at: times.1,
            protected, verified, synthetic, parody, identity_verified,
            ..User::new(UserId::new(id), username, name)
        }
    }
}

prop_compose! {
    pub(super) fn user()(
        bare in bare_user(), metrics in of(metrics()), verified_followers in of(number()),
        affiliation in of(affiliation()), withheld in of(withheld()),
        json in (of(json()), of(json())),
        state in select(AccountState::ALL.to_vec()),
        verified_type in of(select(VerifiedType::ALL.to_vec())),
        subscription in select(SubscriptionType::ALL.to_vec()), gender in of(select(Gender::ALL.to_vec())),
    ) -> User {
        User {
            metrics, verified_followers, affiliation, withheld,
            entities: json.0, v1_members: json.1,
            state: state.0, verified_type: verified_type.map(|(kind, _)| kind), subscription_type: subscription.0,
            gender: gender.map(|(gender, _)| gender),
            ..bare
        }
    }
}

prop_compose! {
    fn tweet_metrics()(
        retweets in number(), replies in number(), likes in number(),
        quotes in of(number()), bookmarks in of(number()), impressions in of(number()),
    ) -> TweetMetrics {
        TweetMetrics { retweets, replies, likes, quotes, bookmarks, impressions }
    }
}

fn reference() -> impl Strategy<Value = Reference> {
    (select(ReferenceKind::ALL.to_vec()), any::<u64>())
        .prop_map(|((kind, _), id)| Reference { kind, id: TweetId::new(id) })
}

/// Some of the fields that have no place of their own, in order.
fn members() -> impl Strategy<Value = Vec<(TweetField, RawJson)>> {
    let fields: Vec<_> = TweetField::ALL.iter().copied().filter(|field| field.bit() & Tweet::TYPED == 0).collect();
    subsequence(fields, 0..5)
        .prop_flat_map(|fields| fields.into_iter().map(|field| (Just(field), json())).collect::<Vec<_>>())
}

prop_compose! {
    pub(super) fn tweet()(
        id in any::<u64>(), text in text(), author in of(any::<u64>()), times in (of(time()), of(time())),
        public_metrics in of(tweet_metrics()), references in vec(reference(), 0..3), members in members(),
        v1_members in of(json()),
    ) -> Tweet {
        Tweet {
            author_id: author.map(UserId::new), created_at: times.0, observed_at: times.1,
            public_metrics, references, members, v1_members,
            ..Tweet::new(TweetId::new(id), text)
        }
    }
}

fn escaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    escape_into(text, &mut out);
    out
}

/// A record as formats 1 to 4 had it: the texts of its head stood in the beginning of a reply.
fn framed(record: &[u8], user: &User) -> Vec<u8> {
    let head = UserRecord::head_len(record).unwrap();
    let name = escaped(&user.name);
    let texts = head - name.len() - user.username.as_bytes().len();
    let mut framed = record[..texts].to_vec();
    framed[2] &= !(1 << 5);
    framed.extend(format!("\"id\":\"{}\",\"name\":\"", user.id).into_bytes());
    framed.extend(name);
    framed.extend(format!("\",\"username\":\"{}\"", user.username).into_bytes());
    framed.extend(&record[head..]);
    framed
}

fn change() -> impl Strategy<Value = Change> {
    let ordinal = || any::<u32>().prop_map(Ordinal);
    prop_oneof![
        (ordinal(), user()).prop_map(|(ordinal, user)| Change::PutUser(ordinal, UserRecord::new(&user))),
        (ordinal(), tweet()).prop_map(|(ordinal, tweet)| Change::PutTweet(ordinal, TweetRecord::new(&tweet))),
        (ordinal(), any::<u64>()).prop_map(|(ordinal, id)| Change::DeleteUser(ordinal, UserId::new(id))),
        (ordinal(), any::<u64>()).prop_map(|(ordinal, id)| Change::DeleteTweet(ordinal, TweetId::new(id))),
        (ordinal(), user()).prop_map(|(ordinal, user)| Change::CountUser(ordinal, UserRecord::new(&user))),
        (ordinal(), ordinal(), any::<[u64; 2]>(), any::<bool>()).prop_map(
            |(follower, followed, slots, over_import)| {
                let [following, followers] = slots;
                Change::Follow(Follow { follower, followed, slots: Both { following, followers }, over_import })
            }
        ),
        (ordinal(), ordinal()).prop_map(|(follower, followed)| Change::Unfollow(follower, followed)),
    ]
}

#[test]
fn texts_longer_than_a_small_length_come_back() {
    let long = "é".repeat(40_000);
    let user = User { description: long.clone(), ..User::new(UserId::new(1), "a".parse().unwrap(), "short") };
    assert_eq!(UserRecord::user(UserRecord::new(&user).as_bytes()).unwrap(), user);
    let user = User::new(UserId::new(1), "a".parse().unwrap(), long.clone());
    assert_eq!(UserRecord::user(UserRecord::new(&user).as_bytes()).unwrap(), user);
    let tweet = Tweet::new(TweetId::new(1), long);
    assert_eq!(TweetRecord::tweet(TweetRecord::new(&tweet).as_bytes()).unwrap(), tweet);
}

proptest! {
    #[test]
    fn users_come_back_as_they_were(user in user()) {
        let record = UserRecord::new(&user);
        let from_file = UserRecord::from_bytes(record.as_bytes()).unwrap();
        prop_assert_eq!(from_file.keys().unwrap(), (user.id, user.username.key()));
        prop_assert_eq!(UserRecord::id(from_file.as_bytes()).unwrap(), user.id);
        prop_assert_eq!(UserRecord::username(from_file.as_bytes()).unwrap(), Some(user.username.key()));
        prop_assert_eq!(UserRecord::user(from_file.as_bytes()).unwrap(), user);
    }

    #[test]
    fn records_of_formats_1_to_4_say_the_same(user in user()) {
        let record = UserRecord::new(&user);
        let framed = framed(record.as_bytes(), &user);
        prop_assert_eq!(UserRecord::user(&framed).unwrap(), user.clone());
        prop_assert_eq!(UserRecord::renewed(&framed).unwrap(), record.as_bytes());
        prop_assert_eq!(UserRecord::renewed(record.as_bytes()).unwrap(), record.as_bytes());
        prop_assert_eq!(UserRecord::username(&framed).unwrap(), Some(user.username.key()));
        let head = UserRecord::head_len(&framed).unwrap();
        prop_assert!(UserRecord::from_bytes(&framed[..head - 1]).is_err());
    }

    #[test]
    fn what_replies_show_of_a_user_is_the_user(user in user()) {
        let record = UserRecord::new(&user);
        let shown = UserRecord::view(record.as_bytes()).unwrap();
        let text = |text: &Option<String>| text.as_deref().map(escaped);
        let json = |json: &Option<RawJson>| json.as_ref().map(|json| json.as_str().as_bytes().to_vec());
        prop_assert_eq!(shown.id, user.id);
        prop_assert_eq!(shown.name.as_bytes(), escaped(&user.name));
        prop_assert_eq!(shown.username.as_bytes(), user.username.as_bytes());
        prop_assert_eq!(shown.description.as_bytes(), escaped(&user.description));
        prop_assert_eq!(shown.location.map(|text| text.as_bytes().to_vec()), text(&user.location));
        prop_assert_eq!(shown.url.map(|text| text.as_bytes().to_vec()), text(&user.url));
        prop_assert_eq!(shown.profile_image_url.map(|url| url.parts().concat()), text(&user.profile_image_url));
        prop_assert_eq!(shown.profile_banner_url.map(|url| url.parts().concat()), text(&user.profile_banner_url));
        prop_assert_eq!(shown.confirmed_email.map(|text| text.as_bytes().to_vec()), text(&user.confirmed_email));
        prop_assert_eq!(shown.entities.map(<[u8]>::to_vec), json(&user.entities));
        prop_assert_eq!(shown.gender, user.gender);
        prop_assert_eq!(shown.v1_members.map(<[u8]>::to_vec), json(&user.v1_members));
        let affiliation = user.affiliation.clone();
        prop_assert_eq!(
            shown.affiliation_user_ids().collect::<Vec<_>>(),
            affiliation.as_ref().map(|affiliation| affiliation.user_ids.clone()).unwrap_or_default()
        );
        prop_assert_eq!(shown.affiliation.map(<[u8]>::to_vec), json(&affiliation.map(|affiliation| affiliation.json)));
        let withheld = user.withheld.clone().unwrap_or_default();
        let codes: Vec<u8> = withheld.country_codes.iter().flat_map(|code| *code.as_bytes()).collect();
        prop_assert_eq!(shown.withheld_country_codes, codes);
        prop_assert_eq!(shown.withheld_whole_account, withheld.whole_account);
        prop_assert_eq!(
            (shown.state, shown.created_at, shown.pinned_tweet_id, shown.most_recent_tweet_id),
            (user.state, user.created_at, user.pinned_tweet_id, user.most_recent_tweet_id)
        );
        prop_assert_eq!(
            (shown.protected, shown.verified, shown.verified_type, shown.subscription_type, shown.synthetic),
            (user.protected, user.verified, user.verified_type, user.subscription_type, user.synthetic)
        );
        prop_assert_eq!(
            (shown.metrics, shown.verified_followers, shown.identity_verified, shown.parody),
            (user.metrics.unwrap_or_default(), user.verified_followers, user.identity_verified, user.parody)
        );
    }

    #[test]
    fn posts_come_back_as_they_were(tweet in tweet()) {
        let record = TweetRecord::new(&tweet);
        let from_file = TweetRecord::from_bytes(record.as_bytes()).unwrap();
        prop_assert_eq!(TweetRecord::id(from_file.as_bytes()).unwrap(), tweet.id);
        prop_assert_eq!(TweetRecord::tweet(from_file.as_bytes()).unwrap(), tweet);
    }

    #[test]
    fn what_replies_show_of_a_post_is_the_post(tweet in tweet()) {
        let record = TweetRecord::new(&tweet);
        let shown = TweetRecord::view(record.as_bytes()).unwrap();
        prop_assert_eq!(shown.id, tweet.id);
        prop_assert_eq!(shown.text.as_bytes(), escaped(&tweet.text));
        prop_assert_eq!(
            (shown.author_id, shown.created_at, shown.public_metrics),
            (tweet.author_id, tweet.created_at, tweet.public_metrics)
        );
        prop_assert_eq!(shown.references().collect::<Vec<_>>(), tweet.references);
        let members: Vec<_> = tweet.members.iter().map(|(field, json)| (*field, json.as_str().as_bytes())).collect();
        prop_assert_eq!(shown.members().collect::<Vec<_>>(), members);
        prop_assert_eq!(shown.v1_members(), tweet.v1_members.as_ref().map(|json| json.as_str().as_bytes()));
    }

    #[test]
    fn records_cut_short_or_with_more_behind_are_errors(user in user(), tweet in tweet(), cut in any::<prop::sample::Index>()) {
        let user = UserRecord::new(&user);
        prop_assert!(UserRecord::from_bytes(&user.as_bytes()[..cut.index(user.as_bytes().len())]).is_err());
        prop_assert!(UserRecord::from_bytes(&[user.as_bytes(), b"\0"].concat()).is_err());
        let tweet = TweetRecord::new(&tweet);
        prop_assert!(TweetRecord::from_bytes(&[tweet.as_bytes(), b"\0"].concat()).is_err());
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..200)) {
        _ = UserRecord::from_bytes(&bytes).map(|record| UserRecord::user(record.as_bytes()));
        _ = TweetRecord::from_bytes(&bytes).map(|record| TweetRecord::tweet(record.as_bytes()));
        _ = (UserRecord::id(&bytes), UserRecord::username(&bytes), TweetRecord::id(&bytes));
    }

    #[test]
    fn rows_come_back_as_they_were(change in change(), generation in any::<u64>(), number in any::<u64>()) {
        let mut bytes = vec![1, 2, 3];
        Row { generation, number }.encode(&change, &mut bytes);
        let row = Row { generation, number }.check(&bytes).unwrap();
        prop_assert_eq!(row.change(), Ok(change));
    }

    #[test]
    fn a_changed_bit_or_another_place_is_a_wrong_checksum(change in change(), bit in any::<prop::sample::Index>()) {
        let (row, other) = (Row { generation: 1, number: 7 }, Row { generation: 1, number: 8 });
        let mut bytes = Vec::new();
        row.encode(&change, &mut bytes);
        prop_assert_eq!(other.check(&bytes).err(), Some(BadRow::Checksum));
        let bit = bit.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(row.check(&bytes).err(), Some(BadRow::Checksum));
    }
}
