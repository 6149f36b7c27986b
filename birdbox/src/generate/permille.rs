//! How many of a thousand users have something. Most accounts of the service are sparse;
//! those that people know are not.

pub(super) const BIO: u64 = 600;
pub(super) const LOCATION: u64 = 350;
pub(super) const LINK: u64 = 150;
pub(super) const PINNED: u64 = 150;
pub(super) const MOST_RECENT: u64 = 700;
pub(super) const IMAGE: u64 = 800;
pub(super) const BANNER: u64 = 300;
pub(super) const PROTECTED: u64 = 50;
pub(super) const VERIFIED: u64 = 12;
pub(super) const SUSPENDED: u64 = 15;
pub(super) const DEACTIVATED: u64 = 10;
pub(super) const WITHHELD: u64 = 1;
