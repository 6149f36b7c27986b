//! Files of follows: two ids on each line, as data sets of the Twitter graph have them.
//!
//! Which of the two follows the other differs from one data set to the next. [`PRESETS`] knows
//! some of them; for others the person who holds the file says it. [`EdgeReader`] reads
//! lines, [`write_pair`] writes them; what else is in such files (weights, times) is left out.

mod error;
mod read;

use std::ops::RangeInclusive;

use model::UserId;
use serde::{Deserialize, Serialize};

pub use error::{EdgeError, EdgeProblem};
pub use read::EdgeReader;

/// What the first id of a line is to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reads {
    /// The first follows the second.
    Follows,
    /// The first is followed by the second.
    FollowedBy,
}

/// How the lines of a file are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// What the first id is to the second.
    pub reads: Reads,
    /// Which columns they are in; without it there are no others.
    pub columns: Option<[Column; 2]>,
    /// What lines that say nothing begin with.
    pub comments: &'static [u8],
    /// How many columns there may be when `columns` names none; ids are in the first two.
    pub width: RangeInclusive<usize>,
    /// Whether the first line may be names of columns.
    pub header: bool,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Column {
    /// By its place, from 1.
    Number(usize),
    /// By its name in the first line.
    Name(String),
}

/// A known data set.
#[derive(Debug)]
pub struct Preset {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    reads: Reads,
    comments: &'static [u8],
    width: RangeInclusive<usize>,
}

/// The known data sets. What each says of its direction:
///
/// * `snap-ego`: "directed (a follows b) for twitter", README of the ego networks at
///   <https://snap.stanford.edu/data/ego-Twitter.html>.
/// * `kwak`: `twitter_rv.net` has "USER, FOLLOWER" on each line,
///   <https://anlab-kaist.github.io/traces/WWW2010>. `law` is the same graph with other numbers for its users.
/// * `law`: "there is an arc from x to y if y is a follower of x", <http://law.di.unimi.it/webdata/twitter-2010/>; SNAP
///   has it as text, `twitter-2010.txt`.
/// * `mpi`: "first user follows second user", <https://twitter.mpi-sws.org>.
/// * `konect`: "the left user follows the right one", with lines of `%` before and columns for weight and time
///   behind, <http://konect.cc/networks/munmun_twitter_social/>.
/// * `higgs`: `higgs-social_network.edgelist` at <https://snap.stanford.edu/data/higgs-twitter.html>. Its page does not
///   say it, its numbers do: at most 1,259 edges lead from a user and 51,386 to one. The other files of that set have
///   a third column and are no follows.
pub const PRESETS: [Preset; 6] = {
    const NOT: &[u8] = b"#";
    [
        preset("snap-ego", "SNAP ego-Twitter: twitter_combined.txt", Reads::Follows, NOT, 2),
        preset("kwak", "Kwak and others, 2010: twitter_rv.net", Reads::FollowedBy, NOT, 2),
        preset("law", "LAW twitter-2010, as a list of arcs", Reads::FollowedBy, NOT, 2),
        preset("mpi", "MPI-SWS, ICWSM 2010: links-anon.txt", Reads::Follows, NOT, 2),
        preset("konect", "KONECT: out.* of a network of follows", Reads::Follows, b"%#", 4),
        preset("higgs", "SNAP Higgs: higgs-social_network.edgelist", Reads::Follows, NOT, 2),
    ]
};

const fn preset(
    name: &'static str,
    about: &'static str,
    reads: Reads,
    comments: &'static [u8],
    columns: usize,
) -> Preset {
    Preset { name, about, reads, comments, width: 2..=columns }
}

impl Preset {
    /// How its lines are read.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let Self { reads, comments, width, .. } = self;
        Layout { reads: *reads, columns: None, comments, width: width.clone(), header: false }
    }
}

impl Layout {
    /// Of a file that is no known data set: pairs, or two of its columns, with or without
    /// their names in the first line.
    #[must_use]
    pub fn of_pairs(reads: Reads, columns: Option<[Column; 2]>) -> Self {
        Self { reads, columns, comments: b"#%", width: 2..=2, header: true }
    }
}

/// Writes a line of two ids.
pub fn write_pair(follower: UserId, followed: UserId, separator: u8, out: &mut Vec<u8>) {
    let mut digits = itoa::Buffer::new();
    out.extend_from_slice(digits.format(follower.get()).as_bytes());
    out.push(separator);
    out.extend_from_slice(digits.format(followed.get()).as_bytes());
    out.push(b'\n');
}
