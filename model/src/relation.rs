//! What lies between two users.

/// What connects one user with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is independent of the others")]
pub struct Relation {
    /// The one follows the other.
    pub following: bool,
    /// The other follows the one.
    pub followed_by: bool,
    /// The one waits to be accepted by the other.
    pub follow_request_sent: bool,
    /// The other waits to be accepted by the one.
    pub follow_request_received: bool,
    /// The one blocks the other.
    pub blocking: bool,
    /// The other blocks the one.
    pub blocked_by: bool,
    /// The one mutes the other.
    pub muting: bool,
}
