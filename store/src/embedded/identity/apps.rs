//! Apps and their keys, and what the first start makes.

use std::sync::Arc;

use model::{
    Account, AccountId, App, AppChange, AppId, AppKeys, Approval, ClientKeys, ConsumerKeys, Key, Project, ProjectId,
    Timestamp, TokenDigest, UserId,
};

use super::Identity;
use super::developers;
use super::fault::{Fault, IdentityError, Refusal};
use super::index::RegisteredApp;
use super::oauth1::{self, NewUserToken};
use super::work::Work;
use crate::embedded::codec::identity::{AppRow, Counters, Table};

/// What a new App begins with; the other settings are those of [`App::new`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApp {
    /// Whose it is. It must be approved.
    pub account: AccountId,
    /// The Project that it is in, which must be of the same account.
    pub project: Option<ProjectId>,
    /// Its name.
    pub name: String,
    /// Settings that differ.
    pub changes: Vec<AppChange>,
}

/// What the first start makes, with the id 1 each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstApp {
    /// The name of the account and of the Project.
    pub owner: String,
    /// The name of the App.
    pub name: String,
    /// Its settings.
    pub changes: Vec<AppChange>,
}

/// The access token of OAuth 1.0a that the first start makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstToken {
    /// For whom, if the directory has that user.
    pub user: UserId,
    /// The token.
    pub token: NewUserToken,
}

impl Identity<'_> {
    /// The id of the account, Project and App that every directory has at first.
    pub const FIRST: u64 = 1;

    /// Makes an approved account, a Project, an App in it with `keys`, and a token, unless that
    /// was done before: also if they were deleted since.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn found(
        self,
        first: FirstApp,
        keys: AppKeys,
        token: FirstToken,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let counters = self.read(|tables, txn| tables.get::<Counters>(txn, ()))?.unwrap_or_default();
        if counters.first_app && (counters.first_token || self.user_state(token.user)?.is_none()) {
            return Ok(());
        }
        self.change(move |work| found(work, first, keys, token, now)).await
    }

    /// Makes an App, unless its account has `most` of them already. `keys` gets its id and makes
    /// its keys; a client among them is valid while OAuth 2.0 is on.
    ///
    /// # Errors
    /// [`IdentityError::UnknownAccount`], [`IdentityError::NotApproved`],
    /// [`IdentityError::Full`], [`IdentityError::UnknownProject`], [`IdentityError::ForeignProject`],
    /// [`IdentityError::OwnScheme`], [`IdentityError::OAuth2NotSet`], or that nothing can be written.
    pub async fn create_app(
        self,
        new: NewApp,
        keys: impl FnOnce(AppId) -> AppKeys + Send + 'static,
        most: Option<usize>,
        now: Timestamp,
    ) -> Result<RegisteredApp, IdentityError> {
        self.change(move |work| {
            let approval = check_approved(work, new.account)?;
            developers::check_room(work, new.account, Table::Apps, most)?;
            // Looked at before the id is taken: what is refused changes nothing.
            let app = changed(work, App::new(AppId::new(0), new.account, new.name, now), {
                [AppChange::Project(new.project)].into_iter().chain(new.changes)
            })?;
            let id = AppId::new(work.next(|counters| &mut counters.app)?);
            let row = AppRow { app: App { id, ..app }, keys: keys(id) };
            work.put(id, &row)?;
            Ok(row.registered(approval))
        })
        .await
    }

    /// Makes all `changes` to an App, or none of them. When OAuth 2.0 is on afterwards and
    /// the App has no client id, it gets the one that `client` makes.
    ///
    /// # Errors
    /// [`IdentityError::UnknownApp`], [`IdentityError::UnknownProject`],
    /// [`IdentityError::ForeignProject`], [`IdentityError::OwnScheme`],
    /// [`IdentityError::OAuth2NotSet`], [`IdentityError::NotApproved`] when a client id would be made, or that nothing can
    /// be written.
    pub async fn change_app(
        self,
        id: AppId,
        changes: Vec<AppChange>,
        client: impl FnOnce(u32) -> ClientKeys + Send + 'static,
    ) -> Result<RegisteredApp, IdentityError> {
        self.change(move |work| {
            let AppRow { app, mut keys } = find(work, id)?;
            let app = changed(work, app, changes)?;
            let approval = approval(work, app.account)?;
            if app.oauth2 && keys.client.current.is_none() {
                check_approved(work, app.account)?;
                keys.client.current = Some(client(keys.client.generation));
            }
            let row = AppRow { app, keys };
            work.put(id, &row)?;
            Ok(row.registered(approval))
        })
        .await
    }

    /// Gives an App another API key and secret, made by `make` from their generation, or
    /// takes them away. Tokens of users go on to be valid.
    ///
    /// # Errors
    /// [`IdentityError::UnknownApp`], [`IdentityError::NotApproved`], or that nothing can
    /// be written.
    pub async fn replace_consumer(
        self,
        id: AppId,
        make: impl FnOnce(u32) -> Option<ConsumerKeys> + Send + 'static,
    ) -> Result<RegisteredApp, IdentityError> {
        self.change(move |work| replace(work, id, |keys| replaced(&mut keys.consumer, make))).await
    }

    /// Gives an App another app-only bearer token, or takes it away. With `presented`,
    /// only if that is the token now.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] for another token than presented; otherwise
    /// like [`Self::replace_consumer`].
    pub async fn replace_bearer(
        self,
        id: AppId,
        presented: Option<TokenDigest>,
        make: impl FnOnce(u32) -> Option<TokenDigest> + Send + 'static,
    ) -> Result<RegisteredApp, IdentityError> {
        self.change(move |work| {
            let current = find(work, id)?.keys.bearer.current;
            if presented.is_some() && presented != current {
                return Err(Refusal::Unknown.into());
            }
            replace(work, id, |keys| replaced(&mut keys.bearer, make))
        })
        .await
    }

    /// Gives an App another token for Tweet Binder's profiles, or takes it away.
    ///
    /// # Errors
    /// Like [`Self::replace_consumer`].
    pub async fn replace_tweet_binder(
        self,
        id: AppId,
        make: impl FnOnce(u32) -> Option<TokenDigest> + Send + 'static,
    ) -> Result<RegisteredApp, IdentityError> {
        self.change(move |work| replace(work, id, |keys| replaced(&mut keys.tweet_binder, make))).await
    }

    /// Gives an App another client id and secret, or takes them away; its tokens of OAuth 2.0
    /// stay.
    ///
    /// # Errors
    /// [`IdentityError::OAuth2Off`]; otherwise like [`Self::replace_consumer`].
    pub async fn replace_client(
        self,
        id: AppId,
        make: impl FnOnce(u32) -> Option<ClientKeys> + Send + 'static,
    ) -> Result<RegisteredApp, IdentityError> {
        self.change(move |work| {
            if !find(work, id)?.app.oauth2 {
                return Err(IdentityError::OAuth2Off { id }.into());
            }
            replace(work, id, |keys| replaced(&mut keys.client, make))
        })
        .await
    }

    /// Forgets an App and every token for it.
    ///
    /// # Errors
    /// [`IdentityError::UnknownApp`], or that nothing can be written.
    pub async fn delete_app(self, id: AppId) -> Result<(), IdentityError> {
        self.change(move |work| match work.remove::<AppRow>(id)? {
            true => Ok(()),
            false => Err(IdentityError::UnknownApp { id }.into()),
        })
        .await
    }

    /// The App that [`Self::found`] made, if it is still there.
    #[must_use]
    pub fn first_app(self) -> Option<Arc<RegisteredApp>> {
        self.app(AppId::new(Self::FIRST))
    }
}

impl AppRow {
    fn registered(self, approval: Approval) -> RegisteredApp {
        RegisteredApp { app: self.app, keys: self.keys, approval }
    }
}

fn found(
    work: &mut Work<'_, '_>,
    first: FirstApp,
    keys: AppKeys,
    token: FirstToken,
    now: Timestamp,
) -> Result<(), Fault> {
    let (account, project, app) = (AccountId::new(1), ProjectId::new(1), AppId::new(1));
    let mut counters = work.counters()?;
    if !counters.first_app {
        let approval = Approval::Approved;
        work.put(account, &Account { id: account, name: first.owner.clone(), approval, created_at: now })?;
        work.put(project, &Project { id: project, account, name: first.owner, created_at: now })?;
        let mut row = AppRow { app: App::new(app, account, first.name, now), keys };
        row.app.project = Some(project);
        first.changes.into_iter().for_each(|change| row.app.apply(change));
        work.put(app, &row)?;
        counters.first_app = true;
        work.put((), &counters)?;
    }
    let is_wanted = !counters.first_token && work.get::<AppRow>(app)?.is_some();
    if is_wanted && work.users.user(token.user)?.is_some() {
        oauth1::create_user_token(work, app, token.user, None, token.token, now)?;
        work.put((), &Counters { first_token: true, ..work.counters()? })?;
    }
    Ok(())
}

pub(super) fn find(work: &Work<'_, '_>, id: AppId) -> Result<AppRow, Fault> {
    Ok(work.get(id)?.ok_or(IdentityError::UnknownApp { id })?)
}

fn approval(work: &Work<'_, '_>, id: AccountId) -> Result<Approval, Fault> {
    Ok(work.get::<Account>(id)?.ok_or(IdentityError::UnknownAccount { id })?.approval)
}

pub(super) fn check_approved(work: &Work<'_, '_>, id: AccountId) -> Result<Approval, Fault> {
    match approval(work, id)? {
        Approval::Approved => Ok(Approval::Approved),
        approval @ (Approval::Pending | Approval::Suspended) => Err(IdentityError::NotApproved { id, approval }.into()),
    }
}

/// An App after changes, if it may be so.
fn changed(work: &Work<'_, '_>, mut app: App, changes: impl IntoIterator<Item = AppChange>) -> Result<App, Fault> {
    changes.into_iter().for_each(|change| app.apply(change));
    if let Some(id) = app.project {
        let project: Project = work.get(id)?.ok_or(IdentityError::UnknownProject { id })?;
        if project.account != app.account {
            return Err(IdentityError::ForeignProject { id, account: project.account }.into());
        }
    }
    if !app.can_be_called_back() {
        return Err(IdentityError::OwnScheme { id: app.id }.into());
    }
    if app.oauth2 && !app.can_use_oauth2() {
        return Err(IdentityError::OAuth2NotSet { id: app.id }.into());
    }
    Ok(app)
}

/// Replaces keys; `make` says whether there are new ones. Anybody may take keys away.
fn replace(
    work: &mut Work<'_, '_>,
    id: AppId,
    make: impl FnOnce(&mut AppKeys) -> bool,
) -> Result<RegisteredApp, Fault> {
    let mut row = find(work, id)?;
    let approval =
        if make(&mut row.keys) { check_approved(work, row.app.account)? } else { approval(work, row.app.account)? };
    work.put(id, &row)?;
    Ok(row.registered(approval))
}

fn replaced<T>(key: &mut Key<T>, make: impl FnOnce(u32) -> Option<T>) -> bool {
    key.generation += 1;
    key.current = make(key.generation);
    key.current.is_some()
}
