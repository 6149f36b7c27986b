//! What a request of API v1.1 says, in its query or in its form.
//!
//! v1.1 does not name what is wrong with a parameter: what it cannot read is as if it were not
//! there, or nobody's name.

use std::borrow::Cow;

use model::{UserId, Username};

use crate::keys::MOST_KEYS;
use crate::query::{self, Parameter, Undecodable};
use crate::v1_error::V1Error;

/// What says that something is so, whatever its letter case.
pub(crate) const TRUE: [&str; 3] = ["true", "t", "1"];
/// What says that it is not.
pub(crate) const FALSE: [&str; 3] = ["false", "f", "0"];

/// The parameters of a request.
#[derive(Debug)]
pub struct V1Request<'q>(Vec<Parameter<'q>>);

/// Who is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum V1Key {
    /// By `user_id`.
    Id(UserId),
    /// By `screen_name`.
    Name(Username),
}

/// Whom a request for many asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct V1Keys {
    /// By `user_id`.
    pub ids: Vec<UserId>,
    /// By `screen_name`.
    pub names: Vec<Username>,
}

impl<'q> V1Request<'q> {
    /// Reads the parameters of a query, and those of a form behind it.
    #[must_use]
    pub fn read(text: &'q str) -> Self {
        Self(query::parse(text))
    }

    /// What a parameter holds, unless that is nothing.
    ///
    /// unverified(v1-parameters): of two with one name, the first counts.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        let parameter = self.0.iter().find(|parameter| parameter.name == name)?;
        let text = match &parameter.first {
            Ok(text) => Cow::as_ref(text),
            Err(Undecodable(raw)) => raw,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// What a parameter says that is true or false: `true`, `t`, `1` and their opposites, whatever
    /// their case.
    ///
    /// unverified(v1-parameters): any other word is as if it were not there.
    #[must_use]
    pub fn flag(&self, name: &str, default: bool) -> bool {
        let is = |words: [&str; 3], text: &str| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        match self.text(name) {
            Some(text) if is(TRUE, text) => true,
            Some(text) if is(FALSE, text) => false,
            Some(_) | None => default,
        }
    }

    /// The users whom `user_id` and `screen_name` name, ids before names. What cannot be an id or a
    /// name is nobody's.
    ///
    /// # Errors
    /// None is named, or too many are.
    pub fn users(&self) -> Result<V1Keys, V1Error> {
        let list = |name| self.text(name).into_iter().flat_map(|list| list.split(',')).map(str::trim);
        let items = |name| list(name).filter(|item| !item.is_empty());
        match items("user_id").count() + items("screen_name").count() {
            0 => return Err(V1Error::PARAMETERS_MISSING),
            1..=MOST_KEYS => {}
            _ => return Err(V1Error::TOO_MANY_TERMS),
        }
        let ids = items("user_id").filter_map(|item| item.parse().ok()).collect();
        Ok(V1Keys { ids, names: items("screen_name").filter_map(|item| item.parse().ok()).collect() })
    }

    /// The user whom `user_id` or `screen_name` names; `None` if neither is there.
    ///
    /// # Errors
    /// Nobody has such an id or such a name.
    pub fn user(&self) -> Result<Option<V1Key>, V1Error> {
        self.named("user_id", "screen_name")
    }

    /// The user whom one of two parameters names, by id or by name; `None` if neither is there.
    ///
    /// unverified(v1-parameters): if both are there, the id counts.
    ///
    /// # Errors
    /// Nobody has such an id or such a name.
    pub fn named(&self, id: &str, name: &str) -> Result<Option<V1Key>, V1Error> {
        let bad = |_| V1Error::USER_NOT_FOUND;
        if let Some(id) = self.text(id) {
            return id.trim().parse().map(|id| Some(V1Key::Id(id))).map_err(|_| V1Error::USER_NOT_FOUND);
        }
        self.text(name).map(|name| name.trim().parse().map(V1Key::Name).map_err(bad)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_in_every_spelling() {
        for (text, expected) in [
            ("", None),
            ("a=", None),
            ("a=TRUE", Some(true)),
            ("a=t&a=false", Some(true)),
            ("a=1", Some(true)),
            ("a=False", Some(false)),
            ("a=F", Some(false)),
            ("a=0", Some(false)),
            ("a=yes", None),
            ("a=%zz", None),
            ("b=true", None),
        ] {
            let request = V1Request::read(text);
            for default in [true, false] {
                assert_eq!(request.flag("a", default), expected.unwrap_or(default), "{text}");
            }
        }
    }

    #[test]
    fn one_user_is_named_by_id_or_screen_name() {
        let name = |text: &str| V1Key::Name(text.parse().unwrap());
        for (text, expected) in [
            ("", Ok(None)),
            ("user_id=&screen_name=", Ok(None)),
            ("user_id=0012", Ok(Some(V1Key::Id(UserId::new(12))))),
            ("screen_name=bird&user_id=12", Ok(Some(V1Key::Id(UserId::new(12))))),
            ("user_id=&screen_name=Bird", Ok(Some(name("Bird")))),
            ("user_id=12,13", Err(V1Error::USER_NOT_FOUND)),
            ("user_id=-1", Err(V1Error::USER_NOT_FOUND)),
            ("user_id=18446744073709551616", Err(V1Error::USER_NOT_FOUND)),
            ("screen_name=a+b", Err(V1Error::USER_NOT_FOUND)),
            ("screen_name=%FF", Err(V1Error::USER_NOT_FOUND)),
        ] {
            assert_eq!(V1Request::read(text).user(), expected, "{text}");
        }
    }

    #[test]
    fn many_users_are_a_hundred_at_the_most_in_both_lists_together() {
        let numbers = |count: usize| (1..=count).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
        let users = |ids: usize, names: usize| {
            let text = format!("user_id={}&screen_name={}", numbers(ids), numbers(names));
            V1Request::read(&text).users().map(|keys| (keys.ids.len(), keys.names.len()))
        };
        assert_eq!(users(60, 40), Ok((60, 40)));
        assert_eq!(users(60, 41), Err(V1Error::TOO_MANY_TERMS));
        assert_eq!(users(0, 0), Err(V1Error::PARAMETERS_MISSING));
        let mixed = V1Request::read("user_id=+1,x,,2&screen_name=a%2Cno+name").users().unwrap();
        assert_eq!(mixed.ids, [1, 2].map(UserId::new));
        assert_eq!(mixed.names, ["a".parse().unwrap()]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_does_harm(text in "(user_id|screen_name|=|&|,|%|%2C|[0-9]|[a-z]|é){0,40}") {
            let request = V1Request::read(&text);
            let _ = (request.user(), request.users(), request.flag("user_id", true));
        }
    }
}
