//! The stored form of developer accounts, Apps, tokens and what belongs to them, and of what
//! users have to do with each other besides follows: one row each, in one database of LMDB.
//!
//! A key is the number of its table and then an id or a digest. A value is a CRC-32C of
//! key and members, and the members one after the other ([`Field`]). Which rows go with
//! which, and when a row expires, its type says ([`Row`]).

mod field;
mod rows;

pub(crate) use field::{Field, RowKey};
pub(crate) use rows::{AppRow, Counters, Password, Tie, TieNumbers};

use model::{AccountId, AppId, GrantId, ProjectId, Timestamp, UserId};

use super::{Malformed, Reader};

/// What has rows of its own. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Table {
    Counters = 1,
    Accounts = 2,
    Projects = 3,
    Apps = 4,
    UserTokens = 5,
    RequestTokens = 6,
    Codes = 7,
    Grants = 8,
    AccessTokens = 9,
    RefreshTokens = 10,
    Consents = 11,
    Sessions = 12,
    Passwords = 13,
    /// From an owner to what goes with it.
    Links = 14,
    /// From a time to what is to be forgotten then.
    Expiries = 15,
    Ties = 16,
    TieNumbers = 17,
    PortalLinks = 18,
    PortalSessions = 19,
    Developers = 20,
    Usage = 21,
}

impl Table {
    const ALL: [Self; 21] = [
        Self::Counters,
        Self::Accounts,
        Self::Projects,
        Self::Apps,
        Self::UserTokens,
        Self::RequestTokens,
        Self::Codes,
        Self::Grants,
        Self::AccessTokens,
        Self::RefreshTokens,
        Self::Consents,
        Self::Sessions,
        Self::Passwords,
        Self::Links,
        Self::Expiries,
        Self::Ties,
        Self::TieNumbers,
        Self::PortalLinks,
        Self::PortalSessions,
        Self::Developers,
        Self::Usage,
    ];

    /// The table of a stored number.
    pub(crate) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|table| *table as u8 == number)
    }
}

/// A row that goes when its owner goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Account(AccountId),
    Project(ProjectId),
    App(AppId),
    User(UserId),
    Grant(GrantId),
}

impl Owner {
    /// The part of a link's key that names it. The numbers are stored.
    fn bytes(self) -> [u8; 9] {
        let (kind, id) = match self {
            Self::Account(id) => (1, id.get()),
            Self::Project(id) => (2, id.get()),
            Self::App(id) => (3, id.get()),
            Self::User(id) => (4, id.get()),
            Self::Grant(id) => (5, id.get()),
        };
        let mut bytes = [kind; 9];
        if let Some(place) = bytes.last_chunk_mut::<8>() {
            *place = id.to_be_bytes();
        }
        bytes
    }
}

/// Something with rows of its own.
pub(crate) trait Row: Field {
    /// Where they are.
    const TABLE: Table;
    /// By which they are found.
    type Key: RowKey;

    /// With whom it goes. An owner that is a row itself is named by [`Row::as_owner`].
    fn owners(&self) -> Vec<Owner> {
        Vec::new()
    }

    /// When it is to be forgotten.
    fn expires_at(&self) -> Option<Timestamp> {
        None
    }

    /// As the owner of others.
    fn as_owner(_: Self::Key) -> Option<Owner> {
        None
    }
}

/// The key of a row.
pub(crate) fn row_key<R: Row>(key: R::Key) -> Vec<u8> {
    let mut bytes = vec![R::TABLE as u8];
    key.put(&mut bytes);
    bytes
}

/// The key of a link, which ends with that of the row.
pub(crate) fn link_key(owner: Owner, row: &[u8]) -> Vec<u8> {
    [&[Table::Links as u8][..], &owner.bytes(), row].concat()
}

/// What the keys of all links of an owner begin with, or those to one table.
pub(crate) fn link_prefix(owner: Owner, table: Option<Table>) -> Vec<u8> {
    let table = table.map(|table| table as u8);
    link_key(owner, table.as_slice())
}

/// The key of the row that a link or an expiry leads to.
pub(crate) fn linked_row(key: &[u8]) -> Option<&[u8]> {
    match Table::from_number(*key.first()?)? {
        Table::Links => key.get(10..),
        Table::Expiries => key.get(9..),
        _ => None,
    }
}

/// The key of an expiry, which ends with that of the row. They sort by time.
pub(crate) fn expiry_key(at: Timestamp, row: &[u8]) -> Vec<u8> {
    // Times before 1970 are all the same to whoever forgets.
    let ms = u64::try_from(at.unix_ms()).unwrap_or(0);
    [&[Table::Expiries as u8][..], &ms.to_be_bytes(), row].concat()
}

/// Whether an expiry is due.
pub(crate) fn is_due(expiry: &[u8], now: Timestamp) -> bool {
    let at = expiry.get(1..9).and_then(|at| at.try_into().ok()).map(u64::from_be_bytes);
    at.is_some_and(|at| i64::try_from(at).is_ok_and(|at| at <= now.unix_ms()))
}

/// The value that belongs to a key.
pub(crate) fn encode(key: &[u8], members: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut value = vec![0; 4];
    members(&mut value);
    let checksum = value.get(4..).map(|members| checksum(key, members));
    if let (Some(place), Some(checksum)) = (value.first_chunk_mut::<4>(), checksum) {
        *place = checksum.to_le_bytes();
    }
    value
}

/// The members in a value, if it is the one that was written for this key.
pub(crate) fn check<'a>(key: &[u8], value: &'a [u8]) -> Result<&'a [u8], Malformed> {
    let (stored, members) = value.split_first_chunk::<4>().ok_or(Malformed)?;
    if u32::from_le_bytes(*stored) == checksum(key, members) { Ok(members) } else { Err(Malformed) }
}

/// The row in a value.
pub(crate) fn decode<R: Row>(key: &[u8], value: &[u8]) -> Result<R, Malformed> {
    let mut reader = Reader(check(key, value)?);
    let row = R::take(&mut reader)?;
    reader.end()?;
    Ok(row)
}

/// The key in the stored key of a row.
pub(crate) fn decode_key<R: Row>(key: &[u8]) -> Result<R::Key, Malformed> {
    let mut reader = Reader(key);
    if reader.array()? != [R::TABLE as u8] {
        return Err(Malformed);
    }
    let key = R::Key::take(&mut reader)?;
    reader.end()?;
    Ok(key)
}

fn checksum(key: &[u8], members: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(key), members)
}
