//! How a large import goes over `admin.sock`. After its request the client sends pieces: a
//! line of JSON, and behind it the bytes that it announces. The server answers with
//! [`Importing`] meanwhile, and at the end as it answers everything else.

use std::io;

use formats::Format;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::MergeProgress;
use tokio::io::{AsyncBufRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::intake::Work;
use crate::admin::protocol::OnConflict;
use crate::import::head;
use crate::import::lines::{Chunk, MAX_CHUNK};
use crate::import::reading::Reject;

/// The most chunks, and the most lines before one: what can be counted, and more than any disk
/// holds.
const MOST: u64 = 1 << 39;

/// A request to import what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LargeImport {
    /// The format of all lines.
    #[serde(with = "format")]
    pub(crate) format: Format,
    /// What happens to what is known already.
    pub(crate) conflict: OnConflict,
}

/// How far a large import is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Importing {
    /// Another one is on its way; this one begins after it.
    Waiting,
    /// It begins.
    Begun,
    /// A chunk of lines was taken apart.
    Taken(Taken),
    /// All lines were, and the store takes them in; told again and again.
    Writing(Option<Written>),
}

/// How far the store is, once it writes, in steps that take about as long each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Steps that are done.
    pub done: u64,
    /// All steps.
    pub of: u64,
}

impl From<MergeProgress> for Written {
    fn from(MergeProgress { done, of }: MergeProgress) -> Self {
        Self { done, of }
    }
}

/// What became of a chunk of lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Its number.
    pub number: u64,
    /// The number of its file.
    pub source: usize,
    /// Lines with text.
    pub lines: u64,
    /// Facts in them.
    pub facts: u64,
    /// Lines that could not be read.
    pub rejects: Vec<Reject>,
}

/// What announces the bytes of a chunk, or says that there are no more.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Head {
    Lines { number: u64, source: usize, observed_at_ms: i64, before: u64, bytes: usize },
    End,
}

/// Writes a piece.
pub(super) async fn write(to: &mut (impl AsyncWrite + Unpin), work: Work) -> io::Result<()> {
    let Work { number, source, observed_at, chunk } = work;
    let (before, bytes) = (chunk.before(), chunk.bytes());
    let observed_at_ms = observed_at.unix_ms();
    head::write(to, &Head::Lines { number, source, observed_at_ms, before, bytes: bytes.len() }).await?;
    to.write_all(bytes).await
}

/// Says that there are no more.
pub(super) async fn write_end(to: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    head::write(to, &Head::End).await?;
    to.flush().await
}

/// Reads a piece; `None` when there are no more.
///
/// # Errors
/// When the client hung up before that, or sent something else.
pub(super) async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Work>> {
    let Head::Lines { number, source, observed_at_ms, before, bytes } = head::read(from).await? else {
        return Ok(None);
    };
    if bytes > MAX_CHUNK || number.max(before) > MOST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut text = Vec::with_capacity(bytes);
    if from.take(bytes as u64).read_to_end(&mut text).await? < bytes {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let observed_at = Timestamp::from_unix_ms(observed_at_ms);
    Ok(Some(Work { number, source, observed_at, chunk: Chunk::new(text, before) }))
}

/// A format by its name on the command line.
mod format {
    use formats::Format;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(format: &Format, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(format.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Format, D::Error> {
        let name = String::deserialize(deserializer)?;
        Format::from_name(&name).ok_or_else(|| D::Error::custom(format!("there is no format {name}")))
    }
}
