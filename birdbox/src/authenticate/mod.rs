//! Who is calling: from what a request shows to a [`Caller`], or to a [`Refusal`].
//!
//! [`identify`] takes every kind of credentials, [`signed`] those of OAuth 1.0a alone, also
//! before there is a token of a user. Whether a caller may do what it asks is said by
//! [`Caller::permit`]. Replies say as little of a refusal as those of X; the rest is for
//! `explain`.

mod bearer;
mod caller;
mod keys;
mod presented;
mod refusal;
mod signature;

pub use caller::{Authority, Caller};
pub use keys::SigningKeys;
pub use presented::Presented;
pub(crate) use refusal::cut;
pub use refusal::{Hint, Refusal};
pub use signature::{Signer, SignersToken, TokenKind, signed};

use crate::state::State;

/// The caller behind the credentials of a request.
///
/// # Errors
/// [`Refusal`]; nothing is counted on anybody's account then.
pub fn identify(state: &State, presented: &Presented<'_>) -> Result<Caller, Refusal> {
    if let Some(token) = presented.request.authorization.and_then(oauth::bearer::from_header) {
        return bearer::identify(state, token);
    }
    if presented.request.is_signed() {
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
