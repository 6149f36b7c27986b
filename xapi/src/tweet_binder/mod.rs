//! Tweet Binder's profiles API: what it shows of an account, its own two figures, what it is asked
//! and what it answers.
//!
//! Its documentation shows the profile and names four requests; paths, envelopes and errors are
//! not published. What is chosen here is marked, and each choice is a row of COMPATIBILITY.md.

mod error;
mod gender;
mod profile;
mod reply;
mod request;
mod value;

pub use error::TweetBinderError;
pub use gender::estimate;
pub use profile::{Estimation, write_profile};
pub use reply::{Balances, Missing, write_balances, write_id_page, write_profile_page, write_profiles};
pub use request::{
    GET_USERS_INFO, IDS_A_PAGE, ListRequest, MOST_PROFILES, NEXT, Owner, PROFILES_A_PAGE, parse_aliases, parse_ids,
    parse_list,
};
pub use value::{Audience, value_in_cents};
