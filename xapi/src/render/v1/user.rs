//! A user as API v1.1 shows it, in the order of its recordings.

use model::{ImageUrl, JsonStr, Relation, TweetRef, UserRef};

use super::scan::members;
use super::text::transcode;
use super::{born, entities, flag, number, status};
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
    pub status: Option<TweetRef<'a>>,
}

/// The image of those who have none.
const DEFAULT_IMAGE: &[u8] = b"abs.twimg.com\\/sticky\\/default_profile_images\\/default_profile_normal.png\"";

/// How many members only v1.1 shows.
const OWN: usize = 20;

/// The members that only v1.1 shows, in its order, and what they are if nobody has said.
///
/// unverified(v1-defaults): as recorded of accounts that have changed nothing.
const OWN_MEMBERS: [(&str, &str); OWN] = [
    ("utc_offset", "null"),
    ("time_zone", "null"),
    ("geo_enabled", "false"),
    ("lang", "null"),
    ("contributors_enabled", "false"),
    ("is_translator", "false"),
    ("is_translation_enabled", "false"),
    ("profile_background_color", "\"F5F8FA\""),
    ("profile_background_image_url", "null"),
    ("profile_background_image_url_https", "null"),
    ("profile_background_tile", "false"),
    ("profile_link_color", "\"1DA1F2\""),
    ("profile_sidebar_border_color", "\"C0DEED\""),
    ("profile_sidebar_fill_color", "\"DDEEF6\""),
    ("profile_text_color", "\"333333\""),
    ("profile_use_background_image", "true"),
    ("has_extended_profile", "false"),
    ("default_profile", "true"),
    ("default_profile_image", "false"),
    ("translator_type", "\"none\""),
];

/// The members that only v1.1 shows, of one user.
struct Own<'a> {
    values: [Option<&'a [u8]>; OWN],
    written: usize,
}

impl<'a> Own<'a> {
    fn of(user: &UserRef<'a>) -> Self {
        let mut values = [None; OWN];
        // They are kept in the order in which they were imported, which mostly is this one.
        let mut places = OWN_MEMBERS.iter().zip(&mut values);
        for (name, value) in user.v1_members.into_iter().flat_map(members) {
            if let Some((_, place)) = places.find(|((known, _), _)| known.as_bytes() == name) {
                *place = Some(value);
                continue;
            }
            places = OWN_MEMBERS.iter().zip(&mut values);
            if let Some((_, place)) = places.find(|((known, _), _)| known.as_bytes() == name) {
                *place = Some(value);
            }
        }
        Self { values, written: 0 }
    }

    /// Appends the next members until the one of this name, with it.
    fn write_through(&mut self, last: &str, out: &mut Vec<u8>) {
        for ((name, default), value) in OWN_MEMBERS.iter().zip(&self.values).skip(self.written) {
            self.written += 1;
            out.extend_from_slice(b",\"");
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"\":");
            match value {
                Some(value) => transcode(value, out),
                None => out.extend_from_slice(default.as_bytes()),
            }
            if *name == last {
                return;
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
    let mut own = Own::of(user);
    write_names(user, view, out);
    if view.entities {
        entities::write(user.url.is_some(), user.entities, out);
    }
    member_flag("protected", user.protected, out);
    member_number("followers_count", user.metrics.followers, out);
    member_number("friends_count", user.metrics.following, out);
    member_number("listed_count", user.metrics.listed, out);
    out.extend_from_slice(b",\"created_at\":\"");
    user.created_at.unwrap_or_else(|| born(user.id.get())).write_v1(out);
    out.push(b'"');
    member_number("favourites_count", user.metrics.likes.unwrap_or_default(), out);
    own.write_through("geo_enabled", out);
    member_flag("verified", user.verified, out);
    member_number("statuses_count", user.metrics.tweets, out);
    own.write_through("lang", out);
    if let Some(tweet) = shown.status.as_ref().filter(|_| view.status) {
        name("status", out);
        status::write(tweet, view.entities, view.extended, out);
    }
    own.write_through("profile_background_tile", out);
    write_images(user, out);
    own.write_through("default_profile_image", out);
    write_relation(shown, view, out);
    own.write_through("translator_type", out);
    write_withheld(user, out);
    if let Some(viewer) = view.viewer.filter(|viewer| viewer.user == user.id) {
        out.extend_from_slice(b",\"suspended\":false,\"needs_phone_verification\":false");
        if let Some(email) = user.confirmed_email.filter(|_| viewer.sees_email) {
            member_text("email", email, out);
        }
    }
    out.push(b'}');
}

/// Who it is, and what it says of itself.
fn write_names(user: &UserRef<'_>, view: &V1View, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"id\":");
    number(user.id.get(), out);
    out.extend_from_slice(b",\"id_str\":\"");
    number(user.id.get(), out);
    out.push(b'"');
    member_text("name", user.name, out);
    member_text("screen_name", user.username, out);
    member_text("location", user.location.unwrap_or_default(), out);
    if view.room == V1Room::Show {
        out.extend_from_slice(b",\"profile_location\":null");
    }
    member_text("description", user.description, out);
    match user.url {
        Some(url) => member_text("url", url, out),
        None => out.extend_from_slice(b",\"url\":null"),
    }
}

fn write_images(user: &UserRef<'_>, out: &mut Vec<u8>) {
    for (name, scheme) in [("profile_image_url", "http"), ("profile_image_url_https", "https")] {
        out.extend_from_slice(b",\"");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":\"");
        out.extend_from_slice(scheme.as_bytes());
        out.extend_from_slice(b":\\/\\/");
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
    member_flag("following", relation.following, out);
    if view.room == V1Room::List {
        member_flag("live_following", false, out);
    }
    member_flag("follow_request_sent", relation.follow_request_sent, out);
    member_flag("notifications", false, out);
    if matches!(view.room, V1Room::List | V1Room::Friendship) {
        member_flag("muting", relation.muting, out);
    }
    if view.room == V1Room::List {
        member_flag("blocking", relation.blocking, out);
        member_flag("blocked_by", relation.blocked_by, out);
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

fn name(name: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

fn member_text(member: &str, text: JsonStr<'_>, out: &mut Vec<u8>) {
    name(member, out);
    out.push(b'"');
    transcode(text.as_bytes(), out);
    out.push(b'"');
}

fn member_number(member: &str, value: u64, out: &mut Vec<u8>) {
    name(member, out);
    number(value, out);
}

fn member_flag(member: &str, value: bool, out: &mut Vec<u8>) {
    name(member, out);
    flag(value, out);
}
