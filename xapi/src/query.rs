//! The query string: parameters and how often each occurs, percent-decoded.
//!
//! Values that need no decoding are borrowed; a list of a hundred ids costs nothing
//! here but finding its end.

use std::borrow::Cow;

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
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(name, Blank::Plus).unwrap_or_else(|Undecodable(raw)| Cow::Borrowed(raw));
        let value = decode(value, Blank::Plus);
        match parameters.iter_mut().find(|known| known.name == name) {
            Some(known) => known.more.push(value),
            None => parameters.push(Parameter { name, first: value, more: Vec::new() }),
        }
    }
    parameters
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
    if !text.bytes().any(needs_work) {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'%' => {
                let (digits, after) = after.split_first_chunk::<2>().ok_or(Undecodable(text))?;
                let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
                let value = high.zip(low).map(|(high, low)| (high << 4 | low) as u8).ok_or(Undecodable(text))?;
                decoded.push(value);
                rest = after;
            }
            b'+' if blank == Blank::Plus => decoded.push(b' '),
            other => decoded.push(other),
        }
    }
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| Undecodable(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn decoding_undoes_encoding(text in ".{0,40}", encoded in prop::collection::vec(any::<bool>(), 160)) {
            let encode = |blank: Blank| {
                let mut out = Vec::new();
                for (byte, encoded) in text.bytes().zip(&encoded) {
                    let means_more = byte == b'%' || byte == b'+' && blank == Blank::Plus;
                    match byte {
                        b' ' if blank == Blank::Plus && !encoded => out.push(b'+'),
                        _ if *encoded || means_more => out.extend(format!("%{byte:02x}").bytes()),
                        _ => out.push(byte),
                    }
                }
                String::from_utf8(out)
            };
            for blank in [Blank::Plus, Blank::Encoded] {
                // Half of a character encoded and half raw is no text to begin with.
                let Ok(sent) = encode(blank) else { continue };
                prop_assert_eq!(decode(&sent, blank), Ok(Cow::Borrowed(text.as_str())));
            }
        }

        #[test]
        fn any_query_can_be_split(query in any::<String>()) {
            let values: usize = parse(&query).iter().map(|parameter| parameter.values().len()).sum();
            prop_assert_eq!(values, query.split('&').filter(|pair| !pair.is_empty()).count());
        }
    }

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
