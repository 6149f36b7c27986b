//! What a row says of its parameters and its reply where neither is made of the fields and
//! expansions of API v2: in v1.1 and at Tweet Binder.

/// Parameters and reply of an operation.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Plain {
    /// The parameters of its query, and of its form where it takes one.
    pub parameters: &'static [PlainParameter],
    /// What it answers.
    pub reply: PlainReply,
}

/// A parameter. None is required by itself: of the two that name a user, either will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlainParameter {
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub value: Value,
}

/// What a parameter may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Value {
    /// An id.
    Id,
    /// Up to a hundred ids.
    Ids,
    /// A username.
    Username,
    /// Up to a hundred usernames.
    Usernames,
    /// Yes or no.
    Flag,
    /// A number from 1 on.
    Number {
        /// The largest that is taken.
        most: u16,
        /// The one that stands for none.
        default: u16,
    },
    /// A number that says where a page begins.
    Cursor,
    /// A text that says where a page begins.
    Token,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of words.
    Words,
}

/// What an operation answers.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct PlainReply {
    /// The name of its schema in the OpenAPI document.
    pub schema: &'static str,
    /// A sentence about it.
    pub told: &'static str,
}
