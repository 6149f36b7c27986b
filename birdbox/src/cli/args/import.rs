//! The grammar of `birdbox import`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use formats::edges::{Column, PRESETS, Preset, Reads};
use model::{InvalidTimestamp, Timestamp};

use crate::admin::protocol::OnConflict;

#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArgs {
    #[command(subcommand)]
    pub(in crate::cli) what: ImportWhat,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ImportWhat {
    /// What twarc2 writes: replies of API v2, one a line, or its flattened form
    ///
    /// Pages of followers and of followed users are follows too: whose list they are stands in what twarc2 notes of
    /// its request. They are taken from files, not from the standard input, and loaded after all profiles.
    #[command(after_long_help = "\
Examples:
  birdbox import twarc users.jsonl
  birdbox import twarc followers.jsonl.gz --observed-at 2022-03-01T00:00:00Z")]
    Twarc(ImportFilesArgs),
    /// User objects of API v1.1, one a line
    #[command(after_long_help = "\
Example:
  birdbox import v1 *.jsonl.gz --observed-at 2019-05-01T00:00:00Z")]
    V1(ImportFilesArgs),
    /// What `birdbox export users` writes
    #[command(after_long_help = "\
Examples:
  zstdcat profiles.zst | birdbox import native - --dry-run
  birdbox import native backup.ndjson --on-conflict replace")]
    Native(ImportFilesArgs),
    /// The archive that X makes of the data of an account, as it is downloaded
    ///
    /// Its profile, its followers and those whom it follows are read, through the manifest in it. E-mail addresses, IP
    /// addresses, messages and all the rest are left out, and nothing is unpacked to the disk.
    #[command(after_long_help = "\
Example:
  birdbox import archive twitter-2024-01-13.zip")]
    Archive(ImportArchiveArgs),
    /// Follows: two ids on each line, separated by spaces, tabs, commas or semicolons, or two columns of Parquet
    ///
    /// Data sets disagree on who of the two follows the other. The first three lines are shown as sentences, and it
    /// is asked whether they are right before anything is loaded. Later lines are newer follows. Users of whom nothing
    /// else is known become stubs. All of it is loaded or, if a line cannot be read or the command is killed, nothing.
    #[command(after_long_help = "\
Examples:
  birdbox import edges twitter_combined.txt.gz --preset snap-ego
  birdbox import edges follows.txt --direction follows --yes
  birdbox import edges followers.csv --direction followed-by --columns user_id,follower_id
  birdbox import edges follows.parquet --direction follows --columns source,target")]
    Edges(ImportEdgesArgs),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ImportFilesArgs {
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

#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArchiveArgs {
    /// The zip files
    #[arg(value_name = "FILE", required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// What wins when the user is known already
    #[arg(long, value_enum, default_value_t = OnConflict::Newer, value_name = "RULE")]
    pub(in crate::cli) on_conflict: OnConflict,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ImportEdgesArgs {
    /// The files: text, plain or packed with gzip or zstd, or Parquet; - is the standard input, for text
    #[arg(value_name = "FILE", required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// The data set that they are from, if it is one of these
    #[arg(long, value_name = "NAME", value_parser = presets(), conflicts_with_all = ["direction", "columns"])]
    pub(in crate::cli) preset: Option<&'static Preset>,
    /// What the first id of a line is to the second
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(in crate::cli) direction: Option<Direction>,
    /// The columns of the two ids, by number from 1 or by name [default: 1,2]
    ///
    /// For example --columns user_id,follower_id
    #[arg(long, value_name = "FIRST,SECOND", requires = "direction", value_parser = columns)]
    pub(in crate::cli) columns: Option<[Column; 2]>,
    /// Load without asking
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,
    /// Decodes a Parquet file for the process that asks, which says what for
    #[arg(long, value_name = "WANTED", hide = true)]
    pub(in crate::cli) in_process: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(in crate::cli) enum Direction {
    /// The first follows the second
    Follows,
    /// The first is followed by the second
    FollowedBy,
}

impl From<Direction> for Reads {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Follows => Self::Follows,
            Direction::FollowedBy => Self::FollowedBy,
        }
    }
}

fn time(text: &str) -> Result<Timestamp, InvalidTimestamp> {
    Timestamp::parse_iso(text)
}

fn presets() -> impl TypedValueParser<Value = &'static Preset> {
    static KNOWN: [Preset; PRESETS.len()] = PRESETS;
    let names = KNOWN.iter().map(|preset| PossibleValue::new(preset.name).help(preset.about));
    PossibleValuesParser::new(names).try_map(|name| KNOWN.iter().find(|preset| preset.name == name).ok_or("unknown"))
}

fn columns(text: &str) -> Result<[Column; 2], &'static str> {
    const HELP: &str = "give two columns, such as 1,2 or user_id,follower_id";
    let (first, second) = text.split_once(',').ok_or(HELP)?;
    if first == second {
        return Err(HELP);
    }
    let column = |text: &str| match text.trim().parse() {
        Ok(0) => Err("columns are counted from 1"),
        Ok(number) => Ok(Column::Number(number)),
        Err(_) if text.trim().is_empty() || text.contains(',') => Err(HELP),
        Err(_) => Ok(Column::Name(text.trim().to_owned())),
    };
    Ok([column(first)?, column(second)?])
}
