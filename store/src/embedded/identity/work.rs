//! The transaction of a group: what its requests see of each other, and what they change.
//!
//! A row is written here together with the links from its owners and its expiry, and
//! removed together with everything that goes with it. What readers are to see of it in
//! memory is noted for when the transaction is durable.

use heed::RwTxn;
use model::{
    AccessToken, Account, AccountState, AuthorizationCode, Consent, DayOfApp, Developer, Grant, LoginSession,
    PortalLink, PortalSession, Project, RefreshToken, RequestToken, UserId, UserToken,
};

use super::fault::{Fault, IdentityError};
use super::index::{Indexed, Touched};
use super::tables::Tables;
use crate::ChangeError;
use crate::embedded::codec::Malformed;
use crate::embedded::codec::identity::{
    AppRow, Counters, Owner, Password, Row, Table, Tie, TieNumbers, decode_key, encode, expiry_key, link_key, row_key,
};
use crate::embedded::group::Group;

/// What a row takes of the disk at worst, besides its own bytes: pages of the tree that are
/// written anew.
const PAGES_OF_ROW: u64 = 2 * 4096;

/// The transaction, and the changes of users in the same group.
pub(in crate::embedded) struct Work<'group, 'env> {
    pub(super) txn: RwTxn<'env>,
    pub(super) tables: Tables,
    pub(in crate::embedded) users: Group<'group>,
    pub(super) touched: Touched,
    /// The first error of LMDB: then nothing of the group is written.
    pub(super) failed: Option<heed::Error>,
}

impl<'group, 'env> Work<'group, 'env> {
    pub(in crate::embedded) fn new(txn: RwTxn<'env>, tables: Tables, users: Group<'group>) -> Self {
        Self { txn, tables, users, touched: Touched::default(), failed: None }
    }

    /// The transaction without the group, which ends before anything is published.
    pub(in crate::embedded) fn into_parts(self) -> (RwTxn<'env>, Group<'group>, Touched, Option<heed::Error>) {
        (self.txn, self.users, self.touched, self.failed)
    }

    pub(super) fn get<R: Row>(&self, key: R::Key) -> Result<Option<R>, Fault> {
        self.tables.get(&self.txn, key)
    }

    pub(super) fn owned<R: Row>(&self, owner: Owner) -> Result<Vec<(R::Key, R)>, Fault> {
        self.tables.owned(&self.txn, owner)
    }

    /// Takes the next number of a counter.
    pub(super) fn next(&mut self, counter: impl FnOnce(&mut Counters) -> &mut u64) -> Result<u64, Fault> {
        let mut counters = self.counters()?;
        let place = counter(&mut counters);
        let number = *place;
        *place += 1;
        self.put((), &counters)?;
        Ok(number)
    }

    pub(super) fn counters(&self) -> Result<Counters, Fault> {
        Ok(self.get::<Counters>(())?.unwrap_or_default())
    }

    /// Writes a row, new or in place of the old one.
    pub(super) fn put<R: Row + Indexed>(&mut self, id: R::Key, row: &R) -> Result<(), Fault> {
        let key = row_key::<R>(id);
        if let Some(old) = self.get::<R>(id)? {
            self.unlink(&key, &old)?;
            self.touched.removed(id, &old);
        }
        for link in links(&key, row) {
            self.write(&link, |_| {})?;
        }
        self.write(&key, |out| row.put(out))?;
        self.touched.put(id, row);
        Ok(())
    }

    /// Removes a row and all that goes with it, and says whether it was there.
    pub(super) fn remove<R: Row + Indexed>(&mut self, id: R::Key) -> Result<bool, Fault> {
        self.remove_row::<R>(&row_key::<R>(id), id)
    }

    /// Removes all that goes with an owner.
    pub(in crate::embedded) fn remove_owned(&mut self, owner: Owner) -> Result<(), Fault> {
        self.tables.linked(&self.txn, owner, None)?.iter().try_for_each(|key| self.remove_any(key))
    }

    /// Removes an expiry and the row that it leads to.
    pub(super) fn expire(&mut self, expiry: &[u8], row: &[u8]) -> Result<(), Fault> {
        self.remove_any(row)?;
        // Removing the row removed it, unless there was none.
        self.delete(expiry)
    }

    /// What to answer. An error of LMDB is remembered: it becomes that of the whole group,
    /// which is answered instead.
    pub(in crate::embedded) fn explain(&mut self, fault: Fault) -> IdentityError {
        match fault {
            Fault::Refused(error) => error,
            Fault::Disk(error) => {
                let reason = error.to_string();
                self.failed.get_or_insert(error);
                ChangeError::Stopped { reason }.into()
            }
        }
    }

    /// The state of a user of the directory, as of this group.
    pub(super) fn user_state(&self, id: UserId) -> Result<AccountState, Fault> {
        let user = self.users.user(id)?.ok_or(ChangeError::UnknownUser { id })?;
        Ok(user.state)
    }

    /// That a user can be given something.
    pub(super) fn check_active(&self, id: UserId) -> Result<(), Fault> {
        match self.user_state(id)? {
            AccountState::Active => Ok(()),
            AccountState::Suspended | AccountState::Deactivated => Err(IdentityError::InactiveUser { id }.into()),
        }
    }

    /// Removes the row of a stored key, whatever it is.
    fn remove_any(&mut self, key: &[u8]) -> Result<(), Fault> {
        let table = key.first().and_then(|number| Table::from_number(*number));
        match table {
            Some(Table::Counters) => self.remove_stored::<Counters>(key),
            Some(Table::Accounts) => self.remove_stored::<Account>(key),
            Some(Table::Projects) => self.remove_stored::<Project>(key),
            Some(Table::Apps) => self.remove_stored::<AppRow>(key),
            Some(Table::UserTokens) => self.remove_stored::<UserToken>(key),
            Some(Table::RequestTokens) => self.remove_stored::<RequestToken>(key),
            Some(Table::Codes) => self.remove_stored::<AuthorizationCode>(key),
            Some(Table::Grants) => self.remove_stored::<Grant>(key),
            Some(Table::AccessTokens) => self.remove_stored::<AccessToken>(key),
            Some(Table::RefreshTokens) => self.remove_stored::<RefreshToken>(key),
            Some(Table::Consents) => self.remove_stored::<Consent>(key),
            Some(Table::Sessions) => self.remove_stored::<LoginSession>(key),
            Some(Table::Passwords) => self.remove_stored::<Password>(key),
            Some(Table::Ties) => self.remove_stored::<Tie>(key),
            Some(Table::TieNumbers) => self.remove_stored::<TieNumbers>(key),
            Some(Table::PortalLinks) => self.remove_stored::<PortalLink>(key),
            Some(Table::PortalSessions) => self.remove_stored::<PortalSession>(key),
            Some(Table::Developers) => self.remove_stored::<Developer>(key),
            Some(Table::Usage) => self.remove_stored::<DayOfApp>(key),
            Some(Table::Links | Table::Expiries) | None => Err(self.tables.damaged(key)),
        }
    }

    fn remove_stored<R: Row + Indexed>(&mut self, key: &[u8]) -> Result<(), Fault> {
        let id = decode_key::<R>(key).map_err(|Malformed| self.tables.damaged(key))?;
        self.remove_row::<R>(key, id).map(|_| ())
    }

    fn remove_row<R: Row + Indexed>(&mut self, key: &[u8], id: R::Key) -> Result<bool, Fault> {
        let Some(old) = self.get::<R>(id)? else { return Ok(false) };
        self.delete(key)?;
        self.unlink(key, &old)?;
        self.touched.removed(id, &old);
        if let Some(owner) = R::as_owner(id) {
            self.remove_owned(owner)?;
        }
        Ok(true)
    }

    fn unlink<R: Row>(&mut self, key: &[u8], row: &R) -> Result<(), Fault> {
        links(key, row).iter().try_for_each(|link| self.delete(link))
    }

    fn delete(&mut self, key: &[u8]) -> Result<(), Fault> {
        self.tables.rows.delete(&mut self.txn, key)?;
        self.touched.any = true;
        self.touched.bytes += PAGES_OF_ROW;
        Ok(())
    }

    fn write(&mut self, key: &[u8], members: impl FnOnce(&mut Vec<u8>)) -> Result<(), Fault> {
        let value = encode(key, members);
        self.tables.rows.put(&mut self.txn, key, &value)?;
        self.touched.any = true;
        self.touched.bytes += (key.len() + value.len()) as u64 + PAGES_OF_ROW;
        Ok(())
    }
}

/// The keys of all that leads to a row.
fn links<R: Row>(key: &[u8], row: &R) -> Vec<Vec<u8>> {
    let owners = row.owners().into_iter().map(|owner| link_key(owner, key));
    owners.chain(row.expires_at().map(|at| expiry_key(at, key))).collect()
}
