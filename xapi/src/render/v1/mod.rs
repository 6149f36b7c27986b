//! Objects of API v1.1 as bytes.
//!
//! Written by hand in the order in which X writes the members. What records hold is escaped
//! as API v2 has it; it is put into the escapes of v1.1 while it is copied.

mod entities;
mod friendship;
mod list;
mod scan;
mod status;
mod text;
mod user;

use model::Timestamp;

use super::time_in_id;

pub use self::friendship::{V1Friendship, write_v1_friendship, write_v1_friendships};
pub use self::list::{write_v1_ids, write_v1_list};
pub use self::status::{V1Status, v1_retweeted_author};
pub(crate) use self::text::text_into;
pub use self::user::{V1Room, V1User, V1View, write_v1_user, write_v1_users};

/// Appends a number.
fn number(value: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// When an account or a post was made of which nobody has said it.
///
/// unverified(v1-defaults): where the id does not say it either, at the beginning of 1970.
fn born(id: u64) -> Timestamp {
    time_in_id(id).unwrap_or_else(|| Timestamp::from_unix_ms(0))
}

/// Appends a truth value.
fn flag(value: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}
