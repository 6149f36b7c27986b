//! What API v1.1 tells.

use super::{Group, MANY, Made, Row};
use crate::failure::Trouble;
use crate::operation::{Authentication, OperationId};
use crate::v1_error::{V1Error, write_not_authorized};

const APP: Authentication = Authentication::AppOnly;
const USER: Authentication = Authentication::OAuth1User;

const OWN: (&str, &str) = ("user_id", "9000000000000000101");
const SUSPENDED: (&str, &str) = ("user_id", "9000000000000000103");
const PROTECTED: (&str, &str) = ("screen_name", "protected_user");
const NOBODY: (&str, &str) = ("user_id", "999");

const fn row(
    slug: &'static str,
    name: &'static str,
    status: u16,
    when: &'static str,
    fix: &'static str,
    made: Made,
    body: fn() -> Vec<u8>,
) -> Row {
    Row { group: Group::V1, slug, name, status, when, fix, made, body }
}

/// By code.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("v1-17", "code 17", 404, "None of the users that are asked for is there.", "Look for misspellings. Those that are missing among others are just left out.",
        Made::By(OperationId::V1UsersLookup, APP, &[NOBODY]), || V1Error::NO_USER_MATCHES.body()),
    row("v1-18", "code 18", 403, "More than 100 users are asked for at once.", "Divide them among several requests.",
        Made::By(OperationId::V1UsersLookup, APP, &[("user_id", MANY)]), || V1Error::TOO_MANY_TERMS.body()),
    row("v1-25", "code 25", 400, "Neither user_id nor screen_name is there.", "Name somebody.",
        Made::By(OperationId::V1UsersShow, APP, &[]), || V1Error::PARAMETERS_MISSING.body()),
    row("v1-32", "code 32", 401, "The signature of OAuth 1.0a is wrong, or was seen before.", "Run birdbox explain --last: it says what should be signed.",
        Made::How("Sign with another secret."), || V1Error::COULD_NOT_AUTHENTICATE.body()),
    row("v1-34", "code 34", 404, "There is no such path.", "Compare the path with the reference.",
        Made::How("Ask for /1.1/nothing.json."), || V1Error::NO_SUCH_PAGE.body()),
    row("v1-50", "code 50", 404, "Nobody has this id or screen name.", "Take the user from your list.",
        Made::By(OperationId::V1UsersShow, APP, &[NOBODY]), || V1Error::USER_NOT_FOUND.body()),
    row("v1-63", "code 63", 403, "The user that is asked for is suspended.", "Ask again later.",
        Made::By(OperationId::V1UsersShow, APP, &[SUSPENDED]), || V1Error::USER_SUSPENDED.body()),
    row("v1-64", "code 64", 403, "The user of the access token is suspended.", "Restore it: birdbox user restore.",
        Made::How("Suspend the user of a token, and call with it."), || V1Error::ACCOUNT_SUSPENDED.body()),
    row("v1-86", "code 86", 405, "The path has another method.", "Use the one that the message names.",
        Made::How("Send POST to /1.1/users/show.json."), || V1Error::of(Trouble::MethodNotAllowed { allow: "GET, HEAD" }).body()),
    row("v1-87", "code 87", 403, "The caller blocks whom it wants to follow.", "Unblock first: birdbox user unblock.",
        Made::How("Run birdbox user block @birdbox_owner @TwitterAPI, then follow TwitterAPI as birdbox_owner."), || V1Error::NOT_PERMITTED.body()),
    row("v1-88", "code 88", 429, "The requests of this window of 15 minutes are used up.", "Wait until x-rate-limit-reset, or lift the limits: birdbox limits reset.",
        Made::How("Ask for followers/ids more than 15 times within 15 minutes."), || V1Error::RATE_LIMIT_EXCEEDED.body()),
    row("v1-89", "code 89", 401, "The token is not known, or is no more.", "Make a new one.",
        Made::How("Revoke a token, and call with it."), || V1Error::EXPIRED_TOKEN.body()),
    row("v1-108", "code 108", 403, "The user that is to be followed, or no more, is not there.", "Look for a misspelling.",
        Made::By(OperationId::V1FriendshipsCreate, USER, &[NOBODY]), || V1Error::CANNOT_FIND_USER.body()),
    row("v1-130", "code 130", 503, "Nothing can be written now, such as on a full disk.", "Make room on the disk of the data directory.",
        Made::How("It takes a full disk."), || V1Error::OVER_CAPACITY.body()),
    row("v1-131", "code 131", 500, "A stored record is damaged. The log says which.", "Run birdbox verify on a backup.",
        Made::How("It takes a damaged disk."), || V1Error::INTERNAL_ERROR.body()),
    row("v1-135", "code 135", 401, "The time of the signature is too far from that of the server.", "Set the clock of the machine that signs.",
        Made::How("Sign with a timestamp of yesterday."), || V1Error::TIMESTAMP_OUT_OF_BOUNDS.body()),
    row("v1-158", "code 158", 403, "A user is to follow the own account.", "Name another user.",
        Made::By(OperationId::V1FriendshipsCreate, USER, &[OWN]), || V1Error::SELF_FOLLOW.body()),
    row("v1-160", "code 160", 403, "The protected user was asked already, and has not answered.", "Wait, or accept for it: birdbox user accept.",
        Made::How("Follow protected_user twice."), || V1Error::already_requested("protected_user").body()),
    row("v1-161", "code 161", 403, "The caller follows as many as one can.", "Unfollow somebody first.",
        Made::How("It takes a list that is full."), || V1Error::CANNOT_FOLLOW_MORE.body()),
    row("v1-162", "code 162", 403, "The other user blocks the caller.", "There is nothing to do but to leave it.",
        Made::How("Run birdbox user block @TwitterAPI @birdbox_owner, then follow TwitterAPI as birdbox_owner."), || V1Error::BLOCKED.body()),
    row("v1-163", "code 163", 403, "The first of two users is not there, or an App names none.", "Name the source, or call for a user.",
        Made::By(OperationId::V1FriendshipsShow, APP, &[("target_screen_name", "TwitterDev")]), || V1Error::NO_SOURCE_USER.body()),
    row("v1-215", "code 215", 400, "There are no credentials.", "Send the header Authorization.",
        Made::How("Send a request without it; the explorer always has one."), || V1Error::BAD_AUTHENTICATION_DATA.body()),
    row("v1-220", "code 220", 403, "The operation wants credentials of another kind.", "Sign by OAuth 1.0a for a user.",
        Made::By(OperationId::V1AccountVerifyCredentials, APP, &[]), || V1Error::CREDENTIALS_DO_NOT_ALLOW.body()),
    row("v1-261", "code 261", 403, "The App may read alone, and the operation changes something.", "Give the App the permission to read and write, and make its access tokens anew.",
        Made::How("Set an App to read only, make an access token, and follow somebody."), || V1Error::CANNOT_WRITE.body()),
    row("v1-416", "code 416", 401, "The developer account of the App is pending or suspended.", "Have the owner of the server approve it.",
        Made::How("Suspend a developer account under Accounts, and call with its keys."), || V1Error::SUSPENDED_APPLICATION.body()),
    row("v1-not-authorized", "no code", 401, "The lists of a protected account are for its followers.", "Call for a user whom the account has accepted.",
        Made::By(OperationId::V1FollowersIds, APP, &[PROTECTED]), || { let mut body = Vec::new(); write_not_authorized("/1.1/followers/ids.json", &mut body); body }),
];
