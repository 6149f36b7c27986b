//! Why a request of API v1.1 has no counterpart.

use std::fmt;

use super::table::{ENDPOINTS, Endpoint};

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MigrationError {
    /// The path is not in the table.
    UnknownEndpoint {
        /// The path.
        path: String,
    },
    /// The endpoint has other methods.
    WrongMethod {
        /// Its path.
        path: &'static str,
        /// Its methods.
        methods: String,
    },
    /// No parameter names a user.
    NoUser {
        /// The endpoint.
        path: &'static str,
        /// The parameters, one of which is needed.
        needed: &'static str,
    },
    /// The value of a parameter cannot be read.
    BadValue {
        /// The parameter.
        parameter: &'static str,
        /// Its value.
        value: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A list names more than a hundred users.
    TooMany {
        /// The parameter.
        parameter: &'static str,
        /// How many it names.
        count: usize,
    },
}

impl fmt::Display for MigrationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownEndpoint { path } => {
                let known: Vec<_> = ENDPOINTS.iter().map(|Endpoint { path, .. }| *path).collect();
                write!(f, "{path:?} has no counterpart here; known are /1.1/ and {}", known.join(", "))
            }
            Self::WrongMethod { path, methods } => write!(f, "{path} is called with {methods}; give that method"),
            Self::NoUser { path, needed } => write!(f, "{path} wants to know of whom; add {needed}"),
            Self::BadValue { parameter, value, wanted } => write!(f, "{parameter}: {value:?} is not {wanted}"),
            Self::TooMany { parameter, count } => {
                write!(f, "{parameter} names {count} users; a request of v1.1 may name 100")
            }
        }
    }
}

impl std::error::Error for MigrationError {}
