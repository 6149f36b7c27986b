//! Who is calling: from the `Authorization` header to a [`Caller`].

use std::collections::HashMap;

use model::{AppId, UserId};
use oauth::TokenDigest;
use store::Subject;
use xapi::headers::AccessLevel;

/// An identified caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// An App on its own behalf, with its app-only bearer token.
    App(AppId),
}

impl Caller {
    /// The user on whose behalf the request is made: the one who sees its own
    /// private metrics and protected posts. An App alone sees what everybody sees.
    #[must_use]
    pub const fn viewer(self) -> Option<UserId> {
        match self {
            Self::App(_) => None,
        }
    }

    /// On whose account its requests are counted.
    #[must_use]
    pub const fn subject(self) -> Subject {
        match self {
            Self::App(app) => Subject::App(app),
        }
    }

    /// What the credentials allow.
    #[must_use]
    pub const fn access_level(self) -> AccessLevel {
        match self {
            Self::App(_) => AccessLevel::Read,
        }
    }
}

/// The credentials that are accepted, by digest; no token is kept.
#[derive(Debug, Default)]
pub struct Credentials {
    bearers: HashMap<TokenDigest, AppId>,
}

impl Credentials {
    /// Accepts `token` as the app-only bearer token of `app`.
    pub fn accept_bearer(&mut self, token: &str, app: AppId) {
        self.bearers.insert(TokenDigest::of(token.as_bytes()), app);
    }

    /// The caller behind the value of an `Authorization` header; `None` for no
    /// header, another scheme, or a token that is not known.
    #[must_use]
    pub fn identify(&self, authorization: Option<&[u8]>) -> Option<Caller> {
        let token = oauth::bearer::from_header(authorization?)?;
        self.bearers.get(&TokenDigest::of(token)).copied().map(Caller::App)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_known_token_identifies_a_caller() {
        let mut credentials = Credentials::default();
        credentials.accept_bearer("AAAA%3Dsecret", AppId::new(1));
        assert_eq!(credentials.identify(Some(b"Bearer AAAA%3Dsecret")), Some(Caller::App(AppId::new(1))));
        for bad in [
            None,
            Some("Bearer AAAA=secret"),
            Some("Bearer AAAA%3Dsecre"),
            Some("AAAA%3Dsecret"),
            Some("Basic AAAA%3Dsecret"),
        ] {
            assert_eq!(credentials.identify(bad.map(str::as_bytes)), None, "{bad:?}");
        }
    }
}
