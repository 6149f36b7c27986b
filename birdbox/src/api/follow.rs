//! Follow and unfollow: what the caller changes about its own follows.

use store::{ChangeError, Detail, Followed, ReadError};
use xapi::operation::TARGET_USER_ID;
use xapi::{Body, Following, Operation, Problem, Refused, Vocabulary};

use super::lookup::no_account;
use super::{Cx, damaged};

/// Lets the caller follow the user whom the body names.
pub(super) async fn follow_user(cx: &Cx<'_>, operation: &'static Operation, body: &mut Vec<u8>) -> Result<(), Refused> {
    let query = cx.call.presented.own_query();
    let request = cx.call.request;
    let sent = match request.json() {
        Some(json) => Body::Json(json),
        None if request.body.is_empty() => Body::Json(&[]),
        None => Body::Other,
    };
    let change = xapi::parse_follow(operation, cx.path, query.as_deref(), sent, cx.own_id()?, cx.style)?;
    let done = cx.state.store.follow(change.source, change.target).await;
    write(cx, operation, done.map(following), body).await
}

/// Lets the caller follow the user no more whom the path names second.
pub(super) async fn unfollow_user(
    cx: &Cx<'_>,
    operation: &'static Operation,
    body: &mut Vec<u8>,
) -> Result<(), Refused> {
    let query = cx.call.presented.own_query();
    let change = xapi::parse_unfollow(operation, cx.path, query.as_deref(), cx.own_id()?, cx.style)?;
    let done = cx.state.store.unfollow(change.source, change.target).await;
    write(cx, operation, done.map(|()| Following::No), body).await
}

const fn following(followed: Followed) -> Following {
    match followed {
        Followed::Follows => Following::Yes,
        Followed::Pending => Following::Pending,
    }
}

async fn write(
    cx: &Cx<'_>,
    operation: &'static Operation,
    done: Result<Following, ChangeError>,
    body: &mut Vec<u8>,
) -> Result<(), Refused> {
    let types = cx.style.problem_types(Vocabulary::Tweet);
    let error = match done {
        Ok(following) => {
            xapi::write_following(following, body);
            return Ok(());
        }
        Err(error) => error,
    };
    let problem = refusal(cx, error).await.map_err(|error| damaged(&error, types))?;
    if problem.status() == 200 {
        xapi::write_problems(&[problem], operation.dialect, types, body);
        return Ok(());
    }
    Err(Refused { problem, types })
}

/// What the caller is told.
///
/// unverified(follow-refusals): a target that is unknown or not active is named as in a lookup.
async fn refusal(cx: &Cx<'_>, error: ChangeError) -> Result<Problem, ReadError> {
    Ok(match error {
        ChangeError::UnknownUser { id } | ChangeError::Inactive { id } => {
            let state = cx.state.store.users_by_ids(&[id], Detail::Core).await?.get(0).map(|user| user.state);
            // Active again, or there, since it was refused: the next try succeeds.
            no_account(state, TARGET_USER_ID, &id.to_string()).unwrap_or_else(Problem::unavailable)
        }
        ChangeError::SelfFollow { .. } => Problem::cannot_follow_yourself(),
        ChangeError::Blocked { by, .. } if Some(by) != cx.caller.viewer() => Problem::blocked(),
        ChangeError::Blocked { .. } | ChangeError::NoSlotsLeft { .. } => Problem::forbidden(),
        ChangeError::Unreadable(error) => return Err(error),
        // What a follow cannot meet is an error of ours.
        ChangeError::IdTaken { .. }
        | ChangeError::SelfTie { .. }
        | ChangeError::NotPending { .. }
        | ChangeError::UsernameTaken { .. }
        | ChangeError::TooLarge { .. }
        | ChangeError::NoOrdinalsLeft
        | ChangeError::Full
        | ChangeError::Stopped { .. }
        | ChangeError::MergeFailed { .. }
        | ChangeError::Closed => {
            tracing::error!(%error, "a follow cannot be written");
            Problem::unavailable()
        }
    })
}
