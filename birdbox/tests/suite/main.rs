//! Tests of the whole server, in one program.

mod cases;
mod harness;
mod recorded;
mod sample;
