//! A profile as Tweet Binder shows it: thirteen members in the order of its documentation.
//!
//! Written by hand like users of API v2: text in records is already escaped and is copied.

use model::{Gender, ImageUrl, JsonStr, UserRef};

use super::gender::estimate;
use super::value::{Audience, value_in_cents};
use crate::render::time_in_id;

/// Whether the gender of those is estimated whose data does not say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Estimation {
    /// By the first name.
    ByName,
    /// They are `undefined`.
    Off,
}

/// Appends a profile.
///
/// unverified(tweetbinder-empty): what an account lacks is `""`; `age` is `null` where nobody says
/// when it was made, and its id does not either.
pub fn write_profile(user: &UserRef<'_>, estimation: Estimation, out: &mut Vec<u8>) {
    text("{\"id\":\"", user.id.to_string().as_bytes(), out);
    text(",\"name\":\"", user.name.as_bytes(), out);
    text(",\"alias\":\"", user.username.as_bytes(), out);
    picture(user.profile_image_url, out);
    number(",\"followers\":", user.metrics.followers, out);
    number(",\"following\":", user.metrics.following, out);
    raw(if user.verified { ",\"verified\":true" } else { ",\"verified\":false" }, out);
    text(",\"bio\":\"", user.description.as_bytes(), out);
    match user.created_at.or_else(|| time_in_id(user.id.get())) {
        Some(time) => {
            raw(",\"age\":", out);
            raw(itoa::Buffer::new().format(time.unix_seconds()), out);
        }
        None => raw(",\"age\":null", out),
    }
    number(",\"counts\":{\"lists\":", user.metrics.listed, out);
    number(",\"statuses\":", user.metrics.tweets, out);
    text("},\"location\":\"", user.location.map(JsonStr::as_bytes).unwrap_or_default(), out);
    text(",\"gender\":\"", gender(user, estimation).name().as_bytes(), out);
    value(user, out);
    out.push(b'}');
}

/// What the data says, or what the name lets expect.
fn gender(user: &UserRef<'_>, estimation: Estimation) -> Gender {
    match (user.gender, estimation) {
        (Some(gender), _) => gender,
        (None, Estimation::Off) => Gender::Undefined,
        (None, Estimation::ByName) => estimate(&user.name.to_text(), user.verified_type),
    }
}

/// With `http://`, in the size that X shows beside posts, as the documentation has it.
fn picture(url: Option<ImageUrl<'_>>, out: &mut Vec<u8>) {
    raw(",\"picture\":\"", out);
    let start = out.len();
    url.into_iter().flat_map(ImageUrl::parts).for_each(|part| out.extend_from_slice(part));
    const SECURE: &[u8] = b"https://";
    if out.get(start..).is_some_and(|url| url.starts_with(SECURE)) {
        out.splice(start..start + SECURE.len(), *b"http://");
    }
    out.push(b'"');
}

/// unverified(tweetbinder-value-form): two decimals, also where they are noughts.
fn value(user: &UserRef<'_>, out: &mut Vec<u8>) {
    let metrics = user.metrics;
    let cents = value_in_cents(Audience {
        followers: metrics.followers,
        following: metrics.following,
        lists: metrics.listed,
        verified: user.verified,
    });
    number(",\"value\":", cents / 100, out);
    let hundredths = cents % 100;
    raw(if hundredths < 10 { ".0" } else { "." }, out);
    raw(itoa::Buffer::new().format(hundredths), out);
}

pub(super) fn raw(bytes: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(bytes.as_bytes());
}

/// Appends a name with its colon, and a number.
pub(super) fn number(name: &str, number: u64, out: &mut Vec<u8>) {
    raw(name, out);
    raw(itoa::Buffer::new().format(number), out);
}

/// Appends a name with its colon and quote, a text that is already escaped, a quote.
fn text(name: &str, text: &[u8], out: &mut Vec<u8>) {
    raw(name, out);
    out.extend_from_slice(text);
    out.push(b'"');
}
