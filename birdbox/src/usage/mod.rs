//! How much Apps use the API: counted in memory, written to the store now and then, and what it would
//! have cost at X.
//!
//! A server that is killed forgets what it counted since it wrote last, which is less than a minute.

mod prices;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use model::{AppId, Day, DayOfApp, Timestamp, Used};
use store::{IdentityError, ReadError, Store};
use tokio::time::sleep;
use xapi::Operation;
use xapi::operation::OPERATIONS;

pub use self::prices::{Cost, Prices};

/// How often it is written.
pub const INTERVAL: Duration = Duration::from_secs(20);

/// How long a write takes, mostly.
pub const WRITES: Duration = Duration::from_millis(2);

/// What was counted and is not written yet.
#[derive(Debug)]
pub struct Usage {
    /// How many days are kept; with 0 nothing is counted.
    days: u32,
    counting: Mutex<Counting>,
}

#[derive(Debug, Default)]
struct Counting {
    /// The day of `today`.
    day: Day,
    /// By the ids of operations.
    today: HashMap<AppId, Vec<Used>>,
    /// Of days that are over, and what could not be written.
    waiting: HashMap<(Day, AppId), DayOfApp>,
    /// What is on its way.
    writing: Vec<DayOfApp>,
    /// Changes when something sets out to the store.
    version: u64,
}

impl Usage {
    /// Keeps so many days; with 0 nothing is counted.
    #[must_use]
    pub fn new(days: u16) -> Self {
        Self { days: days.into(), counting: Mutex::default() }
    }

    /// How many days are kept.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.days
    }

    /// Counts what an App used of an operation.
    pub fn note(&self, app: AppId, operation: &Operation, used: Used, at: Timestamp) {
        if self.days == 0 {
            return;
        }
        let day = Day::of(at);
        let mut counting = self.counting();
        if counting.day != day {
            self.end_day(&mut counting);
            counting.day = day;
        }
        let operations = counting.today.entry(app).or_insert_with(|| vec![Used::default(); OPERATIONS.len()]);
        if let Some(known) = operations.get_mut(operation.id as usize) {
            *known = known.and(used);
        }
    }

    /// Writes what was counted. What cannot be written is tried again with the next.
    ///
    /// # Errors
    /// That nothing can be written.
    pub async fn write(&self, store: &Store) -> Result<(), IdentityError> {
        let writing = {
            let mut counting = self.counting();
            self.end_day(&mut counting);
            if counting.waiting.is_empty() || !counting.writing.is_empty() {
                return Ok(());
            }
            counting.version += 1;
            counting.writing = counting.waiting.drain().map(|(_, row)| row).collect();
            counting.writing.clone()
        };
        let written = store.identity().add_usage(writing).await;
        let mut counting = self.counting();
        let writing = std::mem::take(&mut counting.writing);
        if written.is_err() {
            writing.into_iter().for_each(|row| counting.keep(row));
        }
        written
    }

    /// Writes what was counted each time that `interval` has passed, until `stop`: never in the middle
    /// of a write, of which nobody would know then whether it was done.
    pub async fn write_every(&self, interval: Duration, store: &Store, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        loop {
            tokio::select! {
                () = stop.as_mut() => return,
                () = sleep(interval) => {}
            }
            if let Err(error) = self.write(store).await {
                tracing::warn!("what was used cannot be written, and is kept in memory: {error}");
            }
        }
    }

    /// Adds up what was used on these days, the first of them at `from`, by all Apps or by these
    /// alone: `add` gets the rows in any order, a day in memory at a time. What is not written yet is
    /// among them. Nothing while something is on its way to the store: ask again after [`WRITES`].
    /// With many Apps it takes seconds: not for a thread that answers requests.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn sum<T: Default>(
        &self,
        store: &Store,
        from: Day,
        days: u32,
        apps: Option<&[AppId]>,
        add: fn(&mut T, DayOfApp),
    ) -> Result<Option<T>, ReadError> {
        let is_asked = |row: &&DayOfApp| {
            (from..from.plus(days)).contains(&row.day) && apps.is_none_or(|apps| apps.contains(&row.app))
        };
        let Some(before) = self.at_rest() else { return Ok(None) };
        let mut sum = T::default();
        for day in 0..days {
            store.identity().usage_of(from.plus(day), apps)?.into_iter().for_each(|row| add(&mut sum, row));
        }
        let mut counting = self.counting();
        // Otherwise something set out meanwhile: it would be there twice, or not at all.
        if counting.version != before {
            return Ok(None);
        }
        self.end_day(&mut counting);
        let waiting: Vec<_> = counting.waiting.values().filter(is_asked).cloned().collect();
        drop(counting);
        waiting.into_iter().for_each(|row| add(&mut sum, row));
        Ok(Some(sum))
    }

    /// The version, while nothing is on its way: of what is, nobody knows whether it is there yet.
    fn at_rest(&self) -> Option<u64> {
        let counting = self.counting();
        counting.writing.is_empty().then_some(counting.version)
    }

    /// Puts what was counted today to what waits.
    fn end_day(&self, counting: &mut Counting) {
        let (day, today) = (counting.day, std::mem::take(&mut counting.today));
        let expires_at = day.plus(self.days).start();
        for (app, operations) in today {
            let used = |row: &Operation| operations.get(row.id as usize).copied().unwrap_or_default();
            let rows = OPERATIONS.iter().map(|row| (row.name.to_owned(), used(row)));
            let operations = rows.filter(|(_, used)| used.requests > 0).collect();
            counting.keep(DayOfApp { day, app, operations, expires_at });
        }
    }

    fn counting(&self) -> MutexGuard<'_, Counting> {
        self.counting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counting {
    /// Puts something to what waits.
    fn keep(&mut self, more: DayOfApp) {
        match self.waiting.entry((more.day, more.app)) {
            Entry::Occupied(mut known) => {
                more.operations.iter().for_each(|(operation, used)| known.get_mut().add(operation, *used));
            }
            Entry::Vacant(place) => _ = place.insert(more),
        }
    }
}

#[cfg(test)]
mod tests {
    use store::Options;
    use tokio::sync::Notify;
    use tokio::task::yield_now;

    use super::*;

    #[tokio::test]
    async fn what_is_counted_while_the_server_stops_within_a_write_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), &Options::default()).unwrap();
        let (usage, stop) = (Usage::new(30), Notify::new());
        let now = Timestamp::from_unix_ms(1_781_524_800_000);
        let note = || {
            let used = Used { requests: 1, ..Used::default() };
            usage.note(AppId::new(1), Operation::named("getUsersById").unwrap(), used, now);
        };
        let stops = async {
            while usage.counting().version == 0 {
                yield_now().await;
            }
            stop.notify_one();
            note();
        };
        note();
        tokio::join!(usage.write_every(Duration::ZERO, &store, stop.notified()), stops);
        // As the server does in the end.
        usage.write(&store).await.unwrap();
        let rows = store.identity().usage_of(Day::of(now), None).unwrap();
        let counts = rows.iter().flat_map(|row| &row.operations).map(|(_, used)| used.requests);
        assert_eq!(counts.sum::<u64>(), 2);
    }
}
