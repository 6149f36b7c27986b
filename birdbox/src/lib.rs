//! Birdbox: a server that answers X API users lookup, and its command line.

#![forbid(unsafe_code)]

pub mod admin;
pub mod api;
pub mod authenticate;
pub mod cli;
pub mod config;
pub mod explain;
mod export;
pub mod flows;
pub mod generate;
pub mod http;
pub mod import;
pub mod limits;
pub mod portal;
pub mod requests;
pub mod run;
mod sample;
pub mod serve;
pub mod state;
mod suggest;
pub mod tls;
pub mod usage;
