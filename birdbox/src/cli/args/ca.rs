//! The grammar of `birdbox ca`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Form;

#[derive(Debug, Args)]
pub(in crate::cli) struct CaArgs {
    #[command(subcommand)]
    pub(in crate::cli) verb: CaCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum CaCommand {
    /// Show the authority: its file, its fingerprint, its names
    #[command(after_long_help = "Example:\n  birdbox ca show")]
    Show {
        /// How to write it
        #[arg(short, long, value_enum, default_value_t = Form::Text, value_name = "FORM")]
        output: Form,
    },
    /// Write the certificate that clients have to trust
    #[command(after_long_help = "\
Examples:
  birdbox ca export -o birdbox-ca.pem
  curl --cacert birdbox-ca.pem https://127.0.0.1:8080/healthz")]
    Export {
        /// The file, which appears when it is whole [default: the standard output]
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Make a new authority and a new certificate
    ///
    /// For names that were configured later (server.tls_names), and when the certificate ends. A running server shows
    /// the new one at once. Clients have to trust the new authority; the old one signs nothing any more.
    #[command(after_long_help = "Example:\n  birdbox ca rotate")]
    Rotate {
        /// How to write it
        #[arg(short, long, value_enum, default_value_t = Form::Text, value_name = "FORM")]
        output: Form,
    },
}
