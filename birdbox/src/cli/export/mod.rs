//! `birdbox export`: users and posts in the native form, and follows. The files are made in `export`.

mod edges;

use std::io::{self, IsTerminal as _};

use anyhow::Result;

use super::args::{ExportArgs, ExportWhat};
use super::failure::Wrong;
use super::open;
use super::output::Output;
use crate::admin::{Missing, Session};
use crate::config::Config;
use crate::export::{EdgeForm, Pieces};

/// Runs `birdbox export`.
pub(super) async fn run(config: &Config, args: &ExportArgs) -> Result<()> {
    let mut session = open(config, Missing::Refuse).await?;
    let output = match &args.what {
        ExportWhat::Users { output } => output,
        ExportWhat::Edges(args) => &args.output,
    };
    if let ExportWhat::Edges(args) = &args.what
        && args.format == EdgeForm::Parquet
        && args.output.is_none()
        && io::stdout().is_terminal()
    {
        return Err(Wrong("--format parquet: is not for a terminal; name a file with -o".to_owned()).into());
    }
    let mut out = Output::open(output.as_deref())?;
    match &args.what {
        ExportWhat::Users { .. } => write(&mut session, Pieces::users(), &mut out).await?,
        ExportWhat::Edges(args) => match args.of {
            Some(user) => edges::write_of(&mut session, user, args.format, &mut out).await?,
            None => write(&mut session, Pieces::edges(args.format)?, &mut out).await?,
        },
    }
    out.finish()
}

async fn write(session: &mut Session, mut pieces: Pieces, out: &mut Output) -> Result<()> {
    while let Some(piece) = pieces.next(session).await? {
        out.write(&piece)?;
    }
    Ok(())
}
