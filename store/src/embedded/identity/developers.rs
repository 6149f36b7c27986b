//! Developer accounts and their Projects.

use model::{Account, AccountId, Approval, Project, ProjectId, Timestamp};

use super::Identity;
use super::fault::{Fault, IdentityError};
use super::work::Work;
use crate::ReadError;
use crate::embedded::codec::identity::{Owner, Table};

impl Identity<'_> {
    /// Makes a developer account.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn create_account(
        self,
        name: String,
        approval: Approval,
        now: Timestamp,
    ) -> Result<Account, IdentityError> {
        self.change(move |work| {
            let id = AccountId::new(work.next(|counters| &mut counters.account)?);
            let account = Account { id, name, approval, created_at: now };
            work.put(id, &account)?;
            Ok(account)
        })
        .await
    }

    /// Approves or suspends a developer account.
    ///
    /// # Errors
    /// [`IdentityError::UnknownAccount`], or that nothing can be written.
    pub async fn set_approval(self, id: AccountId, approval: Approval) -> Result<Account, IdentityError> {
        self.change(move |work| {
            let account = Account { approval, ..work.get(id)?.ok_or(IdentityError::UnknownAccount { id })? };
            work.put(id, &account)?;
            Ok(account)
        })
        .await
    }

    /// Forgets a developer account that has no Projects or Apps any more.
    ///
    /// # Errors
    /// [`IdentityError::UnknownAccount`], [`IdentityError::NotEmpty`], or that nothing
    /// can be written.
    pub async fn delete_account(self, id: AccountId) -> Result<(), IdentityError> {
        self.change(move |work| {
            work.get::<Account>(id)?.ok_or(IdentityError::UnknownAccount { id })?;
            check_empty(work, Owner::Account(id), &[Table::Projects, Table::Apps])?;
            work.remove::<Account>(id).map(|_| ())
        })
        .await
    }

    /// A developer account.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn account(self, id: AccountId) -> Result<Option<Account>, ReadError> {
        self.read(|tables, txn| tables.get(txn, id))
    }

    /// Every developer account, by id.
    ///
    /// # Errors
    /// [`ReadError`] when one cannot be read.
    pub fn accounts(self) -> Result<Vec<Account>, ReadError> {
        self.read(|tables, txn| Ok(tables.all(txn)?.into_iter().map(|(_, account)| account).collect()))
    }

    /// Makes a Project, unless its account has `most` of them already.
    ///
    /// # Errors
    /// [`IdentityError::UnknownAccount`], [`IdentityError::Full`], or that nothing can be
    /// written.
    pub async fn create_project(
        self,
        account: AccountId,
        name: String,
        most: Option<usize>,
        now: Timestamp,
    ) -> Result<Project, IdentityError> {
        self.change(move |work| {
            work.get::<Account>(account)?.ok_or(IdentityError::UnknownAccount { id: account })?;
            check_room(work, account, Table::Projects, most)?;
            let id = ProjectId::new(work.next(|counters| &mut counters.project)?);
            let project = Project { id, account, name, created_at: now };
            work.put(id, &project)?;
            Ok(project)
        })
        .await
    }

    /// Gives a Project another name.
    ///
    /// # Errors
    /// [`IdentityError::UnknownProject`], or that nothing can be written.
    pub async fn rename_project(self, id: ProjectId, name: String) -> Result<Project, IdentityError> {
        self.change(move |work| {
            let project = Project { name, ..work.get(id)?.ok_or(IdentityError::UnknownProject { id })? };
            work.put(id, &project)?;
            Ok(project)
        })
        .await
    }

    /// Forgets a Project that has no Apps any more.
    ///
    /// # Errors
    /// [`IdentityError::UnknownProject`], [`IdentityError::NotEmpty`], or that nothing
    /// can be written.
    pub async fn delete_project(self, id: ProjectId) -> Result<(), IdentityError> {
        self.change(move |work| {
            work.get::<Project>(id)?.ok_or(IdentityError::UnknownProject { id })?;
            check_empty(work, Owner::Project(id), &[Table::Apps])?;
            work.remove::<Project>(id).map(|_| ())
        })
        .await
    }

    /// A Project.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn project(self, id: ProjectId) -> Result<Option<Project>, ReadError> {
        self.read(|tables, txn| tables.get(txn, id))
    }

    /// Every Project, by id.
    ///
    /// # Errors
    /// [`ReadError`] when one cannot be read.
    pub fn projects(self) -> Result<Vec<Project>, ReadError> {
        self.read(|tables, txn| Ok(tables.all(txn)?.into_iter().map(|(_, project)| project).collect()))
    }

    /// The Projects of an account, by id.
    ///
    /// # Errors
    /// [`ReadError`] when one cannot be read.
    pub fn projects_of(self, account: AccountId) -> Result<Vec<Project>, ReadError> {
        self.read(|tables, txn| {
            let owned = tables.owned(txn, Owner::Account(account))?;
            Ok(owned.into_iter().map(|(_, project)| project).collect())
        })
    }
}

/// That an account has fewer than `most` rows of a table.
pub(super) fn check_room(work: &Work<'_, '_>, id: AccountId, table: Table, most: Option<usize>) -> Result<(), Fault> {
    match most {
        Some(most) if work.tables.count(&work.txn, Owner::Account(id), table)? >= most => {
            Err(IdentityError::Full { id, most }.into())
        }
        Some(_) | None => Ok(()),
    }
}

fn check_empty(work: &Work<'_, '_>, owner: Owner, tables: &[Table]) -> Result<(), Fault> {
    for table in tables {
        if !work.tables.owns_nothing(&work.txn, owner, *table)? {
            return Err(IdentityError::NotEmpty.into());
        }
    }
    Ok(())
}
