//! The grammar of `birdbox balance`.

use clap::{Args, Subcommand};
use model::AppId;

use super::identity::Written;
use crate::limits::Total;

#[derive(Debug, Args)]
pub(in crate::cli) struct BalanceArgs {
    #[command(flatten)]
    pub(in crate::cli) written: Written,
    #[command(subcommand)]
    pub(in crate::cli) verb: BalanceVerb,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum BalanceVerb {
    /// Print how many profiles Apps may get in this month, and got
    #[command(after_long_help = "\
Examples:
  birdbox balance show
  birdbox balance show 1")]
    Show {
        /// The id of an App [default: all]
        app: Option<AppId>,
    },
    /// Change the balance of an App, at once
    ///
    /// A total holds for this month and all that follow, and wins over tweetbinder.monthly_profiles; what was got in a
    /// month counts for that month alone.
    #[command(after_long_help = "\
Examples:
  birdbox balance set 1 --total 500
  birdbox balance set 1 --total default --used 0")]
    Set {
        /// The id of the App
        app: AppId,
        #[command(flatten)]
        change: ChangeArgs,
    },
}

/// What to change.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(in crate::cli) struct ChangeArgs {
    /// The profiles of a month: a number, or default
    #[arg(long, value_name = "N")]
    pub(in crate::cli) total: Option<Total>,
    /// The profiles that were got in this month
    #[arg(long, value_name = "N")]
    pub(in crate::cli) used: Option<u64>,
}
