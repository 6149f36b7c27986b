//! The lines that could not be read, with their numbers and what is wrong, as NDJSON.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::reading::Reject;
use super::{ImportError, Source};

/// A rejects file; it is made when the first line is rejected.
pub(super) struct Rejects {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    names_files: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    line: u64,
    reason: &'a str,
    text: &'a str,
}

impl Rejects {
    pub(super) fn to(path: PathBuf) -> Self {
        Self { path, file: None, names_files: false }
    }

    /// Whether each row says from which file it comes.
    pub(super) fn naming_files(self, names_files: bool) -> Self {
        Self { names_files, ..self }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one row.
    pub(super) fn add(&mut self, source: &Source, reject: &Reject) -> Result<(), ImportError> {
        let Reject { number, reason, text } = reject;
        let row = Row { file: self.names_files.then(|| source.to_string()), line: *number, reason, text };
        self.write(&row).map_err(|source| self.error(source))
    }

    pub(super) fn flush(&mut self) -> Result<(), ImportError> {
        match &mut self.file {
            Some(file) => file.flush().map_err(|source| self.error(source)),
            None => Ok(()),
        }
    }

    fn write(&mut self, row: &Row<'_>) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(BufWriter::new(File::create(&self.path)?)),
        };
        serde_json::to_writer(&mut *file, row)?;
        file.write_all(b"\n")
    }

    fn error(&self, source: io::Error) -> ImportError {
        ImportError::Rejects { path: self.path.clone(), source }
    }
}
