//! What is read from the files of an archive of X, and what is left out.

use formats::archive::{Account, Part, read_list, read_manifest};
use model::{Observation, UserId, UserMember};

const MANIFEST: &[u8] = br#"window.__THAR_CONFIG = {
  "userInfo" : { "accountId" : "99", "userName" : "zoe", "displayName" : "Zoe" },
  "archiveInfo" : { "generationDate" : "2024-01-13T02:11:27.525Z" },
  "dataTypes" : {
    "account" : { "files" : [ { "fileName" : "data/account.js" } ] },
    "follower" : { "files" : [ { "fileName" : "data/follower.js" }, { "fileName" : "data/follower-part1.js" } ] },
    "ipAudit" : { "files" : [ { "fileName" : "data/ip-audit.js" } ] },
    "like" : { "mediaDirectory" : "data/like" }
  }
}"#;

#[test]
fn the_manifest_names_what_is_read_and_nothing_else() {
    let manifest = read_manifest(MANIFEST).unwrap();
    assert_eq!(manifest.account, UserId::new(99));
    let files: Vec<_> = manifest.files.iter().map(|(part, name)| (*part, name.as_str())).collect();
    let expected = [
        (Part::Account, "data/account.js"),
        (Part::Followers, "data/follower.js"),
        (Part::Followers, "data/follower-part1.js"),
    ];
    assert_eq!(files, expected);
    assert!(read_manifest(b"{}").is_err() && read_manifest(b"window.x = {}").is_err());
}

#[test]
fn an_account_has_no_address_of_its_owner() {
    let mut account = Account::new(&read_manifest(MANIFEST).unwrap());
    let of_account = br#"window.YTD.account.part0 = [ { "account" : { "email" : "zoe@example.org",
        "createdAt" : "2009-03-01T10:00:00.000Z" } } ]"#;
    account.add_account(of_account).unwrap();
    let Observation::User(user, speaks_of) = account.observation() else { panic!("no user") };
    assert_eq!((user.id, user.name.as_str()), (UserId::new(99), "Zoe"));
    assert_eq!(user.created_at.unwrap().unix_ms(), 1_235_901_600_000);
    assert!(user.confirmed_email.is_none() && !speaks_of.contains(UserMember::ConfirmedEmail));
    assert!(!speaks_of.contains(UserMember::Description), "there was no profile");
}

#[test]
fn a_list_is_read_in_its_order_or_not_at_all() {
    let text = br#"window.YTD.follower.part0 = [ { "follower" : { "accountId" : "3" } }, { "follower" : { "accountId" : "1" } } ]"#;
    assert_eq!(read_list(text).unwrap(), [UserId::new(3), UserId::new(1)]);
    assert_eq!(read_list(b"window.YTD.following.part0 = [ ]").unwrap(), []);
    for bad in
        [&br#"window.x = [ { "follower" : { "accountId" : "x" } } ]"#[..], b"window.x = [", b"window.x", b"[]", b""]
    {
        assert!(read_list(bad).is_err());
    }
}
