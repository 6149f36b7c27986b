//! The grammar of the commands that care for the data directory.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::identity::Written;

#[derive(Debug, Args)]
pub(in crate::cli) struct StatsArgs {
    #[command(flatten)]
    pub(in crate::cli) written: Written,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct VerifyArgs {
    /// Verifies this directory in this process, and reports in lines of JSON
    #[arg(long, value_name = "DIR", hide = true)]
    pub(in crate::cli) in_process: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct BackupArgs {
    #[command(subcommand)]
    pub(in crate::cli) verb: BackupVerb,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum BackupVerb {
    /// Copy all data to a new directory, beside a running server or without one
    ///
    /// The copy is itself a data directory, with the secret key, and holds a state that existed at one instant; changes
    /// go on meanwhile. On the same file system segments are linked, which takes a moment and no room: to be safe from
    /// a broken disk, give a directory on another one.
    #[command(after_long_help = "\
Example:
  birdbox backup create /backups/2026-06-15")]
    Create {
        /// A directory that does not exist, or is empty
        dir: PathBuf,
    },
    /// Make a data directory of a backup, which stays as it is
    ///
    /// The directory of --data must not exist, or be empty. What was counted is not in a backup: if a server has run on
    /// it, rate limits count as used up for 15 minutes from its next start, unless you run `birdbox limits reset`.
    #[command(after_long_help = "\
Example:
  birdbox backup restore /backups/2026-06-15 --data ./restored")]
    Restore {
        /// The backup
        dir: PathBuf,
    },
}
