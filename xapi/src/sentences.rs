//! The English of the API: every sentence that X's replies hold, and nothing else.
//!
//! Each was seen in a recording or a quoted reply unless its comment says otherwise.

pub(crate) mod tweet_binder;

use std::fmt::Display;

pub(crate) const UNAUTHORIZED: &str = "Unauthorized";
pub(crate) const FORBIDDEN: &str = "Forbidden";
pub(crate) const TOO_MANY_REQUESTS: &str = "Too Many Requests";
pub(crate) const INVALID_REQUEST: &str = "Invalid Request";
pub(crate) const INVALID_REQUEST_DETAIL: &str = "One or more parameters to your request was invalid.";
pub(crate) const NOT_FOUND_ERROR: &str = "Not Found Error";
pub(crate) const AUTHORIZATION_ERROR: &str = "Authorization Error";
pub(crate) const FIELD_AUTHORIZATION_ERROR: &str = "Field Authorization Error";
// unverified(store-unavailable): only the first clause of the detail is quoted anywhere.
pub(crate) const INTERNAL_SERVER_ERROR: &str = "Internal Server Error";
pub(crate) const INTERNAL_SERVER_ERROR_DETAIL: &str = "Something is broken. This is usually a temporary error, for example in a high load situation or if an endpoint is temporarily having issues.";

pub(crate) const CLIENT_FORBIDDEN: &str = "Client Forbidden";
pub(crate) const CLIENT_NOT_ENROLLED: &str = "client-not-enrolled";
pub(crate) const CLIENT_NOT_ENROLLED_DETAIL: &str = "When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from a Twitter developer App that is attached to a Project. You can create a project via the developer portal.";
pub(crate) const REQUIRED_ENROLLMENT: &str = "Appropriate Level of API Access";
pub(crate) const REGISTRATION_URL: &str = "https://developer.twitter.com/en/docs/projects/overview";
pub(crate) const UNSUPPORTED_AUTHENTICATION: &str = "Unsupported Authentication";
pub(crate) const OAUTH1_PERMISSIONS: &str =
    "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.";

// Errors of API v1.1, by code: 32, 64, 88, 89, 135, 215, 220, 261, 416. The last is known from
// X's table of codes alone.
pub(crate) const COULD_NOT_AUTHENTICATE: &str = "Could not authenticate you.";
pub(crate) const ACCOUNT_SUSPENDED: &str = "Your account is suspended and is not permitted to access this feature";
pub(crate) const RATE_LIMIT_EXCEEDED: &str = "Rate limit exceeded";
pub(crate) const EXPIRED_TOKEN: &str = "Invalid or expired token.";
pub(crate) const TIMESTAMP_OUT_OF_BOUNDS: &str = "Timestamp out of bounds.";
pub(crate) const BAD_AUTHENTICATION_DATA: &str = "Bad Authentication data.";
pub(crate) const CREDENTIALS_DO_NOT_ALLOW: &str = "Your credentials do not allow access to this resource.";
pub(crate) const CANNOT_WRITE: &str = "Application cannot perform write actions.";
pub(crate) const SUSPENDED_APPLICATION: &str = "Invalid / suspended application";

// Errors of API v1.1, by code: 17, 25, 34, 50, 63, 131, and one without a code. The sentence of 25 is
// long known, and in no table that X has now.
pub(crate) const NO_USER_MATCHES: &str = "No user matches for specified terms.";
/// Code 18, long known; unverified(v1-too-many-terms).
pub(crate) const TOO_MANY_TERMS: &str = "Too many terms specified in query.";
pub(crate) const PARAMETERS_MISSING: &str = "Query parameters are missing.";
pub(crate) const NO_SUCH_PAGE: &str = "Sorry, that page does not exist";
pub(crate) const V1_USER_NOT_FOUND: &str = "User not found.";
pub(crate) const V1_USER_SUSPENDED: &str = "User has been suspended.";
pub(crate) const INTERNAL_ERROR: &str = "Internal error";
pub(crate) const NOT_AUTHORIZED: &str = "Not authorized.";

/// Code 86; unverified(v1-methods).
pub(crate) fn requires_a_method(methods: &str) -> String {
    format!("This method requires a {methods}.")
}

// Errors of follows in API v1.1, by code: 87, 108, 158, 161, 162, 163. X lists all but 158.
pub(crate) const NOT_PERMITTED: &str = "Client is not permitted to perform this action.";
pub(crate) const CANNOT_FIND_USER: &str = "Cannot find specified user.";
pub(crate) const SELF_FOLLOW: &str = "You can't follow yourself.";
pub(crate) const CANNOT_FOLLOW_MORE: &str = "You are unable to follow more people at this time. Learn more <a href='http://support.twitter.com/articles/66885-i-can-t-follow-people-follow-limits'>here</a>.";
pub(crate) const V1_BLOCKED: &str = "You have been blocked from following this account at the request of the user.";
pub(crate) const NO_SOURCE_USER: &str = "Could not determine source user.";

/// Code 160.
pub(crate) fn already_requested(screen_name: &str) -> String {
    format!("You've already requested to follow {screen_name}.")
}

/// The title of a refusal that carries nothing but its status; the phrase of RFC 9110.
pub(crate) fn status_phrase(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => UNAUTHORIZED,
        402 => "Payment Required",
        403 => FORBIDDEN,
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        414 => "URI Too Long",
        429 => TOO_MANY_REQUESTS,
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => INTERNAL_SERVER_ERROR,
    }
}

pub(crate) fn can_not_be_empty(parameter: &str) -> String {
    format!("The `{parameter}` query parameter can not be empty")
}

pub(crate) fn does_not_match(parameter: &str, value: &str, pattern: &str) -> String {
    format!("The `{parameter}` query parameter value [{value}] does not match {pattern}")
}

/// With the two blanks behind the first sentence that X has.
pub(crate) fn unsupported_authentication<'a>(used: &str, supported: impl Iterator<Item = &'a str>) -> String {
    let supported = supported.collect::<Vec<_>>().join(", ");
    format!(
        "Authenticating with {used} is forbidden for this endpoint.  Supported authentication types are [{supported}]."
    )
}

/// unverified(bad-max-results): recorded for other numbers.
pub(crate) fn is_not_between(parameter: &str, value: &str, least: u16, most: u16) -> String {
    format!("The `{parameter}` query parameter value [{value}] is not between {least} and {most}")
}

/// Without a full stop.
pub(crate) fn is_not_a_valid_token(parameter: &str, value: &str) -> String {
    format!("The `{parameter}` query parameter value [{value}] is not a valid token")
}

pub(crate) fn must_be_the_caller(parameter: &str, value: &str, caller: impl Display) -> String {
    format!("The `{parameter}` query parameter value [{value}] must be the same as the authenticating user [{caller}]")
}

/// The wording of a path id; also taken for encoding that cannot be read.
pub(crate) fn is_not_valid(parameter: &str, value: &str) -> String {
    format!("The `{parameter}` query parameter value [{value}] is not valid")
}

pub(crate) fn number_of_values(parameter: &str, count: usize, most: usize) -> String {
    format!("The number of values in the `{parameter}` query parameter list [{count}] is not between 1 and {most}")
}

pub(crate) fn is_not_one_of<'a>(parameter: &str, value: &str, words: impl Iterator<Item = &'a str>) -> String {
    format!("The `{parameter}` query parameter value [{value}] is not one of [{}]", list(words))
}

pub(crate) fn unknown_parameter<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    format!("The query parameter [{name}] is not one of [{}]", list(known))
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(",")
}

pub(crate) fn duplicate_parameter(name: &str) -> String {
    format!("Duplicate parameters are not allowed: the `{name}` query parameter")
}

pub(crate) fn could_not_find(resource: &str, parameter: &str, value: impl Display) -> String {
    format!("Could not find {resource} with {parameter}: [{value}].")
}

pub(crate) fn user_suspended(value: impl Display) -> String {
    format!("User has been suspended: [{value}].")
}

/// "Tweet" has a capital letter here and none in [`could_not_find`].
pub(crate) fn not_authorized_to_see_tweet(parameter: &str, value: impl Display) -> String {
    format!("Sorry, you are not authorized to see the Tweet with {parameter}: [{value}].")
}

/// With the blank before the colon that X has. `parameter` is `id` in a lookup of posts.
pub(crate) fn not_authorized_for_field(field: &str, parameter: &str, value: impl Display) -> String {
    format!("Sorry, you are not authorized to access '{field}' on the Tweet with {parameter} : [{value}].")
}

/// "user" has no capital letter here.
pub(crate) fn not_authorized_to_see_user(parameter: &str, value: impl Display) -> String {
    format!("Sorry, you are not authorized to see the user with {parameter}: [{value}].")
}

// Bodies. The first is quoted from live replies; the others are unverified(follow-body).
pub(crate) const CONTENT_TYPE_MUST_BE_JSON: &str = "Requests with bodies must have content-type of application/json.";
pub(crate) const BODY_IS_NOT_JSON: &str = "$: is not valid JSON";

pub(crate) fn body_too_large(bytes: usize, most: usize) -> String {
    format!("$: has {bytes} bytes, and may have {most}")
}

/// `path` is `$` or `$.member`.
pub(crate) fn of_another_type(path: &str, found: &str, expected: &str) -> String {
    format!("{path}: {found} found, {expected} expected")
}

pub(crate) fn member_is_missing(name: &str) -> String {
    format!("$.{name}: is missing but it is required")
}

pub(crate) fn member_does_not_match(name: &str, pattern: &str) -> String {
    format!("$.{name}: does not match the regex pattern {pattern}")
}

pub(crate) fn member_is_not_defined(name: &str) -> String {
    format!("$.{name}: is not defined in the schema and the schema does not allow additional properties")
}

// Follows that cannot be, in the words of API v1.1, codes 158 and 162; unverified(follow-refusals).
pub(crate) const CANNOT_FOLLOW_YOURSELF: &str = "You can't follow yourself.";
pub(crate) const BLOCKED: &str = "You have been blocked from following this account at the request of the user.";

// OAuth 1.0a: codes 415 and 417, and a text.
pub(crate) const CALLBACK_NOT_APPROVED: &str = "Callback URL not approved for this client application. Approved callback URLs can be adjusted in your application settings";
pub(crate) const DESKTOP_ONLY: &str = "Desktop applications only support the oauth_callback value 'oob'";
pub(crate) const OVER_CAPACITY: &str = "Over capacity";
pub(crate) const INVALID_VERIFIER: &str = "Error processing your OAuth request: Invalid oauth_verifier parameter";

// OAuth 2.0, quoted from live replies unless marked.
pub(crate) const INVALID_CODE: &str = "Value passed for the authorization code was invalid.";
pub(crate) const INVALID_TOKEN: &str = "Value passed for the token was invalid.";
pub(crate) const INVALID_REDIRECT_URI_OF_CODE: &str =
    "Value passed for the redirect uri did not match the uri of the authorization code.";
pub(crate) const INVALID_GRANT_TYPE: &str =
    "Value passed for the grant type was invalid. Grant type should be one of [authorization_code, refresh_token].";
pub(crate) const MISSING_AUTHORIZATION: &str = "Missing valid authorization header";
// unverified(oauth2-sentences)
pub(crate) const INVALID_CODE_VERIFIER: &str = "Value passed for the code verifier did not match the code challenge.";
// unverified(oauth2-sentences)
pub(crate) const SUSPENDED_CLIENT: &str = "The developer account of this client is not approved.";

pub(crate) fn missing_parameter(name: &str) -> String {
    format!("Missing required parameter [{name}].")
}

/// After the sentences above; unverified(oauth2-sentences).
pub(crate) fn invalid_parameter(name: &str) -> String {
    format!("Value passed for the {} was invalid.", name.replace('_', " "))
}

/// unverified(oauth2-duplicates)
pub(crate) fn parameter_twice(name: &str) -> String {
    format!("Duplicate parameter [{name}].")
}

// App-only tokens, quoted from live replies.
pub(crate) const UNABLE_TO_VERIFY: &str = "Unable to verify your credentials";

pub(crate) fn missing_required_parameter(name: &str) -> String {
    format!("Missing required parameter: {name}")
}

pub(crate) fn parameter_is_invalid(value: &str) -> String {
    format!("{value} parameter is invalid")
}
