//! How things end: with their user, with their App, with their time, and not with a restart.

use model::{
    AccessToken, AccountState, Callback, ChallengeMethod, CodeChallenge, RefreshToken, RequestToken, Scope, Scopes,
    UserChange,
};
use store::{IdentityError, Store, Whose};

use super::{APP, USER, digest, filled, found, now, tokens, user_token, with_store};
use crate::support::{open, update, user, wait};

const OFFLINE: Scopes = Scopes::of(&[Scope::UsersRead, Scope::OfflineAccess]);

/// One of everything that a user and an App can have.
fn fill(store: &Store) {
    let identity = store.identity();
    wait(identity.create_request_token(APP, user_token(1), Callback::Oob, None, now())).unwrap();
    wait(identity.create_request_token(APP, user_token(2), Callback::Oob, None, now())).unwrap();
    wait(identity.authorize_request_token(digest(2), USER, digest(3), now())).unwrap();
    wait(identity.create_user_token(APP, USER, user_token(4), now())).unwrap();
    for code in [5, 6] {
        let challenge = CodeChallenge { method: ChallengeMethod::S256, text: "x".repeat(43) };
        let address = "http://127.0.0.1/callback".to_owned();
        wait(identity.create_code(digest(code), APP, USER, OFFLINE, address, challenge, now())).unwrap();
    }
    wait(identity.exchange_code(digest(6), APP, tokens(10), now())).unwrap();
    wait(identity.refresh(digest(11), APP, tokens(20), now())).unwrap();
    wait(identity.create_session(digest(7), USER, now())).unwrap();
    wait(identity.set_password(USER, Some("hash".to_owned()))).unwrap();
    wait(identity.create_session(digest(8), USER, now())).unwrap();
}

/// What is left of [`fill`], by name.
fn left(store: &Store) -> Vec<&'static str> {
    let identity = store.identity();
    let all = [
        ("request token", identity.request_token(&digest(1), now()).unwrap().is_some()),
        ("authorized request token", identity.request_token(&digest(2), now()).unwrap().is_some()),
        ("user token", identity.user_token(&digest(4)).is_some()),
        ("listed user token", !identity.user_tokens(Whose::User(USER)).unwrap().is_empty()),
        ("code", identity.code(&digest(5)).unwrap().is_some()),
        ("used code", identity.code(&digest(6)).unwrap().is_some()),
        ("access token", identity.access_token(&digest(10), now()).is_some()),
        ("newer access token", identity.access_token(&digest(20), now()).is_some()),
        ("used refresh token", identity.refresh_token(&digest(11)).unwrap().is_some()),
        ("refresh token", identity.refresh_token(&digest(21)).unwrap().is_some()),
        ("grant", !identity.grants(Whose::App(APP)).unwrap().is_empty()),
        ("consent", identity.consent(USER, APP).unwrap().is_some()),
        ("session", identity.session(&digest(8), now()).unwrap().is_some()),
        ("password", identity.password(USER).unwrap().is_some()),
        ("app", identity.app(APP).is_some()),
    ];
    all.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| name).collect()
}

#[test]
fn everything_outlasts_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    fill(&store);
    let before = left(&store);
    assert_eq!(before.len(), 15);
    let (app, grants) = (store.identity().app(APP), store.identity().grants(Whose::All).unwrap());
    drop(store);
    let store = open(dir.path());
    assert_eq!(left(&store), before);
    assert_eq!((store.identity().app(APP), store.identity().grants(Whose::All).unwrap()), (app, grants));
    assert!(wait(store.identity().refresh(digest(11), APP, tokens(30), now())).is_err(), "it is still used");
    wait(store.merge()).unwrap();
    assert!(store.identity().app(APP).is_some());
}

#[test]
fn a_row_that_was_damaged_is_not_taken_for_another() {
    let dir = tempfile::tempdir().unwrap();
    drop(filled(dir.path()));
    let file = dir.path().join("log/data.mdb");
    let mut bytes = std::fs::read(&file).unwrap();
    let key = b"consumer-1-0";
    let places: Vec<_> = (0..bytes.len() - key.len()).filter(|at| bytes[*at..].starts_with(key)).collect();
    assert!(!places.is_empty());
    places.iter().for_each(|at| bytes[*at] ^= 1);
    std::fs::write(&file, bytes).unwrap();
    let refused = Store::open(dir.path(), &store::Options::default()).map(|_| ()).unwrap_err();
    assert!(matches!(refused, store::OpenError::Damaged { .. }), "{refused}");
    assert!(refused.to_string().contains("a row of Apps is damaged"), "{refused}");
}

#[test]
fn a_deleted_user_has_nothing_left() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    fill(&store);
    wait(store.delete_user(USER)).unwrap();
    assert_eq!(left(&store), ["request token", "app"]);
    // The id may come back, and finds nothing of what was.
    wait(store.create_user(user(USER.get(), "alice"))).unwrap();
    found(&store);
    assert_eq!(left(&store), ["request token", "app"]);
    drop(store);
    assert_eq!(left(&open(dir.path())), ["request token", "app"]);
}

#[test]
fn a_suspended_user_keeps_tokens_and_gets_no_new_ones() {
    with_store(|store| {
        fill(store);
        let identity = store.identity();
        update(store, USER.get(), [UserChange::State(AccountState::Suspended)]).unwrap();
        assert_eq!(identity.user_state(USER).unwrap(), Some(AccountState::Suspended));
        assert!(identity.access_token(&digest(10), now()).is_some());
        let inactive = || IdentityError::InactiveUser { id: USER };
        assert_eq!(wait(identity.refresh(digest(21), APP, tokens(30), now())), Err(inactive()));
        assert_eq!(wait(identity.exchange_code(digest(5), APP, tokens(30), now())), Err(inactive()));
        let exchanged = identity.exchange_request_token(digest(2), APP, digest(3), user_token(9), now());
        assert_eq!(wait(exchanged), Err(inactive()));
        assert_eq!(wait(identity.create_session(digest(9), USER, now())), Err(inactive()));
        update(store, USER.get(), [UserChange::State(AccountState::Active)]).unwrap();
        assert!(wait(identity.refresh(digest(21), APP, tokens(30), now())).is_ok());
    });
}

#[test]
fn a_deleted_app_takes_its_tokens_with_it() {
    with_store(|store| {
        fill(store);
        wait(store.identity().delete_app(APP)).unwrap();
        assert_eq!(left(store), ["session", "password"]);
    });
}

#[test]
fn sweeping_forgets_what_is_over_and_nothing_else() {
    with_store(|store| {
        fill(store);
        let identity = store.identity();
        assert_eq!(wait(identity.sweep(now())), Ok(0));
        // Two request tokens and the code that nobody exchanged.
        assert_eq!(wait(identity.sweep(now().plus_ms(RequestToken::LIFETIME_MS))), Ok(3));
        assert_eq!(wait(identity.sweep(now().plus_ms(AccessToken::LIFETIME_MS))), Ok(2));
        assert_eq!(identity.access_token(&digest(20), now()), None);
        assert!(identity.refresh_token(&digest(21)).unwrap().is_some());
        wait(identity.refresh(digest(21), APP, tokens(30), now())).unwrap();
        wait(identity.sweep(now().plus_ms(RefreshToken::LIFETIME_MS))).unwrap();
        assert_eq!(left(store), ["user token", "listed user token", "consent", "password", "app"]);
    });
}

#[test]
fn tokens_and_users_of_one_group_meet() {
    with_store(|store| {
        // Whatever the order, a user who is gone has no tokens.
        for round in 0..20u32 {
            wait(store.create_user(user(300, "carol"))).unwrap();
            std::thread::scope(|scope| {
                let create = move || {
                    let new = user_token(5000 + round);
                    _ = wait(store.identity().create_user_token(APP, model::UserId::new(300), new, now()));
                };
                scope.spawn(create);
                scope.spawn(|| wait(store.delete_user(model::UserId::new(300))).unwrap());
            });
            assert_eq!(store.identity().user_token(&digest(5000 + round)), None);
        }
    });
}
