//! What `birdbox balance` asks: how many profiles of Tweet Binder Apps may get, and got.

use std::io;

use model::{AppId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{RegisteredApp, Store};

use super::{Limits, LimitsError};
use crate::config::Profiles;

/// How a balance changes. What is not there stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BalanceChange {
    /// The profiles of each month.
    pub total: Option<Total>,
    /// Those that were got in this month.
    pub used: Option<u64>,
}

/// Where a total comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Total {
    /// The configuration.
    Default,
    /// This number.
    Of(u64),
}

impl std::str::FromStr for Total {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "default" => Ok(Self::Default),
            number => match number.parse() {
                Ok(number @ ..=Profiles::MOST) => Ok(Self::Of(number)),
                _ => Err("give a whole number from 0 to 1000000000000, or default"),
            },
        }
    }
}

/// The balance of an App.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceRow {
    /// Whose.
    pub app: u64,
    /// Its name.
    pub name: String,
    /// Whether the total was set for this App.
    pub is_set: bool,
    /// Profiles of a month.
    pub total: u64,
    /// Those that were got in this one.
    pub used: u64,
    /// Those that are left.
    pub available: u64,
    /// When the month ends, in seconds since 1970.
    pub finished_at: i64,
}

/// The balances of all Apps, or of one.
pub(super) fn show(
    limits: &Limits,
    store: &Store,
    app: Option<u64>,
    now: Timestamp,
) -> Result<Vec<BalanceRow>, LimitsError> {
    let Some(app) = app else {
        return Ok(store.identity().apps().iter().map(|app| row(limits, app, now)).collect());
    };
    let found = store.identity().app(AppId::new(app)).ok_or(LimitsError::UnknownApp { app })?;
    Ok(vec![row(limits, &found, now)])
}

/// Changes the balance of an App.
pub(super) fn set(
    limits: &Limits,
    store: &Store,
    app: u64,
    change: BalanceChange,
    now: Timestamp,
) -> Result<(), LimitsError> {
    let id = AppId::new(app);
    store.identity().app(id).ok_or(LimitsError::UnknownApp { app })?;
    let failed =
        |error: io::Error| LimitsError::Store { reason: format!("the file balances cannot be written: {error}") };
    let balances = limits.balances();
    match change.total {
        None => {}
        Some(Total::Default) => balances.set_total(id, None).map_err(failed)?,
        Some(Total::Of(total)) => balances.set_total(id, Some(total)).map_err(failed)?,
    }
    change.used.map_or(Ok(()), |used| balances.set_used(id, used, now).map_err(failed))
}

fn row(limits: &Limits, app: &RegisteredApp, now: Timestamp) -> BalanceRow {
    let balance = limits.balances().get(app.app.id, now);
    BalanceRow {
        app: app.app.id.get(),
        name: app.app.name.clone(),
        is_set: balance.is_set,
        total: balance.total,
        used: balance.used,
        available: balance.available(),
        finished_at: balance.finished_at.unix_seconds(),
    }
}
