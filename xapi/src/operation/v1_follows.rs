//! The rows of API v1.1 about who follows whom.

use super::plain::{Plain, PlainParameter, PlainReply, Value};
use super::v1::{OWN, READS, SCREEN_NAME, SCREEN_NAMES, SKIP_STATUS, TWEET_MODE, USER_ID, USER_IDS};
use super::{Access, Dialect, KeyKind, Kind, Method, Operation, OperationId, RateLimits};

/// The most ids of a page, and as many as come unasked.
pub const MOST_IDS: u16 = 5000;
/// The most users of a page.
pub const MOST_LISTED: u16 = 200;
/// So many users come unasked.
pub const DEFAULT_LISTED: u16 = 20;

/// Changes of the caller's own follows.
const CHANGES: Access = Access { writes: true, ..OWN };

const LIST_LIMITS: RateLimits = RateLimits { per_app: Some(15), per_user: Some(15) };
const SHOW_LIMITS: RateLimits = RateLimits { per_app: Some(15), per_user: Some(180) };
const LOOKUP_LIMITS: RateLimits = RateLimits { per_app: None, per_user: Some(15) };
// observed: no `x-rate-limit-*`.
const CHANGE_LIMITS: RateLimits = RateLimits { per_app: None, per_user: None };

const CURSOR: PlainParameter = PlainParameter { name: "cursor", value: Value::Cursor };
const STRINGIFY_IDS: PlainParameter = PlainParameter { name: "stringify_ids", value: Value::Flag };
const INCLUDE_USER_ENTITIES: PlainParameter = PlainParameter { name: "include_user_entities", value: Value::Flag };
const FOLLOW: PlainParameter = PlainParameter { name: "follow", value: Value::Flag };

const IDS: Plain = Plain {
    parameters: &[
        USER_ID,
        SCREEN_NAME,
        CURSOR,
        PlainParameter { name: "count", value: Value::Number { most: MOST_IDS, default: MOST_IDS } },
        STRINGIFY_IDS,
    ],
    reply: PlainReply { schema: "V1Ids", told: "A page of ids, and where the next and the previous one are." },
};
const LIST: Plain = Plain {
    parameters: &[
        USER_ID,
        SCREEN_NAME,
        CURSOR,
        PlainParameter { name: "count", value: Value::Number { most: MOST_LISTED, default: DEFAULT_LISTED } },
        SKIP_STATUS,
        INCLUDE_USER_ENTITIES,
        TWEET_MODE,
    ],
    reply: PlainReply { schema: "V1List", told: "A page of users, and where the next and the previous one are." },
};
const SHOW: Plain = Plain {
    parameters: &[
        PlainParameter { name: "source_id", value: Value::Id },
        PlainParameter { name: "source_screen_name", value: Value::Username },
        PlainParameter { name: "target_id", value: Value::Id },
        PlainParameter { name: "target_screen_name", value: Value::Username },
    ],
    reply: PlainReply { schema: "V1Relationship", told: "What connects the two." },
};
const LOOKUP: Plain = Plain {
    parameters: &[USER_IDS, SCREEN_NAMES],
    reply: PlainReply { schema: "V1Friendships", told: "What connects the caller with each of those that were found." },
};
const CREATE: Plain = Plain {
    parameters: &[USER_ID, SCREEN_NAME, FOLLOW],
    reply: PlainReply { schema: "V1User", told: "The user, as it was before." },
};
const DESTROY: Plain = Plain {
    parameters: &[USER_ID, SCREEN_NAME],
    reply: PlainReply { schema: "V1User", told: "The user, as it was before." },
};

/// The rows.
#[rustfmt::skip]
pub(super) const ROWS: &[Operation] = &[
    Operation { id: OperationId::V1FollowersIds, name: "v1FollowersIds", dialect: Dialect::V1, method: Method::Get, path: "/1.1/followers/ids.json", kind: Kind::Plain(&IDS), key: KeyKind::Plain,
        summary: "Get the ids of followers (v1.1)", description: "Up to 5000 ids of those who follow a user, the newest follow first.",
        access: READS, limits: LIST_LIMITS },
    Operation { id: OperationId::V1FriendsIds, name: "v1FriendsIds", dialect: Dialect::V1, method: Method::Get, path: "/1.1/friends/ids.json", kind: Kind::Plain(&IDS), key: KeyKind::Plain,
        summary: "Get the ids of those whom a user follows (v1.1)", description: "Up to 5000 ids of those whom a user follows, the newest follow first.",
        access: READS, limits: LIST_LIMITS },
    Operation { id: OperationId::V1FollowersList, name: "v1FollowersList", dialect: Dialect::V1, method: Method::Get, path: "/1.1/followers/list.json", kind: Kind::Plain(&LIST), key: KeyKind::Plain,
        summary: "Get followers (v1.1)", description: "Up to 200 of those who follow a user, the newest follow first.",
        access: READS, limits: LIST_LIMITS },
    Operation { id: OperationId::V1FriendsList, name: "v1FriendsList", dialect: Dialect::V1, method: Method::Get, path: "/1.1/friends/list.json", kind: Kind::Plain(&LIST), key: KeyKind::Plain,
        summary: "Get those whom a user follows (v1.1)", description: "Up to 200 of those whom a user follows, the newest follow first.",
        access: READS, limits: LIST_LIMITS },
    Operation { id: OperationId::V1FriendshipsShow, name: "v1FriendshipsShow", dialect: Dialect::V1, method: Method::Get, path: "/1.1/friendships/show.json", kind: Kind::Plain(&SHOW), key: KeyKind::Plain,
        summary: "Get what connects two users (v1.1)", description: "Whether one follows the other, and more if the source is the caller.",
        access: READS, limits: SHOW_LIMITS },
    Operation { id: OperationId::V1FriendshipsLookup, name: "v1FriendshipsLookup", dialect: Dialect::V1, method: Method::Get, path: "/1.1/friendships/lookup.json", kind: Kind::Plain(&LOOKUP), key: KeyKind::Plain,
        summary: "Get what connects the caller with users (v1.1)", description: "Up to 100 users, each with a list of what connects the caller with it.",
        access: OWN, limits: LOOKUP_LIMITS },
    Operation { id: OperationId::V1FriendshipsCreate, name: "v1FriendshipsCreate", dialect: Dialect::V1, method: Method::Post, path: "/1.1/friendships/create.json", kind: Kind::Plain(&CREATE), key: KeyKind::Plain,
        summary: "Follow a user (v1.1)", description: "The caller follows another, or asks to where that one is protected.",
        access: CHANGES, limits: CHANGE_LIMITS },
    Operation { id: OperationId::V1FriendshipsDestroy, name: "v1FriendshipsDestroy", dialect: Dialect::V1, method: Method::Post, path: "/1.1/friendships/destroy.json", kind: Kind::Plain(&DESTROY), key: KeyKind::Plain,
        summary: "Unfollow a user (v1.1)", description: "The caller follows another no more.",
        access: CHANGES, limits: CHANGE_LIMITS },
];
