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
    /// Reads the file, and says which lines cannot be read; they change nothing.
    pub(super) fn read(text: &str) -> (Self, Vec<&str>) {
        let (mut set, mut bad) = (Self::default(), Vec::new());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let read = line.split_once(' ').and_then(|(name, change)| Some((name, change.parse().ok()?)));
            match read {
                Some((name, change)) => _ = set.0.insert(name.to_owned(), change),
                None => bad.push(line),
            }
        }
        (set, bad)
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
        let (mut set, bad) = Set::read("later app=3\ndamage\ngetUsersById app=x\n");
        assert_eq!(bad, ["damage", "getUsersById app=x"]);
        let [first, second, ..] = OPERATIONS else { panic!("two operations") };
        set.change(first, "app=1 user=2".parse().unwrap());
        set.change(second, "user=7".parse().unwrap());
        assert_eq!(Set::read(&set.to_string()), (set.clone(), Vec::new()));
        set.change(first, "app=default".parse().unwrap());
        set.change(second, "user=default".parse().unwrap());
        let lines = format!("later app=3\n{} user=2\n", first.name);
        assert!(set.to_string().lines().skip(1).eq(lines.lines().collect::<std::collections::BTreeSet<_>>()), "{set}");
    }
}
