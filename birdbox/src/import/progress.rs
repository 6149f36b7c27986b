//! The progress bar of an import: bytes, rate and time left, on a terminal alone.

use std::io::Read;

use indicatif::{ProgressBar, ProgressStyle};

/// How far the reading of all files is.
#[derive(Debug, Clone)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar for this many bytes; without a number, it has no end.
    #[must_use]
    pub fn new(bytes: Option<u64>) -> Self {
        let (bar, template) = match bytes {
            Some(bytes) => (
                ProgressBar::new(bytes),
                "{prefix}{msg} [{wide_bar}] {bytes}/{total_bytes} {binary_bytes_per_sec}, {eta} left",
            ),
            None => (ProgressBar::new_spinner(), "{spinner} {msg} {bytes} {binary_bytes_per_sec}"),
        };
        // The templates are right; a bar in another style would do as well.
        let bar = match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style.progress_chars("=> ")),
            Err(_) => bar,
        };
        Self(bar)
    }

    pub(super) fn now_reading(&self, name: &str) {
        self.0.set_message(name.to_owned());
    }

    /// Another import has to end first.
    pub(super) fn now_waiting(&self) {
        self.0.set_prefix("waits for another import: ");
    }

    /// It has ended.
    pub(super) fn goes_on(&self) {
        self.0.set_prefix("");
        self.0.reset_eta();
    }

    /// Everything is read; how long the store takes is not known.
    pub(super) fn now_writing(&self) {
        self.0.finish_with_message("writing");
    }

    /// The same stream, its bytes counted.
    pub(super) fn count(&self, reader: Box<dyn Read + Send>) -> impl Read + Send + use<> {
        self.0.wrap_read(reader)
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
