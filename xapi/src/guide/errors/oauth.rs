//! What the endpoints of tokens tell. None of them is an operation of the explorer.

use super::{Group, Made, Row};
use crate::oauth2_error::{AppOnlyError, OAuth2Error};
use crate::v1_error::V1Error;

const fn row(
    slug: &'static str,
    name: &'static str,
    status: u16,
    when: &'static str,
    fix: &'static str,
    how: &'static str,
    body: fn() -> Vec<u8>,
) -> Row {
    Row { group: Group::OAuth, slug, name, status, when, fix, made: Made::How(how), body }
}

fn oauth2(error: &OAuth2Error) -> Vec<u8> {
    let mut body = Vec::new();
    error.write(&mut body);
    body
}

fn app_only(error: &AppOnlyError) -> Vec<u8> {
    let mut body = Vec::new();
    error.write(&mut body);
    body
}

/// In the order in which Apps meet them.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("oauth2-client", "invalid_client", 401, "Nobody has this client id, or OAuth 2.0 is off for the App.", "Switch OAuth 2.0 on in the settings of the App.", "Send another client_id to /2/oauth2/token.", || oauth2(&OAuth2Error::client())),
    row("oauth2-authorization", "unauthorized_client", 401, "A confidential App does not show its secret, or another one.", "Send client id and secret as Basic authorization.", "Leave the header Authorization out at /2/oauth2/token.", || oauth2(&OAuth2Error::authorization())),
    row("oauth2-suspended", "unauthorized_client", 403, "The developer account of the App is pending or suspended.", "Have the owner of the server approve it.", "Suspend a developer account under Accounts, and exchange a code.", || oauth2(&OAuth2Error::suspended_client())),
    row("oauth2-grant", "invalid_request", 400, "grant_type is neither authorization_code nor refresh_token.", "Use one of them.", "Send grant_type=password to /2/oauth2/token.", || oauth2(&OAuth2Error::grant_type())),
    row("oauth2-missing", "invalid_request", 400, "A parameter is not there, or empty.", "Add it.", "Leave code out at /2/oauth2/token.", || oauth2(&OAuth2Error::missing("code"))),
    row("oauth2-invalid", "invalid_request", 400, "A parameter has a value that it cannot have.", "Correct it.", "Send code_challenge_method=x to the authorize page.", || oauth2(&OAuth2Error::invalid("code_challenge_method"))),
    row("oauth2-twice", "invalid_request", 400, "A parameter stands there twice.", "Send it once.", "Send code twice to /2/oauth2/token.", || oauth2(&OAuth2Error::twice("code"))),
    row("oauth2-code", "invalid_request", 400, "The code is not known, older than 30 seconds, of another App, or was used.", "Have the user authorize again, and exchange the code at once, once.", "Exchange a code twice.", || oauth2(&OAuth2Error::code())),
    row("oauth2-redirect", "invalid_request", 400, "redirect_uri is not that with which the code was asked for.", "Send the same address both times.", "Exchange a code with another redirect_uri.", || oauth2(&OAuth2Error::redirect_uri_of_code())),
    row("oauth2-verifier", "invalid_request", 400, "code_verifier does not fit the challenge.", "Keep the verifier of each request until its code is exchanged.", "Exchange a code with another verifier.", || oauth2(&OAuth2Error::code_verifier())),
    row("oauth2-token", "invalid_request", 400, "The refresh token is not known, or was used: then all tokens that came from it are ended.", "Keep the newest refresh token.", "Refresh twice with the same token.", || oauth2(&OAuth2Error::token())),
    row("oauth2-scope", "invalid_scope", 400, "A word is no scope.", "Take scopes of the reference.", "Send scope=everything to the authorize page.", || oauth2(&OAuth2Error::scope())),
    row("oauth2-response-type", "unsupported_response_type", 400, "response_type is not code.", "Send response_type=code.", "Send response_type=token to the authorize page.", || oauth2(&OAuth2Error::response_type())),
    row("oauth2-unavailable", "temporarily_unavailable", 503, "Nothing can be written now.", "Make room on the disk of the data directory.", "It takes a full disk.", || oauth2(&OAuth2Error::unavailable())),
    row("app-only-credentials", "code 99", 403, "API key and secret are not known, or the token that is to be ended.", "Send both as Basic authorization.", "Send another secret to /oauth2/token.", || app_only(&AppOnlyError::credentials())),
    row("app-only-missing", "code 170", 403, "grant_type is missing.", "Send grant_type=client_credentials as a form.", "Send an empty form to /oauth2/token.", || app_only(&AppOnlyError::missing("grant_type"))),
    row("app-only-grant", "code 44", 400, "grant_type is another.", "Send grant_type=client_credentials.", "Send grant_type=password to /oauth2/token.", || app_only(&AppOnlyError::invalid("grant_type"))),
    row("app-only-unavailable", "code 130", 503, "Nothing can be written now.", "Make room on the disk of the data directory.", "It takes a full disk.", || app_only(&AppOnlyError::unavailable())),
    row("oauth1-callback", "code 415", 403, "oauth_callback is none of the addresses of the App.", "Add it in the settings of the App, or send one that stands there.", "Send another oauth_callback to /oauth/request_token.", || V1Error::CALLBACK_NOT_APPROVED.body()),
    row("oauth1-desktop", "code 417", 401, "The App has no addresses, and names one.", "Send oauth_callback=oob, or add the address in the settings of the App.", "Send an oauth_callback for an App without addresses.", || V1Error::DESKTOP_ONLY.body()),
];
