//! `birdbox run`: a program that knows X's addresses alone, as the child of this process, with
//! a server that answers it.
//!
//! [`Host`] finds the server of a data directory or starts one; [`trust`] makes the files that
//! say whom to trust; [`variables`] is what the child gets besides what this process has;
//! [`child`] runs it, and [`isolate`] keeps it in a network of its own. Nothing is written outside the data directory.

pub mod child;
mod credentials;
pub mod doctor;
mod host;
pub mod isolate;
mod keystore;
pub mod namespace;
pub mod trust;
pub mod variables;

pub use host::Host;
