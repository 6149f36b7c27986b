//! The limits that were set beside a running server, and the file that keeps them: a line
//! `OPERATION app=N user=N` for each operation, and a line `mode MODE` if that was set.

use std::collections::BTreeMap;
use std::fmt;

use xapi::Operation;

use super::Change;
use crate::config::{LimitsMode, Setting as _};

/// Changes by the names of operations. Those of operations that this version does not have
/// stay in the file for one that does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Set {
    changes: BTreeMap<String, Change>,
    /// In place of that of the configuration.
    mode: Option<LimitsMode>,
}

/// What the line of the mode begins with. No operation is called so.
const MODE: &str = "mode";

impl Set {
    /// Reads the file, and says which lines cannot be read; they change nothing.
    pub(super) fn read(text: &str) -> (Self, Vec<&str>) {
        let (mut set, mut bad) = (Self::default(), Vec::new());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let is_read = line.split_once(' ').is_some_and(|(name, text)| set.take(name, text));
            if !is_read {
                bad.push(line);
            }
        }
        (set, bad)
    }

    /// Takes what one line says; whether it can be read.
    fn take(&mut self, name: &str, text: &str) -> bool {
        if name == MODE {
            self.mode = LimitsMode::parse(text);
            return self.mode.is_some();
        }
        let change = text.parse().ok();
        change.map(|change| self.changes.insert(name.to_owned(), change)).is_some()
    }

    pub(super) fn mode(&self) -> Option<LimitsMode> {
        self.mode
    }

    pub(super) fn set_mode(&mut self, mode: Option<LimitsMode>) {
        self.mode = mode;
    }

    pub(super) fn of(&self, operation: &Operation) -> Change {
        self.changes.get(operation.name).copied().unwrap_or_default()
    }

    pub(super) fn change(&mut self, operation: &Operation, change: Change) {
        let both = self.of(operation).and(change);
        if both.is_empty() {
            self.changes.remove(operation.name);
        } else {
            self.changes.insert(operation.name.to_owned(), both);
        }
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("# Written by `birdbox limits set`; these numbers win over the configuration.\n")?;
        self.mode.map_or(Ok(()), |mode| writeln!(f, "{MODE} {mode}"))?;
        self.changes.iter().try_for_each(|(name, change)| writeln!(f, "{name} {change}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use xapi::operation::OPERATIONS;

    #[test]
    fn what_is_written_is_read_again() {
        let (mut set, bad) = Set::read("later app=3\ndamage\ngetUsersById app=x\nmode often\n");
        assert_eq!((bad, set.mode()), (vec!["damage", "getUsersById app=x", "mode often"], None));
        set.set_mode(LimitsMode::parse("x10"));
        assert_eq!(Set::read(&set.to_string()), (set.clone(), Vec::new()));
        set.set_mode(None);
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
