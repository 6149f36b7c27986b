//! The keys of the section `limits` that are names of operations: how often each may be
//! called.

use std::fmt::Write as _;

use xapi::operation::OPERATIONS;
use xapi::{Operation, RateLimits};

use super::ConfigError;
use super::setting::Setting;
use super::sources::Values;
use crate::limits::Change;

const SECTION: &str = "limits";

/// The names of operations, for the section that has them as keys.
pub(super) fn keys(section: &str) -> impl Iterator<Item = &'static str> {
    let rows = if section == SECTION { OPERATIONS } else { &[] };
    rows.iter().map(|row| row.name)
}

/// The limits of every operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationLimits(Vec<RateLimits>);

impl Default for OperationLimits {
    /// Those of X.
    fn default() -> Self {
        Self(OPERATIONS.iter().map(|row| row.limits).collect())
    }
}

impl OperationLimits {
    /// Those of one operation.
    #[must_use]
    pub fn of(&self, operation: &Operation) -> RateLimits {
        self.0.get(operation.index()).copied().unwrap_or(operation.limits)
    }

    pub(super) fn read(values: &Values) -> Result<Self, ConfigError> {
        let limits = OPERATIONS.iter().map(|row| {
            let change: Change = values.get(SECTION, row.name, "")?;
            Ok(change.apply_to(row.limits))
        });
        Ok(Self(limits.collect::<Result<_, _>>()?))
    }
}

/// Numbers that stand where others would: `app=300,user=900`, or one of both.
impl Setting for Change {
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn expected() -> String {
        "give requests in 15 minutes, such as { app = 300, user = 900 }".to_owned()
    }
}

/// Appends these keys, with their defaults, as lines of a file.
pub(super) fn describe(section: &str, out: &mut String) {
    if section != SECTION {
        return;
    }
    out.push_str(
        "\n# Requests in 15 minutes of one App with its app-only token, and of one user in all Apps, for\n\
         # each operation.\n",
    );
    for row in OPERATIONS {
        let RateLimits { per_app, per_user } = row.limits;
        let members = [("app", per_app), ("user", per_user)];
        let members = members.into_iter().filter_map(|(name, limit)| Some(format!("{name} = {}", limit?)));
        let _ = writeln!(out, "#{} = {{ {} }}", row.name, members.collect::<Vec<_>>().join(", "));
    }
}
