//! What `birdbox limits` asks, and the answers; both travel over `admin.sock`.

use std::cmp::Reverse;

use model::{AppId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::{Bucket, OpenWindow, Store, Subject};
use thiserror::Error;
use xapi::operation::OPERATIONS;
use xapi::{Operation, RateLimits};

use super::balance::{self, BalanceChange, BalanceRow};
use super::{Change, Limits, Source};
use crate::config::{LimitsMode, Setting as _};
use crate::suggest;

/// Windows that one answer shows; those with the fewest requests left out.
const MOST_SHOWN: usize = 1000;

/// Something to do. Operations go by their names; none means all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Verb {
    /// Tell the limits and the windows that are open.
    Show {
        /// Of which operations.
        operations: Vec<String>,
        /// Of which caller; none means all.
        caller: Option<CallerKey>,
    },
    /// Change limits, at once and for good.
    Set {
        /// Of which operations.
        operations: Vec<String>,
        /// How.
        change: Change,
    },
    /// Change which limits hold, at once and for good.
    SetMode {
        /// `faithful`, `off` or a factor such as `x10`; none goes back to the configuration.
        mode: Option<String>,
    },
    /// Tell how many profiles of Tweet Binder Apps may get in this month, and got.
    Balances {
        /// Of which App; none means all.
        app: Option<u64>,
    },
    /// Change the balance of an App, at once.
    SetBalance {
        /// Of which.
        app: u64,
        /// How.
        change: BalanceChange,
    },
    /// Forget what was counted.
    Reset {
        /// Of which operations.
        operations: Vec<String>,
        /// Of which caller; none means all.
        caller: Option<CallerKey>,
    },
}

/// On whose account requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallerKey {
    /// An App.
    App(u64),
    /// A user.
    User(u64),
}

impl CallerKey {
    const fn subject(self) -> Subject {
        match self {
            Self::App(id) => Subject::App(AppId::new(id)),
            Self::User(id) => Subject::User(UserId::new(id)),
        }
    }

    const fn of(subject: Subject) -> Self {
        match subject {
            Subject::App(app) => Self::App(app.get()),
            Subject::User(user) => Self::User(user.get()),
        }
    }
}

/// What became of a verb.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// To [`Verb::Show`], [`Verb::Set`] and [`Verb::SetMode`].
    Shown(Shown),
    /// To [`Verb::Balances`] and [`Verb::SetBalance`].
    Balances(Vec<BalanceRow>),
    /// To [`Verb::Reset`].
    Reset,
}

/// The limits and the windows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Which limits hold: `limits.mode`.
    pub mode: String,
    /// A row for each operation.
    pub rows: Vec<Row>,
    /// The windows that are open, those with the most requests first.
    pub windows: Vec<Counted>,
    /// How many more there are.
    pub more: usize,
    /// Until when, in seconds since 1970, a power loss makes all other windows count as spent.
    pub spent_until: Option<i64>,
}

/// The limits that hold for an operation, where callers are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its name.
    pub operation: String,
    /// Per App.
    pub app: Option<u32>,
    /// Per user.
    pub user: Option<u32>,
}

/// A window that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The name of its operation.
    pub operation: String,
    /// Whose it is.
    pub caller: CallerKey,
    /// Requests that were counted.
    pub used: u32,
    /// Requests that are left.
    pub left: u32,
    /// When it ends, in seconds since 1970.
    pub reset: i64,
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum LimitsError {
    /// There is no such operation.
    #[error("OPERATION: there is no operation {name}; {advice}")]
    UnknownOperation {
        /// As it was typed.
        name: String,
        /// What to do instead.
        advice: String,
    },
    /// There is no such App.
    #[error("APP: there is no App {app}; `birdbox app list` shows all")]
    UnknownApp {
        /// Its id.
        app: u64,
    },
    /// There is no such mode.
    #[error("MODE: {given:?} is none; {advice}")]
    Mode {
        /// As it was typed.
        given: String,
        /// What to do instead.
        advice: String,
    },
    /// Files could not be read or written.
    #[error("{reason}")]
    Store {
        /// What is wrong.
        reason: String,
    },
}

impl LimitsError {
    /// Whether asking for something else would help.
    #[must_use]
    pub fn is_input(&self) -> bool {
        match self {
            Self::UnknownOperation { .. } | Self::UnknownApp { .. } | Self::Mode { .. } => true,
            Self::Store { .. } => false,
        }
    }
}

/// Does what `verb` says.
///
/// # Errors
/// [`LimitsError`]; nothing was changed then.
pub fn run(source: &Source, store: &Store, verb: Verb, now: Timestamp) -> Result<Done, LimitsError> {
    let failed = |error: store::OpenError| LimitsError::Store { reason: error.to_string() };
    let limits = source.get(store.data_dir(), now).map_err(failed)?;
    match verb {
        Verb::Show { operations, caller } => Ok(Done::Shown(show(&limits, &named(&operations)?, caller, now))),
        Verb::Set { operations, change } => {
            let operations = named(&operations)?;
            limits.set(store.data_dir(), &operations, change).map_err(failed)?;
            let rows = rows(&limits, &operations);
            Ok(Done::Shown(told(&limits, rows)))
        }
        Verb::SetMode { mode } => {
            limits.set_mode(store.data_dir(), mode.map(|text| parse_mode(&text)).transpose()?).map_err(failed)?;
            let rows = rows(&limits, &named(&[])?);
            Ok(Done::Shown(told(&limits, rows)))
        }
        Verb::Balances { app } => Ok(Done::Balances(balance::show(&limits, store, app, now)?)),
        Verb::SetBalance { app, change } => {
            balance::set(&limits, store, app, change, now)?;
            Ok(Done::Balances(balance::show(&limits, store, Some(app), now)?))
        }
        Verb::Reset { operations, caller } => {
            reset(&limits, &operations, caller, now)?;
            Ok(Done::Reset)
        }
    }
}

/// Limits without windows.
fn told(limits: &Limits, rows: Vec<Row>) -> Shown {
    Shown { mode: limits.mode().to_string(), rows, windows: Vec::new(), more: 0, spent_until: None }
}

fn parse_mode(text: &str) -> Result<LimitsMode, LimitsError> {
    LimitsMode::parse(text).ok_or_else(|| LimitsError::Mode { given: text.to_owned(), advice: LimitsMode::expected() })
}

fn named(names: &[String]) -> Result<Vec<&'static Operation>, LimitsError> {
    if names.is_empty() {
        return Ok(OPERATIONS.iter().collect());
    }
    names.iter().map(|name| Operation::named(name).ok_or_else(|| unknown(name))).collect()
}

fn unknown(name: &str) -> LimitsError {
    let nearest = suggest::nearest(name, OPERATIONS.iter().map(|row| row.name.to_owned()));
    let advice = match nearest {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => "`birdbox limits show` lists all".to_owned(),
    };
    LimitsError::UnknownOperation { name: name.to_owned(), advice }
}

fn show(limits: &Limits, operations: &[&'static Operation], caller: Option<CallerKey>, now: Timestamp) -> Shown {
    let asked = |operation: &Operation| operations.iter().any(|row| row.id == operation.id);
    let fits = |key| caller.is_none_or(|caller| caller == key);
    let (windows, more) = open_windows(limits, fits, asked, MOST_SHOWN, now);
    let spent_until = limits.ledger.spent_until(now).map(Timestamp::unix_seconds);
    Shown { mode: limits.mode().to_string(), rows: rows(limits, operations), windows, more, spent_until }
}

/// The windows that are open and fit, up to `most` of those with the most requests, and how many
/// more there are.
#[must_use]
pub fn open_windows(
    limits: &Limits,
    fits: impl Fn(CallerKey) -> bool,
    is_asked: impl Fn(&Operation) -> bool,
    most: usize,
    now: Timestamp,
) -> (Vec<Counted>, usize) {
    let mut windows = limits.windows(|subject| fits(CallerKey::of(subject)), now);
    windows.retain(|(operation, _)| is_asked(operation));
    windows.sort_unstable_by_key(|(operation, window)| {
        (Reverse(window.used), operation.name, CallerKey::of(window.subject))
    });
    let more = windows.len().saturating_sub(most);
    windows.truncate(most);
    let counted = |(operation, window): (&'static Operation, OpenWindow)| Counted {
        operation: operation.name.to_owned(),
        caller: CallerKey::of(window.subject),
        used: window.used,
        left: limits.limit(operation, window.subject).unwrap_or(u32::MAX).saturating_sub(window.used),
        reset: window.reset.unix_seconds(),
    };
    (windows.into_iter().map(counted).collect(), more)
}

fn rows(limits: &Limits, operations: &[&'static Operation]) -> Vec<Row> {
    let row = |operation: &&'static Operation| {
        let RateLimits { per_app, per_user } = limits.limits_of(operation);
        Row { operation: operation.name.to_owned(), app: per_app, user: per_user }
    };
    operations.iter().map(row).collect()
}

fn reset(limits: &Limits, operations: &[String], caller: Option<CallerKey>, now: Timestamp) -> Result<(), LimitsError> {
    let rows = named(operations)?;
    match caller {
        None if operations.is_empty() => limits.ledger.reset_all(),
        None => {
            let open = limits.windows(|_| true, now).into_iter();
            for (operation, window) in open.filter(|(operation, _)| rows.iter().any(|row| row.id == operation.id)) {
                limits.ledger.reset(Bucket::new(operation.name, window.subject), now);
            }
        }
        // Also without an open window: a power loss may have spent it.
        Some(caller) => {
            rows.iter().for_each(|row| limits.ledger.reset(Bucket::new(row.name, caller.subject()), now));
        }
    }
    Ok(())
}
