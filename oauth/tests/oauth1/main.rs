//! Which signed requests verify and which do not: the documented examples, tables of what
//! clients and attackers send, and comparisons with an independent implementation.
//!
//! `cfg(test)` is always set here; it tells the lints that helpers are test code too.

#[cfg(test)]
mod accepted;
#[cfg(test)]
mod diagnosis;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod malformed;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod sent;
