//! Apps: what they are, how they may be set, and the keys by which they are known.

use super::{Sealed, TokenDigest};
use crate::words::words;
use crate::{AccountId, AppId, ProjectId, Timestamp};

words! {
    /// What an App may do for a user with OAuth 1.0a.
    Permissions {
        /// Read.
        Read = "read",
        /// Read and write.
        ReadWrite = "read-write",
    }
}

words! {
    /// What kind of program an App is, for OAuth 2.0.
    AppType {
        /// Runs on a device. A public client.
        Native = "native",
        /// Runs in a browser. A public client.
        SinglePage = "single-page",
        /// Runs on a server. A confidential client.
        Web = "web",
        /// Acts on its own. A confidential client.
        Bot = "bot",
    }
}

impl AppType {
    /// Whether it can keep a secret, and so has to show its client secret (X's guide to
    /// OAuth 2.0, "confidential clients").
    #[must_use]
    pub const fn is_confidential(self) -> bool {
        match self {
            Self::Web | Self::Bot => true,
            Self::Native | Self::SinglePage => false,
        }
    }
}

words! {
    /// Which of X's products an App has. Limits may differ by it.
    Tier {
        /// The product without a fee.
        Free = "free",
        /// The smallest with a fee.
        Basic = "basic",
        /// The one in the middle.
        Pro = "pro",
        /// The largest.
        Enterprise = "enterprise",
    }
}

/// A developer App.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// Never given again.
    pub id: AppId,
    /// Whose it is.
    pub account: AccountId,
    /// A standalone App is in none, and may use v1.1 alone.
    pub project: Option<ProjectId>,
    /// What people see on the consent page, 1 to [`Self::MAX_NAME`] characters.
    pub name: String,
    /// What it may do with OAuth 1.0a.
    pub permissions: Permissions,
    /// What kind of program it is, once that is set.
    pub app_type: Option<AppType>,
    /// Where users may be sent back to, compared exactly; at most [`Self::MAX_CALLBACKS`].
    pub callbacks: Vec<String>,
    /// Shown on the consent page.
    pub website: Option<String>,
    /// Its product.
    pub tier: Tier,
    /// Whether OAuth 2.0 is switched on. See [`Self::can_use_oauth2`].
    pub oauth2: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

impl App {
    /// Most characters of a name (X's portal).
    pub const MAX_NAME: usize = 32;
    /// Most callback addresses (X's portal).
    pub const MAX_CALLBACKS: usize = 10;
    /// The callback of an App that cannot be called back: the user types a PIN.
    pub const OOB: &'static str = "oob";

    /// An App with the settings that X's portal gives to a new one.
    #[must_use]
    pub fn new(id: AppId, account: AccountId, name: impl Into<String>, created_at: Timestamp) -> Self {
        Self {
            id,
            account,
            project: None,
            name: name.into(),
            permissions: Permissions::Read,
            app_type: None,
            callbacks: Vec::new(),
            website: None,
            tier: Tier::Basic,
            oauth2: false,
            created_at,
        }
    }

    /// Whether OAuth 2.0 can be on: a type and a callback address are set. `oob` is none.
    #[must_use]
    pub fn can_use_oauth2(&self) -> bool {
        self.app_type.is_some() && self.callbacks.iter().any(|callback| callback != Self::OOB)
    }

    /// Whether browsers can be sent to all of its callback addresses: one with a scheme of its own
    /// leads to an App on a device, which is what a native one is.
    #[must_use]
    pub fn can_be_called_back(&self) -> bool {
        let has_own = |callback: &String| callback.split_once("://").is_some_and(|(scheme, _)| !Self::is_web(scheme));
        self.app_type == Some(AppType::Native) || !self.callbacks.iter().any(has_own)
    }

    /// Whether this is a scheme of the web, without regard to letter case.
    #[must_use]
    pub fn is_web(scheme: &str) -> bool {
        ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web))
    }

    /// Makes one change. Whether the outcome is allowed is for the store to see to.
    pub fn apply(&mut self, change: AppChange) {
        match change {
            AppChange::Name(value) => self.name = value,
            AppChange::Project(value) => self.project = value,
            AppChange::Permissions(value) => self.permissions = value,
            AppChange::Type(value) => self.app_type = value,
            AppChange::Callbacks(value) => self.callbacks = value,
            AppChange::Website(value) => self.website = value,
            AppChange::Tier(value) => self.tier = value,
            AppChange::OAuth2(value) => self.oauth2 = value,
        }
    }
}

/// One change to an App. A list of them is made whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppChange {
    /// See [`App::name`].
    Name(String),
    /// See [`App::project`].
    Project(Option<ProjectId>),
    /// See [`App::permissions`]. Tokens of users keep what they were given.
    Permissions(Permissions),
    /// See [`App::app_type`].
    Type(Option<AppType>),
    /// See [`App::callbacks`].
    Callbacks(Vec<String>),
    /// See [`App::website`].
    Website(Option<String>),
    /// See [`App::tier`].
    Tier(Tier),
    /// See [`App::oauth2`].
    OAuth2(bool),
}

/// A key of an App that can be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key<T> {
    /// How often it was replaced or revoked. Derived keys are made from this number.
    pub generation: u32,
    /// What is valid now; nothing once it was revoked.
    pub current: Option<T>,
}

impl<T> Default for Key<T> {
    fn default() -> Self {
        Self { generation: 0, current: None }
    }
}

/// API key and secret, which OAuth 1.0a calls those of the consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerKeys {
    /// The API key. It is no secret.
    pub key: String,
    /// The API secret.
    pub secret: Sealed,
}

/// Client id and secret of OAuth 2.0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientKeys {
    /// The client id. It is no secret.
    pub id: String,
    /// The client secret. Public clients have one too, and nobody asks for it.
    pub secret: TokenDigest,
}

/// The keys of an App.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AppKeys {
    /// API key and secret.
    pub consumer: Key<ConsumerKeys>,
    /// The app-only bearer token.
    pub bearer: Key<TokenDigest>,
    /// Client id and secret. They are valid while OAuth 2.0 is on.
    pub client: Key<ClientKeys>,
    /// The token for Tweet Binder's profiles, which X knows nothing of.
    pub tweet_binder: Key<TokenDigest>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_of_its_own_is_for_native_apps() {
        let mut app = App::new(AppId::new(1), AccountId::new(1), "one", Timestamp::MIN);
        for (callback, is_for_all) in
            [("oob", true), ("HTTPS://a.example/", true), ("http://a", true), ("my.app://a", false)]
        {
            app.apply(AppChange::Callbacks(vec![App::OOB.to_owned(), callback.to_owned()]));
            for app_type in [None, Some(AppType::Web), Some(AppType::SinglePage), Some(AppType::Bot)] {
                app.apply(AppChange::Type(app_type));
                assert_eq!(app.can_be_called_back(), is_for_all, "{app_type:?} {callback}");
            }
            app.apply(AppChange::Type(Some(AppType::Native)));
            assert!(app.can_be_called_back(), "{callback}");
        }
    }

    #[test]
    fn oauth2_needs_a_type_and_a_callback_address() {
        let mut app = App::new(AppId::new(1), AccountId::new(1), "one", Timestamp::MIN);
        assert!(!app.can_use_oauth2());
        app.apply(AppChange::Type(Some(AppType::Web)));
        app.apply(AppChange::Callbacks(vec![App::OOB.to_owned()]));
        assert!(!app.can_use_oauth2());
        app.apply(AppChange::Callbacks(vec![App::OOB.to_owned(), "https://example.com/".to_owned()]));
        assert!(app.can_use_oauth2());
    }
}
