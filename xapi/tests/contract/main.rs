//! The contract as people meet it: requests and what they are answered, without a
//! server and without a store.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod any_request;
mod refusals;
mod replies;
mod request;
