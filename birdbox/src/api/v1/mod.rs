//! The operations of API v1.1: one user, many, whoever calls.
//!
//! As in v2: first who is asked for, then what is shown with them (`people`), then the rules.
//! What goes wrong is an error of v1.1.

mod people;
mod users;

use store::ReadError;
use xapi::V1Error;

pub(super) use self::users::show;

/// A record that cannot be read: never another's data, never a wrong "not found".
fn damaged(error: &ReadError) -> V1Error {
    tracing::error!(%error, "a record cannot be read");
    V1Error::INTERNAL_ERROR
}
