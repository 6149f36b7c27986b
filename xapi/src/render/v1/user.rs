//! A user as API v1.1 shows it, in the order of its recordings.

use model::{ImageUrl, JsonStr, Relation, UserRef};

use super::scan::members;
use super::status::{self, V1Status};
use super::text::transcode;
use super::{born, entities, flag, number};
use crate::render::Viewer;

/// Where a user is shown: some members are in some places alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum V1Room {
    /// `users/show`.
    Show,
    /// `users/lookup` and `account/verify_credentials`.
    Lookup,
    /// Lists of followers and friends.
    List,
    /// What `friendships/create` and `destroy` answer.
    Friendship,
}

/// What is shown of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct V1View {
    /// Where.
    pub room: V1Room,
    /// The signed-in user; its address is shown to it if it asks.
    pub viewer: Option<Viewer>,
    /// `include_entities`, or `include_user_entities` in lists.
    pub entities: bool,
    /// Not `skip_status`.
    pub status: bool,
    /// `tweet_mode=extended`.
    pub extended: bool,
}

/// A user, and what is shown with it.
#[derive(Debug, Clone, Copy)]
pub struct V1User<'a> {
    /// The user.
    pub user: UserRef<'a>,
    /// Seen from the signed-in user.
    pub relation: Option<Relation>,
    /// The newest post, if it may be seen.
    pub status: Option<V1Status<'a>>,
}

/// The image of those who have none.
const DEFAULT_IMAGE: &[u8] = b"abs.twimg.com\\/sticky\\/default_profile_images\\/default_profile_normal.png\"";

/// Members that stand together, and that only v1.1 shows.
struct Group {
    /// Each with the text before its value, and its value if nobody has said it.
    members: &'static [(&'static str, &'static str)],
    /// All of them as they are if nobody has said any.
    defaults: &'static str,
}

macro_rules! group {
    ($($name:literal: $default:literal,)*) => {
        Group {
            members: &[$((concat!(",\"", $name, "\":"), $default)),*],
            defaults: concat!($(",\"", $name, "\":", $default),*),
        }
    };
}

// unverified(v1-defaults): as recorded of accounts that have changed nothing.
const PLACE: Group = group! { "utc_offset": "null", "time_zone": "null", "geo_enabled": "false", };
const LANGUAGE: Group = group! { "lang": "null", };
const BACKGROUND: Group = group! {
    "contributors_enabled": "false",
    "is_translator": "false",
    "is_translation_enabled": "false",
    "profile_background_color": "\"F5F8FA\"",
    "profile_background_image_url": "null",
    "profile_background_image_url_https": "null",
    "profile_background_tile": "false",
};
const COLORS: Group = group! {
    "profile_link_color": "\"1DA1F2\"",
    "profile_sidebar_border_color": "\"C0DEED\"",
    "profile_sidebar_fill_color": "\"DDEEF6\"",
    "profile_text_color": "\"333333\"",
    "profile_use_background_image": "true",
    "has_extended_profile": "false",
    "default_profile": "true",
    "default_profile_image": "false",
};
const TRANSLATOR: Group = group! { "translator_type": "\"none\"", };

impl Group {
    /// Appends the members of a user. They are kept in the order in which they were imported,
    /// which mostly is that of X, so that each search begins where the last one ended.
    fn write(&self, own: Option<&[u8]>, out: &mut Vec<u8>) {
        let Some(own) = own else { return out.extend_from_slice(self.defaults.as_bytes()) };
        let mut ahead = members(own);
        for (before, default) in self.members {
            let is_it = |name: &[u8]| before.as_bytes().get(2..before.len() - 2) == Some(name);
            let found = ahead.find(|(name, _)| is_it(name)).or_else(|| {
                ahead = members(own);
                ahead.find(|(name, _)| is_it(name))
            });
            out.extend_from_slice(before.as_bytes());
            match found {
                Some((_, value)) => transcode(value, out),
                None => out.extend_from_slice(default.as_bytes()),
            }
        }
    }
}

/// Appends an array of users.
pub fn write_v1_users<'a>(users: impl IntoIterator<Item = V1User<'a>>, view: &V1View, out: &mut Vec<u8>) {
    out.push(b'[');
    for (at, user) in users.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_v1_user(&user, view, out);
    }
    out.push(b']');
}

/// Appends a user.
pub fn write_v1_user(shown: &V1User<'_>, view: &V1View, out: &mut Vec<u8>) {
    let user = &shown.user;
    let own = user.v1_members;
    write_names(user, view, out);
    if view.entities {
        entities::write(user.url.is_some(), user.entities, out);
    }
    member_flag(",\"protected\":", user.protected, out);
    member_number(",\"followers_count\":", user.metrics.followers, out);
    member_number(",\"friends_count\":", user.metrics.following, out);
    member_number(",\"listed_count\":", user.metrics.listed, out);
    out.extend_from_slice(b",\"created_at\":\"");
    user.created_at.unwrap_or_else(|| born(user.id.get())).write_v1(out);
    member_number("\",\"favourites_count\":", user.metrics.likes.unwrap_or_default(), out);
    PLACE.write(own, out);
    member_flag(",\"verified\":", user.verified, out);
    member_number(",\"statuses_count\":", user.metrics.tweets, out);
    LANGUAGE.write(own, out);
    if let Some(status) = shown.status.as_ref().filter(|_| view.status) {
        out.extend_from_slice(b",\"status\":");
        status::write(status, view.entities, view.extended, out);
    }
    BACKGROUND.write(own, out);
    write_images(user, out);
    COLORS.write(own, out);
    write_relation(shown, view, out);
    TRANSLATOR.write(own, out);
    write_withheld(user, out);
    if let Some(viewer) = view.viewer.filter(|viewer| viewer.user == user.id) {
        out.extend_from_slice(b",\"suspended\":false,\"needs_phone_verification\":false");
        if let Some(email) = user.confirmed_email.filter(|_| viewer.sees_email) {
            member_text(",\"email\":\"", email, out);
        }
    }
    out.push(b'}');
}

/// Who it is, and what it says of itself.
fn write_names(user: &UserRef<'_>, view: &V1View, out: &mut Vec<u8>) {
    member_number("{\"id\":", user.id.get(), out);
    member_number(",\"id_str\":\"", user.id.get(), out);
    member_text("\",\"name\":\"", user.name, out);
    member_text(",\"screen_name\":\"", user.username, out);
    member_text(",\"location\":\"", user.location.unwrap_or_default(), out);
    if view.room == V1Room::Show {
        out.extend_from_slice(b",\"profile_location\":null");
    }
    member_text(",\"description\":\"", user.description, out);
    match user.url {
        Some(url) => member_text(",\"url\":\"", url, out),
        None => out.extend_from_slice(b",\"url\":null"),
    }
}

fn write_images(user: &UserRef<'_>, out: &mut Vec<u8>) {
    for before in [&b",\"profile_image_url\":\"http:\\/\\/"[..], b",\"profile_image_url_https\":\"https:\\/\\/"] {
        out.extend_from_slice(before);
        match user.profile_image_url {
            Some(url) => write_image(url, out),
            None => out.extend_from_slice(DEFAULT_IMAGE),
        }
    }
    if let Some(url) = user.profile_banner_url {
        out.extend_from_slice(b",\"profile_banner_url\":\"https:\\/\\/");
        write_image(url, out);
    }
}

/// Appends an address without its scheme, and the quote behind it.
fn write_image(url: ImageUrl<'_>, out: &mut Vec<u8>) {
    let mut before = url.before.as_bytes();
    let mut middle = url.middle.as_bytes();
    // The scheme stands in whichever part comes first.
    let first = if before.is_empty() { &mut middle } else { &mut before };
    *first = first.strip_prefix(b"https://").or(first.strip_prefix(b"http://")).unwrap_or(first);
    for part in [before, middle, url.after.as_bytes()] {
        transcode(part, out);
    }
    out.push(b'"');
}

/// What lies between the user and whoever asks; an App alone is told `null`.
fn write_relation(shown: &V1User<'_>, view: &V1View, out: &mut Vec<u8>) {
    let Some(_) = view.viewer else {
        out.extend_from_slice(b",\"following\":null,\"follow_request_sent\":null,\"notifications\":null");
        return;
    };
    let relation = shown.relation.unwrap_or_default();
    member_flag(",\"following\":", relation.following, out);
    if view.room == V1Room::List {
        member_flag(",\"live_following\":", false, out);
    }
    member_flag(",\"follow_request_sent\":", relation.follow_request_sent, out);
    member_flag(",\"notifications\":", false, out);
    if matches!(view.room, V1Room::List | V1Room::Friendship) {
        member_flag(",\"muting\":", relation.muting, out);
    }
    if view.room == V1Room::List {
        member_flag(",\"blocking\":", relation.blocking, out);
        member_flag(",\"blocked_by\":", relation.blocked_by, out);
    }
}

/// observed: an empty list of most users, since 2022.
fn write_withheld(user: &UserRef<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"withheld_in_countries\":[");
    let (codes, _) = user.withheld_country_codes.as_chunks::<2>();
    for (at, code) in codes.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"\"" } else { b",\"" });
        out.extend_from_slice(code);
        out.push(b'"');
    }
    out.push(b']');
    if user.withheld_whole_account {
        out.extend_from_slice(b",\"withheld_scope\":\"user\"");
    }
}

/// Appends what stands before a text and the text, with the quote behind it.
fn member_text(before: &str, text: JsonStr<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(before.as_bytes());
    transcode(text.as_bytes(), out);
    out.push(b'"');
}

fn member_number(before: &str, value: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(before.as_bytes());
    number(value, out);
}

fn member_flag(before: &str, value: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(before.as_bytes());
    flag(value, out);
}

#[cfg(test)]
mod tests {
    use model::{UserId, escape_into};
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn escaped(text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        escape_into(text, &mut out);
        out
    }

    fn rooms() -> impl Strategy<Value = V1Room> {
        prop::sample::select(vec![V1Room::Show, V1Room::Lookup, V1Room::List, V1Room::Friendship])
    }

    proptest! {
        #[test]
        fn any_user_is_valid_json_of_ascii_that_says_what_it_is(
            id in any::<u64>(), text in "\\PC*|[\u{0}-\u{20}\"\\\\/<>🐳é]*", room in rooms(),
            of_a_user in any::<bool>(), is_own in any::<bool>(), entities in any::<bool>(),
        ) {
            let (json, members) = (escaped(&text), [br#"{"lang":""#, &*escaped(&text), br#"","default_profile":false}"#].concat());
            let text_json = JsonStr::from_escaped(&json);
            let user = UserRef {
                description: text_json, location: Some(text_json), url: Some(text_json),
                v1_members: Some(&members), profile_image_url: Some(ImageUrl { before: "", middle: text_json, after: "" }),
                ..UserRef::new(UserId::new(id), text_json, text_json)
            };
            let viewer = of_a_user.then(|| Viewer { user: UserId::new(if is_own { id } else { !id }), sees_email: true });
            let view = V1View { room, viewer, entities, status: true, extended: false };
            let mut out = Vec::new();
            write_v1_user(&V1User { user, relation: None, status: None }, &view, &mut out);
            prop_assert!(out.is_ascii());
            let read: Value = serde_json::from_slice(&out).unwrap();
            prop_assert_eq!(&read["id"], &Value::from(id));
            for name in ["name", "screen_name", "description", "location", "url", "lang"] {
                prop_assert_eq!(read[name].as_str(), Some(&*text), "{}", name);
            }
            prop_assert_eq!(&read["default_profile"], &Value::from(false));
            prop_assert_eq!(read.get("suspended").is_some(), of_a_user && is_own);
            prop_assert_eq!(read["following"].is_null(), !of_a_user);
            prop_assert_eq!(read.get("entities").is_some(), entities);
        }
    }
}
