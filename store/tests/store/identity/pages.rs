//! Passwords, sessions and consents.

use model::{Callback, LoginSession, Permissions, RequestToken, Scope, Scopes, UserId};
use store::ChangeError;

use super::{APP, USER, another_app, digest, now, tokens, user_token, with_store};
use crate::support::wait;

#[test]
fn a_password_is_kept_as_it_was_given_and_can_be_taken_away() {
    with_store(|store| {
        let identity = store.identity();
        assert_eq!(identity.password(USER).unwrap(), None);
        wait(identity.set_password(USER, Some("$argon2id$…".to_owned()))).unwrap();
        assert_eq!(identity.password(USER).unwrap().as_deref(), Some("$argon2id$…"));
        wait(identity.set_password(USER, None)).unwrap();
        assert_eq!(identity.password(USER).unwrap(), None);
        let nobody = UserId::new(404);
        let unknown = ChangeError::UnknownUser { id: nobody }.into();
        assert_eq!(wait(identity.set_password(nobody, Some(String::new()))), Err(unknown));
    });
}

#[test]
fn a_session_ends_with_its_time_its_logout_or_a_new_password() {
    with_store(|store| {
        let identity = store.identity();
        for number in 0..3 {
            wait(identity.create_session(digest(number), USER, now())).unwrap();
        }
        let late = now().plus_ms(LoginSession::LIFETIME_MS);
        let lives = |number, at| identity.session(&digest(number), at).unwrap().is_some();
        assert!(lives(0, late.plus_ms(-1)) && !lives(0, late));
        wait(identity.end_session(digest(0))).unwrap();
        wait(identity.end_session(digest(404))).unwrap();
        assert!(!lives(0, now()) && lives(1, now()));
        wait(identity.set_password(USER, Some("$argon2id$…".to_owned()))).unwrap();
        assert!(!lives(1, now()) && !lives(2, now()));
    });
}

#[test]
fn of_too_many_sessions_those_end_that_began_first() {
    with_store(|store| {
        let identity = store.identity();
        let most = u32::try_from(LoginSession::MOST_OF_USER).unwrap();
        for number in 0..=most {
            wait(identity.create_session(digest(number), USER, now().plus_ms(number.into()))).unwrap();
        }
        let lives = |number| identity.session(&digest(number), now()).unwrap().is_some();
        let alive: Vec<u32> = (0..=most).filter(|number| lives(*number)).collect();
        assert!(alive.iter().copied().eq(most / 8..=most), "{alive:?}");
    });
}

#[test]
fn of_too_many_request_tokens_of_an_app_the_oldest_go_and_those_of_others_stay() {
    const THREADS: u32 = 64;
    with_store(|store| {
        let identity = store.identity();
        let other = another_app(store, 2).app.id;
        let create = |app, number: u32, at| {
            let (callback, token) = (Callback::Oob, user_token(number));
            wait(identity.create_request_token(app, token, callback, None, at)).unwrap();
        };
        let lives = |number| identity.request_token(&digest(number), now()).unwrap().is_some();
        create(other, 1, now().plus_ms(-1000));
        create(APP, 2, now().plus_ms(-1000));
        let each = u32::try_from(RequestToken::MOST_OF_APP).unwrap() / THREADS;
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                scope.spawn(move || (0..each).for_each(|number| create(APP, 1000 * (thread + 1) + number, now())));
            }
        });
        assert!(lives(1) && !lives(2));
        create(APP, 3, now().plus_ms(1));
        assert!(lives(3));
    });
}

#[test]
fn consents_add_up() {
    with_store(|store| {
        let identity = store.identity();
        assert_eq!(identity.consent(USER, APP).unwrap(), None);
        wait(identity.create_grant(APP, USER, Scopes::of(&[Scope::TweetRead]), tokens(10), now())).unwrap();
        wait(identity.create_grant(APP, USER, Scopes::of(&[Scope::UsersRead]), tokens(20), now())).unwrap();
        let consent = identity.consent(USER, APP).unwrap().unwrap();
        assert_eq!(consent.scopes, Scopes::of(&[Scope::TweetRead, Scope::UsersRead]));
        assert_eq!(consent.permissions, None::<Permissions>);
        assert_eq!(identity.consents(USER).unwrap(), [consent]);
    });
}

#[test]
fn taking_a_consent_back_ends_all_tokens_of_that_app() {
    with_store(|store| {
        let identity = store.identity();
        let other = another_app(store, 2).app.id;
        for (app, number) in [(APP, 10), (other, 20)] {
            wait(identity.create_grant(app, USER, Scopes::of(&[Scope::TweetRead]), tokens(number), now())).unwrap();
            wait(identity.create_user_token(app, USER, user_token(number + 5), now())).unwrap();
        }
        wait(identity.revoke_consent(USER, APP)).unwrap();
        assert_eq!(identity.consents(USER).unwrap().len(), 1);
        assert_eq!((identity.access_token(&digest(10), now()), identity.user_token(&digest(15))), (None, None));
        assert!(identity.access_token(&digest(20), now()).is_some() && identity.user_token(&digest(25)).is_some());
    });
}
