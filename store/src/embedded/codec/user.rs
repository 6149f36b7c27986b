//! The record of a user.
//!
//! Which members are there (4 bytes), the small ones as bits (2), the id (8), the
//! lengths of the username (1) and of the name, and the core fragment ready for a reply.
//! Then the members that are there: ids and times, numbers, lengths of texts, texts;
//! within each of these in the order of [`has`].

use std::sync::Arc;

use model::{
    AccountState, Affiliation, CountryCode, JsonStr, SubscriptionType, Timestamp, TweetId, User, UserId, UserMetrics,
    UserRef, Username, UsernameKey, VerifiedType, Withheld,
};

use super::{FileKind, Malformed, Members, Reader, Record, json, put_number};

/// A user's bytes, read whole once before they became this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UserRecord(Arc<[u8]>);

impl AsRef<[u8]> for UserRecord {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl UserRecord {
    /// The stored form of `user`.
    pub(crate) fn new(user: &User) -> Self {
        Self(encode(user).into())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The id and the username, by which the indexes find the user.
    pub(crate) fn keys(&self) -> Result<(UserId, UsernameKey), Malformed> {
        let Head { id, username, .. } = Head::read(&mut Reader(&self.0))?;
        let username = Username::from_ascii(username).map_err(|_| Malformed)?;
        Ok((id, username.key()))
    }

    /// Everything in the bytes of a record, as the model has it.
    pub(crate) fn user(bytes: &[u8]) -> Result<User, Malformed> {
        decode(bytes)?.into_user()
    }
}

impl Record for UserRecord {
    type Id = UserId;
    type View<'a> = UserRef<'a>;
    const FILES: [FileKind; 3] = [FileKind::UserRecords, FileKind::UserOffsets, FileKind::UserIds];
    const USERNAMES: Option<FileKind> = Some(FileKind::Usernames);

    fn number(id: UserId) -> u64 {
        id.get()
    }

    fn from_number(number: u64) -> UserId {
        UserId::new(number)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let decoded = decode(bytes)?;
        Username::from_ascii(decoded.shown.username.as_bytes()).map_err(|_| Malformed)?;
        Ok(Self(bytes.into()))
    }

    #[inline]
    fn id(bytes: &[u8]) -> Result<UserId, Malformed> {
        // Behind which members are there, and the small ones.
        bytes
            .get(6..14)
            .and_then(|id| id.try_into().ok())
            .map(|id| UserId::new(u64::from_le_bytes(id)))
            .ok_or(Malformed)
    }

    #[inline]
    fn username(bytes: &[u8]) -> Result<Option<UsernameKey>, Malformed> {
        let Head { username, .. } = Head::read(&mut Reader(bytes))?;
        Username::from_ascii(username).map(|username| Some(username.key())).map_err(|_| Malformed)
    }

    #[inline]
    fn view(bytes: &[u8]) -> Result<UserRef<'_>, Malformed> {
        decode(bytes).map(|decoded| decoded.shown)
    }
}

/// The members that may be absent, by their bit. The numbers are stored.
mod has {
    pub(super) const CREATED_AT: u32 = 1;
    pub(super) const PINNED_TWEET_ID: u32 = 1 << 1;
    pub(super) const MOST_RECENT_TWEET_ID: u32 = 1 << 2;
    pub(super) const OBSERVED_AT: u32 = 1 << 3;
    pub(super) const METRICS: u32 = 1 << 4;
    pub(super) const LIKES: u32 = 1 << 5;
    pub(super) const MEDIA: u32 = 1 << 6;
    pub(super) const VERIFIED_FOLLOWERS: u32 = 1 << 7;
    pub(super) const DESCRIPTION: u32 = 1 << 8;
    pub(super) const LOCATION: u32 = 1 << 9;
    pub(super) const URL: u32 = 1 << 10;
    pub(super) const ENTITIES: u32 = 1 << 11;
    pub(super) const PROFILE_IMAGE_URL: u32 = 1 << 12;
    pub(super) const PROFILE_BANNER_URL: u32 = 1 << 13;
    pub(super) const CONFIRMED_EMAIL: u32 = 1 << 14;
    pub(super) const AFFILIATION: u32 = 1 << 15;
    pub(super) const WITHHELD: u32 = 1 << 16;
    pub(super) const V1_MEMBERS: u32 = 1 << 17;
    /// Every bit that means something.
    pub(super) const ALL: u32 = (1 << 18) - 1;
}

/// The first bit of each small member. The places and the numbers in them are stored.
mod small {
    pub(super) const STATE: u32 = 0;
    pub(super) const PROTECTED: u32 = 2;
    pub(super) const VERIFIED: u32 = 3;
    pub(super) const SYNTHETIC: u32 = 4;
    pub(super) const WITHHELD_WHOLE: u32 = 5;
    pub(super) const VERIFIED_TYPE: u32 = 6;
    pub(super) const IDENTITY_VERIFIED: u32 = 9;
    pub(super) const PARODY: u32 = 11;
    pub(super) const SUBSCRIPTION: u32 = 13;
    /// Not of the user but of the record: the numbers and lengths are wide.
    pub(super) const WIDE: u32 = 15;
}

const STATES: [AccountState; 3] = [AccountState::Active, AccountState::Suspended, AccountState::Deactivated];
const VERIFIED_TYPES: [Option<VerifiedType>; 5] = [
    None,
    Some(VerifiedType::None),
    Some(VerifiedType::Blue),
    Some(VerifiedType::Business),
    Some(VerifiedType::Government),
];
const MAYBE: [Option<bool>; 3] = [None, Some(false), Some(true)];
const SUBSCRIPTIONS: [SubscriptionType; 4] =
    [SubscriptionType::None, SubscriptionType::Basic, SubscriptionType::Premium, SubscriptionType::PremiumPlus];

/// What stands in the core fragment around its three values.
const CORE: [&[u8]; 4] = [b"\"id\":\"", b"\",\"name\":\"", b"\",\"username\":\"", b"\""];

fn encode(user: &User) -> Vec<u8> {
    let mut name = Vec::with_capacity(user.name.len() + 8);
    model::escape_into(&user.name, &mut name);
    let members = members(user);
    let wide = members.are_wide() || u16::try_from(name.len()).is_err();

    let mut out = Vec::with_capacity(512);
    out.extend_from_slice(&present(user).to_le_bytes());
    out.extend_from_slice(&(small_members(user) | u16::from(wide) << small::WIDE).to_le_bytes());
    out.extend_from_slice(&user.id.get().to_le_bytes());
    let (id, username) = (user.id.to_string(), user.username.as_bytes());
    out.push(username.len() as u8);
    put_number(name.len() as u64, if wide { 4 } else { 2 }, &mut out);
    for (before, value) in CORE.iter().zip([id.as_bytes(), &name, username, b""]) {
        out.extend_from_slice(before);
        out.extend_from_slice(value);
    }
    members.write(wide, &mut out);
    out
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
    members.text(user.profile_image_url.as_deref());
    members.text(user.profile_banner_url.as_deref());
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
    [
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
    ]
    .into_iter()
    .filter_map(|(bit, there)| there.then_some(bit))
    .sum()
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

/// What every record begins with.
struct Head<'a> {
    present: u32,
    small: u16,
    wide: bool,
    id: UserId,
    core: &'a [u8],
    name: &'a [u8],
    username: &'a [u8],
}

impl<'a> Head<'a> {
    #[inline(always)]
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let [p0, p1, p2, p3, s0, s1, id @ .., username_len] = reader.array::<15>()?;
        let id = u64::from_le_bytes(id);
        let small = u16::from_le_bytes([s0, s1]);
        let wide = small >> small::WIDE & 1 == 1;
        let name_len = reader.length(wide)?;
        let username_len = usize::from(username_len);
        let [id_frame, name_frame, username_frame, end] = CORE.map(<[u8]>::len);
        let digits = id.checked_ilog10().unwrap_or(0) as usize + 1;
        let name_at = id_frame + digits + name_frame;
        let username_at = name_at.checked_add(name_len).ok_or(Malformed)?.saturating_add(username_frame);
        let core = reader.bytes(username_at.saturating_add(username_len + end))?;
        Ok(Self {
            present: u32::from_le_bytes([p0, p1, p2, p3]),
            small,
            wide,
            id: UserId::new(id),
            core,
            name: core.get(name_at..name_at + name_len).ok_or(Malformed)?,
            username: core.get(username_at..username_at + username_len).ok_or(Malformed)?,
        })
    }
}

/// A record taken apart: what replies show, and what they do not.
struct Decoded<'a> {
    shown: UserRef<'a>,
    observed_at: Option<Timestamp>,
    has_metrics: bool,
    has_withheld: bool,
}

#[inline(always)]
fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Malformed> {
    let mut reader = Reader(bytes);
    let Head { present, small, wide, id, core, name, username } = Head::read(&mut reader)?;
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
    let profile_image_url = bytes!(profile_image_url).map(JsonStr::from_escaped);
    let profile_banner_url = bytes!(profile_banner_url).map(JsonStr::from_escaped);
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

    let field = |place: u32, width: u32| usize::from(small >> place) & ((1 << width) - 1);
    let shown = UserRef {
        id,
        core,
        username: JsonStr::from_escaped(username),
        name: JsonStr::from_escaped(name),
        state: *STATES.get(field(small::STATE, 2)).ok_or(Malformed)?,
        created_at,
        description: description.unwrap_or_default(),
        location,
        url,
        entities,
        pinned_tweet_id,
        most_recent_tweet_id,
        profile_image_url,
        profile_banner_url,
        protected: field(small::PROTECTED, 1) == 1,
        verified: field(small::VERIFIED, 1) == 1,
        verified_type: *VERIFIED_TYPES.get(field(small::VERIFIED_TYPE, 3)).ok_or(Malformed)?,
        metrics: metrics.unwrap_or_default(),
        verified_followers,
        identity_verified: *MAYBE.get(field(small::IDENTITY_VERIFIED, 2)).ok_or(Malformed)?,
        parody: *MAYBE.get(field(small::PARODY, 2)).ok_or(Malformed)?,
        subscription_type: *SUBSCRIPTIONS.get(field(small::SUBSCRIPTION, 2)).ok_or(Malformed)?,
        confirmed_email,
        affiliation: affiliation.map(|(json, _)| json),
        affiliation_user_ids: affiliation.map_or(&[], |(_, ids)| ids),
        withheld_country_codes: withheld.unwrap_or_default(),
        withheld_whole_account: field(small::WITHHELD_WHOLE, 1) == 1,
        v1_members,
        synthetic: field(small::SYNTHETIC, 1) == 1,
    };
    Ok(Decoded { shown, observed_at, has_metrics: metrics.is_some(), has_withheld: withheld.is_some() })
}

impl Decoded<'_> {
    fn into_user(self) -> Result<User, Malformed> {
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
            profile_image_url: text(shown.profile_image_url),
            profile_banner_url: text(shown.profile_banner_url),
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
            observed_at,
            synthetic: shown.synthetic,
        })
    }
}
