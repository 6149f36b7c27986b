//! Birdbox: a server that answers X API users lookup, and its command line.

#![forbid(unsafe_code)]

pub mod admin;
pub mod cli;
pub mod config;
pub mod import;
pub mod serve;
mod suggest;
