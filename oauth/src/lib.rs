//! Credentials as pure functions: what tokens look like, how they are derived, sealed and
//! looked up, the signatures of OAuth 1.0a and the rules of OAuth 2.0.
//!
//! Nothing here reads a clock, a disk or a random source; keys, times and random bytes
//! are arguments.

#![forbid(unsafe_code)]

pub mod basic;
pub mod bearer;
pub mod derive;
mod digest;
pub mod oauth1;
pub mod oauth2;
pub mod password;
pub mod seal;
pub mod token;

pub use digest::digest;
