//! Users: what is known of an account, owned ([`User`]) and borrowed from a record
//! for rendering ([`UserRef`]).

use std::fmt;
use std::str::FromStr;

use crate::words::words;
use crate::{ImageUrl, JsonStr, RawJson, Timestamp, TweetId, UserId, Username};

words! {
    /// Whether an account can be looked up. Being protected or withheld is no state:
    /// such an account is returned, with less beside it.
    #[derive(Default)]
    AccountState {
        /// Returned by lookups.
        #[default]
        Active = "active",
        /// A lookup answers with the problem "User has been suspended".
        Suspended = "suspended",
        /// A lookup answers as if the user did not exist.
        Deactivated = "deactivated",
    }
}

/// The numbers of `public_metrics`, as they were when the user was observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct UserMetrics {
    /// Accounts that follow the user.
    pub followers: u64,
    /// Accounts the user follows.
    pub following: u64,
    /// Posts of the user, retweets included.
    pub tweets: u64,
    /// Public lists that hold the user.
    pub listed: u64,
    /// Posts the user liked (`favourites_count` of v1.1).
    pub likes: Option<u64>,
    /// Posts of the user that carry media.
    pub media: Option<u64>,
}

words! {
    /// `verified_type`: the kind of check mark.
    VerifiedType {
        /// A paying account.
        Blue = "blue",
        /// An organisation.
        Business = "business",
        /// A government body or officer.
        Government = "government",
        /// No check mark.
        None = "none",
    }
}

words! {
    /// `subscription_type`: the plan that an account pays for. Only the account
    /// itself may see it; everybody else is told `None`.
    #[derive(Default)]
    SubscriptionType {
        /// No plan.
        #[default]
        None = "None",
        /// The smallest plan.
        Basic = "Basic",
        /// The middle plan.
        Premium = "Premium",
        /// The largest plan.
        PremiumPlus = "PremiumPlus",
    }
}

words! {
    /// `gender` of Tweet Binder's profiles, where the data says it.
    Gender {
        /// Male.
        Male = "male",
        /// Female.
        Female = "female",
        /// Neither, or nothing that an estimate should say.
        Undefined = "undefined",
    }
}

/// Why a text is not a country code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidCountryCode;

impl fmt::Display for InvalidCountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a country code is two capital letters, such as DE")
    }
}

impl std::error::Error for InvalidCountryCode {}

/// Two capital letters of ISO 3166-1. X also uses `XX` (all countries) and `XY`
/// (a copyright claim), which have the same form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// The code as ASCII bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 2] {
        &self.0
    }

    /// Reads a code from two ASCII bytes.
    ///
    /// # Errors
    /// [`InvalidCountryCode`] unless both are capital letters.
    pub fn from_ascii(bytes: [u8; 2]) -> Result<Self, InvalidCountryCode> {
        if bytes.iter().all(u8::is_ascii_uppercase) { Ok(Self(bytes)) } else { Err(InvalidCountryCode) }
    }
}

impl FromStr for CountryCode {
    type Err = InvalidCountryCode;

    fn from_str(text: &str) -> Result<Self, InvalidCountryCode> {
        Self::from_ascii(text.as_bytes().try_into().map_err(|_| InvalidCountryCode)?)
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).unwrap_or_default())
    }
}

/// Where an account is withheld.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Withheld {
    /// The countries, in the order in which they are shown.
    pub country_codes: Vec<CountryCode>,
    /// Whether the account as a whole is withheld (`"scope":"user"`).
    pub whole_account: bool,
}

/// The organisation whose badge an account carries.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Affiliation {
    /// The object of the API, `{"badge_url":…,"description":…,"url":…,"user_id":[…]}`.
    pub json: RawJson,
    /// The accounts in its `user_id`, for the expansion `affiliation.user_id`.
    pub user_ids: Vec<UserId>,
}

/// All that is known of an account. Texts are plain, without JSON escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Never changes.
    pub id: UserId,
    /// The handle, in its owner's spelling.
    pub username: Username,
    /// The name shown on the profile; X cuts it at 50 characters.
    pub name: String,
    /// Whether lookups return the account.
    pub state: AccountState,
    /// When the account was made.
    pub created_at: Option<Timestamp>,
    /// The bio; empty when there is none.
    pub description: String,
    /// Free text, when the user gave one.
    pub location: Option<String>,
    /// The website, mostly a t.co address, when the user gave one.
    pub url: Option<String>,
    /// The object `entities` of API v2: what the URL and the bio contain.
    pub entities: Option<RawJson>,
    /// The post pinned to the profile. It may be unknown or deleted.
    pub pinned_tweet_id: Option<TweetId>,
    /// The newest post. It may be unknown.
    pub most_recent_tweet_id: Option<TweetId>,
    /// https, in the `_normal` size.
    pub profile_image_url: Option<String>,
    /// https.
    pub profile_banner_url: Option<String>,
    /// Whether the posts are for accepted followers alone.
    pub protected: bool,
    /// Whether the account has a check mark.
    pub verified: bool,
    /// The kind of check mark; `None` when it was never observed.
    pub verified_type: Option<VerifiedType>,
    /// The numbers as observed; `None` for an account that was never observed, whose
    /// lists are counted instead.
    pub metrics: Option<UserMetrics>,
    /// Followers that are verified.
    pub verified_followers: Option<u64>,
    /// Whether the person behind the account showed an identity document.
    pub identity_verified: Option<bool>,
    /// Whether the account says that it is a parody.
    pub parody: Option<bool>,
    /// The plan; shown to the account itself alone.
    pub subscription_type: SubscriptionType,
    /// The e-mail address; shown to the account itself alone, with a scope.
    pub confirmed_email: Option<String>,
    /// The organisation whose badge the account carries.
    pub affiliation: Option<Affiliation>,
    /// Where the account is withheld, if anywhere.
    pub withheld: Option<Withheld>,
    /// An object with the members that only API v1.1 shows, under their names there.
    pub v1_members: Option<RawJson>,
    /// What Tweet Binder's profiles show in place of an estimate; X knows no such member.
    pub gender: Option<Gender>,
    /// When this was so. A newer observation replaces an older one.
    pub observed_at: Option<Timestamp>,
    /// Made up by Birdbox (sample, generator), as opposed to observed.
    pub synthetic: bool,
}

impl User {
    /// An account of which only the id and the name are known.
    #[must_use]
    pub fn new(id: UserId, username: Username, name: impl Into<String>) -> Self {
        Self {
            id,
            username,
            name: name.into(),
            state: AccountState::Active,
            created_at: None,
            description: String::new(),
            location: None,
            url: None,
            entities: None,
            pinned_tweet_id: None,
            most_recent_tweet_id: None,
            profile_image_url: None,
            profile_banner_url: None,
            protected: false,
            verified: false,
            verified_type: None,
            metrics: None,
            verified_followers: None,
            identity_verified: None,
            parody: None,
            subscription_type: SubscriptionType::None,
            confirmed_email: None,
            affiliation: None,
            withheld: None,
            v1_members: None,
            gender: None,
            observed_at: None,
            synthetic: false,
        }
    }
}

/// What every reply shows of a user, and whether it may.
#[derive(Debug, Clone, Copy)]
pub struct UserHead<'a> {
    /// See [`User::id`].
    pub id: UserId,
    /// See [`User::state`].
    pub state: AccountState,
    /// See [`User::username`].
    pub username: JsonStr<'a>,
    /// See [`User::name`], escaped for JSON.
    pub name: JsonStr<'a>,
}

/// A user as it lies in a record: text escaped, ready to be copied into a reply.
#[derive(Debug, Clone, Copy)]
pub struct UserRef<'a> {
    /// See [`User::id`].
    pub id: UserId,
    /// See [`User::username`].
    pub username: JsonStr<'a>,
    /// See [`User::name`].
    pub name: JsonStr<'a>,
    /// See [`User::state`].
    pub state: AccountState,
    /// See [`User::created_at`].
    pub created_at: Option<Timestamp>,
    /// See [`User::description`].
    pub description: JsonStr<'a>,
    /// See [`User::location`].
    pub location: Option<JsonStr<'a>>,
    /// See [`User::url`].
    pub url: Option<JsonStr<'a>>,
    /// See [`User::entities`]; a complete JSON value.
    pub entities: Option<&'a [u8]>,
    /// See [`User::pinned_tweet_id`].
    pub pinned_tweet_id: Option<TweetId>,
    /// See [`User::most_recent_tweet_id`].
    pub most_recent_tweet_id: Option<TweetId>,
    /// See [`User::profile_image_url`].
    pub profile_image_url: Option<ImageUrl<'a>>,
    /// See [`User::profile_banner_url`].
    pub profile_banner_url: Option<ImageUrl<'a>>,
    /// See [`User::protected`].
    pub protected: bool,
    /// See [`User::verified`].
    pub verified: bool,
    /// See [`User::verified_type`].
    pub verified_type: Option<VerifiedType>,
    /// The numbers to show: imported ones and what changed since.
    pub metrics: UserMetrics,
    /// See [`User::verified_followers`].
    pub verified_followers: Option<u64>,
    /// See [`User::identity_verified`].
    pub identity_verified: Option<bool>,
    /// See [`User::parody`].
    pub parody: Option<bool>,
    /// See [`User::subscription_type`].
    pub subscription_type: SubscriptionType,
    /// See [`User::confirmed_email`].
    pub confirmed_email: Option<JsonStr<'a>>,
    /// See [`Affiliation::json`]; a complete JSON value.
    pub affiliation: Option<&'a [u8]>,
    /// See [`Affiliation::user_ids`]: eight bytes each, little-endian.
    pub affiliation_user_ids: &'a [u8],
    /// Two bytes a country; see [`Withheld::country_codes`].
    pub withheld_country_codes: &'a [u8],
    /// See [`Withheld::whole_account`].
    pub withheld_whole_account: bool,
    /// See [`User::v1_members`]; a complete JSON value.
    pub v1_members: Option<&'a [u8]>,
    /// See [`User::gender`].
    pub gender: Option<Gender>,
    /// See [`User::synthetic`].
    pub synthetic: bool,
}

impl<'a> UserRef<'a> {
    /// A user of whom no more is known.
    #[inline]
    #[must_use]
    pub const fn new(id: UserId, username: JsonStr<'a>, name: JsonStr<'a>) -> Self {
        Self {
            id,
            username,
            name,
            state: AccountState::Active,
            created_at: None,
            description: JsonStr::EMPTY,
            location: None,
            url: None,
            entities: None,
            pinned_tweet_id: None,
            most_recent_tweet_id: None,
            profile_image_url: None,
            profile_banner_url: None,
            protected: false,
            verified: false,
            verified_type: None,
            metrics: UserMetrics { followers: 0, following: 0, tweets: 0, listed: 0, likes: None, media: None },
            verified_followers: None,
            identity_verified: None,
            parody: None,
            subscription_type: SubscriptionType::None,
            confirmed_email: None,
            affiliation: None,
            affiliation_user_ids: &[],
            withheld_country_codes: &[],
            withheld_whole_account: false,
            v1_members: None,
            gender: None,
            synthetic: false,
        }
    }

    /// The accounts that the affiliation names.
    pub fn affiliation_user_ids(&self) -> impl Iterator<Item = UserId> + use<'a> {
        let (ids, _) = self.affiliation_user_ids.as_chunks::<8>();
        ids.iter().map(|bytes| UserId::new(u64::from_le_bytes(*bytes)))
    }

    /// Whether the account is withheld anywhere.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        self.withheld_whole_account || !self.withheld_country_codes.is_empty()
    }
}
