//! The operations that are served, each a row: path, keys, access, limits, words for
//! people. Router, authentication, parser, OpenAPI document and tests read these rows.

use model::Scope;

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

/// A kind of credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Authentication {
    /// A user who signs by OAuth 1.0a.
    OAuth1User,
    /// A user by an access token of OAuth 2.0.
    OAuth2User,
    /// An App on its own behalf.
    AppOnly,
}

impl Authentication {
    /// X's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OAuth1User => "OAuth 1.0a User Context",
            Self::OAuth2User => "OAuth 2.0 User Context",
            Self::AppOnly => "OAuth 2.0 Application-Only",
        }
    }
}

/// Who may call an operation.
#[derive(Debug)]
pub struct Access {
    /// The kinds of credentials, in the order in which X names them.
    pub authentication: &'static [Authentication],
    /// What a token of a user by OAuth 2.0 must allow, all of it, in the order of X's document.
    pub scopes: &'static [Scope],
    /// Whether a token of OAuth 1.0a must allow writing.
    pub writes: bool,
    /// Whether the App must be in a Project.
    pub needs_project: bool,
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
    /// Who may call it.
    pub access: Access,
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

const LOOKUP: Access = Access {
    authentication: &[Authentication::OAuth1User, Authentication::OAuth2User, Authentication::AppOnly],
    scopes: &[Scope::TweetRead, Scope::UsersRead],
    writes: false,
    needs_project: true,
};
/// Labs is older than OAuth 2.0 for users.
///
/// unverified(labs-access): that it wants a Project too.
const LABS_LOOKUP: Access = Access { authentication: &[Authentication::OAuth1User, Authentication::AppOnly], ..LOOKUP };
const V2_LIMITS: RateLimits = RateLimits { per_app: Some(300), per_user: Some(900) };
const LABS_LIMITS: RateLimits = RateLimits { per_app: Some(900), per_user: Some(900) };

/// Every operation.
#[rustfmt::skip]
pub static OPERATIONS: &[Operation] = &[
    Operation { id: OperationId::GetUsersByIds, name: "getUsersByIds", dialect: Dialect::V2, path: "/2/users", key: KeyKind::Ids,
        summary: "Get users by ids", description: "Up to 100 users, in the order of their ids.",
        access: LOOKUP, limits: V2_LIMITS },
    Operation { id: OperationId::GetUsersById, name: "getUsersById", dialect: Dialect::V2, path: "/2/users/{id}", key: KeyKind::Id,
        summary: "Get a user by id", description: "One user.",
        access: LOOKUP, limits: V2_LIMITS },
    Operation { id: OperationId::GetUsersByUsernames, name: "getUsersByUsernames", dialect: Dialect::V2, path: "/2/users/by", key: KeyKind::Usernames,
        summary: "Get users by usernames", description: "Up to 100 users, in the order of their usernames.",
        access: LOOKUP, limits: V2_LIMITS },
    Operation { id: OperationId::GetUsersByUsername, name: "getUsersByUsername", dialect: Dialect::V2, path: "/2/users/by/username/{username}", key: KeyKind::Username,
        summary: "Get a user by username", description: "One user. Letter case does not count.",
        access: LOOKUP, limits: V2_LIMITS },
    Operation { id: OperationId::LabsGetUsersByIds, name: "labsGetUsersByIds", dialect: Dialect::Labs, path: "/labs/2/users", key: KeyKind::Ids,
        summary: "Get users by ids (Labs v2)", description: "Up to 100 users, in the order of their ids.",
        access: LABS_LOOKUP, limits: LABS_LIMITS },
    Operation { id: OperationId::LabsGetUsersById, name: "labsGetUsersById", dialect: Dialect::Labs, path: "/labs/2/users/{id}", key: KeyKind::Id,
        summary: "Get a user by id (Labs v2)", description: "One user.",
        access: LABS_LOOKUP, limits: LABS_LIMITS },
    Operation { id: OperationId::LabsGetUsersByUsernames, name: "labsGetUsersByUsernames", dialect: Dialect::Labs, path: "/labs/2/users/by", key: KeyKind::Usernames,
        summary: "Get users by usernames (Labs v2)", description: "Up to 100 users, in the order of their usernames.",
        access: LABS_LOOKUP, limits: LABS_LIMITS },
    Operation { id: OperationId::LabsGetUsersByUsername, name: "labsGetUsersByUsername", dialect: Dialect::Labs, path: "/labs/2/users/by/username/{username}", key: KeyKind::Username,
        summary: "Get a user by username (Labs v2)", description: "One user. Letter case does not count.",
        access: LABS_LOOKUP, limits: LABS_LIMITS },
];
