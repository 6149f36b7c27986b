//! What a store promises, for every engine, and what the embedded one adds.

mod behaviour;
mod opening;
mod random;
mod restart;
mod support;
