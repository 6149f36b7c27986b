//! The progress bar of an import: bytes, rate and time left, on a terminal alone.

use std::future::Future;
use std::io::Read;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use store::Store;
use tokio::time::timeout;

use super::bulk::Written;

/// How often what shows that work goes on is drawn.
const TICK: Duration = Duration::from_millis(200);
/// What is shown while the store has not begun to write, and while it does.
const SORTING: &str = "{spinner} everything is read; sorting since {elapsed}";
const WRITING: &str = "{spinner} everything is read; writing [{wide_bar}] {percent}%, {eta} left";

/// How far the reading of all files is.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: ProgressBar,
    is_writing: Arc<AtomicBool>,
}

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
        Self { bar, is_writing: Arc::default() }
    }

    /// Draws nothing until [`Self::show`]: something else is on the screen.
    pub fn hide(&self) {
        self.bar.set_draw_target(ProgressDrawTarget::hidden());
    }

    /// Draws again.
    pub fn show(&self) {
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
        self.bar.reset_eta();
    }

    /// The bytes that were read so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bar.position()
    }

    /// Whether everything is read and being written.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        self.is_writing.load(Relaxed)
    }

    pub(super) fn now_reading(&self, name: &str) {
        self.bar.set_message(name.to_owned());
    }

    /// Another import has to end first.
    pub(super) fn now_waiting(&self) {
        self.bar.set_prefix("waits for another import: ");
    }

    /// It has ended.
    pub(super) fn goes_on(&self) {
        self.bar.set_prefix("");
        self.bar.reset_eta();
    }

    /// Everything is read, and the store takes it in. Until it says how far it is, it sorts.
    pub(super) fn now_writing(&self, written: Option<Written>) {
        self.is_writing.store(true, Relaxed);
        let template = if written.is_some() { WRITING } else { SORTING };
        if self.bar.message() != template {
            self.bar.set_message(template);
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.bar.set_style(style.progress_chars("=> "));
            }
            self.bar.set_position(0);
            self.bar.reset_elapsed();
            self.bar.reset_eta();
            self.bar.enable_steady_tick(TICK);
        }
        if let Some(Written { done, of }) = written {
            self.bar.set_length(of);
            self.bar.set_position(done);
        }
    }

    /// Shows how far the store is until `import` ends.
    pub(super) async fn of_writing<T>(&self, store: &Store, import: impl Future<Output = T>) -> T {
        let mut import = pin!(import);
        loop {
            self.now_writing(store.merge_progress().map(Written::from));
            if let Ok(ended) = timeout(TICK, import.as_mut()).await {
                return ended;
            }
        }
    }

    /// The same stream, its bytes counted.
    pub(super) fn count(&self, reader: Box<dyn Read + Send>) -> impl Read + Send + use<> {
        self.bar.wrap_read(reader)
    }

    /// Such a part of the files is done, in bytes.
    pub(super) fn passed(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
