//! Segments: everything that was merged so far, in immutable files.
//!
//! Users and posts have the same layout: records by ordinal, and an index of their ids;
//! users also one of their usernames, the orders in which they are searched, and lists of
//! whom they follow and who follows them.
//! A merge writes anew the files whose content
//! changed and names the others again. Nothing here knows of the changes since: a
//! username found here counts only if its user still bears it.

mod behind;
mod file;
pub(super) mod hash;
mod heads;
mod index;
mod lists;
mod order;
mod packed;
mod records;
mod sorter;
mod verify;
mod writer;

use std::borrow::Cow;
use std::fs;
use std::io;
use std::marker::PhantomData;
use std::path::Path;

use model::UsernameKey;

pub(crate) use self::file::{Destination, FileKind, FileRef, SegmentFile};
use self::index::Index;
pub(crate) use self::lists::{ListEntry, Lists, ListsWriter, Walk, pick};
pub(crate) use self::order::Order;
pub(crate) use self::packed::HOLE;
pub(crate) use self::records::Place;
use self::records::Records;
pub(crate) use self::writer::{SegmentWriter, Stale};
use super::ahead::ahead;
use super::codec::{Ordinal, Record, TweetRecord, UserRecord};
use crate::announce::IndexedBy;
use crate::{Announced, Detail, OpenError, ReadError, SearchBy, UserKey};

/// The current files by their kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Files([Option<FileRef>; FileKind::COUNT]);

impl Files {
    pub(crate) fn get(&self, kind: FileKind) -> Option<FileRef> {
        self.0.get(kind as usize).copied().flatten()
    }

    pub(crate) fn set(&mut self, kind: FileKind, file: FileRef) {
        if let Some(place) = self.0.get_mut(kind as usize) {
            *place = Some(file);
        }
    }

    /// There is no such file any more.
    pub(crate) fn forget(&mut self, kind: FileKind) {
        if let Some(place) = self.0.get_mut(kind as usize) {
            *place = None;
        }
    }

    /// Those that are there.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (FileKind, FileRef)> {
        FileKind::ALL.into_iter().filter_map(|(kind, _)| Some((kind, self.get(kind)?)))
    }

    /// Removes every other file in the directory of segments.
    pub(crate) fn sweep(&self, dir: &Path) -> io::Result<()> {
        let keep: Vec<_> = self.iter().map(|(kind, file)| kind.path(dir, file.number)).collect();
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            if !keep.contains(&path) {
                match fs::remove_file(path) {
                    // A reader that this process had before let go of it just now.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    other => other?,
                }
            }
        }
        Ok(())
    }
}

/// All segments of one state of the store.
#[derive(Debug)]
pub(crate) struct Segments {
    pub(crate) files: Files,
    pub(crate) users: Segment<UserRecord>,
    pub(crate) tweets: Segment<TweetRecord>,
    pub(crate) lists: Lists,
}

impl Segments {
    pub(crate) fn open(dir: &Path, files: Files) -> Result<Self, OpenError> {
        let (users, tweets) = (Segment::open(dir, &files)?, Segment::open(dir, &files)?);
        Ok(Self { files, users, tweets, lists: Lists::open(dir, &files)? })
    }

    /// Every open file.
    pub(crate) fn each(&self) -> impl Iterator<Item = &SegmentFile> {
        self.users.files().chain(self.tweets.files()).chain(self.lists.files())
    }

    /// The segments that follow `older`. Files of both keep their names until nobody has either
    /// open: who reads the older ones may still want to link them.
    pub(crate) fn open_after(older: &Self, dir: &Path, files: Files) -> Result<Self, OpenError> {
        let mut newer = Self::open(dir, files)?;
        for file in newer.users.files_mut().chain(newer.tweets.files_mut()).chain(newer.lists.files_mut()) {
            older.each().for_each(|other| file.share_name(other));
        }
        Ok(newer)
    }

    /// Lets the files go that `newer` does not name, once nobody reads them.
    pub(crate) fn retire(&self, newer: &Files) {
        let keep: Vec<_> = newer.iter().map(|(kind, file)| (kind, file.number)).collect();
        for file in self.each() {
            if !keep.contains(&file.identity()) {
                file.retire();
            }
        }
    }
}

/// The users, or the posts.
#[derive(Debug)]
pub(crate) struct Segment<R> {
    parts: Option<Parts>,
    record: PhantomData<R>,
}

#[derive(Debug)]
struct Parts {
    records: Records,
    ids: Index,
    usernames: Option<Index>,
    /// One for each way to search; missing where a version wrote the files that had none.
    orders: Option<[Order; 2]>,
}

fn orders(dir: &Path, kinds: Option<[FileKind; 2]>, files: &Files) -> Result<Option<[Order; 2]>, OpenError> {
    let Some([usernames, names]) = kinds else { return Ok(None) };
    match (files.get(usernames), files.get(names)) {
        (Some(usernames_file), Some(names_file)) => {
            Ok(Some([Order::open(dir, usernames, usernames_file)?, Order::open(dir, names, names_file)?]))
        }
        _ => Ok(None),
    }
}

impl<R: Record> Segment<R> {
    pub(crate) fn open(dir: &Path, files: &Files) -> Result<Self, OpenError> {
        let [records, current, ids] = R::FILES;
        let places = R::OLDER_PLACES.filter(|&older| files.get(older).is_some()).unwrap_or(current);
        let missing =
            || OpenError::Damaged { file: dir.to_owned(), reason: "a file of a segment is missing".to_owned() };
        let parts = match (files.get(records), files.get(places), files.get(ids)) {
            (None, None, None) => None,
            (Some(records_file), Some(places_file), Some(ids_file)) => Some(Parts {
                records: Records::open(dir, [records, places], [records_file, places_file])?,
                ids: Index::open(dir, ids, ids_file)?,
                usernames: match R::USERNAMES {
                    Some(kind) => Some(Index::open(dir, kind, files.get(kind).ok_or_else(missing)?)?),
                    None => None,
                },
                orders: orders(dir, R::ORDERS, files)?,
            }),
            _ => return Err(missing()),
        };
        Ok(Self { parts, record: PhantomData })
    }

    /// The first ordinal that was not given when this was merged.
    pub(crate) fn next(&self) -> u64 {
        self.parts.as_ref().map_or(0, |parts| parts.records.next())
    }

    /// How many records there are.
    pub(crate) fn live(&self) -> u64 {
        self.parts.as_ref().map_or(0, |parts| parts.records.live())
    }

    /// Where the record of an ordinal is.
    #[inline]
    pub(crate) fn record(&self, ordinal: Ordinal, detail: Detail) -> Result<Option<Place>, ReadError> {
        self.parts.as_ref().map_or(Ok(None), |parts| parts.records.find::<R>(ordinal, detail))
    }

    /// Bytes that begin with the head of the record at a place that a search gave.
    #[inline]
    pub(crate) fn head(&self, place: &Place) -> &[u8] {
        self.parts.as_ref().map_or(&[], |parts| parts.records.head(place))
    }

    /// All bytes at a place that a search gave.
    #[inline]
    pub(crate) fn bytes(&self, place: &Place) -> Cow<'_, [u8]> {
        self.parts.as_ref().map_or(Cow::Borrowed(&[]), |parts| parts.records.bytes(place))
    }

    /// Appends all bytes at a place that a search gave.
    #[inline]
    pub(crate) fn append(&self, place: &Place, to: &mut Vec<u8>) {
        self.parts.iter().for_each(|parts| parts.records.append(place, to));
    }

    /// The ordinal and the record of an id.
    #[inline]
    pub(crate) fn find(&self, id: R::Id, detail: Detail) -> Result<Option<(Ordinal, Place)>, ReadError> {
        let Some(parts) = &self.parts else { return Ok(None) };
        for ordinal in parts.ids.candidates(hash::of_id(R::number(id))) {
            let ordinal = ordinal?;
            let Some(place) = parts.records.find::<R>(ordinal, detail)? else { continue };
            let found = R::id(parts.records.head(&place)).map_err(|_| parts.unreadable(ordinal))?;
            if found == id {
                return Ok(Some((ordinal, place)));
            }
        }
        Ok(None)
    }

    /// The ordinals that may bear a username, or bore it when this was merged.
    pub(crate) fn bearers<'a>(
        &'a self,
        key: &UsernameKey,
    ) -> impl Iterator<Item = Result<Ordinal, ReadError>> + use<'a, R> {
        let (usernames, hash) =
            (self.parts.as_ref().and_then(|parts| parts.usernames.as_ref()), hash::of_username(key));
        usernames.into_iter().flat_map(move |index| index.candidates(hash))
    }

    /// The order by which users are searched.
    pub(crate) fn order(&self, by: SearchBy) -> Option<&Order> {
        let [usernames, names] = self.parts.as_ref()?.orders.as_ref()?;
        Some(match by {
            SearchBy::Username => usernames,
            SearchBy::Name => names,
        })
    }

    /// Whether there are users who cannot be searched by an order yet.
    pub(crate) fn lacks_orders(&self) -> bool {
        R::ORDERS.is_some() && self.parts.as_ref().is_some_and(|parts| parts.orders.is_none())
    }

    /// Whether an earlier version wrote it, so that a merge makes it better though nothing changed.
    pub(crate) fn is_older(&self) -> bool {
        self.lacks_orders() || self.parts.as_ref().is_some_and(|parts| parts.records.are_older::<R>())
    }

    /// The ids in their order, with their records near when their turn comes.
    pub(crate) fn near_ids<'k>(
        &self,
        ids: &'k [R::Id],
        detail: Detail,
    ) -> impl Iterator<Item = R::Id> + use<'_, 'k, R> {
        let index = self.parts.as_ref().map(|parts| &parts.ids);
        self.near_keys(index, ids.iter().map(|&id| (id, hash::of_id(R::number(id)))), detail)
    }

    /// The same of usernames.
    pub(crate) fn near_usernames<'k>(
        &self,
        keys: &'k [UsernameKey],
        detail: Detail,
    ) -> impl Iterator<Item = &'k UsernameKey> + use<'_, 'k, R> {
        let index = self.parts.as_ref().and_then(|parts| parts.usernames.as_ref());
        self.near_keys(index, keys.iter().map(|key| (key, hash::of_username(key))), detail)
    }

    /// The same of ordinals.
    pub(crate) fn near_records<'k>(
        &self,
        ordinals: &'k [Ordinal],
        detail: Detail,
    ) -> impl Iterator<Item = Ordinal> + use<'_, 'k, R> {
        let records = self.parts.as_ref().map(|parts| &parts.records);
        ahead(ordinals.iter().copied(), move |burst| {
            records.into_iter().for_each(|records| records.fetch(burst.iter().copied(), detail));
        })
    }

    /// What is read to guess is not trusted; it only has to be near when it is read again.
    fn near_keys<'s, K: Copy>(
        &'s self,
        index: Option<&'s Index>,
        keys: impl Iterator<Item = (K, u64)>,
        detail: Detail,
    ) -> impl Iterator<Item = K> {
        let both = index.zip(self.parts.as_ref().map(|parts| &parts.records));
        let keys = ahead(keys, move |burst| {
            let Some((index, records)) = both else { return };
            burst.iter().for_each(|&(_, hash)| index.fetch(hash));
            records.fetch(burst.iter().filter_map(|&(_, hash)| index.guess(hash)), detail);
        });
        keys.map(|(key, _)| key)
    }

    /// An error that names the file of the records.
    pub(crate) fn unreadable(&self, ordinal: Ordinal) -> ReadError {
        match &self.parts {
            Some(parts) => parts.unreadable(ordinal),
            None => ReadError::Damaged { what: format!("record {}", ordinal.0), file: "segments".into() },
        }
    }

    fn files_mut(&mut self) -> impl Iterator<Item = &mut SegmentFile> {
        self.parts.iter_mut().flat_map(|Parts { records, ids, usernames, orders }| {
            let indexes = [ids.file_mut()].into_iter().chain(usernames.as_mut().map(Index::file_mut));
            records.files_mut().into_iter().chain(indexes).chain(orders.iter_mut().flatten().map(Order::file_mut))
        })
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &SegmentFile> {
        self.parts.iter().flat_map(|Parts { records, ids, usernames, orders }| {
            let indexes = [ids.file()].into_iter().chain(usernames.as_ref().map(Index::file));
            records.files().into_iter().chain(indexes).chain(orders.iter().flatten().map(Order::file))
        })
    }
}

impl Announced {
    pub(crate) fn of(user: &UserKey) -> Self {
        match user {
            UserKey::Id(id) => Self { by: IndexedBy::Id, hash: hash::of_id(id.get()) },
            UserKey::Username(name) => Self { by: IndexedBy::Username, hash: hash::of_username(&name.key()) },
        }
    }
}

impl Segment<UserRecord> {
    /// Announces the line of an index where the search for a user begins.
    #[inline]
    pub(crate) fn announce(&self, user: Announced) {
        self.index_of(user).into_iter().for_each(|(_, index)| index.fetch(user.hash));
    }

    /// Announces the head of a user, by a guess from that line.
    #[inline]
    pub(crate) fn announce_head(&self, user: Announced) {
        let Some((records, index)) = self.index_of(user) else { return };
        index.guess(user.hash).into_iter().for_each(|ordinal| records.fetch_place(ordinal));
    }

    #[inline]
    fn index_of(&self, user: Announced) -> Option<(&Records, &Index)> {
        let Parts { records, ids, usernames, .. } = self.parts.as_ref()?;
        let index = match user.by {
            IndexedBy::Id => ids,
            IndexedBy::Username => usernames.as_ref()?,
        };
        Some((records, index))
    }
}

impl Parts {
    fn unreadable(&self, ordinal: Ordinal) -> ReadError {
        let [records, _] = self.records.files();
        records.damaged(&format!("record {}", ordinal.0))
    }
}
