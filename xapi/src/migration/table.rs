//! What API v1.1 called things and what API v2 calls them: endpoints, parameters, members.
//!
//! [`plan`](super::plan()) and the page for people read these rows. Limits, paths and scopes are not here:
//! they stand in the rows of the operations.

use crate::operation::{Method, OperationId};

/// An endpoint of API v1.1.
#[derive(Debug)]
pub struct Endpoint {
    /// Its path after `/1.1/`, without `.json`.
    pub path: &'static str,
    /// Its methods.
    pub methods: &'static [Method],
    /// What does the same in v2.
    pub work: Work,
    /// What it takes.
    pub parameters: &'static [Parameter],
    /// What else a program has to know that is moved, each a sentence.
    pub differences: &'static [&'static str],
}

/// What an endpoint does, and the operations of v2 that do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Shows one user.
    User,
    /// Shows up to a hundred users.
    Users,
    /// Shows who calls.
    Me,
    /// Shows a page of a list, of whole users or of ids alone.
    List(OperationId, Shown),
    /// Says what connects two users.
    Relationship,
    /// Says what connects the caller with up to a hundred users.
    Relationships,
    /// Changes whom the caller follows.
    Change(OperationId),
}

/// What a reply shows of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// All there is.
    Whole,
    /// The id.
    Id,
}

impl Work {
    /// The operations of v2, in the order in which the page names them.
    #[must_use]
    pub const fn operations(self) -> &'static [OperationId] {
        use OperationId as Op;
        match self {
            Self::User => &[Op::GetUsersById, Op::GetUsersByUsername],
            Self::Users | Self::Relationships => &[Op::GetUsersByIds, Op::GetUsersByUsernames],
            Self::Me => &[Op::GetUsersMe],
            Self::List(Op::GetUsersFollowing, _) => &[Op::GetUsersFollowing],
            Self::List(..) => &[Op::GetUsersFollowers],
            Self::Relationship => &[Op::GetUsersById, Op::GetUsersByUsername, Op::GetUsersFollowing],
            Self::Change(Op::UnfollowUser) => &[Op::UnfollowUser],
            Self::Change(_) => &[Op::FollowUser],
        }
    }
}

/// A parameter of v1.1.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it asks for.
    pub means: Means,
    /// What stands for it in v2, for people.
    pub v2: &'static str,
}

/// What a parameter asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// The user that the request is about: by id, or else by name.
    User(By),
    /// The first of two users.
    Source(By),
    /// The second of two users.
    Target(By),
    /// How long a page is.
    Count,
    /// Where a page begins.
    Cursor,
    /// A part is left out if it is false.
    Keep(Part),
    /// A part is left out if it is true.
    Skip(Part),
    /// A part is there if it is true.
    Add(Part),
    /// Nothing that v2 has.
    Gone,
}

/// How a user is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// By its number.
    Id,
    /// By its username.
    Name,
}

/// Members of a reply that come and go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Always there.
    Core,
    /// URLs in bio and website.
    Entities,
    /// The newest post.
    Status,
    /// What connects the caller with the user.
    Relation,
    /// The address of the caller.
    Email,
}

const USER_ID: Parameter =
    Parameter { name: "user_id", means: Means::User(By::Id), v2: "`id` in the path, `ids` for many" };
const SCREEN_NAME: Parameter =
    Parameter { name: "screen_name", means: Means::User(By::Name), v2: "`username` in the path, `usernames` for many" };
/// Of endpoints whose counterparts take ids alone.
const OWNER_NAME: Parameter = Parameter {
    name: "screen_name",
    means: Means::User(By::Name),
    v2: "none: look the id up with `/2/users/by/username/{username}` first",
};
const INCLUDE_ENTITIES: Parameter = Parameter {
    name: "include_entities",
    means: Means::Keep(Part::Entities),
    v2: "`entities` in `user.fields` and `tweet.fields`",
};
const INCLUDE_USER_ENTITIES: Parameter = Parameter { name: "include_user_entities", ..INCLUDE_ENTITIES };
const SKIP_STATUS: Parameter = Parameter {
    name: "skip_status",
    means: Means::Skip(Part::Status),
    v2: "`expansions=most_recent_tweet_id`, or not",
};
const INCLUDE_EMAIL: Parameter = Parameter {
    name: "include_email",
    means: Means::Add(Part::Email),
    v2: "`confirmed_email` in `user.fields`; scope `users.email`",
};
const TWEET_MODE: Parameter =
    Parameter { name: "tweet_mode", means: Means::Gone, v2: "none: `text` is the whole text, but of a Retweet" };
const COUNT: Parameter = Parameter { name: "count", means: Means::Count, v2: "`max_results`, 1 to 1000" };
const CURSOR: Parameter = Parameter {
    name: "cursor",
    means: Means::Cursor,
    v2: "`pagination_token`: the same number in another spelling; none for -1",
};
const STRINGIFY_IDS: Parameter = Parameter { name: "stringify_ids", means: Means::Gone, v2: "none: ids are strings" };
const NOTIFY: Parameter =
    Parameter { name: "follow", means: Means::Gone, v2: "none: notifications cannot be switched on" };
const SOURCE_ID: Parameter =
    Parameter { name: "source_id", means: Means::Source(By::Id), v2: "`id` of a list of those whom it follows" };
const SOURCE_NAME: Parameter =
    Parameter { name: "source_screen_name", means: Means::Source(By::Name), v2: "none: look the id up first" };
const TARGET_ID: Parameter = Parameter { name: "target_id", means: Means::Target(By::Id), v2: "`id` in the path" };
const TARGET_NAME: Parameter =
    Parameter { name: "target_screen_name", means: Means::Target(By::Name), v2: "`username` in the path" };

const LIST: &[Parameter] = &[USER_ID, OWNER_NAME, CURSOR, COUNT, SKIP_STATUS, INCLUDE_USER_ENTITIES];
const IDS: &[Parameter] = &[USER_ID, OWNER_NAME, CURSOR, COUNT, STRINGIFY_IDS];
const LIST_DIFFERENCES: &[&str] = &[
    "Without `user_id` and `screen_name` v1.1 takes the caller; v2 wants an id, which `/2/users/me` gives.",
    "`next_cursor` and `previous_cursor` are `meta.next_token` and `meta.previous_token`; at the end v1.1 says 0, and v2 leaves the token out.",
];
const IDS_DIFFERENCES: &[&str] = &[
    "v2 has no list of bare ids: `id`, `name` and `username` are always there, and a page has 1000 users where v1.1 gives 5000 ids.",
    "Without `user_id` and `screen_name` v1.1 takes the caller; v2 wants an id, which `/2/users/me` gives.",
    "`next_cursor` and `previous_cursor` are `meta.next_token` and `meta.previous_token`; at the end v1.1 says 0, and v2 leaves the token out.",
];

/// Every endpoint that has a counterpart here.
pub static ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: "users/show",
        methods: &[Method::Get],
        work: Work::User,
        parameters: &[USER_ID, SCREEN_NAME, INCLUDE_ENTITIES, TWEET_MODE],
        differences: &[
            "A user who is not there is a 404 with code 50 in v1.1, and a 200 with `errors` in v2; so is one who is suspended (403, code 63).",
        ],
    },
    Endpoint {
        path: "users/lookup",
        methods: &[Method::Get, Method::Post],
        work: Work::Users,
        parameters: &[USER_ID, SCREEN_NAME, INCLUDE_ENTITIES, TWEET_MODE],
        differences: &[
            "v1.1 takes ids and names together, v2 in two requests, each of up to 100.",
            "v1.1 leaves out whom it does not find, and says 404 (code 17) if nobody is left. v2 names each in `errors`.",
            "v2 has no POST: 100 ids fit into an address.",
        ],
    },
    Endpoint {
        path: "followers/list",
        methods: &[Method::Get],
        work: Work::List(OperationId::GetUsersFollowers, Shown::Whole),
        parameters: LIST,
        differences: LIST_DIFFERENCES,
    },
    Endpoint {
        path: "followers/ids",
        methods: &[Method::Get],
        work: Work::List(OperationId::GetUsersFollowers, Shown::Id),
        parameters: IDS,
        differences: IDS_DIFFERENCES,
    },
    Endpoint {
        path: "friends/list",
        methods: &[Method::Get],
        work: Work::List(OperationId::GetUsersFollowing, Shown::Whole),
        parameters: LIST,
        differences: LIST_DIFFERENCES,
    },
    Endpoint {
        path: "friends/ids",
        methods: &[Method::Get],
        work: Work::List(OperationId::GetUsersFollowing, Shown::Id),
        parameters: IDS,
        differences: IDS_DIFFERENCES,
    },
    Endpoint {
        path: "friendships/create",
        methods: &[Method::Post],
        work: Work::Change(OperationId::FollowUser),
        parameters: &[USER_ID, OWNER_NAME, NOTIFY],
        differences: &[
            "v2 wants the caller's id in the path and a JSON body, and answers with `following` and `pending_follow` in place of the user.",
        ],
    },
    Endpoint {
        path: "friendships/destroy",
        methods: &[Method::Post],
        work: Work::Change(OperationId::UnfollowUser),
        parameters: &[USER_ID, OWNER_NAME],
        differences: &["v2 wants both ids in the path of a DELETE, and answers with `following` in place of the user."],
    },
    Endpoint {
        path: "friendships/show",
        methods: &[Method::Get],
        work: Work::Relationship,
        parameters: &[SOURCE_ID, SOURCE_NAME, TARGET_ID, TARGET_NAME],
        differences: &[
            "v2 tells what connects the caller with others (`connection_status`), and nothing of two other users: look for the target in the list of those whom the source follows, page by page.",
            "`can_dm` is `receives_your_dm`; `want_retweets`, `all_replies`, `marked_spam`, `notifications_enabled` and `live_following` are gone, and so is `blocked_by`.",
        ],
    },
    Endpoint {
        path: "friendships/lookup",
        methods: &[Method::Get],
        work: Work::Relationships,
        parameters: &[USER_ID, SCREEN_NAME],
        differences: &[
            "`connections` is `connection_status`: `following`, `following_requested` (now `follow_request_sent`), `followed_by`, `blocking`, `muting`. Where v1.1 says `none`, v2 gives an empty list.",
        ],
    },
    Endpoint {
        path: "account/verify_credentials",
        methods: &[Method::Get],
        work: Work::Me,
        parameters: &[INCLUDE_ENTITIES, SKIP_STATUS, INCLUDE_EMAIL, TWEET_MODE],
        differences: &["`suspended` and `needs_phone_verification` are gone."],
    },
];

/// A member of an object of v1.1.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Its names in v1.1, those that mean the same together.
    pub v1: &'static [&'static str],
    /// When it is there.
    pub part: Part,
    /// The value of `user.fields` or `tweet.fields` that asks for it; `""` where v2 gives it unasked.
    pub field: &'static str,
    /// Its place in v2, and what is different there.
    pub v2: &'static str,
}

const fn member(v1: &'static [&'static str], part: Part, field: &'static str, v2: &'static str) -> Member {
    Member { v1, part, field, v2 }
}

/// What v2 has of a user of v1.1.
#[rustfmt::skip]
pub static USER_MEMBERS: &[Member] = &[
    member(&["id", "id_str"], Part::Core, "", "`id`, a string"),
    member(&["name"], Part::Core, "", "`name`"),
    member(&["screen_name"], Part::Core, "", "`username`"),
    member(&["location"], Part::Core, "location", "`location`; left out when empty"),
    member(&["description"], Part::Core, "description", "`description`"),
    member(&["url"], Part::Core, "url", "`url`; `\"\"` in place of null"),
    member(&["entities"], Part::Entities, "entities", "`entities`, with `start` and `end` for `indices`, and hashtags, mentions and cashtags of the bio"),
    member(&["protected"], Part::Core, "protected", "`protected`"),
    member(&["followers_count"], Part::Core, "public_metrics", "`public_metrics.followers_count`"),
    member(&["friends_count"], Part::Core, "public_metrics", "`public_metrics.following_count`"),
    member(&["listed_count"], Part::Core, "public_metrics", "`public_metrics.listed_count`"),
    member(&["created_at"], Part::Core, "created_at", "`created_at`, as 2013-12-14T04:35:55.000Z"),
    member(&["favourites_count"], Part::Core, "public_metrics", "`public_metrics.like_count`, where it is known"),
    member(&["verified"], Part::Core, "verified", "`verified`"),
    member(&["statuses_count"], Part::Core, "public_metrics", "`public_metrics.tweet_count`"),
    member(&["status"], Part::Status, "most_recent_tweet_id", "`includes.tweets`, found by `most_recent_tweet_id`"),
    member(&["profile_image_url", "profile_image_url_https"], Part::Core, "profile_image_url", "`profile_image_url`, https alone"),
    member(&["profile_banner_url"], Part::Core, "profile_banner_url", "`profile_banner_url`"),
    member(&["following", "follow_request_sent", "muting", "blocking"], Part::Relation, "connection_status", "`connection_status`, a list of what is so; for signed-in users alone"),
    member(&["withheld_in_countries"], Part::Core, "withheld", "`withheld.country_codes`"),
    member(&["email"], Part::Email, "confirmed_email", "`confirmed_email`"),
];

/// What v2 no longer has of a user.
pub static USER_GONE: &[&str] = &[
    "profile_location",
    "utc_offset",
    "time_zone",
    "geo_enabled",
    "lang",
    "contributors_enabled",
    "is_translator",
    "is_translation_enabled",
    "translator_type",
    "profile_background_color",
    "profile_background_image_url",
    "profile_background_image_url_https",
    "profile_background_tile",
    "profile_link_color",
    "profile_sidebar_border_color",
    "profile_sidebar_fill_color",
    "profile_text_color",
    "profile_use_background_image",
    "has_extended_profile",
    "default_profile",
    "default_profile_image",
    "notifications",
    "live_following",
    "blocked_by",
    "suspended",
    "needs_phone_verification",
];

/// What v2 has of a user that v1.1 had not: values of `user.fields`, and what they show.
pub static USER_NEW: &[(&str, &str)] = &[
    ("pinned_tweet_id", "the pinned post; `expansions=pinned_tweet_id` brings it"),
    ("verified_type", "blue, business, government or none"),
    ("affiliation", "the organisation; `expansions=affiliation.user_id` brings it"),
    ("public_metrics", "`media_count`, where it is known"),
];

/// What v2 has of the newest post of a user.
#[rustfmt::skip]
pub static STATUS_MEMBERS: &[Member] = &[
    member(&["created_at"], Part::Core, "created_at", "`created_at`, as 2013-12-14T04:35:55.000Z"),
    member(&["id", "id_str"], Part::Core, "", "`id`, a string"),
    member(&["text", "full_text"], Part::Core, "", "`text`, whole; of a Retweet cut"),
    member(&["display_text_range"], Part::Core, "display_text_range", "`display_text_range`"),
    member(&["entities"], Part::Entities, "entities", "`entities`, with `start` and `end` for `indices`"),
    member(&["source"], Part::Core, "source", "`source`, the name without its link"),
    member(&["in_reply_to_status_id", "in_reply_to_status_id_str"], Part::Core, "referenced_tweets", "`referenced_tweets` of type `replied_to`"),
    member(&["in_reply_to_user_id", "in_reply_to_user_id_str"], Part::Core, "in_reply_to_user_id", "`in_reply_to_user_id`, a string"),
    member(&["retweeted_status", "quoted_status_id", "is_quote_status"], Part::Core, "referenced_tweets", "`referenced_tweets` of type `retweeted` or `quoted`: the id, not the post"),
    member(&["geo", "coordinates", "place"], Part::Core, "geo", "`geo`"),
    member(&["retweet_count"], Part::Core, "public_metrics", "`public_metrics.retweet_count`"),
    member(&["favorite_count"], Part::Core, "public_metrics", "`public_metrics.like_count`"),
    member(&["possibly_sensitive"], Part::Core, "possibly_sensitive", "`possibly_sensitive`"),
    member(&["lang"], Part::Core, "lang", "`lang`"),
    member(&["withheld_in_countries"], Part::Core, "withheld", "`withheld.country_codes`"),
];

/// What v2 no longer has of a post.
pub static STATUS_GONE: &[&str] = &["truncated", "in_reply_to_screen_name", "contributors", "favorited", "retweeted"];

/// What v2 has of a post that v1.1 had not: values of `tweet.fields`, and what they show.
pub static STATUS_NEW: &[(&str, &str)] = &[
    ("conversation_id", "the post that began the conversation"),
    ("context_annotations", "what the post is about"),
    ("reply_settings", "who may reply"),
    ("public_metrics", "`reply_count`, `quote_count`"),
    ("edit_history_tweet_ids", "its versions"),
];

/// What holds for all of v2, each a sentence.
pub static GENERAL: &[&str] = &[
    "The keys must belong to an App in a Project; v1.1 takes standalone Apps too.",
    "A signature of OAuth 1.0a covers the address, so each request has to be signed anew.",
    "A reply has `id`, `name` and `username` of a user, and what `user.fields` names. Values that are not there are left out, not null.",
    "Users stand in `data`, their posts in `includes.tweets`, and what was not found in `errors`, with status 200.",
];
