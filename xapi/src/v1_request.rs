//! What a request of API v1.1 says, in its query or in its form.
//!
//! v1.1 does not name what is wrong with a parameter: what it cannot read is as if it were not
//! there, or nobody's name.

use std::borrow::Cow;

use model::{UserId, Username};

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

    /// The user whom `user_id` or `screen_name` names; `None` if neither is there.
    ///
    /// unverified(v1-parameters): if both are there, the id counts.
    ///
    /// # Errors
    /// Nobody has such an id or such a name.
    pub fn user(&self) -> Result<Option<V1Key>, V1Error> {
        let bad = |_| V1Error::USER_NOT_FOUND;
        if let Some(id) = self.text("user_id") {
            return id.parse().map(|id| Some(V1Key::Id(id))).map_err(|_| V1Error::USER_NOT_FOUND);
        }
        self.text("screen_name").map(|name| name.parse().map(V1Key::Name).map_err(bad)).transpose()
    }
}
