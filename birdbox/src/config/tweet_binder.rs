//! The settings of Tweet Binder's API: where its paths begin, and how many profiles there are.

use xapi::FLOWS;

use super::setting::Setting;

/// What stands before paths: a slash, and further words between slashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PathPrefix(String);

/// First words of paths that lead elsewhere, besides those of sign-ins.
const TAKEN: [&str; 8] = ["1.1", "2", "labs", "healthz", "metrics", "openapi.json", "portal", "readyz"];
/// The longest prefix.
const MOST: usize = 64;

impl PathPrefix {
    /// The prefix, with its slash and without one at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Setting for PathPrefix {
    fn parse(text: &str) -> Option<Self> {
        let words = text.strip_prefix('/').filter(|_| text.len() <= MOST)?;
        let is_word = |word: &str| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            !word.is_empty() && word.bytes().all(plain) && word.bytes().any(|byte| byte != b'.')
        };
        let first = words.split('/').next()?;
        let of_flows = FLOWS.iter().flat_map(|flow| flow.paths).filter_map(|path| path.split('/').nth(1));
        let is_taken = TAKEN.into_iter().chain(of_flows).any(|taken| taken == first);
        (words.split('/').all(is_word) && !is_taken).then(|| Self(text.to_owned()))
    }

    fn expected() -> String {
        format!(
            "give a slash and letters, digits, and - . _ ~, such as /tweetbinder, at most {MOST} in all; X's own paths are taken"
        )
    }
}

/// Profiles of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Profiles(u64);

impl Profiles {
    /// Nobody needs more.
    pub const MOST: u64 = 1_000_000_000_000;

    /// The number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl Setting for Profiles {
    const QUOTED: bool = false;

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().filter(|&number| number <= Self::MOST).map(Self)
    }

    fn expected() -> String {
        format!("give a whole number up to {}", Self::MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_leads_nowhere_else() {
        for good in ["/tweetbinder", "/tb", "/api/v1", "/2nd", "/1.10"] {
            assert_eq!(PathPrefix::parse(good).unwrap().as_str(), good);
        }
        let long = format!("/{}", "a".repeat(64));
        for bad in
            ["", "/", "tb", "/tb/", "//tb", "/2", "/2/tb", "/1.1", "/labs/3", "/oauth/tb", "/..", "/a b", "/ä", &long]
        {
            assert_eq!(PathPrefix::parse(bad), None, "{bad}");
        }
    }
}
