//! What is wrong with a line, in words for the person who holds the file.

use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer};
use serde_json::error::Category;

/// Why a line cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// The line is not JSON, or ends too early.
    #[error("not valid JSON at column {column}: {reason}")]
    Syntax {
        /// Where, counted in bytes from 1.
        column: usize,
        /// What the parser met there.
        reason: String,
    },
    /// A member has a wrong type or value, or is missing or unknown.
    #[error("{}{problem}", if member.is_empty() { String::new() } else { format!("{member}: ") })]
    Member {
        /// The path to it, such as `data[3].public_metrics`; empty for the whole line.
        member: String,
        /// What was met and what was expected.
        problem: String,
    },
    /// JSON, but nothing that this format holds.
    #[error("expected {expected}")]
    Shape {
        /// What the format holds.
        expected: &'static str,
    },
}

impl LineError {
    /// The same error, for JSON that stands at `path` of the line.
    pub(crate) fn below(self, path: &str) -> Self {
        match self {
            Self::Member { member, problem } if member.is_empty() => Self::Member { member: path.into(), problem },
            Self::Member { member, problem } => {
                let dot = if member.starts_with('[') { "" } else { "." };
                Self::Member { member: format!("{path}{dot}{member}"), problem }
            }
            other @ (Self::Syntax { .. } | Self::Shape { .. }) => other,
        }
    }
}

/// Reads a whole JSON text. Only when that fails is it read again, slowly, to find
/// out where.
pub(crate) fn read<'de, S>(seed: S, text: &'de [u8]) -> Result<S::Value, LineError>
where
    S: DeserializeSeed<'de> + Copy,
{
    // Checking once that all is UTF-8 is cheaper than string by string.
    let value = match std::str::from_utf8(text) {
        Ok(text) => whole(seed, serde_json::Deserializer::from_str(text)),
        Err(_) => whole(seed, serde_json::Deserializer::from_slice(text)),
    };
    value.map_err(|error| explain(seed, text, &error))
}

fn whole<'de, S: DeserializeSeed<'de>, R: serde_json::de::Read<'de>>(
    seed: S,
    mut json: serde_json::Deserializer<R>,
) -> serde_json::Result<S::Value> {
    let value = seed.deserialize(&mut json)?;
    json.end().map(|()| value)
}

/// [`read`] for a type that needs no seed.
pub(crate) fn typed<'de, T: Deserialize<'de>>(text: &'de [u8]) -> Result<T, LineError> {
    read(Typed(PhantomData), text)
}

/// A seed that can be used twice, whatever `T` is.
struct Typed<T>(PhantomData<T>);

impl<T> Clone for Typed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Typed<T> {}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Typed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

fn explain<'de, S>(seed: S, text: &'de [u8], error: &serde_json::Error) -> LineError
where
    S: DeserializeSeed<'de>,
{
    let message = error.to_string();
    let reason = message.rsplit_once(" at line ").map_or(message.as_str(), |(reason, _)| reason).to_owned();
    match error.classify() {
        Category::Syntax | Category::Eof | Category::Io => LineError::Syntax { column: error.column(), reason },
        Category::Data => {
            let mut track = serde_path_to_error::Track::new();
            let mut json = serde_json::Deserializer::from_slice(text);
            let _ = seed.deserialize(serde_path_to_error::Deserializer::new(&mut json, &mut track));
            let path = track.path().to_string();
            LineError::Member { member: if path == "." { String::new() } else { path }, problem: reason }
        }
    }
}
