//! The API itself: one request in, one reply out, each stop visited once.
//!
//! row -> caller -> allowance -> access -> params -> handler -> render -> reply. What an endpoint accepts,
//! says and looks like is in the tables of `xapi`; here they meet the store.
//! Sockets, timeouts, compression and CORS are the business of `http`.

mod example;
mod follow;
mod hydrate;
mod include;
mod list;
mod lookup;
mod page;
mod rules;
mod tweet_binder;
mod v1;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use model::{Direction, Timestamp, UserId};
use store::{Allowance, ReadError, UserKey};
use xapi::{
    Dialect, Failure, Kind, Operation, OperationId, PathValues, Problem, ProblemTypes, Refused, RequestStyle, Route,
    Trouble, Viewer, Vocabulary,
};

use crate::authenticate::{self, Caller, Presented, Refusal};
use crate::explain::Why;
use crate::http::Request;
use crate::state::{State, Stopwatch};
pub use example::example;
pub use tweet_binder::TweetBinder;

/// What the API needs of a request.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Method, path, query and credentials.
    pub presented: Presented<'a>,
    /// The request with its body.
    pub request: &'a Request,
    /// When it came.
    pub now: Timestamp,
    /// Runs since then.
    pub clock: Stopwatch,
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
    /// How to identify oneself, on a 401 of a dialect that says so.
    pub challenge: Option<String>,
    /// Who called, when the credentials were looked at and are known.
    pub caller: Option<Caller>,
    /// What is left of the caller's window, where requests are counted.
    pub allowance: Option<Allowance>,
    /// Users in the reply.
    pub users: usize,
    /// Posts in the reply.
    pub posts: usize,
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
    /// Whether what is got is taken from the balance of the App.
    is_charged: bool,
    tally: &'a Tally,
}

/// What a reply holds.
#[derive(Debug, Default)]
struct Tally {
    users: AtomicUsize,
    posts: AtomicUsize,
}

impl Cx<'_> {
    /// Says what the reply holds.
    fn shows(&self, users: usize, posts: usize) {
        self.tally.users.store(users, Ordering::Relaxed);
        self.tally.posts.store(posts, Ordering::Relaxed);
    }

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

/// Answers one request. Never fails: what goes wrong is told in the words of the dialect.
pub async fn answer(state: &State, call: &Call<'_>) -> Answer {
    let style = state.style.for_host(call.presented.host);
    let request = &call.presented.request;
    let (operation, path) =
        match xapi::route(request.method, request.path, state.tweet_binder.prefix_at(call.presented.host)) {
            Route::Found { operation, values } => (operation, values),
            Route::MethodNotAllowed { allow, dialect } => {
                let refused = refuse(Trouble::MethodNotAllowed { allow }, dialect, style);
                return Answer { allow: Some(allow), ..refused };
            }
            Route::NotFound { dialect } => return refuse(Trouble::NotFound, dialect, style),
        };
    // A mere hint, for whoever calls: memory has time to bring the index near until it is read.
    let announced = looked_up(operation, path.key).map(|user| state.store.announce(&user));
    let caller = match authenticate::identify(state, &call.presented, operation) {
        Ok(caller) => caller,
        Err(refusal) => return deny(refusal, operation, style),
    };
    // Before the parameters are looked at: a 400 counts, and a 429 costs no more than this.
    let allowance = state.limits.allow(operation, caller.subject(), call.now);
    if allowance.is_some_and(|allowance| !allowance.allowed) {
        let refused = refuse(Trouble::TooManyRequests, operation.dialect, style);
        let why = allowance.map(Why::Spent);
        return Answer { operation: Some(operation), caller: Some(caller), allowance, why, ..refused };
    }
    if let Err(refusal) = permit(state, &caller, operation) {
        return Answer { caller: Some(caller), allowance, ..deny(refusal, operation, style) };
    }
    if let Some(user) = announced {
        // Reads the index, so only now; the head comes near while the parameters are read.
        state.store.announce_head(user);
    }
    let tally = Tally::default();
    let cx = Cx { state, caller: &caller, call, path, style, is_charged: true, tally: &tally };
    let mut body = Vec::new();
    let dialect = operation.dialect;
    let answer = match handle(&cx, operation, &mut body).await {
        Ok(()) => {
            let took = Some(call.clock.elapsed());
            let (users, posts) = (tally.users.into_inner(), tally.posts.into_inner());
            Answer { took, users, posts, ..Answer::new(dialect, 200, body) }
        }
        Err(failure) if failure.status() == 402 => {
            let balance = state.limits.balances().get(caller.app.app.id, call.now);
            Answer { why: Some(Why::NotCovered(balance)), ..failed(&failure, dialect) }
        }
        Err(failure) => failed(&failure, dialect),
    };
    Answer { operation: Some(operation), caller: Some(caller), allowance, ..answer }
}

/// The user whom a path names, where a lookup can be announced: no key that is percent-encoded, since
/// few are.
fn looked_up(operation: &Operation, key: Option<&str>) -> Option<UserKey> {
    let key = key.filter(|_| operation.kind == Kind::Lookup)?;
    if operation.key.is_username() {
        key.parse().ok().map(UserKey::Username)
    } else {
        key.parse().ok().map(UserKey::Id)
    }
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
async fn handle(cx: &Cx<'_>, operation: &'static Operation, body: &mut Vec<u8>) -> Result<(), Failure> {
    let done = match operation.id {
        OperationId::GetUsersById
        | OperationId::GetUsersByIds
        | OperationId::GetUsersByUsername
        | OperationId::GetUsersByUsernames
        | OperationId::GetUsersMe
        | OperationId::LabsGetUsersById
        | OperationId::LabsGetUsersByIds
        | OperationId::LabsGetUsersByUsername
        | OperationId::LabsGetUsersByUsernames => lookup::look_up_users(cx, operation, body).await,
        OperationId::GetUsersFollowers => Box::pin(list::list_users(cx, operation, Direction::Followers, body)).await,
        OperationId::GetUsersFollowing => Box::pin(list::list_users(cx, operation, Direction::Following, body)).await,
        OperationId::FollowUser => Box::pin(follow::follow_user(cx, operation, body)).await,
        OperationId::UnfollowUser => Box::pin(follow::unfollow_user(cx, operation, body)).await,
        OperationId::V1UsersShow => return Box::pin(v1::show(cx, body)).await,
        OperationId::V1FollowersIds => return Box::pin(v1::ids(cx, Direction::Followers, body)).await,
        OperationId::V1FriendsIds => return Box::pin(v1::ids(cx, Direction::Following, body)).await,
        OperationId::V1FollowersList => return Box::pin(v1::list(cx, Direction::Followers, body)).await,
        OperationId::V1FriendsList => return Box::pin(v1::list(cx, Direction::Following, body)).await,
        OperationId::V1FriendshipsShow => return Box::pin(v1::show_friendship(cx, body)).await,
        OperationId::V1FriendshipsLookup => return Box::pin(v1::look_up_friendships(cx, body)).await,
        OperationId::V1FriendshipsCreate => return Box::pin(v1::create_friendship(cx, body)).await,
        OperationId::V1FriendshipsDestroy => return Box::pin(v1::destroy_friendship(cx, body)).await,
        OperationId::V1UsersLookup => return Box::pin(v1::look_up(cx, body)).await,
        OperationId::V1AccountVerifyCredentials => return Box::pin(v1::verify_credentials(cx, body)).await,
        OperationId::V1ApplicationRateLimitStatus => return v1::rate_limit_status(cx, body),
        OperationId::TweetBinderProfilesByAlias => return Ok(Box::pin(tweet_binder::by_alias(cx, body)).await?),
        OperationId::TweetBinderProfilesById => return Ok(Box::pin(tweet_binder::by_id(cx, body)).await?),
        OperationId::TweetBinderFollowers => return list_profiles(cx, Direction::Followers, false, body).await,
        OperationId::TweetBinderFriends => return list_profiles(cx, Direction::Following, false, body).await,
        OperationId::TweetBinderFollowersByAlias => {
            return list_profiles(cx, Direction::Followers, true, body).await;
        }
        OperationId::TweetBinderFriendsByAlias => return list_profiles(cx, Direction::Following, true, body).await,
        OperationId::TweetBinderBalances => {
            tweet_binder::balances(cx, body);
            Ok(())
        }
    };
    Ok(done?)
}

async fn list_profiles(cx: &Cx<'_>, direction: Direction, is_alias: bool, body: &mut Vec<u8>) -> Result<(), Failure> {
    Ok(Box::pin(tweet_binder::list(cx, direction, is_alias, body)).await?)
}

/// A record that cannot be read: never another's data, never a wrong "not found".
///
/// unverified(store-unavailable): the sentence of the 500.
fn damaged(error: &ReadError, types: ProblemTypes) -> Refused {
    tracing::error!(%error, "a record cannot be read");
    Refused { problem: Problem::internal_error(), types }
}

fn deny(refusal: Refusal, operation: &'static Operation, style: RequestStyle) -> Answer {
    let refused = refuse(Trouble::Denied(refusal.denial()), operation.dialect, style);
    Answer { operation: Some(operation), why: Some(Why::Denied(refusal)), ..refused }
}

fn refuse(trouble: Trouble, dialect: Dialect, style: RequestStyle) -> Answer {
    failed(&Failure::of(trouble, dialect, style.problem_types(Vocabulary::Tweet)), dialect)
}

fn failed(failure: &Failure, dialect: Dialect) -> Answer {
    let mut body = Vec::with_capacity(128);
    failure.write(dialect, &mut body);
    Answer { challenge: failure.challenge(), ..Answer::new(dialect, failure.status(), body) }
}

impl Answer {
    /// An answer of which no more is known.
    const fn new(dialect: Dialect, status: u16, body: Vec<u8>) -> Self {
        Self {
            operation: None,
            dialect,
            status,
            body,
            allow: None,
            challenge: None,
            caller: None,
            allowance: None,
            users: 0,
            posts: 0,
            took: None,
            why: None,
        }
    }
}
