//! Enumerations whose values have a word on the wire, in files and on the command line.

/// Makes an enum from rows of a value and its word, with `ALL`, `name` and `from_name`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$value_doc])* $value,)* }

        impl $name {
            /// Every value with its word. Records hold the position in this list, so
            /// that new values go to the end.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$value, $word)),*];

            /// Its word.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$value => $word,)* }
            }

            /// The value with this word.
            #[must_use]
            pub fn from_name(word: &str) -> Option<Self> {
                Self::ALL.iter().find(|(_, known)| *known == word).map(|(value, _)| *value)
            }
        }
    };
}

pub(crate) use words;
