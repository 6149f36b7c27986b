//! Who follows whom by the pages of followers in files of twarc2.

use formats::{follows_of_page, may_hold_pages};
use model::Timestamp;

use super::Edges;
use crate::import::input::{self, Source};
use crate::import::progress::Progress;

/// The follows of all files, those of each oldest first.
pub(super) fn read(sources: &[Source], progress: &Progress) -> Edges {
    let mut all = Edges::new();
    for source in sources.iter().filter(|source| matches!(source, Source::File(_))) {
        // Pages come newest first, and so do the follows on them.
        all.extend(read_file(source, progress).into_iter().rev());
    }
    all
}

fn read_file(source: &Source, progress: &Progress) -> Edges {
    let mut follows = Edges::new();
    // No time is taken from a page.
    let Ok(mut input) = input::open(source, progress, Timestamp::MIN) else { return follows };
    while let Ok(Some(chunk)) = input.chunks.next() {
        if may_hold_pages(chunk.bytes()) {
            let pages = chunk.lines_with_text().filter(|line| !line.is_cut);
            follows.extend(pages.flat_map(|line| follows_of_page(line.bytes).unwrap_or_default()));
        }
    }
    follows
}
