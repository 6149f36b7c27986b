//! How much of a record is read.

/// How much of each user a lookup reads. Users lie anywhere on the disk, so that what is not
/// read is not waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// [`id`](model::UserRef::id), name, username, state, and
    /// what is true or false of a user: all that a reply with the default fields needs. The other
    /// members may be absent.
    Core,
    /// All members.
    #[default]
    Full,
}
