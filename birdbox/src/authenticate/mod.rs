//! Who is calling: from what a request shows to a [`Caller`], or to a [`Refusal`].
//!
//! [`identify`] takes every kind of credentials, [`signed`] those of OAuth 1.0a alone, also
//! before there is a token of a user. Whether a caller may do what it asks is said by
//! [`Caller::permit`]. Replies say as little of a refusal as those of X; the rest is for
//! `explain`.

mod bearer;
mod caller;
mod keys;
mod passes;
mod presented;
mod refusal;
mod signature;

pub use caller::{Authority, Caller};
pub use keys::SigningKeys;
pub use passes::{Issued, Pass, Passes};
pub use presented::Presented;
pub(crate) use refusal::cut;
pub use refusal::{Hint, Refusal};
pub use signature::{Signer, SignersToken, TokenKind, signed};

use xapi::{Authentication, Operation};

use crate::state::State;

/// The caller behind the credentials of a request for an operation. Credentials that another vendor
/// gives out are unknown here.
///
/// # Errors
/// [`Refusal`]; nothing is counted on anybody's account then.
pub fn identify(state: &State, presented: &Presented<'_>, operation: &Operation) -> Result<Caller, Refusal> {
    if let Some(token) = presented.request.authorization.and_then(oauth::bearer::from_header) {
        return bearer::identify(state, token, operation);
    }
    if presented.request.is_signed() && !is_of_tweet_binder(operation) {
        let Signer { app, token, .. } = signed(state, presented, TokenKind::Access)?;
        return match token {
            SignersToken::Access(token) => {
                let authority = Authority::OAuth1 { user: token.user, permissions: token.permissions };
                Ok(Caller { app, authority })
            }
            SignersToken::None | SignersToken::Request(..) => Err(Refusal::NoToken),
        };
    }
    Err(match presented.request.authorization {
        Some(_) => Refusal::UnknownScheme,
        None => Refusal::NoCredentials,
    })
}

/// Whether an operation knows no credentials but those of Tweet Binder.
fn is_of_tweet_binder(operation: &Operation) -> bool {
    operation.access.authentication == [Authentication::TweetBinder]
}
