//! Checks every byte of the lists, and that both directions hold the same follows.

use model::Direction;

use super::super::packed::HOLE;
use super::slots::Slots;
use super::{Lists, Parts, pick};
use crate::embedded::codec::Ordinal;
use crate::embedded::segment::file::SegmentFile;
use crate::embedded::segment::hash;
use crate::embedded::verify::Watch;

impl Lists {
    /// Reports all that is wrong, in two steps for each ordinal. It takes 8 bytes of memory
    /// for each.
    pub(crate) fn verify(&self, watch: &mut Watch<'_>) {
        let Some(parts) = &self.parts else { return };
        // Each file is read whole before others lead into it.
        let lines = parts.directory.files().map(|file| walk(file, watch));
        let blocks = [&parts.following, &parts.followers].map(|slots| verify_blocks(slots, watch));
        let next = usize::try_from(self.next()).unwrap_or(usize::MAX);
        let mut check = Check { lists: self, parts, sums: vec![0; next], met: Vec::new() };
        for direction in [Direction::Following, Direction::Followers] {
            check.all_of(direction, [lines, blocks] == [[true; 2]; 2], watch);
        }
    }
}

/// Checks every line, and says whether all could be read.
fn walk(file: &SegmentFile, watch: &mut Watch<'_>) -> bool {
    watch.reading(file.path());
    let mut whole = true;
    for line in 0..file.lines() {
        if let Err(error) = file.line(line) {
            watch.unreadable(&error);
            whole = false;
        }
    }
    whole
}

/// Checks every block and its count, and says whether all could be read.
fn verify_blocks(slots: &Slots, watch: &mut Watch<'_>) -> bool {
    let [file, counts] = slots.files();
    let mut whole = walk(counts, watch);
    watch.reading(file.path());
    let (mut unpacked, mut near, mut live) = (Vec::new(), None, 0);
    for block in 0..slots.blocks() {
        unpacked.clear();
        let read = slots.unpack(block, slots.range_of(block), &mut unpacked);
        match read.and_then(|()| slots.live_in(block, &mut near)) {
            Err(error) => {
                watch.unreadable(&error);
                whole = false;
            }
            Ok(said) => {
                let found = unpacked.iter().filter(|&&slot| slot != HOLE).count();
                live += found as u64;
                if usize::from(said) != found {
                    watch.fault(
                        counts.path(),
                        &format!("it counts {said} slots in block {block}, and {found} are there"),
                    );
                }
            }
        }
    }
    if whole && live != slots.live() {
        watch.fault(counts.path(), &format!("its first line counts {} follows, and {live} are there", slots.live()));
    }
    whole
}

/// What is kept while all lists are read.
struct Check<'a> {
    lists: &'a Lists,
    parts: &'a Parts,
    /// For each ordinal the sum of a number of each follow that leads to it.
    sums: Vec<u32>,
    /// The list, by the number of its owner + 1, in which an ordinal was met last.
    met: Vec<u32>,
}

impl Check<'_> {
    /// Checks the lists of a direction. What they hold together can be judged if all is `whole`.
    fn all_of(&mut self, direction: Direction, whole: bool, watch: &mut Watch<'_>) {
        let slots = pick(direction, [&self.parts.following, &self.parts.followers]);
        let ([file, _], [directory, exceptions]) = (slots.files(), self.parts.directory.files());
        watch.reading(file.path());
        self.met = vec![0; self.sums.len()];
        let (mut reader, mut list, mut end) = (self.lists.reader(direction), Vec::new(), 0);
        for number in 0..self.lists.next() {
            watch.step();
            let Ok(of) = u32::try_from(number) else { break };
            let entry = match self.lists.entry(Ordinal(of)) {
                Ok(entry) => entry,
                Err(error) => {
                    watch.unreadable(&error);
                    continue;
                }
            };
            let range = entry.range(direction);
            if whole && range.start != end {
                watch.fault(directory.path(), &format!("the lists of record {of} are not where those before end"));
            }
            end = range.end;
            if let Err(error) = reader.read(&entry, &mut list) {
                watch.unreadable(&error);
                continue;
            }
            let holes = list.iter().filter(|&&slot| slot == HOLE).count() as u64;
            if holes != u64::from(pick(direction, entry.holes)) {
                let reason = format!("it does not count the {holes} holes in a list of record {of}");
                watch.fault(exceptions.path(), &reason);
            }
            let same = self.list(of, direction, &list, file, watch);
            if whole && !same {
                watch.fault(file.path(), &format!("the followers of record {of} are not those who follow it"));
            }
        }
        if whole && end != slots.len() {
            watch.fault(directory.path(), &format!("its lists have {end} slots, and {} are there", slots.len()));
        }
    }

    /// Checks the slots of a list, and says whether the followers in it are those in whose
    /// following its owner is.
    fn list(&mut self, of: u32, direction: Direction, list: &[u32], file: &SegmentFile, watch: &mut Watch<'_>) -> bool {
        let mut sum = 0_u32;
        for &other in list.iter().filter(|&&slot| slot != HOLE) {
            let place = other as usize;
            let (Some(met), Some(led)) = (self.met.get_mut(place), self.sums.get_mut(place)) else {
                watch.fault(file.path(), &format!("a list of record {of} holds {other}, which is nobody"));
                continue;
            };
            if std::mem::replace(met, of + 1) == of + 1 {
                watch.fault(file.path(), &format!("a list of record {of} holds record {other} twice"));
            }
            match direction {
                Direction::Following => *led = led.wrapping_add(number_of(of, other)),
                Direction::Followers => sum = sum.wrapping_add(number_of(other, of)),
            }
        }
        direction == Direction::Following || self.sums.get(of as usize) == Some(&sum)
    }
}

/// A number of a follow, of which sums can be compared.
fn number_of(follower: u32, followed: u32) -> u32 {
    hash::of_id(u64::from(follower) << 32 | u64::from(followed)) as u32
}
