//! The two lists that follows make of a user.

use std::ops::{Index, IndexMut};

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

/// Something of each of a user's two lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Both<T> {
    /// Of the list of those whom the user follows.
    pub following: T,
    /// Of the list of those who follow the user.
    pub followers: T,
}

impl<T> Both<T> {
    /// What `of` says of each.
    pub fn of(mut of: impl FnMut(Direction) -> T) -> Self {
        Self { following: of(Direction::Following), followers: of(Direction::Followers) }
    }

    /// The same for each, the one of [`Direction::Following`] first.
    pub fn map<U>(self, mut map: impl FnMut(T) -> U) -> Both<U> {
        Both { following: map(self.following), followers: map(self.followers) }
    }

    /// Each, the one of [`Direction::Following`] first.
    pub fn each(&self) -> [&T; 2] {
        [&self.following, &self.followers]
    }

    /// Each, the one of [`Direction::Following`] first.
    pub fn each_mut(&mut self) -> [&mut T; 2] {
        [&mut self.following, &mut self.followers]
    }
}

impl<T> Index<Direction> for Both<T> {
    type Output = T;

    fn index(&self, direction: Direction) -> &T {
        match direction {
            Direction::Following => &self.following,
            Direction::Followers => &self.followers,
        }
    }
}

impl<T> IndexMut<Direction> for Both<T> {
    fn index_mut(&mut self, direction: Direction) -> &mut T {
        match direction {
            Direction::Following => &mut self.following,
            Direction::Followers => &mut self.followers,
        }
    }
}
