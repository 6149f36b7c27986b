//! What `/metrics` says of the store.

use store::Stats;

use crate::http::{Figure, FigureKind};

/// A figure: its name, what it counts, how it moves, and where it is.
type Row = (&'static str, &'static str, FigureKind, fn(&Stats) -> u64);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("birdbox_store_users", "Users, whatever their state.", FigureKind::Gauge, |stats| stats.users),
    ("birdbox_store_tweets", "Posts.", FigureKind::Gauge, |stats| stats.tweets),
    ("birdbox_store_follows", "Follows, with those of suspended and deleted users.", FigureKind::Gauge, |stats| stats.follows),
    ("birdbox_store_log_rows", "Changes in the log that are not merged.", FigureKind::Gauge, |stats| stats.log_rows),
    ("birdbox_store_log_bytes", "Size of the log and its journal.", FigureKind::Gauge, |stats| stats.log_bytes),
    ("birdbox_store_log_generation", "The generation of the log that takes new changes.", FigureKind::Gauge, |stats| stats.generation),
    ("birdbox_store_delta_bytes", "Memory of the changes that are not merged.", FigureKind::Gauge, |stats| stats.delta_bytes),
    ("birdbox_store_segment_bytes", "Size of the files of the segments.", FigureKind::Gauge, |stats| stats.segment_bytes),
    ("birdbox_store_merging", "1 while a merge runs, else 0.", FigureKind::Gauge, |stats| stats.merging.into()),
    ("birdbox_store_merges", "Merges that were done since the start.", FigureKind::Counter, |stats| stats.merges),
    ("birdbox_store_stopped", "1 when a failed write stopped all writes until a restart, else 0.", FigureKind::Gauge, |stats| stats.stopped.into()),
    ("birdbox_store_merge_failures", "Merges that failed since the start.", FigureKind::Counter, |stats| stats.failed_merges),
];

/// All of them.
pub(super) fn of(stats: &Stats) -> Vec<Figure> {
    ROWS.iter().map(|&(name, help, kind, value)| Figure { name, help, kind, value: value(stats) }).collect()
}
