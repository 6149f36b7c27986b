//! A form with a file, taken piece by piece: the file goes to the disk, the rest is short.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll};

use bytes::Bytes;
use multer::{Constraints, Field, Multipart, SizeLimit};
use tokio::task::spawn_blocking;

use super::super::form::Form;
use crate::http::{Stream, Upload};

/// The most bytes of a field that is no file.
const TEXT: usize = 4096;
/// The most fields.
const FIELDS: usize = 20;
/// More than all that stands around the file.
const AROUND: u64 = 1 << 20;
/// So much is read in search of the next part of the form.
pub(super) const BETWEEN: usize = 64 << 10;
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
    /// No part of it begins, or goes on, where one should.
    NoPart,
    /// It has more than one file.
    TwoFiles,
    /// The file cannot be written.
    Disk(io::Error),
}

/// What may be read before something is found in it: multer keeps all that it has looked at in vain,
/// and asks for more before it looks.
#[derive(Debug, Default)]
struct Room {
    bytes: AtomicUsize,
    is_over: AtomicBool,
}

impl Room {
    fn set(&self, bytes: usize) {
        self.bytes.store(bytes, Relaxed);
        self.is_over.store(false, Relaxed);
    }

    /// Why multer gave up.
    fn trouble(&self) -> Trouble {
        if self.is_over.load(Relaxed) { Trouble::NoPart } else { Trouble::Form }
    }
}

/// An upload that ends with an error once the room is used up and what came was looked at.
#[derive(Debug)]
struct Bounded {
    upload: Upload,
    room: Arc<Room>,
}

impl Stream for Bounded {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let this = self.get_mut();
        let left = this.room.bytes.load(Relaxed);
        if left == 0 {
            if this.room.is_over.swap(true, Relaxed) {
                return Poll::Ready(Some(Err(io::ErrorKind::InvalidData.into())));
            }
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let polled = Pin::new(&mut this.upload).poll_next(cx);
        if let Poll::Ready(Some(Ok(piece))) = &polled {
            this.room.bytes.store(left.saturating_sub(piece.len()), Relaxed);
        }
        polled
    }
}

/// Takes a form, its file into `path`. Of a file that is larger than `most` as much again is thrown
/// away before the browser is cut off, so that it mostly learns why.
pub(super) async fn take(upload: Upload, content_type: &str, path: &Path, most: u64) -> Result<Sent, Trouble> {
    let boundary = multer::parse_boundary(content_type).map_err(|_| Trouble::Form)?;
    // All that is no file takes less than this.
    let whole = SizeLimit::new().whole_stream(most.saturating_mul(2).saturating_add(AROUND));
    let room = Arc::<Room>::default();
    let body = Bounded { upload, room: Arc::clone(&room) };
    let mut parts = Multipart::with_constraints(body, boundary, Constraints::new().size_limit(whole));
    let (mut sent, mut is_there) = (Sent::default(), false);
    for _ in 0..FIELDS {
        room.set(BETWEEN);
        let Some(field) = parts.next_field().await.map_err(|_| room.trouble())? else { return Ok(sent) };
        // What it holds is passed on as it comes.
        room.set(usize::MAX);
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
