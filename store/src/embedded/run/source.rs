//! The rows of the log that were there at the start, read one by one beside the writer.
//!
//! A read lasts as long as it takes to copy a row, so that LMDB can use its free pages
//! again. Rows are not removed while a [`Source`] is there: see `Log::forget_merged`.

use std::path::PathBuf;

use heed::{Env, WithoutTls};

use crate::embedded::codec::{Malformed, Ordinal, Record, Row};
use crate::embedded::databases::{Rows, open_error};
use crate::{OpenError, ReadError};

/// Where rows are.
#[derive(Debug)]
pub(in crate::embedded) struct Source {
    pub(super) env: Env<WithoutTls>,
    pub(super) file: PathBuf,
    /// The oldest first; each has rows.
    pub(super) generations: Vec<Generation>,
}

/// The rows of one generation, without a gap.
#[derive(Debug, Clone, Copy)]
pub(super) struct Generation {
    number: u64,
    pub(super) rows: Rows,
    pub(super) first: u64,
    pub(super) last: u64,
}

impl Generation {
    /// The place of one of its rows.
    pub(super) fn place(&self, number: u64) -> Row {
        Row { generation: self.number, number }
    }
}

impl Source {
    /// Looks where the rows of `generations` begin and end, of which the oldest is the first.
    pub(in crate::embedded) fn new(
        env: &Env<WithoutTls>,
        file: PathBuf,
        generations: &[(u64, Rows)],
    ) -> Result<Self, OpenError> {
        let txn = env.read_txn().map_err(|error| open_error(&file, error))?;
        let mut found = Vec::new();
        for &(number, rows) in generations {
            let first = rows.first(&txn).map_err(|error| open_error(&file, error))?;
            let last = rows.last(&txn).map_err(|error| open_error(&file, error))?;
            if let (Some((first, _)), Some((last, _))) = (first, last) {
                found.push(Generation { number, rows, first, last });
            }
        }
        drop(txn);
        Ok(Self { env: env.clone(), file, generations: found })
    }

    /// The numbers of the generations.
    pub(in crate::embedded) fn numbers(&self) -> impl Iterator<Item = u64> {
        self.generations.iter().map(|generation| generation.number)
    }

    /// A copy of the record that a row left, if it left one. The row was there at the start.
    pub(super) fn record<R: Record>(&self, ordinal: Ordinal, number: u64) -> Result<Option<R>, ReadError> {
        let damaged = || self.damaged(number);
        let after = self.generations.partition_point(|generation| generation.first <= number);
        let generation = after.checked_sub(1).and_then(|at| self.generations.get(at)).ok_or_else(damaged)?;
        let failed = |error: heed::Error| ReadError::Failed { file: self.file.clone(), reason: error.to_string() };
        let txn = self.env.read_txn().map_err(failed)?;
        let bytes = generation.rows.get(&txn, &number).ok().flatten().ok_or_else(damaged)?;
        let row = generation.place(number).check(bytes).map_err(|_| damaged())?;
        if row.ordinal() != ordinal {
            return Err(damaged());
        }
        let record = row.outcome().and_then(|outcome| outcome.map(R::from_bytes).transpose());
        record.map_err(|Malformed| damaged())
    }

    fn damaged(&self, number: u64) -> ReadError {
        ReadError::Damaged { what: format!("row {number} of the log"), file: self.file.clone() }
    }
}
