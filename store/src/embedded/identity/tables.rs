//! The rows as one transaction sees them: finding one, walking through those of a table or
//! of an owner.

use std::path::Path;
use std::sync::Arc;

use heed::types::Bytes;
use heed::{Database, RoTxn};

use super::fault::Fault;
use crate::ReadError;
use crate::embedded::codec::Malformed;
use crate::embedded::codec::identity::{
    Owner, Row, Table, check, decode, decode_key, link_prefix, linked_row, row_key,
};

/// The database of LMDB that holds all rows.
pub(in crate::embedded) type Rows = Database<Bytes, Bytes>;

/// Its name.
pub(in crate::embedded) const DATABASE: &str = "identity";

/// The database, and the file that errors name.
#[derive(Debug, Clone)]
pub(in crate::embedded) struct Tables {
    pub(super) rows: Rows,
    file: Arc<Path>,
}

impl Tables {
    pub(in crate::embedded) fn new(rows: Rows, file: &Path) -> Self {
        Self { rows, file: file.into() }
    }

    /// The row of a key.
    pub(super) fn get<R: Row>(&self, txn: &RoTxn<'_>, key: R::Key) -> Result<Option<R>, Fault> {
        let key = row_key::<R>(key);
        let Some(value) = self.rows.get(txn, &key)? else { return Ok(None) };
        decode(&key, value).map(Some).map_err(|Malformed| self.damaged(&key))
    }

    /// All rows of a table, in the order of their keys.
    pub(in crate::embedded) fn all<R: Row>(&self, txn: &RoTxn<'_>) -> Result<Vec<(R::Key, R)>, Fault> {
        let mut all = Vec::new();
        for entry in self.rows.prefix_iter(txn, &[R::TABLE as u8])? {
            let (key, value) = entry?;
            let row = decode_key::<R>(key).and_then(|id| Ok((id, decode::<R>(key, value)?)));
            all.push(row.map_err(|Malformed| self.damaged(key))?);
        }
        Ok(all)
    }

    /// The rows of a table whose keys begin so, in the order of their keys.
    pub(super) fn beginning<R: Row>(&self, txn: &RoTxn<'_>, start: &[u8]) -> Result<Vec<R>, Fault> {
        let start = [&[R::TABLE as u8][..], start].concat();
        let mut found = Vec::new();
        for entry in self.rows.prefix_iter(txn, &start)? {
            let (key, value) = entry?;
            found.push(decode::<R>(key, value).map_err(|Malformed| self.damaged(key))?);
        }
        Ok(found)
    }

    /// The rows of one table that go with an owner.
    pub(super) fn owned<R: Row>(&self, txn: &RoTxn<'_>, owner: Owner) -> Result<Vec<(R::Key, R)>, Fault> {
        let mut owned = Vec::new();
        for key in self.linked(txn, owner, Some(R::TABLE))? {
            let id = decode_key::<R>(&key).map_err(|Malformed| self.damaged(&key))?;
            // What a link leads to is written and removed with it.
            owned.push((id, self.get(txn, id)?.ok_or_else(|| self.damaged(&key))?));
        }
        Ok(owned)
    }

    /// The keys of all rows that go with an owner, or of those of one table.
    pub(super) fn linked(&self, txn: &RoTxn<'_>, owner: Owner, table: Option<Table>) -> Result<Vec<Vec<u8>>, Fault> {
        let mut keys = Vec::new();
        for entry in self.rows.prefix_iter(txn, &link_prefix(owner, table))? {
            let (key, value) = entry?;
            let row = check(key, value).ok().and_then(|_| linked_row(key));
            keys.push(row.ok_or_else(|| self.damaged(key))?.to_vec());
        }
        Ok(keys)
    }

    /// How many rows of one table go with an owner.
    pub(super) fn count(&self, txn: &RoTxn<'_>, owner: Owner, table: Table) -> Result<usize, Fault> {
        let mut links = self.rows.prefix_iter(txn, &link_prefix(owner, Some(table)))?;
        links.try_fold(0, |count, link| link.map(|_| count + 1)).map_err(Fault::from)
    }

    /// Whether nothing of a table goes with an owner.
    pub(super) fn owns_nothing(&self, txn: &RoTxn<'_>, owner: Owner, table: Table) -> Result<bool, Fault> {
        Ok(self.rows.prefix_iter(txn, &link_prefix(owner, Some(table)))?.next().transpose()?.is_none())
    }

    /// Checks every row of every table.
    pub(super) fn check_all(&self, txn: &RoTxn<'_>) -> Result<(), Fault> {
        for entry in self.rows.iter(txn)? {
            let (key, value) = entry?;
            check(key, value).map_err(|Malformed| self.damaged(key))?;
        }
        Ok(())
    }

    /// That a row is not what was written.
    pub(super) fn damaged(&self, key: &[u8]) -> Fault {
        let table = key.first().and_then(|number| Table::from_number(*number));
        let what = table.map_or_else(|| "a row of an unknown kind".to_owned(), |table| format!("a row of {table:?}"));
        ReadError::Damaged { what, file: self.file.to_path_buf() }.into()
    }

    /// What LMDB said of a read.
    pub(super) fn unreadable(&self, error: &heed::Error) -> ReadError {
        ReadError::Failed { file: self.file.to_path_buf(), reason: error.to_string() }
    }
}
