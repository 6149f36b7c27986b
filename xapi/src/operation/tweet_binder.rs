//! The rows of Tweet Binder's profiles API. Their paths are those below the prefix that
//! the configuration gives them if it says nothing.

use super::Operation;

/// Where its paths begin, unless the configuration says otherwise.
pub const TWEET_BINDER_PREFIX: &str = "/tweetbinder";

/// The rows.
pub(super) const ROWS: &[Operation] = &[];
