//! What API v2 and Labs tell.

use model::{AppId, TweetId};

use super::{Group, MANY, Made, Row, fault, written};
use crate::keys::MOST_KEYS;
use crate::list::MOST_RESULTS;
use crate::operation::{Authentication, OperationId};
use crate::parameters::{ID_PATTERN, USERNAME_PATTERN};
use crate::problem::{Fault, Problem};
use crate::sentences as say;

const APP: Authentication = Authentication::AppOnly;
const USER: Authentication = Authentication::OAuth1User;

/// Accounts of the sample: protected, suspended, with a pinned post that is deleted, and with one of a
/// protected account; nobody; the sample's own user.
const PROTECTED: &str = "9000000000000000102";
const SUSPENDED: &str = "9000000000000000103";
const PINS_DELETED: &str = "9000000000000000113";
const PINS_PROTECTED: &str = "9000000000000000114";
const NOBODY: &str = "999";
const OWN: &str = "9000000000000000101";
const DEV: &str = "2244994945";

const CORRECT: &str = "Correct the value; the reference page of the operation has the range.";

const fn refused(
    slug: &'static str,
    name: &'static str,
    status: u16,
    when: &'static str,
    fix: &'static str,
    made: Made,
    body: fn() -> Vec<u8>,
) -> Row {
    Row { group: Group::Refused, slug, name, status, when, fix, made, body }
}

const fn beside(
    slug: &'static str,
    name: &'static str,
    when: &'static str,
    fix: &'static str,
    made: Made,
    body: fn() -> Vec<u8>,
) -> Row {
    Row { group: Group::Beside, slug, name, status: 200, when, fix, made, body }
}

/// What comes instead of data.
#[rustfmt::skip]
pub(super) const REFUSED: &[Row] = &[
    refused("bad-id", "invalid-request", 400, "A value cannot be an id or a username.", CORRECT,
        Made::By(OperationId::GetUsersByIds, APP, &[("ids", "x")]),
        || fault("ids", "x", say::does_not_match("ids", "x", ID_PATTERN))),
    refused("bad-username", "invalid-request", 400, "A username has other characters than letters, digits and _, or more than 15.", "Leave the @ out, and look whether it is a name and no username.",
        Made::By(OperationId::GetUsersByUsernames, APP, &[("usernames", "no-name")]),
        || fault("usernames", "no-name", say::does_not_match("usernames", "no-name", USERNAME_PATTERN))),
    refused("bad-path", "invalid-request", 400, "What stands in the path cannot be an id.", CORRECT,
        Made::By(OperationId::GetUsersById, APP, &[("id", "x")]),
        || fault("id", "x", say::is_not_valid("id", "x"))),
    refused("too-many", "invalid-request", 400, "More than 100 ids or usernames are asked for at once.", "Divide them among several requests.",
        Made::By(OperationId::GetUsersByIds, APP, &[("ids", MANY)]),
        || fault("ids", MANY, say::number_of_values("ids", MOST_KEYS + 1, MOST_KEYS))),
    refused("bad-word", "invalid-request", 400, "A word of a fields parameter or of expansions is not known.", "Take words of the list that the message prints.",
        Made::By(OperationId::GetUsersFollowers, APP, &[("id", DEV), ("expansions", "nothing")]),
        || fault("expansions", "nothing", say::is_not_one_of("expansions", "nothing", listed_expansions()))),
    refused("bad-max-results", "invalid-request", 400, "max_results is less than 1 or more than 1000.", "Ask for pages of 1 to 1000 users.",
        Made::By(OperationId::GetUsersFollowers, APP, &[("id", DEV), ("max_results", "1001")]),
        || fault("max_results", "1001", say::is_not_between("max_results", "1001", 1, MOST_RESULTS))),
    refused("bad-token", "invalid-request", 400, "pagination_token is none that a page gave.", "Send next_token or previous_token of a reply as it was.",
        Made::By(OperationId::GetUsersFollowers, APP, &[("id", DEV), ("pagination_token", "x")]),
        || fault("pagination_token", "x", say::is_not_a_valid_token("pagination_token", "x"))),
    refused("not-the-caller", "invalid-request", 400, "The path names another user than the one who calls.", "Put the id of the user of the access token there; /2/users/me tells it.",
        Made::By(OperationId::FollowUser, USER, &[("id", DEV), ("target_user_id", OWN)]),
        || fault("id", DEV, say::must_be_the_caller("id", DEV, OWN))),
    refused("missing-parameter", "invalid-request", 400, "A parameter without which there is no request is not there or empty.", "Add it.",
        Made::How("Leave ids out: curl with /2/users and no query."),
        || written(&Problem::invalid_request(vec![Fault { parameter: Some("ids".to_owned()), values: Vec::new(), message: say::can_not_be_empty("ids") }]))),
    refused("unknown-parameter", "invalid-request", 400, "The query has a parameter that the operation does not know.", "Look for a misspelling; the message lists those that are known.",
        Made::How("Add &nonsense=1 to a request with curl; the explorer sends known parameters alone."),
        || fault("nonsense", "1", say::unknown_parameter("nonsense", ["id", "expansions", "tweet.fields", "user.fields"].into_iter()))),
    refused("unauthorized", "about:blank", 401, "There are no credentials, or none that are known. Nobody is told which, but birdbox explain tells you.", "Run birdbox explain --last on the machine of the server: it says what is wrong.",
        Made::How("Send a request without the header Authorization; the explorer always has one."),
        || written(&Problem::unauthorized())),
    refused("forbidden", "about:blank", 403, "A token of OAuth 2.0 lacks a scope, the developer account is not approved, or the user of the token is suspended.", "Have the user authorize the App again with the scopes of the operation, or the account approved.",
        Made::How("Choose OAuth 2.0 in the explorer and leave the scope users.read out."),
        || written(&Problem::forbidden())),
    refused("unsupported-authentication", "unsupported-authentication", 403, "The operation wants credentials of another kind, such as those of a user.", "Use a kind that the message names.",
        Made::By(OperationId::GetUsersMe, APP, &[]),
        || written(&Problem::unsupported_authentication(APP, &[Authentication::OAuth1User, Authentication::OAuth2User]))),
    refused("client-forbidden", "client-forbidden", 403, "The App is in no Project, and API v2 is for Apps in one.", "Move the App into a Project in its settings.",
        Made::How("Make a standalone App under Projects and Apps, and call with its bearer token."),
        || written(&Problem::client_not_enrolled(AppId::new(2)))),
    refused("oauth1-permissions", "oauth1-permissions", 403, "The operation changes something, and the App may read alone.", "Give the App the permission to read and write, and make its access tokens anew.",
        Made::How("Set an App to read only, make an access token, and follow somebody."),
        || written(&Problem::oauth1_permissions())),
    refused("follow-yourself", "about:blank", 403, "A user is to follow the own account.", "Name another target.",
        Made::By(OperationId::FollowUser, USER, &[("id", OWN), ("target_user_id", OWN)]),
        || written(&Problem::cannot_follow_yourself())),
    refused("blocked", "about:blank", 403, "The user who is to be followed blocks the one who calls.", "There is nothing to do but to leave it.",
        Made::How("Run birdbox user block @TwitterAPI @birdbox_owner, then follow TwitterAPI as birdbox_owner."),
        || written(&Problem::blocked())),
    refused("no-path", "about:blank", 404, "There is no such path. A user who is not there is a problem beside data instead.", "Compare the path with the reference.",
        Made::How("Ask for /2/nothing."), || written(&Problem::not_found())),
    refused("other-method", "about:blank", 405, "The path has other methods, which the header allow names.", "Use one of them.",
        Made::How("Send POST to /2/users."), || written(&Problem::method_not_allowed())),
    refused("too-many-requests", "about:blank", 429, "The requests of this window of 15 minutes are used up. x-rate-limit-reset says when it ends.", "Wait until then, or lift the limits: birdbox limits reset, or --limits off.",
        Made::How("Ask for followers more than 15 times within 15 minutes."), || written(&Problem::too_many_requests())),
    refused("internal-error", "about:blank", 500, "A stored record is damaged. The log says which.", "Run birdbox verify on a backup, and restore what is damaged.",
        Made::How("It takes a damaged disk."), || written(&Problem::internal_error())),
    refused("unavailable", "about:blank", 503, "Nothing can be written now, such as on a full disk.", "Make room on the disk of the data directory.",
        Made::How("It takes a full disk."), || written(&Problem::unavailable())),
    refused("request-timeout", "about:blank", 408, "The request did not arrive whole in time.", "Send it faster.",
        Made::How("Open a connection and send half a request."), || written(&Problem::of_status(408))),
    refused("content-too-large", "about:blank", 413, "The body is larger than the server takes.", "Send less.",
        Made::How("Send a body of many megabytes."), || written(&Problem::of_status(413))),
    refused("uri-too-long", "about:blank", 414, "The address is longer than the server takes.", "Ask for fewer users at once.",
        Made::How("Send an address of many kilobytes."), || written(&Problem::of_status(414))),
    refused("header-too-large", "about:blank", 431, "The headers are larger than the server takes.", "Send fewer or shorter ones, such as fewer cookies.",
        Made::How("Send a header of many kilobytes."), || written(&Problem::of_status(431))),
];

fn listed_expansions() -> impl Iterator<Item = &'static str> {
    crate::fields::EXPANSIONS.iter().filter(|word| word.listed).map(|word| word.name)
}

/// What stands in `errors` beside data.
#[rustfmt::skip]
pub(super) const BESIDE: &[Row] = &[
    beside("user-not-found", "resource-not-found", "Nobody has this id or username, or the account is deactivated.", "Go on with the users that are in data; take this one from your list.",
        Made::By(OperationId::GetUsersByIds, APP, &[("ids", "999,2244994945")]),
        || written(&Problem::user_not_found("ids", NOBODY))),
    beside("user-suspended", "resource-not-found", "The account is suspended. The type really is that of a missing user.", "Tell it from a missing user by the title.",
        Made::By(OperationId::GetUsersById, APP, &[("id", SUSPENDED)]),
        || written(&Problem::user_suspended("id", SUSPENDED))),
    beside("user-not-authorized", "not-authorized-for-resource", "The account is protected, and its lists are for its followers.", "Call for a user whom the account has accepted.",
        Made::By(OperationId::GetUsersFollowers, APP, &[("id", PROTECTED)]),
        || written(&Problem::user_not_authorized("id", PROTECTED))),
    beside("tweet-not-found", "resource-not-found", "A post that an expansion names is unknown or deleted.", "Show the user without it.",
        Made::By(OperationId::GetUsersById, APP, &[("id", PINS_DELETED), ("expansions", "pinned_tweet_id")]),
        || written(&Problem::tweet_not_found("pinned_tweet_id", DELETED_POST))),
    beside("tweet-not-authorized", "not-authorized-for-resource", "A post that an expansion names is of a protected account.", "Call for a user who follows its author.",
        Made::By(OperationId::GetUsersById, APP, &[("id", PINS_PROTECTED), ("expansions", "pinned_tweet_id")]),
        || written(&Problem::tweet_not_authorized("pinned_tweet_id", PROTECTED_POST))),
    beside("field-not-authorized", "not-authorized-for-field", "A number of a post is for its author alone.", "Ask for public_metrics, or call for the author.",
        Made::By(OperationId::GetUsersById, APP, &[("id", OWN), ("expansions", "pinned_tweet_id"), ("tweet.fields", "non_public_metrics")]),
        || written(&Problem::field_not_authorized("pinned_tweet_id", "non_public_metrics.impression_count", OWN_POST))),
];

const OWN_POST: TweetId = TweetId::new(9_000_000_000_000_001_001);
const DELETED_POST: TweetId = TweetId::new(9_000_000_000_000_001_999);
const PROTECTED_POST: TweetId = TweetId::new(9_000_000_000_000_001_003);
