//! The HTTP edge over real sockets, with a handler that tells what it was given.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod browsers;
mod encoding;
mod framing;
mod harness;
mod hosts;
mod limits;
mod mutations;
mod pages;
mod stopping;
mod timeouts;
