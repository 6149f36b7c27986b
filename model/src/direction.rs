//! The two lists that follows make of a user.

/// Which of a user's two lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Whom the user follows.
    Following = 0,
    /// Who follows the user.
    Followers = 1,
}

impl Direction {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Following, Self::Followers];

    /// The list in which the same follow stands on the other side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Following => Self::Followers,
            Self::Followers => Self::Following,
        }
    }
}
