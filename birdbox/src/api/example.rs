//! What an operation answers, for pages that show it: the same handlers over the same data, without a
//! caller. Nobody is identified, nothing is counted or charged, and nothing is changed.

use std::sync::Arc;

use model::{AccountId, App, AppId, AppKeys, Approval, Permissions, Timestamp, UserId};
use store::RegisteredApp;
use xapi::{Authentication, Dialect, Operation, Route};

use super::{Answer, Call, Cx, Tally, failed, handle};
use crate::authenticate::{Authority, Caller};
use crate::state::State;

/// Answers a request as an App is answered that has no keys, or, where the operation wants a user, as
/// `user` is. `None` if the request changes something, or leads nowhere.
pub async fn example(state: &State, call: &Call<'_>, user: UserId) -> Option<Answer> {
    let request = &call.presented.request;
    let prefix = state.tweet_binder.prefix_at(call.presented.host);
    let Route::Found { operation, values } = xapi::route(request.method, request.path, prefix) else { return None };
    if operation.access.writes {
        return None;
    }
    let caller = caller(operation, user);
    let style = state.style.for_host(call.presented.host);
    let tally = Tally::default();
    let cx = Cx { state, caller: &caller, call, path: values, style, is_charged: false, tally: &tally };
    let mut body = Vec::new();
    let dialect: Dialect = operation.dialect;
    let answer = match handle(&cx, operation, &mut body).await {
        Ok(()) => Answer::new(dialect, 200, body),
        Err(failure) => failed(&failure, dialect),
    };
    Some(Answer { operation: Some(operation), ..answer })
}

fn caller(operation: &Operation, user: UserId) -> Caller {
    let taken = operation.access.authentication;
    let authority = if taken.contains(&Authentication::TweetBinder) {
        Authority::TweetBinder
    } else if taken.contains(&Authentication::AppOnly) {
        Authority::App
    } else {
        Authority::OAuth1 { user, permissions: Permissions::Read }
    };
    // Ids of Apps begin with 1.
    let app = App::new(AppId::new(0), AccountId::new(0), "", Timestamp::from_unix_ms(0));
    Caller { app: Arc::new(RegisteredApp { app, keys: AppKeys::default(), approval: Approval::Approved }), authority }
}
