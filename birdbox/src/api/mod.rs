//! The API itself: one request in, one reply out, each stop visited once.
//!
//! row -> caller -> allowance -> access -> params -> handler -> render -> reply. What an endpoint accepts,
//! says and looks like is in the tables of `xapi`; here they meet the store.
//! Sockets, timeouts, compression and CORS are the business of `http`.

mod follow;
mod hydrate;
mod include;
mod list;
mod lookup;
mod page;
mod rules;

use std::time::Duration;

use model::{Direction, UserId};
use store::{Allowance, ReadError};
use xapi::{
    Dialect, Operation, OperationId, PathValues, Problem, ProblemTypes, Refused, RequestStyle, Route, Viewer,
    Vocabulary,
};

use crate::authenticate::{self, Caller, Presented, Refusal};
use crate::explain::Why;
use crate::http::Request;
use crate::state::State;

/// What the API needs of a request.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Method, path, query and credentials.
    pub presented: Presented<'a>,
    /// The request with its body.
    pub request: &'a Request,
}

/// A reply before it is dressed for the wire.
#[derive(Debug)]
pub struct Answer {
    /// The row that answered, where there is one.
    pub operation: Option<&'static Operation>,
    /// The API whose constant headers the reply has.
    pub dialect: Dialect,
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// The methods of the path, on a 405.
    pub allow: Option<&'static str>,
    /// Who called, when the credentials were looked at and are known.
    pub caller: Option<Caller>,
    /// What is left of the caller's window, where requests are counted.
    pub allowance: Option<Allowance>,
    /// How long the answer took; not on errors, as observed.
    pub took: Option<Duration>,
    /// Why the caller was refused, for the people who run the server.
    pub why: Option<Why>,
}

/// What a handler is given beside its parameters.
struct Cx<'a> {
    state: &'a State,
    caller: &'a Caller,
    call: &'a Call<'a>,
    path: PathValues<'a>,
    style: RequestStyle,
}

impl Cx<'_> {
    /// The signed-in user.
    fn viewer(&self) -> Option<Viewer> {
        let sees_email = self.caller.authority.shows_email();
        self.caller.viewer().map(|user| Viewer { user, sees_email })
    }

    /// The signed-in user of an operation that lets in nobody else.
    fn own_id(&self) -> Result<UserId, Refused> {
        let types = self.style.problem_types(Vocabulary::Tweet);
        self.caller.viewer().ok_or_else(|| Refused { problem: Problem::forbidden(), types })
    }
}

/// Answers one request. Never fails: what goes wrong is a problem on the wire.
pub async fn answer(state: &State, call: &Call<'_>) -> Answer {
    let clock = state.clock.start();
    let style = state.style.for_host(call.presented.host);
    let request = &call.presented.request;
    let (operation, path) = match xapi::route(request.method, request.path) {
        Route::Found { operation, values } => (operation, values),
        Route::MethodNotAllowed { allow, dialect } => {
            let refused = refuse(&Problem::method_not_allowed(), dialect, style);
            return Answer { allow: Some(allow), ..refused };
        }
        Route::NotFound { dialect } => return refuse(&Problem::not_found(), dialect, style),
    };
    let caller = match authenticate::identify(state, &call.presented) {
        Ok(caller) => caller,
        Err(refusal) => return deny(refusal, operation, style),
    };
    // Before the parameters are looked at: a 400 counts, and a 429 costs no more than this.
    let allowance = state.limits.allow(operation, caller.subject(), state.clock.now());
    if allowance.is_some_and(|allowance| !allowance.allowed) {
        let refused = refuse(&Problem::too_many_requests(), operation.dialect, style);
        let why = allowance.map(Why::Spent);
        return Answer { operation: Some(operation), caller: Some(caller), allowance, why, ..refused };
    }
    if let Err(refusal) = permit(state, &caller, operation) {
        return Answer { caller: Some(caller), allowance, ..deny(refusal, operation, style) };
    }
    let cx = Cx { state, caller: &caller, call, path, style };
    let mut body = Vec::new();
    let (status, took) = match handle(&cx, operation, &mut body).await {
        Ok(()) => (200, Some(clock.elapsed())),
        Err(Refused { problem, types }) => {
            body.clear();
            xapi::write_problem(&problem, operation.dialect, types, &mut body);
            (problem.status(), None)
        }
    };
    let dialect = operation.dialect;
    let (operation, caller) = (Some(operation), Some(caller));
    Answer { operation, dialect, status, body, allow: None, caller, allowance, took, why: None }
}

/// Whether the caller may call at all, and in person.
fn permit(state: &State, caller: &Caller, operation: &'static Operation) -> Result<(), Refusal> {
    caller.permit(operation)?;
    let Some(user) = caller.viewer() else { return Ok(()) };
    let found = state.store.identity().user_state(user).map_err(|error| {
        tracing::error!(%error, "a record cannot be read");
        Refusal::Unreadable
    })?;
    caller.permit_user(found)
}

/// The handler of each row.
async fn handle(cx: &Cx<'_>, operation: &'static Operation, body: &mut Vec<u8>) -> Result<(), Refused> {
    match operation.id {
        OperationId::GetUsersById
        | OperationId::GetUsersByIds
        | OperationId::GetUsersByUsername
        | OperationId::GetUsersByUsernames
        | OperationId::GetUsersMe
        | OperationId::LabsGetUsersById
        | OperationId::LabsGetUsersByIds
        | OperationId::LabsGetUsersByUsername
        | OperationId::LabsGetUsersByUsernames => lookup::look_up_users(cx, operation, body).await,
        OperationId::GetUsersFollowers => list::list_users(cx, operation, Direction::Followers, body).await,
        OperationId::GetUsersFollowing => list::list_users(cx, operation, Direction::Following, body).await,
        OperationId::FollowUser => Box::pin(follow::follow_user(cx, operation, body)).await,
        OperationId::UnfollowUser => Box::pin(follow::unfollow_user(cx, operation, body)).await,
    }
}

/// A record that cannot be read: never another's data, never a wrong "not found".
///
/// unverified(store-unavailable): the sentence of the 500.
fn damaged(error: &ReadError, types: ProblemTypes) -> Refused {
    tracing::error!(%error, "a record cannot be read");
    Refused { problem: Problem::internal_error(), types }
}

fn deny(refusal: Refusal, operation: &'static Operation, style: RequestStyle) -> Answer {
    let (mut body, dialect) = (Vec::with_capacity(128), operation.dialect);
    let types = style.problem_types(Vocabulary::Tweet);
    let status = xapi::write_denial(refusal.denial(), dialect, types, &mut body);
    let why = Some(Why::Denied(refusal));
    Answer {
        operation: Some(operation),
        dialect,
        status,
        body,
        allow: None,
        caller: None,
        allowance: None,
        took: None,
        why,
    }
}

fn refuse(problem: &Problem, dialect: Dialect, style: RequestStyle) -> Answer {
    let mut body = Vec::with_capacity(128);
    xapi::write_problem(problem, dialect, style.problem_types(Vocabulary::Tweet), &mut body);
    let status = problem.status();
    Answer { operation: None, dialect, status, body, allow: None, caller: None, allowance: None, took: None, why: None }
}
