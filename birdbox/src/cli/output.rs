//! Standard output and error, and files that appear whole or not at all.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Serialize;
use store::DataDir;
use tempfile::NamedTempFile;

use super::failure::Wrong;

/// Writes to standard output.
pub(super) fn print(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).context(STDOUT)
}

/// Writes lines for people to standard output, so that nothing in them moves the cursor, and each
/// is read in the order in which it stands.
pub(super) fn tell(lines: &str) -> Result<()> {
    let shown = lines.split_inclusive('\n').map(|line| match line.strip_suffix('\n') {
        Some(line) => visible(line) + "\n",
        None => visible(line),
    });
    print(shown.collect::<String>().as_bytes())
}

/// A text that somebody chose, such as a name, as it stands in a line for people: control characters,
/// and those that end a line or turn the direction of what follows, as `\u{202e}`.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        let acts = character.is_control()
            || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if acts { shown.extend(character.escape_unicode()) } else { shown.push(character) }
    }
    shown
}

/// Writes a line of JSON to standard output.
pub(super) fn print_json(value: &impl Serialize) -> Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    print(&line)
}

/// What is wrong when nothing more fits there.
const STDOUT: &str = "the standard output cannot be written";

/// Writes one line of what is wrong to standard error; that nobody reads it is no error.
pub(super) fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "birdbox: {}", visible(line));
}

/// Where a command writes what it was asked for.
pub(super) enum Output {
    /// Standard output.
    Stdout(BufWriter<io::Stdout>),
    /// A new file, which takes its name when it is whole.
    Draft(BufWriter<NamedTempFile>, PathBuf),
    /// A device or pipe, which cannot be replaced.
    Device(BufWriter<File>, PathBuf),
}

impl Output {
    /// To the file of `-o`; without one, or for `-`, to standard output.
    pub(super) fn open(path: Option<&Path>) -> Result<Self> {
        Self::of(path, 0o666)
    }

    /// The same for what holds secrets: a new file is for its owner alone.
    pub(super) fn open_private(path: Option<&Path>) -> Result<Self> {
        Self::of(path, 0o600)
    }

    fn of(path: Option<&Path>, mode: u32) -> Result<Self> {
        match path {
            None => Ok(Self::Stdout(BufWriter::new(io::stdout()))),
            Some(path) if path == Path::new("-") => Ok(Self::Stdout(BufWriter::new(io::stdout()))),
            Some(path) if let Some(data) = DataDir::around(path) => {
                let (path, data) = (path.display(), data.display());
                Err(Wrong(format!("-o: {path} lies in the data directory {data}; name another file")).into())
            }
            Some(path) => Self::create(path, mode).map_err(|error| wrong(path, &error).into()),
        }
    }

    fn create(path: &Path, mode: u32) -> io::Result<Self> {
        // The target of a link is replaced, not the link.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&target) {
            Ok(about) if about.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(about) if !about.is_file() => {
                return Ok(Self::Device(
                    BufWriter::new(OpenOptions::new().write(true).open(&target)?),
                    path.to_owned(),
                ));
            }
            _ => {}
        }
        let dir = folder(&target);
        // As for any new file: what the umask leaves of this.
        let draft = tempfile::Builder::new().permissions(Permissions::from_mode(mode)).tempfile_in(dir)?;
        Ok(Self::Draft(BufWriter::new(draft), target))
    }

    /// Writes all of `bytes`.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Self::Stdout(out) => out.write_all(bytes).context(STDOUT),
            Self::Draft(out, path) => out.write_all(bytes).map_err(|error| wrong(path, &error).into()),
            Self::Device(out, path) => out.write_all(bytes).map_err(|error| wrong(path, &error).into()),
        }
    }

    /// Whether it goes to standard output, where a terminal may show it.
    pub(super) fn is_stdout(&self) -> bool {
        matches!(self, Self::Stdout(_))
    }

    /// Ends the writing. A file is on disk under its name when this returns; it never
    /// appears if this is not called.
    pub(super) fn finish(self) -> Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush().context(STDOUT),
            Self::Device(mut out, path) => out.flush().map_err(|error| wrong(&path, &error).into()),
            Self::Draft(out, target) => finish_file(out, &target).map_err(|error| wrong(&target, &error).into()),
        }
    }
}

/// The directory of a file.
fn folder(file: &Path) -> &Path {
    file.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn finish_file(out: BufWriter<NamedTempFile>, target: &Path) -> io::Result<()> {
    let draft = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    draft.as_file().sync_all()?;
    draft.persist(target).map_err(|error| error.error)?;
    // Its name too is on disk then.
    File::open(folder(target))?.sync_all()
}

fn wrong(path: &Path, error: &io::Error) -> Wrong {
    Wrong(format!("-o: {} cannot be written ({}); name another file", path.display(), error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_written_out() {
        for (text, shown) in [
            ("Grüße 👩‍👩‍👧 שלום", "Grüße 👩‍👩‍👧 שלום"),
            ("a\u{1b}[2Jb\u{7f}", "a\\u{1b}[2Jb\\u{7f}"),
            ("a\u{9b}31m\r\n\tb", "a\\u{9b}31m\\u{d}\\u{a}\\u{9}b"),
            ("\u{202e}nimda\u{202c}\u{2066}\u{200f}", "\\u{202e}nimda\\u{202c}\\u{2066}\\u{200f}"),
            ("one\u{2028}two", "one\\u{2028}two"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }
}
