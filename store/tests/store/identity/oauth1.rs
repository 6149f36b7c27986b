//! Request tokens and the access tokens that they become.

use model::{AppChange, Callback, Permissions, RequestToken, UserId};
use store::{ChangeError, IdentityError, Refusal, Store, Whose};

use super::{APP, USER, another_app, client, digest, now, user_token, with_store};
use crate::support::{user, wait};

const REQUEST: u32 = 1;
const VERIFIER: u32 = 2;
const ACCESS: u32 = 3;

fn ask(store: &Store, access: Option<Permissions>) {
    let create = store.identity().create_request_token(APP, user_token(REQUEST), Callback::Oob, access, now());
    wait(create).unwrap();
}

fn authorize(store: &Store) -> Result<RequestToken, IdentityError> {
    wait(store.identity().authorize_request_token(digest(REQUEST), USER, digest(VERIFIER), now()))
}

fn exchange(store: &Store, verifier: u32, access: u32) -> Result<model::UserToken, IdentityError> {
    wait(store.identity().exchange_request_token(
        digest(REQUEST),
        APP,
        digest(verifier),
        user_token(access),
        now().plus_ms(1),
    ))
}

#[test]
fn a_verifier_gives_one_access_token() {
    with_store(|store| {
        ask(store, None);
        assert_eq!(exchange(store, VERIFIER, ACCESS), Err(Refusal::NotAuthorized.into()));
        assert_eq!(authorize(store).unwrap().authorized.unwrap().user, USER);
        assert_eq!(authorize(store), Err(Refusal::AlreadyAuthorized.into()));
        let token = exchange(store, VERIFIER, ACCESS).unwrap();
        assert_eq!((token.user, token.app, token.permissions), (USER, APP, Permissions::ReadWrite));
        assert_eq!(store.identity().user_token(&digest(ACCESS)).as_deref(), Some(&token));
        assert_eq!(exchange(store, VERIFIER, ACCESS + 1), Err(Refusal::Unknown.into()));
        assert_eq!(store.identity().request_token(&digest(REQUEST), now()).unwrap(), None);
        let consent = store.identity().consent(USER, APP).unwrap().unwrap();
        assert_eq!(consent.permissions, Some(Permissions::ReadWrite));
    });
}

#[test]
fn of_simultaneous_exchanges_one_succeeds() {
    with_store(|store| {
        ask(store, None);
        authorize(store).unwrap();
        let won = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|number| scope.spawn(move || exchange(store, VERIFIER, 100 + number).is_ok())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).filter(|won| *won).count()
        });
        assert_eq!(won, 1);
    });
}

#[test]
fn guessing_ends_a_request_token() {
    with_store(|store| {
        ask(store, None);
        authorize(store).unwrap();
        for _ in 0..RequestToken::MAX_ATTEMPTS {
            assert_eq!(exchange(store, 77, ACCESS), Err(Refusal::WrongVerifier.into()));
        }
        assert_eq!(exchange(store, VERIFIER, ACCESS), Err(Refusal::Unknown.into()));
    });
}

#[test]
fn a_request_token_belongs_to_its_app() {
    with_store(|store| {
        ask(store, None);
        authorize(store).unwrap();
        let other = another_app(store, 2).app.id;
        let exchanged = store.identity().exchange_request_token(
            digest(REQUEST),
            other,
            digest(VERIFIER),
            user_token(ACCESS),
            now(),
        );
        assert_eq!(wait(exchanged), Err(Refusal::OtherApp.into()));
        assert!(exchange(store, VERIFIER, ACCESS).is_ok(), "another App's attempt does not count");
    });
}

#[test]
fn a_denied_or_expired_request_token_is_gone() {
    with_store(|store| {
        let identity = store.identity();
        ask(store, None);
        wait(identity.deny_request_token(digest(REQUEST), now())).unwrap();
        assert_eq!(authorize(store), Err(Refusal::Unknown.into()));
        ask(store, None);
        authorize(store).unwrap();
        let late = now().plus_ms(RequestToken::LIFETIME_MS);
        assert!(identity.request_token(&digest(REQUEST), late.plus_ms(-1)).unwrap().is_some());
        assert_eq!(identity.request_token(&digest(REQUEST), late).unwrap(), None);
        let exchanged =
            identity.exchange_request_token(digest(REQUEST), APP, digest(VERIFIER), user_token(ACCESS), late);
        assert_eq!(wait(exchanged), Err(Refusal::Expired.into()));
        let denied = wait(identity.deny_request_token(digest(REQUEST), now()));
        assert_eq!(denied, Err(Refusal::AlreadyAuthorized.into()));
    });
}

#[test]
fn an_app_may_ask_for_less_and_never_gets_more() {
    let cases = [
        (Permissions::ReadWrite, Some(Permissions::Read), Permissions::Read),
        (Permissions::ReadWrite, Some(Permissions::ReadWrite), Permissions::ReadWrite),
        (Permissions::Read, Some(Permissions::ReadWrite), Permissions::Read),
        (Permissions::Read, None, Permissions::Read),
    ];
    for (app, access, expected) in cases {
        with_store(|store| {
            let change = vec![AppChange::Permissions(app)];
            wait(store.identity().change_app(APP, change, |_| client(1, 0))).unwrap();
            ask(store, access);
            authorize(store).unwrap();
            assert_eq!(exchange(store, VERIFIER, ACCESS).unwrap().permissions, expected);
        });
    }
}

#[test]
fn tokens_are_listed_and_revoked_by_their_id() {
    with_store(|store| {
        let identity = store.identity();
        let mine = wait(identity.create_user_token(APP, USER, user_token(ACCESS), now())).unwrap();
        wait(store.create_user(user(200, "bob"))).unwrap();
        let other = another_app(store, 2).app.id;
        let bobs = wait(identity.create_user_token(other, UserId::new(200), user_token(ACCESS + 1), now())).unwrap();
        assert_eq!(identity.user_tokens(Whose::All).unwrap().len(), 3, "with that of the first start");
        let listed =
            [Whose::App(other), Whose::User(UserId::new(200))].map(|whose| identity.user_tokens(whose).unwrap());
        assert_eq!(listed, [vec![bobs.clone()], vec![bobs]]);
        wait(identity.revoke_user_token(mine.id)).unwrap();
        assert_eq!(identity.user_token(&mine.digest), None);
        let unknown = IdentityError::UnknownToken { id: mine.id };
        assert_eq!(wait(identity.revoke_user_token(mine.id)), Err(unknown));
        let nobody = UserId::new(404);
        assert_eq!(
            wait(identity.create_user_token(APP, nobody, user_token(9), now())),
            Err(ChangeError::UnknownUser { id: nobody }.into())
        );
    });
}
