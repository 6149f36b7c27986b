//! Bodies of replies: profiles that were found and those that were not, pages, balances.
//!
//! unverified(tweetbinder-envelope): `errors` and `ok` are what the vendor's trackers answer to a list;
//! a page has `next_srt_token` beside them, the one member that its documentation names.

use model::{Timestamp, UserId, UserRef, Username, escape_into};

use super::profile::{Estimation, number, raw, write_profile};
use crate::page_token::Cursor;
use crate::sentences::{self as say, tweet_binder as own};

/// A key for which there is no profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// An id.
    Id(UserId),
    /// An alias, as it was asked for.
    Alias(Username),
}

/// Appends a reply to a request for profiles.
pub fn write_profiles(missing: &[Missing], found: &[UserRef<'_>], estimation: Estimation, out: &mut Vec<u8>) {
    out.reserve(64 * missing.len() + 600 * found.len());
    raw("{\"errors\":[", out);
    for (at, key) in missing.iter().enumerate() {
        separate(at, out);
        match key {
            Missing::Id(id) => write_missing("{\"id\":\"", &id.to_string(), out),
            Missing::Alias(alias) => write_missing("{\"alias\":\"", alias.as_str(), out),
        }
    }
    raw("],\"ok\":[", out);
    write_each(found, estimation, out);
    raw("]}", out);
}

/// Appends a page of profiles.
pub fn write_profile_page(found: &[UserRef<'_>], next: Option<Cursor>, estimation: Estimation, out: &mut Vec<u8>) {
    out.reserve(600 * found.len() + 64);
    raw("{\"errors\":[],\"ok\":[", out);
    write_each(found, estimation, out);
    end_page(next, out);
}

/// Appends a page of ids.
pub fn write_id_page(found: impl Iterator<Item = UserId>, next: Option<Cursor>, out: &mut Vec<u8>) {
    raw("{\"errors\":[],\"ok\":[", out);
    for (at, id) in found.enumerate() {
        separate(at, out);
        number("\"", id.get(), out);
        out.push(b'"');
    }
    end_page(next, out);
}

/// What is told of a balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balances {
    /// Profiles of a month.
    pub total: u64,
    /// Those that were given.
    pub used: u64,
    /// When the month began.
    pub started_at: Timestamp,
    /// When the next one begins.
    pub finished_at: Timestamp,
}

/// Appends the balances of an App, in the members that the vendor's own client knows.
///
/// unverified(tweetbinder-balances): the counter of profiles is called `profiles`, and looks like the
/// whole; times are Unix seconds. There are no reports here: the other numbers are those of profiles.
pub fn write_balances(balances: &Balances, out: &mut Vec<u8>) {
    out.push(b'{');
    write_counter(balances, out);
    raw(",\"discount\":0,\"remainingReports\":0,", out);
    write_quota(balances, out);
    raw(",\"profiles\":{", out);
    write_counter(balances, out);
    out.push(b',');
    write_quota(balances, out);
    raw("}}", out);
}

fn write_counter(balances: &Balances, out: &mut Vec<u8>) {
    number("\"total\":", balances.total, out);
    number(",\"used\":", balances.used, out);
    number(",\"available\":", balances.total.saturating_sub(balances.used), out);
}

fn write_quota(balances: &Balances, out: &mut Vec<u8>) {
    let seconds = |time: Timestamp| time.unix_seconds().max(0).unsigned_abs();
    number("\"quota\":{\"startedAt\":", seconds(balances.started_at), out);
    number(",\"finishedAt\":", seconds(balances.finished_at), out);
    number(",\"remaining\":", balances.total.saturating_sub(balances.used), out);
    number(",\"used\":", balances.used, out);
    number(",\"total\":", balances.total, out);
    out.push(b'}');
}

fn write_missing(name: &str, key: &str, out: &mut Vec<u8>) {
    raw(name, out);
    escape_into(key, out);
    raw("\",\"error\":\"", out);
    escape_into(say::status_phrase(404), out);
    raw("\",\"message\":\"", out);
    escape_into(own::NO_PROFILE, out);
    raw("\"}", out);
}

fn write_each(found: &[UserRef<'_>], estimation: Estimation, out: &mut Vec<u8>) {
    for (at, user) in found.iter().enumerate() {
        separate(at, out);
        write_profile(user, estimation, out);
    }
}

fn end_page(next: Option<Cursor>, out: &mut Vec<u8>) {
    out.push(b']');
    if let Some(next) = next {
        raw(",\"next_srt_token\":\"", out);
        out.extend_from_slice(&next.token());
        out.push(b'"');
    }
    out.push(b'}');
}

fn separate(at: usize, out: &mut Vec<u8>) {
    if at > 0 {
        out.push(b',');
    }
}
