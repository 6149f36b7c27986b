//! From a user to the bytes of its record.

use std::borrow::Cow;

use model::{AccountState, Affiliation, Gender, SubscriptionType, TweetId, User, UserId, UserMetrics, VerifiedType};

use super::super::{Malformed, Members, Reader, put_number};
use super::read::Head;
use super::{affix, has, small};

/// The bytes of the record of `user`.
pub(super) fn encode(user: &User) -> Vec<u8> {
    let mut name = Vec::with_capacity(user.name.len() + 8);
    model::escape_into(&user.name, &mut name);
    let members = members(user);
    let wide = members.are_wide() || u16::try_from(name.len()).is_err();

    let mut out = Vec::with_capacity(384);
    let small = small_members(user) | u16::from(wide) << small::WIDE;
    write_head(present(user), small, user.id, [&name, user.username.as_bytes()], &mut out);
    members.write(wide, &mut out);
    out
}

/// The record that says the same as one of any format.
pub(super) fn renewed(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Malformed> {
    let mut reader = Reader(bytes);
    let head = Head::read(&mut reader)?;
    if head.present & has::BARE != 0 {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut out = Vec::with_capacity(bytes.len());
    write_head(head.present, head.small, head.id, [head.name, head.username], &mut out);
    out.extend_from_slice(reader.0);
    Ok(Cow::Owned(out))
}

fn write_head(present: u32, small: u16, id: UserId, [name, username]: [&[u8]; 2], out: &mut Vec<u8>) {
    out.extend_from_slice(&(present | has::BARE).to_le_bytes());
    out.extend_from_slice(&small.to_le_bytes());
    out.extend_from_slice(&id.get().to_le_bytes());
    out.push(username.len() as u8);
    let is_wide = small >> small::WIDE & 1 == 1;
    put_number(name.len() as u64, if is_wide { 4 } else { 2 }, out);
    out.extend_from_slice(name);
    out.extend_from_slice(username);
}

fn members(user: &User) -> Members {
    let mut members = Members::default();
    members.time(user.created_at);
    members.id(user.pinned_tweet_id.map(TweetId::get));
    members.id(user.most_recent_tweet_id.map(TweetId::get));
    members.time(user.observed_at);
    if let Some(UserMetrics { followers, following, tweets, listed, likes, media }) = user.metrics {
        members.numbers.extend([followers, following, tweets, listed]);
        members.numbers.extend([likes, media].into_iter().flatten());
    }
    members.numbers.extend(user.verified_followers);
    members.text(Some(user.description.as_str()).filter(|text| !text.is_empty()));
    members.text(user.location.as_deref());
    members.text(user.url.as_deref());
    members.json(user.entities.as_ref());
    for url in [&user.profile_image_url, &user.profile_banner_url].into_iter().flatten() {
        let (code, middle) = affix::split(url);
        members.coded_text(code, middle);
    }
    members.text(user.confirmed_email.as_deref());
    if let Some(Affiliation { json, user_ids }) = &user.affiliation {
        members.json(Some(json));
        members.list(user_ids.iter().map(|id| id.get().to_le_bytes()));
    }
    if let Some(withheld) = &user.withheld {
        members.list(withheld.country_codes.iter().map(|code| *code.as_bytes()));
    }
    members.json(user.v1_members.as_ref());
    members
}

fn present(user: &User) -> u32 {
    let metrics = user.metrics.unwrap_or_default();
    let gender = match user.gender {
        None => 0,
        Some(Gender::Male) => 1,
        Some(Gender::Female) => 2,
        Some(Gender::Undefined) => 3,
    };
    let present: u32 = [
        (has::CREATED_AT, user.created_at.is_some()),
        (has::PINNED_TWEET_ID, user.pinned_tweet_id.is_some()),
        (has::MOST_RECENT_TWEET_ID, user.most_recent_tweet_id.is_some()),
        (has::METRICS, user.metrics.is_some()),
        (has::LIKES, metrics.likes.is_some()),
        (has::MEDIA, metrics.media.is_some()),
        (has::VERIFIED_FOLLOWERS, user.verified_followers.is_some()),
        (has::OBSERVED_AT, user.observed_at.is_some()),
        (has::DESCRIPTION, !user.description.is_empty()),
        (has::LOCATION, user.location.is_some()),
        (has::URL, user.url.is_some()),
        (has::ENTITIES, user.entities.is_some()),
        (has::PROFILE_IMAGE_URL, user.profile_image_url.is_some()),
        (has::PROFILE_BANNER_URL, user.profile_banner_url.is_some()),
        (has::CONFIRMED_EMAIL, user.confirmed_email.is_some()),
        (has::AFFILIATION, user.affiliation.is_some()),
        (has::WITHHELD, user.withheld.is_some()),
        (has::V1_MEMBERS, user.v1_members.is_some()),
        (has::AFFIXES, user.profile_image_url.is_some() || user.profile_banner_url.is_some()),
    ]
    .into_iter()
    .filter_map(|(bit, there)| there.then_some(bit))
    .sum();
    present | gender << has::GENDER
}

fn small_members(user: &User) -> u16 {
    let state = match user.state {
        AccountState::Active => 0,
        AccountState::Suspended => 1,
        AccountState::Deactivated => 2,
    };
    let verified_type = match user.verified_type {
        None => 0,
        Some(VerifiedType::None) => 1,
        Some(VerifiedType::Blue) => 2,
        Some(VerifiedType::Business) => 3,
        Some(VerifiedType::Government) => 4,
    };
    let maybe = |value: Option<bool>| value.map_or(0, |yes| 1 + u16::from(yes));
    let subscription = match user.subscription_type {
        SubscriptionType::None => 0,
        SubscriptionType::Basic => 1,
        SubscriptionType::Premium => 2,
        SubscriptionType::PremiumPlus => 3,
    };
    let withheld_whole = user.withheld.as_ref().is_some_and(|withheld| withheld.whole_account);
    state << small::STATE
        | u16::from(user.protected) << small::PROTECTED
        | u16::from(user.verified) << small::VERIFIED
        | u16::from(user.synthetic) << small::SYNTHETIC
        | u16::from(withheld_whole) << small::WITHHELD_WHOLE
        | verified_type << small::VERIFIED_TYPE
        | maybe(user.identity_verified) << small::IDENTITY_VERIFIED
        | maybe(user.parody) << small::PARODY
        | subscription << small::SUBSCRIPTION
}
