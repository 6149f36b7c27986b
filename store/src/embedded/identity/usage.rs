//! What Apps used of the API, by days.

use model::{AppId, Day, DayOfApp};

use super::Identity;
use super::fault::IdentityError;
use crate::ReadError;

impl Identity<'_> {
    /// Adds to what Apps used, all of it or nothing. What expires at which time each says itself; the
    /// latest word counts.
    ///
    /// # Errors
    /// That nothing can be written.
    pub async fn add_usage(self, used: Vec<DayOfApp>) -> Result<(), IdentityError> {
        self.change(move |work| {
            for more in &used {
                let key = (more.day, more.app);
                let known: Option<DayOfApp> = work.get(key)?;
                let mut row = DayOfApp { operations: Vec::new(), ..more.clone() };
                let known = known.map(|known| known.operations).unwrap_or_default();
                known.iter().chain(&more.operations).for_each(|(operation, used)| row.add(operation, *used));
                work.put(key, &row)?;
            }
            Ok(())
        })
        .await
    }

    /// What was used on a day, by all Apps or by these alone.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn usage_of(self, day: Day, apps: Option<&[AppId]>) -> Result<Vec<DayOfApp>, ReadError> {
        self.read(|tables, txn| match apps {
            None => tables.beginning(txn, &day.get().to_be_bytes()),
            Some(apps) => {
                let rows = apps.iter().map(|app| tables.get(txn, (day, *app)));
                rows.filter_map(Result::transpose).collect()
            }
        })
    }
}
