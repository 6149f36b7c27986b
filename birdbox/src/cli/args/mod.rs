//! The grammar of the command line. Help, completions, manual pages and the reader
//! come from these types.

pub(super) mod balance;
mod ca;
mod care;
mod explain;
mod files;
mod follows;
mod identity;
mod import;
pub(super) mod limits;
mod migrate;
mod postman;
mod requests;
mod run;
mod serve;
mod user;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(super) use self::ca::{CaArgs, CaCommand};
pub(super) use self::care::{BackupArgs, BackupVerb, StatsArgs, VerifyArgs};
pub(super) use self::explain::ExplainArgs;
pub(super) use self::files::{
    ExportArgs, ExportWhat, GenerateArgs, GenerateGraphArgs, GenerateUsersArgs, GenerateWhat,
};
pub(super) use self::follows::{FollowsVerb, ListArgs, TwoArgs, WaitingArgs};
pub(super) use self::import::{ImportArchiveArgs, ImportArgs, ImportEdgesArgs, ImportFilesArgs, ImportWhat};
pub(super) use self::migrate::MigrateArgs;
pub(super) use self::postman::{PostmanArgs, PostmanWhat};
pub(super) use self::requests::{MOST as MOST_REQUESTS, RequestsArgs};
pub(super) use self::run::{DoctorArgs, ProgramArgs, RunArgs};
pub(super) use self::serve::ServeArgs;
pub(super) use self::user::{SearchArgs, UserArgs, UserCommand, UserVerb};
use crate::config::{Environment, Flag, Sources};
pub(super) use identity::{
    AccountVerb, AppVerb, Form, Noun, OAuth2Verb, PasswordArgs, PortalVerb, ProjectVerb, TokenVerb,
};

/// A server that answers X API users lookup as X does
///
/// Birdbox answers users lookup of the X (Twitter) API, version 2, from your own data: the same replies, fields,
/// expansions and errors. Without a subcommand it serves ./birdbox-data, which is filled with example accounts on
/// the first start.
///
/// Every option can also stand in birdbox.toml or in a variable BIRDBOX_SECTION__KEY; `birdbox config` prints all
/// of them. A flag wins over a variable, and a variable over the file.
#[derive(Debug, Parser)]
#[command(
    name = "birdbox",
    version,
    max_term_width = 110,
    after_long_help = "\
Examples:
  birdbox
  birdbox run -- python app.py
  birdbox serve --data ./research --listen 127.0.0.1:9000 --sample none
  birdbox import twarc users.jsonl.gz --data ./research
  eval \"$(birdbox env)\"
  curl -H \"Authorization: Bearer $BEARER_TOKEN\" \"$BASE_URL/2/users/by/username/TwitterDev\"

Exit codes: 0 done, 1 failed, 2 wrong arguments or input, 3 damage found, 4 imported in part."
)]
pub(super) struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Debug, Args)]
struct Global {
    /// The data directory [default: ./birdbox-data]
    ///
    /// It is made when it does not exist; the directory above it must exist. Commands beside a running server name
    /// the same directory as the server: --data ./research
    #[arg(long, value_name = "DIR", global = true, help_heading = "Global options")]
    data: Option<String>,
    /// The configuration file [default: birdbox.toml, if there is one here]
    ///
    /// For example --config /etc/birdbox.toml
    #[arg(long, value_name = "FILE", global = true, help_heading = "Global options")]
    config: Option<PathBuf>,
}

/// One thing to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve the API (what `birdbox` alone does)
    #[command(after_long_help = "\
Examples:
  birdbox serve
  birdbox serve --listen 127.0.0.1:9000 --data ./research --sample none
  birdbox serve --tls auto
  birdbox serve --proxy 127.0.0.1:8081 --offline
  birdbox serve --listen 0.0.0.0:8080 --public")]
    Serve(ServeArgs),
    /// Run a program that knows X's addresses alone, and answer it
    ///
    /// The program is told by its environment to use a proxy of Birdbox and to trust its certificate, and gets the
    /// credentials of `birdbox env` under the names that libraries use. Nothing else on the machine is changed. The
    /// server that uses the data directory answers it, or one that ends with the program.
    ///
    /// The exit code is that of the program; 127 if there is no such program, 126 if it cannot be run, and 128 and the
    /// number of the signal if one killed it.
    #[command(after_long_help = "\
Examples:
  birdbox run -- python app.py
  birdbox run --as @TwitterDev -- npm test
  birdbox run --isolate -- node app.js
  birdbox run --data ./research --offline -- ./harvest.sh")]
    Run(RunArgs),
    /// Say why a program does not get through, layer by layer
    ///
    /// Runs the program as `birdbox run` does, watches how far its calls come (name, port, TLS, auth, path), and prints
    /// a table with what to do about the first layer that fails. The exit code is 0 if it gets through, else 1. Where the
    /// system allows it the program runs in a network of its own, so that nothing leaves the machine; what it prints
    /// goes to the standard error.
    #[command(after_long_help = "\
Examples:
  birdbox doctor -- python app.py
  birdbox doctor -o json -- node app.js")]
    Doctor(DoctorArgs),
    /// Print the address of the server and the credentials of the first App
    ///
    /// Works beside a running server, and without one when it has run before.
    #[command(after_long_help = "\
Examples:
  eval \"$(birdbox env)\"
  birdbox env -o dotenv > .env
  birdbox env -o json --data ./research")]
    Env(EnvArgs),
    /// Show or renew the certificate authority of --tls auto and of the proxy
    ///
    /// It may sign nothing but names of X, of this machine and of server.tls_names. It has signed one certificate; its
    /// key was never on the disk and is gone. Birdbox installs it nowhere.
    #[command(after_long_help = "\
Examples:
  birdbox ca show
  birdbox ca export -o birdbox-ca.pem
  birdbox ca rotate")]
    Ca(CaArgs),
    /// Print a birdbox.toml with every key, its meaning and its default
    #[command(after_long_help = "\
Example:
  birdbox config > birdbox.toml")]
    Config,
    /// Print the completions of a shell
    #[command(after_long_help = "\
Examples:
  birdbox completions bash > ~/.local/share/bash-completion/completions/birdbox
  birdbox completions fish > ~/.config/fish/completions/birdbox.fish")]
    Completions(CompletionsArgs),
    /// Print a manual page
    #[command(after_long_help = "\
Examples:
  birdbox man | man -l -
  birdbox man user set > birdbox-user-set.1")]
    Man(ManArgs),
    /// Load profiles, posts and follows from files
    ///
    /// Files are read line by line, plain or packed with gzip or zstd, and `-` is the standard input. A line that
    /// cannot be read goes to a rejects file, with its number and the reason, and the rest is loaded. Importing a
    /// file twice changes nothing. Files that have 32 MiB or more together are loaded as a whole: nothing of them is
    /// seen before the end, and nothing is left of an import that is killed.
    #[command(after_long_help = "\
Examples:
  birdbox import twarc users.jsonl
  birdbox import v1 *.jsonl.gz --observed-at 2019-05-01T00:00:00Z
  zstdcat profiles.zst | birdbox import native - --dry-run
  birdbox import edges twitter_combined.txt.gz --preset snap-ego")]
    Import(ImportArgs),
    /// Write what is stored to a file
    #[command(after_long_help = "\
Examples:
  birdbox export users -o backup.ndjson
  birdbox export users | zstd > backup.ndjson.zst")]
    Export(ExportArgs),
    /// Write the collection of requests for Postman, or its environment
    ///
    /// Import both into Postman and select the environment. newman runs them without a person.
    #[command(after_long_help = "\
Examples:
  birdbox postman collection -o X-API-v2.postman_collection.json
  birdbox postman environment -o X-API-v2.postman_environment.json
  newman run X-API-v2.postman_collection.json -e X-API-v2.postman_environment.json")]
    Postman(PostmanArgs),
    /// Write synthetic users and follows, for tests at scale
    #[command(after_long_help = "\
Examples:
  birdbox generate graph --users 100000 --mean-degree 10 --seed 1 -o ./synthetic
  birdbox generate users --users 1000000 --seed 1 -o users.ndjson
  birdbox generate users --users 1000 --posts | birdbox import native - --data ./synthetic")]
    Generate(GenerateArgs),
    /// Show, change or reset rate limits
    #[command(after_long_help = "\
Examples:
  birdbox limits show
  birdbox limits set getUsersByIds app=5
  birdbox limits reset")]
    Limits(limits::LimitsArgs),
    /// Show or change how many profiles of Tweet Binder an App may get in a month
    #[command(after_long_help = "\
Examples:
  birdbox balance show
  birdbox balance show -o json
  birdbox balance set 1 --total 500")]
    Balance(balance::BalanceArgs),
    /// Say why a request was refused
    ///
    /// Every reply of the server has a header x-request-id. For one with 401, 402, 403 or 429, at the endpoints of OAuth
    /// also 400, this says what is wrong and what to do: for a signature of OAuth 1.0a the text that should be
    /// signed, and which known mistake yields the signature that came. The server remembers the last refusals
    /// (auth.explain); no secret is shown.
    #[command(after_long_help = "\
Examples:
  birdbox explain --last
  birdbox explain 5f0c9e7d1a2b3c4d -o json")]
    Explain(ExplainArgs),
    /// Print what clients sent to a running server lately
    ///
    /// The newest comes first. Values of an address whose names say that they are secret are not shown. `birdbox explain` says why one was refused, and
    /// the portal shows them too, as they come. portal.requests in birdbox.toml says how many are kept.
    #[command(after_long_help = "\
Examples:
  birdbox requests
  birdbox requests --status 4xx --app 1
  birdbox requests --operation getUsersByIds --limit 5 -o json")]
    Requests(RequestsArgs),
    /// Print the requests of API v2 that do what one of v1.1 does
    ///
    /// Takes a curl command as a shell would, or an address, and prints curl commands with the fields and expansions
    /// that give the same data, what v2 no longer has, and what it has anew. Nothing is sent. docs/migrate-v1-to-v2.md
    /// has the whole table.
    #[command(after_long_help = "\
Examples:
  birdbox migrate-request 'curl \"https://api.x.com/1.1/users/show.json?screen_name=TwitterDev\" -H \"Authorization: Bearer $T\"'
  birdbox migrate-request '/1.1/followers/ids.json?user_id=2244994945&cursor=-1'
  birdbox migrate-request curl -d screen_name=TwitterDev https://api.x.com/1.1/friendships/create.json")]
    MigrateRequest(MigrateArgs),
    /// Show or change a user
    #[command(after_long_help = "\
Examples:
  birdbox user get @TwitterDev
  birdbox user create alice location=Berlin followers_count=12
  birdbox user set alice verified=true verified_type=blue
  birdbox user rename alice bob
  birdbox user suspend 2244994945")]
    User(UserArgs),
    /// Make, approve and suspend developer accounts
    #[command(after_long_help = "Example:\n  birdbox account create 'Research team' --approved")]
    Account(Noun<AccountVerb>),
    /// Get into the developer portal, in the browser
    #[command(after_long_help = "Example:\n  birdbox portal link")]
    Portal(Noun<PortalVerb>),
    /// Make and change Projects, in which Apps may use API v2
    #[command(after_long_help = "Example:\n  birdbox project create Birds --account 2")]
    Project(Noun<ProjectVerb>),
    /// Make and change Apps and their keys
    #[command(after_long_help = "Example:\n  birdbox app create reader --project 1")]
    App(Noun<AppVerb>),
    /// Make, list and revoke tokens of users
    #[command(after_long_help = "Example:\n  birdbox token create --app 1 --as @alice")]
    Token(Noun<TokenVerb>),
    /// Authorize an App for a user without a browser
    #[command(after_long_help = "\
Example:
  birdbox oauth2 authorize --as @alice --client \"$CLIENT_ID\" --scope \"tweet.read users.read\"")]
    Oauth2(Noun<OAuth2Verb>),
    /// Show how much is stored, and in which files
    ///
    /// Works beside a running server and without one, as `merge` and `backup create` do.
    #[command(after_long_help = "\
Examples:
  birdbox stats
  birdbox stats -o json | jq .segment_bytes")]
    Stats(StatsArgs),
    /// Fold all changes that the log holds into the segments
    ///
    /// Birdbox does so by itself when changes take half of store.delta_budget. Done by hand, it makes the next start
    /// shorter and the memory of the server smaller. Reads and writes go on meanwhile.
    #[command(after_long_help = "\
Example:
  birdbox merge --data ./research")]
    Merge,
    /// Look for damage in a data directory that nobody uses
    ///
    /// Reads every row of the log and every record, checks their checksums, that every index leads to its records and
    /// every record is led to, and that each id and username belongs to one user. Nothing is changed. What is damaged
    /// is listed on the standard output, and the exit code is 3 then. To verify without stopping a server, make a
    /// backup and verify that.
    #[command(after_long_help = "\
Examples:
  birdbox verify
  birdbox backup create ./backup && birdbox verify --data ./backup")]
    Verify(VerifyArgs),
    /// Make a backup, or bring one back
    #[command(after_long_help = "\
Examples:
  birdbox backup create /backups/2026-06-15
  birdbox backup restore /backups/2026-06-15 --data ./restored")]
    Backup(BackupArgs),
}

#[derive(Debug, Args)]
pub(super) struct EnvArgs {
    /// How to write it
    #[arg(short, long, value_enum, default_value_t = EnvForm::Export, value_name = "FORM")]
    pub(super) output: EnvForm,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum EnvForm {
    /// Lines for a shell: export BASE_URL='…'
    Export,
    /// Lines for a .env file: BASE_URL=…
    Dotenv,
    /// One JSON object
    Json,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum)]
    pub(super) shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command that it describes, such as `user set`; none is birdbox itself
    #[arg(value_name = "COMMAND")]
    pub(super) command: Vec<String>,
}

impl Command {
    /// What is done without a subcommand.
    pub(super) fn serve() -> Self {
        Self::Serve(ServeArgs::default())
    }
}

impl Cli {
    /// The keys that flags set, and where the others are.
    pub(super) fn sources(&self, environment: Environment) -> Sources {
        let mut flags = Vec::new();
        let data = self.global.data.clone();
        flags.extend(data.map(|value| Flag { name: "--data", section: "store", key: "data", value }));
        if let Some(Command::Serve(serve)) = &self.command {
            flags.extend(serve.flags());
        }
        if let Some(Command::Run(_) | Command::Doctor(_)) = &self.command {
            flags.extend(ProgramArgs::flags());
        }
        Sources { flags, environment, file: self.global.config.clone() }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_grammar_is_sound_and_every_command_has_an_example() {
        let mut program = Cli::command();
        program.clone().debug_assert();
        program.build();
        let mut waiting = vec![program];
        while let Some(command) = waiting.pop() {
            let help = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
            let is_own = command.get_name() != "help";
            assert!(!is_own || command.has_subcommands() || help.contains("birdbox "), "{}", command.get_name());
            waiting.extend(command.get_subcommands().filter(|_| is_own).cloned());
        }
    }
}
