//! Codes and the families of tokens that they become.

use model::{
    AccessToken, AppChange, AppId, AuthorizationCode, ChallengeMethod, CodeChallenge, Grant, RefreshToken, Scope,
    Scopes, Timestamp,
};
use store::{IdentityError, NewTokens, Refusal, Store, Whose};

use super::{APP, USER, another_app, client, digest, now, tokens, with_store};
use crate::support::wait;

const CODE: u32 = 1;
const OFFLINE: Scopes = Scopes::of(&[Scope::UsersRead, Scope::OfflineAccess]);

fn consent(store: &Store, scopes: Scopes) {
    let challenge = CodeChallenge { method: ChallengeMethod::S256, text: "x".repeat(43) };
    let address = "http://127.0.0.1/callback".to_owned();
    wait(store.identity().create_code(digest(CODE), APP, USER, scopes, address, challenge, now())).unwrap();
}

fn exchange(store: &Store, app: AppId, new: NewTokens, at: Timestamp) -> Result<Grant, IdentityError> {
    wait(store.identity().exchange_code(digest(CODE), app, new, at))
}

fn refresh(store: &Store, old: u32, new: NewTokens) -> Result<Grant, IdentityError> {
    wait(store.identity().refresh(digest(old), APP, new, now()))
}

/// Whether an access token is taken.
fn lives(store: &Store, number: u32) -> bool {
    store.identity().access_token(&digest(number), now()).is_some()
}

#[test]
fn a_code_gives_tokens_that_live_two_hours() {
    with_store(|store| {
        consent(store, OFFLINE);
        let code = store.identity().code(&digest(CODE)).unwrap().unwrap();
        assert_eq!((code.app, code.user, code.scopes, code.grant), (APP, USER, OFFLINE, None));
        let grant = exchange(store, APP, tokens(10), now()).unwrap();
        let token = store.identity().access_token(&digest(10), now().plus_ms(AccessToken::LIFETIME_MS - 1)).unwrap();
        assert_eq!((token.app, token.user, token.scopes, token.grant), (APP, USER, OFFLINE, grant.id));
        assert_eq!(store.identity().access_token(&digest(10), now().plus_ms(AccessToken::LIFETIME_MS)), None);
        assert_eq!(store.identity().grants(Whose::User(USER)).unwrap(), [grant]);
        assert_eq!(store.identity().consent(USER, APP).unwrap().unwrap().scopes, OFFLINE);
    });
}

#[test]
fn a_code_that_comes_again_revokes_what_it_gave() {
    with_store(|store| {
        consent(store, OFFLINE);
        exchange(store, APP, tokens(10), now()).unwrap();
        refresh(store, 11, tokens(20)).unwrap();
        let late = now().plus_ms(10 * AuthorizationCode::LIFETIME_MS);
        assert_eq!(exchange(store, APP, tokens(30), late), Err(Refusal::Reused.into()));
        assert!([10, 20, 30].iter().all(|number| !lives(store, *number)));
        assert_eq!(refresh(store, 21, tokens(40)), Err(Refusal::Unknown.into()));
        assert_eq!(exchange(store, APP, tokens(30), now()), Err(Refusal::Unknown.into()));
        assert_eq!(store.identity().grants(Whose::All).unwrap(), []);
    });
}

#[test]
fn of_simultaneous_exchanges_of_a_code_one_succeeds() {
    with_store(|store| {
        consent(store, OFFLINE);
        assert_eq!(winners(|number| exchange(store, APP, tokens(100 + 2 * number), now()).is_ok()), 1);
    });
}

#[test]
fn a_code_lives_half_a_minute_and_is_of_one_app() {
    with_store(|store| {
        consent(store, OFFLINE);
        let other = another_app(store, 2).app.id;
        assert_eq!(exchange(store, other, tokens(10), now()), Err(Refusal::OtherApp.into()));
        let late = now().plus_ms(AuthorizationCode::LIFETIME_MS);
        assert_eq!(exchange(store, APP, tokens(10), late), Err(Refusal::Expired.into()));
        assert!(exchange(store, APP, tokens(10), late.plus_ms(-1)).is_ok());
    });
}

#[test]
fn without_offline_access_there_is_no_refresh_token() {
    with_store(|store| {
        consent(store, Scopes::of(&[Scope::UsersRead]));
        let grant = exchange(store, APP, tokens(10), now()).unwrap();
        assert_eq!(grant.expires_at, now().plus_ms(AccessToken::LIFETIME_MS));
        assert_eq!(refresh(store, 11, tokens(20)), Err(Refusal::Unknown.into()));
        assert_eq!(store.identity().refresh_token(&digest(11)).unwrap(), None);
    });
}

#[test]
fn a_refresh_token_rotates_and_one_that_comes_again_ends_the_family() {
    with_store(|store| {
        consent(store, OFFLINE);
        let grant = exchange(store, APP, tokens(10), now()).unwrap();
        assert_eq!(refresh(store, 11, tokens(20)).unwrap().id, grant.id);
        assert!(lives(store, 10) && lives(store, 20));
        assert!(store.identity().refresh_token(&digest(11)).unwrap().unwrap().used);
        refresh(store, 21, tokens(30)).unwrap();
        assert_eq!(refresh(store, 11, tokens(40)), Err(Refusal::Reused.into()));
        assert!([10, 20, 30, 40].iter().all(|number| !lives(store, *number)));
        assert_eq!(refresh(store, 31, tokens(50)), Err(Refusal::Unknown.into()));
    });
}

#[test]
fn of_parallel_refreshes_one_succeeds() {
    for _ in 0..20 {
        with_store(|store| {
            consent(store, OFFLINE);
            exchange(store, APP, tokens(10), now()).unwrap();
            assert_eq!(winners(|number| refresh(store, 11, tokens(100 + 2 * number)).is_ok()), 1);
            assert!((100..116).all(|number| !lives(store, number)), "the others ended the family");
        });
    }
}

#[test]
fn a_refresh_token_expires_and_is_of_one_app() {
    with_store(|store| {
        consent(store, OFFLINE);
        exchange(store, APP, tokens(10), now()).unwrap();
        let other = another_app(store, 2).app.id;
        let identity = store.identity();
        assert_eq!(wait(identity.refresh(digest(11), other, tokens(20), now())), Err(Refusal::OtherApp.into()));
        let late = now().plus_ms(RefreshToken::LIFETIME_MS);
        assert_eq!(wait(identity.refresh(digest(11), APP, tokens(20), late)), Err(Refusal::Expired.into()));
        assert!(refresh(store, 11, tokens(20)).is_ok());
    });
}

#[test]
fn an_access_token_is_revoked_alone_and_a_refresh_token_with_its_family() {
    with_store(|store| {
        let identity = store.identity();
        let other = another_app(store, 2).app.id;
        consent(store, OFFLINE);
        exchange(store, APP, tokens(10), now()).unwrap();
        refresh(store, 11, tokens(20)).unwrap();
        for number in [10, 21, 404] {
            assert_eq!(wait(identity.revoke_token(digest(number), other)), Ok(false), "{number} of another App");
        }
        assert_eq!(wait(identity.revoke_token(digest(10), APP)), Ok(true));
        assert!(!lives(store, 10) && lives(store, 20));
        assert_eq!(wait(identity.revoke_token(digest(21), APP)), Ok(true));
        assert!(!lives(store, 20));
        assert_eq!(wait(identity.revoke_token(digest(21), APP)), Ok(false));
    });
}

#[test]
fn an_app_without_oauth2_gets_nothing() {
    with_store(|store| {
        let identity = store.identity();
        consent(store, OFFLINE);
        exchange(store, APP, tokens(10), now()).unwrap();
        wait(identity.change_app(APP, vec![AppChange::OAuth2(false)], |_| client(1, 0))).unwrap();
        let off = Err(IdentityError::OAuth2Off { id: APP });
        assert_eq!(refresh(store, 11, tokens(20)), off);
        assert_eq!(wait(identity.create_grant(APP, USER, OFFLINE, tokens(30), now())), off);
        let challenge = CodeChallenge { method: ChallengeMethod::Plain, text: "x".repeat(43) };
        let created = identity.create_code(digest(2), APP, USER, OFFLINE, String::new(), challenge, now());
        assert_eq!(wait(created), Err(IdentityError::OAuth2Off { id: APP }));
    });
}

#[test]
fn a_grant_without_a_code_is_like_one_with() {
    with_store(|store| {
        let identity = store.identity();
        let grant = wait(identity.create_grant(APP, USER, OFFLINE, tokens(10), now())).unwrap();
        assert!(lives(store, 10));
        refresh(store, 11, tokens(20)).unwrap();
        wait(identity.revoke_grant(grant.id)).unwrap();
        assert!(!lives(store, 10) && !lives(store, 20));
        assert_eq!(wait(identity.revoke_grant(grant.id)), Err(IdentityError::UnknownGrant { id: grant.id }));
    });
}

/// How many of eight threads succeed.
fn winners(attempt: impl Fn(u32) -> bool + Sync) -> usize {
    let attempt = &attempt;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|number| scope.spawn(move || attempt(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|won| *won).count()
    })
}

#[test]
fn a_family_that_is_refreshed_in_a_loop_stays_small() {
    with_store(|store| {
        let identity = store.identity();
        let scopes = Scopes::of(&[Scope::TweetRead, Scope::OfflineAccess]);
        wait(identity.create_grant(APP, USER, scopes, tokens(1000), now())).unwrap();
        let most = u32::try_from(AccessToken::MOST_OF_GRANT).unwrap();
        for number in 0..most {
            let (old, new) = (1001 + 2 * number, 1002 + 2 * number);
            wait(identity.refresh(digest(old), APP, tokens(new), now().plus_ms(number.into()))).unwrap();
        }
        let lives = |number: &u32| identity.access_token(&digest(1000 + 2 * number), now()).is_some();
        let alive: Vec<u32> = (0..=most).filter(lives).collect();
        assert_eq!(alive.len() as u32, most - most / 8 + 1);
        assert!(alive.contains(&most) && !alive.contains(&0), "the newest live: {alive:?}");
        // What was used is known all the same.
        assert!(wait(identity.refresh(digest(1001), APP, tokens(9000), now())).is_err());
        assert!(!lives(&most), "the second use of a refresh token ends its family");
    });
}
