//! Under which names programs look for the credentials of X.
//!
//! `birdbox env` has the names of X's own examples. Programs put `TWITTER_` or `X_` before
//! them, and call the keys of an App as the portal does.

/// What comes before a name.
const PREFIXES: [&str; 2] = ["TWITTER_", "X_"];

/// A name of `birdbox env`, and what else the same is called behind a prefix.
const NAMES: [(&str, &[&str]); 7] = [
    ("BEARER_TOKEN", &["BEARER_TOKEN"]),
    ("CONSUMER_KEY", &["CONSUMER_KEY", "API_KEY"]),
    ("CONSUMER_SECRET", &["CONSUMER_SECRET", "API_SECRET", "API_KEY_SECRET"]),
    ("ACCESS_TOKEN", &["ACCESS_TOKEN"]),
    ("ACCESS_TOKEN_SECRET", &["ACCESS_TOKEN_SECRET", "ACCESS_SECRET"]),
    ("CLIENT_ID", &["CLIENT_ID", "OAUTH2_CLIENT_ID"]),
    ("CLIENT_SECRET", &["CLIENT_SECRET", "OAUTH2_CLIENT_SECRET"]),
];

/// An access token of OAuth 2.0, which `birdbox env` has none of.
const OAUTH2_ACCESS_TOKEN: &str = "OAUTH2_ACCESS_TOKEN";

/// Names that one library has for itself.
const OF_LIBRARIES: [(&str, &str); 2] =
    [("CONSUMER_KEY", "GOTWI_API_KEY"), ("CONSUMER_SECRET", "GOTWI_API_KEY_SECRET")];

/// All names and values, from those of `birdbox env` and an access token of OAuth 2.0.
pub(super) fn all(known: &[(&'static str, &str)], oauth2: Option<&str>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut add = |name: String, value: &str| all.push((name, value.to_owned()));
    for (name, value) in known {
        add((*name).to_owned(), value);
        let others = NAMES.iter().filter(|(known, _)| known == name).flat_map(|(_, others)| *others);
        for other in others {
            PREFIXES.iter().for_each(|prefix| add(format!("{prefix}{other}"), value));
        }
        OF_LIBRARIES.iter().filter(|(known, _)| known == name).for_each(|(_, other)| add((*other).to_owned(), value));
    }
    for prefix in [""].iter().chain(&PREFIXES).filter(|_| oauth2.is_some()) {
        add(format!("{prefix}{OAUTH2_ACCESS_TOKEN}"), oauth2.unwrap_or_default());
    }
    all
}

/// The names of credentials for which there is no value: what they hold in the environment of
/// this process is not for Birdbox.
pub(super) fn missing(known: &[(&'static str, &str)], oauth2: Option<&str>) -> Vec<String> {
    let has = all(known, oauth2);
    let every = NAMES.map(|(name, _)| (name, ""));
    let every = all(&every, Some("")).into_iter().map(|(name, _)| name);
    every.filter(|name| has.iter().all(|(known, _)| known != name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_a_value_are_known_too() {
        let known = NAMES.map(|(name, _)| (name, "value"));
        assert_eq!(missing(&known, Some("token")), Vec::<String>::new());
        let without = missing(&known[1..], None);
        assert!(
            without.contains(&"TWITTER_BEARER_TOKEN".to_owned()) && without.contains(&"OAUTH2_ACCESS_TOKEN".to_owned())
        );
        assert!(!without.contains(&"CONSUMER_KEY".to_owned()));
    }

    #[test]
    fn a_credential_has_all_names_that_programs_know() {
        let known = [("BASE_URL", "u"), ("CONSUMER_KEY", "k"), ("USERNAME", "n")];
        let mut all = all(&known, Some("o"));
        all.sort();
        let expected = [
            ("BASE_URL", "u"),
            ("CONSUMER_KEY", "k"),
            ("GOTWI_API_KEY", "k"),
            ("OAUTH2_ACCESS_TOKEN", "o"),
            ("TWITTER_API_KEY", "k"),
            ("TWITTER_CONSUMER_KEY", "k"),
            ("TWITTER_OAUTH2_ACCESS_TOKEN", "o"),
            ("USERNAME", "n"),
            ("X_API_KEY", "k"),
            ("X_CONSUMER_KEY", "k"),
            ("X_OAUTH2_ACCESS_TOKEN", "o"),
        ];
        assert_eq!(all, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
