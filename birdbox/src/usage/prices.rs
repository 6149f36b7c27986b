//! What X would have charged, by the price list of the configuration.
//!
//! X charges for what a reply holds, and for each change. It charges once for what an App reads more
//! than once on a day, and less for what belongs to the owner of the App; neither is known here, so
//! that the sum is the most that it would have been.

use std::fmt;

use model::Used;
use xapi::operation::Kind;
use xapi::{Dialect, Operation};

use crate::config::{Price, PriceDate};

/// The price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prices {
    /// When it held.
    pub as_of: PriceDate,
    /// For each user who was looked up.
    pub user_read: Price,
    /// For each user on a list of follows.
    pub follows_read: Price,
    /// For each post.
    pub post_read: Price,
    /// For each follow that was made.
    pub user_interaction_create: Price,
    /// For each follow that was ended.
    pub interaction_delete: Price,
}

impl Prices {
    /// What the use of an operation would have cost; `None` for what X has no price for.
    #[must_use]
    pub fn cost(&self, operation: &Operation, used: Used) -> Option<Cost> {
        if operation.dialect != Dialect::V2 {
            return None;
        }
        let answered = used.requests.saturating_sub(used.errors);
        let (price, count) = match operation.kind {
            Kind::Lookup => (self.user_read, used.users),
            Kind::List => (self.follows_read, used.users),
            Kind::Follow => (self.user_interaction_create, answered),
            Kind::Unfollow => (self.interaction_delete, answered),
            Kind::Plain(_) => return None,
        };
        let all = [(price, count), (self.post_read, used.posts)];
        Some(Cost(all.iter().map(|(price, count)| u128::from(price.micros()) * u128::from(*count)).sum()))
    }
}

/// An amount, in millionths of a dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cost(u128);

impl Cost {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// In dollars, such as `1234.567`.
impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1_000_000, self.0 % 1_000_000 / 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::config::Sources;

    #[test]
    fn replies_and_changes_have_a_price_and_refusals_have_none() {
        let prices = Config::load(&Sources::default()).unwrap().price_list();
        let cost = |name: &str, requests, errors, users, posts| {
            let used = Used { requests, errors, users, posts };
            prices.cost(Operation::named(name).unwrap(), used).map(|cost| cost.to_string())
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(cost("getUsersByIds", 3, 1, 200, 4), some("2.020"));
        assert_eq!(cost("getUsersFollowers", 1, 0, 1000, 0), some("10.000"));
        assert_eq!(cost("followUser", 5, 2, 0, 0), some("0.045"));
        assert_eq!(cost("unfollowUser", 2, 2, 0, 0), some("0.000"));
        let labs = xapi::operation::OPERATIONS.iter().find(|row| row.dialect == Dialect::Labs).unwrap();
        assert_eq!(cost(labs.name, 1, 0, 9, 0), None);
    }
}
