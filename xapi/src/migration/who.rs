//! Whom a request of API v1.1 is about.

use model::{UserId, Username};

use super::error::MigrationError;
use super::table::{By, Endpoint, Means};
use crate::keys::MOST_KEYS;
use crate::v1_request::{FALSE, TRUE};

/// A user, as the request names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    Id(UserId),
    Name(Username),
    /// Whoever calls.
    Caller,
}

/// The values of a request by the meaning of their parameters.
pub(super) struct Asked<'a> {
    pub(super) endpoint: &'static Endpoint,
    pub(super) parameters: &'a [(String, String)],
}

impl Asked<'_> {
    /// The value of the parameter with this meaning; the first one, if it is said twice, as the
    /// server reads it.
    pub(super) fn value(&self, means: Means) -> Option<(&'static str, &str)> {
        let row = self.endpoint.parameters.iter().find(|row| row.means == means)?;
        let value = self.parameters.iter().find(|(name, _)| name == row.name).map(|(_, value)| value.as_str())?;
        (!value.is_empty()).then_some((row.name, value))
    }

    /// Whether the parameter with this meaning is there and true, or there and false.
    pub(super) fn says(&self, means: Means, truth: bool) -> bool {
        let words = if truth { TRUE } else { FALSE };
        self.value(means).is_some_and(|(_, value)| words.iter().any(|word| word.eq_ignore_ascii_case(value)))
    }

    /// One user; an id wins over a name. `None` if nobody is named.
    pub(super) fn one(&self, means: fn(By) -> Means) -> Result<Option<Who>, MigrationError> {
        if let Some((parameter, value)) = self.value(means(By::Id)) {
            return id(parameter, value).map(|id| Some(Who::Id(id)));
        }
        let name = self.value(means(By::Name)).map(|(parameter, value)| name(parameter, value));
        Ok(name.transpose()?.map(Who::Name))
    }

    /// All ids and all names.
    pub(super) fn many(&self) -> Result<(Vec<UserId>, Vec<Username>), MigrationError> {
        let ids = self.list(Means::User(By::Id), id)?;
        let names = self.list(Means::User(By::Name), name)?;
        Ok((ids, names))
    }

    fn list<T>(
        &self,
        means: Means,
        read: fn(&'static str, &str) -> Result<T, MigrationError>,
    ) -> Result<Vec<T>, MigrationError> {
        let Some((parameter, value)) = self.value(means) else { return Ok(Vec::new()) };
        let items: Vec<&str> = value.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
        if items.len() > MOST_KEYS {
            return Err(MigrationError::TooMany { parameter, count: items.len() });
        }
        items.into_iter().map(|item| read(parameter, item)).collect()
    }
}

fn id(parameter: &'static str, value: &str) -> Result<UserId, MigrationError> {
    let wanted = "an id of 1 to 19 digits";
    value.parse().map_err(|_| MigrationError::BadValue { parameter, value: value.to_owned(), wanted })
}

fn name(parameter: &'static str, value: &str) -> Result<Username, MigrationError> {
    let wanted = "a username of 1 to 15 letters, digits and _";
    let name = value.strip_prefix('@').unwrap_or(value).parse().ok().filter(Username::can_be_requested);
    name.ok_or_else(|| MigrationError::BadValue { parameter, value: value.to_owned(), wanted })
}
