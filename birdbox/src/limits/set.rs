//! The limits that were set beside a running server, and the file that keeps them: a line
//! `OPERATION app=N user=N` for each operation.

use std::collections::BTreeMap;
use std::fmt;

use xapi::Operation;

use super::Change;

/// Changes by the names of operations. Those of operations that this version does not have
/// stay in the file for one that does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Set(BTreeMap<String, Change>);

impl Set {
    /// Reads the file. Lines that cannot be read change nothing.
    pub(super) fn read(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let changes = lines.filter_map(|line| {
            let (name, change) = line.split_once(' ')?;
            Some((name.to_owned(), change.parse().ok()?))
        });
        Self(changes.collect())
    }

    pub(super) fn of(&self, operation: &Operation) -> Change {
        self.0.get(operation.name).copied().unwrap_or_default()
    }

    pub(super) fn change(&mut self, operation: &Operation, change: Change) {
        let both = self.of(operation).and(change);
        if both.is_empty() {
            self.0.remove(operation.name);
        } else {
            self.0.insert(operation.name.to_owned(), both);
        }
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("# Written by `birdbox limits set`; these numbers win over the configuration.\n")?;
        self.0.iter().try_for_each(|(name, change)| writeln!(f, "{name} {change}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use xapi::operation::OPERATIONS;

    #[test]
    fn what_is_written_is_read_again() {
        let mut set = Set::read("later app=3\ndamage\ngetUsersById app=x\n");
        let [first, second, ..] = OPERATIONS else { panic!("two operations") };
        set.change(first, "app=1 user=2".parse().unwrap());
        set.change(second, "user=7".parse().unwrap());
        assert_eq!(Set::read(&set.to_string()), set);
        set.change(first, "app=default".parse().unwrap());
        set.change(second, "user=default".parse().unwrap());
        let lines = format!("later app=3\n{} user=2\n", first.name);
        assert!(set.to_string().lines().skip(1).eq(lines.lines().collect::<std::collections::BTreeSet<_>>()), "{set}");
    }
}
