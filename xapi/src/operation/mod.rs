//! The operations that are served, each a row: path, keys, access, limits, words for
//! people. Router, authentication, parser, OpenAPI document and tests read these rows, which
//! are in a file for each dialect.

mod labs;
mod plain;
mod tweet_binder;
mod v1;
mod v1_follows;
mod v2;

use model::Scope;

pub use self::plain::{Plain, PlainParameter, PlainReply, Value};
pub use self::tweet_binder::{TWEET_BINDER_HOST, TWEET_BINDER_PREFIX};
pub use self::v1_follows::{DEFAULT_LISTED, MOST_IDS, MOST_LISTED};

/// Which API an operation belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dialect {
    /// API v2; also what is spoken to where nobody knows better.
    #[default]
    V2,
    /// Labs v2, the preview of API v2.
    Labs,
    /// API v1.1.
    V1,
    /// Tweet Binder's profiles API.
    TweetBinder,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 4] = [Self::V2, Self::Labs, Self::V1, Self::TweetBinder];

    /// The name of its folder of cases.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V2 => "v2",
            Self::Labs => "labs",
            Self::V1 => "v1",
            Self::TweetBinder => "tweetbinder",
        }
    }
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
    /// Reads what its query asks for, or its form, in which more has room.
    GetOrPost,
}

impl Method {
    /// As HTTP writes it; the first of two.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get | Self::GetOrPost => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }

    /// All that it stands for, as HTTP writes them. HEAD goes with GET.
    #[must_use]
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Get => &["GET"],
            Self::Post => &["POST"],
            Self::Delete => &["DELETE"],
            Self::GetOrPost => &["GET", "POST"],
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
    /// What the row says.
    Plain(&'static Plain),
}

/// How many users a page has at the most.
pub const MAX_RESULTS: &str = "max_results";
/// Where a page begins.
pub const PAGINATION_TOKEN: &str = "pagination_token";
/// Who is followed, or no more.
pub const TARGET_USER_ID: &str = "target_user_id";

impl Kind {
    /// The parameters of path and query beside the key that are no fields, in the order in
    /// which X lists them; those of [`Kind::Plain`] are in its row.
    #[must_use]
    pub const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::List => &[MAX_RESULTS, PAGINATION_TOKEN],
            Self::Unfollow => &[TARGET_USER_ID],
            Self::Lookup | Self::Follow | Self::Plain(_) => &[],
        }
    }

    /// The parameters of [`Kind::Plain`].
    #[must_use]
    pub const fn plain_parameters(self) -> &'static [PlainParameter] {
        match self {
            Self::Plain(plain) => plain.parameters,
            Self::Lookup | Self::List | Self::Follow | Self::Unfollow => &[],
        }
    }

    /// Whether fields and expansions can be asked for of the users that it shows.
    #[must_use]
    pub const fn shows_users(self) -> bool {
        match self {
            Self::Lookup | Self::List => true,
            Self::Follow | Self::Unfollow | Self::Plain(_) => false,
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
    /// What the parameters of [`Kind::Plain`] say.
    Plain,
    /// Up to a hundred ids in the body.
    BodyIds,
    /// Up to a hundred usernames in the body.
    BodyAliases,
}

impl KeyKind {
    /// The name of the parameter in problems.
    #[must_use]
    pub const fn parameter(self) -> &'static str {
        match self {
            // Said of a caller who is deleted while the request is answered.
            Self::Id | Self::Me | Self::Plain | Self::BodyIds => "id",
            Self::Ids => "ids",
            Self::Username => "username",
            Self::Usernames => "usernames",
            Self::Source => "source_user_id",
            Self::BodyAliases => "alias",
        }
    }

    /// The name of the parameter in requests.
    #[must_use]
    pub const fn asked_by(self) -> Option<&'static str> {
        match self {
            Self::Me | Self::Plain | Self::BodyIds | Self::BodyAliases => None,
            Self::Id | Self::Ids | Self::Username | Self::Usernames | Self::Source => Some(self.parameter()),
        }
    }

    /// Whether the key is one, and does not stand in the query.
    #[must_use]
    pub const fn is_single(self) -> bool {
        match self {
            Self::Id | Self::Username | Self::Me | Self::Source | Self::Plain => true,
            Self::Ids | Self::Usernames | Self::BodyIds | Self::BodyAliases => false,
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
    /// An App, by its token for Tweet Binder's profiles.
    TweetBinder,
}

impl Authentication {
    /// X's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OAuth1User => "OAuth 1.0a User Context",
            Self::OAuth2User => "OAuth 2.0 User Context",
            Self::AppOnly => "OAuth 2.0 Application-Only",
            Self::TweetBinder => "Tweet Binder",
        }
    }
}

/// Who may call an operation.
#[derive(Debug, Clone, Copy)]
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

/// The operations, named as X names them. Only API v2 has such names.
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
    V1UsersShow,
    V1FollowersIds,
    V1FriendsIds,
    V1FollowersList,
    V1FriendsList,
    V1FriendshipsShow,
    V1FriendshipsLookup,
    V1FriendshipsCreate,
    V1FriendshipsDestroy,
    V1UsersLookup,
    V1AccountVerifyCredentials,
    V1ApplicationRateLimitStatus,
    TweetBinderProfilesByAlias,
    TweetBinderProfilesById,
    TweetBinderFollowers,
    TweetBinderFriends,
    TweetBinderFollowersByAlias,
    TweetBinderFriendsByAlias,
    TweetBinderBalances,
}

/// One operation.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// What the code calls it.
    pub id: OperationId,
    /// X's operationId; of other dialects than v2, a name of the same kind.
    pub name: &'static str,
    /// The API it belongs to.
    pub dialect: Dialect,
    /// The method.
    pub method: Method,
    /// The path, with what stands in it for keys in braces. Those of v1.1 end in `.json`, with
    /// and without which they are called.
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

    /// The row of an operation.
    ///
    /// # Panics
    /// Never: every operation has a row, as a test sees.
    #[must_use]
    #[expect(clippy::expect_used, reason = "every operation has a row")]
    pub fn of(id: OperationId) -> &'static Self {
        OPERATIONS.iter().find(|row| row.id == id).expect("a row")
    }

    /// Its path where Tweet Binder's begin with `tweet_binder`.
    #[must_use]
    pub fn path_at(&self, tweet_binder: &str) -> String {
        match self.dialect {
            Dialect::TweetBinder => self.path.replacen(TWEET_BINDER_PREFIX, tweet_binder, 1),
            Dialect::V2 | Dialect::Labs | Dialect::V1 => self.path.to_owned(),
        }
    }

    /// Its place among [`OPERATIONS`].
    #[must_use]
    pub fn index(&self) -> usize {
        OPERATIONS.iter().position(|row| row.id == self.id).unwrap_or_default()
    }
}

const GROUPS: [&[Operation]; 5] = [v2::ROWS, labs::ROWS, v1::ROWS, v1_follows::ROWS, tweet_binder::ROWS];

const COUNT: usize = {
    let [a, b, c, d, e] = GROUPS;
    a.len() + b.len() + c.len() + d.len() + e.len()
};

static ALL: [Operation; COUNT] = {
    let [first, ..] = v2::ROWS else { panic!("API v2 has operations") };
    let mut all = [*first; COUNT];
    let mut rest = all.as_mut_slice();
    let mut groups = GROUPS.as_slice();
    while let [group, others @ ..] = groups {
        let (place, behind) = rest.split_at_mut(group.len());
        place.copy_from_slice(group);
        rest = behind;
        groups = others;
    }
    all
};

/// Every operation, by dialect.
pub static OPERATIONS: &[Operation] = &ALL;
