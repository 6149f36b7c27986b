//! A look into JSON that a record holds: compact, and checked when it was stored. What is broken
//! ends early, and never panics.

/// The members of an object, or nothing if it is none. Names are as they are written.
pub(super) fn members(object: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = object.strip_prefix(b"{").unwrap_or_default();
    std::iter::from_fn(move || {
        let quoted = rest.get(..end_of_value(rest))?;
        let name = quoted.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        let behind = rest.get(quoted.len()..)?.strip_prefix(b":")?;
        let value = behind.get(..end_of_value(behind))?;
        rest = behind.get(value.len() + 1..).unwrap_or_default();
        Some((name, value))
    })
}

/// The items of an array, or nothing if it is none.
pub(super) fn items(array: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = array.strip_prefix(b"[").unwrap_or_default();
    std::iter::from_fn(move || {
        let item = rest.get(..end_of_value(rest)).filter(|item| !item.is_empty())?;
        rest = rest.get(item.len() + 1..).unwrap_or_default();
        Some(item)
    })
}

/// The member of an object with this name.
pub(super) fn member<'a>(object: &'a [u8], name: &str) -> Option<&'a [u8]> {
    members(object).find_map(|(found, value)| (found == name.as_bytes()).then_some(value))
}

/// How many bytes the value has with which some JSON begins.
fn end_of_value(json: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => {
                at = end_of_string(json, at);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return at + depth,
            b'}' | b']' => depth -= 1,
            b',' | b':' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

/// Where the string ends that begins at `at`.
fn end_of_string(json: &[u8], at: usize) -> usize {
    let mut escaped = false;
    for (offset, byte) in json.iter().enumerate().skip(at + 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return offset + 1,
            _ => {}
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_items_are_told_apart() {
        let object = br#"{"a":"},\"","b":{"c":[1,{"d":2}]},"e":null,"f":[]}"#;
        let found: Vec<_> = members(object).map(|(name, value)| [name, value].map(String::from_utf8_lossy)).collect();
        let expected = [["a", r#""},\"""#], ["b", r#"{"c":[1,{"d":2}]}"#], ["e", "null"], ["f", "[]"]];
        assert_eq!(found, expected);
        let found: Vec<_> = items(br#"["a",[1,2],{"b":3},4]"#).map(String::from_utf8_lossy).collect();
        assert_eq!(found, [r#""a""#, "[1,2]", r#"{"b":3}"#, "4"]);
        assert_eq!(items(b"[]").count() + members(b"{}").count() + items(b"{}").count() + members(b"[1]").count(), 0);
    }

    proptest::proptest! {
        #[test]
        fn broken_json_ends(bytes: Vec<u8>, text in r#"[{\[}\]",:\\a1]*"#) {
            for json in [&bytes[..], text.as_bytes()] {
                let _ = (members(json).count(), items(json).count());
            }
        }
    }
}
