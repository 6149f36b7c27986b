//! The grammar of `birdbox limits`.

use clap::{Args, Subcommand};
use model::AppId;

use super::identity::Written;
use crate::admin::UserKey;
use crate::limits::Change;

#[derive(Debug, Args)]
pub(in crate::cli) struct LimitsArgs {
    #[command(flatten)]
    pub(in crate::cli) written: Written,
    #[command(subcommand)]
    pub(in crate::cli) verb: LimitsVerb,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum LimitsVerb {
    /// Print the limits and the windows that are open
    #[command(after_long_help = "\
Examples:
  birdbox limits show
  birdbox limits show getUsersByIds --user @TwitterDev")]
    Show {
        /// The operations, such as getUsersByIds [default: all]
        #[arg(value_name = "OPERATION")]
        operations: Vec<String>,
        #[command(flatten)]
        caller: CallerArgs,
    },
    /// Change the limits of an operation, at once and for good
    ///
    /// They win over the configuration and are kept in the data directory. `default` goes back to what the
    /// configuration says.
    #[command(after_long_help = "\
Examples:
  birdbox limits set getUsersByIds app=5
  birdbox limits set getUsersByIds getUsersById app=900 user=default")]
    Set {
        /// The operations, then app=N, user=N or both
        #[arg(value_name = "OPERATION|app=N|user=N", required = true)]
        words: Vec<String>,
    },
    /// Change which limits hold, at once and for good
    ///
    /// This wins over limits.mode of the configuration and is kept in the data directory. `default` goes back to it.
    #[command(after_long_help = "\
Examples:
  birdbox limits mode x10
  birdbox limits mode off
  birdbox limits mode default")]
    Mode {
        /// faithful, off, a factor such as x10, or default
        #[arg(value_name = "MODE")]
        mode: String,
    },
    /// Forget what was counted: the next request begins a new window
    ///
    /// Without arguments this also ends the windows that a power loss has spent.
    #[command(after_long_help = "\
Examples:
  birdbox limits reset
  birdbox limits reset getUsersByIds --app 1")]
    Reset {
        /// The operations, such as getUsersByIds [default: all]
        #[arg(value_name = "OPERATION")]
        operations: Vec<String>,
        #[command(flatten)]
        caller: CallerArgs,
    },
}

/// Whose requests.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(in crate::cli) struct CallerArgs {
    /// Only those of an App with its app-only token: its id
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) app: Option<AppId>,
    /// Only those of a user: an id or a username
    #[arg(long)]
    pub(in crate::cli) user: Option<UserKey>,
}

/// The operations and the change that the words of `limits set` name.
pub(in crate::cli) fn split(words: Vec<String>) -> Result<(Vec<String>, Change), String> {
    let (members, operations): (Vec<String>, Vec<String>) = words.into_iter().partition(|word| word.contains('='));
    let change: Change = members.join(" ").parse().map_err(|error| format!("app=N: {error}"))?;
    if operations.is_empty() {
        return Err("OPERATION: name one or more, such as getUsersByIds; `birdbox limits show` lists all".to_owned());
    }
    if change.is_empty() {
        return Err("app=N: give app=N, user=N or both, such as app=300".to_owned());
    }
    Ok((operations, change))
}
