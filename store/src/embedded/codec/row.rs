//! The rows of the log: the outcome of a change, so that a replay decides nothing.
//!
//! A CRC-32C (4 bytes), the kind (1), the ordinal (4), and a record or an id. The
//! checksum begins with the generation and the number of the row, so that a right row
//! in the wrong place is caught too.

use model::{Both, Direction, TweetId, UserId};

use super::{Malformed, Ordinal, Reader, Record, TweetRecord, UserRecord};

/// What a change left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// A user is this from now on.
    PutUser(Ordinal, UserRecord),
    /// A user is forgotten. The ordinal stays spent.
    DeleteUser(Ordinal, UserId),
    /// A post is this from now on.
    PutTweet(Ordinal, TweetRecord),
    /// A post is forgotten. The ordinal stays spent.
    DeleteTweet(Ordinal, TweetId),
    /// A user is this from now on, and its numbers are those that hold now.
    CountUser(Ordinal, UserRecord),
    /// One user follows another.
    Follow(Follow),
    /// One user does not follow another any more.
    Unfollow(Ordinal, Ordinal),
    /// A load brought a follow that was made while it was on its way.
    Overtake(Ordinal, Ordinal),
}

/// A new follow, and the slots that it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Follow {
    pub(crate) follower: Ordinal,
    pub(crate) followed: Ordinal,
    /// In the list of whom the one follows, and in that of who follows the other.
    pub(crate) slots: Both<u64>,
    /// A load that was on its way may bring the same follow with older slots.
    pub(crate) over_import: bool,
}

impl Follow {
    /// Both lists that it stands in: whose, and who stands there.
    pub(crate) fn sides(&self) -> [(Direction, Ordinal, Ordinal); 2] {
        let Self { follower, followed, .. } = *self;
        [(Direction::Following, follower, followed), (Direction::Followers, followed, follower)]
    }
}

/// What a row says of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListRow {
    Follow(Follow),
    Unfollow(Ordinal, Ordinal),
    /// Of two slots of one follow the older one does not count.
    Overtake(Ordinal, Ordinal),
    /// The imported numbers of a user were replaced.
    ResetCounts(Ordinal),
}

impl Change {
    /// Who followed whom until now.
    pub(crate) fn ended_follow(&self) -> Option<(Ordinal, Ordinal)> {
        match self {
            Self::Unfollow(follower, followed) => Some((*follower, *followed)),
            _ => None,
        }
    }

    /// How many bytes its row takes, roughly.
    pub(crate) fn size(&self) -> usize {
        const BESIDE: usize = 32;
        match self {
            Self::PutUser(_, record) => BESIDE + record.as_bytes().len(),
            Self::PutTweet(_, record) => BESIDE + record.as_bytes().len(),
            Self::CountUser(_, record) => BESIDE + record.as_bytes().len(),
            Self::DeleteUser(..) | Self::DeleteTweet(..) => BESIDE,
            Self::Follow(_) | Self::Unfollow(..) | Self::Overtake(..) => BESIDE,
        }
    }
}

/// The numbers by which rows begin. They are stored.
mod kind {
    pub(super) const PUT_USER: u8 = 1;
    pub(super) const DELETE_USER: u8 = 2;
    pub(super) const PUT_TWEET: u8 = 3;
    pub(super) const DELETE_TWEET: u8 = 4;
    pub(super) const COUNT_USER: u8 = 5;
    pub(super) const FOLLOW: u8 = 6;
    pub(super) const UNFOLLOW: u8 = 7;
    pub(super) const OVERTAKE: u8 = 8;
}

/// The place of a row, which its checksum covers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) generation: u64,
    pub(crate) number: u64,
}

impl Row {
    /// Writes the stored form of `change` into `out`, whose content is dropped.
    pub(crate) fn encode(self, change: &Change, out: &mut Vec<u8>) {
        out.clear();
        out.extend_from_slice(&[0; 4]);
        match change {
            Change::PutUser(ordinal, record) => put(kind::PUT_USER, *ordinal, record.as_bytes(), out),
            Change::DeleteUser(ordinal, id) => put(kind::DELETE_USER, *ordinal, &id.get().to_le_bytes(), out),
            Change::PutTweet(ordinal, record) => put(kind::PUT_TWEET, *ordinal, record.as_bytes(), out),
            Change::DeleteTweet(ordinal, id) => put(kind::DELETE_TWEET, *ordinal, &id.get().to_le_bytes(), out),
            Change::CountUser(ordinal, record) => put(kind::COUNT_USER, *ordinal, record.as_bytes(), out),
            Change::Follow(Follow { follower, followed, slots: Both { following, followers }, over_import }) => {
                put(kind::FOLLOW, *follower, &followed.0.to_le_bytes(), out);
                out.extend_from_slice(&following.to_le_bytes());
                out.extend_from_slice(&followers.to_le_bytes());
                out.push(u8::from(*over_import));
            }
            Change::Unfollow(follower, followed) => put(kind::UNFOLLOW, *follower, &followed.0.to_le_bytes(), out),
            Change::Overtake(follower, followed) => put(kind::OVERTAKE, *follower, &followed.0.to_le_bytes(), out),
        }
        if let Some((checksum, body)) = out.split_first_chunk_mut::<4>() {
            *checksum = self.checksum(body).to_le_bytes();
        }
    }

    /// Checks the stored form of a row that should stand in this place.
    pub(crate) fn check(self, bytes: &[u8]) -> Result<Changed<'_>, BadRow> {
        let (checksum, body) = bytes.split_first_chunk::<4>().ok_or(BadRow::Checksum)?;
        if u32::from_le_bytes(*checksum) != self.checksum(body) {
            return Err(BadRow::Checksum);
        }
        Changed::new(body).map_err(|Malformed| BadRow::Content)
    }

    fn checksum(self, body: &[u8]) -> u32 {
        let place = crc32c::crc32c_append(crc32c::crc32c(&self.generation.to_le_bytes()), &self.number.to_le_bytes());
        crc32c::crc32c_append(place, body)
    }
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadRow {
    /// The bytes are not those that were written, or not here.
    Checksum,
    /// The bytes are those that were written, and mean nothing.
    Content,
}

impl BadRow {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Checksum => "its checksum does not match",
            Self::Content => "it cannot be decoded",
        }
    }
}

fn put(kind: u8, ordinal: Ordinal, rest: &[u8], out: &mut Vec<u8>) {
    out.push(kind);
    out.extend_from_slice(&ordinal.0.to_le_bytes());
    out.extend_from_slice(rest);
}

/// Whose a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    User,
    Tweet,
    /// Of lists alone.
    Lists,
}

/// A row that was checked and not taken apart yet: of many changes of one user a replay
/// needs only the last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Changed<'a> {
    kind: u8,
    ordinal: Ordinal,
    rest: &'a [u8],
}

impl<'a> Changed<'a> {
    fn new(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader(body);
        let [kind, ordinal @ ..] = reader.array::<5>()?;
        Ok(Self { kind, ordinal: Ordinal(u32::from_le_bytes(ordinal)), rest: reader.0 })
    }

    /// Whose change it is.
    pub(crate) fn of(self) -> Of {
        match self.kind {
            kind::PUT_USER | kind::COUNT_USER | kind::DELETE_USER => Of::User,
            kind::FOLLOW | kind::UNFOLLOW | kind::OVERTAKE => Of::Lists,
            _ => Of::Tweet,
        }
    }

    /// What it says of lists, if anything.
    pub(crate) fn of_lists(self) -> Result<Option<ListRow>, Malformed> {
        match self.kind {
            kind::COUNT_USER => Ok(Some(ListRow::ResetCounts(self.ordinal))),
            kind::FOLLOW | kind::UNFOLLOW | kind::OVERTAKE => match self.change()? {
                Change::Follow(follow) => Ok(Some(ListRow::Follow(follow))),
                Change::Unfollow(follower, followed) => Ok(Some(ListRow::Unfollow(follower, followed))),
                Change::Overtake(follower, followed) => Ok(Some(ListRow::Overtake(follower, followed))),
                _ => Err(Malformed),
            },
            _ => Ok(None),
        }
    }

    pub(crate) fn ordinal(self) -> Ordinal {
        self.ordinal
    }

    /// The bytes of the record that is there now; none if it was deleted.
    pub(crate) fn outcome(self) -> Result<Option<&'a [u8]>, Malformed> {
        match self.kind {
            kind::PUT_USER | kind::COUNT_USER | kind::PUT_TWEET => Ok(Some(self.rest)),
            kind::DELETE_USER | kind::DELETE_TWEET => self.change().map(|_| None),
            _ => Err(Malformed),
        }
    }

    /// The change itself.
    pub(crate) fn change(self) -> Result<Change, Malformed> {
        let Self { kind, ordinal, rest } = self;
        let mut reader = Reader(rest);
        let change = match kind {
            kind::PUT_USER => return Ok(Change::PutUser(ordinal, UserRecord::from_bytes(rest)?)),
            kind::PUT_TWEET => return Ok(Change::PutTweet(ordinal, TweetRecord::from_bytes(rest)?)),
            kind::DELETE_USER => Change::DeleteUser(ordinal, UserId::new(reader.u64()?)),
            kind::DELETE_TWEET => Change::DeleteTweet(ordinal, TweetId::new(reader.u64()?)),
            kind::COUNT_USER => return Ok(Change::CountUser(ordinal, UserRecord::from_bytes(rest)?)),
            kind::FOLLOW => Change::Follow(Follow {
                follower: ordinal,
                followed: reader.array().map(u32::from_le_bytes).map(Ordinal)?,
                slots: Both { following: reader.u64()?, followers: reader.u64()? },
                over_import: reader.array()? != [0],
            }),
            kind::UNFOLLOW => Change::Unfollow(ordinal, reader.array().map(u32::from_le_bytes).map(Ordinal)?),
            kind::OVERTAKE => Change::Overtake(ordinal, reader.array().map(u32::from_le_bytes).map(Ordinal)?),
            _ => return Err(Malformed),
        };
        reader.end()?;
        Ok(change)
    }
}
