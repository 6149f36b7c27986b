//! Whether every dependency has a licence that `deny.toml` allows; the same rule that
//! cargo-deny checks, for machines without it.

use anyhow::{Context as _, Result};
use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};

use crate::workspace::Workspace;

/// Complains about crates whose licence is not allowed.
pub(super) fn allowed(workspace: &Workspace) -> Result<Vec<String>> {
    let policy: toml::Table = workspace.read("deny.toml")?.parse()?;
    let allow = policy.get("licenses").and_then(|table| table.get("allow")).and_then(toml::Value::as_array);
    let allow = allow.context("deny.toml has no licenses.allow")?;
    let allow: Vec<&str> = allow.iter().filter_map(toml::Value::as_str).collect();
    let mut complaints = Vec::new();
    for package in workspace.packages(&["--locked", "--filter-platform", "x86_64-unknown-linux-gnu"])? {
        let text = |member: &str| package.get(member).and_then(Value::as_str).unwrap_or_default();
        let (name, licence) = (format!("{} {}", text("name"), text("version")), text("license"));
        match Expression::parse_mode(licence, ParseMode::LAX) {
            Ok(expression) if expression.evaluate(|needed| is_allowed(needed, &allow)) => {}
            Ok(_) => complaints.push(format!("{name}: deny.toml does not allow {licence}")),
            Err(_) => complaints.push(format!("{name}: cannot read its licence {licence:?}")),
        }
    }
    Ok(complaints)
}

/// An exception only adds freedom, so the licence alone decides.
fn is_allowed(needed: &LicenseReq, allow: &[&str]) -> bool {
    needed.license.id().is_some_and(|id| allow.contains(&id.name))
}
