//! The nouns of Birdbox: ids, names, users, posts, times, JSON-escaped text, and who may
//! call: developer accounts, Apps, tokens, scopes.
//!
//! Nothing here reads a clock, a disk, a socket or the environment, and nothing
//! carries serde: the wire form of these types lives in `xapi`, the file forms in
//! `formats`, the stored form in `store`.

#![forbid(unsafe_code)]

mod change;
mod direction;
mod id;
mod identity;
mod json;
mod observation;
mod relation;
mod timestamp;
mod tweet;
mod user;
mod username;
mod words;

pub use change::UserChange;
pub use direction::{Both, Direction};
pub use id::{AccountId, AppId, GrantId, InvalidId, ProjectId, TokenId, TweetId, UserId};
pub use identity::{
    AccessToken, Account, App, AppChange, AppKeys, AppType, Approval, AuthorizationCode, Authorized, Callback,
    ChallengeMethod, ClientKeys, CodeChallenge, Consent, ConsumerKeys, Day, DayOfApp, Developer, Grant, Key,
    LoginSession, Permissions, PortalLink, PortalSession, Project, RefreshToken, RequestToken, Scope, Scopes, Sealed,
    Tier, TokenDigest, UnknownScope, Used, UserToken,
};
pub use json::{ImageUrl, JsonStr, RawJson, escape_into, next_special, unescape};
pub use observation::{Conflict, Observation, UserMember, UserMembers};
pub use relation::Relation;
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use tweet::{PackedMembers, Reference, ReferenceKind, Tweet, TweetField, TweetMetrics, TweetRef, UnknownField};
pub use user::{
    AccountState, Affiliation, CountryCode, Gender, InvalidCountryCode, SubscriptionType, User, UserHead, UserMetrics,
    UserRef, VerifiedType, Withheld,
};
pub use username::{InvalidUsername, Username, UsernameKey};
