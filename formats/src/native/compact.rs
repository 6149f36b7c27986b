//! Reads users as [`super::write_user`] writes them, fast: in one pass, without the
//! general parser of JSON, and keeping `entities` as they stand.
//!
//! Any line that is otherwise (with blanks, with rare members, or wrong) is left to the
//! general reader, which also says what is wrong. Where this one reads a line, both
//! read the same.

use std::borrow::Cow;

use model::{RawJson, TweetId, User, UserId, UserMember, UserMembers, UserMetrics, Username, next_special, unescape};

use crate::scalar::FromText;
use crate::v2::ReadUser;

/// How deep `entities` may be nested here.
const MAX_DEPTH: usize = 16;

/// The user of a line; `None` when the general reader has to look at it.
pub(super) fn read_user(line: &[u8]) -> Option<ReadUser> {
    let mut rest = Rest { text: std::str::from_utf8(line).ok()?, at: 0 };
    rest.literal(br#"{"user":"#)?;
    let user = user(&mut rest)?;
    rest.literal(b"}")?;
    (rest.at == line.len()).then_some(user)
}

fn user(rest: &mut Rest<'_>) -> Option<ReadUser> {
    let (mut id, mut username, mut name) = (None, None, None);
    let mut user = Box::new(User::new(UserId::new(0), Username::derived(UserId::new(0), 0), String::new()));
    let mut has = UserMembers::NONE;
    let mut has_observed_at = false;
    rest.members(|rest, key| {
        match key {
            "id" => id = Some(UserId::new(rest.id()?)),
            "username" => username = Some(rest.word()?),
            "name" => name = Some(rest.string()?.into_owned()),
            "state" => user.state = rest.word()?,
            "created_at" => user.created_at = rest.optional(Rest::word)?,
            "description" => user.description = rest.string()?.into_owned(),
            "location" => user.location = rest.optional(Rest::text)?,
            "url" => user.url = rest.optional(Rest::text)?,
            "entities" => {
                user.entities = rest.optional(Rest::object)?;
                has = has.with(UserMember::Entities);
            }
            "pinned_tweet_id" => user.pinned_tweet_id = rest.optional(Rest::id)?.map(TweetId::new),
            "most_recent_tweet_id" => user.most_recent_tweet_id = rest.optional(Rest::id)?.map(TweetId::new),
            "profile_image_url" => user.profile_image_url = rest.optional(Rest::text)?,
            "profile_banner_url" => user.profile_banner_url = rest.optional(Rest::text)?,
            "protected" => user.protected = rest.flag()?,
            "verified" => user.verified = rest.flag()?,
            "verified_type" => user.verified_type = rest.optional(Rest::word)?,
            "public_metrics" => user.metrics = Some(metrics(rest)?),
            "verified_followers_count" => user.verified_followers = rest.optional(Rest::count)?,
            "is_identity_verified" => user.identity_verified = rest.optional(Rest::flag)?,
            "parody" => user.parody = rest.optional(Rest::flag)?,
            "gender" => user.gender = rest.optional(Rest::word)?,
            "subscription_type" => user.subscription_type = rest.word()?,
            "observed_at" => {
                user.observed_at = rest.optional(Rest::word)?;
                has_observed_at = true;
            }
            "synthetic" => user.synthetic = rest.flag()?,
            _ => return None,
        }
        Some(())
    })?;
    (user.id, user.username, user.name) = (id?, username?, name?);
    Some(ReadUser { user, has, has_observed_at })
}

fn metrics(rest: &mut Rest<'_>) -> Option<UserMetrics> {
    let (mut followers, mut following, mut tweets, mut listed) = (None, None, None, None);
    let (mut likes, mut media) = (None, None);
    rest.members(|rest, key| {
        let count = match key {
            "followers_count" => &mut followers,
            "following_count" => &mut following,
            "tweet_count" => &mut tweets,
            "listed_count" => &mut listed,
            "like_count" => &mut likes,
            "media_count" => &mut media,
            _ => return None,
        };
        *count = Some(rest.count()?);
        Some(())
    })?;
    let (followers, following, tweets, listed) = (followers?, following?, tweets?, listed?);
    Some(UserMetrics { followers, following, tweets, listed, likes, media })
}

/// A line, and how far it was read. Every method reads one thing, or gives `None`.
struct Rest<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Rest<'a> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn literal(&mut self, literal: &[u8]) -> Option<()> {
        let found = self.text.as_bytes().get(self.at..)?.starts_with(literal);
        self.at += literal.len();
        found.then_some(())
    }

    /// An object, member by member.
    fn members(&mut self, mut member: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.literal(b"{")?;
        loop {
            let key = self.plain_string()?;
            self.literal(b":")?;
            member(self, key)?;
            self.at += 1;
            match self.text.as_bytes().get(self.at - 1)? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.next()? == b'n' { self.literal(b"null").map(|()| None) } else { read(self).map(Some) }
    }

    fn flag(&mut self) -> Option<bool> {
        if self.next()? == b't' { self.literal(b"true").map(|()| true) } else { self.literal(b"false").map(|()| false) }
    }

    /// A whole number of at most 19 digits, without a zero in front.
    fn count(&mut self) -> Option<u64> {
        let start = self.at;
        let number = self.digits()?;
        let has_zero = self.text.as_bytes().get(start) == Some(&b'0');
        (!has_zero || self.at == start + 1).then_some(number)
    }

    fn id(&mut self) -> Option<u64> {
        self.literal(b"\"")?;
        let number = self.digits()?;
        self.literal(b"\"")?;
        Some(number)
    }

    /// 1 to 19 digits, which always fit.
    fn digits(&mut self) -> Option<u64> {
        let start = self.at;
        let mut number = 0_u64;
        while let Some(digit @ b'0'..=b'9') = self.next() {
            number = number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        (1..=19).contains(&(self.at - start)).then_some(number)
    }

    /// A value whose JSON form is a string.
    fn word<T: FromText>(&mut self) -> Option<T> {
        T::from_text(self.plain_string()?)
    }

    fn text(&mut self) -> Option<String> {
        self.string().map(Cow::into_owned)
    }

    /// A string without escapes.
    fn plain_string(&mut self) -> Option<&'a str> {
        match self.string()? {
            Cow::Borrowed(text) => Some(text),
            Cow::Owned(_) => None,
        }
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.literal(b"\"")?;
        let bytes = self.text.as_bytes();
        let (start, mut has_escapes) = (self.at, false);
        loop {
            self.at = next_special(bytes, self.at)?;
            match bytes.get(self.at)? {
                b'"' => break,
                b'\\' => {
                    has_escapes = true;
                    self.at += 2;
                }
                0xF0.. => self.at += 4,
                _ => return None,
            }
        }
        let inner = self.text.get(start..self.at)?;
        self.at += 1;
        if !has_escapes {
            return Some(Cow::Borrowed(inner));
        }
        // A broken escape becomes this character.
        let text = unescape(inner.as_bytes());
        (!text.contains(char::REPLACEMENT_CHARACTER)).then_some(Cow::Owned(text))
    }

    /// An object that stands as a [`RawJson`] has it.
    fn object(&mut self) -> Option<RawJson> {
        let start = self.at;
        if self.next()? != b'{' {
            return None;
        }
        self.pass_value(MAX_DEPTH)?;
        self.text.get(start..self.at).map(RawJson::from_compact)
    }

    fn pass_value(&mut self, depth: usize) -> Option<()> {
        match self.next()? {
            b'"' => self.pass_string(),
            b'{' => self.pass_list(b'}', depth, |rest| {
                rest.pass_string()?;
                rest.literal(b":")
            }),
            b'[' => self.pass_list(b']', depth, |_| Some(())),
            b'0'..=b'9' => self.count().map(|_| ()),
            b'n' => self.literal(b"null"),
            _ => self.flag().map(|_| ()),
        }
    }

    /// An object or a list, with what stands before each of its values.
    fn pass_list(&mut self, end: u8, depth: usize, before: impl Fn(&mut Self) -> Option<()>) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.at += 1;
        if self.next()? == end {
            self.at += 1;
            return Some(());
        }
        loop {
            before(self)?;
            self.pass_value(depth)?;
            self.at += 1;
            match *self.text.as_bytes().get(self.at - 1)? {
                b',' => {}
                byte if byte == end => return Some(()),
                _ => return None,
            }
        }
    }

    /// A string that is escaped as [`model::escape_into`] does it.
    fn pass_string(&mut self) -> Option<()> {
        let start = self.at + 1;
        let text = self.string()?;
        if let Cow::Owned(text) = text {
            let mut escaped = Vec::with_capacity(self.at - start);
            model::escape_into(&text, &mut escaped);
            return (self.text.as_bytes().get(start..self.at - 1)? == escaped).then_some(());
        }
        // Characters beyond the BMP have escapes.
        let inner = self.text.as_bytes().get(start..self.at - 1)?;
        (!inner.iter().any(|byte| *byte >= 0xF0)).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::line_error;
    use crate::native::{Line, LineSeed};

    const LINES: [&str; 3] = [
        concat!(
            r##"{"user":{"id":"11","username":"alice","name":"Alice \uD83D\uDC33 \"A\"","state":"suspended","##,
            r##""created_at":"2013-12-14T04:35:55.000Z","description":"A #bio\n\\ of é","location":null,"##,
            r##""url":"https://t.co/abcdefghij","entities":{"url":{"urls":[{"start":0,"end":23,"url":"\uD83D\uDC33"}]},"##,
            r##""a":[],"b":{},"c":[true,null,1],"é":"\n\u0001"},"pinned_tweet_id":"21","verified":true,"##,
            r##""verified_type":"blue","public_metrics":{"followers_count":1,"following_count":0,"tweet_count":30,"##,
            r##""listed_count":4,"like_count":5},"verified_followers_count":18446744073,"parody":false,"##,
            r##""subscription_type":"Premium","observed_at":"2021-02-09T00:00:00.000Z","synthetic":true}}"##
        ),
        r#"{"user":{"id":"12","username":"bob","name":"Bob 🐳","observed_at":null}}"#,
        r#"{"user":{"id":"12","username":"bob","name":"","entities":{"a":[1,[2,{"b":"c"}]]},"protected":true}}"#,
    ];
    const PIECES: [&str; 14] = ["null", "\"", "{", "}", "[", "]", ",", ":", "-1", "0", "\\ud83d", "\\u00e9", "🐳", " "];

    #[test]
    fn what_birdbox_writes_is_read_here() {
        for line in LINES {
            assert!(read_user(line.as_bytes()).is_some(), "{line}");
        }
    }

    #[test]
    fn entities_that_stand_otherwise_are_left_to_the_general_reader() {
        for entities in
            [r#""🐳""#, r#""\/""#, r#""\ud83d\udc33""#, r#""\u00e9""#, "1.5", "-1", "01", " 1", "[1,]", "[", "{1}"]
        {
            let line = format!(r#"{{"user":{{"id":"1","username":"a","name":"","entities":{{"a":{entities}}}}}}}"#);
            assert!(read_user(line.as_bytes()).is_none(), "{line}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn both_readers_read_the_same(
            line in 0..LINES.len(),
            edits in vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>(), 0..PIECES.len()), 0..4),
        ) {
            let mut bytes = LINES.get(line).copied().unwrap_or_default().as_bytes().to_vec();
            for (place, edit, byte, piece) in edits {
                let at = place.index(bytes.len() + 1);
                match edit {
                    0 => bytes.insert(at, byte),
                    1 => { bytes.splice(at..at, PIECES.get(piece).copied().unwrap_or_default().bytes()); }
                    2 => { bytes.splice(at..(at + 1).min(bytes.len()), []); }
                    _ => { bytes.splice(at..(at + 1).min(bytes.len()), [byte & 0x7F]); }
                }
            }
            if let Some(fast) = read_user(&bytes) {
                let Ok(Line::User(general)) = line_error::read(LineSeed, &bytes) else {
                    panic!("the general reader refuses {}", String::from_utf8_lossy(&bytes));
                };
                prop_assert_eq!(fast.user, general.user);
                prop_assert_eq!(fast.has_observed_at, general.has_observed_at);
                let entities = |read: UserMembers| read.contains(UserMember::Entities);
                prop_assert_eq!(entities(fast.has), entities(general.has));
            }
        }
    }
}
