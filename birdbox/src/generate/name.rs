//! The names that profiles show.

use super::random::Random;
use super::words::{FAMILY, GIVEN, ORGANISATIONS, SIGNS, WHOLE_NAMES};

/// A name of at most 50 characters.
pub(super) fn of_a_profile(random: &mut Random) -> String {
    let mut name = String::with_capacity(32);
    match random.below(100) {
        0..=7 => name.push_str(random.word(WHOLE_NAMES)),
        8..=12 => words(&[random.word(GIVEN), random.word(ORGANISATIONS)], &mut name),
        13..=24 => {
            name.push_str(random.word(GIVEN));
            name.make_ascii_lowercase();
        }
        25..=30 => words(&[random.word(GIVEN), random.word(GIVEN), random.word(FAMILY)], &mut name),
        _ => words(&[random.word(GIVEN), random.word(FAMILY)], &mut name),
    }
    if random.chance(150) {
        words(&[" ", random.word(SIGNS)], &mut name);
    }
    name
}

fn words(words: &[&str], out: &mut String) {
    for (at, word) in words.iter().enumerate() {
        if at > 0 && !out.ends_with(' ') {
            out.push(' ');
        }
        out.push_str(word);
    }
}
