//! One user, in the order of [`UserField`].
//!
//! unverified(key-order): X's order is that of a hash map.

use model::{ImageUrl, Relation, UserHead, UserRef};

use super::{ShownUser, Viewer, write_escaped, write_number};
use crate::fields::{UserField, Vocabulary};
use crate::view::View;

/// Appends a user as an object.
pub(super) fn write(shown: &ShownUser<'_>, view: &View, viewer: Option<Viewer>, out: &mut Vec<u8>) {
    let ShownUser { user, relation } = shown;
    let viewer = viewer.filter(|viewer| viewer.user == user.id);
    let UserRef { id, state, username, name, .. } = *user;
    write_members(&UserHead { id, state, username, name }, out);
    for &field in &view.user_fields {
        write_field(field, user, *relation, view, viewer, out);
    }
    out.push(b'}');
}

/// Appends a user as an object with the members that every reply has.
#[inline]
pub(super) fn write_head(user: &UserHead<'_>, out: &mut Vec<u8>) {
    write_members(user, out);
    out.push(b'}');
}

/// These members, and the brace before them.
#[inline]
fn write_members(user: &UserHead<'_>, out: &mut Vec<u8>) {
    write_number("{\"id\":\"", user.id.get(), out);
    write_escaped("\",\"name\":\"", user.name.as_bytes(), out);
    write_escaped(",\"username\":\"", user.username.as_bytes(), out);
}

/// Appends a member with the comma before it, or nothing when the user has no such
/// member. `viewer` is there if it is the user itself.
///
/// unverified(viewer-fields, unknown-flags): see the match arms that write nothing.
fn write_field(
    field: UserField,
    user: &UserRef<'_>,
    relation: Option<Relation>,
    view: &View,
    viewer: Option<Viewer>,
    out: &mut Vec<u8>,
) {
    match field {
        // They stand in front already.
        UserField::Id | UserField::Name | UserField::Username => {}
        UserField::Withheld => write_withheld(user, out),
        UserField::CreatedAt => {
            if let Some(created_at) = user.created_at {
                out.extend_from_slice(b",\"created_at\":\"");
                created_at.write_iso(out);
                out.push(b'"');
            }
        }
        UserField::Description => write_escaped(",\"description\":\"", user.description.as_bytes(), out),
        UserField::Entities => write_json(",\"entities\":", user.entities, out),
        UserField::Location => write_text(",\"location\":\"", user.location.map(model::JsonStr::as_bytes), out),
        UserField::PinnedTweetId => {
            let name = in_words(view, ",\"pinned_tweet_id\":\"", ",\"pinned_post_id\":\"");
            write_id(name, user.pinned_tweet_id.map(model::TweetId::get), out);
        }
        UserField::MostRecentTweetId => {
            let name = in_words(view, ",\"most_recent_tweet_id\":\"", ",\"most_recent_post_id\":\"");
            write_id(name, user.most_recent_tweet_id.map(model::TweetId::get), out);
        }
        UserField::ProfileBannerUrl => {
            write_image(",\"profile_banner_url\":\"", user.profile_banner_url, out);
        }
        UserField::ProfileImageUrl => {
            write_image(",\"profile_image_url\":\"", user.profile_image_url, out);
        }
        UserField::Protected => write_bool(",\"protected\":", Some(user.protected), out),
        UserField::PublicMetrics => write_metrics(user, view, out),
        UserField::Url => {
            write_escaped(",\"url\":\"", user.url.map(model::JsonStr::as_bytes).unwrap_or_default(), out);
        }
        UserField::Verified => write_bool(",\"verified\":", Some(user.verified), out),
        UserField::SubscriptionType => {
            let plan = if viewer.is_some() { user.subscription_type } else { model::SubscriptionType::None };
            write_escaped(",\"subscription_type\":\"", plan.name().as_bytes(), out);
        }
        UserField::VerifiedType => {
            let kind = user.verified_type.unwrap_or(model::VerifiedType::None);
            write_escaped(",\"verified_type\":\"", kind.name().as_bytes(), out);
        }
        UserField::IsIdentityVerified => write_bool(",\"is_identity_verified\":", user.identity_verified, out),
        UserField::Affiliation => write_json(",\"affiliation\":", user.affiliation, out),
        UserField::VerifiedFollowersCount => {
            if let Some(count) = user.verified_followers {
                write_number(",\"verified_followers_count\":", count, out);
            }
        }
        UserField::Parody => write_bool(",\"parody\":", user.parody, out),
        UserField::ConnectionStatus => write_connection(relation, out),
        UserField::ReceivesYourDm => {
            write_bool(",\"receives_your_dm\":", relation.map(receives_direct_messages), out);
        }
        // Nobody pays for another here.
        UserField::SubscribesToYou | UserField::Subscription => {}
        UserField::ConfirmedEmail => {
            let email = user.confirmed_email.filter(|_| viewer.is_some_and(|viewer| viewer.sees_email));
            write_text(",\"confirmed_email\":\"", email.map(model::JsonStr::as_bytes), out);
        }
    }
}

/// Words in the order of X's document; an App alone is connected with nobody.
///
/// unverified(no-connection): an empty list where nothing connects the two.
fn write_connection(relation: Option<Relation>, out: &mut Vec<u8>) {
    let Some(relation) = relation else { return };
    out.extend_from_slice(b",\"connection_status\":[");
    let words = [
        (relation.follow_request_received, "follow_request_received"),
        (relation.follow_request_sent, "follow_request_sent"),
        (relation.blocking, "blocking"),
        (relation.followed_by, "followed_by"),
        (relation.following, "following"),
        (relation.muting, "muting"),
    ];
    let start = out.len();
    for (_, word) in words.iter().filter(|(holds, _)| *holds) {
        out.extend_from_slice(if out.len() == start { b"\"" } else { b",\"" });
        out.extend_from_slice(word.as_bytes());
        out.push(b'"');
    }
    out.push(b']');
}

/// unverified(receives-your-dm): who follows the caller takes messages from it, unless one of the
/// two blocks the other. X lets its users open theirs to everybody.
const fn receives_direct_messages(relation: Relation) -> bool {
    relation.followed_by && !relation.blocking && !relation.blocked_by
}

const fn in_words(view: &View, tweet: &'static str, post: &'static str) -> &'static str {
    match view.vocabulary {
        Vocabulary::Tweet => tweet,
        Vocabulary::Post => post,
    }
}

fn write_text(name: &str, text: Option<&[u8]>, out: &mut Vec<u8>) {
    if let Some(text) = text {
        write_escaped(name, text, out);
    }
}

fn write_image(name: &str, url: Option<ImageUrl<'_>>, out: &mut Vec<u8>) {
    if let Some(url) = url {
        out.extend_from_slice(name.as_bytes());
        for part in url.parts() {
            out.extend_from_slice(part);
        }
        out.push(b'"');
    }
}

fn write_id(name: &str, id: Option<u64>, out: &mut Vec<u8>) {
    if let Some(id) = id {
        write_number(name, id, out);
        out.push(b'"');
    }
}

fn write_json(name: &str, value: Option<&[u8]>, out: &mut Vec<u8>) {
    if let Some(value) = value {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(value);
    }
}

fn write_bool(name: &str, value: Option<bool>, out: &mut Vec<u8>) {
    if let Some(value) = value {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(if value { b"true" } else { b"false" });
    }
}

/// Countries first, then the scope.
///
/// unverified(withheld-nowhere): an account that is withheld as a whole and in no
/// named country has an empty list.
fn write_withheld(user: &UserRef<'_>, out: &mut Vec<u8>) {
    if !user.is_withheld() {
        return;
    }
    out.extend_from_slice(b",\"withheld\":{\"country_codes\":[");
    let (codes, _) = user.withheld_country_codes.as_chunks::<2>();
    for (at, code) in codes.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"\"" } else { b",\"" });
        out.extend_from_slice(code);
        out.push(b'"');
    }
    out.push(b']');
    if user.withheld_whole_account {
        out.extend_from_slice(b",\"scope\":\"user\"");
    }
    out.push(b'}');
}

/// unverified(metrics-beyond-four): `like_count` and `media_count` when known.
fn write_metrics(user: &UserRef<'_>, view: &View, out: &mut Vec<u8>) {
    let metrics = &user.metrics;
    write_number(",\"public_metrics\":{\"followers_count\":", metrics.followers, out);
    write_number(",\"following_count\":", metrics.following, out);
    write_number(",\"tweet_count\":", metrics.tweets, out);
    write_number(",\"listed_count\":", metrics.listed, out);
    if view.shows_post_count {
        write_number(",\"post_count\":", metrics.tweets, out);
    }
    if let Some(likes) = metrics.likes {
        write_number(",\"like_count\":", likes, out);
    }
    if let Some(media) = metrics.media {
        write_number(",\"media_count\":", media, out);
    }
    out.push(b'}');
}
