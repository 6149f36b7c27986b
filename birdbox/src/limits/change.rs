//! A change of the limits of an operation, as people write it: `app=300 user=900`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use xapi::RateLimits;

/// Numbers that stand where others would.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Change {
    /// For one App with its app-only token.
    pub app: Option<Number>,
    /// For one user, in all Apps.
    pub user: Option<Number>,
}

/// What one limit becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Number {
    /// So many requests in a window.
    Is(u32),
    /// What it would be without any change.
    Default,
}

/// Why a text is no change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("give app=N, user=N or both; N is a number of requests, or default")]
pub struct InvalidChange;

impl Change {
    /// Limits with this change.
    #[must_use]
    pub fn apply_to(self, limits: RateLimits) -> RateLimits {
        let number = |number, limit| match number {
            Some(Number::Is(number)) => Some(number),
            Some(Number::Default) | None => limit,
        };
        RateLimits { per_app: number(self.app, limits.per_app), per_user: number(self.user, limits.per_user) }
    }

    /// This change and then another one. What is back at its default is no change.
    #[must_use]
    pub fn and(self, then: Self) -> Self {
        let both = |first: Option<Number>, then: Option<Number>| {
            then.or(first).filter(|number| !matches!(number, Number::Default))
        };
        Self { app: both(self.app, then.app), user: both(self.user, then.user) }
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl FromStr for Change {
    type Err = InvalidChange;

    fn from_str(text: &str) -> Result<Self, InvalidChange> {
        let mut change = Self::default();
        for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
            let (name, number) = part.split_once('=').ok_or(InvalidChange)?;
            let limit = match name {
                "app" => &mut change.app,
                "user" => &mut change.user,
                _ => return Err(InvalidChange),
            };
            let number = match number {
                "default" => Number::Default,
                digits => Number::Is(digits.parse().map_err(|_| InvalidChange)?),
            };
            if limit.replace(number).is_some() {
                return Err(InvalidChange);
            }
        }
        Ok(change)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = [("app", self.app), ("user", self.user)];
        for (at, (name, number)) in members.into_iter().filter_map(|(name, number)| Some((name, number?))).enumerate() {
            let space = if at == 0 { "" } else { " " };
            match number {
                Number::Is(number) => write!(f, "{space}{name}={number}")?,
                Number::Default => write!(f, "{space}{name}=default")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_read_as_it_is_written() {
        for text in ["", "app=300", "user=default", "app=0 user=4294967295"] {
            assert_eq!(text.parse::<Change>().unwrap().to_string(), text);
        }
        assert_eq!("user=2,app=1".parse::<Change>().unwrap().to_string(), "app=1 user=2");
        for bad in ["app", "app=", "app=-1", "app=1 app=2", "apps=1", "app=4294967296", "app=1;user=2"] {
            assert_eq!(bad.parse::<Change>(), Err(InvalidChange), "{bad}");
        }
    }

    #[test]
    fn the_later_change_wins_and_a_default_ends_one() {
        let and = |first: &str, then: &str| first.parse::<Change>().unwrap().and(then.parse().unwrap()).to_string();
        assert_eq!(and("app=1 user=2", "app=3"), "app=3 user=2");
        assert_eq!(and("app=1 user=2", "app=default"), "user=2");
        assert!(and("app=1", "app=default").is_empty());
    }
}
