//! Tweet Binder's profiles API: what it shows of an account, and its own two figures.
//!
//! Its documentation shows the profile and names four requests; paths, envelopes and errors are
//! not published. What is chosen here is marked, and each choice is a row of COMPATIBILITY.md.

mod gender;
mod profile;
mod value;

pub use gender::estimate;
pub use profile::{Estimation, write_profile};
pub use value::{Audience, value_in_cents};
