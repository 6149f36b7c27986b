//! Reads `--name value` and `--name` from a command line; no other forms.

use std::str::FromStr;

use anyhow::{Result, anyhow, bail};

/// What follows the name of a command. Each reader takes what it reads away.
pub(crate) struct Arguments(Vec<String>);

impl Arguments {
    pub(crate) fn new(words: Vec<String>) -> Self {
        Self(words)
    }

    /// Whether the flag `name` is there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let at = self.0.iter().position(|word| word == name);
        at.map(|at| self.0.remove(at)).is_some()
    }

    /// The value after `name`.
    ///
    /// # Errors
    /// When nothing follows `name`, or it cannot be read.
    pub(crate) fn optional<T: FromStr>(&mut self, name: &str) -> Result<Option<T>> {
        let Some(at) = self.0.iter().position(|word| word == name) else { return Ok(None) };
        let value = self.0.drain(at..self.0.len().min(at + 2)).nth(1);
        let value = value.ok_or_else(|| anyhow!("{name}: give a value"))?;
        value.parse().map(Some).map_err(|_| anyhow!("{name}: cannot read {value:?}"))
    }

    /// The value after `name`, or `default`.
    ///
    /// # Errors
    /// As [`Self::optional`].
    pub(crate) fn value<T: FromStr>(&mut self, name: &str, default: T) -> Result<T> {
        Ok(self.optional(name)?.unwrap_or(default))
    }

    /// The words that are left.
    ///
    /// # Errors
    /// When one of them looks like an option.
    pub(crate) fn words(self) -> Result<Vec<String>> {
        match self.0.iter().find(|word| word.starts_with('-')) {
            Some(unknown) => bail!("there is no option {unknown}; `cargo xtask` lists them"),
            None => Ok(self.0),
        }
    }

    /// All that is left, for another program.
    pub(crate) fn words_and_options(self) -> Vec<String> {
        self.0
    }

    /// Checks that nothing is left.
    ///
    /// # Errors
    /// When something is.
    pub(crate) fn end(self) -> Result<()> {
        match self.words()?.first() {
            Some(word) => bail!("cannot use {word:?}; `cargo xtask` lists the options"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Arguments {
        Arguments::new(line.split(' ').map(str::to_owned).collect())
    }

    #[test]
    fn options_stand_in_any_order() {
        let mut arguments = of("--check word --runs 7");
        assert_eq!(arguments.value("--runs", 5).unwrap(), 7);
        assert!(arguments.flag("--check") && !arguments.flag("--check"));
        assert_eq!(arguments.words().unwrap(), ["word"]);
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(of("--runs").value("--runs", 5).unwrap_err().to_string(), "--runs: give a value");
        assert_eq!(of("--runs x").value("--runs", 5).unwrap_err().to_string(), "--runs: cannot read \"x\"");
        assert!(of("--rnus 3").end().unwrap_err().to_string().contains("--rnus"));
    }
}
