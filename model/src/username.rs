//! Usernames (screen names, handles): what follows the `@`.

use std::fmt;
use std::str::FromStr;

/// Why a text is not a username.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidUsername;

impl fmt::Display for InvalidUsername {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a username is 1 to {} letters, digits or underscores", Username::MAX_STORED)
    }
}

impl std::error::Error for InvalidUsername {}

/// A username in the spelling of its owner, without the `@`.
///
/// Kept inline and `Copy`: batches of a hundred are parsed per request.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Username {
    len: u8,
    bytes: [u8; Username::MAX_STORED],
}

impl Username {
    /// Longest username of the API: its pattern is `^[A-Za-z0-9_]{1,15}$`.
    pub const MAX_REQUESTED: usize = 15;
    /// Longest username that is kept. A few historical accounts have up to 20.
    pub const MAX_STORED: usize = 20;

    /// Reads a username from ASCII bytes.
    ///
    /// # Errors
    /// [`InvalidUsername`] unless the bytes are 1 to 20 of `[A-Za-z0-9_]`.
    pub fn from_ascii(text: &[u8]) -> Result<Self, InvalidUsername> {
        if text.is_empty() || !text.iter().all(|&byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(InvalidUsername);
        }
        let mut bytes = [0; Self::MAX_STORED];
        bytes.get_mut(..text.len()).ok_or(InvalidUsername)?.copy_from_slice(text);
        Ok(Self { len: text.len() as u8, bytes })
    }

    /// The username as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The username as ASCII bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// Whether the API's own pattern (at most 15 characters) takes this name, so
    /// that a lookup can ask for it.
    #[must_use]
    pub const fn can_be_requested(&self) -> bool {
        self.len as usize <= Self::MAX_REQUESTED
    }

    /// The form under which names are the same name: letter case does not count.
    #[must_use]
    pub fn key(&self) -> UsernameKey {
        let mut key = self.bytes;
        key.make_ascii_lowercase();
        UsernameKey(key)
    }

    /// The name of a user that has none of its own: an underscore and the id in
    /// base 36. `attempt` puts further underscores in front when it is taken.
    #[must_use]
    pub fn derived(id: crate::UserId, attempt: usize) -> Self {
        const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let mut bytes = [b'_'; Self::MAX_STORED];
        let mut at = bytes.len();
        let mut number = id.get();
        loop {
            at -= 1;
            if let (Some(slot), Some(&digit)) = (bytes.get_mut(at), DIGITS.get((number % 36) as usize)) {
                *slot = digit;
            }
            number /= 36;
            if number == 0 {
                break;
            }
        }
        let start = at.saturating_sub(1 + attempt);
        let mut name = Self { len: (bytes.len() - start) as u8, bytes: [0; Self::MAX_STORED] };
        if let (Some(target), Some(source)) = (name.bytes.get_mut(..bytes.len() - start), bytes.get(start..)) {
            target.copy_from_slice(source);
        }
        name
    }
}

impl FromStr for Username {
    type Err = InvalidUsername;

    fn from_str(text: &str) -> Result<Self, InvalidUsername> {
        Self::from_ascii(text.as_bytes())
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{}", self.as_str())
    }
}

/// A username without regard to letter case, for indexes and comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UsernameKey([u8; Username::MAX_STORED]);

impl UsernameKey {
    /// The key as bytes, padded with zeros.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Username::MAX_STORED] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UserId;

    #[test]
    fn case_does_not_make_another_name() {
        let one: Username = "TwitterDev".parse().unwrap();
        let other: Username = "twitterdeV".parse().unwrap();
        assert_ne!(one, other);
        assert_eq!(one.key(), other.key());
        assert_eq!(one.as_str(), "TwitterDev");
    }

    #[test]
    fn names_outside_the_alphabet_or_length_are_refused() {
        for bad in ["", "a b", "a,b", "@a", "é", "abcdefghijklmnopqrstu"] {
            assert_eq!(bad.parse::<Username>(), Err(InvalidUsername), "{bad:?}");
        }
        assert!("abcdefghijklmno".parse::<Username>().unwrap().can_be_requested());
        assert!(!"abcdefghijklmnop".parse::<Username>().unwrap().can_be_requested());
    }

    #[test]
    fn derived_names_fit_the_pattern_of_the_api() {
        assert_eq!(Username::derived(UserId::new(35), 0).as_str(), "_z");
        assert_eq!(Username::derived(UserId::new(36), 1).as_str(), "__10");
        let longest = Username::derived(UserId::new(u64::MAX), 0);
        assert_eq!(longest.as_str(), "_3w5e11264sgsf");
        assert!(longest.can_be_requested());
        assert_eq!(Username::derived(UserId::new(u64::MAX), 99).as_str().len(), Username::MAX_STORED);
    }
}
