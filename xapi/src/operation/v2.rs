//! The rows of API v2.

use model::Scope;

use super::{Access, Authentication, Dialect, KeyKind, Kind, Method, Operation, OperationId, RateLimits};

/// Who may look up users.
pub(super) const LOOKUP: Access = Access {
    authentication: &[Authentication::OAuth1User, Authentication::OAuth2User, Authentication::AppOnly],
    scopes: &[Scope::TweetRead, Scope::UsersRead],
    writes: false,
    needs_project: true,
};
const ME: Access = Access { authentication: &[Authentication::OAuth1User, Authentication::OAuth2User], ..LOOKUP };
/// Lists of follows.
const LISTS: Access = Access { scopes: &[Scope::FollowsRead, Scope::TweetRead, Scope::UsersRead], ..LOOKUP };
/// What users change about their own follows.
const OWN_FOLLOWS: Access =
    Access { scopes: &[Scope::FollowsWrite, Scope::TweetRead, Scope::UsersRead], writes: true, ..ME };
const ME_LIMITS: RateLimits = RateLimits { per_app: None, per_user: Some(75) };
const LIST_LIMITS: RateLimits = RateLimits { per_app: Some(15), per_user: Some(15) };
const FOLLOW_LIMITS: RateLimits = RateLimits { per_app: None, per_user: Some(50) };
const V2_LIMITS: RateLimits = RateLimits { per_app: Some(300), per_user: Some(900) };

/// The rows.
#[rustfmt::skip]
pub(super) const ROWS: &[Operation] = &[
    Operation { id: OperationId::GetUsersByIds, name: "getUsersByIds", dialect: Dialect::V2, method: Method::Get, path: "/2/users", kind: Kind::Lookup, key: KeyKind::Ids,
        summary: "Get users by ids", description: "Up to 100 users, in the order of their ids.",
        access: LOOKUP, limits: V2_LIMITS },
    Operation { id: OperationId::GetUsersById, name: "getUsersById", dialect: Dialect::V2, method: Method::Get, path: "/2/users/{id}", kind: Kind::Lookup, key: KeyKind::Id,
        summary: "Get a user by id", description: "One user.",
        access: LOOKUP, limits: V2_LIMITS },
    Operation { id: OperationId::GetUsersByUsernames, name: "getUsersByUsernames", dialect: Dialect::V2, method: Method::Get, path: "/2/users/by", kind: Kind::Lookup, key: KeyKind::Usernames,
        summary: "Get users by usernames", description: "Up to 100 users, in the order of their usernames.",
        access: LOOKUP, limits: V2_LIMITS },
    Operation { id: OperationId::GetUsersByUsername, name: "getUsersByUsername", dialect: Dialect::V2, method: Method::Get, path: "/2/users/by/username/{username}", kind: Kind::Lookup, key: KeyKind::Username,
        summary: "Get a user by username", description: "One user. Letter case does not count.",
        access: LOOKUP, limits: V2_LIMITS },
    Operation { id: OperationId::GetUsersMe, name: "getUsersMe", dialect: Dialect::V2, method: Method::Get, path: "/2/users/me", kind: Kind::Lookup, key: KeyKind::Me,
        summary: "Get the authenticated user", description: "The user on whose behalf the App calls.",
        access: ME, limits: ME_LIMITS },
    Operation { id: OperationId::GetUsersFollowers, name: "getUsersFollowers", dialect: Dialect::V2, method: Method::Get, path: "/2/users/{id}/followers", kind: Kind::List, key: KeyKind::Id,
        summary: "Get the followers of a user", description: "Who follows the user, the newest follow first.",
        access: LISTS, limits: LIST_LIMITS },
    Operation { id: OperationId::GetUsersFollowing, name: "getUsersFollowing", dialect: Dialect::V2, method: Method::Get, path: "/2/users/{id}/following", kind: Kind::List, key: KeyKind::Id,
        summary: "Get those whom a user follows", description: "Whom the user follows, the newest follow first.",
        access: LISTS, limits: LIST_LIMITS },
    Operation { id: OperationId::FollowUser, name: "followUser", dialect: Dialect::V2, method: Method::Post, path: "/2/users/{id}/following", kind: Kind::Follow, key: KeyKind::Id,
        summary: "Follow a user", description: "The authenticated user follows another, or asks to where that one is protected.",
        access: OWN_FOLLOWS, limits: FOLLOW_LIMITS },
    Operation { id: OperationId::UnfollowUser, name: "unfollowUser", dialect: Dialect::V2, method: Method::Delete, path: "/2/users/{source_user_id}/following/{target_user_id}", kind: Kind::Unfollow, key: KeyKind::Source,
        summary: "Unfollow a user", description: "The authenticated user follows another no more, and withdraws what it asked for.",
        access: OWN_FOLLOWS, limits: FOLLOW_LIMITS },
];
