//! Whether a secret is under version control.

use std::fs;

use anyhow::Result;

use crate::workspace::Workspace;

/// How secrets begin, in two parts so that this file does not hold them, and how many
/// characters of a token follow at least.
const BEGINNINGS: &[(&str, &str, usize)] = &[
    ("AAAAAAAAAAA", "AAAAAAAAAA", 60),
    ("gh", "p_", 36),
    ("gith", "ub_pat_", 40),
    ("AK", "IA", 16),
    ("xox", "b-", 20),
    ("-----BEGIN ", "PRIVATE KEY-----", 0),
    ("-----BEGIN RSA ", "PRIVATE KEY-----", 0),
    ("-----BEGIN EC ", "PRIVATE KEY-----", 0),
    ("-----BEGIN OPENSSH ", "PRIVATE KEY-----", 0),
];

/// A token that is printed in public documents carries this word on its line.
const PUBLIC: &str = "public-example";

/// Complains about lines that look as if they held a secret.
pub(super) fn none(workspace: &Workspace) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for path in workspace.files()? {
        let bytes = fs::read(workspace.root.join(&path))?;
        let text = String::from_utf8_lossy(&bytes);
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| looks_secret(line)) {
            if !line.contains(PUBLIC) {
                complaints.push(format!(
                    "{}:{number}: looks like a secret (write {PUBLIC} there if it is none)",
                    path.display()
                ));
            }
        }
    }
    Ok(complaints)
}

fn looks_secret(line: &str) -> bool {
    BEGINNINGS.iter().any(|(first, second, more)| {
        let beginning = format!("{first}{second}");
        line.match_indices(&beginning).any(|(at, _)| {
            let rest = line.get(at + beginning.len()..).unwrap_or_default();
            rest.chars().take_while(|character| character.is_ascii_alphanumeric() || "_-%".contains(*character)).count()
                >= *more
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_keys_are_seen() {
        assert!(looks_secret(&format!("Bearer {}{}", "A".repeat(21), "b".repeat(60))));
        assert!(looks_secret(&format!("-----BEGIN {} KEY-----", "PRIVATE")));
        assert!(!looks_secret("Authorization: Bearer AAAA…"));
    }
}
