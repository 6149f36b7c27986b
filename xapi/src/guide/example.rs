//! For each operation a request that the sample answers with data.

use crate::operation::{Operation, OperationId};

/// The sample's own user, on whose behalf examples call where somebody must.
pub const OWNER: u64 = 9_000_000_000_000_000_101;

/// Its id, as requests say it.
const OWNER_ID: &str = "9000000000000000101";
/// TwitterDev.
const DEV: &str = "2244994945";
/// TwitterAPI, which has a pinned post.
const API: &str = "6253282";

type Values = &'static [(&'static str, &'static str)];

const FIELDS: (&str, &str) = ("user.fields", "created_at");
const PINNED: (&str, &str) = ("expansions", "pinned_tweet_id");
const TWEET_FIELDS: (&str, &str) = ("tweet.fields", "created_at");
const BRIEF: (&str, &str) = ("skip_status", "true");

/// The inputs of a request that the sample answers with data, by name. Whoever calls is
/// [`OWNER`] where the operation wants a user.
#[must_use]
pub const fn example(operation: &Operation) -> Values {
    match operation.id {
        OperationId::GetUsersByIds | OperationId::LabsGetUsersByIds => {
            &[("ids", "2244994945,6253282"), FIELDS, PINNED, TWEET_FIELDS]
        }
        OperationId::GetUsersById | OperationId::LabsGetUsersById => &[("id", DEV), FIELDS, PINNED, TWEET_FIELDS],
        // As in X's quick start.
        OperationId::GetUsersByUsernames => &[("usernames", "XDevelopers,API,adsapi"), FIELDS, PINNED, TWEET_FIELDS],
        OperationId::LabsGetUsersByUsernames => &[("usernames", "TwitterDev,TwitterAPI"), FIELDS, PINNED, TWEET_FIELDS],
        OperationId::GetUsersByUsername | OperationId::LabsGetUsersByUsername => {
            &[("username", "TwitterDev"), FIELDS, PINNED, TWEET_FIELDS]
        }
        OperationId::GetUsersMe => &[FIELDS, PINNED, ("tweet.fields", "created_at,author_id")],
        OperationId::GetUsersFollowers | OperationId::GetUsersFollowing => &[("id", DEV), ("max_results", "3"), FIELDS],
        OperationId::FollowUser => &[("id", OWNER_ID), ("target_user_id", API)],
        OperationId::UnfollowUser => &[("source_user_id", OWNER_ID), ("target_user_id", API)],
        OperationId::V1UsersShow => &[("screen_name", "TwitterDev"), BRIEF],
        OperationId::V1UsersLookup => &[("screen_name", "TwitterDev,TwitterAPI"), BRIEF],
        OperationId::V1AccountVerifyCredentials => &[BRIEF],
        OperationId::V1ApplicationRateLimitStatus => &[("resources", "users")],
        OperationId::V1FollowersIds | OperationId::V1FriendsIds => &[("user_id", DEV), ("count", "5")],
        OperationId::V1FollowersList | OperationId::V1FriendsList => {
            &[("screen_name", "TwitterDev"), ("count", "1"), BRIEF]
        }
        OperationId::V1FriendshipsShow => &[("source_screen_name", "TwitterAPI"), ("target_screen_name", "TwitterDev")],
        OperationId::V1FriendshipsLookup => &[("screen_name", "TwitterDev,TwitterAPI")],
        OperationId::V1FriendshipsCreate | OperationId::V1FriendshipsDestroy => &[("screen_name", "TwitterAPI")],
        OperationId::TweetBinderProfilesByAlias => &[("alias", "TweetBinderPRO,TwitterDev")],
        OperationId::TweetBinderProfilesById => &[("id", "2161686082,2244994945")],
        OperationId::TweetBinderFollowers | OperationId::TweetBinderFriends => &[("id", DEV)],
        OperationId::TweetBinderFollowersByAlias | OperationId::TweetBinderFriendsByAlias => {
            &[("username", "TwitterDev")]
        }
        OperationId::TweetBinderBalances => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::inputs;
    use crate::operation::OPERATIONS;

    #[test]
    fn examples_have_all_that_is_required_and_nothing_that_is_unknown() {
        assert_eq!(OWNER_ID, OWNER.to_string());
        for row in OPERATIONS {
            let (all, values) = (inputs(row), example(row));
            for input in all.iter().filter(|input| input.is_required) {
                assert!(values.iter().any(|(name, _)| *name == input.name), "{} lacks {}", row.name, input.name);
            }
            for (name, _) in values {
                assert!(all.iter().any(|input| input.name == *name), "{} has no {name}", row.name);
            }
        }
    }
}
