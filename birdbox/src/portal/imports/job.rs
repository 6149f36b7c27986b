//! An import, as it is ordered, and as it is written down and shown: what the file is said to be, and
//! how far the import is.

use formats::edges::{Column, Layout, PRESETS, Reads};
use model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::admin::protocol::OnConflict;

/// What a file is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    Twarc,
    V1,
    Native,
    Archive,
    Edges,
}

/// What each is called in forms, and for people.
pub(super) const WHATS: [(What, &str, &str); 5] = [
    (What::Twarc, "twarc", "twarc2: replies of API v2, one a line"),
    (What::V1, "v1", "User objects of API v1.1, one a line"),
    (What::Native, "native", "What Birdbox exported (NDJSON)"),
    (What::Archive, "archive", "The archive of an account, as X makes it (zip)"),
    (What::Edges, "edges", "Follows: two ids on each line, or Parquet"),
];

/// How a file is to be imported.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) what: What,
    pub(super) conflict: OnConflict,
    pub(super) observed_at: Option<Timestamp>,
    /// The data set that follows are from, if it is a known one.
    pub(super) preset: Option<usize>,
    pub(super) columns: Option<[Column; 2]>,
}

impl Order {
    /// How lines of follows are read, as they stand or the other way round.
    pub(super) fn layout(&self, is_turned: bool) -> Layout {
        let preset = self.preset.and_then(|at| PRESETS.get(at).map(formats::edges::Preset::layout));
        let layout = preset.unwrap_or_else(|| Layout::of_pairs(Reads::Follows, self.columns.clone()));
        let reads = match (layout.reads, is_turned) {
            (reads, false) => reads,
            (Reads::Follows, true) => Reads::FollowedBy,
            (Reads::FollowedBy, true) => Reads::Follows,
        };
        Layout { reads, ..layout }
    }
}

/// How far an import is, or how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    /// The file is on its way.
    Uploading,
    /// It is to be said who of two follows the other: the first lines in both ways.
    Asking { as_is: Vec<String>, turned: Vec<String> },
    /// The file is read, and nothing is loaded yet.
    Checking,
    /// It is being loaded.
    Loading,
    /// It was loaded; what became of it, a line each.
    Done { lines: Vec<String> },
    /// Nothing was loaded, or not all.
    Failed { reason: String },
    /// Somebody ended it.
    Cancelled { reason: String },
    /// The server was stopped.
    Interrupted { reason: String },
}

impl Stage {
    pub(super) fn is_over(&self) -> bool {
        match self {
            Self::Uploading | Self::Asking { .. } | Self::Checking | Self::Loading => false,
            Self::Done { .. } | Self::Failed { .. } | Self::Cancelled { .. } | Self::Interrupted { .. } => true,
        }
    }

    /// What the end of the server means for an import that was here.
    pub(super) fn interrupted(&self) -> &'static str {
        match self {
            Self::Loading => {
                "The server was stopped while it was loaded. What was loaded before stays, and importing the file again does no harm."
            }
            Self::Uploading
            | Self::Asking { .. }
            | Self::Checking
            | Self::Done { .. }
            | Self::Failed { .. }
            | Self::Cancelled { .. }
            | Self::Interrupted { .. } => "The server was stopped before anything was loaded. Send the file again.",
        }
    }
}

/// An import, as it is written down and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Job {
    /// Forms name it, so that they mean no later one.
    pub(super) number: u64,
    /// What the file is called.
    pub(super) name: String,
    pub(super) what: What,
    /// Its size, as it was sent.
    pub(super) bytes: u64,
    pub(super) began_ms: i64,
    pub(super) stage: Stage,
    /// Lines that could not be read, which are kept in a file.
    pub(super) rejects: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_the_data_set_says_or_the_other_way_round() {
        let mut order =
            Order { what: What::Edges, conflict: OnConflict::Newer, observed_at: None, preset: None, columns: None };
        assert_eq!([order.layout(false).reads, order.layout(true).reads], [Reads::Follows, Reads::FollowedBy]);
        order.preset = PRESETS.iter().position(|preset| preset.name == "kwak");
        assert_eq!([order.layout(false).reads, order.layout(true).reads], [Reads::FollowedBy, Reads::Follows]);
    }
}
