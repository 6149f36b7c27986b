//! `birdbox import archive`: loads the profile and the lists of an account from its archive.

use anyhow::{Result, bail};

use super::check_sources;
use crate::admin::{Answer, ClientError, Missing, Verb};
use crate::cli::args::ImportArchiveArgs;
use crate::cli::{open, output};
use crate::config::Config;
use crate::import::{Archive, EdgeFiles, ImportError, Progress, Report, Source};

/// Runs `birdbox import archive`.
pub(super) async fn run(config: &Config, args: &ImportArchiveArgs) -> Result<()> {
    let sources: Vec<_> = args.files.iter().map(|file| Source::File(file.clone())).collect();
    check_sources(&sources)?;
    // All are read before the first is loaded, so that a bad one loads nothing.
    let (mut observations, mut follows) = (Vec::new(), Vec::new());
    for file in &args.files {
        let Archive { observation, edges } = Archive::read(file).map_err(ImportError::Input)?;
        observations.push(observation);
        follows.extend(edges);
    }
    let mut session = open(config, Missing::Create).await?;
    let answer = session.ask(Verb::Import { observations, conflict: args.on_conflict }).await?;
    let Answer::Imported(imported) = answer else { bail!(ClientError::Unexpected) };
    let mut said = Report { imported, outcomes: Vec::new() }.summary();
    if !follows.is_empty() {
        let progress = Progress::new(None);
        let loaded = EdgeFiles::of(follows).load(&mut session, &progress).await;
        progress.finish();
        said.push_str(&loaded?.summary());
    }
    output::tell(&said)
}
