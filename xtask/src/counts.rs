//! How many checks passed, failed and were skipped, and how a test runner says so.

use std::fmt;
use std::io::{self, Write as _};
use std::ops::AddAssign;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::process::watch;

/// A number of checks by outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl Counts {
    /// One check.
    pub(crate) fn one(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed), skipped: 0 }
    }

    /// One check that could not be made here.
    pub(crate) fn one_skipped() -> Self {
        Self { skipped: 1, ..Self::default() }
    }

    /// Prints them, as the last line of a command, and gives its exit code.
    pub(crate) fn end(self) -> Result<ExitCode> {
        writeln!(io::stdout(), "{self}")?;
        Ok(if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// The counts in a line that `cargo test` ends a test binary with, if it is one.
    pub(crate) fn of_cargo_test(line: &str) -> Option<Self> {
        let (_, summary) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let mut counts = Self::default();
        for part in summary.split("; ") {
            let Some((number, what)) = part.split_once(' ') else { continue };
            match (number.parse(), what) {
                (Ok(number), "passed") => counts.passed = number,
                (Ok(number), "failed") => counts.failed = number,
                (Ok(number), "ignored") => counts.skipped = number,
                _ => {}
            }
        }
        Some(counts)
    }

    /// Runs a program of `conformance` that ends with its counts. One that ends without them has failed.
    pub(crate) fn told_by(command: &mut Command) -> Result<Self> {
        let mut told = Self::default();
        let success = watch(command, |line| told += Self::of_program(line).unwrap_or_default())?;
        told.failed += usize::from(!success && told.failed == 0 || told.passed + told.failed == 0);
        Ok(told)
    }

    /// The counts in a line such as `3 passed, 0 failed`.
    fn of_program(line: &str) -> Option<Self> {
        let (passed, failed) = line.split_once(" passed, ")?;
        let failed = failed.strip_suffix(" failed")?;
        Some(Self { passed: passed.parse().ok()?, failed: failed.parse().ok()?, skipped: 0 })
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line_of_cargo_test_is_read() {
        let line = "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 7 filtered out; finished in 0.01s";
        assert_eq!(Counts::of_cargo_test(line), Some(Counts { passed: 3, failed: 1, skipped: 2 }));
        assert_eq!(Counts::of_cargo_test("test accounts::rename ... ok"), None);
    }

    #[test]
    fn the_last_line_of_a_program_is_read() {
        assert_eq!(Counts::of_program("3 passed, 1 failed"), Some(Counts { passed: 3, failed: 1, skipped: 0 }));
        assert_eq!(Counts::of_program("ok     a check that passed, and more"), None);
    }
}
