//! JSON of any shape, rewritten as a [`RawJson`]: compact, members in their order,
//! text in X's escaping.
//!
//! It is rewritten while it is parsed, without a tree in between.

use std::fmt;

use model::{RawJson, escape_into};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::scalar::Key;

/// Any JSON value.
pub(crate) struct Raw(pub(crate) RawJson);

/// A JSON object.
pub(crate) struct RawObject(pub(crate) RawJson);

/// Appends the next value to a buffer.
pub(crate) struct Append<'o>(pub(crate) &'o mut Vec<u8>);

/// The buffer as a JSON value. What [`Append`] writes is UTF-8.
pub(crate) fn finish(json: Vec<u8>) -> RawJson {
    RawJson::from_compact(String::from_utf8(json).unwrap_or_default())
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut json = Vec::with_capacity(64);
        Append(&mut json).deserialize(deserializer)?;
        Ok(Self(finish(json)))
    }
}

impl<'de> Deserialize<'de> for RawObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut json = Vec::with_capacity(128);
        deserializer.deserialize_map(Object(&mut json))?;
        Ok(Self(finish(json)))
    }
}

impl<'de> DeserializeSeed<'de> for Append<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Append<'_> {
    fn push<E>(self, json: &[u8]) -> Result<(), E> {
        self.0.extend_from_slice(json);
        Ok(())
    }
}

impl<'de> Visitor<'de> for Append<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.push(b"null")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.push(if value { b"true" } else { b"false" })
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.push(value.to_string().as_bytes())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.push(value.to_string().as_bytes())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        serde_json::to_writer(self.0, &value).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        string(value, self.0);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let open = self.0.len();
        self.0.push(b'[');
        loop {
            let end = self.0.len();
            if end > open + 1 {
                self.0.push(b',');
            }
            if items.next_element_seed(Append(self.0))?.is_none() {
                self.0.truncate(end);
                break;
            }
        }
        self.push(b"]")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        Object(self.0).visit_map(members)
    }
}

/// Appends an object.
struct Object<'o>(&'o mut Vec<u8>);

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.push(b'{');
        let mut separator: &[u8] = b"";
        while let Some(Key(name)) = members.next_key()? {
            self.0.extend_from_slice(separator);
            string(&name, self.0);
            self.0.push(b':');
            members.next_value_seed(Append(self.0))?;
            separator = b",";
        }
        self.0.push(b'}');
        Ok(())
    }
}

/// Appends a JSON string with its quotes.
pub(crate) fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    escape_into(text, out);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compact(json: &str) -> String {
        serde_json::from_str::<Raw>(json).unwrap().0.as_str().to_owned()
    }

    #[test]
    fn values_become_compact_and_escaped_as_x_does() {
        let spaced =
            r#" { "b" : [ 1 , -2 , 1.5, -73.99960455 , true , null , [ ] , { } ] , "a" : "\/\u00e9\ud83d\udc33" } "#;
        assert_eq!(compact(spaced), r#"{"b":[1,-2,1.5,-73.99960455,true,null,[],{}],"a":"/é\uD83D\uDC33"}"#);
        assert_eq!(compact("18446744073709551615"), "18446744073709551615");
    }

    #[test]
    fn an_object_is_no_array() {
        assert!(serde_json::from_str::<RawObject>("[]").is_err());
        assert!(serde_json::from_str::<RawObject>("{}").is_ok());
    }

    #[test]
    fn nesting_without_end_is_an_error() {
        assert!(serde_json::from_str::<Raw>(&"[".repeat(100_000)).is_err());
    }
}
