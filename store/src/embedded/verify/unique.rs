//! Whether what the log changed left every id and every username to one user or post. That
//! records of a segment do not share them is checked where indexes are.

use std::path::Path;

use model::UsernameKey;

use super::Watch;
use crate::Detail;
use crate::embedded::codec::{Ordinal, Record};
use crate::embedded::delta::Table;
use crate::embedded::segment::Segment;

/// Lists the changed records whose id or username somebody else has. `bearer` says whom the
/// changes gave a username.
pub(super) fn check<R: Record>(
    changed: &Table<R>,
    segment: &Segment<R>,
    file: &Path,
    noun: &str,
    bearer: impl Fn(&UsernameKey) -> Option<Ordinal>,
    watch: &mut Watch<'_>,
) {
    for (ordinal, record) in changed.live() {
        let bytes = record.as_ref();
        let (Ok(id), Ok(username)) = (R::id(bytes), R::username(bytes)) else {
            watch.fault(file, &format!("the changed record {} cannot be decoded", ordinal.0));
            continue;
        };
        let number = R::number(id);
        // What the log changed or deleted is not as it stands in the segment any more.
        let stands = |other| other != ordinal && changed.record(other).is_none();
        let merged = segment.find(id, Detail::Full).ok().flatten().is_some_and(|(other, _)| stands(other));
        if merged || changed.ordinal(id) != Some(ordinal) {
            watch.fault(file, &format!("there are two records of {noun} {number}"));
        }
        let Some(key) = username else { continue };
        let bears = |other| {
            let place = segment.record(other, Detail::Core).ok().flatten();
            place.is_some_and(|place| R::username(segment.head(&place)).is_ok_and(|other| other == Some(key)))
        };
        let taken = segment.bearers(&key).filter_map(Result::ok).any(|other| stands(other) && bears(other));
        if taken || bearer(&key) != Some(ordinal) {
            watch.fault(file, &format!("somebody else bears the username of {noun} {number}"));
        }
    }
}
