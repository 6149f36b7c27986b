//! `birdbox stats`, `merge` and `backup`: what those do who keep a store.

use std::fmt::Write as _;
use std::path::{Path, absolute};

use anyhow::{Context as _, Result, bail};
use indicatif::{BinaryBytes, HumanCount};
use store::{Copied, StoredFile};

use super::args::{BackupVerb, Form};
use super::failure::Wrong;
use super::{open, output};
use crate::admin::{Answer, ClientError, Missing, Session, Statistics, Verb};
use crate::config::Config;

/// Runs `birdbox stats`.
pub(super) async fn stats(config: &Config, form: Form) -> Result<()> {
    let statistics = ask_stats(&mut open(config, Missing::Refuse).await?).await?;
    match form {
        Form::Text => output::tell(&for_people(&config.store.data, &statistics)),
        Form::Json => output::print_json(&statistics),
    }
}

async fn ask_stats(session: &mut Session) -> Result<Statistics> {
    match session.ask(Verb::Stats).await? {
        Answer::Stats(statistics) => Ok(statistics),
        _ => bail!(ClientError::Unexpected),
    }
}

fn for_people(dir: &Path, Statistics { stats, files }: &Statistics) -> String {
    let count = |number: u64| HumanCount(number).to_string();
    let total = files.iter().map(|file| file.bytes).sum();
    let merging = if stats.merging { ", one runs" } else { "" };
    let writes = if stats.stopped { "stopped by a failed write: check the disk and restart" } else { "go on" };
    let rows = [
        ("data", dir.display().to_string()),
        ("users", count(stats.users)),
        ("posts", count(stats.tweets)),
        ("follows", count(stats.follows)),
        ("changes", format!("{} not merged, {} of memory", count(stats.log_rows), BinaryBytes(stats.delta_bytes))),
        ("merges", format!("{} since the start, {} failed{merging}", stats.merges, stats.failed_merges)),
        ("generation", format!("{} of the log", stats.generation)),
        ("writes", writes.to_owned()),
        ("files", BinaryBytes(total).to_string()),
    ];
    let mut out = String::new();
    for (name, value) in rows {
        // Writing to a String cannot fail; so below.
        let _ = writeln!(out, "{name:<10}  {value}");
    }
    for StoredFile { name, bytes } in files {
        let _ = writeln!(out, "  {name:<28}  {:>12}", BinaryBytes(*bytes).to_string());
    }
    out
}

/// Runs `birdbox merge`.
pub(super) async fn merge(config: &Config) -> Result<()> {
    let mut session = open(config, Missing::Refuse).await?;
    let rows = ask_stats(&mut session).await?.stats.log_rows;
    let Answer::Merged = session.ask(Verb::Merge).await? else { bail!(ClientError::Unexpected) };
    let bytes = BinaryBytes(ask_stats(&mut session).await?.stats.segment_bytes);
    output::tell(&format!("merged {} changes; the segments have {bytes}\n", HumanCount(rows)))
}

/// Runs `birdbox backup`.
pub(super) async fn backup(config: &Config, verb: BackupVerb) -> Result<()> {
    let line = match verb {
        BackupVerb::Create { dir } => {
            // The server works in a directory of its own.
            let place = absolute(&dir).with_context(|| format!("DIR: {}", dir.display()))?;
            if place.to_str().is_none() {
                return Err(Wrong(format!("DIR: {} is no text in UTF-8; give another name", dir.display())).into());
            }
            let answer = open(config, Missing::Refuse).await?.ask(Verb::Backup { dir: place }).await?;
            let Answer::BackedUp(copied) = answer else { bail!(ClientError::Unexpected) };
            let dir = dir.display();
            format!("backed up {}; bring it back with: birdbox backup restore {dir} --data NEW\n", said(copied))
        }
        BackupVerb::Restore { dir } => {
            let data = &config.store.data;
            let copied = store::restore(&dir, data)?;
            format!("restored {}; start with: birdbox serve --data {}\n", said(copied), data.display())
        }
    };
    output::tell(&line)
}

fn said(Copied { files, bytes }: Copied) -> String {
    format!("{files} files ({})", BinaryBytes(bytes))
}
