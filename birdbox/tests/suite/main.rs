//! Tests of the whole server, in one program.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod cases;
mod document;
mod harness;
mod large_import;
mod limits;
mod metrics;
mod oauth;
mod recorded;
mod roundtrip;
mod sample;
