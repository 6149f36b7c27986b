//! `birdbox import`: loads files and says what became of them.

mod archive;
mod edges;

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use anyhow::Result;
use formats::Format;
use store::DataDir;

use super::args::{ImportArgs, ImportEdgesArgs, ImportFilesArgs, ImportWhat};
use super::failure::{PARTIAL, Told, WRONG_INPUT, Wrong};
use super::{open, output};
use crate::admin::{Missing, SessionError};
use crate::config::Config;
use crate::import::{self, EdgeFiles, Options, Preview, Progress, Report, Source, Target};
use crate::state::Clock;

/// Decodes a file for another process, if that is what is asked.
pub(super) fn decoded(args: &ImportArgs) -> Option<Result<()>> {
    let ImportWhat::Edges(ImportEdgesArgs { in_process: Some(wanted), files, .. }) = &args.what else { return None };
    let file = files.first()?;
    Some(import::decode_parquet(file, wanted).map_err(Into::into))
}

/// Runs `birdbox import`.
pub(super) async fn run(config: &Config, args: &ImportArgs) -> Result<()> {
    match &args.what {
        ImportWhat::Twarc(args) => import_twarc(config, args).await,
        ImportWhat::V1(args) => import_lines(config, Format::V1, args).await,
        ImportWhat::Native(args) => import_lines(config, Format::Native, args).await,
        ImportWhat::Archive(args) => archive::run(config, args).await,
        ImportWhat::Edges(args) => edges::run(config, args).await,
    }
}

/// Profiles and posts first, then who follows whom.
async fn import_twarc(config: &Config, args: &ImportFilesArgs) -> Result<()> {
    let imported = import_lines(config, Format::Twarc, args).await;
    // What could be read was loaded, even if a part was rejected.
    let goes_on = imported.as_ref().err().is_none_or(anyhow::Error::is::<Told>);
    if goes_on && !args.dry_run {
        let sources: Vec<_> = args.files.iter().map(|file| Source::from_argument(file)).collect();
        let progress = Progress::new(None);
        let follows = EdgeFiles::of_pages(&sources, &progress).await;
        if !follows.is_empty() {
            let mut session = open(config, Missing::Create).await?;
            let loaded = follows.load(&mut session, &progress).await;
            progress.finish();
            output::tell(&loaded?.summary())?;
        }
        progress.finish();
    }
    imported
}

async fn import_lines(config: &Config, format: Format, args: &ImportFilesArgs) -> Result<()> {
    let sources: Vec<_> = args.files.iter().map(|file| Source::from_argument(file)).collect();
    let bytes = check(&sources, args.rejects.as_deref())?;
    let options = Options {
        format,
        conflict: args.on_conflict,
        observed_at: args.observed_at,
        rejects: args.rejects.clone(),
        now: Clock::System.now(),
        large_from: Options::LARGE,
    };
    let mut target =
        if args.dry_run { dry_run(config).await? } else { Target::Session(open(config, Missing::Create).await?) };
    let progress = Progress::new(bytes);
    let report = import::run(&sources, bytes, &options, &mut target, &progress).await;
    progress.finish();
    let report = report?;
    output::tell(&summary(&report, args.dry_run))?;
    complaints(&report, options.format.name(), args.dry_run)
}

/// Looks at all files before the first is read. Gives their size, if all have one.
fn check(sources: &[Source], rejects: Option<&Path>) -> Result<Option<u64>> {
    let bytes = check_sources(sources)?;
    for source in sources {
        check_rejects(source, sources, rejects)?;
    }
    Ok(bytes)
}

/// The same, for files that nothing is rejected from.
fn check_sources(sources: &[Source]) -> Result<Option<u64>> {
    let mut bytes = Some(0);
    for (at, source) in sources.iter().enumerate() {
        let size = source.check()?;
        bytes = bytes.zip(size).map(|(bytes, size)| bytes + size);
        if sources.iter().take(at).any(|earlier| earlier == source) {
            return Err(Wrong(format!("FILE: {source} is named twice; name it once")).into());
        }
    }
    Ok(bytes)
}

/// Checks that the rejects of `source` overwrite nothing that is read.
fn check_rejects(source: &Source, sources: &[Source], rejects: Option<&Path>) -> Result<(), Wrong> {
    let own = source.rejects_path();
    let path = rejects.unwrap_or(&own);
    if let Some(data) = DataDir::around(path) {
        let data = data.display();
        return Err(Wrong(match rejects {
            Some(path) => format!("--rejects: {} lies in the data directory {data}; name another file", path.display()),
            None => format!(
                "FILE: the rejects of {source} would lie in the data directory {data}; name another place with --rejects"
            ),
        }));
    }
    let read = |other: &Source| matches!(other, Source::File(other) if is_same_file(other, path));
    match sources.iter().find(|other| read(other)) {
        Some(other) if rejects.is_some() => Err(Wrong(format!("--rejects: {other} is read from; name another file"))),
        Some(other) => {
            Err(Wrong(format!("FILE: {other} is where the rejects of {source} go; name another with --rejects")))
        }
        None => Ok(()),
    }
}

/// Whether both exist and are one, whatever they are called.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| fs::metadata(path).ok().map(|about| (about.dev(), about.ino()));
    place(one).is_some_and(|one| place(other) == Some(one))
}

async fn dry_run(config: &Config) -> Result<Target> {
    let stored = match open(config, Missing::Refuse).await {
        Ok(session) => Some(session),
        Err(SessionError::NoData { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    Ok(Target::Preview(Box::new(Preview::of(stored)?)))
}

/// What the import did, for people.
fn summary(report: &Report, dry_run: bool) -> String {
    let said = if dry_run { "dry run: nothing was changed; this is what would be\n" } else { "" };
    said.to_owned() + &report.summary()
}

/// What could not be loaded: a line for each file.
fn complaints(report: &Report, format: &str, dry_run: bool) -> Result<()> {
    let loaded = if dry_run { "would be loaded" } else { "was loaded" };
    let lines: Vec<_> = report.outcomes.iter().filter_map(|outcome| outcome.complaint(format, loaded)).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let has_loaded = report.outcomes.iter().any(|outcome| outcome.facts > 0);
    Err(Told { lines, code: if has_loaded { PARTIAL } else { WRONG_INPUT } }.into())
}
