//! Both directions of all follows of a load, sorted by list, and read again in the order of
//! ordinals.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use foldhash::fast::RandomState;
use model::{Both, Direction};

use super::buckets::{Buckets, LISTS, Loaded};
use super::numbers::{Numbers, Whose};
use super::reserved::Reserved;
use crate::embedded::codec::Ordinal;
use crate::embedded::merge::MergeError;

/// So many follows of users who were created meanwhile are kept in memory.
const MOST_CREATED: usize = 16 << 20;

/// The lists of one direction: those of ordinals, and those of new users by their place.
#[derive(Debug)]
pub(super) struct Side {
    known: Buckets,
    new: Buckets,
}

impl Side {
    pub(super) fn new(dir: &Path) -> Self {
        Self { known: Buckets::new(dir), new: Buckets::new(dir) }
    }

    /// Appends to the list of a number.
    #[inline]
    pub(super) fn push(&mut self, numbers: Numbers, list: u32, other: u32) -> io::Result<()> {
        match numbers.whose(list) {
            Whose::Known(ordinal) => self.known.push(ordinal, other),
            Whose::New(place) => self.new.push(place, other),
        }
    }

    /// How long the lists are, when all are there.
    pub(super) fn take_counts(&mut self) -> io::Result<Lengths> {
        Ok(Lengths { known: self.known.take_counts()?, new: self.new.take_counts()? })
    }
}

/// How long the lists of one direction are: those of ordinals, and those of new users by
/// their place.
#[derive(Debug)]
pub(super) struct Lengths {
    pub(super) known: Vec<u32>,
    pub(super) new: Vec<u32>,
}

/// Gives the follows of a load, list by list.
pub(in crate::embedded) struct EdgeLists<'a> {
    reserved: &'a Reserved,
    readers: Both<Reader<'a>>,
    /// Lists of users who were created after they were looked for.
    created: HashMap<Ordinal, Both<Vec<u32>>, RandomState>,
}

/// One direction, and the buckets of it that were read last.
struct Reader<'a> {
    side: &'a Side,
    lengths: &'a Lengths,
    known: (usize, Loaded),
    new: (usize, Loaded),
}

impl<'a> EdgeLists<'a> {
    pub(super) fn new(sides: &'a Both<Side>, reserved: &'a Reserved) -> Result<Self, MergeError> {
        let readers = Both::of(|direction| Reader {
            side: &sides[direction],
            lengths: &reserved.lengths[direction],
            known: (usize::MAX, Loaded::default()),
            new: (usize::MAX, Loaded::default()),
        });
        let mut lists = Self { reserved, readers, created: HashMap::default() };
        lists.read_created()?;
        Ok(lists)
    }

    /// These lie among the new users, and their ordinals elsewhere.
    fn read_created(&mut self) -> Result<(), MergeError> {
        let mut created: Vec<_> = self.reserved.ordinals.iter().map(|(place, ordinal)| (*place, *ordinal)).collect();
        created.sort_unstable();
        let mut many = 0;
        for (place, ordinal) in created {
            let mut lists = Both::<Vec<u32>>::default();
            for direction in Direction::BOTH {
                let list = self.readers[direction].of_new(place as usize, self.reserved)?;
                lists[direction].extend_from_slice(list);
                many += list.len();
            }
            if many > MOST_CREATED {
                return Err(MergeError::Disk(io::Error::other("too many users were created meanwhile; load again")));
            }
            self.created.insert(ordinal, lists);
        }
        Ok(())
    }

    /// Whom the load adds to a list, the oldest first, each as often as it was there. Lists
    /// should be asked for in the order of ordinals.
    pub(in crate::embedded) fn list(&mut self, of: Ordinal, direction: Direction) -> io::Result<&[u32]> {
        if let Some(lists) = self.created.get(&of) {
            return Ok(&lists[direction]);
        }
        let reader = &mut self.readers[direction];
        match u64::from(of.0).checked_sub(self.reserved.first_user()) {
            None => reader.of_known(of.0 as usize, self.reserved),
            Some(place) => {
                let place = u32::try_from(place).map_err(io::Error::other)?;
                // The ordinal of one who was created before belongs to nobody.
                let is_free = self.reserved.ordinals.contains_key(&place);
                if is_free { Ok(&[]) } else { reader.of_new(place as usize, self.reserved) }
            }
        }
    }
}

impl Reader<'_> {
    fn of_known(&mut self, ordinal: usize, reserved: &Reserved) -> io::Result<&[u32]> {
        list(&self.side.known, &self.lengths.known, &mut self.known, ordinal, reserved)
    }

    fn of_new(&mut self, place: usize, reserved: &Reserved) -> io::Result<&[u32]> {
        list(&self.side.new, &self.lengths.new, &mut self.new, place, reserved)
    }
}

fn list<'l>(
    buckets: &Buckets,
    lengths: &[u32],
    (at, loaded): &'l mut (usize, Loaded),
    list: usize,
    reserved: &Reserved,
) -> io::Result<&'l [u32]> {
    if *at != list / LISTS {
        // Not two at once.
        *loaded = Loaded::default();
        *loaded = buckets.load(list / LISTS, lengths)?;
        *at = list / LISTS;
        loaded.others_mut().iter_mut().for_each(|other| *other = reserved.resolve(*other));
    }
    Ok(loaded.list(list % LISTS))
}
