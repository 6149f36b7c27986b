//! Opens a file or the standard input, whatever it is packed with.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use flate2::bufread::MultiGzDecoder;
use model::Timestamp;
use thiserror::Error;

use super::lines::Chunks;
use super::progress::Progress;

/// What is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// What is piped in: `-`.
    Stdin,
    /// A file.
    File(PathBuf),
}

/// Why a file is not read, or not to its end.
#[derive(Debug, Error)]
pub enum InputError {
    /// There is no such file, or it may not be read.
    #[error("{input}: cannot be read ({reason}); check the path")]
    Unreadable {
        /// The file.
        input: Source,
        /// What the operating system said.
        reason: io::Error,
    },
    /// It is a directory.
    #[error("{input}: is a directory; name the files in it")]
    Directory {
        /// The directory.
        input: Source,
    },
    /// Nothing is in it.
    #[error("{input}: is empty; check that it was written to its end")]
    Empty {
        /// The file.
        input: Source,
    },
    /// It is packed in a way that is not read.
    #[error("{input}: is packed with {program}; unpack it first, or pack it with gzip or zstd")]
    Packed {
        /// The file.
        input: Source,
        /// What can unpack it.
        program: &'static str,
    },
    /// It is text, in another encoding.
    #[error("{input}: is text in UTF-16; save it in UTF-8, for example with iconv -f UTF-16 -t UTF-8")]
    Utf16 {
        /// The file.
        input: Source,
    },
    /// A line is longer than any that can be meant.
    #[error("{input}: line {line} is longer than 1 MiB; give a file with two ids on each line")]
    LongLine {
        /// The file.
        input: Source,
        /// Its number, from 1.
        line: u64,
    },
    /// There are no follows in it.
    #[error("{input}: holds comments and no follows; check that it was written to its end")]
    NoFollows {
        /// The file.
        input: Source,
    },
    /// It is no archive of X, or one that is not read.
    #[error("{input}: {reason}")]
    Archive {
        /// The file.
        input: Source,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// It is a Parquet file that is not read, or not so.
    #[error("{input}: {reason}")]
    Parquet {
        /// The file.
        input: Source,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// It holds no text.
    #[error("{input}: holds binary data; give a file of text, plain, .gz or .zst")]
    Binary {
        /// The file.
        input: Source,
    },
    /// Reading failed on the way.
    #[error("{input}: {what} after line {line} ({reason})")]
    Cut {
        /// The file.
        input: Source,
        /// Lines that were read whole.
        line: u64,
        /// What it looks like.
        what: &'static str,
        /// What the reader said.
        reason: String,
    },
}

/// A stream, unpacked.
pub(super) type Reader = Box<dyn BufRead + Send>;

/// An open source.
pub(super) struct Input {
    pub(super) chunks: Chunks<Reader>,
    /// When the file was last written.
    pub(super) written_at: Timestamp,
}

/// How a file is packed, told by its first bytes.
#[derive(Clone, Copy)]
enum Packing {
    Gzip,
    Zstd,
    /// Not at all: what some shells make of redirected output.
    Utf16,
    /// Not lines at all.
    Parquet,
    /// The same, and not read by anybody without a key.
    Encrypted,
    /// Not read; the program that can.
    Other(&'static str),
}

const MAGIC: &[(&[u8], Packing)] = &[
    (b"\x1F\x8B", Packing::Gzip),
    (b"\x28\xB5\x2F\xFD", Packing::Zstd),
    (b"\xFF\xFE", Packing::Utf16),
    (b"\xFE\xFF", Packing::Utf16),
    (PARQUET, Packing::Parquet),
    (b"PARE", Packing::Encrypted),
    (b"PK\x03\x04", Packing::Other("zip")),
    (b"BZh", Packing::Other("bzip2")),
    (b"\xFD7zX", Packing::Other("xz")),
    (b"7z\xBC\xAF", Packing::Other("7z")),
];

/// How many bytes are looked at to tell what a file is.
const HEAD: u64 = 4096;

/// What a Parquet file begins with.
const PARQUET: &[u8] = b"PAR1";

/// zstd's own limit is 27; archives packed with `--long=31` need this much.
const ZSTD_WINDOW_LOG: u32 = 31;

impl Source {
    /// From an argument: `-` is the standard input.
    #[must_use]
    pub fn from_argument(argument: &Path) -> Self {
        if argument == Path::new("-") { Self::Stdin } else { Self::File(argument.to_owned()) }
    }

    /// Where its rejects go: beside it, or into the working directory.
    #[must_use]
    pub fn rejects_path(&self) -> PathBuf {
        let mut name = match self {
            Self::Stdin => "stdin".into(),
            Self::File(path) => path.clone().into_os_string(),
        };
        name.push(".rejects.ndjson");
        name.into()
    }

    /// Its size in bytes as it lies there, if it has one.
    ///
    /// # Errors
    /// [`InputError`] for a file that is missing, unreadable, empty or a directory.
    pub fn check(&self) -> Result<Option<u64>, InputError> {
        let Self::File(path) = self else { return Ok(None) };
        let unreadable = |reason| InputError::Unreadable { input: self.clone(), reason };
        let about = fs::metadata(path).map_err(unreadable)?;
        if about.is_dir() {
            return Err(InputError::Directory { input: self.clone() });
        }
        if !about.is_file() {
            return Ok(None);
        }
        File::open(path).map_err(unreadable)?;
        if about.len() == 0 { Err(InputError::Empty { input: self.clone() }) } else { Ok(Some(about.len())) }
    }
}

impl Source {
    /// The path of a Parquet file. Nothing is taken from a pipe, where it would be missing afterwards.
    pub(super) fn as_parquet(&self) -> Option<&Path> {
        let Self::File(path) = self else { return None };
        let mut head = [0; PARQUET.len()];
        let is_file = path.metadata().is_ok_and(|about| about.is_file());
        let is_read = is_file && File::open(path).is_ok_and(|mut file| file.read_exact(&mut head).is_ok());
        (is_read && head == *PARQUET).then_some(path.as_path())
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("standard input"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

impl InputError {
    pub(super) fn cut(source: &Source, line: u64, error: &io::Error) -> Self {
        let what = match error.kind() {
            io::ErrorKind::UnexpectedEof => "the file ends too early",
            _ => "the file is damaged or cannot be read",
        };
        Self::Cut { input: source.clone(), line, what, reason: error.to_string() }
    }
}

/// Opens a source of lines and unpacks it.
pub(super) fn open(source: &Source, progress: &Progress, now: Timestamp) -> Result<Input, InputError> {
    let (reader, written_at) = unpack(source, progress)?;
    Ok(Input { chunks: Chunks::of(reader), written_at: written_at.unwrap_or(now) })
}

/// Opens a source and unpacks it. Says when it was last written, if that is known.
pub(super) fn unpack(source: &Source, progress: &Progress) -> Result<(Reader, Option<Timestamp>), InputError> {
    let unreadable = |reason| InputError::Unreadable { input: source.clone(), reason };
    let (raw, written_at): (Box<dyn Read + Send>, _) = match source {
        Source::Stdin => (Box::new(io::stdin()), None),
        Source::File(path) => {
            let file = File::open(path).map_err(unreadable)?;
            let written_at = modified(&file);
            (Box::new(file), written_at)
        }
    };
    let mut raw = progress.count(raw);
    let mut head = Vec::new();
    (&mut raw).take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
    let packing = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, packing)| *packing);
    let raw = BufReader::new(Cursor::new(head).chain(raw));
    let mut reader: Reader = match packing {
        None => Box::new(raw),
        Some(Packing::Gzip) => Box::new(BufReader::new(MultiGzDecoder::new(raw))),
        Some(Packing::Zstd) => {
            let mut decoder = zstd::Decoder::with_buffer(raw).map_err(unreadable)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG).map_err(unreadable)?;
            Box::new(BufReader::new(decoder))
        }
        Some(Packing::Utf16) => return Err(InputError::Utf16 { input: source.clone() }),
        Some(Packing::Parquet) => return Err(parquet(source, "is a Parquet file; only follows are read from those")),
        Some(Packing::Encrypted) => {
            return Err(parquet(source, "is an encrypted Parquet file; write it again plainly"));
        }
        Some(Packing::Other(program)) => return Err(InputError::Packed { input: source.clone(), program }),
    };
    match reader.fill_buf() {
        Ok(start) if start.starts_with(PARQUET) => {
            Err(parquet(source, "holds a Parquet file, packed once more; unpack it first"))
        }
        Ok(start) if start.contains(&0) => Err(InputError::Binary { input: source.clone() }),
        Ok(_) => Ok((reader, written_at)),
        Err(error) => Err(InputError::cut(source, 0, &error)),
    }
}

/// Why a Parquet file is not read where lines are.
fn parquet(source: &Source, reason: &str) -> InputError {
    let reason = match source {
        Source::Stdin => "is a Parquet file, which is read from its end; name the file in place of -",
        Source::File(_) => reason,
    };
    InputError::Parquet { input: source.clone(), reason: reason.to_owned() }
}

fn modified(file: &File) -> Option<Timestamp> {
    let since = file.metadata().ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Timestamp::from_unix_ms(i64::try_from(since.as_millis()).ok()?))
}
