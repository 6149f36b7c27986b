//! Rate limits at run time: which numbers hold, and whether a caller has any requests left.
//!
//! The numbers come from the rows of `xapi`, then the configuration, then what was set beside
//! the running server. The ledger of `store` counts.

mod balance;
mod change;
mod protocol;
mod set;

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use model::Timestamp;
use store::{Allowance, Balances, Bucket, DataDir, Ledger, LedgerOptions, LedgerStart, OpenError, OpenWindow, Subject};
use xapi::operation::{OPERATIONS, WINDOW_SECONDS};
use xapi::{Operation, RateLimits};

pub use self::balance::{BalanceChange, BalanceRow, Total};
pub use self::change::{Change, InvalidChange, Number};
pub use self::protocol::{CallerKey, Counted, Done, LimitsError, Row, Shown, Verb, open_windows, run};
use self::set::Set;
use crate::config::{LimitsMode, OperationLimits};

// The contract and the ledger speak of the same windows.
const _: () = assert!(WINDOW_SECONDS == store::WINDOW_SECONDS, "the ledger has windows of another length");

/// What rate limits are to be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Which limits hold.
    pub mode: LimitsMode,
    /// How much the ledger can hold.
    pub ledger: LedgerOptions,
    /// The numbers of the configuration.
    pub operations: OperationLimits,
    /// The profiles of Tweet Binder that an App may get in a month, unless its own number is set.
    pub monthly_profiles: u64,
}

impl Default for Settings {
    /// Those of X.
    fn default() -> Self {
        let (ledger, operations) = (LedgerOptions::default(), OperationLimits::default());
        Self { mode: LimitsMode::Faithful, ledger, operations, monthly_profiles: 100_000 }
    }
}

/// The limits of a data directory.
#[derive(Debug)]
pub struct Limits {
    ledger: Ledger,
    balances: Balances,
    settings: Settings,
    /// What was set beside the server; held while it is written.
    set: Mutex<Set>,
    /// The numbers that hold, in the order of the operations: per App, per user.
    numbers: Vec<[AtomicU64; 2]>,
}

/// Stands for no limit among numbers, which have 32 bits.
const NONE: u64 = u64::MAX;

impl Limits {
    /// Opens the limits of a directory.
    ///
    /// # Errors
    /// [`OpenError`] when the ledger cannot be opened or what was set cannot be read.
    pub fn open(dir: &DataDir, settings: &Settings, start: &LedgerStart) -> Result<Self, OpenError> {
        let text = dir.limits()?;
        let (set, bad) = Set::read(&text);
        if let Some(line) = bad.first() {
            tracing::warn!(
                "{} of the file limits in the data directory cannot be read, such as {line:?}; what was set there does not hold: look with birdbox limits show",
                if bad.len() == 1 { "a line" } else { "some lines" }
            );
        }
        let limits = Self {
            ledger: Ledger::open(dir, &settings.ledger, start)?,
            balances: Balances::open(dir, settings.monthly_profiles)?,
            settings: settings.clone(),
            set: Mutex::new(set),
            numbers: OPERATIONS.iter().map(|_| [const { AtomicU64::new(NONE) }; 2]).collect(),
        };
        limits.publish(&limits.set.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(limits)
    }

    /// Counts a request, and says whether it may go on; `None` where nothing is counted. It
    /// makes no system call.
    #[must_use]
    pub fn allow(&self, operation: &Operation, subject: Subject, now: Timestamp) -> Option<Allowance> {
        let limit = self.limit(operation, subject)?;
        Some(self.ledger.allow(Bucket::new(operation.name, subject), limit, now))
    }

    /// What is left of a caller's window; `None` where nothing is counted. Nothing is spent.
    #[must_use]
    pub fn peek(&self, operation: &Operation, subject: Subject, now: Timestamp) -> Option<Allowance> {
        let limit = self.limit(operation, subject)?;
        Some(self.ledger.peek(Bucket::new(operation.name, subject), limit, now))
    }

    /// The ledger, which also knows the nonces that were seen.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// How many profiles of Tweet Binder each App may get, and got.
    #[must_use]
    pub fn balances(&self) -> &Balances {
        &self.balances
    }

    /// The limit that holds for a caller.
    #[must_use]
    pub fn limit(&self, operation: &Operation, subject: Subject) -> Option<u32> {
        let RateLimits { per_app, per_user } = self.limits_of(operation);
        match subject {
            Subject::App(_) => per_app,
            Subject::User(_) => per_user,
        }
    }

    /// The limits that hold for an operation.
    #[must_use]
    pub fn limits_of(&self, operation: &Operation) -> RateLimits {
        let number = |number: &AtomicU64| u32::try_from(number.load(Ordering::Relaxed)).ok();
        match self.numbers.get(operation.index()) {
            Some([per_app, per_user]) => RateLimits { per_app: number(per_app), per_user: number(per_user) },
            None => RateLimits { per_app: None, per_user: None },
        }
    }

    /// Changes the limits of operations, at once and for good.
    ///
    /// # Errors
    /// When that cannot be written; then nothing has changed.
    pub fn set(&self, dir: &DataDir, operations: &[&'static Operation], change: Change) -> Result<(), OpenError> {
        self.change(dir, |set| operations.iter().for_each(|operation| set.change(operation, change)))
    }

    fn change(&self, dir: &DataDir, change: impl FnOnce(&mut Set)) -> Result<(), OpenError> {
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = set.clone();
        change(&mut next);
        dir.set_limits(&next.to_string())?;
        *set = next;
        self.publish(&set);
        Ok(())
    }

    /// Which limits hold.
    #[must_use]
    pub fn mode(&self) -> LimitsMode {
        self.set.lock().unwrap_or_else(PoisonError::into_inner).mode().unwrap_or(self.settings.mode)
    }

    /// Which limits hold by the configuration.
    #[must_use]
    pub fn configured_mode(&self) -> LimitsMode {
        self.settings.mode
    }

    /// Changes which limits hold, at once and for good; `None` goes back to the configuration.
    ///
    /// # Errors
    /// When that cannot be written; then nothing has changed.
    pub fn set_mode(&self, dir: &DataDir, mode: Option<LimitsMode>) -> Result<(), OpenError> {
        self.change(dir, |set| set.set_mode(mode))
    }

    /// Makes the numbers hold. What was set is meant as it was written; the factor is for all
    /// others.
    fn publish(&self, set: &Set) {
        let mode = set.mode().unwrap_or(self.settings.mode);
        for (operation, numbers) in OPERATIONS.iter().zip(&self.numbers) {
            let configured = self.settings.operations.of(operation);
            let limits = match mode {
                LimitsMode::Off => RateLimits { per_app: None, per_user: None },
                LimitsMode::Faithful => set.of(operation).apply_to(configured),
                LimitsMode::Times(factor) => {
                    let times = |limit: Option<u32>| limit.map(|limit| limit.saturating_mul(factor.get()));
                    let RateLimits { per_app, per_user } = configured;
                    set.of(operation).apply_to(RateLimits { per_app: times(per_app), per_user: times(per_user) })
                }
            };
            for (number, limit) in numbers.iter().zip([limits.per_app, limits.per_user]) {
                number.store(limit.map_or(NONE, u64::from), Ordering::Relaxed);
            }
        }
    }

    /// The operation and the window of each window that is open and of such a caller.
    fn windows(&self, fits: impl Fn(Subject) -> bool, now: Timestamp) -> Vec<(&'static Operation, OpenWindow)> {
        let named = |window: &OpenWindow| OPERATIONS.iter().find(|row| window.is_of(row.name));
        let open = self.ledger.windows(now).into_iter().filter(|window| fits(window.subject));
        open.filter_map(|window| Some((named(&window)?, window))).collect()
    }
}

/// Where a command finds the limits.
#[derive(Debug, Clone)]
pub enum Source {
    /// The server has them open.
    Open(Arc<Limits>),
    /// No server runs; they are opened when they are asked for.
    Closed {
        /// What they are to be like.
        settings: Settings,
        /// Which start of the machine this is.
        boot: Option<store::BootId>,
        /// Makes random bytes.
        random: fn() -> [u8; 32],
    },
}

impl Source {
    fn get(&self, dir: &DataDir, now: Timestamp) -> Result<Arc<Limits>, OpenError> {
        match self {
            Self::Open(limits) => Ok(Arc::clone(limits)),
            &Self::Closed { ref settings, boot, random } => {
                Limits::open(dir, settings, &LedgerStart { now, boot, random }).map(Arc::new)
            }
        }
    }
}

/// Which start of the machine this is, where the system tells.
#[must_use]
pub fn boot_id() -> Option<store::BootId> {
    let read: io::Result<String> = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    store::BootId::parse(&read.ok()?)
}
