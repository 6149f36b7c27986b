//! The members of a user that a person may set, and what each takes.
//!
//! Text is held to the lengths that X allows on a profile; what was longer there
//! once comes in by import.

use model::{CountryCode, Gender, RawJson, Timestamp, User, UserChange, UserMetrics, VerifiedType, Withheld};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::identity;
use crate::suggest;

/// One member that can be set.
#[derive(Debug)]
pub struct Settable {
    /// Its name in API v2.
    pub name: &'static str,
    /// What it takes, for people.
    pub takes: &'static str,
    read: fn(&str, &User) -> Option<UserChange>,
    write: fn(&User) -> String,
}

impl Settable {
    /// What a user has there, as it would be typed.
    #[must_use]
    pub fn of(&self, user: &User) -> String {
        (self.write)(user)
    }

    /// Whether a text can be set for a user.
    #[must_use]
    pub fn accepts(&self, text: &str, user: &User) -> bool {
        (self.read)(text, user).is_some()
    }
}

/// Why a `member=value` cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum MemberError {
    /// There is no `=`.
    #[error("MEMBER=VALUE: {text:?} has no =; write for example location=Earth")]
    NoValue {
        /// What was typed.
        text: String,
    },
    /// Nothing has this name, or it is set in another way.
    #[error("MEMBER=VALUE: {name:?} cannot be set; {advice}")]
    Unknown {
        /// The name that was typed.
        name: String,
        /// What to do instead.
        advice: String,
    },
    /// The member is there more than once.
    #[error("MEMBER=VALUE: {name} is given twice; give it once")]
    Twice {
        /// The member.
        name: String,
    },
    /// The member does not take the value.
    #[error("{name}={value}: {name} takes {takes}")]
    Value {
        /// The member.
        name: String,
        /// What was typed.
        value: String,
        /// What it takes.
        takes: String,
    },
}

const ID: &str = "an id of 1 to 19 digits, or nothing";
const COUNT: &str = "a whole number";
const TRUTH: &str = "true or false";
const HTTPS: &str = "an address that begins with https:// or http://, or nothing";

macro_rules! settable {
    ($($name:literal, $takes:expr, $read:expr, $write:expr;)*) => {
        /// Every member that can be set.
        pub static SETTABLE: &[Settable] =
            &[$(Settable { name: $name, takes: $takes, read: $read, write: $write }),*];
    };
}

settable! {
    "name", "1 to 50 characters",
        |text, _| Some(UserChange::Name(at_most(50, text).filter(|name| !name.is_empty())?)),
        |user| user.name.clone();
    "description", "at most 160 characters", |text, _| Some(UserChange::Description(at_most(160, text)?)),
        |user| user.description.clone();
    "location", "at most 30 characters", |text, _| Some(UserChange::Location(or_none(text, |text| at_most(30, text))?)),
        |user| text(user.location.as_ref());
    "url", HTTPS, |text, _| Some(UserChange::Url(or_none(text, address)?)),
        |user| text(user.url.as_ref());
    "pinned_tweet_id", ID, |text, _| Some(UserChange::PinnedTweetId(or_none(text, |text| text.parse().ok())?)),
        |user| text(user.pinned_tweet_id);
    "most_recent_tweet_id", ID,
        |text, _| Some(UserChange::MostRecentTweetId(or_none(text, |text| text.parse().ok())?)),
        |user| text(user.most_recent_tweet_id);
    "profile_image_url", HTTPS, |text, _| Some(UserChange::ProfileImageUrl(or_none(text, address)?)),
        |user| text(user.profile_image_url.as_ref());
    "profile_banner_url", HTTPS, |text, _| Some(UserChange::ProfileBannerUrl(or_none(text, address)?)),
        |user| text(user.profile_banner_url.as_ref());
    "created_at", "a time such as 2013-12-14T04:35:55.000Z, or nothing",
        |text, _| Some(UserChange::CreatedAt(or_none(text, |text| Timestamp::parse_iso(text).ok())?)),
        |user| text(user.created_at.map(identity::iso));
    "protected", TRUTH, |text, _| Some(UserChange::Protected(text.parse().ok()?)),
        |user| user.protected.to_string();
    "verified", TRUTH, |text, _| Some(UserChange::Verified(text.parse().ok()?)),
        |user| user.verified.to_string();
    "verified_type", "blue, business, government, none, or nothing",
        |text, _| Some(UserChange::VerifiedType(or_none(text, VerifiedType::from_name)?)),
        |user| text(user.verified_type.map(VerifiedType::name));
    "parody", "true, false, or nothing",
        |text, _| Some(UserChange::Parody(or_none(text, |text| text.parse().ok())?)),
        |user| text(user.parody);
    "is_identity_verified", "true, false, or nothing",
        |text, _| Some(UserChange::IdentityVerified(or_none(text, |text| text.parse().ok())?)),
        |user| text(user.identity_verified);
    "confirmed_email", "an e-mail address, or nothing",
        |text, _| Some(UserChange::ConfirmedEmail(or_none(text, e_mail)?)),
        |user| text(user.confirmed_email.as_ref());
    "withheld", "country codes such as DE,FR, or whole (the account everywhere), or nothing",
        |text, _| Some(UserChange::Withheld(or_none(text, withheld)?)),
        |user| user.withheld.as_ref().map(withheld_text).unwrap_or_default();
    "gender", "male, female, undefined, or nothing",
        |text, _| Some(UserChange::Gender(or_none(text, Gender::from_name)?)),
        |user| text(user.gender.map(Gender::name));
    "followers_count", COUNT, |text, user| metrics(user, |all| Some(UserMetrics { followers: text.parse().ok()?, ..all })),
        |user| user.metrics.unwrap_or_default().followers.to_string();
    "following_count", COUNT, |text, user| metrics(user, |all| Some(UserMetrics { following: text.parse().ok()?, ..all })),
        |user| user.metrics.unwrap_or_default().following.to_string();
    "tweet_count", COUNT, |text, user| metrics(user, |all| Some(UserMetrics { tweets: text.parse().ok()?, ..all })),
        |user| user.metrics.unwrap_or_default().tweets.to_string();
    "listed_count", COUNT, |text, user| metrics(user, |all| Some(UserMetrics { listed: text.parse().ok()?, ..all })),
        |user| user.metrics.unwrap_or_default().listed.to_string();
    "like_count", "a whole number, or nothing",
        |text, user| metrics(user, |all| Some(UserMetrics { likes: or_none(text, |text| text.parse().ok())?, ..all })),
        |user| text(user.metrics.unwrap_or_default().likes);
    "media_count", "a whole number, or nothing",
        |text, user| metrics(user, |all| Some(UserMetrics { media: or_none(text, |text| text.parse().ok())?, ..all })),
        |user| text(user.metrics.unwrap_or_default().media);
}

/// Members that people may try, and the way to change them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("username", "use `birdbox user rename USER USERNAME`"),
    ("screen_name", "use `birdbox user rename USER USERNAME`"),
    ("id", "an id never changes"),
    ("state", "use `birdbox user suspend`, `deactivate` or `restore`"),
    ("entities", "it is computed from url and description"),
];

/// The changes that `members`, each a `member=value`, ask for. When the texts of the
/// profile change, so do its entities.
pub(super) fn changes(user: &User, members: &[String]) -> Result<Vec<UserChange>, MemberError> {
    if let Some(name) = super::given_twice(members) {
        return Err(MemberError::Twice { name: name.to_owned() });
    }
    let mut changed = user.clone();
    let mut changes = Vec::with_capacity(members.len() + 1);
    for member in members {
        let change = read(member, &changed)?;
        changed.apply(change.clone());
        changes.push(change);
    }
    if (&changed.url, &changed.description) != (&user.url, &user.description) {
        changes.push(UserChange::Entities(entities(&changed)));
    }
    Ok(changes)
}

fn read(member: &str, user: &User) -> Result<UserChange, MemberError> {
    let (name, value) = member.split_once('=').ok_or_else(|| MemberError::NoValue { text: member.to_owned() })?;
    let settable = SETTABLE.iter().find(|settable| settable.name == name).ok_or_else(|| unknown(name))?;
    (settable.read)(value, user).ok_or_else(|| MemberError::Value {
        name: name.to_owned(),
        value: value.to_owned(),
        takes: settable.takes.to_owned(),
    })
}

fn unknown(name: &str) -> MemberError {
    let elsewhere = ELSEWHERE.iter().find(|(known, _)| *known == name).map(|(_, advice)| (*advice).to_owned());
    let names = || SETTABLE.iter().map(|settable| settable.name.to_owned());
    let advice = elsewhere
        .or_else(|| suggest::nearest(name, names()).map(|nearest| format!("did you mean {nearest}?")))
        .unwrap_or_else(|| format!("these can: {}", names().collect::<Vec<_>>().join(", ")));
    MemberError::Unknown { name: name.to_owned(), advice }
}

fn entities(user: &User) -> Option<RawJson> {
    formats::entities::of_profile(user.url.as_deref(), &user.description)
}

/// Nothing is `None`; anything else must be readable.
fn or_none<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { read(text).map(Some) }
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn withheld_text(withheld: &Withheld) -> String {
    let codes = withheld.country_codes.iter().map(ToString::to_string);
    codes.chain(withheld.whole_account.then(|| "whole".to_owned())).collect::<Vec<_>>().join(",")
}

fn at_most(characters: usize, text: &str) -> Option<String> {
    (text.chars().count() <= characters).then(|| text.to_owned())
}

fn address(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    (!rest.is_empty() && !text.contains(char::is_whitespace)).then(|| text.to_owned())
}

fn e_mail(text: &str) -> Option<String> {
    let (name, host) = text.split_once('@')?;
    (!name.is_empty() && !host.is_empty() && !text.contains(char::is_whitespace)).then(|| text.to_owned())
}

fn withheld(text: &str) -> Option<Withheld> {
    let mut withheld = Withheld::default();
    for part in text.split(',') {
        match part {
            "whole" => withheld.whole_account = true,
            code => {
                let code = code.parse::<CountryCode>().ok()?;
                if !withheld.country_codes.contains(&code) {
                    withheld.country_codes.push(code);
                }
            }
        }
    }
    Some(withheld)
}

fn metrics(user: &User, set: impl FnOnce(UserMetrics) -> Option<UserMetrics>) -> Option<UserChange> {
    Some(UserChange::Metrics(Some(set(user.metrics.unwrap_or_default())?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> User {
        User::new(model::UserId::new(1), "one".parse().unwrap(), "One")
    }

    fn set(members: &[&str]) -> Result<User, String> {
        let mut user = user();
        let members: Vec<_> = members.iter().map(|&member| member.to_owned()).collect();
        for change in changes(&user, &members).map_err(|error| error.to_string())? {
            user.apply(change);
        }
        Ok(user)
    }

    #[test]
    fn what_a_user_has_is_what_sets_it_again() {
        let full = [
            "name=Jane",
            "description=two\nlines",
            "location=Earth",
            "url=https://t.co/a",
            "pinned_tweet_id=7",
            "created_at=2013-12-14T04:35:55.000Z",
            "protected=true",
            "verified_type=blue",
            "parody=false",
            "confirmed_email=a@b",
            "withheld=DE,FR,whole",
            "gender=female",
            "followers_count=9",
            "like_count=3",
        ];
        for user in [user(), set(&full).unwrap()] {
            for member in SETTABLE {
                let text = member.of(&user);
                let change = (member.read)(&text, &user).unwrap_or_else(|| panic!("{}={text}", member.name));
                let mut same = user.clone();
                same.apply(change);
                assert_eq!(member.of(&same), text, "{}", member.name);
            }
        }
        assert_eq!(SETTABLE.iter().filter(|member| member.name == "withheld").count(), 1);
    }

    #[test]
    fn counts_change_one_by_one() {
        let user = set(&["followers_count=7", "tweet_count=9", "like_count=1"]).unwrap();
        assert_eq!(user.metrics, Some(UserMetrics { followers: 7, tweets: 9, likes: Some(1), ..Default::default() }));
    }

    #[test]
    fn a_new_bio_gets_its_entities() {
        let bio = set(&["description=#rust and @jack"]).unwrap();
        assert_eq!(bio.entities, entities(&bio));
        assert!(bio.entities.is_some());
        let same = changes(&bio, &["description=#rust and @jack".to_owned()]).unwrap();
        assert_eq!(same.len(), 1, "the same text keeps the entities that were imported");
    }

    #[test]
    fn what_cannot_be_set_says_what_to_do() {
        assert_eq!(set(&["name=a", "name=b"]).unwrap_err(), "MEMBER=VALUE: name is given twice; give it once");
        let cases = [
            ("location", "MEMBER=VALUE: \"location\" has no =; write for example location=Earth"),
            ("locaton=x", "MEMBER=VALUE: \"locaton\" cannot be set; did you mean location?"),
            ("username=x", "MEMBER=VALUE: \"username\" cannot be set; use `birdbox user rename USER USERNAME`"),
            ("verified=yes", "verified=yes: verified takes true or false"),
            ("followers_count=-1", "followers_count=-1: followers_count takes a whole number"),
            ("pinned_tweet_id=x", "pinned_tweet_id=x: pinned_tweet_id takes an id of 1 to 19 digits, or nothing"),
            ("name=", "name=: name takes 1 to 50 characters"),
            (
                "withheld=de",
                "withheld=de: withheld takes country codes such as DE,FR, or whole (the account everywhere), or nothing",
            ),
        ];
        for (member, expected) in cases {
            assert_eq!(set(&[member]).unwrap_err(), expected);
        }
        assert!(set(&["zzzzzzzz=1"]).unwrap_err().contains("these can: name, description"));
    }

    #[test]
    fn nothing_takes_an_optional_member_away() {
        let full = set(&["location=Earth", "verified_type=blue", "withheld=DE,FR,DE,whole", "url=https://example.com"])
            .unwrap();
        assert_eq!(full.location.as_deref(), Some("Earth"));
        assert_eq!(full.withheld.as_ref().map(|withheld| withheld.country_codes.len()), Some(2));
        let mut empty = full.clone();
        for change in changes(&full, &["location=", "verified_type=", "withheld=", "url="].map(str::to_owned)).unwrap()
        {
            empty.apply(change);
        }
        assert_eq!(empty, user());
    }
}
