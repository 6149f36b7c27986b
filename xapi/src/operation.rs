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

/// The method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads; HEAD is answered by the same rows.
    Get,
    /// Writes what its body says.
    Post,
    /// Writes what its path says.
    Delete,
}

impl Method {
    /// As HTTP writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// What an operation gives, and takes beside its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The users of its keys.
    Lookup,
    /// A page of a list of the user of its key.
    List,
    /// A follow, of the user whom its body names.
    Follow,
    /// The end of a follow, of the user whom its path names second.
    Unfollow,
}

/// How many users a page has at the most.
pub const MAX_RESULTS: &str = "max_results";
/// Where a page begins.
pub const PAGINATION_TOKEN: &str = "pagination_token";
/// Who is followed, or no more.
pub const TARGET_USER_ID: &str = "target_user_id";

impl Kind {
    /// The parameters of path and query beside the key that are no fields, in the order in
    /// which X lists them.
    #[must_use]
    pub const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::List => &[MAX_RESULTS, PAGINATION_TOKEN],
            Self::Unfollow => &[TARGET_USER_ID],
            Self::Lookup | Self::Follow => &[],
        }
    }

    /// Whether it shows users, of whom fields and expansions can be asked for.
    #[must_use]
    pub const fn shows_users(self) -> bool {
        match self {
            Self::Lookup | Self::List => true,
            Self::Follow | Self::Unfollow => false,
        }
    }
}

/// What an operation asks with.
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
    /// Nothing: whoever calls.
    Me,
    /// The id of whoever calls in the path, where X has another name for it.
    Source,
}

impl KeyKind {
    /// The name of the parameter in problems.
    #[must_use]
    pub const fn parameter(self) -> &'static str {
        match self {
            // Said of a caller who is deleted while the request is answered.
            Self::Id | Self::Me => "id",
            Self::Ids => "ids",
            Self::Username => "username",
            Self::Usernames => "usernames",
            Self::Source => "source_user_id",
        }
    }

    /// The name of the parameter in requests.
    #[must_use]
    pub const fn asked_by(self) -> Option<&'static str> {
        match self {
            Self::Me => None,
            Self::Id | Self::Ids | Self::Username | Self::Usernames | Self::Source => Some(self.parameter()),
        }
    }

    /// Whether the key is one, and does not stand in the query.
    #[must_use]
    pub const fn is_single(self) -> bool {
        match self {
            Self::Id | Self::Username | Self::Me | Self::Source => true,
            Self::Ids | Self::Usernames => false,
        }
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
    GetUsersMe,
    GetUsersFollowers,
    GetUsersFollowing,
    FollowUser,
    UnfollowUser,
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
    /// The method.
    pub method: Method,
    /// The path, with what stands in it for keys in braces.
    pub path: &'static str,
    /// What it gives.
    pub kind: Kind,
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
const LABS_LIMITS: RateLimits = RateLimits { per_app: Some(900), per_user: Some(900) };

/// Every operation.
#[rustfmt::skip]
pub static OPERATIONS: &[Operation] = &[
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
