//! A form with a file, taken piece by piece: the file goes to the disk, the rest is short.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use bytes::Bytes;
use multer::{Constraints, Field, Multipart, SizeLimit};
use tokio::task::spawn_blocking;

use super::super::form::Form;
use crate::http::Upload;

/// The most bytes of a field that is no file.
const TEXT: usize = 4096;
/// The most fields.
const FIELDS: usize = 20;
/// More than all that stands around the file.
const AROUND: u64 = 1 << 20;
/// So much is written at a time.
const PIECE: usize = 1 << 20;

/// What was sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) fields: Form,
    /// What the browser calls the file; nothing if none was chosen.
    pub(super) name: String,
    pub(super) bytes: u64,
    /// It has more bytes than it may have. What came of it is gone.
    pub(super) is_too_large: bool,
}

/// Why a form is not taken.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It is no such form, or did not come to its end.
    Form,
    /// It has more than one file.
    TwoFiles,
    /// The file cannot be written.
    Disk(io::Error),
}

/// Takes a form, its file into `path`. Of a file that is larger than `most` as much again is thrown
/// away before the browser is cut off, so that it mostly learns why.
pub(super) async fn take(upload: Upload, content_type: &str, path: &Path, most: u64) -> Result<Sent, Trouble> {
    let boundary = multer::parse_boundary(content_type).map_err(|_| Trouble::Form)?;
    // All that is no file takes less than this, and so does what is read in search of a field.
    let whole = SizeLimit::new().whole_stream(most.saturating_mul(2).saturating_add(AROUND));
    let mut parts = Multipart::with_constraints(upload, boundary, Constraints::new().size_limit(whole));
    let (mut sent, mut is_there) = (Sent::default(), false);
    for _ in 0..FIELDS {
        let Some(field) = parts.next_field().await.map_err(|_| Trouble::Form)? else { return Ok(sent) };
        if field.name() == Some("file") {
            if is_there {
                return Err(Trouble::TwoFiles);
            }
            is_there = true;
            field.file_name().unwrap_or_default().clone_into(&mut sent.name);
            take_file(field, path, most, &mut sent).await?;
            if sent.bytes > most.saturating_mul(2) {
                return Ok(sent);
            }
        } else {
            let name = field.name().unwrap_or_default().to_owned();
            let text = take_text(field).await?;
            sent.fields.add(name, text);
        }
    }
    Err(Trouble::Form)
}

async fn take_text(mut field: Field<'_>) -> Result<String, Trouble> {
    let mut text = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|_| Trouble::Form)? {
        if text.len() + piece.len() > TEXT {
            return Err(Trouble::Form);
        }
        text.extend_from_slice(&piece);
    }
    String::from_utf8(text).map_err(|_| Trouble::Form)
}

async fn take_file(mut field: Field<'_>, path: &Path, most: u64, sent: &mut Sent) -> Result<(), Trouble> {
    let mut file = File::create(path).map_err(Trouble::Disk)?;
    let (mut pieces, mut waiting) = (Vec::new(), 0);
    while let Some(piece) = field.chunk().await.map_err(|_| Trouble::Form)? {
        sent.bytes += piece.len() as u64;
        if sent.bytes > most {
            if !sent.is_too_large {
                sent.is_too_large = true;
                pieces.clear();
                file.set_len(0).map_err(Trouble::Disk)?;
            }
            if sent.bytes > most.saturating_mul(2) {
                return Ok(());
            }
            continue;
        }
        waiting += piece.len();
        pieces.push(piece);
        if waiting >= PIECE {
            file = write(file, std::mem::take(&mut pieces)).await?;
            waiting = 0;
        }
    }
    write(file, pieces).await.map(drop)
}

/// Writes off the threads that answer requests.
async fn write(mut file: File, pieces: Vec<Bytes>) -> Result<File, Trouble> {
    let written = spawn_blocking(move || pieces.iter().try_for_each(|piece| file.write_all(piece)).map(|()| file));
    written.await.map_err(|error| Trouble::Disk(io::Error::other(error)))?.map_err(Trouble::Disk)
}
