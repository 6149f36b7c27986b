//! The scopes of OAuth 2.0 and sets of them.

use std::fmt;
use std::str::FromStr;

/// Makes the scopes from rows of their name, number, word and meaning.
macro_rules! scopes {
    ($($name:ident = $number:literal, $word:literal, $means:literal;)*) => {
        /// One thing that a user may allow an App to do. The words are X's.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Scope {
            $(#[doc = $means] $name = $number,)*
        }

        impl Scope {
            /// Every scope, in the order in which they are printed.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its word.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What it allows, for the person who is asked.
            #[must_use]
            pub const fn means(self) -> &'static str {
                match self { $(Self::$name => $means,)* }
            }
        }
    };
}

// The order is that in which a reply names scopes, whatever the order of the request.
// observed: users.read, tweet.read, offline.access. The rest is unverified(scope-order).
// The numbers are stored: a new row takes the next, wherever it stands.
scopes! {
    TweetWrite = 0, "tweet.write", "Post and delete Posts for you.";
    TweetModerateWrite = 1, "tweet.moderate.write", "Hide and unhide replies to your Posts.";
    UsersRead = 2, "users.read", "See any account that you can see, including protected ones.";
    UsersEmail = 3, "users.email", "See your email address.";
    TweetRead = 4, "tweet.read", "See all Posts that you can see, including those of protected accounts.";
    TimelineRead = 5, "timeline.read", "See your timelines.";
    FollowsRead = 6, "follows.read", "See who follows you and whom you follow.";
    FollowsWrite = 7, "follows.write", "Follow and unfollow people for you.";
    MuteRead = 8, "mute.read", "See whom you muted.";
    MuteWrite = 9, "mute.write", "Mute and unmute people for you.";
    BlockRead = 10, "block.read", "See whom you blocked.";
    BlockWrite = 11, "block.write", "Block and unblock people for you.";
    LikeRead = 12, "like.read", "See what you liked, and likes that you can see.";
    LikeWrite = 13, "like.write", "Like and unlike Posts for you.";
    ListRead = 14, "list.read", "See your Lists, their members and their followers, including private ones.";
    ListWrite = 15, "list.write", "Make and manage Lists for you.";
    BookmarkRead = 16, "bookmark.read", "See your bookmarked Posts.";
    BookmarkWrite = 17, "bookmark.write", "Bookmark Posts, and remove bookmarks, for you.";
    DmRead = 18, "dm.read", "See your Direct Messages.";
    DmWrite = 19, "dm.write", "Send and manage Direct Messages for you.";
    SpaceRead = 20, "space.read", "See all Spaces that you can see.";
    BroadcastRead = 21, "broadcast.read", "See your broadcasts.";
    BroadcastWrite = 22, "broadcast.write", "Make and manage broadcasts for you.";
    MediaWrite = 23, "media.write", "Upload media for you.";
    OfflineAccess = 24, "offline.access", "Stay connected to your account until you revoke it.";
}

impl Scope {
    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(word: &str) -> Result<Self, UnknownScope> {
        Self::ALL.iter().copied().find(|scope| scope.name() == word).ok_or_else(|| UnknownScope(word.to_owned()))
    }
}

/// A word that is no scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownScope(pub String);

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a scope", self.0)
    }
}

impl std::error::Error for UnknownScope {}

/// A set of scopes. As text they are separated by blanks, in the order of [`Scope::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Scopes(u32);

impl Scopes {
    /// No scope.
    pub const NONE: Self = Self(0);

    /// These scopes.
    #[must_use]
    pub const fn of(scopes: &[Scope]) -> Self {
        let (mut bits, mut rest) = (0, scopes);
        while let [scope, others @ ..] = rest {
            bits |= scope.bit();
            rest = others;
        }
        Self(bits)
    }

    /// A set from its bits; bits that stand for no scope are left out.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits & Self::of(Scope::ALL).0)
    }

    /// A bit for each scope, the same in all versions.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether it has this scope.
    #[must_use]
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether it has all of the others.
    #[must_use]
    pub const fn contains_all(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// All of both.
    #[must_use]
    pub const fn union(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its scopes, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |scope| self.contains(*scope))
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    /// Reads words between blanks, in any order; a word may come twice.
    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        let words = text.split(' ').filter(|word| !word.is_empty());
        words.map(Scope::from_str).try_fold(Self::NONE, |all, scope| Ok(all.union(Self::of(&[scope?]))))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, scope) in self.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_and_words_are_distinct() {
        let words: HashSet<_> = Scope::ALL.iter().map(|scope| scope.name()).collect();
        let bits: HashSet<_> = Scope::ALL.iter().map(|scope| scope.bit()).collect();
        assert_eq!((words.len(), bits.len()), (Scope::ALL.len(), Scope::ALL.len()));
    }

    #[test]
    fn scopes_are_printed_in_the_order_of_the_server() {
        let scopes: Scopes = "offline.access  tweet.read users.read tweet.read".parse().unwrap();
        assert_eq!(scopes.to_string(), "users.read tweet.read offline.access");
        assert_eq!("tweet.red".parse::<Scopes>(), Err(UnknownScope("tweet.red".to_owned())));
        assert_eq!("".parse(), Ok(Scopes::NONE));
    }

    proptest! {
        #[test]
        fn every_set_comes_back_from_its_text_and_its_bits(bits: u32) {
            let scopes = Scopes::from_bits(bits);
            prop_assert_eq!(scopes.to_string().parse(), Ok(scopes));
            prop_assert_eq!(Scopes::from_bits(scopes.bits()), scopes);
        }
    }
}
