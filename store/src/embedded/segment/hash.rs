//! The hashes by which indexes place keys. They are stored: a change of one needs a new
//! format of the data directory.

use model::UsernameKey;

const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND: u64 = 0xd6e8_feb8_6659_fd93;
const THIRD: u64 = 0xa076_1d64_78bd_642f;

/// The hash of an id of a user or a post.
#[inline]
pub(crate) fn of_id(id: u64) -> u64 {
    fold(id ^ FIRST, SECOND)
}

/// The hash of a username, whatever its letter case.
#[inline]
pub(crate) fn of_username(key: &UsernameKey) -> u64 {
    let mut words = [0; 3];
    for (word, bytes) in words.iter_mut().zip(key.as_bytes().chunks(8)) {
        *word = bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
    }
    let [first, second, third] = words;
    fold(fold(first ^ FIRST, second ^ SECOND) ^ third, THIRD)
}

/// Both halves of a product, mixed twice, since the halves of an index's hash are used apart.
#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    let folded = product as u64 ^ (product >> 64) as u64;
    let mixed = (folded ^ folded >> 32).wrapping_mul(FIRST);
    mixed ^ mixed >> 29
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Username;

    /// If one of these changes, old data directories cannot be read any more.
    #[test]
    fn hashes_are_those_of_the_format() {
        let name = |text: &str| of_username(&text.parse::<Username>().unwrap().key());
        assert_eq!(of_id(2_244_994_945), 9_466_015_210_853_008_491);
        assert_eq!(name("TwitterDev"), 8_114_742_016_796_822_924);
        assert_eq!(name("twitterdev"), name("TWITTERDEV"));
    }
}
