//! What people and their tools are told of operations: every input with its range, default and
//! meaning, an example that the sample answers, and every error.
//!
//! Reference pages, the Postman collection and links into the explorer read it. Nothing of it is
//! needed to answer a request.

pub mod errors;
mod example;
mod input;
mod meaning;
pub mod postman;

pub use example::{OWNER, example};
pub use input::request;
