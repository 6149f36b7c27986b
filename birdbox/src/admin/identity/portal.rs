//! Links into the developer portal, each for one sign-in.

use model::{AccountId, PortalLink, Timestamp};
use oauth::{digest, token};
use store::{Identity, IdentityError};

use super::Secrets;

/// Where links lead.
const ENTRANCE: &str = "/portal/enter";

/// Bytes for the secret of a link, which has 43 characters: 256 bits.
const SECRET: usize = 2 * 43;

/// Makes a link for the owner of the server, or for a developer account, and says until when it
/// can be used.
///
/// # Errors
/// [`IdentityError::UnknownAccount`], or that nothing can be written.
pub(crate) async fn portal_link(
    identity: Identity<'_>,
    secrets: &Secrets,
    base_url: &str,
    account: Option<AccountId>,
    now: Timestamp,
) -> Result<(String, Timestamp), IdentityError> {
    let secret = token::alphanumeric(&secrets.bytes::<SECRET>());
    let PortalLink { expires_at, .. } = identity.create_portal_link(digest(&secret), account, now).await?;
    Ok((format!("{base_url}{ENTRANCE}?link={secret}"), expires_at))
}
