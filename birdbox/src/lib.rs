//! Birdbox: a server that answers X API users lookup, and its command line.

#![forbid(unsafe_code)]

pub mod config;
pub mod http;
mod suggest;
