//! Usernames in the shapes that people choose, no two of them the same.
//!
//! A username spells a number. Every shape spells all numbers of 24 bits, and the shapes
//! differ in their digits and underscores, so that different numbers never meet:
//! given names are no prefix of one another, and syllables have two letters each.

use model::{UserId, Username};

use super::words::{GIVEN, PREFIXES};

/// 64 syllables, six bits each: a consonant and a vowel.
const CONSONANTS: &[u8; 16] = b"bdfgjklmnprstvyz";
const VOWELS: &[u8; 4] = b"aeio";
/// What ends a name with a prefix, three bits.
const ENDS: &[u8; 8] = b"klmnrstx";

/// The bits that a shape spells.
const BITS: u32 = 24;

/// The username that spells `number`, a number of 28 bits.
pub(super) fn spelling(number: u32) -> Username {
    let has_capitals = number % 9 < 4;
    let (shape, number) = (number >> BITS, number & ((1 << BITS) - 1));
    let mut name = Name { bytes: [0; Username::MAX_STORED], len: 0, rest: number };
    match shape {
        // "maria48201937": what X itself proposes.
        0..=5 => {
            name.given();
            // 18 bits are left; the factor has no divisor in common with 10^8.
            let variant = name.rest | shape << 18;
            name.digits((u64::from(variant) * 51_234_577 % 100_000_000) as u32, 8);
        }
        // "maria_karomi"
        6 | 7 => {
            name.given();
            name.push(b'_');
            name.syllables(3);
            if shape == 7 {
                name.push(b'_');
            }
        }
        // "karo", "karomi" or, for most numbers, "karomiso"
        8 | 9 => {
            let count = [12, 18].iter().take_while(|bits| number >> **bits > 0).count() as u32;
            name.syllables(2 + count);
            if shape == 9 {
                name.push(b'_');
            }
        }
        // "real_karomis"
        10 | 11 => {
            name.word(PREFIXES);
            name.push(b'_');
            name.syllables(3);
            let end = name.take(3);
            name.push_from(ENDS, end);
            if shape == 11 {
                name.push(b'x');
            }
        }
        // "karomi84"
        12 => {
            name.syllables(3);
            let year = name.take(6);
            name.digits(36 + year, 2);
        }
        // "mariakaro84"
        13 | 14 => {
            name.given();
            name.syllables(2);
            let year = name.take(6);
            name.digits(36 + year, 2);
            if shape == 14 {
                name.push(b'_');
            }
        }
        // "karo1984"
        _ => {
            name.syllables(2);
            let digits = name.take(12);
            name.digits(digits * 7919 % 10_000, 4);
        }
    }
    if has_capitals {
        name.capitalise();
    }
    // Every shape has 4 to 15 letters, digits and underscores.
    let spelled = name.bytes.get(..name.len).unwrap_or_default();
    Username::from_ascii(spelled).unwrap_or_else(|_| Username::derived(UserId::new(number.into()), 0))
}

/// A username that is being spelled, and the part of the number that is not yet in it.
struct Name {
    bytes: [u8; Username::MAX_STORED],
    len: usize,
    rest: u32,
}

impl Name {
    fn take(&mut self, bits: u32) -> u32 {
        let taken = self.rest & ((1 << bits) - 1);
        self.rest >>= bits;
        taken
    }

    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.len) {
            *slot = byte;
            self.len += 1;
        }
    }

    fn push_from(&mut self, letters: &[u8], at: u32) {
        letters.get(at as usize).into_iter().for_each(|letter| self.push(*letter));
    }

    /// One of a power of two of words.
    fn word(&mut self, words: &[&str]) {
        let at = self.take(words.len().ilog2());
        words.get(at as usize).into_iter().flat_map(|word| word.bytes()).for_each(|byte| self.push(byte));
    }

    fn given(&mut self) {
        self.word(GIVEN);
        self.bytes.make_ascii_lowercase();
    }

    fn syllables(&mut self, count: u32) {
        for _ in 0..count {
            let (consonant, vowel) = (self.take(4), self.take(2));
            self.push_from(CONSONANTS, consonant);
            self.push_from(VOWELS, vowel);
        }
    }

    fn digits(&mut self, mut number: u32, digits: usize) {
        let places = self.bytes.get_mut(self.len..self.len + digits).unwrap_or_default();
        for place in places.iter_mut().rev() {
            *place = b'0' + (number % 10) as u8;
            number /= 10;
        }
        self.len += digits;
    }

    /// Where a part begins.
    fn capitalise(&mut self) {
        let mut begins = true;
        for byte in &mut self.bytes {
            if begins {
                byte.make_ascii_uppercase();
            }
            begins = *byte == b'_';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_given_name_begins_another_and_none_is_short_or_long() {
        assert_eq!((GIVEN.len(), PREFIXES.len()), (64, 8));
        for (at, name) in GIVEN.iter().enumerate() {
            assert!((3..=7).contains(&name.len()), "{name}");
            let lower = name.to_lowercase();
            let begins = |other: &&str| other.to_lowercase().starts_with(&lower);
            assert_eq!(GIVEN.iter().position(begins), Some(at), "{name}");
            assert_eq!(GIVEN.iter().filter(|other| begins(other)).count(), 1, "{name}");
        }
    }

    #[test]
    fn every_shape_spells_every_number_differently() {
        let numbers =
            (0..16_u32).flat_map(|shape| (0..1 << BITS).step_by(1009).map(move |number| shape << BITS | number));
        let mut seen: Vec<_> = numbers.map(spelling).collect();
        assert!(seen.iter().all(|name| (4..=15).contains(&name.as_str().len())));
        let count = seen.len();
        seen.sort_unstable_by_key(Username::key);
        seen.dedup_by_key(|name| name.key());
        assert_eq!(seen.len(), count);
    }
}
