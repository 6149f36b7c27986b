//! The users of the directory, for the owner of the server: search, profiles, changes.
//!
//! A change is the verb that the command line has for it. What users say of themselves is text
//! here, whatever it holds; their pictures lie elsewhere and are never loaded.

mod edit;
mod graph;
mod line;
mod lists;
mod profile;
mod reply;
mod search;
mod text;

use model::{User, UserId};

pub(super) use self::edit::{edit, edit_page, rename, set_state};
pub(super) use self::lists::change;
pub(super) use self::profile::show;
pub(super) use self::search::search;
use super::cx::{Cx, id};
use super::refusal::Refused;
use crate::admin::{self, AdminError, Answer, Verb};

/// The user whom the path names, whatever the state of the account.
async fn user(cx: &Cx<'_>) -> Result<User, Refused> {
    let id: UserId = id(cx.part(0))?;
    cx.portal.state.store.user(id).await?.ok_or(Refused::NotFound)
}

/// Does what the command line would.
async fn run(cx: &Cx<'_>, verb: Verb) -> Result<Answer, AdminError> {
    Box::pin(admin::run(&cx.portal.context, verb, cx.now)).await
}

/// The page in place of one that cannot be made for a reason that is in no field.
fn refused(error: &AdminError) -> Refused {
    if error.is_input() {
        return Refused::Stale;
    }
    tracing::error!(%error, "a user cannot be changed from the portal");
    Refused::Broken
}
