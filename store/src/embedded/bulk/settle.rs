//! Who bears which username after a large import, and which live changes made meanwhile
//! meet it.
//!
//! The outcome are rows of the log, written in the transaction that names the new
//! segments: renamed users, users that came twice, users of whom a live change left something
//! older, and states of which only the username is known.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use model::{Conflict, Timestamp, Tweet, TweetId, User, UserId, UserMembers, Username, UsernameKey};

use super::StateOf;
use super::fact::{Done, Notes};
use crate::embedded::codec::{Change, Malformed, Ordinal, Record, TweetRecord, UserRecord};
use crate::embedded::group::{Group, encode_tweet, encode_user};
use crate::embedded::import::account::{Account, Post, is_stub};
use crate::embedded::import::usernames::is_derived;
use crate::embedded::state::{Layers, View};
use crate::{ChangeError, Detail, GivenUp, Imported, ReadError};

/// How good a claim is; the greatest gets the name. The rules are those of small imports;
/// a live change made since the import began is newer than anything in it.
type Claim = (bool, bool, bool, Option<Timestamp>, bool, Reverse<UserId>);

/// The changes that have to be made with the import. `before` is what was merged, `now` the
/// new segments under the live changes; `equal` are ordinals that may bear one name, and
/// `by_username` what the import says of whoever bears a name after it.
pub(in crate::embedded) fn settle(
    before: View<'_>,
    now: View<'_>,
    equal: &[Vec<Ordinal>],
    by_username: &[StateOf],
    conflict: Conflict,
    done: &mut Done,
) -> Result<Vec<Change>, ChangeError> {
    let (mut changes, twice) = came_twice(now)?;
    let outdated = outdated(before, now, conflict)?;
    let mut contests: BTreeMap<UsernameKey, HashSet<Ordinal>> = BTreeMap::new();
    let brought = outdated.iter().map(|(&ordinal, user)| (user.username.key(), ordinal));
    let live = now.active.usernames().chain(brought).flat_map(|(key, ordinal)| {
        let others = now.segments.users.bearers(&key).chain(now.active.bearer(&key).map(Ok));
        others.chain([Ok(ordinal)]).map(move |ordinal| ordinal.map(|ordinal| (Some(key), ordinal)))
    });
    let merged = equal.iter().flatten().map(|&ordinal| Ok((None, ordinal)));
    for contender in live.chain(merged) {
        let (key, ordinal): (Option<UsernameKey>, Ordinal) = contender.map_err(|error: ReadError| error)?;
        let borne = match outdated.get(&ordinal) {
            Some(user) => Some(user.username.key()),
            None => username(now, ordinal)?,
        };
        let Some(borne) = borne.filter(|_| !twice.contains(&ordinal)) else { continue };
        if key.is_none_or(|key| key == borne) {
            contests.entry(borne).or_default().insert(ordinal);
        }
    }
    let (mut losers, mut won) = (Vec::new(), HashMap::new());
    for (key, contenders) in contests.into_iter().filter(|(_, contenders)| contenders.len() > 1) {
        let mut claims = Vec::new();
        for ordinal in contenders {
            let newer = outdated.get(&ordinal).cloned();
            if let Some(user) = newer.map_or_else(|| user(now, ordinal), |user| Ok(Some(user)))? {
                claims.push((claim(before, now, ordinal, &user, conflict, &done.notes)?, user));
            }
        }
        claims.sort_by_key(|(claim, _)| Reverse(*claim));
        let mut claims = claims.into_iter().map(|(_, user)| user);
        won.extend(claims.next().map(|winner| (key, winner.id)));
        losers.extend(claims);
    }
    let mut group = Group::new(now);
    let lost: HashSet<UserId> = losers.iter().map(|loser: &User| loser.id).collect();
    for user in outdated.into_values().filter(|user| !lost.contains(&user.id)) {
        group.put_user(user.id, user.username, encode_user(&user)?)?;
    }
    for (id, tweet) in outdated_tweets(before, now, conflict)? {
        group.put_tweet(id, encode_tweet(&tweet)?)?;
    }
    for loser in losers {
        rename(&mut group, &won, loser, &mut done.imported)?;
    }
    see_states(&mut group, &won, by_username, conflict, &mut done.imported)?;
    changes.extend(group.into_changes());
    Ok(changes)
}

/// Users and posts that were created while the import that brings them was on its way.
fn came_twice(now: View<'_>) -> Result<(Vec<Change>, HashSet<Ordinal>), ReadError> {
    let (mut changes, mut users) = (Vec::new(), HashSet::new());
    for (ordinal, record) in now.active.users.live() {
        let Ok(id) = UserRecord::id(record.as_bytes()) else { continue };
        if let Some((other, _)) = now.segments.users.find(id, Detail::Core)?.filter(|(other, _)| *other != ordinal) {
            changes.push(Change::DeleteUser(other, id));
            users.insert(other);
        }
    }
    for (ordinal, record) in now.active.tweets.live() {
        let Ok(id) = TweetRecord::id(record.as_bytes()) else { continue };
        if let Some((other, _)) = now.segments.tweets.find(id, Detail::Full)?.filter(|(other, _)| *other != ordinal) {
            changes.push(Change::DeleteTweet(other, id));
        }
    }
    Ok((changes, users))
}

/// Users whom a live change left as something older than the import says, with what it says:
/// another import may have brought it, or taken their username.
fn outdated(before: View<'_>, now: View<'_>, conflict: Conflict) -> Result<BTreeMap<Ordinal, User>, ChangeError> {
    let mut outdated = BTreeMap::new();
    for (ordinal, live) in now.active.users.live() {
        let Some(brought) = brought(before.users(), now.users(), ordinal)? else { continue };
        let malformed = |Malformed| now.segments.users.unreadable(ordinal);
        let live = UserRecord::user(live.as_bytes()).map_err(malformed)?;
        let mut account = Account::known(0, live);
        account.see_profile(UserRecord::user(&brought).map_err(malformed)?, UserMembers::ALL, conflict);
        if account.before.as_ref() != Some(&account.now) {
            outdated.insert(ordinal, account.now);
        }
    }
    Ok(outdated)
}

/// The same of posts.
fn outdated_tweets(before: View<'_>, now: View<'_>, conflict: Conflict) -> Result<Vec<(TweetId, Tweet)>, ChangeError> {
    let mut outdated = Vec::new();
    for (ordinal, live) in now.active.tweets.live() {
        let Some(brought) = brought(before.tweets(), now.tweets(), ordinal)? else { continue };
        let malformed = |Malformed| now.segments.tweets.unreadable(ordinal);
        let live = TweetRecord::tweet(live.as_bytes()).map_err(malformed)?;
        let mut post = Post::new(0, Some(live));
        post.see(TweetRecord::tweet(&brought).map_err(malformed)?, conflict);
        let is_outdated = post.before != post.now;
        outdated.extend(post.now.filter(|_| is_outdated).map(|tweet| (tweet.id, tweet)));
    }
    Ok(outdated)
}

/// The record that the import made of a known one. A merge writes anew what an earlier version wrote,
/// which changes nothing that it says.
fn brought<'a, R: Record>(
    before: Layers<'_, R>,
    now: Layers<'a, R>,
    ordinal: Ordinal,
) -> Result<Option<Cow<'a, [u8]>>, ReadError> {
    let known = before.record(ordinal)?;
    let merged = now.segment.record(ordinal, Detail::Full)?.map(|place| now.segment.bytes(&place));
    Ok(merged.filter(|merged| {
        known.bytes(before.segment).is_some_and(|known| R::renewed(&known).is_ok_and(|known| known != *merged))
    }))
}

fn claim(
    before: View<'_>,
    now: View<'_>,
    ordinal: Ordinal,
    user: &User,
    conflict: Conflict,
    notes: &Notes,
) -> Result<Claim, ReadError> {
    let known = self::user(before, ordinal)?;
    let bears_it = known.as_ref().is_some_and(|known| known.username.key() == user.username.key());
    let shown = (user.observed_at, known.as_ref() != Some(user));
    let &(named_at, from_file) = notes.get(&user.id.get()).unwrap_or(&shown);
    let decided = match conflict {
        Conflict::Newer => false,
        Conflict::Keep => bears_it,
        Conflict::Replace => from_file,
    };
    let is_live = now.active.users.record(ordinal).is_some();
    let is_real = !is_derived(user.username, user.id);
    Ok((is_real, is_live, decided, named_at, bears_it, Reverse(user.id)))
}

/// Gives a user a derived name that nobody else bears.
fn rename(
    group: &mut Group<'_>,
    won: &HashMap<UsernameKey, UserId>,
    mut user: User,
    done: &mut Imported,
) -> Result<(), ChangeError> {
    let (id, old, stub) = (user.id, user.username, is_stub(&user));
    let mut taken = ChangeError::UnknownUser { id };
    for attempt in 0..Username::MAX_STORED {
        let new = Username::derived(id, attempt);
        if let Some(by) = owner(group, won, new.key())?.filter(|owner| *owner != id) {
            taken = ChangeError::UsernameTaken { username: new, by };
            continue;
        }
        user.username = new;
        if stub {
            user.name = new.to_string();
        }
        done.give_up(GivenUp { id, old, new });
        return group.put_user(id, new, encode_user(&user)?);
    }
    Err(taken)
}

/// Who has a name now: who won it, or else who bears it.
fn owner(
    group: &Group<'_>,
    won: &HashMap<UsernameKey, UserId>,
    key: UsernameKey,
) -> Result<Option<UserId>, ChangeError> {
    won.get(&key).copied().map_or_else(|| group.owner(key), |winner| Ok(Some(winner)))
}

/// Lays states on the accounts that bear these names. Of nobody's nothing is stored.
fn see_states(
    group: &mut Group<'_>,
    won: &HashMap<UsernameKey, UserId>,
    states: &[StateOf],
    conflict: Conflict,
    done: &mut Imported,
) -> Result<(), ChangeError> {
    let mut accounts: BTreeMap<UserId, Account> = BTreeMap::new();
    for &StateOf { username, state, at } in states {
        let key = username.map(|username| username.key());
        let bearer = key.map(|key| owner(group, won, key)).transpose()?.flatten();
        let bearer = bearer.map(|id| group.user(id)).transpose()?.flatten();
        let bearer = bearer.filter(|user| Some(user.username.key()) == key);
        let Some(user) = bearer else {
            done.unknown_usernames += 1;
            continue;
        };
        accounts.entry(user.id).or_insert_with(|| Account::known(0, user)).see_state(state, at, conflict);
    }
    for account in accounts.into_values() {
        if account.count(done) {
            group.put_user(account.now.id, account.now.username, encode_user(&account.now)?)?;
        }
    }
    Ok(())
}

fn username(view: View<'_>, ordinal: Ordinal) -> Result<Option<UsernameKey>, ReadError> {
    let slot = view.users().record(ordinal)?;
    let Some(bytes) = slot.head(&view.segments.users) else { return Ok(None) };
    UserRecord::username(bytes).map_err(|Malformed| view.segments.users.unreadable(ordinal))
}

fn user(view: View<'_>, ordinal: Ordinal) -> Result<Option<User>, ReadError> {
    let slot = view.users().record(ordinal)?;
    let Some(bytes) = slot.bytes(&view.segments.users) else { return Ok(None) };
    UserRecord::user(&bytes).map(Some).map_err(|Malformed| view.segments.users.unreadable(ordinal))
}
