//! What `application/rate_limit_status` shows: the windows of a caller, in families.
//!
//! X lists some 260 of them; here are those of the operations that are served. Windows of API v2
//! stand among them, as recorded since 2022.

use crate::operation::Operation;
use crate::render::v1::text_into;

/// A window that is shown.
#[derive(Debug, Clone, Copy)]
pub struct V1Window {
    /// The family, which `resources` can ask for.
    pub family: &'static str,
    /// Its name in that family.
    pub name: &'static str,
    /// The operation that it counts.
    pub operation: &'static str,
}

const fn window(family: &'static str, name: &'static str, operation: &'static str) -> V1Window {
    V1Window { family, name, operation }
}

/// The windows, those of a family together, in the order of recordings.
///
/// unverified(v1-windows): `/users/me` and the places of those of Labs, where X counts all users
/// of Labs together.
pub static V1_WINDOWS: &[V1Window] = &[
    window("application", "/application/rate_limit_status", "v1ApplicationRateLimitStatus"),
    window("friendships", "/friendships/lookup", "v1FriendshipsLookup"),
    window("friendships", "/friendships/show", "v1FriendshipsShow"),
    window("users", "/users/", "getUsersByIds"),
    window("users", "/users/:id", "getUsersById"),
    window("users", "/users/me", "getUsersMe"),
    window("users", "/users/show/:id", "v1UsersShow"),
    window("users", "/users/:source_user_id/following&POST", "followUser"),
    window("users", "/users/:id/followers", "getUsersFollowers"),
    window("users", "/users/:id/following", "getUsersFollowing"),
    window("users", "/users/:source_user_id/following/:target_user_id&DELETE", "unfollowUser"),
    window("users", "/users/by/username/:username", "getUsersByUsername"),
    window("users", "/users/lookup", "v1UsersLookup"),
    window("users", "/users/by", "getUsersByUsernames"),
    window("followers", "/followers/ids", "v1FollowersIds"),
    window("followers", "/followers/list", "v1FollowersList"),
    window("labs", "/labs/:version/users/*", "labsGetUsersByIds"),
    window("friends", "/friends/list", "v1FriendsList"),
    window("friends", "/friends/ids", "v1FriendsIds"),
    window("account", "/account/verify_credentials", "v1AccountVerifyCredentials"),
];

impl V1Window {
    /// The row of its operation, if that is served.
    #[must_use]
    pub fn row(&self) -> Option<&'static Operation> {
        Operation::named(self.operation)
    }
}

/// Whose windows they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum V1Context<'a> {
    /// A user's, by the access token.
    AccessToken(&'a str),
    /// An App's, by its consumer key.
    ///
    /// unverified(v1-windows): documented, and in no recording.
    Application(&'a str),
}

/// What is left of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct V1Limits {
    /// How many requests it has.
    pub limit: u32,
    /// How many are left.
    pub remaining: u32,
    /// When it ends, in seconds since 1970.
    pub reset: i64,
}

/// Appends the reply. Windows of a family stand together.
pub fn write_v1_limits<'w>(
    context: V1Context<'_>,
    windows: impl IntoIterator<Item = (&'w V1Window, V1Limits)>,
    out: &mut Vec<u8>,
) {
    let (name, value) = match context {
        V1Context::AccessToken(token) => ("access_token", token),
        V1Context::Application(key) => ("application", key),
    };
    out.extend_from_slice(b"{\"rate_limit_context\":{\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":\"");
    text_into(value, out);
    out.extend_from_slice(b"\"},\"resources\":{");
    let mut family = None;
    for (window, limits) in windows {
        if family == Some(window.family) {
            out.push(b',');
        } else {
            out.extend_from_slice(if family.is_some() { b"},\"" } else { b"\"" });
            out.extend_from_slice(window.family.as_bytes());
            out.extend_from_slice(b"\":{");
            family = Some(window.family);
        }
        out.push(b'"');
        text_into(window.name, out);
        let V1Limits { limit, remaining, reset } = limits;
        out.extend_from_slice(
            format!("\":{{\"limit\":{limit},\"remaining\":{remaining},\"reset\":{reset}}}").as_bytes(),
        );
    }
    out.extend_from_slice(if family.is_some() { b"}}}" } else { b"}}" });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Dialect, Method, OPERATIONS};

    #[test]
    fn every_read_of_v1_and_v2_has_its_window() {
        for row in OPERATIONS.iter().filter(|row| matches!(row.dialect, Dialect::V1 | Dialect::V2)) {
            let shown = V1_WINDOWS.iter().filter(|window| window.operation == row.name).count();
            let is_hidden = row.dialect == Dialect::V1 && row.method == Method::Post;
            assert_eq!(shown, usize::from(!is_hidden), "{}", row.name);
        }
    }

    #[test]
    fn windows_of_a_family_stand_together() {
        let mut families: Vec<&str> = V1_WINDOWS.iter().map(|window| window.family).collect();
        families.dedup();
        let distinct: std::collections::BTreeSet<&str> = families.iter().copied().collect();
        assert_eq!(families.len(), distinct.len());
    }
}
