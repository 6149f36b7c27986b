//! Checks every byte of a segment: lines, records, and that records and indexes agree.

use super::file::SegmentFile;
use super::index::Index;
use super::{Order, Parts, Segment, hash};
use crate::Detail;
use crate::embedded::codec::{Ordinal, Record};
use crate::embedded::verify::Watch;

impl<R: Record> Segment<R> {
    /// Reports all that is wrong, in a step for each ordinal. `noun` says what the records are
    /// of, and `stands` whether one is still as it was merged: an import can merge two with one
    /// username, of which the log then renames one.
    pub(crate) fn verify(&self, noun: &str, stands: impl Fn(Ordinal) -> bool, watch: &mut Watch<'_>) {
        let Some(parts) = &self.parts else { return };
        // Each file is read whole before others lead into it, so that a bad sector is met
        // when its file is the one that is being read.
        let ids = walk(&parts.ids, watch);
        let usernames = parts.usernames.as_ref().map(|index| (index, walk(index, watch)));
        let [records, offsets] = parts.records.files();
        watch.reading(offsets.path());
        for number in 0..offsets.lines() {
            if let Err(error) = offsets.line(number) {
                watch.unreadable(&error);
            }
        }
        watch.reading(records.path());
        let mut live = 0;
        for number in 0..self.next() {
            watch.step();
            let Ok(number) = u32::try_from(number) else { break };
            live += u64::from(parts.verify_record::<R>(Ordinal(number), noun, &stands, watch));
        }
        expect(records, "its first line counts", parts.records.live(), live, watch);
        expect(parts.ids.file(), "it has entries for", ids, live, watch);
        if let Some((index, entries)) = usernames {
            expect(index.file(), "it has entries for", entries, live, watch);
        }
        for (order, at) in parts.orders.iter().flatten().zip(0..) {
            let places = parts.verify_order::<R>(order, at, watch);
            expect(order.file(), "it has places for", places, live, watch);
        }
    }
}

impl Parts {
    /// Whether there is a record, and an error for all that is wrong with it.
    fn verify_record<R: Record>(
        &self,
        ordinal: Ordinal,
        noun: &str,
        stands: &impl Fn(Ordinal) -> bool,
        watch: &mut Watch<'_>,
    ) -> bool {
        let place = match self.records.find::<R>(ordinal, Detail::Full) {
            Ok(Some(place)) => place,
            Ok(None) => return false,
            Err(error) => {
                watch.unreadable(&error);
                return true;
            }
        };
        let bytes = self.records.bytes(&place);
        let bytes = &*bytes;
        let [file, _] = self.records.files();
        let (Ok(id), Ok(username), true) = (R::id(bytes), R::username(bytes), R::from_bytes(bytes).is_ok()) else {
            watch.fault(file.path(), &format!("record {} cannot be decoded", ordinal.0));
            return true;
        };
        let number = R::number(id);
        let both_stand = |other| stands(ordinal) && stands(other);
        let same_id = |other, bytes: &[u8]| both_stand(other) && R::id(bytes).is_ok_and(|other| other == id);
        self.verify_entry::<R>(&self.ids, hash::of_id(number), ordinal, &format!("{noun} {number}"), same_id, watch);
        if let (Some(index), Some(key)) = (&self.usernames, username) {
            let same =
                |other, bytes: &[u8]| both_stand(other) && R::username(bytes).is_ok_and(|other| other == Some(key));
            let what = format!("the username of {noun} {number}");
            self.verify_entry::<R>(index, hash::of_username(&key), ordinal, &what, same, watch);
        }
        true
    }

    /// Says how many places an order has; each must have a record, and none one that comes
    /// before that of the last.
    fn verify_order<R: Record>(&self, order: &Order, at: usize, watch: &mut Watch<'_>) -> u64 {
        watch.reading(order.file().path());
        let (mut last, mut places) = (None, 0);
        for ordinal in order.from(0) {
            let ordinal = match ordinal {
                Ok(ordinal) => ordinal,
                Err(error) => {
                    watch.unreadable(&error);
                    return order.len();
                }
            };
            places += 1;
            // What cannot be read was reported when all records were read.
            let Ok(Some(place)) = self.records.find::<R>(ordinal, Detail::Core) else { continue };
            let keys = R::order_keys(self.records.head(&place)).ok().flatten();
            let here = keys.and_then(|keys| Some((*keys.get(at)?, ordinal)));
            if here <= last {
                watch.fault(order.file().path(), &format!("record {} is not in its place", ordinal.0));
            }
            last = here;
        }
        places
    }

    /// An index must lead to a record once, and to no other record with the same key.
    fn verify_entry<R: Record>(
        &self,
        index: &Index,
        hash: u64,
        ordinal: Ordinal,
        what: &str,
        is_same: impl Fn(Ordinal, &[u8]) -> bool,
        watch: &mut Watch<'_>,
    ) {
        let mut found = 0;
        for candidate in index.candidates(hash) {
            match candidate {
                Ok(candidate) if candidate == ordinal => found += 1,
                Ok(other) => {
                    let place = self.records.find::<R>(other, Detail::Core).ok().flatten();
                    if place.is_some_and(|place| is_same(other, self.records.head(&place))) {
                        let reason = format!("{what} is in records {} and {}", ordinal.0, other.0);
                        watch.fault(index.file().path(), &reason);
                    }
                }
                // The line was reported when all lines were read.
                Err(_) => return,
            }
        }
        if found != 1 {
            watch.fault(index.file().path(), &format!("{what} has {found} entries and should have 1"));
        }
    }
}

/// Checks every line, and counts the entries.
fn walk(index: &Index, watch: &mut Watch<'_>) -> u64 {
    watch.reading(index.file().path());
    let mut count = 0;
    for line in 0..index.lines() {
        match index.entries(line) {
            Ok(entries) => count += entries.count() as u64,
            Err(error) => watch.unreadable(&error),
        }
    }
    count
}

fn expect(file: &SegmentFile, says: &str, said: u64, live: u64, watch: &mut Watch<'_>) {
    // Where something was unreadable, the numbers differ for that reason.
    if said != live && !watch.has_faults_in(file.path()) {
        watch.fault(file.path(), &format!("{says} {said} records, and {live} are there"));
    }
}

#[cfg(test)]
mod tests {
    use model::{User, UserId, Username};

    use super::super::sorter::{Entry, Sorter};
    use super::super::{Destination, FileKind, Files, SegmentWriter, Stale, index};
    use super::*;
    use crate::embedded::codec::UserRecord;

    /// What is wrong with a segment of users with these usernames, whose ids are 0, 1, …, when
    /// its index `kind` has `entries` of hashes and ordinals.
    fn faults(names: &[&str], kind: FileKind, entries: &[(u64, u32)]) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let to = |number| Destination { dir: dir.path().to_owned(), number, durable: false };
        let mut writer = SegmentWriter::<UserRecord>::create(&to(1), Stale::ALL).unwrap();
        for (username, id) in names.iter().zip(0..) {
            let user = User::new(UserId::new(id), username.parse().unwrap(), "Someone");
            writer.push(Some(UserRecord::new(&user).as_ref())).unwrap();
        }
        let mut files = Files::default();
        writer.finish(&|| {}).unwrap().files.into_iter().for_each(|(kind, file)| files.set(kind, file));
        let mut sorter = Sorter::new(dir.path());
        entries.iter().for_each(|&(hash, number)| sorter.push(Entry { key: hash, ordinal: Ordinal(number) }).unwrap());
        files.set(kind, index::write(&to(2), kind, sorter).unwrap().0);
        let mut tell = |_: crate::Verifying<'_>| {};
        let mut watch = Watch::new(&mut tell);
        Segment::<UserRecord>::open(dir.path(), &files).unwrap().verify("user", |_| true, &mut watch);
        let faults = watch.into_report().faults.into_iter();
        faults.map(|fault| fault.rsplit_once(": ").unwrap().1.to_owned()).collect()
    }

    fn of_name(name: &str) -> u64 {
        hash::of_username(&name.parse::<Username>().unwrap().key())
    }

    #[test]
    fn records_and_indexes_must_lead_to_each_other() {
        let of_ids = |entries: &[(u64, u32)]| faults(&["a", "b"], FileKind::UserIds, entries);
        let [zero, one] = [0, 1].map(hash::of_id);
        assert_eq!(of_ids(&[(zero, 0), (one, 1)]), Vec::<String>::new());
        let missing = ["user 1 has 0 entries and should have 1", "it has entries for 1 records, and 2 are there"];
        assert_eq!(of_ids(&[(zero, 0)])[..1], missing[..1]);
        let strayed = of_ids(&[(zero, 0), (one, 0)]);
        assert_eq!(strayed, ["user 1 has 0 entries and should have 1"]);
        assert_eq!(of_ids(&[(zero, 0), (one, 1), (one, 1)])[..1], ["user 1 has 2 entries and should have 1"]);
        assert_eq!(of_ids(&[(zero, 0), (one, 1), (77, 9)]), ["it has entries for 3 records, and 2 are there"]);
    }

    #[test]
    fn two_records_with_one_username_are_a_fault() {
        let found = faults(&["a", "A"], FileKind::Usernames, &[(of_name("a"), 0), (of_name("a"), 1)]);
        let twice = |user, one, other| format!("the username of user {user} is in records {one} and {other}");
        assert_eq!(found, [twice(0, 0, 1), twice(1, 1, 0)]);
    }
}
