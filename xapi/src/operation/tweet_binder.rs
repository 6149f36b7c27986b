//! The rows of Tweet Binder's profiles API. Their paths are those below the prefix that
//! the configuration gives them if it says nothing.
//!
//! unverified(tweetbinder-paths): the documentation names what can be asked for and no path of it; these
//! are in the style of the vendor's other paths.

use super::plain::{Plain, PlainParameter, PlainReply, Value};
use super::{Access, Authentication, Dialect, KeyKind, Kind, Method, Operation, OperationId, RateLimits};
use crate::tweet_binder::{GET_USERS_INFO, NEXT};

/// Where its paths begin, unless the configuration says otherwise.
pub const TWEET_BINDER_PREFIX: &str = "/tweetbinder";

/// The vendor's host. Requests to it find the API at the root, as there.
pub const TWEET_BINDER_HOST: &str = "api.tweetbinder.com";

const PROFILES: Access =
    Access { authentication: &[Authentication::TweetBinder], scopes: &[], writes: false, needs_project: false };

/// unverified(tweetbinder-limits): no number of requests is published; what is bought are profiles.
const LIMITS: RateLimits = RateLimits { per_app: Some(900), per_user: None };

const LOOKUP: Plain = Plain {
    parameters: &[],
    reply: PlainReply {
        schema: "TweetBinderProfiles",
        told: "The profiles that were found, each for one of the balance, and an error for each that was not.",
    },
};

const LIST: Plain = Plain {
    parameters: &[
        PlainParameter { name: GET_USERS_INFO, value: Value::Flag },
        PlainParameter { name: NEXT, value: Value::Token },
    ],
    reply: PlainReply {
        schema: "TweetBinderPage",
        told: "Up to 5000 ids, which cost nothing; or with `getUsersInfo=true` up to 100 profiles.",
    },
};

const BALANCES: Plain = Plain {
    parameters: &[],
    reply: PlainReply { schema: "TweetBinderBalances", told: "How many profiles are left in this month." },
};

/// The rows.
#[rustfmt::skip]
pub(super) const ROWS: &[Operation] = &[
    Operation { id: OperationId::TweetBinderProfilesByAlias, name: "tweetBinderProfilesByAlias", dialect: Dialect::TweetBinder, method: Method::Post, path: "/tweetbinder/profiles/alias", kind: Kind::Plain(&LOOKUP), key: KeyKind::BodyAliases,
        summary: "Get profiles by alias (Tweet Binder)", description: "Up to 100 profiles.",
        access: PROFILES, limits: LIMITS },
    Operation { id: OperationId::TweetBinderProfilesById, name: "tweetBinderProfilesById", dialect: Dialect::TweetBinder, method: Method::Post, path: "/tweetbinder/profiles/id", kind: Kind::Plain(&LOOKUP), key: KeyKind::BodyIds,
        summary: "Get profiles by id (Tweet Binder)", description: "Up to 100 profiles.",
        access: PROFILES, limits: LIMITS },
    Operation { id: OperationId::TweetBinderFollowers, name: "tweetBinderFollowers", dialect: Dialect::TweetBinder, method: Method::Get, path: "/tweetbinder/profiles/{id}/followers", kind: Kind::Plain(&LIST), key: KeyKind::Id,
        summary: "Get the followers of a profile (Tweet Binder)", description: "Who follows the account, the newest follow first.",
        access: PROFILES, limits: LIMITS },
    Operation { id: OperationId::TweetBinderFriends, name: "tweetBinderFriends", dialect: Dialect::TweetBinder, method: Method::Get, path: "/tweetbinder/profiles/{id}/friends", kind: Kind::Plain(&LIST), key: KeyKind::Id,
        summary: "Get those whom a profile follows (Tweet Binder)", description: "Whom the account follows, the newest follow first.",
        access: PROFILES, limits: LIMITS },
    Operation { id: OperationId::TweetBinderFollowersByAlias, name: "tweetBinderFollowersByAlias", dialect: Dialect::TweetBinder, method: Method::Get, path: "/tweetbinder/profiles/alias/{username}/followers", kind: Kind::Plain(&LIST), key: KeyKind::Username,
        summary: "Get the followers of a profile by alias (Tweet Binder)", description: "Who follows the account, the newest follow first.",
        access: PROFILES, limits: LIMITS },
    Operation { id: OperationId::TweetBinderFriendsByAlias, name: "tweetBinderFriendsByAlias", dialect: Dialect::TweetBinder, method: Method::Get, path: "/tweetbinder/profiles/alias/{username}/friends", kind: Kind::Plain(&LIST), key: KeyKind::Username,
        summary: "Get those whom a profile follows by alias (Tweet Binder)", description: "Whom the account follows, the newest follow first.",
        access: PROFILES, limits: LIMITS },
    Operation { id: OperationId::TweetBinderBalances, name: "tweetBinderBalances", dialect: Dialect::TweetBinder, method: Method::Get, path: "/tweetbinder/me/balances", kind: Kind::Plain(&BALANCES), key: KeyKind::Plain,
        summary: "Get the balances (Tweet Binder)", description: "What the token may get in this month, and what it got.",
        access: PROFILES, limits: LIMITS },
];
