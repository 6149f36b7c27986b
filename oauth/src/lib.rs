//! Credentials as pure functions: what tokens look like, how they are derived and
//! how they are looked up.
//!
//! Nothing here reads a clock, a disk or a random source; keys, times and random bytes
//! are arguments.

#![forbid(unsafe_code)]

pub mod bearer;
pub mod derive;
mod digest;
pub mod password;
pub mod seal;
pub mod token;

pub use digest::{TokenDigest, digest};
