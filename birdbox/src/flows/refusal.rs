//! Why an endpoint of tokens refuses: what the client is told, and the whole of it, for the
//! people who run the server. No secret is in either.

use std::fmt;

use model::{AppId, Approval};
use oauth::oauth2::BadRequest;
use store::IdentityError;

use crate::authenticate::{self, cut};

/// An error as it is told, and why there is one.
#[derive(Debug)]
pub(super) struct Refused<E> {
    pub(super) told: E,
    /// None when it is not the client's affair; then the log says why.
    pub(super) why: Option<Refusal>,
}

impl<E> Refused<E> {
    pub(super) fn new(told: E, why: Refusal) -> Self {
        Self { told, why: Some(why) }
    }

    /// The server cannot do it, and has logged why.
    pub(super) fn unavailable(told: E) -> Self {
        Self { told, why: None }
    }
}

/// Why an endpoint of tokens refuses.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// The caller may not do it, or is nobody.
    Caller(authenticate::Refusal),
    /// A parameter is missing, stands there twice, or has a value that it cannot have.
    Parameter(String),
    /// The credentials of a client are not those of an App.
    Client(ClientFault),
    /// What was to be exchanged is not taken.
    NotTaken {
        /// What.
        given: Given,
        /// Why.
        reason: String,
    },
    /// The exchange names another address than the authorize request.
    OtherRedirect,
    /// The challenge was made of another verifier.
    OtherVerifier,
    /// The address is none of the App's.
    UnknownAddress {
        /// The App.
        app: AppId,
    },
    /// The App has no address, and asks for no PIN.
    PinOnly {
        /// The App.
        app: AppId,
    },
    /// A word is no scope.
    Scope,
    /// A bearer token that is to be ended is not the one of the App.
    OtherBearer {
        /// The App.
        app: AppId,
    },
    /// Nobody signs in.
    SignIn(SignInFault),
    /// Accounts can be picked under names of this machine alone.
    Host,
    /// The form was not sent from a page of this server in this browser.
    Form,
}

/// What is wrong with the credentials of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientFault {
    /// There are none.
    None,
    /// The header is not `Basic` and two words, encoded.
    Unreadable,
    /// No App has the client id, or its OAuth 2.0 is off.
    UnknownId,
    /// No App has the API key.
    UnknownKey,
    /// Header and parameter name different clients.
    Two,
    /// The App has to show its secret.
    NoSecret(AppId),
    /// The secret is wrong.
    WrongSecret(AppId),
    /// The App has no such key.
    NoKey(AppId),
    /// The developer account may not use the API.
    NotApproved(AppId, Approval),
}

/// What is exchanged for tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// An authorization code.
    Code,
    /// A refresh token.
    RefreshToken,
    /// A request token of OAuth 1.0a, and its verifier.
    RequestToken,
}

/// Why nobody signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInFault {
    /// No active account has the username.
    NoAccount,
    /// The account has no password.
    NoPassword,
    /// It has another one.
    OtherPassword,
    /// There were too many guesses.
    TooMany,
    /// Too many sign in at once.
    Busy,
}

impl Refusal {
    /// What is wrong with parameters, cut short: it is the client's text.
    pub(super) fn parameter(error: &BadRequest) -> Self {
        Self::Parameter(cut(error.to_string()))
    }

    /// That the store does not take something.
    pub(super) fn not_taken(given: Given, error: &IdentityError) -> Self {
        Self::NotTaken { given, reason: error.to_string() }
    }

    /// The App, where it is known.
    #[must_use]
    pub const fn app(&self) -> Option<AppId> {
        match self {
            Self::UnknownAddress { app } | Self::PinOnly { app } | Self::OtherBearer { app } => Some(*app),
            Self::Client(fault) => match fault {
                ClientFault::NoSecret(app)
                | ClientFault::WrongSecret(app)
                | ClientFault::NoKey(app)
                | ClientFault::NotApproved(app, _) => Some(*app),
                ClientFault::None
                | ClientFault::Unreadable
                | ClientFault::UnknownId
                | ClientFault::UnknownKey
                | ClientFault::Two => None,
            },
            Self::Caller(_)
            | Self::Parameter(_)
            | Self::NotTaken { .. }
            | Self::OtherRedirect
            | Self::OtherVerifier
            | Self::Scope
            | Self::SignIn(_)
            | Self::Host
            | Self::Form => None,
        }
    }
}

/// One or two sentences with what to do.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Caller(refusal) => refusal.fmt(f),
            Self::Parameter(what) => write!(f, "The parameters are not right: {what}."),
            Self::Client(fault) => fault.fmt(f),
            Self::NotTaken { given, reason } => given.refuse(reason, f),
            Self::OtherRedirect => f.write_str(
                "The redirect_uri is not the one of the authorize request, to which the code was sent; send the same, character by character.",
            ),
            Self::OtherVerifier => f.write_str(
                "The code_verifier is not the one that the code_challenge was made of: base64url without padding of its SHA-256, or with `plain` the same text. With S256 it has 43 to 128 characters.",
            ),
            Self::UnknownAddress { app } => write!(
                f,
                "The address to come back to is none of App {app}, and they are compared character by character; see: birdbox app show {app}"
            ),
            Self::PinOnly { app } => write!(
                f,
                "App {app} has no callback address: ask for a PIN with oauth_callback=oob, or set one: birdbox app set {app} callbacks=ADDRESS"
            ),
            Self::Scope => f.write_str(
                "The scope is empty or holds a word that is no scope; write them with blanks between, such as \"tweet.read users.read\".",
            ),
            Self::OtherBearer { app } => write!(f, "access_token is not the app-only bearer token that App {app} has now."),
            Self::SignIn(fault) => fault.fmt(f),
            Self::Host => f.write_str(
                "With auth.login = \"picker\", pages are shown under the names of this machine alone, to this machine alone.",
            ),
            Self::Form => f.write_str(
                "The form was not sent from the page that this browser was shown: cookies are off, the page is of another session, or another site sent it.",
            ),
        }
    }
}

impl fmt::Display for ClientFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("No client is named: neither `Authorization: Basic` nor client_id."),
            Self::Unreadable => f.write_str(
                "The Authorization header is not `Basic` and the base64 of name:secret, each percent-encoded before.",
            ),
            Self::UnknownId => f.write_str(
                "No App has this client id, or its OAuth 2.0 is off; an API key is no client id; see: birdbox app list",
            ),
            Self::UnknownKey => f.write_str("No App has this API key, and a client id is none; see: birdbox app list"),
            Self::Two => f.write_str("The Authorization header and client_id name different clients."),
            Self::NoSecret(app) => write!(
                f,
                "App {app} is a confidential client and has to send its secret with `Authorization: Basic`; one that can keep none is a public one: birdbox app set {app} type=native"
            ),
            Self::WrongSecret(app) => write!(f, "The secret is not the one of App {app}, or was replaced since."),
            Self::NoKey(app) => write!(f, "App {app} has no such key or token; make one: birdbox app regenerate {app}"),
            Self::NotApproved(app, approval) => {
                authenticate::Refusal::NotApproved { app: *app, approval: *approval }.fmt(f)
            }
        }
    }
}

impl Given {
    fn refuse(self, reason: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, rule) = match self {
            Self::Code => ("code", "A code lives 30 seconds and is exchanged once"),
            Self::RefreshToken => ("refresh token", "A refresh token is exchanged once, for the next one"),
            Self::RequestToken => {
                ("request token or its verifier", "It lives 15 minutes, a user authorizes it, and it is exchanged once")
            }
        };
        write!(f, "The {what} is not taken: {reason}. {rule}.")
    }
}

impl fmt::Display for SignInFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAccount => "No active account has this username.",
            Self::NoPassword => "The account has no password; give it one: birdbox user password USER",
            Self::OtherPassword => "The account has another password; set one: birdbox user password USER",
            Self::TooMany => {
                "There were more than ten wrong passwords in 15 minutes; wait, or set another password: birdbox user password USER"
            }
            Self::Busy => "Too many sign in at this moment, which takes memory and time; try again.",
        })
    }
}
