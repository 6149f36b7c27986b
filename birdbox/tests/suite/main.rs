//! Tests of the whole server, in one program.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod callers;
mod cases;
mod document;
mod explain;
mod harness;
mod import_beside;
mod large_import;
mod limits;
mod matrix;
mod metrics;
mod oauth;
mod portal;
#[path = "../record/mod.rs"]
mod record;
mod recorded;
mod roundtrip;
mod sample;
mod secrets;
mod tls;
