//! What connects users, as `friendships/show` and `friendships/lookup` of API v1.1 show it.

use model::{Relation, UserRef};

use super::text::transcode;
use super::{flag, number};

/// Two users, and what the one has to do with the other.
#[derive(Debug, Clone, Copy)]
pub struct V1Friendship<'a> {
    /// The one.
    pub source: UserRef<'a>,
    /// The other.
    pub target: UserRef<'a>,
    /// Seen from the one.
    pub relation: Relation,
    /// Whether the one asks. What only it may know is null for everybody else.
    pub is_own: bool,
}

/// Appends what connects two users.
///
/// unverified(v1-friendship-members): `live_following`, `notifications_enabled`, `all_replies` and
/// `marked_spam` are false; `want_retweets` is true of those who are followed.
pub fn write_v1_friendship(friendship: &V1Friendship<'_>, out: &mut Vec<u8>) {
    let V1Friendship { source, target, relation, is_own } = friendship;
    let own = |value| is_own.then_some(value);
    out.extend_from_slice(b"{\"relationship\":{\"source\":{");
    write_who(source, out);
    members(
        &[
            ("following", Some(relation.following)),
            ("followed_by", Some(relation.followed_by)),
            ("live_following", Some(false)),
            ("following_received", own(relation.follow_request_received)),
            ("following_requested", own(relation.follow_request_sent)),
            ("notifications_enabled", own(false)),
            // As `receives_your_dm` of v2: who follows takes messages.
            ("can_dm", Some(relation.followed_by)),
            ("blocking", own(relation.blocking)),
            ("blocked_by", own(relation.blocked_by)),
            ("muting", own(relation.muting)),
            ("want_retweets", own(relation.following)),
            ("all_replies", own(false)),
            ("marked_spam", own(false)),
        ],
        out,
    );
    out.extend_from_slice(b"},\"target\":{");
    write_who(target, out);
    members(
        &[
            ("following", Some(relation.followed_by)),
            ("followed_by", Some(relation.following)),
            ("following_received", own(relation.follow_request_sent)),
            ("following_requested", own(relation.follow_request_received)),
        ],
        out,
    );
    out.extend_from_slice(b"}}}");
}

/// Appends what connects the caller with each of some users.
pub fn write_v1_friendships<'a>(users: impl IntoIterator<Item = (UserRef<'a>, Relation)>, out: &mut Vec<u8>) {
    out.push(b'[');
    for (at, (user, relation)) in users.into_iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"{\"name\":\"" } else { b",{\"name\":\"" });
        transcode(user.name.as_bytes(), out);
        out.extend_from_slice(b"\",\"screen_name\":\"");
        transcode(user.username.as_bytes(), out);
        out.extend_from_slice(b"\",\"id\":");
        number(user.id.get(), out);
        out.extend_from_slice(b",\"id_str\":\"");
        number(user.id.get(), out);
        out.extend_from_slice(b"\",\"connections\":[");
        write_connections(relation, out);
        out.extend_from_slice(b"]}");
    }
    out.push(b']');
}

/// In the order in which the reference page lists them; `none` stands alone.
fn write_connections(relation: Relation, out: &mut Vec<u8>) {
    let all = [
        ("following", relation.following),
        ("following_requested", relation.follow_request_sent),
        ("followed_by", relation.followed_by),
        ("blocking", relation.blocking),
        ("muting", relation.muting),
    ];
    let mut before: &[u8] = b"\"";
    for (name, _) in all.iter().filter(|(_, is_so)| *is_so) {
        out.extend_from_slice(before);
        out.extend_from_slice(name.as_bytes());
        before = b"\",\"";
    }
    out.extend_from_slice(if all.iter().any(|(_, is_so)| *is_so) { b"\"" } else { b"\"none\"" });
}

fn write_who(user: &UserRef<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\"id\":");
    number(user.id.get(), out);
    out.extend_from_slice(b",\"id_str\":\"");
    number(user.id.get(), out);
    out.extend_from_slice(b"\",\"screen_name\":\"");
    transcode(user.username.as_bytes(), out);
    out.push(b'"');
}

/// Appends members that are true, false or null.
fn members(members: &[(&str, Option<bool>)], out: &mut Vec<u8>) {
    for (name, value) in members {
        out.extend_from_slice(b",\"");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        match value {
            Some(value) => flag(*value, out),
            None => out.extend_from_slice(b"null"),
        }
    }
}
