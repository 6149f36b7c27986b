//! Which signed requests verify and which do not: the documented examples, tables of what
//! clients and attackers send, and comparisons with an independent implementation.
//!
//! `cfg(test)` is always set here; it tells the lints that helpers are test code too.

#[cfg(test)]
mod accepted;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod sent;
