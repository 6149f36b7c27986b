//! What is wrong with a line of a file of follows, in words for the person who holds it.

use thiserror::Error;

/// Why a line is not read, and so nothing of its file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line} is {text:?}: {problem}")]
pub struct EdgeError {
    /// Its number, from 1.
    pub line: u64,
    /// How it begins.
    pub text: String,
    /// What is wrong.
    pub problem: EdgeProblem,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EdgeProblem {
    /// A field is no id.
    #[error(
        "{field:?} is no id, which has 1 to 19 digits; name the columns that hold ids, for example with --columns 1,2"
    )]
    NoId {
        /// The field.
        field: String,
    },
    /// A column that was named is not there.
    #[error("it has {has} columns and --columns names column {wanted}; name two that are there")]
    TooFew {
        /// How many there are.
        has: usize,
        /// Which was named, from 1.
        wanted: usize,
    },
    /// There is one column, or none.
    #[error("two ids are expected, in two columns, and there are not so many")]
    Single,
    /// Both columns that were named are the same.
    #[error("both ids are said to be in column {column}; name two columns")]
    Same {
        /// Its place, from 1.
        column: usize,
    },
    /// It is not said which columns hold ids.
    #[error(
        "it has {has} columns; name the two that hold ids with --direction and --columns, for example --columns 1,2"
    )]
    TooMany {
        /// How many there are.
        has: usize,
    },
    /// The first line names no such column.
    #[error("it names no column {name:?}; name two that it names, or give their numbers")]
    NoColumn {
        /// The column.
        name: String,
    },
    /// A quotation mark without its other.
    #[error("a quotation mark is not closed on this line; give each record one line")]
    OpenQuote,
}

/// So much of a line is shown, in bytes.
const SHOWN: usize = 80;

impl EdgeError {
    pub(super) fn new(line: u64, bytes: &[u8], problem: EdgeProblem) -> Self {
        let shown = bytes.trim_ascii().get(..SHOWN).unwrap_or(bytes.trim_ascii());
        Self { line, text: String::from_utf8_lossy(shown).into_owned(), problem }
    }
}

impl EdgeProblem {
    /// Of a field that is no id.
    #[must_use]
    pub fn no_id(field: &[u8]) -> Self {
        let shown = field.get(..SHOWN).unwrap_or(field);
        Self::NoId { field: String::from_utf8_lossy(shown).into_owned() }
    }
}
