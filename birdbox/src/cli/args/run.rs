//! The grammar of `birdbox run` and `birdbox doctor`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::Form;
use crate::admin::UserKey;
use crate::config::Flag;

#[derive(Debug, Args)]
pub(in crate::cli) struct RunArgs {
    #[command(flatten)]
    pub(in crate::cli) program: ProgramArgs,
    /// The file for /etc/hosts, in the process that becomes the program
    #[arg(long, value_name = "FILE", hide = true)]
    pub(in crate::cli) inside_hosts: Option<PathBuf>,
    /// A port to listen on there
    #[arg(long, value_name = "PORT", hide = true)]
    pub(in crate::cli) inside_port: Vec<u16>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct DoctorArgs {
    #[command(flatten)]
    pub(in crate::cli) program: ProgramArgs,
    /// How to write the report
    #[arg(short, long, value_enum, default_value_t = Form::Text, value_name = "FORM")]
    pub(in crate::cli) output: Form,
}

/// A program, and how it is run.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct ProgramArgs {
    /// Give the program a network of its own, in which X's hosts are Birdbox (Linux)
    ///
    /// For programs that use no proxy, such as those of Node before version 24. Other hosts are reached through the
    /// proxy alone, and with --offline not at all.
    #[arg(long)]
    pub(in crate::cli) isolate: bool,
    /// Let the proxy refuse all hosts but X's
    #[arg(long)]
    pub(in crate::cli) offline: bool,
    /// The user whose tokens the program gets [default: the one of the first start]
    ///
    /// An id or a username, such as --as @TwitterDev
    #[arg(long = "as", value_name = "USER")]
    pub(in crate::cli) user: Option<UserKey>,
    /// The program and its arguments
    #[arg(value_name = "CMD", required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub(in crate::cli) command: Vec<OsString>,
}

impl ProgramArgs {
    /// What is set for a server that ends with the program: it needs no fixed port.
    pub(in crate::cli) fn flags() -> impl Iterator<Item = Flag> {
        let set = |section, key, value: &str| Flag { name: "birdbox run", section, key, value: value.to_owned() };
        [
            set("server", "listen", "127.0.0.1:0"),
            set("server", "public", "false"),
            set("server", "tls", "off"),
            set("server", "drain_timeout", "1s"),
            set("proxy", "listen", "off"),
        ]
        .into_iter()
    }
}
