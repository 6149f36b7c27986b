//! Verbs about developer accounts.

use model::{Account, AccountId, Approval, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Identity, IdentityError};

use super::{Arguments, IdentityAnswer, NAMED, iso, named, refused};
use crate::admin::{AdminError, wire};

/// Something to do with a developer account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AccountVerb {
    /// Make one.
    Create {
        /// Its name.
        name: String,
        /// Whether it is approved at once.
        approved: bool,
    },
    /// Let it make keys.
    Approve(#[serde(with = "wire::text")] AccountId),
    /// Refuse its keys.
    Suspend(#[serde(with = "wire::text")] AccountId),
    /// Show it.
    Show(#[serde(with = "wire::text")] AccountId),
    /// Show all.
    List,
    /// Forget one that has no Projects or Apps.
    Delete(#[serde(with = "wire::text")] AccountId),
}

/// A developer account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Its id.
    #[serde(with = "wire::text")]
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// `pending`, `approved` or `suspended`.
    pub state: String,
    /// When it was made.
    pub created_at: String,
}

pub(super) async fn run(
    identity: Identity<'_>,
    verb: AccountVerb,
    now: Timestamp,
) -> Result<IdentityAnswer, AdminError> {
    let account = match verb {
        AccountVerb::Create { name, approved } => {
            let name = named("NAME", &name, Account::MAX_NAME)?;
            let approval = if approved { Approval::Approved } else { Approval::Pending };
            identity.create_account(name, approval, now).await
        }
        AccountVerb::Approve(id) => identity.set_approval(id, Approval::Approved).await,
        AccountVerb::Suspend(id) => identity.set_approval(id, Approval::Suspended).await,
        AccountVerb::Show(id) => find(identity, id),
        AccountVerb::List => {
            return Ok(IdentityAnswer::Accounts(identity.accounts()?.iter().map(view).collect()));
        }
        AccountVerb::Delete(id) => match find(identity, id) {
            Ok(account) => identity.delete_account(id).await.map(|()| account),
            unknown => unknown,
        },
    };
    account
        .map(|account| IdentityAnswer::Account(view(&account)))
        .map_err(|error| refused(&error, &Arguments { this: "ACCOUNT", ..NAMED }))
}

fn find(identity: Identity<'_>, id: AccountId) -> Result<Account, IdentityError> {
    identity.account(id)?.ok_or(IdentityError::UnknownAccount { id })
}

fn view(account: &Account) -> AccountView {
    AccountView {
        id: account.id,
        name: account.name.clone(),
        state: account.approval.name().to_owned(),
        created_at: iso(account.created_at),
    }
}
