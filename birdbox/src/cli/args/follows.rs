//! The grammar of the subcommands of `birdbox user` that are about follows, blocks and mutes.

use clap::{Args, Subcommand};

use super::identity::Written;
use super::user::USER;
use crate::admin::UserKey;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum FollowsVerb {
    /// Say who a user is and how many are on its lists
    #[command(after_long_help = "Example:\n  birdbox user show @alice")]
    Show {
        #[arg(help = USER)]
        user: UserKey,
    },
    /// List who follows a user, the newest follow first
    #[command(after_long_help = "\
Examples:
  birdbox user followers @alice
  birdbox user followers @alice --limit 10
  birdbox user followers @alice -o json")]
    Followers(ListArgs),
    /// List whom a user follows, the newest follow first
    #[command(after_long_help = "Example:\n  birdbox user following @alice")]
    Following(ListArgs),
    /// List who waits to be accepted by a protected user, the latest first
    #[command(after_long_help = "Example:\n  birdbox user pending @alice")]
    Pending(ListArgs),
    /// Let a user follow another one; a protected one has to accept it
    #[command(after_long_help = "Example:\n  birdbox user follow @alice @bob")]
    Follow(TwoArgs),
    /// End that a user follows another one or waits to
    #[command(after_long_help = "Example:\n  birdbox user unfollow @alice @bob")]
    Unfollow(TwoArgs),
    /// Accept one who waits to follow a protected user
    #[command(after_long_help = "\
Example, where @bob is protected:
  birdbox user follow @alice @bob
  birdbox user accept @alice @bob")]
    Accept(WaitingArgs),
    /// Do not let one who waits follow a protected user; it may ask again
    #[command(after_long_help = "Example:\n  birdbox user reject @alice @bob")]
    Reject(WaitingArgs),
    /// Let a user block another one: neither follows the other any more
    #[command(after_long_help = "Example:\n  birdbox user block @alice @bob")]
    Block(TwoArgs),
    /// End a block; follows that it ended do not come back
    #[command(after_long_help = "Example:\n  birdbox user unblock @alice @bob")]
    Unblock(TwoArgs),
    /// Let a user mute another one, who does not notice it
    #[command(after_long_help = "Example:\n  birdbox user mute @alice @bob")]
    Mute(TwoArgs),
    /// End that a user mutes another one
    #[command(after_long_help = "Example:\n  birdbox user unmute @alice @bob")]
    Unmute(TwoArgs),
}

/// A list of a user.
#[derive(Debug, Args)]
pub(in crate::cli) struct ListArgs {
    #[arg(help = USER)]
    pub(in crate::cli) user: UserKey,
    /// The most users that are listed [default: all]
    #[arg(long, value_name = "NUMBER")]
    pub(in crate::cli) limit: Option<usize>,
    #[command(flatten)]
    pub(in crate::cli) written: Written,
}

/// Two users.
#[derive(Debug, Args)]
pub(in crate::cli) struct TwoArgs {
    #[arg(help = USER)]
    pub(in crate::cli) user: UserKey,
    /// The other user, likewise
    pub(in crate::cli) other: UserKey,
}

/// One who waits, and for whom.
#[derive(Debug, Args)]
pub(in crate::cli) struct WaitingArgs {
    /// Who waits: an id or a username
    pub(in crate::cli) follower: UserKey,
    /// The protected user, likewise
    pub(in crate::cli) of: UserKey,
}
