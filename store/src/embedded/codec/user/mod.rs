//! The record of a user.
//!
//! Its head: which members are there (4 bytes), the small ones as bits (2), the id (8), the
//! lengths of the username (1) and of the name (2), and both of these.
//! Then the members that are there: ids and times, numbers, lengths of texts, texts;
//! within each of these in the order of [`has`].

mod affix;
mod read;
mod write;

use std::borrow::Cow;
use std::sync::Arc;

use model::{
    AccountState, Gender, SubscriptionType, User, UserHead, UserId, UserRef, Username, UsernameKey, VerifiedType,
};

use super::{FileKind, Malformed, OrderKey, Reader, Record};
use crate::SearchBy;
use read::{Head, decode};

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
        Self(write::encode(user).into())
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

    /// The text by which the user is searched, as it is compared.
    pub(crate) fn searched(bytes: &[u8], by: SearchBy) -> Result<String, Malformed> {
        Ok(by.fold(&Head::read(&mut Reader(bytes))?.searched(by).to_text()))
    }

    /// What every reply shows, from bytes that begin with the head.
    #[inline]
    pub(crate) fn head(bytes: &[u8]) -> Result<UserHead<'_>, Malformed> {
        Head::read(&mut Reader(bytes))?.alone()
    }

    /// Everything in the bytes of a record, as the model has it.
    pub(crate) fn user(bytes: &[u8]) -> Result<User, Malformed> {
        decode(bytes)?.into_user()
    }
}

impl Record for UserRecord {
    type Id = UserId;
    type View<'a> = UserRef<'a>;
    const FILES: [FileKind; 3] = [FileKind::UserRecords, FileKind::UserHeads, FileKind::UserIds];
    const OLDER_PLACES: Option<FileKind> = Some(FileKind::UserOffsets);
    const USERNAMES: Option<FileKind> = Some(FileKind::Usernames);
    const ORDERS: Option<[FileKind; 2]> = Some([FileKind::UsernameOrder, FileKind::NameOrder]);

    fn number(id: UserId) -> u64 {
        id.get()
    }

    fn from_number(number: u64) -> UserId {
        UserId::new(number)
    }

    fn check(bytes: &[u8]) -> Result<(), Malformed> {
        let decoded = decode(bytes)?;
        Username::from_ascii(decoded.shown.username.as_bytes()).map(drop).map_err(|_| Malformed)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        Self::check(bytes)?;
        Ok(Self(bytes.into()))
    }

    fn renewed(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Malformed> {
        write::renewed(bytes)
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
    fn head_len(bytes: &[u8]) -> Option<usize> {
        read::head_len(bytes)
    }

    #[inline]
    fn view_head(bytes: &[u8]) -> Result<UserRef<'_>, Malformed> {
        Head::read(&mut Reader(bytes))?.shown()
    }

    #[inline]
    fn username(bytes: &[u8]) -> Result<Option<UsernameKey>, Malformed> {
        let Head { username, .. } = Head::read(&mut Reader(bytes))?;
        Username::from_ascii(username).map(|username| Some(username.key())).map_err(|_| Malformed)
    }

    #[inline]
    fn order_keys(bytes: &[u8]) -> Result<Option<[OrderKey; 2]>, Malformed> {
        let head = Head::read(&mut Reader(bytes))?;
        Ok(Some(SearchBy::ALL.map(|by| OrderKey::of_escaped(head.searched(by), by))))
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
    /// Not of the user but of the record: addresses of images begin with their affixes.
    pub(super) const AFFIXES: u32 = 1 << 18;
    /// Two bits that hold a place in `GENDERS`; nothing follows for them.
    pub(super) const GENDER: u32 = 19;
    /// Not of the user but of the record: the head holds name and username alone. Without it they
    /// stand in what was the beginning of a reply, as formats 1 to 4 had it.
    pub(super) const BARE: u32 = 1 << 21;
    /// Every bit that means something.
    pub(super) const ALL: u32 = (1 << 22) - 1;
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
const GENDERS: [Option<Gender>; 4] = [None, Some(Gender::Male), Some(Gender::Female), Some(Gender::Undefined)];
const MAYBE: [Option<bool>; 3] = [None, Some(false), Some(true)];
const SUBSCRIPTIONS: [SubscriptionType; 4] =
    [SubscriptionType::None, SubscriptionType::Basic, SubscriptionType::Premium, SubscriptionType::PremiumPlus];

/// What stood around id, name and username in records of formats 1 to 4.
const FRAMES: [&str; 4] = ["\"id\":\"", "\",\"name\":\"", "\",\"username\":\"", "\""];
