//! The contract with X, as tables and pure functions: which operations there are,
//! what they accept, how their replies and errors look.
//!
//! Nothing here does IO, waits, reads a clock or the environment, or is random.
//! Start with the tables: `operation` (a file for each dialect), `fields`, `sentences`, `headers`.

#![forbid(unsafe_code)]

pub mod compatibility;
mod denial;
mod failure;
pub mod fields;
mod flow;
pub mod flow_reply;
mod follow;
pub mod guide;
pub mod headers;
mod input;
mod keys;
mod list;
pub mod lookup;
pub mod migration;
mod oauth2_error;
pub mod openapi;
pub mod operation;
mod page_token;
pub mod parameters;
mod problem;
mod query;
mod reader;
mod render;
mod route;
mod sentences;
mod style;
pub mod tweet_binder;
mod v1_error;
mod v1_limits;
mod v1_page;
mod v1_request;
mod view;

pub use denial::Denial;
pub use failure::{Failure, Trouble};
pub use fields::{Expansion, Vocabulary};
pub use flow::{FLOWS, Flow, FlowId, Form, Methods, STYLE_PATH};
pub use follow::{Body, FollowChange, parse_follow, parse_unfollow};
pub use input::{Input, InputPlace, InputValue, inputs};
pub use keys::{KeyList, Keys, MOST_KEYS};
pub use list::{DEFAULT_RESULTS, MOST_RESULTS, UserList, parse_list};
pub use lookup::{Lookup, Refused, parse_lookup};
pub use oauth2_error::{AppOnlyError, OAuth2Error};
pub use operation::{
    Access, Authentication, Dialect, KeyKind, Kind, Method, Operation, OperationId, RateLimits, TWEET_BINDER_HOST,
    TWEET_BINDER_PREFIX,
};
pub use page_token::{Cursor, Place, TOKEN_LENGTH};
pub use problem::{Fault, Problem};
pub use query::{decode_lossy, encode, join_pairs, lossy_pairs, pairs};
pub use render::v1::{
    V1Friendship, V1Room, V1Status, V1User, V1View, v1_retweeted_author, write_v1_friendship, write_v1_friendships,
    write_v1_ids, write_v1_list, write_v1_user, write_v1_users,
};
pub use render::{
    Following, IncludedTweet, Meta, Page, PageWriter, ShownUser, Viewer, write_following, write_page, write_problem,
    write_problems,
};
pub use route::{ALLOW_ALL, ALLOW_READS, PathValues, Route, dialect_of, route};
pub use style::{PostCount, ProblemHost, ProblemTypes, RequestStyle, Style};
pub use tweet_binder::TweetBinderError;
pub use v1_error::V1Error;
pub use v1_limits::{V1_WINDOWS, V1Context, V1Limits, V1Window, write_v1_limits};
pub use v1_page::V1Start;
pub use v1_request::{V1Key, V1Keys, V1Request};
pub use view::{REFERENCED_TWEETS, TweetExpansion, View};
