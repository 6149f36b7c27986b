//! What users must look like after a kill, from what commands acknowledged before it.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// What changes of a user, and is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) username: String,
    /// The number of the last change that wrote it.
    pub(super) description: String,
}

/// Users by id.
pub(super) type Users = BTreeMap<u64, Left>;

/// What one worker knows when the server is dead.
pub(super) struct Known {
    /// Its users, as acknowledged changes left them.
    pub(super) settled: Users,
    /// What the change that was under way would have made of some of them.
    pub(super) open: Users,
    /// The changes that were acknowledged.
    pub(super) acknowledged: usize,
}

impl Known {
    /// Checks that `stored` has all that was acknowledged. A change that was under way
    /// may be there whole, or not at all.
    pub(super) fn check(mut self, stored: &Users) -> Result<()> {
        let is_there = |(id, left): (&u64, &Left)| stored.get(id) == Some(left);
        let is_as_before = |id: &u64| stored.get(id) == self.settled.get(id);
        if self.open.iter().all(is_there) {
            self.settled.extend(self.open);
        } else {
            ensure!(self.open.keys().all(is_as_before), "a part of the last change is there: {:?}", self.open);
        }
        for (id, left) in &self.settled {
            ensure!(stored.get(id) == Some(left), "user {id} should be {left:?} and is {:?}", stored.get(id));
        }
        Ok(())
    }
}

/// Reads users from a JSON array of API v2 objects.
pub(super) fn users_of<'a>(objects: impl IntoIterator<Item = &'a Value>) -> Result<Users> {
    let user = |object: &Value| {
        let text = |name| object.get(name).and_then(Value::as_str).map(str::to_owned);
        // An export leaves out what is empty.
        let left = Left { username: text("username")?, description: text("description").unwrap_or_default() };
        Some((text("id")?.parse().ok()?, left))
    };
    objects.into_iter().map(|object| user(object).with_context(|| format!("cannot read the user {object}"))).collect()
}

/// Checks that no username has two owners, whatever its case.
pub(super) fn one_owner_each(users: &Users) -> Result<()> {
    let mut owners = HashMap::new();
    for (id, Left { username, .. }) in users {
        let other = owners.insert(username.to_ascii_lowercase(), id);
        ensure!(other.is_none(), "@{username} belongs to {id} and to {other:?}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(rows: &[(u64, &str, &str)]) -> Users {
        let left = |username: &str, description: &str| Left {
            username: username.to_owned(),
            description: description.to_owned(),
        };
        rows.iter().map(|&(id, username, description)| (id, left(username, description))).collect()
    }

    fn known() -> Known {
        Known { settled: users(&[(1, "a", "1")]), open: users(&[(1, "b", "2"), (2, "c", "2")]), acknowledged: 1 }
    }

    #[test]
    fn a_change_that_was_under_way_is_there_whole_or_not_at_all() {
        known().check(&users(&[(1, "a", "1")])).unwrap();
        known().check(&users(&[(1, "b", "2"), (2, "c", "2"), (3, "d", "3")])).unwrap();
        known().check(&users(&[(1, "b", "2")])).unwrap_err();
        known().check(&users(&[(1, "a", "1"), (2, "c", "2")])).unwrap_err();
    }

    #[test]
    fn what_was_acknowledged_is_missed() {
        known().check(&users(&[])).unwrap_err();
        Known { open: Users::new(), ..known() }.check(&users(&[(1, "a", "0")])).unwrap_err();
    }

    #[test]
    fn a_username_in_another_case_is_the_same() {
        one_owner_each(&users(&[(1, "a", ""), (2, "b", "")])).unwrap();
        one_owner_each(&users(&[(1, "a", ""), (2, "A", "")])).unwrap_err();
    }
}
