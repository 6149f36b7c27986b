//! File formats that people hold, to and from [`model::Observation`].
//!
//! Every format is read line by line: one line in, its facts or one error out.
//! Nothing here opens a file, reads a clock or decides which of two observations
//! wins; that is for the caller and for `store`.

#![forbid(unsafe_code)]

pub mod archive;
pub mod edges;
pub mod entities;
mod follow_pages;
mod line_error;
pub mod native;
mod raw;
mod scalar;
mod twarc;
mod v1;
mod v1_status;
mod v2;
mod v2_tweet;

pub use follow_pages::{follows_of_page, may_hold_pages};
pub use line_error::LineError;

use model::{Observation, Timestamp};

/// A format of one record or one API reply a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// What twarc2 writes: API v2 replies, flattened Tweets, or bare v2 users.
    Twarc,
    /// User objects of API v1.1.
    V1,
    /// Birdbox's own lossless form; see [`native`].
    Native,
}

impl Format {
    /// Every format with its name on the command line.
    pub const ALL: [(Self, &'static str); 3] = [(Self::Twarc, "twarc"), (Self::V1, "v1"), (Self::Native, "native")];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(format, _)| *format == self).map_or("", |(_, name)| name)
    }

    /// The format with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(format, _)| *format)
    }

    /// Reads one line, with or without its line end. `fallback_observed_at` is the
    /// time of facts whose line does not say when they were seen. A blank line holds
    /// no facts.
    ///
    /// # Errors
    /// [`LineError`] when the line is not JSON, not of this format, or has a known
    /// member of a wrong type. Nothing of such a line is used.
    pub fn read_line(self, line: &[u8], fallback_observed_at: Timestamp) -> Result<Vec<Observation>, LineError> {
        let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii();
        if line.is_empty() {
            return Ok(Vec::new());
        }
        match self {
            Self::Twarc => twarc::read(line, fallback_observed_at),
            Self::V1 => v1::read(line, fallback_observed_at),
            Self::Native => native::read(line, fallback_observed_at),
        }
    }
}
