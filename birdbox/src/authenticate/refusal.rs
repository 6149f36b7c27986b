//! Why a caller is refused. The whole of it is for the people who run the server; what a
//! client is told is the [`Denial`].

use std::fmt;

use model::{AccountState, AppId, Approval, Scopes, Timestamp, UserId};
use oauth::oauth1::Malformed;
use store::NONCE_SECONDS;
use xapi::{Authentication, Denial, Operation};

/// Why a caller is refused.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// Nothing is shown.
    NoCredentials,
    /// The `Authorization` header is neither `Bearer` nor `OAuth`.
    UnknownScheme,
    /// The bearer token is nobody's.
    UnknownBearer {
        /// What it may be instead.
        hint: Option<Hint>,
    },
    /// The access token is of an App whose OAuth 2.0 is switched off.
    OAuth2Off {
        /// The App.
        app: AppId,
    },
    /// The request cannot be verified at all.
    Malformed(Malformed),
    /// No App has the API key.
    UnknownConsumerKey,
    /// The request is signed by an App alone.
    NoToken,
    /// The token of OAuth 1.0a is nobody's.
    UnknownToken,
    /// The token is one that a user has yet to authorize, or was exchanged already.
    WrongKindOfToken,
    /// The token was given to another App.
    TokenOfOtherApp {
        /// To which.
        owner: AppId,
    },
    /// A secret cannot be decrypted: the key file is not the one that it was made with.
    Sealed,
    /// The signature is wrong.
    WrongSignature,
    /// The signature is right, and its time too far away.
    Timestamp {
        /// How many seconds the clock of the client is ahead.
        ahead: i64,
    },
    /// The same request came before.
    Replay,
    /// The developer account may not use the API.
    NotApproved {
        /// The App.
        app: AppId,
        /// The state of its account.
        approval: Approval,
    },
    /// The App is in no Project.
    Standalone {
        /// The App.
        app: AppId,
    },
    /// The operation takes other credentials.
    Unsupported {
        /// Those that were used.
        used: Authentication,
        /// The operation.
        operation: &'static Operation,
    },
    /// The token allows too little.
    MissingScopes {
        /// What it lacks.
        missing: Scopes,
    },
    /// The token of OAuth 1.0a may not write.
    ReadOnly,
    /// The user of the token is suspended.
    UserSuspended {
        /// Who.
        user: UserId,
    },
    /// The user of the token is deactivated or deleted.
    UserGone {
        /// Who.
        user: UserId,
    },
    /// The directory could not be read.
    Unreadable,
}

/// What a bearer token may be that is nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// An app-only token with its percent signs decoded.
    Decoded,
    /// An access token of OAuth 1.0a.
    TokenOfOAuth1,
    /// A token of X, on a path of Tweet Binder.
    TokenOfX,
    /// A token for Tweet Binder's profiles, on a path of X.
    TokenOfTweetBinder,
    /// An API key.
    ConsumerKey,
    /// A client id.
    ClientId,
    /// A refresh token.
    RefreshToken,
    /// An authorization code.
    Code,
    /// An access token of OAuth 2.0 of former days.
    ExpiredOrRevoked {
        /// When it was made, as it says itself.
        made: Timestamp,
    },
}

impl Refusal {
    /// What the client is told.
    #[must_use]
    pub fn denial(&self) -> Denial {
        match *self {
            Self::NoCredentials => Denial::NoCredentials,
            Self::UnknownScheme
            | Self::Malformed(_)
            | Self::UnknownConsumerKey
            | Self::NoToken
            | Self::Sealed
            | Self::WrongSignature
            | Self::Replay => Denial::BadCredentials,
            Self::Timestamp { .. } => Denial::BadTimestamp,
            Self::UnknownBearer { .. }
            | Self::OAuth2Off { .. }
            | Self::UnknownToken
            | Self::WrongKindOfToken
            | Self::TokenOfOtherApp { .. }
            | Self::UserGone { .. } => Denial::UnknownToken,
            Self::Unreadable => Denial::Unavailable,
            Self::NotApproved { .. } => Denial::AppSuspended,
            Self::Standalone { app } => Denial::NotEnrolled(app),
            Self::Unsupported { used, operation } => Denial::Unsupported(used, operation),
            Self::MissingScopes { .. } => Denial::MissingScope,
            Self::ReadOnly => Denial::ReadOnly,
            Self::UserSuspended { .. } => Denial::UserSuspended,
        }
    }
}

/// The most characters of a text from the client that are kept to be shown.
const MOST_SHOWN: usize = 64;

impl From<Malformed> for Refusal {
    /// What the client wrote is cut short here, before it is remembered, logged or shown.
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(match malformed {
            Malformed::Twice(name) => Malformed::Twice(cut(name)),
            Malformed::Method(name) => Malformed::Method(cut(name)),
            Malformed::Version(text) => Malformed::Version(cut(text)),
            Malformed::Timestamp(text) => Malformed::Timestamp(cut(text)),
            short @ (Malformed::Header
            | Malformed::Encoding
            | Malformed::Missing(_)
            | Malformed::Nonce
            | Malformed::Signature
            | Malformed::TooLarge) => short,
        })
    }
}

/// A text of a client, cut short.
pub(crate) fn cut(text: String) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// One or two sentences with what to do. No secret is in them.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = match self {
            Self::NoCredentials => {
                "The request has no credentials: no Authorization header (or two of them), and no oauth_ parameters."
            }
            Self::UnknownScheme => "The Authorization header is neither `Bearer` with a token nor `OAuth`.",
            Self::UnknownBearer { hint: None } => {
                "Nobody has this bearer token. It was mistyped, revoked, or made on another server; see: birdbox env"
            }
            Self::UnknownBearer { hint: Some(hint) } => return hint.fmt(f),
            Self::OAuth2Off { app } => {
                return write!(
                    f,
                    "The bearer token was given to App {app}, whose OAuth 2.0 is off; switch it on: birdbox app set {app} oauth2=on"
                );
            }
            Self::Malformed(malformed) => return write!(f, "The request cannot be verified: {malformed}."),
            Self::UnknownConsumerKey => "No App has this API key (oauth_consumer_key); see: birdbox app list",
            Self::NoToken => "The request is signed by an App without a user: oauth_token is missing.",
            Self::UnknownToken => {
                "Nobody has this token (oauth_token). It was revoked, has expired, or was made on another server."
            }
            Self::WrongKindOfToken => {
                "The token (oauth_token) is one for another step: a request token signs /oauth/access_token alone."
            }
            Self::TokenOfOtherApp { owner } => {
                return write!(
                    f,
                    "The token (oauth_token) was given to App {owner}, whose API key has to sign with it."
                );
            }
            Self::Sealed => {
                "The secret cannot be decrypted: the file `secret.key` is not the one of this data; make new keys."
            }
            Self::WrongSignature => "The signature (oauth_signature) is wrong.",
            Self::Timestamp { ahead } => return timestamp(*ahead, f),
            Self::Replay => {
                "The same signature came before; each request needs a nonce (oauth_nonce) of its own, also when it is sent again."
            }
            Self::NotApproved { app, approval } => {
                return write!(
                    f,
                    "The developer account of App {app} is {}; see: birdbox account approve",
                    approval.name()
                );
            }
            Self::Standalone { app } => {
                return write!(
                    f,
                    "App {app} is in no Project, which this API asks for; put it into one: birdbox app set {app} project=ID"
                );
            }
            Self::Unsupported { used, operation } => {
                let supported: Vec<_> = operation.access.authentication.iter().map(|kind| kind.name()).collect();
                return write!(f, "{} is not for {}; use {}.", used.name(), operation.name, supported.join(" or "));
            }
            Self::MissingScopes { missing } => {
                return write!(f, "The user has not allowed {missing} to the App; ask for it at /2/oauth2/authorize.");
            }
            Self::ReadOnly => "The token may read alone: make the App read-write, and then a new token for the user.",
            Self::UserSuspended { user } => return write!(f, "User {user}, whose token it is, is suspended."),
            Self::UserGone { user } => return write!(f, "User {user}, whose token it is, is {}.", gone()),
            Self::Unreadable => "The directory could not be read; the log says why.",
        };
        f.write_str(sentence)
    }
}

fn gone() -> String {
    format!("{} or deleted", AccountState::Deactivated.name())
}

fn timestamp(ahead: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (seconds, direction) = (ahead.unsigned_abs(), if ahead > 0 { "ahead of" } else { "behind" });
    if seconds > u64::from(NONCE_SECONDS) {
        write!(
            f,
            "oauth_timestamp is {seconds} seconds {direction} the server, and {NONCE_SECONDS} are allowed: set the clock."
        )
    } else {
        f.write_str(
            "oauth_timestamp is older than the oldest time for which this server can tell that nothing is sent twice: sign again.",
        )
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = match self {
            Self::Decoded => "The percent signs of the bearer token were decoded; send it as it was given.",
            Self::TokenOfOAuth1 => "The bearer token is an access token of OAuth 1.0a; sign the request with it.",
            Self::TokenOfX => {
                "The bearer token is one of X; this path takes a token for Tweet Binder's profiles: birdbox app regenerate APP tweetbinder"
            }
            Self::TokenOfTweetBinder => "The bearer token is for Tweet Binder's profiles; see for X: birdbox env",
            Self::ConsumerKey => "The bearer token is an API key; exchange it at /oauth2/token, or see: birdbox env",
            Self::ClientId => "The bearer token is a client id; a user has to authorize the App first.",
            Self::RefreshToken => "The bearer token is a refresh token; exchange it at /2/oauth2/token.",
            Self::Code => "The bearer token is an authorization code; exchange it at /2/oauth2/token.",
            Self::ExpiredOrRevoked { made } => {
                return write!(
                    f,
                    "Nobody has this bearer token, which says that it was made at {made}. Access tokens live two hours, or until they are revoked; refresh it."
                );
            }
        };
        f.write_str(sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_wrote_is_shown_in_part_alone() {
        let long = "é".repeat(60 << 10);
        for malformed in [
            Malformed::Twice(long.clone()),
            Malformed::Method(long.clone()),
            Malformed::Version(long.clone()),
            Malformed::Timestamp(long),
        ] {
            let shown = Refusal::from(malformed).to_string();
            assert!(shown.len() < 300 && shown.contains('…'), "{shown}");
        }
        let short = Refusal::from(Malformed::Method("PLAINTEXT".to_owned())).to_string();
        assert!(short.contains("is \"PLAINTEXT\";"), "{short}");
    }
}
