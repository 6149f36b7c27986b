//! The grammar of the commands that fill files, or the store from files.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use formats::Format;
use model::{InvalidTimestamp, Timestamp};

use crate::admin::protocol::OnConflict;
use crate::generate::MAX_USERS;

#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArgs {
    /// What the files hold
    #[arg(value_enum)]
    pub(in crate::cli) format: ImportFormat,
    /// The files; - is the standard input
    #[arg(value_name = "FILE", required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Say what would be, and change nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    /// What wins when a user or post is known already
    #[arg(long, value_enum, default_value_t = OnConflict::Newer, value_name = "RULE")]
    pub(in crate::cli) on_conflict: OnConflict,
    /// When lines that do not say so were observed [default: the file's time]
    ///
    /// For example --observed-at 2019-05-01T00:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(in crate::cli) observed_at: Option<Timestamp>,
    /// Where lines that cannot be read go [default: FILE.rejects.ndjson]
    ///
    /// For example --rejects /tmp/rejects.ndjson
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) rejects: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(in crate::cli) enum ImportFormat {
    /// What twarc2 writes: replies of API v2, one a line, or its flattened form
    Twarc,
    /// User objects of API v1.1, one a line
    V1,
    /// What `birdbox export users` writes
    Native,
}

impl From<ImportFormat> for Format {
    fn from(format: ImportFormat) -> Self {
        match format {
            ImportFormat::Twarc => Self::Twarc,
            ImportFormat::V1 => Self::V1,
            ImportFormat::Native => Self::Native,
        }
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ExportArgs {
    #[command(subcommand)]
    pub(in crate::cli) what: ExportWhat,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ExportWhat {
    /// All users and posts, one a line, in the form that `birdbox import native` reads
    #[command(after_long_help = "\
Examples:
  birdbox export users -o backup.ndjson
  birdbox export users | gzip > backup.ndjson.gz")]
    Users {
        /// The file, which appears when it is whole [default: the standard output]
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct GenerateArgs {
    #[command(subcommand)]
    pub(in crate::cli) what: GenerateWhat,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum GenerateWhat {
    /// Users, one a line, in the form that `birdbox import native` reads
    ///
    /// Names, bios, links, numbers and account states are such as real profiles have, and every user is marked
    /// synthetic. The same seed gives the same users, byte for byte, and a larger run begins with those of a
    /// smaller one.
    #[command(after_long_help = "\
Examples:
  birdbox generate users --users 1000000 --seed 1 -o users.ndjson
  birdbox generate users --users 1000 --posts | birdbox import native - --data ./synthetic")]
    Users(GenerateUsersArgs),
    /// Users, and who of them follows whom, as two files in a directory
    ///
    /// users.ndjson is read by `birdbox import native`, follows.txt by `birdbox import edges --direction follows`: the
    /// id of a follower and of whom it follows on each line, oldest first for each follower. The graph is like
    /// Twitter's: numbers of followers have a power law with an exponent of about 2.2, one account has 7 % of all as
    /// its followers, and of all pairs in which one follows the other 22 % follow each other. Every user is marked
    /// synthetic and brings no number of followers, so that the lists count. The same seed gives the same files.
    #[command(after_long_help = "\
Examples:
  birdbox generate graph --users 100000 --mean-degree 10 --seed 1 -o ./synthetic
  birdbox import native ./synthetic/users.ndjson
  birdbox import edges ./synthetic/follows.txt --direction follows --yes")]
    Graph(GenerateGraphArgs),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct GenerateUsersArgs {
    /// How many users, at most 100000000
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MAX_USERS.into()))]
    pub(in crate::cli) users: u32,
    /// Another seed gives other users: a number
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub(in crate::cli) seed: u64,
    /// Write after each user the post that it pinned, if it did
    #[arg(long)]
    pub(in crate::cli) posts: bool,
    /// The file, which appears when it is whole [default: the standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct GenerateGraphArgs {
    /// How many users, at most 100000000, and at least fifty times the mean degree
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MAX_USERS.into()))]
    pub(in crate::cli) users: u32,
    /// How many a user follows on average
    #[arg(long, value_name = "D", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(in crate::cli) mean_degree: u32,
    /// Another seed gives other users: a number
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub(in crate::cli) seed: u64,
    /// The directory of the two files; it is made if its parent exists
    #[arg(short, long, value_name = "DIR")]
    pub(in crate::cli) output: PathBuf,
}

fn time(text: &str) -> Result<Timestamp, InvalidTimestamp> {
    Timestamp::parse_iso(text)
}
