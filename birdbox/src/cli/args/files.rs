//! The grammar of the commands that fill files.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::admin::UserKey;
use crate::export::EdgeForm;
use crate::generate::MAX_USERS;

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
    /// All follows, or those of one user
    ///
    /// The follows of each user stand in the order in which they came, so that importing the file gives the same lists
    /// of followed users, and lists of the same followers, in the order of the file. `birdbox import edges --direction
    /// follows` reads csv, snap and parquet.
    #[command(after_long_help = "\
Examples:
  birdbox export edges -o follows.csv
  birdbox export edges --format snap | zstd > follows.txt.zst
  birdbox export edges --format parquet -o follows.parquet
  birdbox export edges --format gexf --of @TwitterDev -o TwitterDev.gexf")]
    Edges(ExportEdgesArgs),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ExportEdgesArgs {
    /// What is written
    #[arg(long, value_enum, default_value_t = EdgeForm::Csv, value_name = "FORM")]
    pub(in crate::cli) format: EdgeForm,
    /// Only whom this user follows, and who follows it: an id or a username
    #[arg(long, value_name = "USER")]
    pub(in crate::cli) of: Option<UserKey>,
    /// The file, which appears when it is whole [default: the standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
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
