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

pub(super) const USER_ID: PlainParameter = PlainParameter { name: "user_id", value: Value::Id };
pub(super) const SCREEN_NAME: PlainParameter = PlainParameter { name: "screen_name", value: Value::Username };
pub(super) const USER_IDS: PlainParameter = PlainParameter { name: "user_id", value: Value::Ids };
pub(super) const SCREEN_NAMES: PlainParameter = PlainParameter { name: "screen_name", value: Value::Usernames };
const INCLUDE_ENTITIES: PlainParameter = PlainParameter { name: "include_entities", value: Value::Flag };
pub(super) const SKIP_STATUS: PlainParameter = PlainParameter { name: "skip_status", value: Value::Flag };
pub(super) const TWEET_MODE: PlainParameter =
    PlainParameter { name: "tweet_mode", value: Value::Word(&["compat", "extended"]) };

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
];
