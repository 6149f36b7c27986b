//! What a store promises, for every engine, and what the embedded one adds.
//!
//! `cfg(test)` is always set here; it tells the lints that helpers are test code too.

#[cfg(test)]
mod backup;
#[cfg(test)]
mod balances;
#[cfg(test)]
mod behaviour;
#[cfg(test)]
mod bulk;
#[cfg(test)]
mod edges;
#[cfg(test)]
mod graph;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod random;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod run;
#[cfg(test)]
mod support;
#[cfg(test)]
mod verify;
#[cfg(test)]
mod wait;
