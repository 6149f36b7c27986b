//! Prints a line of JSON for each claim of a Rust client.

use std::error::Error;
use std::fmt::Debug;
use std::process::exit;

/// A few words on what was seen, the same at every run, or what went wrong.
pub type Shown = Result<String, Box<dyn Error>>;

pub struct Claims {
    client: &'static str,
    failed: bool,
}

impl Claims {
    pub fn new(client: &'static str) -> Self {
        Self { client, failed: false }
    }

    pub fn show(&mut self, claim: &str, shown: Shown) {
        self.failed |= shown.is_err();
        match shown {
            Ok(detail) => self.line(claim, "passed", &detail),
            Err(error) => self.line(claim, "failed", &error.to_string()),
        }
    }

    /// The client offers nothing of the kind.
    pub fn absent(&mut self, claim: &str, why: &str) {
        self.line(claim, "absent", why);
    }

    pub fn end(self) {
        exit(i32::from(self.failed));
    }

    fn line(&self, claim: &str, result: &str, detail: &str) {
        let line = serde_json::json!({
            "client": self.client, "version": version(self.client), "claim": claim, "result": result, "detail": detail,
        });
        println!("{line}");
    }
}

/// The version of a package in the lock file.
fn version(package: &str) -> &'static str {
    let mut lines = include_str!("../Cargo.lock").lines();
    let name = format!("name = \"{package}\"");
    lines.find(|line| *line == name);
    lines.next().and_then(|line| line.split('"').nth(1)).unwrap_or_default()
}

pub fn same<T: PartialEq<U> + Debug, U: Debug>(value: T, expected: U) -> Result<(), Box<dyn Error>> {
    if value == expected { Ok(()) } else { Err(format!("{value:?}, not {expected:?}").into()) }
}
