//! What Tweet Binder's API tells.

use model::Timestamp;

use super::{Group, Made, Row};
use crate::denial::Denial;
use crate::failure::Trouble;
use crate::operation::{Authentication, OperationId};
use crate::sentences::tweet_binder as own;
use crate::tweet_binder::TweetBinderError;

const fn row(
    slug: &'static str,
    status: u16,
    when: &'static str,
    fix: &'static str,
    made: Made,
    body: fn() -> Vec<u8>,
) -> Row {
    Row { group: Group::TweetBinder, slug, name: "", status, when, fix, made, body }
}

const TOKEN: Authentication = Authentication::TweetBinder;

fn written(error: &TweetBinderError) -> Vec<u8> {
    let mut body = Vec::new();
    error.write(&mut body);
    body
}

fn of(trouble: Trouble) -> Vec<u8> {
    written(&TweetBinderError::of(trouble))
}

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("tweetbinder-value", 400, "An alias, an id, getUsersInfo or next cannot be what it is.", "Correct the value.",
        Made::By(OperationId::TweetBinderFollowers, TOKEN, &[("id", "x")]), || written(&TweetBinderError::bad_request(own::bad_value("id", "x")))),
    row("tweetbinder-body", 400, "The body is no array of 1 to 100 ids or aliases.", "Send an array as JSON.",
        Made::How("Send {} to /tweetbinder/profiles/id."), || written(&TweetBinderError::bad_request(own::not_an_array("id")))),
    row("tweetbinder-token", 401, "There is no token, or none that is known here.", "Send the Tweet Binder token of an App, not its bearer token.",
        Made::How("Send the bearer token of the App in its place."), || of(Trouble::Denied(Denial::UnknownToken))),
    row("tweetbinder-balance", 402, "Fewer profiles are left in this month than the request can cost.", "Give the App more: birdbox balance set.",
        Made::How("Run birdbox balance set 1 --total 0, and ask for a profile."), || written(&TweetBinderError::not_covered(1, 0, Timestamp::from_unix_ms(1_782_864_000_000)))),
    row("tweetbinder-not-allowed", 403, "The developer account of the App is pending or suspended.", "Have the owner of the server approve it.",
        Made::How("Suspend a developer account under Accounts, and call with its token."), || of(Trouble::Denied(Denial::AppSuspended))),
    row("tweetbinder-protected", 403, "The account is protected, and its lists are shown to nobody.", "Ask for another.",
        Made::By(OperationId::TweetBinderFollowersByAlias, TOKEN, &[("username", "protected_user")]), || written(&TweetBinderError::protected())),
    row("tweetbinder-no-profile", 404, "No account has the id or the alias, or it is suspended or deactivated.", "Take it from your list.",
        Made::By(OperationId::TweetBinderFollowers, TOKEN, &[("id", "999")]), || written(&TweetBinderError::no_profile())),
    row("tweetbinder-no-path", 404, "There is no such path.", "Compare the path with the reference.",
        Made::How("Ask for /tweetbinder/nothing."), || of(Trouble::NotFound)),
    row("tweetbinder-method", 405, "The path has another method.", "Use the one that the message names.",
        Made::How("Send GET to /tweetbinder/profiles/id."), || of(Trouble::MethodNotAllowed { allow: "POST" })),
    row("tweetbinder-too-many-requests", 429, "The requests of this window of 15 minutes are used up.", "Wait until x-rate-limit-reset.",
        Made::How("Ask more than 900 times within 15 minutes."), || of(Trouble::TooManyRequests)),
    row("tweetbinder-unreadable", 500, "A stored record is damaged. The log says which.", "Run birdbox verify on a backup.",
        Made::How("It takes a damaged disk."), || written(&TweetBinderError::unreadable())),
];
