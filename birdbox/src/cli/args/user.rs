//! The grammar of `birdbox user`.

use clap::{Args, Subcommand};
use model::{InvalidUsername, UserId, Username};

use super::follows::FollowsVerb;
use super::identity::{PasswordArgs, Written};
use crate::admin::{SETTABLE, UserKey};

#[derive(Debug, Args)]
pub(in crate::cli) struct UserArgs {
    #[command(subcommand)]
    pub(in crate::cli) verb: UserCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum UserCommand {
    #[command(flatten)]
    User(UserVerb),
    /// Look for users by the beginning of the username, without regard to letter case
    #[command(after_long_help = "\
Examples:
  birdbox user search twit
  birdbox user search --name 'jane d' --limit 5")]
    Search(SearchArgs),
    #[command(flatten)]
    Follows(FollowsVerb),
}

/// What USER is, for help.
pub(super) const USER: &str = "The user: an id or a username, such as 2244994945 or @TwitterDev";

/// What a `member=value` is, for help.
fn members_help() -> String {
    let members = SETTABLE.iter().map(|member| format!("  {:<22} {}\n", member.name, member.takes));
    format!("Members, each as MEMBER=VALUE:\n{}", members.collect::<String>())
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum UserVerb {
    /// Print all that is known of a user, as one line of JSON
    #[command(after_long_help = "Example:\n  birdbox user get @TwitterDev")]
    Get {
        #[arg(help = USER)]
        user: UserKey,
    },
    /// Change members of a user
    #[command(after_long_help = format!("{}
Examples:
  birdbox user set @alice 'description=Birds, mostly. #birding' url=https://example.com
  birdbox user set 2244994945 pinned_tweet_id=1255542774432063488
  birdbox user set @alice location=", members_help()))]
    Set {
        #[arg(help = USER)]
        user: UserKey,
        /// What changes; --help lists the members
        #[arg(value_name = "MEMBER=VALUE", required = true)]
        members: Vec<String>,
    },
    /// Make a user
    #[command(after_long_help = format!("{}
Examples:
  birdbox user create alice
  birdbox user create alice --id 12 --name 'Alice A.' location=Berlin", members_help()))]
    Create {
        /// The username: 1 to 15 letters, digits or underscores
        #[arg(value_parser = username)]
        username: Username,
        /// The id [default: made from the time, as X does]
        #[arg(long)]
        id: Option<UserId>,
        /// The name [default: the username]
        #[arg(long)]
        name: Option<String>,
        /// Other members; --help lists them
        #[arg(value_name = "MEMBER=VALUE")]
        members: Vec<String>,
    },
    /// Give a user another username; the old one is free at once
    #[command(after_long_help = "Example:\n  birdbox user rename @alice bob")]
    Rename {
        #[arg(help = USER)]
        user: UserKey,
        /// The new username: 1 to 15 letters, digits or underscores
        #[arg(value_parser = username)]
        username: Username,
    },
    /// Suspend a user: lookups say so
    #[command(after_long_help = "Example:\n  birdbox user suspend @alice")]
    Suspend {
        #[arg(help = USER)]
        user: UserKey,
    },
    /// Deactivate a user: lookups find nobody
    #[command(after_long_help = "Example:\n  birdbox user deactivate @alice")]
    Deactivate {
        #[arg(help = USER)]
        user: UserKey,
    },
    /// Make a suspended or deactivated user active again
    #[command(after_long_help = "Example:\n  birdbox user restore @alice")]
    Restore {
        #[arg(help = USER)]
        user: UserKey,
    },
    /// Protect the posts of a user; `user set USER protected=false` ends it
    #[command(after_long_help = "Example:\n  birdbox user protect @alice")]
    Protect {
        #[arg(help = USER)]
        user: UserKey,
    },
    /// Set the password with which a user logs in
    ///
    /// It is asked for without being shown. Whoever is logged in as the user is logged out.
    #[command(after_long_help = "\
Examples:
  birdbox user password @alice
  pass show alice | birdbox user password @alice --stdin")]
    Password(PasswordArgs),
    /// Forget a user and free the username
    #[command(after_long_help = "Example:\n  birdbox user delete @alice")]
    Delete {
        #[arg(help = USER)]
        user: UserKey,
    },
}

/// What is looked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct SearchArgs {
    /// What usernames begin with, or names with --name
    pub(in crate::cli) prefix: String,
    /// Look for names; what stands before their first letter or digit does not count
    #[arg(long)]
    pub(in crate::cli) name: bool,
    /// The most users that are listed
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub(in crate::cli) limit: usize,
    #[command(flatten)]
    pub(in crate::cli) written: Written,
}

fn username(text: &str) -> Result<Username, InvalidUsername> {
    text.strip_prefix('@').unwrap_or(text).parse()
}
