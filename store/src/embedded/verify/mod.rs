//! Reads everything that a data directory holds and lists what is damaged.
//!
//! It changes nothing. Damage of LMDB's own pages, which have no checksum, can end the
//! process with a signal, as can a bad sector under a segment: whoever calls this should
//! do it in a process of its own.

mod log;
mod unique;

use std::collections::HashSet;
use std::path::Path;

use heed::{Env, WithoutTls};

use super::codec::{Row, TweetRecord, UserRecord};
use super::databases::{check_file, check_identity, open_error, open_meta, read_manifest, read_next_row, read_salt};
use super::delta::Delta;
use super::log::Log;
use super::manifest::Manifest;
use super::segment::Lists;
use super::segment::{Segment, SegmentFile};
use crate::unsafe_io::open_lmdb_to_read;
use crate::{DataDir, OpenError, ReadError};

/// So many faults are listed; others are counted.
const LISTED: usize = 200;
/// Records between two reports of progress.
const STRIDE: u64 = 1 << 14;

/// What a data directory holds, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Users in the segments and the log.
    pub users: u64,
    /// Posts.
    pub tweets: u64,
    /// Rows of the log.
    pub log_rows: u64,
    /// Bytes of segments that were read.
    pub segment_bytes: u64,
    /// Faults, each a line that names the file.
    pub faults: Vec<String>,
    /// Faults beyond those.
    pub more: u64,
}

impl Report {
    /// Whether all is as it was written.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }
}

/// What is told while [`verify`] works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verifying<'a> {
    /// This file is read next. If the process ends now, it is the one that is damaged.
    File(&'a Path),
    /// So many records of so many were looked at.
    Records(u64, u64),
    /// A line of [`Report::faults`].
    Fault(&'a str),
}

/// Verifies the data directory `dir`, which nobody else may use: every row of the log and
/// every unit of the segments has its checksum, every record can be decoded, indexes and
/// records lead to each other, ids and usernames belong to one user or post each, and both
/// directions of the lists hold the same follows, each once.
///
/// # Errors
/// [`OpenError`] when the directory cannot be verified at all. Damage is no error.
pub fn verify(dir: &Path, tell: &mut dyn FnMut(Verifying<'_>)) -> Result<Report, OpenError> {
    let dir = DataDir::open_existing(dir)?;
    let mut watch = Watch::new(tell);
    let walked = walk(&dir, &mut watch);
    watch.unless_damage(walked)?;
    Ok(watch.into_report())
}

fn walk(dir: &DataDir, watch: &mut Watch<'_>) -> Result<(), OpenError> {
    watch.unless_damage(dir.check_secret_key())?;
    let file = Log::file_in(dir);
    watch.reading(&file);
    check_file(&file)?;
    let env = open_lmdb_to_read(&dir.log_dir()).map_err(|error| open_error(&file, error))?;
    let manifest = read_manifest(&env, &file)?;
    watch.unless_damage(check_identity(&env, &file))?;
    let segments = dir.segments_dir();
    let users = watch.unless_damage(Segment::<UserRecord>::open(&segments, &manifest.files))?;
    let tweets = watch.unless_damage(Segment::<TweetRecord>::open(&segments, &manifest.files))?;
    let lists = watch.unless_damage(Lists::open(&segments, &manifest.files))?;
    let mut delta = Delta::new(users.as_ref().map_or(0, Segment::next), tweets.as_ref().map_or(0, Segment::next));
    if dir.has_journal() {
        let walked = walk_journal(dir, &env, &manifest, &mut delta, watch);
        watch.unless_damage(walked)?;
        watch.reading(&file);
    }
    let rows = log::walk(&env, &manifest, &file, &mut delta, watch);
    watch.unless_damage(rows)?;
    let records = users.as_ref().map_or(0, Segment::next) + tweets.as_ref().map_or(0, Segment::next);
    watch.total = records + 2 * lists.as_ref().map_or(0, Lists::next);
    if let Some(users) = &users {
        users.verify("user", |ordinal| delta.users.record(ordinal).is_none(), watch);
        unique::check(&delta.users, users, &file, "user", |key| delta.bearer(key), watch);
        watch.report.users = users.live().saturating_add_signed(delta.users.net());
        watch.report.segment_bytes += users.files().map(SegmentFile::len).sum::<u64>();
    }
    if let Some(tweets) = &tweets {
        tweets.verify("post", |ordinal| delta.tweets.record(ordinal).is_none(), watch);
        unique::check(&delta.tweets, tweets, &file, "post", |_| None, watch);
        watch.report.tweets = tweets.live().saturating_add_signed(delta.tweets.net());
        watch.report.segment_bytes += tweets.files().map(SegmentFile::len).sum::<u64>();
    }
    if let Some(lists) = &lists {
        lists.verify(watch);
        watch.report.segment_bytes += lists.files().map(SegmentFile::len).sum::<u64>();
    }
    Ok(())
}

/// Like the rows of the log, those that wait for it are read from the last to the first.
fn walk_journal(
    dir: &DataDir,
    env: &Env<WithoutTls>,
    manifest: &Manifest,
    delta: &mut Delta,
    watch: &mut Watch<'_>,
) -> Result<(), OpenError> {
    let (file, journal) = (Log::file_in(dir), Log::journal_in(dir));
    let Some(meta) = open_meta(env).map_err(|error| open_error(&file, error))? else { return Ok(()) };
    let number = read_next_row(env, meta, &file)?;
    watch.reading(&journal);
    let next = Row { generation: manifest.generation, number };
    log::walk_waiting(&journal, read_salt(env, meta, &file)?, next, delta, watch)
}

/// Collects faults and tells how far the walk is.
pub(crate) struct Watch<'a> {
    report: Report,
    /// What was listed: one damaged line is met by many records.
    seen: HashSet<String>,
    done: u64,
    total: u64,
    tell: &'a mut dyn FnMut(Verifying<'_>),
}

impl<'a> Watch<'a> {
    pub(crate) fn new(tell: &'a mut dyn FnMut(Verifying<'_>)) -> Self {
        Self { report: Report::default(), seen: HashSet::new(), done: 0, total: 0, tell }
    }

    pub(crate) fn into_report(self) -> Report {
        self.report
    }

    /// This file is read next.
    pub(crate) fn reading(&mut self, file: &Path) {
        (self.tell)(Verifying::File(file));
    }

    /// One more record is done.
    pub(crate) fn step(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(STRIDE) || self.done == self.total {
            (self.tell)(Verifying::Records(self.done, self.total));
        }
    }

    pub(crate) fn fault(&mut self, file: &Path, reason: &str) {
        self.list(format!("{}: {reason}", file.display()));
    }

    pub(crate) fn unreadable(&mut self, error: &ReadError) {
        match error {
            ReadError::Damaged { what, file } => self.fault(file, &format!("{what} is damaged")),
            ReadError::Failed { file, reason } => self.fault(file, reason),
        }
    }

    pub(crate) fn has_faults_in(&self, file: &Path) -> bool {
        let begin = format!("{}: ", file.display());
        self.report.more > 0 || self.report.faults.iter().any(|fault| fault.starts_with(&begin))
    }

    /// What was got, or nothing after damage was listed.
    fn unless_damage<T>(&mut self, got: Result<T, OpenError>) -> Result<Option<T>, OpenError> {
        match got {
            Ok(got) => return Ok(Some(got)),
            Err(OpenError::Damaged { file, reason }) => self.fault(&file, &reason),
            Err(OpenError::DamagedRow { file, row, reason }) => {
                self.fault(&file, &format!("row {row} of the log: {reason}"));
            }
            Err(error) => return Err(error),
        }
        Ok(None)
    }

    fn list(&mut self, fault: String) {
        if self.report.faults.len() < LISTED {
            if self.seen.insert(fault.clone()) {
                (self.tell)(Verifying::Fault(&fault));
                self.report.faults.push(fault);
            }
        } else if !self.seen.contains(&fault) {
            self.report.more += 1;
        }
    }
}
