//! Credentials as pure functions: what tokens look like, how they are derived and
//! how they are looked up.
//!
//! For now this is the app-only bearer token. Nothing here reads a clock, a disk
//! or a random source; keys are arguments.

#![forbid(unsafe_code)]

pub mod bearer;
mod digest;
pub mod oauth1;

pub use digest::TokenDigest;
