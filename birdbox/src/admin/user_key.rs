//! How people name users, on the command line and over `admin.sock`.

use std::fmt;
use std::str::FromStr;

use model::{UserId, Username};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::wire;

/// How a person names a user: by id, or by username.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKey {
    /// Digits alone.
    Id(UserId),
    /// Anything else, or what follows an `@`.
    Username(Username),
}

/// Why a text names no user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("give an id (1 to 19 digits) or a username, such as @TwitterDev")]
pub struct InvalidUserKey;

impl FromStr for UserKey {
    type Err = InvalidUserKey;

    fn from_str(text: &str) -> Result<Self, InvalidUserKey> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        let username = text.strip_prefix('@').unwrap_or(text);
        username.parse().map(Self::Username).map_err(|_| InvalidUserKey)
    }
}

impl fmt::Display for UserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Username(username) => write!(f, "@{username}"),
        }
    }
}

impl Serialize for UserKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UserKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        wire::text::deserialize(deserializer)
    }
}
