//! Verbs about developer accounts, Projects, Apps and tokens.
//!
//! Secrets are made here, kept in the store as digests or sealed, and shown in the answer
//! to the verb that made them, once. Those of the first App are derived from the key file,
//! so that `birdbox env` can print them again.

mod account;
mod app;
mod portal;
mod project;
mod sample;
mod secrets;
mod settings;
mod token;

use model::{AccountId, Timestamp, User, UserId, Username};
use serde::{Deserialize, Serialize};
use store::IdentityError;

use super::{AdminError, Context, UserKey, find, wire};
pub use account::{AccountVerb, AccountView};
pub use app::{AppVerb, AppView, KeyKind, NewKeys};
pub(crate) use app::{change_app, make_app, replace_keys};
pub(crate) use portal::portal_link;
pub use project::{ProjectVerb, ProjectView};
pub use sample::SampleKeys;
pub(crate) use sample::{environment, fit, found};
pub use secrets::Secrets;
pub(crate) use settings::change as setting_change;
pub use settings::{SETTINGS, Setting};
pub use token::{InvalidTokenKey, NewGrant, NewToken, TokenKey, TokenVerb, TokenView};

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum IdentityVerb {
    /// With a developer account.
    Account(AccountVerb),
    /// With a Project.
    Project(ProjectVerb),
    /// With an App.
    App(AppVerb),
    /// With a token.
    Token(TokenVerb),
    /// Set the password of a user, or take it away.
    SetPassword {
        /// Whose.
        user: UserKey,
        /// The text of its argon2id hash.
        hash: Option<String>,
    },
    /// Make a link that signs in to the portal, once.
    PortalLink {
        /// The developer account that it is for; none is the owner of the server.
        #[serde(with = "wire::optional_text")]
        account: Option<AccountId>,
    },
}

macro_rules! verbs_of {
    ($($noun:ident($verb:ident)),*) => {$(
        impl From<$verb> for IdentityVerb {
            fn from(verb: $verb) -> Self {
                Self::$noun(verb)
            }
        }
    )*};
}

verbs_of!(Account(AccountVerb), Project(ProjectVerb), App(AppVerb), Token(TokenVerb));

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityAnswer {
    /// To verbs about one developer account.
    Account(AccountView),
    /// To [`AccountVerb::List`].
    Accounts(Vec<AccountView>),
    /// To verbs about one Project.
    Project(ProjectView),
    /// To [`ProjectVerb::List`].
    Projects(Vec<ProjectView>),
    /// To verbs about one App, with the keys that were made.
    App(Box<AppView>, NewKeys),
    /// To [`AppVerb::List`].
    Apps(Vec<AppView>),
    /// To [`TokenVerb::Create`].
    NewToken(NewToken),
    /// To [`TokenVerb::Authorize`].
    NewGrant(NewGrant),
    /// To [`TokenVerb::List`].
    Tokens(Vec<TokenView>),
    /// To [`TokenVerb::Revoke`].
    Revoked(TokenKey),
    /// To [`IdentityVerb::SetPassword`].
    User {
        /// Its id.
        #[serde(with = "wire::text")]
        id: UserId,
        /// Its username.
        #[serde(with = "wire::text")]
        username: Username,
    },
    /// To [`IdentityVerb::PortalLink`].
    PortalLink {
        /// Where to go.
        link: String,
        /// Until when.
        expires_at: String,
    },
}

/// Does what `verb` says.
pub(super) async fn run(context: &Context, verb: IdentityVerb, now: Timestamp) -> Result<IdentityAnswer, AdminError> {
    found(&context.store, &context.secrets, now).await?;
    let identity = context.store.identity();
    match verb {
        IdentityVerb::Account(verb) => account::run(identity, verb, now).await,
        IdentityVerb::Project(verb) => project::run(identity, verb, now).await,
        IdentityVerb::App(verb) => app::run(context, verb, now).await,
        IdentityVerb::Token(verb) => token::run(context, verb, now).await,
        IdentityVerb::SetPassword { user, hash } => {
            let User { id, username, .. } = find(&context.store, user).await?;
            identity.set_password(id, hash).await.map_err(|error| refused(&error, &NAMED))?;
            // Whoever was locked out for wrong passwords starts anew. Without a server nobody is.
            if let Some(server) = &context.running {
                server.guesses.forget(username.as_str());
            }
            Ok(IdentityAnswer::User { id, username })
        }
        IdentityVerb::PortalLink { account } => {
            let base_url = &context.environment.base_url;
            let made = portal_link(identity, &context.secrets, base_url, account, now).await;
            let (link, expires_at) = made.map_err(|error| refused(&error, &MAKING))?;
            Ok(IdentityAnswer::PortalLink { link, expires_at: iso(expires_at) })
        }
    }
}

/// What the arguments of a verb are called.
struct Arguments {
    this: &'static str,
    account: &'static str,
    project: &'static str,
    app: &'static str,
}

/// Those of verbs that name one thing.
const NAMED: Arguments = Arguments { this: "APP", account: "ACCOUNT", project: "PROJECT", app: "APP" };
/// Those of verbs that make something.
const MAKING: Arguments = Arguments { this: "NAME", account: "--account", project: "--project", app: "--app" };
/// Those of settings of an App.
const SETTING: Arguments = Arguments { project: "project", ..NAMED };

/// What the store refused, with the argument that it is about and what to do.
fn refused(error: &IdentityError, arguments: &Arguments) -> AdminError {
    let (argument, advice) = match error {
        IdentityError::UnknownAccount { .. } => (arguments.account, "`birdbox account list` shows all"),
        IdentityError::UnknownProject { .. } => (arguments.project, "`birdbox project list` shows all"),
        IdentityError::UnknownApp { .. } => (arguments.app, "`birdbox app list` shows all"),
        IdentityError::UnknownToken { .. } | IdentityError::UnknownGrant { .. } => {
            ("TOKEN", "`birdbox token list` shows all")
        }
        IdentityError::InactiveUser { .. } => ("USER", "make it active with `birdbox user restore`"),
        IdentityError::NotApproved { .. } => (arguments.account, "approve it with `birdbox account approve`"),
        IdentityError::ForeignProject { .. } => (arguments.project, "name one of the account that the App is of"),
        IdentityError::Full { .. } => (arguments.account, "delete some"),
        IdentityError::NotEmpty => (arguments.this, "delete those first, or move the Apps"),
        IdentityError::OAuth2NotSet { .. } => {
            ("oauth2", "set them too, such as type=web callbacks=https://example.com/")
        }
        IdentityError::OwnScheme { .. } => ("callbacks", "set type=native too, or give one with https://"),
        IdentityError::OAuth2Off { .. } => (arguments.app, "switch it on with `birdbox app set APP oauth2=on`"),
        IdentityError::Refused(_) => return AdminError::Store { reason: error.to_string() },
        IdentityError::Change(error) => return error.clone().into(),
    };
    AdminError::Argument { argument: argument.to_owned(), reason: format!("{error}; {advice}") }
}

/// A name of 1 to `most` characters.
fn named(argument: &str, text: &str, most: usize) -> Result<String, AdminError> {
    name(text, most).ok_or_else(|| AdminError::Argument {
        argument: argument.to_owned(),
        reason: format!("{text:?} is no name; give 1 to {most} characters"),
    })
}

/// A text that can be a name: of 1 to `most` characters that are all seen.
pub(crate) fn name(text: &str, most: usize) -> Option<String> {
    let is_name = !text.trim().is_empty() && text.chars().count() <= most && !text.contains(is_hidden);
    is_name.then(|| text.to_owned())
}

/// Characters that are not seen, or that change the order of others: with them the name on a
/// consent page could read like something else.
fn is_hidden(letter: char) -> bool {
    const HIDDEN: [std::ops::RangeInclusive<char>; 6] = [
        '\u{200B}'..='\u{200C}',
        '\u{200E}'..='\u{200F}',
        '\u{2028}'..='\u{202E}',
        '\u{2060}'..='\u{206F}',
        '\u{FEFF}'..='\u{FEFF}',
        // It stands for what was no text.
        '\u{FFFD}'..='\u{FFFD}',
    ];
    letter.is_control() || HIDDEN.iter().any(|range| range.contains(&letter))
}

/// A time as replies show it.
pub(crate) fn iso(time: Timestamp) -> String {
    let mut text = Vec::new();
    time.write_iso(&mut text);
    String::from_utf8(text).unwrap_or_default()
}
