//! The progress bar of an import: bytes, rate and time left, on a terminal alone.

use std::future::Future;
use std::io::Read;
use std::pin::pin;
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

    /// Draws nothing until [`Self::show`]: something else is on the screen.
    pub fn hide(&self) {
        self.0.set_draw_target(ProgressDrawTarget::hidden());
    }

    /// Draws again.
    pub fn show(&self) {
        self.0.set_draw_target(ProgressDrawTarget::stderr());
        self.0.reset_eta();
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

    /// Everything is read, and the store takes it in. Until it says how far it is, it sorts.
    pub(super) fn now_writing(&self, written: Option<Written>) {
        let template = if written.is_some() { WRITING } else { SORTING };
        if self.0.message() != template {
            self.0.set_message(template);
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.0.set_style(style.progress_chars("=> "));
            }
            self.0.set_position(0);
            self.0.reset_elapsed();
            self.0.reset_eta();
            self.0.enable_steady_tick(TICK);
        }
        if let Some(Written { done, of }) = written {
            self.0.set_length(of);
            self.0.set_position(done);
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
        self.0.wrap_read(reader)
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
