//! What a request of API v1.1 says, in its query or in its form.
//!
//! v1.1 does not name what is wrong with a parameter: what it cannot read is as if it were not
//! there, or nobody's name.

use std::borrow::Cow;

use model::{UserId, Username};

use crate::keys::MOST_KEYS;
use crate::query::{self, Parameter, Undecodable};
use crate::v1_error::V1Error;

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
            Some(text) if is(["true", "t", "1"], text) => true,
            Some(text) if is(["false", "f", "0"], text) => false,
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
            return id.parse().map(|id| Some(V1Key::Id(id))).map_err(|_| V1Error::USER_NOT_FOUND);
        }
        self.text(name).map(|name| name.parse().map(V1Key::Name).map_err(bad)).transpose()
    }
}
