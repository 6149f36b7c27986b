//! Links into the portal, their sessions, and sign-up.

use model::{AccountId, Approval, PortalLink, PortalSession, UserChange, UserId};
use store::{IdentityError, Refusal};

use super::{USER, digest, now, with_store};
use crate::support::wait;

#[test]
fn a_link_signs_in_once_and_only_in_its_time() {
    with_store(|store| {
        let identity = store.identity();
        let late = now().plus_ms(PortalLink::LIFETIME_MS);
        for number in [1, 2] {
            wait(identity.create_portal_link(digest(number), None, now())).unwrap();
        }
        assert!(identity.portal_link(&digest(1), late.plus_ms(-1)).unwrap().is_some());
        assert!(identity.portal_link(&digest(1), late).unwrap().is_none());
        let begun = wait(identity.use_portal_link(digest(1), digest(11), now())).unwrap();
        assert_eq!(identity.portal_session(&digest(11), now()), Ok(Some(begun)));
        assert_eq!(wait(identity.use_portal_link(digest(1), digest(12), now())), Err(Refusal::Unknown.into()));
        assert_eq!(wait(identity.use_portal_link(digest(2), digest(12), late)), Err(Refusal::Expired.into()));
        assert_eq!(identity.portal_session(&digest(12), now()), Ok(None));
    });
}

#[test]
fn a_session_of_the_portal_ends_with_its_time_its_logout_or_its_account() {
    with_store(|store| {
        let identity = store.identity();
        let account = wait(identity.create_account("Dev".to_owned(), Approval::Approved, now())).unwrap().id;
        for (number, account) in [(1, None), (2, None), (3, Some(account))] {
            wait(identity.create_portal_link(digest(number), account, now())).unwrap();
            wait(identity.use_portal_link(digest(number), digest(10 + number), now())).unwrap();
        }
        let lives = |number, at| identity.portal_session(&digest(number), at).unwrap().is_some();
        let late = now().plus_ms(PortalSession::LIFETIME_MS);
        assert!(lives(11, late.plus_ms(-1)) && !lives(11, late));
        wait(identity.end_portal_session(digest(11))).unwrap();
        assert!(!lives(11, now()) && lives(12, now()) && lives(13, now()));
        wait(identity.delete_account(account)).unwrap();
        assert!(!lives(13, now()) && lives(12, now()));
        let id = AccountId::new(404);
        let unknown = IdentityError::UnknownAccount { id };
        assert_eq!(wait(identity.create_portal_link(digest(9), Some(id), now())), Err(unknown));
        wait(identity.sweep(late)).unwrap();
        assert!(!lives(12, now()), "what is over is forgotten");
    });
}

#[test]
fn a_user_signs_up_for_one_developer_account() {
    with_store(|store| {
        let identity = store.identity();
        let sign_up = |user, name: &str| wait(identity.sign_up(user, name.to_owned(), Approval::Pending, now()));
        let (account, is_new) = sign_up(USER, "Alice").unwrap();
        assert!(is_new);
        assert_eq!((account.name.as_str(), account.approval), ("Alice", Approval::Pending));
        assert_eq!(sign_up(USER, "Twice").unwrap(), (account.clone(), false));
        assert_eq!(identity.developer_account(USER), Ok(Some(account.id)));
        assert_eq!(identity.developers().unwrap().len(), 1);
        wait(identity.delete_account(account.id)).unwrap();
        assert_eq!(identity.developer_account(USER), Ok(None));
        assert!(sign_up(UserId::new(404), "Nobody").is_err());
        let (account, _) = sign_up(USER, "Again").unwrap();
        wait(store.delete_user(USER)).unwrap();
        assert_eq!(identity.developer_account(USER), Ok(None), "the account stays, and nobody is its developer");
        assert!(identity.account(account.id).unwrap().is_some());
    });
}

#[test]
fn whoever_is_suspended_cannot_sign_up() {
    with_store(|store| {
        let suspended = UserChange::State(model::AccountState::Suspended);
        wait(store.update_user(USER, vec![suspended], now())).unwrap();
        let refused = wait(store.identity().sign_up(USER, "Alice".to_owned(), Approval::Pending, now()));
        assert_eq!(refused, Err(IdentityError::InactiveUser { id: USER }));
    });
}
