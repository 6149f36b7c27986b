//! The rows of Labs v2.

use super::v2::LOOKUP;
use super::{Access, Authentication, Dialect, KeyKind, Kind, Method, Operation, OperationId, RateLimits};

/// Labs is older than OAuth 2.0 for users.
///
/// unverified(labs-access): that it wants a Project too.
const LABS_LOOKUP: Access = Access { authentication: &[Authentication::OAuth1User, Authentication::AppOnly], ..LOOKUP };
const LABS_LIMITS: RateLimits = RateLimits { per_app: Some(900), per_user: Some(900) };

/// The rows.
#[rustfmt::skip]
pub(super) const ROWS: &[Operation] = &[
    Operation { id: OperationId::LabsGetUsersByIds, name: "labsGetUsersByIds", dialect: Dialect::Labs, method: Method::Get, path: "/labs/2/users", kind: Kind::Lookup, key: KeyKind::Ids,
        summary: "Get users by ids (Labs v2)", description: "Up to 100 users, in the order of their ids.",
        access: LABS_LOOKUP, limits: LABS_LIMITS },
    Operation { id: OperationId::LabsGetUsersById, name: "labsGetUsersById", dialect: Dialect::Labs, method: Method::Get, path: "/labs/2/users/{id}", kind: Kind::Lookup, key: KeyKind::Id,
        summary: "Get a user by id (Labs v2)", description: "One user.",
        access: LABS_LOOKUP, limits: LABS_LIMITS },
    Operation { id: OperationId::LabsGetUsersByUsernames, name: "labsGetUsersByUsernames", dialect: Dialect::Labs, method: Method::Get, path: "/labs/2/users/by", kind: Kind::Lookup, key: KeyKind::Usernames,
        summary: "Get users by usernames (Labs v2)", description: "Up to 100 users, in the order of their usernames.",
        access: LABS_LOOKUP, limits: LABS_LIMITS },
    Operation { id: OperationId::LabsGetUsersByUsername, name: "labsGetUsersByUsername", dialect: Dialect::Labs, method: Method::Get, path: "/labs/2/users/by/username/{username}", kind: Kind::Lookup, key: KeyKind::Username,
        summary: "Get a user by username (Labs v2)", description: "One user. Letter case does not count.",
        access: LABS_LOOKUP, limits: LABS_LIMITS },
];
