//! Forgetting what has expired, and what would be too much. Until then nothing that has
//! expired is taken.

use heed::RoTxn;
use model::Timestamp;

use super::Identity;
use super::fault::{Fault, IdentityError};
use super::index::Indexed;
use super::tables::Tables;
use super::work::Work;
use crate::embedded::codec::Malformed;
use crate::embedded::codec::identity::{Owner, Row, Table, check, is_due, linked_row};

/// How much is forgotten in one transaction, so that others need not wait long.
const AT_ONCE: usize = 512;

impl Identity<'_> {
    /// Forgets tokens, codes and sessions that are over, and says how many. They are not
    /// taken before that either.
    ///
    /// # Errors
    /// That something cannot be read or written.
    pub async fn sweep(self, now: Timestamp) -> Result<usize, IdentityError> {
        let mut swept = 0;
        loop {
            // Mostly there is nothing to do, and then nobody waits for the writer.
            if self.read(|tables, txn| due(tables, txn, now))?.is_empty() {
                return Ok(swept);
            }
            swept += self
                .change(move |work| {
                    let due = due(&work.tables, &work.txn, now)?;
                    due.iter().try_for_each(|(expiry, row)| work.expire(expiry, row))?;
                    Ok(due.len())
                })
                .await?;
        }
    }
}

/// Makes room for one more row of a kind that goes with an owner. Where there are `most`, an
/// eighth of them goes, those that end first: so that looking for them is rare.
///
/// unverified(kept-tokens): X publishes no numbers.
pub(super) fn make_room<R: Row + Indexed>(work: &mut Work<'_, '_>, owner: Owner, most: usize) -> Result<(), Fault> {
    if work.tables.count(&work.txn, owner, R::TABLE)? < most {
        return Ok(());
    }
    let mut rows = work.owned::<R>(owner)?;
    rows.sort_by_key(|(_, row)| row.expires_at());
    rows.into_iter().take(most / 8).try_for_each(|(key, _)| work.remove::<R>(key).map(|_| ()))
}

/// The stored keys of an expiry and of the row that it leads to.
type Due = (Vec<u8>, Vec<u8>);

/// The first expiries that are due.
fn due(tables: &Tables, txn: &RoTxn<'_>, now: Timestamp) -> Result<Vec<Due>, Fault> {
    let mut due = Vec::new();
    for entry in tables.rows.prefix_iter(txn, &[Table::Expiries as u8])?.take(AT_ONCE) {
        let (key, value) = entry?;
        let row = check(key, value).and_then(|_| linked_row(key).ok_or(Malformed));
        let row = row.map_err(|Malformed| tables.damaged(key))?;
        if !is_due(key, now) {
            break;
        }
        due.push((key.to_vec(), row.to_vec()));
    }
    Ok(due)
}
