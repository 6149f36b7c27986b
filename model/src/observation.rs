//! What a file says of an account or a post at one moment, and how it meets what
//! is known already.

use crate::{AccountState, Timestamp, Tweet, TweetId, User, UserId, Username};

macro_rules! user_members {
    ($($variant:ident: $($field:ident).+;)*) => {
        /// A member of [`User`] that an observation may or may not speak of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "each variant is the field of `User` with its name")]
        pub enum UserMember { $($variant,)* }

        impl UserMember {
            /// Every member.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }

        impl User {
            /// Takes from `newer` the members that it speaks of and keeps the rest.
            /// The username is among the members that are always taken.
            pub fn update_from(&mut self, newer: Self, speaks_of: UserMembers) {
                $(if speaks_of.contains(UserMember::$variant) { self.$($field).+ = newer.$($field).+; })*
                self.username = newer.username;
                self.name = newer.name;
                self.state = newer.state;
                self.observed_at = newer.observed_at;
                self.synthetic = newer.synthetic;
            }
        }
    };
}

user_members! {
    CreatedAt: created_at;
    Description: description;
    Location: location;
    Url: url;
    Entities: entities;
    PinnedTweetId: pinned_tweet_id;
    MostRecentTweetId: most_recent_tweet_id;
    ProfileImageUrl: profile_image_url;
    ProfileBannerUrl: profile_banner_url;
    Protected: protected;
    Verified: verified;
    VerifiedType: verified_type;
    Metrics: metrics;
    VerifiedFollowers: verified_followers;
    IdentityVerified: identity_verified;
    Parody: parody;
    SubscriptionType: subscription_type;
    ConfirmedEmail: confirmed_email;
    Affiliation: affiliation;
    Withheld: withheld;
    V1Members: v1_members;
    Gender: gender;
}

/// A set of members of [`User`]. An API reply holds only the fields that were asked
/// for, so a member that is missing from it may mean "none" or "not asked".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct UserMembers(u32);

impl UserMembers {
    /// No member.
    pub const NONE: Self = Self(0);
    /// Every member.
    pub const ALL: Self = Self(u32::MAX);

    /// The set as a number, for storing it.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// The set that [`Self::bits`] gave.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// This set and `member`.
    #[must_use]
    pub const fn with(self, member: UserMember) -> Self {
        Self(self.0 | 1 << member as u8)
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `member` is in the set.
    #[must_use]
    pub const fn contains(self, member: UserMember) -> bool {
        self.0 & 1 << member as u8 != 0
    }
}

/// One fact of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    /// An account, at `user.observed_at`, with the members that the source speaks of.
    User(Box<User>, UserMembers),
    /// A post, at `tweet.observed_at`.
    Tweet(Box<Tweet>),
    /// An account of which only its state was seen, such as "has been suspended".
    State {
        /// The account, when the source names its id.
        id: Option<UserId>,
        /// The account, when the source names it by username alone.
        username: Option<Username>,
        /// What was seen.
        state: AccountState,
        /// When.
        at: Timestamp,
    },
    /// A post that was asked for and no longer exists.
    TweetGone {
        /// The post.
        id: TweetId,
        /// When that was seen.
        at: Timestamp,
    },
}

/// What to do with an observation of something that is known already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Conflict {
    /// The strictly newer one wins; importing a file twice changes nothing.
    #[default]
    Newer,
    /// What is known stays.
    Keep,
    /// The file wins, however old.
    Replace,
}
