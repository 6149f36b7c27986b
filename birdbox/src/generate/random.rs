//! Numbers that look random and are the same for the same seed, on every machine.

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(number: u64) -> u64 {
    let number = (number ^ number >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ number >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ number >> 31
}

/// The numbers of one user.
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    /// Every pair of a seed and a number has a sequence of its own.
    pub(super) fn new(seed: u64, number: u64) -> Self {
        Self(mix(mix(seed.wrapping_add(GOLDEN)) ^ number))
    }

    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A number below `limit`; 0 when that is 0.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    /// A number from 0 up to 1, without it.
    pub(super) fn unit(&mut self) -> f64 {
        const BITS: u32 = f64::MANTISSA_DIGITS;
        (self.next() >> (u64::BITS - BITS)) as f64 / (1u64 << BITS) as f64
    }

    /// Happens `permille` times in a thousand.
    pub(super) fn chance(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    /// One of `words`.
    pub(super) fn word(&mut self, words: &[&'static str]) -> &'static str {
        words.get(self.below(words.len() as u64) as usize).copied().unwrap_or_default()
    }

    /// Appends letters and digits, as in the paths of links.
    pub(super) fn letters(&mut self, count: usize, out: &mut String) {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ab";
        let mut bits = 0;
        for at in 0..count {
            // Ten letters take 60 of 64 bits.
            if at % 10 == 0 {
                bits = self.next();
            }
            out.extend(LETTERS.get(bits as usize % LETTERS.len()).map(|letter| char::from(*letter)));
            bits >>= 6;
        }
    }

    /// A count with a long tail, as of followers: half of all are below `median`, one
    /// in `n` is above about `n * median`.
    pub(super) fn count(&mut self, median: u64) -> u64 {
        const RANGE: u64 = 1 << 32;
        let place = 1 + (self.next() >> 32);
        median * (RANGE - place) / place
    }
}

/// A shuffle of the numbers of [`Permutation::BITS`] bits: a Feistel network, which
/// has an inverse, so that no two numbers meet.
#[derive(Debug, Clone)]
pub(super) struct Permutation {
    keys: [u64; 4],
}

impl Permutation {
    const HALF: u32 = 14;
    /// It shuffles the numbers of so many bits.
    pub(super) const BITS: u32 = 2 * Self::HALF;

    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed, u64::MAX);
        Self { keys: std::array::from_fn(|_| random.next()) }
    }

    /// Where `number` goes.
    pub(super) fn apply(&self, number: u32) -> u32 {
        const MASK: u32 = (1 << Permutation::HALF) - 1;
        let (mut left, mut right) = (number >> Self::HALF & MASK, number & MASK);
        for key in self.keys {
            let round = mix(u64::from(right) ^ key) as u32 & MASK;
            (left, right) = (right, left ^ round);
        }
        left << Self::HALF | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_lets_no_two_numbers_meet() {
        let permutation = Permutation::new(7);
        let mut places: Vec<u32> = (0..300_000).map(|number| permutation.apply(number)).collect();
        places.sort_unstable();
        assert!(places.is_sorted_by(|one, next| one < next));
        assert!(places.last().is_some_and(|last| last >> Permutation::BITS == 0));
    }

    #[test]
    fn counts_have_their_median_and_a_long_tail() {
        let mut random = Random::new(1, 1);
        let mut counts: Vec<u64> = (0..100_000).map(|_| random.count(100)).collect();
        counts.sort_unstable();
        assert!((95..=105).contains(&counts[50_000]), "{}", counts[50_000]);
        assert!(counts[99_900] > 50_000, "{}", counts[99_900]);
    }
}
