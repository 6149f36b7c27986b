//! The nouns of Birdbox: ids, names, users, posts, times, and JSON-escaped text.
//!
//! Nothing here reads a clock, a disk, a socket or the environment, and nothing
//! carries serde: the wire form of these types lives in `xapi`, the file forms in
//! `formats`, the stored form in `store`.

#![forbid(unsafe_code)]

mod change;
mod id;
mod json;
mod observation;
mod timestamp;
mod tweet;
mod user;
mod username;
mod words;

pub use change::UserChange;
pub use id::{AppId, InvalidId, TweetId, UserId};
pub use json::{ImageUrl, JsonStr, RawJson, escape_into, next_special, unescape};
pub use observation::{Conflict, Observation, UserMember, UserMembers};
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use tweet::{Reference, ReferenceKind, Tweet, TweetField, TweetMetrics, TweetRef, UnknownField};
pub use user::{
    AccountState, Affiliation, CountryCode, InvalidCountryCode, SubscriptionType, User, UserMetrics, UserRef,
    VerifiedType, Withheld,
};
pub use username::{InvalidUsername, Username, UsernameKey};
