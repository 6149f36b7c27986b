//! Walks the rows of the log, which must be there without a gap from the first that the
//! manifest names to the last that was written.

use std::path::Path;

use heed::{Env, WithoutTls};

use super::Watch;
use crate::OpenError;
use crate::embedded::codec::{BadRow, Malformed, Row};
use crate::embedded::databases::{open_error, open_meta, open_rows};
use crate::embedded::delta::Delta;
use crate::embedded::guard::{NEXT_ROW, decode_next_row};
use crate::embedded::journal::{Salt, Waiting};
use crate::embedded::manifest::Manifest;

/// Lists what is wrong with the rows, and puts them into `delta`.
pub(super) fn walk(
    env: &Env<WithoutTls>,
    manifest: &Manifest,
    file: &Path,
    delta: &mut Delta,
    watch: &mut Watch<'_>,
) -> Result<(), OpenError> {
    let wrong = |error| open_error(file, error);
    let mut generations = Vec::new();
    for generation in manifest.generations().rev() {
        match open_rows(env, generation).map_err(wrong)? {
            Some(rows) => generations.push((generation, rows)),
            None => watch.fault(file, &format!("generation {generation} of the log is missing")),
        }
    }
    let meta = open_meta(env).map_err(wrong)?;
    let txn = env.read_txn().map_err(wrong)?;
    let mut later: Option<u64> = None;
    let mut next_row = manifest.first_row;
    for (generation, rows) in generations {
        for row in rows.rev_iter(&txn).map_err(wrong)? {
            let (number, bytes) = row.map_err(wrong)?;
            if later.is_some_and(|later| number >= later) {
                // Pages that name each other would keep this going for ever.
                watch.fault(file, "the rows of the log are out of order");
                return Ok(());
            }
            if let Some(later) = later.filter(|later| number + 1 != *later) {
                watch.fault(file, &format!("rows {} to {} of the log are missing", number + 1, later - 1));
            }
            later = Some(number);
            next_row = next_row.max(number + 1);
            // The way from the root to a row is not that from its neighbour.
            if rows.get(&txn, &number).map_err(wrong)? != Some(bytes) {
                watch.fault(file, &format!("row {number} of the log cannot be found"));
            }
            replay(file, Row { generation, number }, bytes, delta, watch);
        }
    }
    if later.is_some_and(|first| first != manifest.first_row) {
        watch.fault(file, &format!("rows from {} of the log are missing", manifest.first_row));
    }
    let Some(meta) = meta else {
        watch.fault(file, "the description of the log is missing");
        return Ok(());
    };
    let said = meta.get(&txn, NEXT_ROW).map_err(wrong)?;
    // Directories of format 1 do not say it.
    if said.is_some_and(|bytes| decode_next_row(bytes) != Some(next_row)) {
        watch.fault(file, &format!("rows from {next_row} of the log are missing"));
    }
    Ok(())
}

/// Lists what is wrong with the rows that wait in the journal `file`, of which the log has the
/// salt and would have `next` next, and puts them into `delta`. They come before the rows of the log there.
pub(super) fn walk_waiting(
    file: &Path,
    salt: Salt,
    next: Row,
    delta: &mut Delta,
    watch: &mut Watch<'_>,
) -> Result<(), OpenError> {
    let left = Waiting::left_in(file, salt, next)?;
    let rows: Vec<_> = (next.number..).zip(left.rows()).collect();
    for (number, bytes) in rows.into_iter().rev() {
        replay(file, Row { number, ..next }, bytes, delta, watch);
    }
    Ok(())
}

fn replay(file: &Path, place: Row, bytes: &[u8], delta: &mut Delta, watch: &mut Watch<'_>) {
    watch.report.log_rows += 1;
    let row = place.check(bytes);
    let taken = row.and_then(|row| delta.replay(row).map_err(|Malformed| BadRow::Content));
    if let Err(bad) = taken {
        watch.fault(file, &format!("row {} of the log: {}", place.number, bad.reason()));
    }
}
