//! Random histories of tokens, against a plain model of what should become of them.

use std::collections::BTreeMap;

use model::{
    AccessToken, AccountState, AppId, AuthorizationCode, Callback, ChallengeMethod, CodeChallenge, GrantId,
    RefreshToken, RequestToken, Scope, Scopes, Timestamp, UserChange, UserId,
};
use proptest::prelude::*;
use store::{ChangeError, IdentityError, Refusal, Store};

use super::{another_app, digest, filled, now, tokens, user_token};
use crate::support::{open, update, user, wait};

/// One thing that happens. Tokens are named by when they were made, apps and users by 0 and 1.
#[derive(Debug, Clone)]
enum Event {
    CreateUser(usize),
    DeleteUser(usize),
    SetActive(usize, bool),
    Ask(usize),
    Authorize(usize, usize),
    Deny(usize),
    Exchange(usize, usize, bool),
    GiveToken(usize, usize),
    Consent(usize, usize, bool),
    ExchangeCode(usize, usize),
    Refresh(usize, usize),
    Revoke(usize, usize),
    TakeBack(usize, usize),
    Sweep,
    Wait(i64),
    Reopen,
}

fn event() -> impl Strategy<Value = Event> {
    use Event::*;
    let (which, two) = (0..24usize, 0..2usize);
    prop_oneof![
        1 => two.clone().prop_map(CreateUser),
        1 => two.clone().prop_map(DeleteUser),
        1 => (two.clone(), any::<bool>()).prop_map(|(user, active)| SetActive(user, active)),
        2 => two.clone().prop_map(Ask),
        3 => (which.clone(), two.clone()).prop_map(|(token, user)| Authorize(token, user)),
        1 => which.clone().prop_map(Deny),
        4 => (which.clone(), two.clone(), prop::bool::weighted(0.8)).prop_map(|(a, b, c)| Exchange(a, b, c)),
        1 => (two.clone(), two.clone()).prop_map(|(app, user)| GiveToken(app, user)),
        3 => (two.clone(), two.clone(), prop::bool::weighted(0.8)).prop_map(|(a, b, c)| Consent(a, b, c)),
        5 => (which.clone(), two.clone()).prop_map(|(code, app)| ExchangeCode(code, app)),
        6 => (which.clone(), two.clone()).prop_map(|(token, app)| Refresh(token, app)),
        2 => (which, two.clone()).prop_map(|(token, app)| Revoke(token, app)),
        1 => (two.clone(), two).prop_map(|(user, app)| TakeBack(user, app)),
        1 => Just(Sweep),
        2 => prop_oneof![Just(1000), Just(20_000), Just(AccessToken::LIFETIME_MS / 2), Just(RefreshToken::LIFETIME_MS)]
            .prop_map(Wait),
        1 => Just(Reopen),
    ]
}

const APPS: [AppId; 2] = [AppId::new(1), AppId::new(2)];
const USERS: [UserId; 2] = [UserId::new(100), UserId::new(200)];
/// What verifiers are.
const RIGHT: u32 = 900_000;

type Outcome = Result<(), IdentityError>;

/// What should be there. Numbers of tokens are those of their digests.
#[derive(Debug, Default)]
struct Model {
    active: BTreeMap<UserId, bool>,
    asked: BTreeMap<u32, Asked>,
    user_tokens: BTreeMap<u32, (AppId, UserId)>,
    codes: BTreeMap<u32, Code>,
    grants: BTreeMap<GrantId, (AppId, UserId, bool, Timestamp)>,
    access: BTreeMap<u32, (GrantId, Timestamp)>,
    refresh: BTreeMap<u32, (GrantId, Timestamp, bool)>,
    next_grant: u64,
}

#[derive(Debug, Clone)]
struct Asked {
    app: AppId,
    until: Timestamp,
    by: Option<(UserId, u8)>,
}

#[derive(Debug, Clone)]
struct Code {
    app: AppId,
    user: UserId,
    offline: bool,
    until: Timestamp,
    grant: Option<GrantId>,
}

impl Model {
    fn check_active(&self, id: UserId) -> Outcome {
        match self.active.get(&id) {
            None => Err(ChangeError::UnknownUser { id }.into()),
            Some(false) => Err(IdentityError::InactiveUser { id }),
            Some(true) => Ok(()),
        }
    }

    fn end_grant(&mut self, id: GrantId) -> bool {
        self.codes.retain(|_, code| code.grant != Some(id));
        self.access.retain(|_, (grant, _)| *grant != id);
        self.refresh.retain(|_, (grant, ..)| *grant != id);
        self.grants.remove(&id).is_some()
    }

    fn end_where(&mut self, which: impl Fn(AppId, UserId) -> bool) {
        self.asked.retain(|_, asked| !asked.by.is_some_and(|(user, _)| which(asked.app, user)));
        self.user_tokens.retain(|_, (app, user)| !which(*app, *user));
        self.codes.retain(|_, code| code.grant.is_some() || !which(code.app, code.user));
        let ended: Vec<_> = self.grants.iter().filter(|(_, (app, user, ..))| which(*app, *user)).collect();
        for id in ended.into_iter().map(|(id, _)| *id).collect::<Vec<_>>() {
            self.end_grant(id);
        }
    }

    fn alive(&self, number: u32, now: Timestamp) -> Result<Asked, IdentityError> {
        let asked = self.asked.get(&number).ok_or(Refusal::Unknown)?;
        if now < asked.until { Ok(asked.clone()) } else { Err(Refusal::Expired.into()) }
    }

    fn exchange(&mut self, number: u32, app: AppId, is_right: bool, new: u32, now: Timestamp) -> Outcome {
        let asked = self.alive(number, now)?;
        if asked.app != app {
            return Err(Refusal::OtherApp.into());
        }
        let (user, misses) = asked.by.ok_or(Refusal::NotAuthorized)?;
        if !is_right {
            self.asked.insert(number, Asked { by: Some((user, misses + 1)), ..asked });
            if misses + 1 == RequestToken::MAX_ATTEMPTS {
                self.asked.remove(&number);
            }
            return Err(Refusal::WrongVerifier.into());
        }
        self.check_active(user)?;
        self.asked.remove(&number);
        self.user_tokens.insert(new, (app, user));
        Ok(())
    }

    fn issue(&mut self, id: GrantId, app: AppId, user: UserId, offline: bool, new: u32, now: Timestamp) {
        let mut until = now.plus_ms(AccessToken::LIFETIME_MS);
        self.access.insert(new, (id, until));
        if offline {
            until = now.plus_ms(RefreshToken::LIFETIME_MS);
            self.refresh.insert(new + 1, (id, until, false));
        }
        self.grants.insert(id, (app, user, offline, until));
    }

    fn exchange_code(&mut self, number: u32, app: AppId, new: u32, now: Timestamp) -> Outcome {
        let code = self.codes.get(&number).cloned().ok_or(Refusal::Unknown)?;
        if code.app != app {
            return Err(Refusal::OtherApp.into());
        }
        if let Some(grant) = code.grant {
            self.end_grant(grant);
            return Err(Refusal::Reused.into());
        }
        if code.until <= now {
            return Err(Refusal::Expired.into());
        }
        self.check_active(code.user)?;
        self.next_grant += 1;
        let id = GrantId::new(self.next_grant);
        self.issue(id, app, code.user, code.offline, new, now);
        self.codes.insert(number, Code { grant: Some(id), ..code });
        Ok(())
    }

    fn refresh(&mut self, number: u32, app: AppId, new: u32, now: Timestamp) -> Outcome {
        let &(id, until, used) = self.refresh.get(&number).ok_or(Refusal::Unknown)?;
        let (owner, user, offline, _) = self.grants[&id];
        if owner != app {
            return Err(Refusal::OtherApp.into());
        }
        if used {
            self.end_grant(id);
            return Err(Refusal::Reused.into());
        }
        if until <= now {
            return Err(Refusal::Expired.into());
        }
        self.check_active(user)?;
        self.refresh.insert(number, (id, until, true));
        self.issue(id, app, user, offline, new, now);
        Ok(())
    }

    fn revoke(&mut self, number: u32, app: AppId) -> bool {
        if let Some(&(id, _)) = self.access.get(&number) {
            return self.grants[&id].0 == app && self.access.remove(&number).is_some();
        }
        let Some(&(id, ..)) = self.refresh.get(&number) else { return false };
        self.grants[&id].0 == app && self.end_grant(id)
    }

    fn sweep(&mut self, now: Timestamp) {
        self.asked.retain(|_, asked| now < asked.until);
        self.codes.retain(|_, code| code.grant.is_some() || now < code.until);
        self.access.retain(|_, (_, until)| now < *until);
        self.refresh.retain(|_, (_, until, _)| now < *until);
        let over: Vec<_> = self.grants.iter().filter(|(_, (.., until))| *until <= now).map(|(id, _)| *id).collect();
        over.into_iter().for_each(|id| _ = self.end_grant(id));
    }
}

/// The store, the model beside it, and the test's clock.
struct History {
    dir: tempfile::TempDir,
    store: Option<Store>,
    model: Model,
    now: Timestamp,
    made: u32,
}

impl History {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = filled(dir.path());
        another_app(&store, 2);
        let mut model = Model { active: BTreeMap::from([(USERS[0], true)]), ..Model::default() };
        model.user_tokens.insert(999, (APPS[0], USERS[0]));
        Self { dir, store: Some(store), model, now: now(), made: 0 }
    }

    /// The number of the next token; each takes two.
    fn make(&mut self) -> u32 {
        self.made += 1;
        self.made * 2
    }

    fn happen(&mut self, event: &Event) {
        let store = self.store.take().unwrap();
        self.store = Some(self.step(store, event));
    }

    fn step(&mut self, store: Store, event: &Event) -> Store {
        let (identity, now) = (store.identity(), self.now);
        let scopes = |offline| Scopes::of(if offline { &[Scope::OfflineAccess] } else { &[Scope::UsersRead] });
        match *event {
            Event::CreateUser(at) => {
                let id = USERS[at];
                let created = wait(store.create_user(user(id.get(), &format!("user{at}"))));
                assert_eq!(created.is_ok(), !self.model.active.contains_key(&id));
                self.model.active.entry(id).or_insert(true);
            }
            Event::DeleteUser(at) => {
                let deleted = wait(store.delete_user(USERS[at]));
                assert_eq!(deleted.is_ok(), self.model.active.remove(&USERS[at]).is_some());
                self.model.end_where(|_, user| user == USERS[at]);
            }
            Event::SetActive(at, active) => {
                let state = if active { AccountState::Active } else { AccountState::Suspended };
                let set = update(&store, USERS[at].get(), [UserChange::State(state)]);
                assert_eq!(set.is_ok(), self.model.active.contains_key(&USERS[at]));
                self.model.active.entry(USERS[at]).and_modify(|before| *before = active);
            }
            Event::Ask(app) => {
                let (number, app) = (self.make(), APPS[app]);
                wait(identity.create_request_token(app, user_token(number), Callback::Oob, None, now)).unwrap();
                self.model.asked.insert(number, Asked { app, until: now.plus_ms(RequestToken::LIFETIME_MS), by: None });
            }
            Event::Authorize(which, user) => {
                let (number, user) = (which as u32 * 2, USERS[user]);
                let done = wait(identity.authorize_request_token(digest(number), user, digest(RIGHT), now)).map(drop);
                let expected = self.model.alive(number, now).and_then(|asked| {
                    if asked.by.is_some() {
                        return Err(Refusal::AlreadyAuthorized.into());
                    }
                    self.model.check_active(user)?;
                    self.model.asked.insert(number, Asked { by: Some((user, 0)), ..asked });
                    Ok(())
                });
                assert_eq!(done, expected);
            }
            Event::Deny(which) => {
                let number = which as u32 * 2;
                let done = wait(identity.deny_request_token(digest(number), now)).map(drop);
                let expected = self.model.alive(number, now).and_then(|asked| match asked.by {
                    Some(_) => Err(Refusal::AlreadyAuthorized.into()),
                    None => Ok(_ = self.model.asked.remove(&number)),
                });
                assert_eq!(done, expected);
            }
            Event::Exchange(which, app, is_right) => {
                let (number, new, app) = (which as u32 * 2, self.make(), APPS[app]);
                let verifier = digest(if is_right { RIGHT } else { RIGHT + 1 });
                let done = identity.exchange_request_token(digest(number), app, verifier, user_token(new), now);
                assert_eq!(wait(done).map(drop), self.model.exchange(number, app, is_right, new, now));
            }
            Event::GiveToken(app, user) => {
                let (new, app, user) = (self.make(), APPS[app], USERS[user]);
                let done = wait(identity.create_user_token(app, user, user_token(new), now)).map(drop);
                assert_eq!(done, self.model.check_active(user));
                if done.is_ok() {
                    self.model.user_tokens.insert(new, (app, user));
                }
            }
            Event::Consent(app, user, offline) => {
                let (number, app, user) = (self.make(), APPS[app], USERS[user]);
                let challenge = CodeChallenge { method: ChallengeMethod::Plain, text: String::new() };
                let address = String::new();
                let done = identity.create_code(digest(number), app, user, scopes(offline), address, challenge, now);
                let done = wait(done);
                assert_eq!(done, self.model.check_active(user));
                if done.is_ok() {
                    let until = now.plus_ms(AuthorizationCode::LIFETIME_MS);
                    self.model.codes.insert(number, Code { app, user, offline, until, grant: None });
                }
            }
            Event::ExchangeCode(which, app) => {
                let (number, new, app) = (which as u32 * 2, self.make(), APPS[app]);
                let done = wait(identity.exchange_code(digest(number), app, tokens(new), now)).map(drop);
                assert_eq!(done, self.model.exchange_code(number, app, new, now));
            }
            Event::Refresh(which, app) => {
                let (number, new, app) = (which as u32 * 2 + 1, self.make(), APPS[app]);
                let done = wait(identity.refresh(digest(number), app, tokens(new), now)).map(drop);
                assert_eq!(done, self.model.refresh(number, app, new, now));
            }
            Event::Revoke(number, app) => {
                let (number, app) = (number as u32, APPS[app]);
                assert_eq!(wait(identity.revoke_token(digest(number), app)), Ok(self.model.revoke(number, app)));
            }
            Event::TakeBack(user, app) => {
                let (user, app) = (USERS[user], APPS[app]);
                wait(identity.revoke_consent(user, app)).unwrap();
                self.model.end_where(|of, by| of == app && by == user);
            }
            Event::Sweep => {
                wait(identity.sweep(now)).unwrap();
                self.model.sweep(now);
            }
            Event::Wait(ms) => self.now = now.plus_ms(ms),
            Event::Reopen => {
                drop(store);
                return open(self.dir.path());
            }
        }
        store
    }

    /// Compares everything that can be looked up.
    fn compare(&self) {
        let (identity, model, now) = (self.store.as_ref().unwrap().identity(), &self.model, self.now);
        for number in (0..=self.made * 2 + 1).chain([999]) {
            let key = digest(number);
            let asked = identity.request_token(&key, now).unwrap();
            let expected = model.asked.get(&number).filter(|asked| now < asked.until);
            assert_eq!(
                asked.map(|asked| (asked.app, asked.authorized.map(|by| (by.user, by.attempts)))),
                expected.map(|asked| (asked.app, asked.by))
            );
            let token = identity.user_token(&key).map(|token| (token.app, token.user));
            assert_eq!(token, model.user_tokens.get(&number).copied());
            let code = identity.code(&key).unwrap().map(|code| (code.app, code.user, code.grant));
            assert_eq!(code, model.codes.get(&number).map(|code| (code.app, code.user, code.grant)));
            let access = identity.access_token(&key, now).map(|token| (token.grant, token.expires_at));
            assert_eq!(access, model.access.get(&number).copied().filter(|(_, until)| now < *until));
            let refresh = identity.refresh_token(&key).unwrap();
            let refresh = refresh.map(|token| (token.grant, token.expires_at, token.used));
            assert_eq!(refresh, model.refresh.get(&number).copied());
        }
        for user in USERS {
            let grants = identity.grants(store::Whose::User(user)).unwrap().into_iter();
            let grants: Vec<_> = grants.map(|grant| (grant.id, grant.app, grant.expires_at)).collect();
            let expected = model.grants.iter().filter(|(_, (_, by, ..))| *by == user);
            assert_eq!(grants, expected.map(|(id, (app, _, _, until))| (*id, *app, *until)).collect::<Vec<_>>());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn tokens_become_what_a_plain_model_says(events in prop::collection::vec(event(), 1..160)) {
        let mut history = History::new();
        for event in &events {
            history.happen(event);
        }
        history.compare();
        history.happen(&Event::Reopen);
        history.compare();
    }
}
