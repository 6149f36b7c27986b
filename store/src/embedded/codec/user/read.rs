//! From the bytes of a record to what a reply shows, or to all of a user.

use model::{
    AccountState, Affiliation, CountryCode, ImageUrl, JsonStr, Timestamp, TweetId, User, UserHead, UserId, UserMetrics,
    UserRef, Username, Withheld,
};

use super::super::{Malformed, Reader, json};
use super::{FRAMES, GENDERS, MAYBE, STATES, SUBSCRIPTIONS, VERIFIED_TYPES, affix, has, small};
use crate::SearchBy;

/// What every record begins with.
pub(super) struct Head<'a> {
    pub(super) present: u32,
    pub(super) small: u16,
    wide: bool,
    pub(super) id: UserId,
    pub(super) name: &'a [u8],
    pub(super) username: &'a [u8],
}

impl<'a> Head<'a> {
    #[inline(always)]
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let [p0, p1, p2, p3, s0, s1, id @ .., username_len] = reader.array::<15>()?;
        let id = u64::from_le_bytes(id);
        let small = u16::from_le_bytes([s0, s1]);
        let wide = small >> small::WIDE & 1 == 1;
        let present = u32::from_le_bytes([p0, p1, p2, p3]);
        let lengths = [reader.length(wide)?, usize::from(username_len)];
        let [name, username] = if present & has::BARE != 0 {
            let [name, username] = lengths;
            [reader.bytes(name)?, reader.bytes(username)?]
        } else {
            framed(id, lengths, reader)?
        };
        Ok(Self { present, small, wide, id: UserId::new(id), name, username })
    }

    /// The text by which the user is searched.
    pub(super) fn searched(&self, by: SearchBy) -> JsonStr<'a> {
        JsonStr::from_escaped(match by {
            SearchBy::Username => self.username,
            SearchBy::Name => self.name,
        })
    }

    #[inline(always)]
    fn state(&self) -> Result<AccountState, Malformed> {
        STATES.get(usize::from(self.small >> small::STATE) & 3).copied().ok_or(Malformed)
    }

    /// What every reply shows of it.
    #[inline(always)]
    pub(super) fn alone(&self) -> Result<UserHead<'a>, Malformed> {
        let [username, name] = [self.username, self.name].map(JsonStr::from_escaped);
        Ok(UserHead { id: self.id, state: self.state()?, username, name })
    }

    /// What a reply shows of it. The members of the rest are absent.
    #[inline(always)]
    pub(super) fn shown(&self) -> Result<UserRef<'a>, Malformed> {
        let field = |place: u32, width: u32| usize::from(self.small >> place) & ((1 << width) - 1);
        let [username, name] = [self.username, self.name].map(JsonStr::from_escaped);
        Ok(UserRef {
            state: self.state()?,
            protected: field(small::PROTECTED, 1) == 1,
            verified: field(small::VERIFIED, 1) == 1,
            verified_type: *VERIFIED_TYPES.get(field(small::VERIFIED_TYPE, 3)).ok_or(Malformed)?,
            identity_verified: *MAYBE.get(field(small::IDENTITY_VERIFIED, 2)).ok_or(Malformed)?,
            parody: *MAYBE.get(field(small::PARODY, 2)).ok_or(Malformed)?,
            subscription_type: *SUBSCRIPTIONS.get(field(small::SUBSCRIPTION, 2)).ok_or(Malformed)?,
            withheld_whole_account: field(small::WITHHELD_WHOLE, 1) == 1,
            synthetic: field(small::SYNTHETIC, 1) == 1,
            ..UserRef::new(self.id, username, name)
        })
    }
}

/// Name and username as formats 1 to 4 had them: behind the id in digits, in frames.
#[cold]
fn framed<'a>(id: u64, lengths: [usize; 2], reader: &mut Reader<'a>) -> Result<[&'a [u8]; 2], Malformed> {
    let [before_id, before_name, before_username, end] = FRAMES.map(str::len);
    let digits = id.checked_ilog10().unwrap_or(0) as usize + 1;
    reader.bytes(before_id + digits + before_name)?;
    let [name, username] = lengths;
    let name = reader.bytes(name)?;
    reader.bytes(before_username)?;
    let username = reader.bytes(username)?;
    reader.bytes(end)?;
    Ok([name, username])
}

/// How long what every record begins with is.
#[inline(always)]
pub(super) fn head_len(bytes: &[u8]) -> Option<usize> {
    let mut reader = Reader(bytes);
    Head::read(&mut reader).ok()?;
    Some(bytes.len() - reader.0.len())
}

/// A record taken apart: what replies show, and what they do not.
pub(super) struct Decoded<'a> {
    pub(super) shown: UserRef<'a>,
    observed_at: Option<Timestamp>,
    has_metrics: bool,
    has_withheld: bool,
}

#[inline(always)]
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Malformed> {
    let mut reader = Reader(bytes);
    let head = Head::read(&mut reader)?;
    let Head { present, wide, .. } = head;
    if present & !has::ALL != 0 {
        return Err(Malformed);
    }
    let has = |bit: u32| present & bit != 0;
    /// Reads the member if its bit is set.
    macro_rules! member {
        ($bit:ident, $read:expr) => {
            if has(has::$bit) { Some($read) } else { None }
        };
    }
    let created_at = member!(CREATED_AT, reader.time()?);
    let pinned_tweet_id = member!(PINNED_TWEET_ID, TweetId::new(reader.u64()?));
    let most_recent_tweet_id = member!(MOST_RECENT_TWEET_ID, TweetId::new(reader.u64()?));
    let observed_at = member!(OBSERVED_AT, reader.time()?);

    let metrics = member!(
        METRICS,
        UserMetrics {
            followers: reader.number(wide)?,
            following: reader.number(wide)?,
            tweets: reader.number(wide)?,
            listed: reader.number(wide)?,
            likes: member!(LIKES, reader.number(wide)?),
            media: member!(MEDIA, reader.number(wide)?),
        }
    );
    let verified_followers = member!(VERIFIED_FOLLOWERS, reader.number(wide)?);

    let description = member!(DESCRIPTION, reader.length(wide)?);
    let location = member!(LOCATION, reader.length(wide)?);
    let url = member!(URL, reader.length(wide)?);
    let entities = member!(ENTITIES, reader.length(wide)?);
    let profile_image_url = member!(PROFILE_IMAGE_URL, reader.length(wide)?);
    let profile_banner_url = member!(PROFILE_BANNER_URL, reader.length(wide)?);
    let confirmed_email = member!(CONFIRMED_EMAIL, reader.length(wide)?);
    let affiliation = member!(AFFILIATION, (reader.length(wide)?, reader.length(wide)?));
    let withheld = member!(WITHHELD, reader.length(wide)?);
    let v1_members = member!(V1_MEMBERS, reader.length(wide)?);

    /// Reads as many bytes as were announced, if any were.
    macro_rules! bytes {
        ($length:ident) => {
            match $length {
                Some(length) => Some(reader.bytes(length)?),
                None => None,
            }
        };
    }
    let description = bytes!(description).map(JsonStr::from_escaped);
    let location = bytes!(location).map(JsonStr::from_escaped);
    let url = bytes!(url).map(JsonStr::from_escaped);
    let entities = bytes!(entities);
    let coded = has(has::AFFIXES);
    let profile_image_url = bytes!(profile_image_url).map(|url| affix::join(url, coded)).transpose()?;
    let profile_banner_url = bytes!(profile_banner_url).map(|url| affix::join(url, coded)).transpose()?;
    let confirmed_email = bytes!(confirmed_email).map(JsonStr::from_escaped);
    let affiliation = match affiliation {
        Some((json, ids)) => Some((reader.bytes(json)?, reader.bytes(ids.saturating_mul(8))?)),
        None => None,
    };
    let withheld = match withheld {
        Some(codes) => Some(reader.bytes(codes.saturating_mul(2))?),
        None => None,
    };
    let v1_members = bytes!(v1_members);
    reader.end()?;

    let shown = UserRef {
        created_at,
        description: description.unwrap_or_default(),
        location,
        url,
        entities,
        pinned_tweet_id,
        most_recent_tweet_id,
        profile_image_url,
        profile_banner_url,
        metrics: metrics.unwrap_or_default(),
        verified_followers,
        confirmed_email,
        affiliation: affiliation.map(|(json, _)| json),
        affiliation_user_ids: affiliation.map_or(&[], |(_, ids)| ids),
        withheld_country_codes: withheld.unwrap_or_default(),
        v1_members,
        gender: *GENDERS.get((present >> has::GENDER) as usize & 3).ok_or(Malformed)?,
        ..head.shown()?
    };
    Ok(Decoded { shown, observed_at, has_metrics: metrics.is_some(), has_withheld: withheld.is_some() })
}

impl Decoded<'_> {
    pub(super) fn into_user(self) -> Result<User, Malformed> {
        let Self { shown, observed_at, has_metrics, has_withheld } = self;
        let text = |text: Option<JsonStr<'_>>| text.map(JsonStr::to_text);
        let (codes, _) = shown.withheld_country_codes.as_chunks::<2>();
        let country_codes =
            codes.iter().map(|code| CountryCode::from_ascii(*code)).collect::<Result<_, _>>().map_err(|_| Malformed)?;
        let withheld = Withheld { country_codes, whole_account: shown.withheld_whole_account };
        let affiliation = match shown.affiliation {
            Some(bytes) => Some(Affiliation { json: json(bytes)?, user_ids: shown.affiliation_user_ids().collect() }),
            None => None,
        };
        Ok(User {
            id: shown.id,
            username: Username::from_ascii(shown.username.as_bytes()).map_err(|_| Malformed)?,
            name: shown.name.to_text(),
            state: shown.state,
            created_at: shown.created_at,
            description: shown.description.to_text(),
            location: text(shown.location),
            url: text(shown.url),
            entities: shown.entities.map(json).transpose()?,
            pinned_tweet_id: shown.pinned_tweet_id,
            most_recent_tweet_id: shown.most_recent_tweet_id,
            profile_image_url: shown.profile_image_url.map(ImageUrl::to_text),
            profile_banner_url: shown.profile_banner_url.map(ImageUrl::to_text),
            protected: shown.protected,
            verified: shown.verified,
            verified_type: shown.verified_type,
            metrics: has_metrics.then_some(shown.metrics),
            verified_followers: shown.verified_followers,
            identity_verified: shown.identity_verified,
            parody: shown.parody,
            subscription_type: shown.subscription_type,
            confirmed_email: text(shown.confirmed_email),
            affiliation,
            withheld: has_withheld.then_some(withheld),
            v1_members: shown.v1_members.map(json).transpose()?,
            gender: shown.gender,
            observed_at,
            synthetic: shown.synthetic,
        })
    }
}
