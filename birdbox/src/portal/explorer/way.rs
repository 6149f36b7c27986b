//! The ways in which a request can say who calls, and why an operation does not take one.

use xapi::{Authentication, Dialect, Operation};

/// In which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// As an App, with the token that the dialect wants of one.
    App,
    /// For a user, signed by OAuth 1.0a.
    OAuth1,
    /// For a user, with an access token of OAuth 2.0.
    OAuth2,
}

impl Way {
    pub(super) const ALL: [Self; 3] = [Self::App, Self::OAuth1, Self::OAuth2];

    /// The one that comes to such credentials.
    pub(crate) const fn by(credentials: Authentication) -> Self {
        match credentials {
            Authentication::AppOnly | Authentication::TweetBinder => Self::App,
            Authentication::OAuth1User => Self::OAuth1,
            Authentication::OAuth2User => Self::OAuth2,
        }
    }

    /// Its word in addresses.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::OAuth1 => "oauth1",
            Self::OAuth2 => "oauth2",
        }
    }

    /// What people call it.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::App => "App",
            Self::OAuth1 => "OAuth 1.0a user",
            Self::OAuth2 => "OAuth 2.0 user",
        }
    }

    /// Whether a user is behind it.
    pub(super) const fn is_of_user(self) -> bool {
        match self {
            Self::App => false,
            Self::OAuth1 | Self::OAuth2 => true,
        }
    }

    /// The kind of credentials that it comes to.
    pub(super) fn credentials(self, operation: &Operation) -> Authentication {
        match self {
            Self::App if operation.dialect == Dialect::TweetBinder => Authentication::TweetBinder,
            Self::App => Authentication::AppOnly,
            Self::OAuth1 => Authentication::OAuth1User,
            Self::OAuth2 => Authentication::OAuth2User,
        }
    }

    pub(super) fn is_taken(self, operation: &Operation) -> bool {
        operation.access.authentication.contains(&self.credentials(operation))
    }

    /// Why an operation does not take it, for those that it does not take.
    pub(super) fn why_not(self, operation: &Operation) -> Option<&'static str> {
        if self.is_taken(operation) {
            return None;
        }
        Some(match (self, operation.dialect) {
            (Self::App, _) => "It is about the user who calls, and an App alone is none.",
            (Self::OAuth1 | Self::OAuth2, Dialect::TweetBinder) => "Tweet Binder knows tokens of Apps alone.",
            (Self::OAuth2, Dialect::Labs) => "Labs is older than OAuth 2.0 for users.",
            (Self::OAuth2, Dialect::V1) => "API v1.1 is older than OAuth 2.0 for users.",
            (Self::OAuth1 | Self::OAuth2, Dialect::V1 | Dialect::Labs | Dialect::V2) => "It takes other credentials.",
        })
    }

    /// The one that an address names, or the first that the operation takes.
    pub(super) fn of(word: &str, operation: &Operation) -> Self {
        let named = Self::ALL.into_iter().find(|way| way.word() == word);
        let first = || Self::ALL.into_iter().find(|way| way.is_taken(operation)).unwrap_or(Self::App);
        named.unwrap_or_else(first)
    }
}

#[cfg(test)]
mod tests {
    use xapi::operation::OPERATIONS;

    use super::*;

    #[test]
    fn each_operation_takes_the_way_that_stands_in_it_first() {
        for operation in OPERATIONS {
            assert!(Way::of("", operation).is_taken(operation), "{}", operation.name);
            for way in Way::ALL {
                assert_eq!((Way::of(way.word(), operation), Way::by(way.credentials(operation))), (way, way));
                assert_ne!(way.is_taken(operation), way.why_not(operation).is_some());
            }
        }
    }
}
