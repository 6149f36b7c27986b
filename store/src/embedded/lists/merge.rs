//! Old lists and what changed become new lists.

use model::{Both, Direction};

use super::layers::ListLayers;
use super::run::ListsRun;
use crate::embedded::bulk::OrdinalSet;
use crate::embedded::codec::Ordinal;
use crate::embedded::edges::{EdgeLists, OnList};
use crate::embedded::merge::MergeError;
use crate::embedded::segment::{Destination, FileKind, FileRef, ListsWriter};

/// What was written.
#[derive(Debug, Default)]
pub(in crate::embedded) struct WrittenLists {
    pub(in crate::embedded) files: Vec<(FileKind, FileRef)>,
    /// Follows of the load that were new.
    pub(in crate::embedded) brought: u64,
}

/// Writes the lists of all users with ordinals before `next`, in the order of these, unless
/// nothing changed. The numbers of `counted` were imported just now; what `load` has comes to
/// the end of each list. `go_on` is asked again and again.
pub(in crate::embedded) fn merge(
    old: ListLayers<'_>,
    next: u64,
    counted: &OrdinalSet,
    mut load: Option<EdgeLists<'_>>,
    to: &Destination,
    go_on: &dyn Fn() -> Result<(), MergeError>,
) -> Result<WrittenLists, MergeError> {
    let mut changed: Vec<_> = old.active.users().chain(old.run.into_iter().flat_map(ListsRun::users)).collect();
    for ordinal in counted.iter() {
        if old.counts(ordinal)?.net != Both::default() {
            changed.push(ordinal);
        }
    }
    if changed.is_empty() && load.is_none() {
        return Ok(WrittenLists::default());
    }
    changed.sort_unstable();
    changed.dedup();
    let mut changed = changed.into_iter().peekable();
    let greatest = u32::try_from(next.saturating_sub(1)).unwrap_or(u32::MAX);
    let mut writer = ListsWriter::create(to, greatest)?;
    let mut readers = Direction::BOTH.map(|direction| old.segment.reader(direction));
    let mut lists = [Vec::new(), Vec::new()];
    let (mut on_list, mut brought) = (OnList::default(), 0);
    for ordinal in (0..=greatest).map(Ordinal) {
        let entry = old.segment.entry(ordinal)?;
        let mut net = entry.net;
        for (list, reader) in lists.iter_mut().zip(&mut readers) {
            list.clear();
            reader.read(&entry, list)?;
        }
        if changed.next_if_eq(&ordinal).is_some() {
            for (direction, list) in Direction::BOTH.into_iter().zip(&mut lists) {
                old.list(ordinal, direction)?.lay_on(list);
            }
            let since = if counted.contains(ordinal) { Both::default() } else { old.counts(ordinal)?.net };
            let clamped = since.map(|net| net.clamp(i32::MIN.into(), i32::MAX.into()) as i32);
            net = [clamped.following, clamped.followers];
        }
        if let Some(load) = &mut load {
            let before = lists.each_ref().map(Vec::len);
            for (direction, list) in Direction::BOTH.into_iter().zip(&mut lists) {
                on_list.append(list, load.list(ordinal, direction)?);
            }
            let [following, _] = lists.each_ref().map(Vec::len);
            brought += (following - before[0]) as u64;
        }
        let [following, followers] = &lists;
        writer.push(following, followers, net)?;
        go_on()?;
    }
    Ok(WrittenLists { files: writer.finish()?, brought })
}
