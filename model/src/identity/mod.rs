//! Who may call, and on whose behalf: developer accounts, Projects, Apps and their keys,
//! tokens of users, scopes.
//!
//! These types hold no secret in clear. What only has to be recognised is a
//! [`TokenDigest`]; what a signature is checked with is [`Sealed`]. How tokens look, are
//! derived, digested and sealed is in `oauth`.

mod app;
mod developer;
mod grant;
mod portal;
mod scope;
mod secret;
mod session;
mod usage;
mod user_token;

pub use app::{App, AppChange, AppKeys, AppType, ClientKeys, ConsumerKeys, Key, Permissions, Tier};
pub use developer::{Account, Approval, Project};
pub use grant::{AccessToken, AuthorizationCode, ChallengeMethod, CodeChallenge, Grant, RefreshToken};
pub use portal::{Developer, PortalLink, PortalSession};
pub use scope::{Scope, Scopes, UnknownScope};
pub use secret::{Sealed, TokenDigest};
pub use session::{Consent, LoginSession};
pub use usage::{Day, DayOfApp, Used};
pub use user_token::{Authorized, Callback, RequestToken, UserToken};
