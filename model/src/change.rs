//! Changes to one account, each a member and its new value.

use crate::{
    AccountState, Affiliation, Gender, RawJson, Timestamp, TweetId, User, UserMetrics, Username, VerifiedType, Withheld,
};

/// One change to an account. A list of them is applied whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserChange {
    /// A new handle. The old one is free at the same instant.
    Username(Username),
    /// See [`User::name`].
    Name(String),
    /// See [`User::state`].
    State(AccountState),
    /// See [`User::created_at`].
    CreatedAt(Option<Timestamp>),
    /// See [`User::description`].
    Description(String),
    /// See [`User::location`].
    Location(Option<String>),
    /// See [`User::url`].
    Url(Option<String>),
    /// See [`User::entities`].
    Entities(Option<RawJson>),
    /// See [`User::pinned_tweet_id`].
    PinnedTweetId(Option<TweetId>),
    /// See [`User::most_recent_tweet_id`].
    MostRecentTweetId(Option<TweetId>),
    /// See [`User::profile_image_url`].
    ProfileImageUrl(Option<String>),
    /// See [`User::profile_banner_url`].
    ProfileBannerUrl(Option<String>),
    /// See [`User::protected`].
    Protected(bool),
    /// See [`User::verified`].
    Verified(bool),
    /// See [`User::verified_type`].
    VerifiedType(Option<VerifiedType>),
    /// See [`User::metrics`].
    Metrics(Option<UserMetrics>),
    /// See [`User::parody`].
    Parody(Option<bool>),
    /// See [`User::identity_verified`].
    IdentityVerified(Option<bool>),
    /// See [`User::confirmed_email`].
    ConfirmedEmail(Option<String>),
    /// See [`User::affiliation`].
    Affiliation(Option<Affiliation>),
    /// See [`User::withheld`].
    Withheld(Option<Withheld>),
    /// See [`User::gender`].
    Gender(Option<Gender>),
}

impl User {
    /// Makes one change. That a new username is free is for the store to see to.
    pub fn apply(&mut self, change: UserChange) {
        match change {
            UserChange::Username(value) => self.username = value,
            UserChange::Name(value) => self.name = value,
            UserChange::State(value) => self.state = value,
            UserChange::CreatedAt(value) => self.created_at = value,
            UserChange::Description(value) => self.description = value,
            UserChange::Location(value) => self.location = value,
            UserChange::Url(value) => self.url = value,
            UserChange::Entities(value) => self.entities = value,
            UserChange::PinnedTweetId(value) => self.pinned_tweet_id = value,
            UserChange::MostRecentTweetId(value) => self.most_recent_tweet_id = value,
            UserChange::ProfileImageUrl(value) => self.profile_image_url = value,
            UserChange::ProfileBannerUrl(value) => self.profile_banner_url = value,
            UserChange::Protected(value) => self.protected = value,
            UserChange::Verified(value) => self.verified = value,
            UserChange::VerifiedType(value) => self.verified_type = value,
            UserChange::Metrics(value) => self.metrics = value,
            UserChange::Parody(value) => self.parody = value,
            UserChange::IdentityVerified(value) => self.identity_verified = value,
            UserChange::ConfirmedEmail(value) => self.confirmed_email = value,
            UserChange::Affiliation(value) => self.affiliation = value,
            UserChange::Withheld(value) => self.withheld = value,
            UserChange::Gender(value) => self.gender = value,
        }
    }
}
