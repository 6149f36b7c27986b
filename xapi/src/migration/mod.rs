//! From a request of API v1.1 to the requests of API v2 that give the same data.
//!
//! [`plan`](plan()) answers for one request, [`markdown`] prints the whole table. Nothing here is
//! sent: shells, headers and signatures are the caller's.

mod error;
mod page;
mod plan;
mod table;
mod who;

pub use error::MigrationError;
pub use page::markdown;
pub use plan::{Plan, Step, plan};
pub use table::{
    By, ENDPOINTS, Endpoint, GENERAL, Means, Member, Parameter, Part, STATUS_GONE, STATUS_MEMBERS, STATUS_NEW, Shown,
    USER_GONE, USER_MEMBERS, USER_NEW, Work,
};

#[cfg(test)]
mod tests;
