//! The query string: parameters and how often each occurs, percent-decoded.
//!
//! Values that need no decoding are borrowed; a list of a hundred ids costs nothing
//! here but finding its end.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Text that could not be decoded, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Undecodable<'q>(pub(crate) &'q str);

/// A decoded text, or what could not be decoded.
pub(crate) type Decoded<'q> = Result<Cow<'q, str>, Undecodable<'q>>;

/// One parameter of the query, with the value of each of its occurrences.
#[derive(Debug, Clone)]
pub(crate) struct Parameter<'q> {
    pub(crate) name: Cow<'q, str>,
    pub(crate) first: Decoded<'q>,
    pub(crate) more: Vec<Decoded<'q>>,
}

impl Parameter<'_> {
    /// Every value, as problems show it.
    pub(crate) fn values(&self) -> Vec<String> {
        std::iter::once(&self.first).chain(&self.more).map(shown).collect()
    }
}

/// A value as problems show it: decoded where that is possible, else as it was sent.
pub(crate) fn shown(value: &Decoded<'_>) -> String {
    match value {
        Ok(text) => text.clone().into_owned(),
        Err(Undecodable(raw)) => (*raw).to_owned(),
    }
}

/// Splits a query string; parameters stand in order of first occurrence. A name that
/// cannot be decoded stands as it was sent, and is then unknown to every operation.
pub(crate) fn parse(query: &str) -> Vec<Parameter<'_>> {
    let mut parameters: Vec<Parameter<'_>> = Vec::new();
    // A map, because an address line has room for thousands of names.
    let mut positions = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(name, Blank::Plus).unwrap_or_else(|Undecodable(raw)| Cow::Borrowed(raw));
        let value = decode(value, Blank::Plus);
        let next = parameters.len();
        let position = *positions.entry(name.clone()).or_insert(next);
        match parameters.get_mut(position) {
            Some(known) => known.more.push(value),
            None => parameters.push(Parameter { name, first: value, more: Vec::new() }),
        }
    }
    parameters
}

/// The parameters of a query or a form, decoded, in their order; `None` if one cannot be
/// decoded.
#[must_use]
pub fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let decoded = |text| decode(text, Blank::Plus).ok().map(Cow::into_owned);
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, decoded(value)?))
        })
        .collect()
}

/// The same, whatever was sent: an escape that is none stays as it is, and what is no text becomes
/// `U+FFFD`, as browsers read addresses.
#[must_use]
pub fn lossy_pairs(text: &[u8]) -> Vec<(String, String)> {
    let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    let split = |pair: &[u8]| {
        let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
            Some(at) => (pair.get(..at).unwrap_or_default(), pair.get(at + 1..).unwrap_or_default()),
            None => (pair, &b""[..]),
        };
        (decode_lossy(name), decode_lossy(value))
    };
    pairs.map(split).collect()
}

/// What a text in percent-encoding stands for: read as [`lossy_pairs`] reads names and values.
#[must_use]
pub fn decode_lossy(text: &[u8]) -> String {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let escaped = match (byte, after.split_first_chunk::<2>()) {
            (b'%', Some(([high, low], behind))) => digit(*high).zip(digit(*low)).map(|digits| (digits, behind)),
            _ => None,
        };
        match escaped {
            Some(((high, low), behind)) => {
                bytes.push(high << 4 | low);
                rest = behind;
            }
            None => bytes.push(if byte == b'+' { b' ' } else { byte }),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Parameters as a query or a form, encoded, in their order: what [`pairs`] reads.
#[must_use]
pub fn join_pairs(members: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(128);
    for (at, (name, value)) in members.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { "&" });
        encode_into(name, "", &mut out);
        out.push('=');
        encode_into(value, "", &mut out);
    }
    out
}

/// A text in percent-encoding: letters, digits, `-`, `.`, `_` and `~` stand for themselves, and those
/// of `plain` too.
#[must_use]
pub fn encode(text: &str, plain: &str) -> String {
    let mut out = String::with_capacity(text.len());
    encode_into(text, plain, &mut out);
    out
}

fn encode_into(text: &str, plain: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || plain.as_bytes().contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            _ = write!(out, "%{byte:02X}");
        }
    }
}

/// Whether `+` stands for a blank: in a query it does, in a path it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blank {
    Plus,
    Encoded,
}

/// Undoes percent-encoding.
pub(crate) fn decode(text: &str, blank: Blank) -> Decoded<'_> {
    let needs_work = |byte: u8| byte == b'%' || (byte == b'+' && blank == Blank::Plus);
    // In blocks and without an early end, so that it is done many bytes at a time.
    let has_work = |block: &[u8]| block.iter().fold(false, |found, &byte| found | needs_work(byte));
    if !text.as_bytes().chunks(64).any(has_work) {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|&byte| needs_work(byte)) {
        let (plain, encoded) = rest.split_at(at);
        decoded.extend_from_slice(plain);
        rest = match encoded {
            [b'+', after @ ..] => {
                decoded.push(b' ');
                after
            }
            [_, high, low, after @ ..] => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                let (high, low) = digit(high).zip(digit(low)).ok_or(Undecodable(text))?;
                decoded.push((high << 4 | low) as u8);
                after
            }
            _ => return Err(Undecodable(text)),
        };
    }
    decoded.extend_from_slice(rest);
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| Undecodable(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_follows_the_rules_of_forms_and_paths() {
        assert_eq!(decode("a%2Cb+c", Blank::Plus), Ok(Cow::Borrowed("a,b c")));
        assert_eq!(decode("a+b%20", Blank::Encoded), Ok(Cow::Borrowed("a+b ")));
        assert_eq!(decode("%e2%80%a6", Blank::Plus), Ok(Cow::Borrowed("…")));
        assert!(matches!(decode("1,2", Blank::Plus), Ok(Cow::Borrowed("1,2"))));
        for bad in ["%", "%1", "%zz", "%+1", "%FF", "a%C3"] {
            assert_eq!(decode(bad, Blank::Plus), Err(Undecodable(bad)));
        }
    }

    proptest::proptest! {
        #[test]
        fn decoding_undoes_encoding(text in "\\PC*", every_byte in proptest::bool::ANY) {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() && !every_byte;
            let encode = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02x}") };
            let encoded: String = text.bytes().map(encode).collect();
            proptest::prop_assert_eq!(decode(&encoded, Blank::Plus), Ok(Cow::Borrowed(text.as_str())));
            proptest::prop_assert_eq!(decode(&encoded, Blank::Encoded), Ok(Cow::Borrowed(text.as_str())));
        }
    }

    proptest::proptest! {
        #[test]
        fn parameters_are_read_as_they_were_joined(members in proptest::collection::vec(("\\PC*", "\\PC*"), 1..4)) {
            let borrowed: Vec<_> = members.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let joined = join_pairs(&borrowed);
            proptest::prop_assert_eq!(&lossy_pairs(joined.as_bytes()), &members);
            proptest::prop_assert_eq!(pairs(&joined), Some(members));
        }
    }

    #[test]
    fn what_cannot_be_decoded_is_kept_as_well_as_it_can() {
        let read = |text: &[u8]| {
            lossy_pairs(text).into_iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>()
        };
        assert_eq!(
            read(b"a=%ff&b=x%zz%4&c=%C3%A9+\xff&d&=e"),
            ["a: \u{fffd}", "b: x%zz%4", "c: é \u{fffd}", "d: ", ": e"]
        );
    }

    #[test]
    fn a_repeated_parameter_is_one_with_several_values() {
        let parameters = parse("ids=1&&ids=%zz&x&user%2Efields=id");
        let shown: Vec<_> = parameters.iter().map(|p| (p.name.as_ref(), p.values())).collect();
        let expected: Vec<(&str, Vec<String>)> = vec![
            ("ids", vec!["1".to_owned(), "%zz".to_owned()]),
            ("x", vec![String::new()]),
            ("user.fields", vec!["id".to_owned()]),
        ];
        assert_eq!(shown, expected);
    }
}
