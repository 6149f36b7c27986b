//! No line makes a reader panic, whatever happened to it.

use formats::Format;
use formats::entities::{extract, of_profile};
use model::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;

const LINES: [&str; 3] =
    [include_str!("data/twarc-pages.ndjson"), include_str!("data/v1-users.ndjson"), include_str!("data/native.ndjson")];

/// Pieces that are likely to confuse a parser.
const PIECES: [&str; 12] =
    ["null", "\"", "{", "}", "[", "]", "-1", "1e999", "\\ud83d", "\u{fffd}", "18446744073709551616", "\"id\":"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_mutated_line_is_facts_or_an_error(
        file in 0..LINES.len(),
        line in any::<prop::sample::Index>(),
        edits in vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>(), 0..PIECES.len()), 1..6),
    ) {
        let lines: Vec<&str> = LINES.get(file).copied().unwrap_or_default().lines().collect();
        let mut bytes = line.get(&lines).as_bytes().to_vec();
        for (place, edit, byte, piece) in edits {
            let at = place.index(bytes.len() + 1);
            match edit {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, byte),
                2 => { bytes.splice(at..at, PIECES.get(piece).copied().unwrap_or_default().bytes()); }
                _ => { bytes.splice(at..(at + 3).min(bytes.len()), [byte]); }
            }
        }
        for (format, _) in Format::ALL {
            let _ = format.read_line(&bytes, Timestamp::MIN);
        }
    }

    #[test]
    fn any_text_has_entities_within_its_length(text in "[#@$＃＠.:/ ?&a-cRTé\u{fe0f}\u{20e3}🐳\n]{0,40}|\\PC{0,40}") {
        let length = text.chars().count();
        for entity in extract(&text) {
            prop_assert!(entity.start < entity.end && entity.end <= length, "{entity:?}");
        }
        let _ = of_profile(Some(&text), &text);
    }
}

#[test]
fn a_text_of_signs_alone_is_read_in_no_time() {
    for piece in ["#", "@", "$", ".", "a.", "http://", "t.co/", "@a", "RT@", "#a", "https://t.co/a#"] {
        let _ = extract(&piece.repeat(200_000));
    }
}
