//! The grammar of the commands about developer accounts, Projects, Apps and tokens.

use clap::{Args, Subcommand, ValueEnum};
use model::{AccountId, AppId, ProjectId};

use super::user::USER;
use crate::admin::UserKey;
use crate::admin::identity::{KeyKind, SETTINGS, TokenKey};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Form {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Written {
    /// How to write the answer
    #[arg(short, long, value_enum, default_value_t = Form::Text, value_name = "FORM", global = true)]
    pub(in crate::cli) output: Form,
}

/// A noun with its verbs, and how the answer is written.
#[derive(Debug, Args)]
pub(in crate::cli) struct Noun<Verb: Subcommand> {
    #[command(subcommand)]
    pub(in crate::cli) verb: Verb,
    #[command(flatten)]
    pub(in crate::cli) written: Written,
}

/// What ACCOUNT is, for help.
const ACCOUNT: &str = "The developer account: an id that `birdbox account list` shows";
/// What PROJECT is, for help.
const PROJECT: &str = "The Project: an id that `birdbox project list` shows";
/// What APP is, for help.
const APP: &str = "The App: an id that `birdbox app list` shows";

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AccountVerb {
    /// Make a developer account, which waits to be approved
    #[command(
        after_long_help = "Examples:\n  birdbox account create 'Research team'\n  birdbox account create Ann --approved"
    )]
    Create {
        /// Its name: 1 to 50 characters
        name: String,
        /// Approve it at once
        #[arg(long)]
        approved: bool,
    },
    /// Let a developer account make keys
    #[command(after_long_help = "Example:\n  birdbox account approve 2")]
    Approve {
        #[arg(help = ACCOUNT)]
        account: AccountId,
    },
    /// Refuse the keys of a developer account
    #[command(after_long_help = "Example:\n  birdbox account suspend 2")]
    Suspend {
        #[arg(help = ACCOUNT)]
        account: AccountId,
    },
    /// List all developer accounts
    #[command(after_long_help = "Example:\n  birdbox account list -o json")]
    List,
    /// Show a developer account
    #[command(after_long_help = "Example:\n  birdbox account show 2")]
    Show {
        #[arg(help = ACCOUNT)]
        account: AccountId,
    },
    /// Forget a developer account that has no Projects or Apps
    #[command(after_long_help = "Example:\n  birdbox account delete 2")]
    Delete {
        #[arg(help = ACCOUNT)]
        account: AccountId,
    },
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum PortalVerb {
    /// Print a link that signs in to the portal, once
    ///
    /// It works for an hour, for whoever opens it first. Without --account it is for the owner of the server, who may
    /// do everything.
    #[command(after_long_help = "Examples:\n  birdbox portal link\n  birdbox portal link --account 2")]
    Link {
        /// For the developer of this account: an id that `birdbox account list` shows
        #[arg(long, value_name = "ACCOUNT")]
        account: Option<AccountId>,
    },
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ProjectVerb {
    /// Make a Project, in which Apps may use API v2
    #[command(after_long_help = "Example:\n  birdbox project create Birds --account 2")]
    Create {
        /// Its name: 1 to 50 characters
        name: String,
        /// Whose it is: an id that `birdbox account list` shows
        #[arg(long, value_name = "ACCOUNT", default_value_t = AccountId::new(1))]
        account: AccountId,
    },
    /// List all Projects
    #[command(after_long_help = "Example:\n  birdbox project list")]
    List,
    /// Show a Project and the Apps in it
    #[command(after_long_help = "Example:\n  birdbox project show 2")]
    Show {
        #[arg(help = PROJECT)]
        project: ProjectId,
    },
    /// Give a Project another name
    #[command(after_long_help = "Example:\n  birdbox project rename 2 Owls")]
    Rename {
        #[arg(help = PROJECT)]
        project: ProjectId,
        /// The new name: 1 to 50 characters
        name: String,
    },
    /// Forget a Project that has no Apps
    #[command(after_long_help = "Example:\n  birdbox project delete 2")]
    Delete {
        #[arg(help = PROJECT)]
        project: ProjectId,
    },
}

/// What a `setting=value` is, for help.
fn settings_help() -> String {
    let settings = SETTINGS.iter().map(|setting| format!("  {:<12} {}\n", setting.name, (setting.takes)()));
    format!("Settings, each as SETTING=VALUE:\n{}", settings.collect::<String>())
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AppVerb {
    /// Make an App with its keys, which are shown this once
    ///
    /// Without --project it is standalone: it may use API v1.1 and not v2.
    #[command(after_long_help = format!("{}
Examples:
  birdbox app create reader --project 1
  birdbox app create web --project 1 type=web callbacks=http://127.0.0.1:3000/callback oauth2=on", settings_help()))]
    Create {
        /// Its name: 1 to 32 characters
        name: String,
        /// Whose it is: an id that `birdbox account list` shows
        #[arg(long, value_name = "ACCOUNT", default_value_t = AccountId::new(1))]
        account: AccountId,
        /// The Project that it is in: an id that `birdbox project list` shows
        #[arg(long, value_name = "PROJECT")]
        project: Option<ProjectId>,
        /// Its settings; --help lists them
        #[arg(value_name = "SETTING=VALUE")]
        settings: Vec<String>,
    },
    /// List all Apps
    #[command(after_long_help = "Example:\n  birdbox app list -o json")]
    List,
    /// Show an App
    #[command(after_long_help = "Example:\n  birdbox app show 1")]
    Show {
        #[arg(help = APP)]
        app: AppId,
    },
    /// Change settings of an App
    ///
    /// When OAuth 2.0 is switched on for the first time, the client id and secret are shown this once.
    #[command(after_long_help = format!("{}
Examples:
  birdbox app set 2 permissions=read-write
  birdbox app set 2 type=native callbacks=my.app://done,oob oauth2=on
  birdbox app set 2 project=", settings_help()))]
    Set {
        #[arg(help = APP)]
        app: AppId,
        /// What changes; --help lists the settings
        #[arg(value_name = "SETTING=VALUE", required = true)]
        settings: Vec<String>,
    },
    /// Show which keys an App has, without their secrets
    #[command(after_long_help = "Example:\n  birdbox app keys 2")]
    Keys {
        #[arg(help = APP)]
        app: AppId,
    },
    /// Make new keys for an App and show them this once; the old ones are void
    #[command(
        after_long_help = "Examples:\n  birdbox app regenerate 2 consumer\n  birdbox app regenerate 2 bearer -o json\n  birdbox app regenerate 2 tweetbinder"
    )]
    Regenerate {
        #[arg(help = APP)]
        app: AppId,
        /// Which keys
        #[arg(value_enum)]
        keys: KeyKind,
    },
    /// Take keys away from an App
    #[command(after_long_help = "Example:\n  birdbox app revoke 2 bearer")]
    Revoke {
        #[arg(help = APP)]
        app: AppId,
        /// Which keys
        #[arg(value_enum)]
        keys: KeyKind,
    },
    /// Forget an App with all tokens for it
    #[command(after_long_help = "Example:\n  birdbox app delete 2")]
    Delete {
        #[arg(help = APP)]
        app: AppId,
    },
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum TokenVerb {
    /// Make an access token of OAuth 1.0a for a user, and show it this once
    #[command(after_long_help = "Example:\n  birdbox token create --app 2 --as @alice")]
    Create {
        /// For which App: an id that `birdbox app list` shows
        #[arg(long, value_name = "APP")]
        app: AppId,
        #[arg(long = "as", value_name = "USER", help = USER)]
        user: UserKey,
    },
    /// List tokens of users, without their text
    #[command(after_long_help = "Examples:\n  birdbox token list\n  birdbox token list --as @alice --app 2")]
    List {
        /// Only those for one App
        #[arg(long, value_name = "APP")]
        app: Option<AppId>,
        /// Only those of one user
        #[arg(long = "as", value_name = "USER")]
        user: Option<UserKey>,
    },
    /// End a token; one of OAuth 2.0 ends with its whole family
    #[command(after_long_help = "Example:\n  birdbox token revoke oauth1-12")]
    Revoke {
        /// The token: an id that `birdbox token list` shows, such as oauth1-12
        token: TokenKey,
    },
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum OAuth2Verb {
    /// Make tokens of OAuth 2.0 for a user, without a browser, and show them this once
    ///
    /// With the scope offline.access there is a refresh token too.
    #[command(after_long_help = "\
Example:
  birdbox oauth2 authorize --as @alice --client \"$CLIENT_ID\" --scope \"tweet.read users.read offline.access\"")]
    Authorize {
        #[arg(long = "as", value_name = "USER", help = USER)]
        user: UserKey,
        /// The client id of an App with OAuth 2.0 on
        #[arg(long, value_name = "ID")]
        client: String,
        /// What is allowed: scopes with blanks between them
        #[arg(long, value_name = "SCOPES")]
        scope: String,
    },
}

/// `birdbox user password`.
#[derive(Debug, Args)]
pub(in crate::cli) struct PasswordArgs {
    #[arg(help = USER)]
    pub(in crate::cli) user: UserKey,
    /// Read the password from the first line of the standard input
    #[arg(long, conflicts_with = "remove")]
    pub(in crate::cli) stdin: bool,
    /// Take the password away
    #[arg(long)]
    pub(in crate::cli) remove: bool,
}
