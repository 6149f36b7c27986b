//! The errors of the token endpoints, in both of X's shapes: `error` and `error_description`
//! for OAuth 2.0, a list with codes and labels for app-only tokens.

use std::borrow::Cow;

use model::escape_into;

use crate::sentences as say;

/// An error of `/2/oauth2/token`, `/2/oauth2/revoke` and the authorize page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuth2Error {
    /// The status.
    pub status: u16,
    /// The word of RFC 6749, 5.2 and 4.1.2.1.
    pub error: &'static str,
    /// X's sentence.
    pub description: Cow<'static, str>,
}

const INVALID_REQUEST: &str = "invalid_request";
const UNAUTHORIZED_CLIENT: &str = "unauthorized_client";

fn row(status: u16, error: &'static str, description: impl Into<Cow<'static, str>>) -> OAuth2Error {
    OAuth2Error { status, error, description: description.into() }
}

impl OAuth2Error {
    /// The code is not known, too old, another App's, or was used.
    #[must_use]
    pub fn code() -> Self {
        row(400, INVALID_REQUEST, say::INVALID_CODE)
    }

    /// The same of a refresh token.
    #[must_use]
    pub fn token() -> Self {
        row(400, INVALID_REQUEST, say::INVALID_TOKEN)
    }

    /// The redirect address is not that of the code.
    #[must_use]
    pub fn redirect_uri_of_code() -> Self {
        row(400, INVALID_REQUEST, say::INVALID_REDIRECT_URI_OF_CODE)
    }

    /// The verifier does not fit the challenge of the code.
    #[must_use]
    pub fn code_verifier() -> Self {
        row(400, INVALID_REQUEST, say::INVALID_CODE_VERIFIER)
    }

    /// Neither of the two grants.
    #[must_use]
    pub fn grant_type() -> Self {
        row(400, INVALID_REQUEST, say::INVALID_GRANT_TYPE)
    }

    /// A parameter is not there, or empty.
    #[must_use]
    pub fn missing(parameter: &str) -> Self {
        row(400, INVALID_REQUEST, say::missing_parameter(parameter))
    }

    /// A parameter has a value that it cannot have.
    #[must_use]
    pub fn invalid(parameter: &str) -> Self {
        row(400, INVALID_REQUEST, say::invalid_parameter(parameter))
    }

    /// A parameter stands there twice.
    #[must_use]
    pub fn twice(parameter: &str) -> Self {
        row(400, INVALID_REQUEST, say::parameter_twice(parameter))
    }

    /// A confidential client does not show its secret, or another one.
    #[must_use]
    pub fn authorization() -> Self {
        row(401, UNAUTHORIZED_CLIENT, say::MISSING_AUTHORIZATION)
    }

    /// Nobody has this client id, or its OAuth 2.0 is off.
    #[must_use]
    pub fn client() -> Self {
        row(401, "invalid_client", say::invalid_parameter("client_id"))
    }

    /// The developer account of the App may not use the API.
    #[must_use]
    pub fn suspended_client() -> Self {
        row(403, UNAUTHORIZED_CLIENT, say::SUSPENDED_CLIENT)
    }

    /// A word that is no scope.
    #[must_use]
    pub fn scope() -> Self {
        row(400, "invalid_scope", say::invalid_parameter("scope"))
    }

    /// Something else than a code is asked for.
    #[must_use]
    pub fn response_type() -> Self {
        row(400, "unsupported_response_type", say::invalid_parameter("response_type"))
    }

    /// The store cannot do it now.
    #[must_use]
    pub fn unavailable() -> Self {
        row(503, "temporarily_unavailable", say::status_phrase(503))
    }

    /// Appends the body of the reply.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"error\":\"");
        escape_into(self.error, out);
        out.extend_from_slice(b"\",\"error_description\":\"");
        escape_into(&self.description, out);
        out.extend_from_slice(b"\"}");
    }
}

/// An error of `/oauth2/token` and `/oauth2/invalidate_token`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppOnlyError {
    /// The status.
    pub status: u16,
    code: u16,
    message: Cow<'static, str>,
    label: &'static str,
}

impl AppOnlyError {
    /// The credentials, or the token to be ended, are not known.
    #[must_use]
    pub fn credentials() -> Self {
        let message = say::UNABLE_TO_VERIFY.into();
        Self { status: 403, code: 99, message, label: "authenticity_token_error" }
    }

    /// `grant_type` is missing.
    ///
    /// unverified(app-only-codes): the sentence was seen without its code and label.
    #[must_use]
    pub fn missing(parameter: &str) -> Self {
        let message = say::missing_required_parameter(parameter).into();
        Self { status: 403, code: 170, message, label: "forbidden_missing_parameter" }
    }

    /// Another grant.
    ///
    /// unverified(app-only-codes): as above.
    #[must_use]
    pub fn invalid(value: &str) -> Self {
        let message = say::parameter_is_invalid(value).into();
        Self { status: 400, code: 44, message, label: "invalid_parameter" }
    }

    /// The store cannot do it now.
    #[must_use]
    pub fn unavailable() -> Self {
        Self { status: 503, code: 130, message: say::status_phrase(503).into(), label: "over_capacity" }
    }

    /// Appends the body of the reply.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"errors\":[{\"code\":");
        out.extend_from_slice(itoa::Buffer::new().format(self.code).as_bytes());
        out.extend_from_slice(b",\"message\":\"");
        escape_into(&self.message, out);
        out.extend_from_slice(b"\",\"label\":\"");
        escape_into(self.label, out);
        out.extend_from_slice(b"\"}]}");
    }
}
