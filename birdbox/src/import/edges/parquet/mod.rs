//! Follows from Parquet files, which a process of its own decodes.
//!
//! The library believes what such a file says of itself: a hundred bytes can make it ask for all memory, go
//! round its stack or panic. That process has a bound of memory and may end as it likes; this one, which may
//! be a server, then says that the file is damaged. See decision 0021.

mod decode;

use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use formats::edges::{Column, Layout, Reads};
use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

use super::{Edges, wire};
use crate::import::Progress;

/// The most memory that decoding may take, in bytes of addresses: pages of two columns, unpacked, many times over.
const MEMORY: u64 = 4 << 30;

/// The longest line that the other process writes.
const MAX_LINE: u64 = 1 << 16;

/// What is looked for in a file.
#[derive(Debug, Serialize, Deserialize)]
struct Wanted {
    columns: Option<[Column; 2]>,
    /// How many columns there may be when none are named.
    most: usize,
}

/// What the other process says, a line each.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// So many pairs come next; so many rows of so many are done with them.
    Pairs { pairs: usize, done: u64, of: u64 },
    /// What is wrong with the file, and what to do.
    Refused(String),
    /// There are no more.
    End,
}

/// Gives the follows of all rows, in their order, until `give` wants no more.
///
/// # Errors
/// What is wrong with the file, and what to do.
pub(super) fn read(
    path: &Path,
    layout: &Layout,
    progress: &Progress,
    mut give: impl FnMut(Edges) -> bool,
) -> Result<(), String> {
    let failed = |error: io::Error| format!("cannot be read in a process of its own ({error}); try again");
    let bytes = path.metadata().map_err(failed)?.len();
    let (_child, mut from) = start(path, layout).map_err(failed)?;
    let mut counted = 0;
    loop {
        let (edges, done, of) = match next(&mut from) {
            Ok((Line::End, _)) => return Ok(()),
            Ok((Line::Refused(reason), _)) => return Err(reason),
            Ok((Line::Pairs { done, of, .. }, edges)) => (edges, done, of),
            Err(_) => return Err(decode::damaged("it is not what it says of itself")),
        };
        let edges = match layout.reads {
            Reads::Follows => edges,
            Reads::FollowedBy => edges.into_iter().map(|(first, second)| (second, first)).collect(),
        };
        if !give(edges) {
            return Ok(());
        }
        // Other columns are not read, so the rows tell how far it is.
        let reached = u128::from(bytes) * u128::from(done.min(of)) / u128::from(of.max(1));
        let reached = u64::try_from(reached).unwrap_or(bytes);
        progress.passed(reached.saturating_sub(counted));
        counted = reached.max(counted);
    }
}

/// The other process, which ends with this.
struct Decoder(Child);

impl Drop for Decoder {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(path: &Path, layout: &Layout) -> io::Result<(Decoder, BufReader<ChildStdout>)> {
    let wanted = Wanted { columns: layout.columns.clone(), most: *layout.width.end() };
    // On Linux this is the program even after its file was replaced by that of a new version.
    let own = Path::new("/proc/self/exe");
    let program = if own.exists() { own.to_owned() } else { std::env::current_exe()? };
    let mut command = Command::new(program);
    command.args(["import", "edges", "--in-process"]).arg(serde_json::to_string(&wanted)?).arg("--").arg(path);
    // What a panic says is for nobody.
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let from = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    Ok((Decoder(child), BufReader::with_capacity(1 << 17, from)))
}

/// # Errors
/// When the other process has ended without a word, or says something else.
fn next(from: &mut impl BufRead) -> io::Result<(Line, Edges)> {
    let mut line = Vec::new();
    from.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
    let line = serde_json::from_slice(&line)?;
    let mut bytes = match line {
        Line::Pairs { pairs: pairs @ ..=wire::MAX_PAIRS, .. } => vec![0; pairs * wire::PAIR],
        Line::Pairs { .. } => return Err(io::ErrorKind::InvalidData.into()),
        Line::Refused(_) | Line::End => Vec::new(),
    };
    from.read_exact(&mut bytes)?;
    Ok((line, wire::unpacked(&bytes)))
}

/// Is that other process: decodes a file and says to the standard output what is in it. `wanted` is what
/// the one that asks has written of it.
///
/// # Errors
/// When nobody reads, or nobody wrote `wanted`.
pub(crate) fn decode(path: &Path, wanted: &str) -> io::Result<()> {
    let Wanted { columns, most } = serde_json::from_str(wanted)?;
    let layout = Layout { width: 2..=most, ..Layout::of_pairs(Reads::Follows, columns) };
    setrlimit(Resource::As, Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) })?;
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    let mut out = io::stdout().lock();
    let mut written = Ok(());
    let decoded = decode::read(path, &layout, |edges, done, of| {
        let mut bytes = Vec::with_capacity(edges.len() * wire::PAIR);
        wire::pack(&edges, &mut bytes);
        written = tell(&mut out, &Line::Pairs { pairs: edges.len(), done, of }).and_then(|()| out.write_all(&bytes));
        written.is_ok()
    });
    written?;
    tell(&mut out, &decoded.map_or_else(Line::Refused, |()| Line::End))?;
    out.flush()
}

fn tell(out: &mut impl io::Write, line: &Line) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    out.write_all(&text)
}
