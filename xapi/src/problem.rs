//! Every error that can stand on the wire, whole-request or beside data.
//!
//! A problem is made by a named constructor and knows its members in the order in
//! which X writes them; its English is in `sentences`.

use std::borrow::Cow;

use model::{AppId, TweetId, escape_into};

use crate::operation::{Authentication, Dialect};
use crate::sentences as say;
use crate::style::ProblemTypes;

/// One faulty parameter of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The parameter, where there is one to name.
    pub parameter: Option<String>,
    /// What it was given: decoded, undivided, once for each time it occurs.
    pub values: Vec<String>,
    /// What is wrong.
    pub message: String,
}

/// The last part of a problem's `type`; `about:blank` stands for the status alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Blank,
    Known(&'static str),
}

/// One member of a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Member {
    Text(&'static str, Cow<'static, str>),
    Status,
    Type,
    Faults(Vec<Fault>),
}

/// An error in X's shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: u16,
    kind: Type,
    members: Vec<Member>,
}

fn text(name: &'static str, value: impl Into<Cow<'static, str>>) -> Member {
    Member::Text(name, value.into())
}

const NOT_FOUND: Type = Type::Known("resource-not-found");

impl Problem {
    /// A refusal with nothing but its status: 401, 404, 405, 429, 503 and those of
    /// the HTTP edge. Key order: title, type, status, detail.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        let phrase = say::status_phrase(status);
        let detail = if status == 500 { say::INTERNAL_SERVER_ERROR_DETAIL } else { phrase };
        Self::with_detail(status, detail)
    }

    fn with_detail(status: u16, detail: &'static str) -> Self {
        let phrase = say::status_phrase(status);
        let members = vec![text("title", phrase), Member::Type, Member::Status, text("detail", detail)];
        Self { status, kind: Type::Blank, members }
    }

    /// 401: no credentials, or none that are known.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::of_status(401)
    }

    /// 403: the credentials are known, and do not allow this. X says no more.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::of_status(403)
    }

    /// 403: nobody follows themselves.
    ///
    /// unverified(follow-refusals): with the one below, v2's members and the sentences of v1.1.
    #[must_use]
    pub fn cannot_follow_yourself() -> Self {
        Self::with_detail(403, say::CANNOT_FOLLOW_YOURSELF)
    }

    /// 403: the account blocks the caller.
    #[must_use]
    pub fn blocked() -> Self {
        Self::with_detail(403, say::BLOCKED)
    }

    /// 403: the App is in no Project. It has no `status` member.
    #[must_use]
    pub fn client_not_enrolled(app: AppId) -> Self {
        let members = vec![
            text("client_id", app.to_string()),
            text("detail", say::CLIENT_NOT_ENROLLED_DETAIL),
            text("registration_url", say::REGISTRATION_URL),
            text("title", say::CLIENT_FORBIDDEN),
            text("required_enrollment", say::REQUIRED_ENROLLMENT),
            text("reason", say::CLIENT_NOT_ENROLLED),
            Member::Type,
        ];
        Self { status: 403, kind: Type::Known("client-forbidden"), members }
    }

    /// 403: the operation wants credentials of another kind.
    #[must_use]
    pub fn unsupported_authentication(used: Authentication, supported: &[Authentication]) -> Self {
        let supported = supported.iter().map(|kind| kind.name());
        let members = vec![
            text("title", say::UNSUPPORTED_AUTHENTICATION),
            text("detail", say::unsupported_authentication(used.name(), supported)),
            Member::Type,
            Member::Status,
        ];
        Self { status: 403, kind: Type::Known("unsupported-authentication"), members }
    }

    /// 403: the operation writes, and the token of OAuth 1.0a may read alone.
    #[must_use]
    pub fn oauth1_permissions() -> Self {
        let members =
            vec![text("title", say::FORBIDDEN), Member::Status, text("detail", say::OAUTH1_PERMISSIONS), Member::Type];
        Self { status: 403, kind: Type::Known("oauth1-permissions"), members }
    }

    /// 404: no such path.
    #[must_use]
    pub fn not_found() -> Self {
        Self::of_status(404)
    }

    /// 405: the path has other methods.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::of_status(405)
    }

    /// 429: the window of the caller is used up.
    #[must_use]
    pub fn too_many_requests() -> Self {
        Self::of_status(429)
    }

    /// 503: nothing can be written now.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::of_status(503)
    }

    /// 500: a stored record is damaged.
    #[must_use]
    pub fn internal_error() -> Self {
        Self::of_status(500)
    }

    /// 400: all faulty parameters of a request together. It has no `status` member.
    #[must_use]
    pub fn invalid_request(faults: Vec<Fault>) -> Self {
        let members = vec![
            Member::Faults(faults),
            text("title", say::INVALID_REQUEST),
            text("detail", say::INVALID_REQUEST_DETAIL),
            Member::Type,
        ];
        Self { status: 400, kind: Type::Known("invalid-request"), members }
    }

    /// Nobody has this id or username; deactivated accounts answer so as well.
    #[must_use]
    pub fn user_not_found(parameter: &'static str, value: &str) -> Self {
        Self::resource_not_found("user", parameter, value.to_owned())
    }

    /// A post that an expansion names is unknown or deleted.
    #[must_use]
    pub fn tweet_not_found(parameter: &'static str, id: TweetId) -> Self {
        Self::resource_not_found("tweet", parameter, id.to_string())
    }

    fn resource_not_found(resource: &'static str, parameter: &'static str, value: String) -> Self {
        let members = vec![
            text("value", value.clone()),
            text("detail", say::could_not_find(resource, parameter, &value)),
            text("title", say::NOT_FOUND_ERROR),
            text("resource_type", resource),
            text("parameter", parameter),
            text("resource_id", value),
            Member::Type,
        ];
        Self { status: 200, kind: NOT_FOUND, members }
    }

    /// The account is suspended. Its type really is that of a missing resource.
    #[must_use]
    pub fn user_suspended(parameter: &'static str, value: &str) -> Self {
        let members = vec![
            text("parameter", parameter),
            text("resource_id", value.to_owned()),
            text("value", value.to_owned()),
            text("detail", say::user_suspended(value)),
            text("title", say::FORBIDDEN),
            text("resource_type", "user"),
            Member::Type,
        ];
        Self { status: 200, kind: NOT_FOUND, members }
    }

    /// The account is protected, and its lists are for its followers.
    #[must_use]
    pub fn user_not_authorized(parameter: &'static str, value: &str) -> Self {
        let members = vec![
            text("resource_id", value.to_owned()),
            text("parameter", parameter),
            text("resource_type", "user"),
            text("section", "data"),
            text("title", say::AUTHORIZATION_ERROR),
            text("value", value.to_owned()),
            text("detail", say::not_authorized_to_see_user(parameter, value)),
            Member::Type,
        ];
        Self { status: 200, kind: Type::Known("not-authorized-for-resource"), members }
    }

    /// A post that an expansion names is for the followers of its author alone.
    #[must_use]
    pub fn tweet_not_authorized(parameter: &'static str, id: TweetId) -> Self {
        let members = vec![
            text("resource_id", id.to_string()),
            text("parameter", parameter),
            text("resource_type", "tweet"),
            text("section", "includes"),
            text("title", say::AUTHORIZATION_ERROR),
            text("value", id.to_string()),
            text("detail", say::not_authorized_to_see_tweet(parameter, id)),
            Member::Type,
        ];
        Self { status: 200, kind: Type::Known("not-authorized-for-resource"), members }
    }

    /// One number of a post is for its author alone.
    ///
    /// unverified(pinned-private-metrics): recorded for a lookup of posts, where
    /// `parameter` is `id` and `section` is `data`.
    #[must_use]
    pub fn field_not_authorized(parameter: &'static str, field: &str, id: TweetId) -> Self {
        let members = vec![
            text("resource_type", "tweet"),
            text("field", field.to_owned()),
            text("parameter", parameter),
            text("resource_id", id.to_string()),
            text("title", say::FIELD_AUTHORIZATION_ERROR),
            text("section", "includes"),
            text("detail", say::not_authorized_for_field(field, parameter, id)),
            text("value", id.to_string()),
            Member::Type,
        ];
        Self { status: 200, kind: Type::Known("not-authorized-for-field"), members }
    }

    /// The status of a reply that holds nothing but this problem. Problems that stand
    /// beside data have 200.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Appends the problem as a JSON object.
    pub fn write(&self, dialect: Dialect, types: ProblemTypes, out: &mut Vec<u8>) {
        for (at, member) in self.members.iter().enumerate() {
            out.push(if at == 0 { b'{' } else { b',' });
            match member {
                Member::Text(name, value) => {
                    write_text(name, out);
                    out.push(b':');
                    write_text(value, out);
                }
                Member::Status => {
                    out.extend_from_slice(b"\"status\":");
                    out.extend_from_slice(itoa::Buffer::new().format(self.status).as_bytes());
                }
                Member::Type => {
                    out.extend_from_slice(b"\"type\":\"");
                    match self.kind {
                        Type::Blank => out.extend_from_slice(b"about:blank"),
                        Type::Known(name) => {
                            out.extend_from_slice(types.base(dialect).as_bytes());
                            out.extend_from_slice(name.as_bytes());
                        }
                    }
                    out.push(b'"');
                }
                Member::Faults(faults) => write_faults(faults, out),
            }
        }
        out.push(b'}');
    }
}

fn write_text(value: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    escape_into(value, out);
    out.push(b'"');
}

fn write_faults(faults: &[Fault], out: &mut Vec<u8>) {
    out.extend_from_slice(b"\"errors\":[");
    for (at, fault) in faults.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"{\"parameters\":{" } else { b",{\"parameters\":{" });
        if let Some(parameter) = &fault.parameter {
            write_text(parameter, out);
            out.extend_from_slice(b":[");
            for (at, value) in fault.values.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_text(value, out);
            }
            out.push(b']');
        }
        out.extend_from_slice(b"},\"message\":");
        write_text(&fault.message, out);
        out.push(b'}');
    }
    out.push(b']');
}
