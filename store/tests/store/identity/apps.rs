//! Developer accounts, Projects, Apps and their keys.

use model::{AccountId, AppChange, AppId, AppType, Approval, ProjectId};
use store::{Identity, IdentityError, NewApp, Refusal};

use super::{
    APP, USER, another_app, client, consumer, create_app, digest, found, keys, now, user_token, web, with_store,
};
use crate::support::{open, user, wait};

#[test]
fn the_first_app_is_found_by_each_of_its_keys() {
    with_store(|store| {
        let identity = store.identity();
        let app = identity.app(APP).unwrap();
        assert_eq!((app.app.name.as_str(), app.approval), ("sample", Approval::Approved));
        assert_eq!(app.app.project, Some(ProjectId::new(1)));
        assert_eq!(identity.app_by_consumer_key("consumer-1-0"), Some(app.clone()));
        assert_eq!(identity.app_by_bearer(&keys(1, 0).bearer.current.unwrap()), Some(app.clone()));
        assert_eq!(identity.app_by_client_id("client-1-0"), Some(app.clone()));
        assert_eq!(identity.app_by_consumer_key("consumer-1-1"), None);
        assert_eq!(identity.user_token(&digest(999)).unwrap().user, USER);
    });
}

#[test]
fn what_the_first_start_made_is_not_made_again() {
    with_store(|store| {
        let identity = store.identity();
        let token = identity.user_token(&digest(999)).unwrap();
        wait(identity.revoke_user_token(token.id)).unwrap();
        wait(identity.delete_app(APP)).unwrap();
        found(store);
        assert_eq!((identity.first_app(), identity.user_token(&digest(999))), (None, None));
    });
}

#[test]
fn the_first_token_is_made_when_its_user_comes() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    found(&store);
    assert_eq!(store.identity().user_token(&digest(999)), None);
    wait(store.create_user(user(USER.get(), "alice"))).unwrap();
    found(&store);
    assert_eq!(store.identity().user_token(&digest(999)).unwrap().app, APP);
}

#[test]
fn what_is_of_an_account_is_found_by_it_also_after_a_change() {
    with_store(|store| {
        let identity = store.identity();
        let apps: Vec<_> = (2..6).map(|number| another_app(store, number)).collect();
        let (id, account) = (apps[1].app.id, apps[1].app.account);
        let more = create_app(store, account, 6).unwrap().app.id;
        wait(identity.change_app(id, vec![AppChange::Name("new".to_owned())], |_| client(9, 9))).unwrap();
        let names: Vec<_> = identity.apps_of(account).iter().map(|app| (app.app.id, app.app.name.clone())).collect();
        assert_eq!(names, [(id, "new".to_owned()), (more, "another".to_owned())]);
        let first: Vec<_> = identity.first_apps(3).iter().map(|app| app.app.id).collect();
        assert_eq!(first, [APP, apps[0].app.id, id]);
        wait(identity.delete_app(id)).unwrap();
        assert_eq!(identity.apps_of(account).len(), 1);
        let project = wait(identity.create_project(account, "P".to_owned(), None, now())).unwrap();
        assert_eq!(identity.projects_of(account).unwrap(), [project]);
        assert!(identity.projects_of(apps[2].app.account).unwrap().is_empty());
    });
}

#[test]
fn ids_go_on_behind_the_first() {
    with_store(|store| {
        let identity = store.identity();
        let account = wait(identity.create_account("Dev".to_owned(), Approval::Pending, now())).unwrap();
        let project = wait(identity.create_project(account.id, "P".to_owned(), None, now())).unwrap();
        assert_eq!((account.id, project.id), (AccountId::new(2), ProjectId::new(2)));
        assert_eq!(identity.accounts().unwrap().len(), 2);
        assert_eq!(identity.account(account.id).unwrap(), Some(account));
        assert_eq!(identity.project(project.id).unwrap(), Some(project));
    });
}

#[test]
fn only_an_approved_account_makes_keys() {
    with_store(|store| {
        let identity = store.identity();
        let account = wait(identity.create_account("Dev".to_owned(), Approval::Pending, now())).unwrap().id;
        let refused = IdentityError::NotApproved { id: account, approval: Approval::Pending };
        assert_eq!(create_app(store, account, 2), Err(refused));
        wait(identity.set_approval(account, Approval::Approved)).unwrap();
        let app = create_app(store, account, 2).unwrap().app.id;
        assert_eq!(app, AppId::new(2), "what was refused took no id");
        wait(identity.set_approval(account, Approval::Suspended)).unwrap();
        assert_eq!(identity.app_by_consumer_key("consumer-2-0").unwrap().approval, Approval::Suspended);
        let refused = IdentityError::NotApproved { id: account, approval: Approval::Suspended };
        let again = wait(identity.replace_consumer(app, |generation| Some(consumer(2, generation))));
        assert_eq!(again, Err(refused.clone()));
        assert_eq!(wait(identity.create_user_token(app, USER, user_token(1), now())), Err(refused));
        wait(identity.replace_consumer(app, |_| None)).unwrap();
        assert_eq!(identity.app_by_consumer_key("consumer-2-0"), None, "taking keys away is allowed");
    });
}

#[test]
fn replaced_keys_are_found_and_the_old_ones_are_not() {
    with_store(|store| {
        let identity = store.identity();
        let app = wait(identity.replace_consumer(APP, |generation| Some(consumer(1, generation)))).unwrap();
        assert_eq!(app.keys.consumer.generation, 1);
        assert_eq!(identity.app_by_consumer_key("consumer-1-0"), None);
        assert!(identity.app_by_consumer_key("consumer-1-1").is_some());
        wait(identity.replace_client(APP, |generation| Some(client(1, generation)))).unwrap();
        assert_eq!(identity.app_by_client_id("client-1-0"), None);
        assert!(identity.app_by_client_id("client-1-1").is_some());
    });
}

#[test]
fn a_token_for_tweet_binder_is_replaced_and_taken_away() {
    with_store(|store| {
        let identity = store.identity();
        let [old, new] = [0, 1].map(|generation| keys(1, generation).tweet_binder.current);
        assert!(identity.app_by_tweet_binder(&old.unwrap()).is_some());
        wait(identity.replace_tweet_binder(APP, |generation| keys(1, generation).tweet_binder.current)).unwrap();
        assert_eq!(identity.app_by_tweet_binder(&old.unwrap()), None);
        assert!(identity.app_by_tweet_binder(&new.unwrap()).is_some());
        assert_eq!(identity.app_by_bearer(&new.unwrap()), None);
        wait(identity.replace_tweet_binder(APP, |_| None)).unwrap();
        assert_eq!(identity.app_by_tweet_binder(&new.unwrap()), None);
    });
}

#[test]
fn a_bearer_is_invalidated_by_whoever_presents_it_once() {
    with_store(|store| {
        let identity = store.identity();
        let old = keys(1, 0).bearer.current;
        let replace = || wait(identity.replace_bearer(APP, old, |generation| keys(1, generation).bearer.current));
        assert_eq!(replace().unwrap().keys.bearer, keys(1, 1).bearer);
        assert_eq!(replace(), Err(Refusal::Unknown.into()));
        assert_eq!(identity.app_by_bearer(&old.unwrap()), None);
    });
}

#[test]
fn without_oauth2_there_is_no_client_id() {
    with_store(|store| {
        let identity = store.identity();
        let change = |changes| wait(identity.change_app(APP, changes, |generation| client(1, generation)));
        change(vec![AppChange::OAuth2(false)]).unwrap();
        assert_eq!(identity.app_by_client_id("client-1-0"), None);
        let off = IdentityError::OAuth2Off { id: APP };
        assert_eq!(wait(identity.replace_client(APP, |generation| Some(client(1, generation)))), Err(off));
        change(vec![AppChange::OAuth2(true)]).unwrap();
        assert!(identity.app_by_client_id("client-1-0").is_some());
        let not_set = Err(IdentityError::OAuth2NotSet { id: APP });
        assert_eq!(change(vec![AppChange::Type(None)]), not_set);
        assert_eq!(change(vec![AppChange::Callbacks(vec!["oob".to_owned()])]), not_set);
        assert_eq!(identity.app(APP).unwrap().app.app_type, Some(AppType::Web), "nothing was changed");
    });
}

#[test]
fn an_address_with_a_scheme_of_its_own_is_for_native_apps_however_they_are_made() {
    with_store(|store| {
        let identity = store.identity();
        let own = AppChange::Callbacks(vec!["https://example.com/".to_owned(), "myapp://done".to_owned()]);
        let kind = AppChange::Type;
        let make = |changes| {
            let new = NewApp { account: AccountId::new(1), project: None, name: "n".to_owned(), changes };
            wait(identity.create_app(new, |id| keys(id.get(), 0), None, now())).map(|made| made.app.id)
        };
        let set = |id, changes| wait(identity.change_app(id, changes, |_| client(9, 0))).map(|_| ());
        let refused = |id| IdentityError::OwnScheme { id };
        for other in [None, Some(AppType::Web), Some(AppType::SinglePage), Some(AppType::Bot)] {
            assert_eq!(make(vec![own.clone(), kind(other)]), Err(refused(AppId::new(0))));
        }
        assert_eq!(set(APP, vec![own.clone()]), Err(refused(APP)));
        assert_eq!(set(APP, vec![own.clone(), kind(Some(AppType::Native))]), Ok(()));
        assert_eq!(set(APP, vec![kind(Some(AppType::Web))]), Err(refused(APP)));
        assert_eq!(
            set(APP, vec![kind(Some(AppType::Web)), AppChange::Callbacks(Vec::new()), AppChange::OAuth2(false)]),
            Ok(())
        );
        assert!(make(vec![own, kind(Some(AppType::Native))]).is_ok());
    });
}

#[test]
fn oauth2_that_goes_on_for_the_first_time_makes_a_client_id() {
    with_store(|store| {
        let identity = store.identity();
        let new = NewApp { account: AccountId::new(1), project: None, name: "n".to_owned(), changes: Vec::new() };
        let plain = |id: AppId| model::AppKeys { client: model::Key::default(), ..keys(id.get(), 0) };
        let app = wait(identity.create_app(new, plain, None, now())).unwrap();
        let changed = wait(identity.change_app(app.app.id, web(), |generation| client(5, generation))).unwrap();
        assert_eq!(changed.keys.client.current, Some(client(5, 0)));
        assert_eq!(identity.app_by_client_id("client-5-0").unwrap().app.id, app.app.id);
    });
}

#[test]
fn an_app_joins_only_a_project_of_its_own_account() {
    with_store(|store| {
        let identity = store.identity();
        let app = another_app(store, 2).app;
        let join = |project| {
            wait(identity.change_app(app.id, vec![AppChange::Project(Some(project))], |_| client(2, 0))).map(|_| ())
        };
        let foreign = IdentityError::ForeignProject { id: ProjectId::new(1), account: AccountId::new(1) };
        assert_eq!(join(ProjectId::new(1)), Err(foreign));
        let unknown = IdentityError::UnknownProject { id: ProjectId::new(77) };
        assert_eq!(join(ProjectId::new(77)), Err(unknown));
        let own = wait(identity.create_project(app.account, "P".to_owned(), None, now())).unwrap().id;
        assert_eq!(join(own), Ok(()));
        assert_eq!(wait(identity.delete_project(own)), Err(IdentityError::NotEmpty));
        assert_eq!(wait(identity.rename_project(own, "Q".to_owned())).unwrap().name, "Q");
        assert_eq!(wait(identity.delete_account(app.account)), Err(IdentityError::NotEmpty));
        wait(identity.delete_app(app.id)).unwrap();
        wait(identity.delete_project(own)).unwrap();
        wait(identity.delete_account(app.account)).unwrap();
        assert_eq!((identity.accounts().unwrap().len(), identity.projects().unwrap().len()), (1, 1));
    });
}

#[test]
fn of_eight_made_at_once_an_account_gets_as_many_as_it_may_have() {
    with_store(|store| {
        let (identity, most) = (store.identity(), Some(3));
        let account = wait(identity.create_account("Dev".to_owned(), Approval::Approved, now())).unwrap().id;
        let project = |_: u64| wait(identity.create_project(account, "P".to_owned(), most, now())).map(|_| ());
        let app = |number: u64| {
            let new = NewApp { account, project: None, name: "A".to_owned(), changes: web() };
            wait(identity.create_app(new, move |_| keys(number, 0), most, now())).map(|_| ())
        };
        let makers: [&(dyn Fn(u64) -> Result<(), IdentityError> + Sync); 2] = [&project, &app];
        for make in makers {
            let made = std::thread::scope(|scope| {
                let threads: Vec<_> = (2..10).map(|number| scope.spawn(move || make(number))).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
            });
            let refused: Vec<_> = made.into_iter().filter_map(Result::err).collect();
            assert_eq!(refused, vec![IdentityError::Full { id: account, most: 3 }; 5]);
        }
        wait(identity.create_project(account, "P".to_owned(), None, now())).unwrap();
    });
}

#[test]
fn what_is_not_there_is_named() {
    with_store(|store| {
        let identity: Identity<'_> = store.identity();
        let (account, project, app) = (AccountId::new(8), ProjectId::new(8), AppId::new(8));
        let unknown = IdentityError::UnknownAccount { id: account };
        assert_eq!(wait(identity.set_approval(account, Approval::Approved)), Err(unknown.clone()));
        assert_eq!(wait(identity.create_project(account, "P".to_owned(), None, now())), Err(unknown.clone()));
        assert_eq!(wait(identity.delete_account(account)), Err(unknown));
        assert_eq!(wait(identity.delete_project(project)), Err(IdentityError::UnknownProject { id: project }));
        assert_eq!(wait(identity.delete_app(app)), Err(IdentityError::UnknownApp { id: app }));
        let unknown = IdentityError::UnknownApp { id: app };
        assert_eq!(wait(identity.replace_consumer(app, |_| None)), Err(unknown.clone()));
        assert_eq!(wait(identity.create_user_token(app, USER, user_token(1), now())), Err(unknown));
    });
}
