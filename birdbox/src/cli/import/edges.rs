//! `birdbox import edges`: shows what the first lines say, asks whether that is right, and
//! loads follows.

use std::collections::HashMap;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use anyhow::Result;
use formats::edges::Layout;
use model::{Observation, UserId, Username};
use store::Edge;

use super::check_sources;
use crate::admin::{Answer, Missing, Session, SessionError, Verb};
use crate::cli::args::ImportEdgesArgs;
use crate::cli::failure::{FAILED, Told, Wrong};
use crate::cli::{open, output};
use crate::config::Config;
use crate::import::{EdgeFiles, Progress, Source, names_of, sentences};

/// So many follows are shown.
const SHOWN: usize = 3;

/// Runs `birdbox import edges`.
pub(super) async fn run(config: &Config, args: &ImportEdgesArgs) -> Result<()> {
    let layout = layout(args)?;
    let sources: Vec<_> = args.files.iter().map(|file| Source::from_argument(file)).collect();
    let progress = Progress::new(check_sources(&sources)?);
    progress.hide();
    let mut files = EdgeFiles::open(&sources, &layout, &progress);
    let first = files.first(SHOWN).await?;
    let names = names(config, first).await?;
    let lines: String = sentences(first, &names).into_iter().map(|sentence| sentence + "\n").collect();
    output::tell(&lines)?;
    if !args.yes {
        ask()?;
    }
    let mut session = open(config, Missing::Create).await?;
    progress.show();
    let imported = files.load(&mut session, &progress).await;
    progress.finish();
    output::tell(&imported?.summary())
}

fn layout(args: &ImportEdgesArgs) -> Result<Layout, Wrong> {
    match (args.preset, args.direction) {
        (Some(preset), None) => Ok(preset.layout()),
        (None, Some(direction)) => Ok(Layout::of_pairs(direction.into(), args.columns.clone())),
        _ => Err(Wrong(
            "--preset: files do not say who of two follows the other; name the data set with --preset, or give \
             --direction follows or --direction followed-by"
                .to_owned(),
        )),
    }
}

/// The usernames of those who are known.
async fn names(config: &Config, edges: &[Edge]) -> Result<HashMap<UserId, Username>> {
    let mut session = match open(config, Missing::Refuse).await {
        Ok(session) => session,
        Err(SessionError::NoData { .. }) => return Ok(HashMap::new()),
        Err(error) => return Err(error.into()),
    };
    let users = edges.iter().flat_map(|(follower, followed)| [*follower, *followed]).collect();
    let known = known(&mut session, users).await?;
    Ok(names_of(&known))
}

async fn known(session: &mut Session, users: Vec<UserId>) -> Result<Vec<Observation>> {
    match session.ask(Verb::Known { users, usernames: Vec::new(), tweets: Vec::new() }).await? {
        Answer::Known(known) => Ok(known.observations),
        _ => Err(crate::admin::ClientError::Unexpected.into()),
    }
}

/// Asks whether the sentences are right.
fn ask() -> Result<()> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        let advice = "there is no terminal to ask on; if the lines above are right, add --yes, else read the files in the \
                      other direction or name other columns";
        return Err(Wrong(format!("--yes: {advice}")).into());
    }
    write!(io::stderr(), "Is that right? [y/N] ")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    let lines = vec!["nothing was loaded; read the files in the other direction or name other columns".to_owned()];
    Err(Told { lines, code: FAILED }.into())
}
