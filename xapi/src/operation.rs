//! The operations that are served, each a row: path, keys, scopes, limits, words for
//! people. Router, parser, OpenAPI document and tests read these rows.

/// Which of X's APIs an operation belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// API v2.
    V2,
    /// Labs v2, the preview of API v2.
    Labs,
}

/// What a lookup asks with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// One id in the path.
    Id,
    /// Up to a hundred ids in the query.
    Ids,
    /// One username in the path.
    Username,
    /// Up to a hundred usernames in the query.
    Usernames,
}

impl KeyKind {
    /// The name of the parameter.
    #[must_use]
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Ids => "ids",
            Self::Username => "username",
            Self::Usernames => "usernames",
        }
    }

    /// Whether the key stands in the path, so that it is one.
    #[must_use]
    pub const fn is_in_path(self) -> bool {
        matches!(self, Self::Id | Self::Username)
    }

    /// Whether the key is a username.
    #[must_use]
    pub const fn is_username(self) -> bool {
        matches!(self, Self::Username | Self::Usernames)
    }
}

/// How long a window of rate limits lasts, from its first request, in seconds.
pub const WINDOW_SECONDS: u32 = 900;

/// Requests in a window of [`WINDOW_SECONDS`]; `None` where such callers are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// Of one App with its app-only token.
    pub per_app: Option<u32>,
    /// Of one user, in all Apps together, whether signed in by OAuth 1.0a or OAuth 2.0.
    pub per_user: Option<u32>,
}

/// The operations, named as X names them. The Labs documents have no such names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is described by its row")]
pub enum OperationId {
    GetUsersById,
    GetUsersByIds,
    GetUsersByUsername,
    GetUsersByUsernames,
    LabsGetUsersById,
    LabsGetUsersByIds,
    LabsGetUsersByUsername,
    LabsGetUsersByUsernames,
}

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// What the code calls it.
    pub id: OperationId,
    /// X's operationId.
    pub name: &'static str,
    /// The API it belongs to.
    pub dialect: Dialect,
    /// The path, with the key in braces where it stands there.
    pub path: &'static str,
    /// What it asks with.
    pub key: KeyKind,
    /// A few words for people.
    pub summary: &'static str,
    /// A sentence for people.
    pub description: &'static str,
    /// What an OAuth 2.0 user token must allow.
    pub scopes: &'static [&'static str],
    /// How often it may be called.
    pub limits: RateLimits,
}

impl Operation {
    /// The row with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|row| row.name == name)
    }

    /// Its place among [`OPERATIONS`].
    #[must_use]
    pub fn index(&self) -> usize {
        OPERATIONS.iter().position(|row| row.id == self.id).unwrap_or_default()
    }
}

const LOOKUP_SCOPES: &[&str] = &["tweet.read", "users.read"];
const V2_LIMITS: RateLimits = RateLimits { per_app: Some(300), per_user: Some(900) };
const LABS_LIMITS: RateLimits = RateLimits { per_app: Some(900), per_user: Some(900) };

/// Every operation.
#[rustfmt::skip]
pub static OPERATIONS: &[Operation] = &[
    Operation { id: OperationId::GetUsersByIds, name: "getUsersByIds", dialect: Dialect::V2, path: "/2/users", key: KeyKind::Ids,
        summary: "Get users by ids", description: "Up to 100 users, in the order of their ids.",
        scopes: LOOKUP_SCOPES, limits: V2_LIMITS },
    Operation { id: OperationId::GetUsersById, name: "getUsersById", dialect: Dialect::V2, path: "/2/users/{id}", key: KeyKind::Id,
        summary: "Get a user by id", description: "One user.",
        scopes: LOOKUP_SCOPES, limits: V2_LIMITS },
    Operation { id: OperationId::GetUsersByUsernames, name: "getUsersByUsernames", dialect: Dialect::V2, path: "/2/users/by", key: KeyKind::Usernames,
        summary: "Get users by usernames", description: "Up to 100 users, in the order of their usernames.",
        scopes: LOOKUP_SCOPES, limits: V2_LIMITS },
    Operation { id: OperationId::GetUsersByUsername, name: "getUsersByUsername", dialect: Dialect::V2, path: "/2/users/by/username/{username}", key: KeyKind::Username,
        summary: "Get a user by username", description: "One user. Letter case does not count.",
        scopes: LOOKUP_SCOPES, limits: V2_LIMITS },
    Operation { id: OperationId::LabsGetUsersByIds, name: "labsGetUsersByIds", dialect: Dialect::Labs, path: "/labs/2/users", key: KeyKind::Ids,
        summary: "Get users by ids (Labs v2)", description: "Up to 100 users, in the order of their ids.",
        scopes: LOOKUP_SCOPES, limits: LABS_LIMITS },
    Operation { id: OperationId::LabsGetUsersById, name: "labsGetUsersById", dialect: Dialect::Labs, path: "/labs/2/users/{id}", key: KeyKind::Id,
        summary: "Get a user by id (Labs v2)", description: "One user.",
        scopes: LOOKUP_SCOPES, limits: LABS_LIMITS },
    Operation { id: OperationId::LabsGetUsersByUsernames, name: "labsGetUsersByUsernames", dialect: Dialect::Labs, path: "/labs/2/users/by", key: KeyKind::Usernames,
        summary: "Get users by usernames (Labs v2)", description: "Up to 100 users, in the order of their usernames.",
        scopes: LOOKUP_SCOPES, limits: LABS_LIMITS },
    Operation { id: OperationId::LabsGetUsersByUsername, name: "labsGetUsersByUsername", dialect: Dialect::Labs, path: "/labs/2/users/by/username/{username}", key: KeyKind::Username,
        summary: "Get a user by username (Labs v2)", description: "One user. Letter case does not count.",
        scopes: LOOKUP_SCOPES, limits: LABS_LIMITS },
];
