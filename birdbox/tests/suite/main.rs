//! Tests of the whole server, in one program.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod callers;
mod cases;
mod document;
mod explain;
mod four_dialects;
mod harness;
mod import_beside;
mod large_import;
mod limits;
mod matrix;
mod metrics;
mod migration;
mod oauth;
mod portal;
#[path = "../record/mod.rs"]
mod record;
mod recorded;
mod recorded_v1;
mod recorded_v1_lists;
mod roundtrip;
mod sample;
mod secrets;
mod tls;
mod tweet_binder;
