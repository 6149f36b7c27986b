//! JSON as people read it: with a line for each member, and each piece with its kind, up to a bound.
//!
//! Numbers and texts stay as they were sent, byte for byte. What is no JSON stays as it is.

/// A piece of text, and what it is: the class of its element, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) class: &'static str,
    pub(super) text: String,
}

/// A reply in pieces.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) pieces: Vec<Piece>,
    /// Whether it goes on.
    pub(super) is_cut: bool,
}

impl Shown {
    /// Adds a piece, or the beginning of it.
    fn push(&mut self, class: &'static str, text: &str, room: &mut usize) {
        let kept: String = text.chars().take_while(|character| take(room, character.len_utf8())).collect();
        self.is_cut |= kept.len() < text.len();
        match self.pieces.last_mut() {
            Some(last) if last.class == class => last.text.push_str(&kept),
            _ if kept.is_empty() => {}
            _ => self.pieces.push(Piece { class, text: kept }),
        }
    }
}

/// Whether there is room for so many bytes; no other has any behind one that has none.
fn take(room: &mut usize, bytes: usize) -> bool {
    let fits = *room >= bytes;
    *room = if fits { *room - bytes } else { 0 };
    fits
}

/// Shows up to `most` bytes of a body.
pub(super) fn highlight(body: &str, most: usize) -> Shown {
    let (mut shown, mut room) = (Shown::default(), most);
    if serde_json::from_str::<serde::de::IgnoredAny>(body).is_err() {
        shown.push("", body, &mut room);
        return shown;
    }
    let mut depth = 0;
    let mut rest = body.trim();
    while !rest.is_empty() && !shown.is_cut {
        let (token, after) = next(rest);
        rest = after.trim_start();
        let first = token.chars().next().unwrap_or_default();
        match first {
            '{' | '[' if rest.starts_with(['}', ']']) => {
                shown.push("", &format!("{token}{}", rest.get(..1).unwrap_or_default()), &mut room);
                rest = rest.get(1..).unwrap_or_default().trim_start();
            }
            '{' | '[' => {
                depth += 1;
                shown.push("", &format!("{token}{}", line(depth)), &mut room);
            }
            '}' | ']' => {
                depth -= 1;
                shown.push("", &format!("{}{token}", line(depth)), &mut room);
            }
            ',' => shown.push("", &format!(",{}", line(depth)), &mut room),
            ':' => shown.push("", ": ", &mut room),
            '"' if rest.starts_with(':') => shown.push("json-key", token, &mut room),
            '"' => shown.push("json-text", token, &mut room),
            '-' | '0'..='9' => shown.push("json-number", token, &mut room),
            _ => shown.push("json-word", token, &mut room),
        }
    }
    shown
}

/// The end of a line and the indentation of the next. What is deeper than anybody reads is not
/// indented further.
fn line(depth: usize) -> String {
    format!("\n{}", "  ".repeat(depth.min(20)))
}

/// The first token of valid JSON, and what follows.
fn next(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let end = match bytes.first() {
        Some(b'"') => {
            let mut is_escaped = false;
            let closing = bytes.iter().skip(1).position(|&byte| {
                let closes = byte == b'"' && !is_escaped;
                is_escaped = byte == b'\\' && !is_escaped;
                closes
            });
            closing.map_or(text.len(), |at| at + 2)
        }
        Some(b'{' | b'}' | b'[' | b']' | b',' | b':') => 1,
        _ => {
            let ends = |byte: &u8| b"{}[],:\"".contains(byte) || byte.is_ascii_whitespace();
            bytes.iter().position(ends).unwrap_or(text.len())
        }
    };
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(shown: &Shown) -> String {
        shown.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    #[test]
    fn each_member_has_a_line_and_each_piece_its_kind() {
        let shown = highlight(r#"{"data":[{"id":"1","n":-2.50,"ok":true}],"none":{},"e":[]}"#, 1000);
        let expected = "{\n  \"data\": [\n    {\n      \"id\": \"1\",\n      \"n\": -2.50,\n      \"ok\": true\n    }\n  ],\n  \"none\": {},\n  \"e\": []\n}";
        assert_eq!(text(&shown), expected);
        let of = |class: &str| shown.pieces.iter().filter(|piece| piece.class == class).count();
        assert_eq!([of("json-key"), of("json-text"), of("json-number"), of("json-word")], [6, 1, 1, 1]);
    }

    #[test]
    fn what_is_no_json_stays_as_it_is_and_what_is_long_is_cut_between_characters() {
        assert_eq!(text(&highlight("{not json", 100)), "{not json");
        let shown = highlight("\"ääää\"", 4);
        assert_eq!((text(&shown).as_str(), shown.is_cut), ("\"ä", true));
        assert!(!highlight("\"ä\"", 4).is_cut);
    }

    proptest! {
        #[test]
        fn what_is_shown_says_the_same(text_of in ".*", number in any::<i64>(), depth in 0_usize..40) {
            let mut value = serde_json::json!({ "t": text_of, "n": number, "l": [null, true, text_of] });
            for _ in 0..depth {
                value = serde_json::json!([value]);
            }
            let shown = highlight(&value.to_string(), usize::MAX);
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&text(&shown)).unwrap(), value);
        }

        #[test]
        fn no_more_is_shown_than_there_is_room_for(body in ".*", most in 0_usize..40) {
            prop_assert!(text(&highlight(&body, most)).len() <= most);
        }
    }
}
