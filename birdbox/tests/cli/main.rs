//! The command line, run as people run it: the real program in a directory of its own.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

mod archive;
mod arguments;
mod balance;
mod beside;
mod care;
mod configuration;
mod edges;
mod explain;
mod export;
mod generate;
mod identity;
mod import;
mod limits;
mod migrate;
mod parquet;
mod place;
mod postman;
#[path = "../record/mod.rs"]
mod record;
mod requests;
mod run;
mod tls;
mod user;
