//! Who follows whom: two lists for each user, in layers as the users are.
//!
//! A list has slots, numbered in the order in which follows came. A slot holds the ordinal of
//! the other user or is a hole, and never changes its number. What was merged lies in
//! [`Lists`](super::segment::Lists), what came since in the layers above it: each has for a
//! list a **tail** of new slots, and the ordinals whose older slots are **dead**. Slots
//! between the end of one layer and the tail of the next are holes.

mod among;
mod changes;
mod delta;
mod layers;
mod live;
mod merge;
mod run;
mod survey;
mod walk;

pub(super) use self::delta::ListsDelta;
pub(crate) use self::layers::ListCounts;
pub(super) use self::layers::ListLayers;
pub(super) use self::merge::merge;
pub(super) use self::run::{ListsRun, UnsortedLists};
