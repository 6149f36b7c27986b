//! How much an App used the API on a day.

use std::fmt;

use crate::{AppId, Timestamp};

/// A day in UTC, counted from 1 January 1970, which is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day(u32);

impl Day {
    const MS: i64 = 24 * 60 * 60 * 1000;

    /// The day with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The day of a time; the first one for times before it.
    #[must_use]
    pub fn of(time: Timestamp) -> Self {
        Self(u32::try_from(time.unix_ms().div_euclid(Self::MS)).unwrap_or(0))
    }

    /// When it begins.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp::from_unix_ms(i64::from(self.0) * Self::MS)
    }

    /// So many days later.
    #[must_use]
    pub const fn plus(self, days: u32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// So many days before.
    #[must_use]
    pub const fn minus(self, days: u32) -> Self {
        Self(self.0.saturating_sub(days))
    }
}

/// As `2026-06-15`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.start().to_string();
        f.write_str(text.split('T').next().unwrap_or_default())
    }
}

/// What was used of one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Used {
    /// Requests of a caller who is known.
    pub requests: u64,
    /// Those of them that were answered by 400 or more.
    pub errors: u64,
    /// Users in the replies.
    pub users: u64,
    /// Posts in the replies.
    pub posts: u64,
}

impl Used {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_add(other.requests),
            errors: self.errors.saturating_add(other.errors),
            users: self.users.saturating_add(other.users),
            posts: self.posts.saturating_add(other.posts),
        }
    }
}

/// What an App used on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOfApp {
    /// The day.
    pub day: Day,
    /// The App.
    pub app: AppId,
    /// By the names of operations, each once.
    pub operations: Vec<(String, Used)>,
    /// From then on it is forgotten.
    pub expires_at: Timestamp,
}

impl DayOfApp {
    /// Adds what was used of an operation.
    pub fn add(&mut self, operation: &str, used: Used) {
        match self.operations.iter_mut().find(|(name, _)| name == operation) {
            Some((_, known)) => *known = known.and(used),
            None => self.operations.push((operation.to_owned(), used)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_utc() {
        let day = Day::of(Timestamp::from_unix_ms(1_781_524_800_000));
        assert_eq!(day.to_string(), "2026-06-15");
        assert_eq!((Day::of(day.start()), Day::of(day.start().plus_ms(-1))), (day, day.minus(1)));
        assert_eq!(day.plus(16).to_string(), "2026-07-01");
        assert_eq!(Day::of(Timestamp::from_unix_ms(-1)), Day::default());
    }
}
