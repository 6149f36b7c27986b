//! The rows of API v1.1, with their parameters.
//!
//! It is open to Apps without a Project, and knows no OAuth 2.0 for users.

use super::plain::{Plain, PlainParameter, PlainReply, Value};
use super::{Access, Authentication, Dialect, KeyKind, Kind, Method, Operation, OperationId, RateLimits};

/// Reads, also by an App alone.
pub(super) const READS: Access = Access {
    authentication: &[Authentication::OAuth1User, Authentication::AppOnly],
    scopes: &[],
    writes: false,
    needs_project: false,
};

/// Of a user who signs.
pub(super) const OWN: Access = Access { authentication: &[Authentication::OAuth1User], ..READS };

const SHOW_LIMITS: RateLimits = RateLimits { per_app: Some(900), per_user: Some(900) };

const LOOKUP_LIMITS: RateLimits = RateLimits { per_app: Some(300), per_user: Some(900) };
const VERIFY_LIMITS: RateLimits = RateLimits { per_app: None, per_user: Some(75) };
const STATUS_LIMITS: RateLimits = RateLimits { per_app: Some(180), per_user: Some(180) };

pub(super) const USER_ID: PlainParameter = PlainParameter { name: "user_id", value: Value::Id };
pub(super) const SCREEN_NAME: PlainParameter = PlainParameter { name: "screen_name", value: Value::Username };
pub(super) const USER_IDS: PlainParameter = PlainParameter { name: "user_id", value: Value::Ids };
pub(super) const SCREEN_NAMES: PlainParameter = PlainParameter { name: "screen_name", value: Value::Usernames };
const INCLUDE_ENTITIES: PlainParameter = PlainParameter { name: "include_entities", value: Value::Flag };
pub(super) const SKIP_STATUS: PlainParameter = PlainParameter { name: "skip_status", value: Value::Flag };
pub(super) const TWEET_MODE: PlainParameter =
    PlainParameter { name: "tweet_mode", value: Value::Word(&["compat", "extended"]) };

const INCLUDE_EMAIL: PlainParameter = PlainParameter { name: "include_email", value: Value::Flag };
const RESOURCES: PlainParameter = PlainParameter { name: "resources", value: Value::Words };

const LOOKUP: Plain = Plain {
    parameters: &[USER_IDS, SCREEN_NAMES, INCLUDE_ENTITIES, SKIP_STATUS, TWEET_MODE],
    reply: PlainReply { schema: "V1Users", told: "The users that were found." },
};
const VERIFY: Plain = Plain {
    parameters: &[INCLUDE_ENTITIES, SKIP_STATUS, INCLUDE_EMAIL, TWEET_MODE],
    reply: PlainReply { schema: "V1User", told: "The user." },
};
const STATUS: Plain = Plain {
    parameters: &[RESOURCES],
    reply: PlainReply { schema: "V1RateLimitStatus", told: "What is left of the windows of the caller." },
};
const SHOW: Plain = Plain {
    parameters: &[USER_ID, SCREEN_NAME, INCLUDE_ENTITIES, SKIP_STATUS, TWEET_MODE],
    reply: PlainReply { schema: "V1User", told: "The user." },
};

/// The rows.
#[rustfmt::skip]
pub(super) const ROWS: &[Operation] = &[
    Operation { id: OperationId::V1UsersShow, name: "v1UsersShow", dialect: Dialect::V1, method: Method::Get, path: "/1.1/users/show.json", kind: Kind::Plain(&SHOW), key: KeyKind::Plain,
        summary: "Get a user (v1.1)", description: "One user, by `user_id` or `screen_name`.",
        access: READS, limits: SHOW_LIMITS },
    Operation { id: OperationId::V1UsersLookup, name: "v1UsersLookup", dialect: Dialect::V1, method: Method::GetOrPost, path: "/1.1/users/lookup.json", kind: Kind::Plain(&LOOKUP), key: KeyKind::Plain,
        summary: "Get users (v1.1)", description: "Up to 100 users, by `user_id`, `screen_name` or both. Those that are not there are left out.",
        access: READS, limits: LOOKUP_LIMITS },
    Operation { id: OperationId::V1AccountVerifyCredentials, name: "v1AccountVerifyCredentials", dialect: Dialect::V1, method: Method::Get, path: "/1.1/account/verify_credentials.json", kind: Kind::Plain(&VERIFY), key: KeyKind::Plain,
        summary: "Get the authenticated user (v1.1)", description: "The user on whose behalf the App calls.",
        access: OWN, limits: VERIFY_LIMITS },
    Operation { id: OperationId::V1ApplicationRateLimitStatus, name: "v1ApplicationRateLimitStatus", dialect: Dialect::V1, method: Method::Get, path: "/1.1/application/rate_limit_status.json", kind: Kind::Plain(&STATUS), key: KeyKind::Plain,
        summary: "Get what is left of rate limits (v1.1)", description: "The windows of the caller, by family; `resources` names some of them.",
        access: READS, limits: STATUS_LIMITS },
];
