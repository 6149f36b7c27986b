//! `birdbox import archive`, pages of followers, and archives that were made to do harm.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::place::Place;

/// A zip of these files.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const MANIFEST: &str = r#"window.__THAR_CONFIG = {
  "userInfo" : { "accountId" : "99", "userName" : "zoe", "displayName" : "Zoë" },
  "archiveInfo" : { "sizeBytes" : "1", "generationDate" : "2024-01-13T02:11:27.525Z", "isPartialArchive" : false },
  "dataTypes" : {
    "account" : { "files" : [ { "fileName" : "data/account.js", "globalName" : "YTD.account.part0", "count" : "1" } ] },
    "emailAddressChange" : { "files" : [ { "fileName" : "data/none.js" } ] },
    "follower" : { "files" : [ { "fileName" : "data/follower.js" }, { "fileName" : "data/follower-part1.js" } ] },
    "following" : { "files" : [ { "fileName" : "data/following.js" } ] },
    "profile" : { "files" : [ { "fileName" : "data/profile.js" } ] },
    "like" : { "mediaDirectory" : "data/like" }
  }
}"#;

const FILES: [(&str, &str); 6] = [
    (MANIFEST_NAME, MANIFEST),
    (
        "data/account.js",
        r#"window.YTD.account.part0 = [ { "account" : { "email" : "zoe@example.org", "createdVia" : "web",
        "username" : "zoe", "accountId" : "99", "createdAt" : "2009-03-01T10:00:00.000Z" } } ]"#,
    ),
    (
        "data/profile.js",
        r#"window.YTD.profile.part0 = [ { "profile" : { "description" : { "bio" : "Birds of @bob", "website" : "",
        "location" : "Köln" }, "avatarMediaUrl" : "https://pbs.twimg.com/profile_images/1/a.jpg" } } ]"#,
    ),
    (
        "data/follower.js",
        r#"window.YTD.follower.part0 = [ { "follower" : { "accountId" : "13", "userLink" : "https://x" } },
        { "follower" : { "accountId" : "12" } } ]"#,
    ),
    ("data/follower-part1.js", r#"window.YTD.follower.part1 = [ { "follower" : { "accountId" : "11" } } ]"#),
    ("data/following.js", r#"window.YTD.following.part0 = [ { "following" : { "accountId" : "77" } } ]"#),
];

const MANIFEST_NAME: &str = "data/manifest.js";

#[test]
fn an_archive_brings_its_profile_and_its_lists_and_no_address() {
    let place = Place::with_data();
    let files = [&FILES[..], &[("data/ip-audit.js", "window.YTD.ip_audit.part0 = [ 127.0.0.1 ]")]].concat();
    place.write("archive.zip", zip(&files));
    let said = place.ok("import archive archive.zip");
    assert_eq!(said, "users: 1 new, 0 changed, 0 unchanged\n4 follows are new, 0 were there, 1 users became stubs\n");
    let user = place.ok("user get @zoe");
    for member in [
        r#""name":"Zoë""#,
        r#""created_at":"2009-03-01T10:00:00.000Z""#,
        r#""location":"Köln""#,
        r#""observed_at":"2024-01-13T02:11:27.525Z""#,
        r#""profile_image_url":"https://pbs.twimg.com/profile_images/1/a_normal.jpg""#,
        r#""mentions":"#,
    ] {
        assert!(user.contains(member), "{member} in {user}");
    }
    assert!(!user.contains("example.org"), "{user}");
    let lists = place.ok("export edges --of zoe");
    assert_eq!(lists, "follower_id,followed_id\n99,77\n11,99\n12,99\n13,99\n");
    let again = place.ok("import archive archive.zip");
    assert_eq!(again, "users: 0 new, 0 changed, 1 unchanged\n0 follows are new, 4 were there, 0 users became stubs\n");
    assert_eq!(place.names(), ["archive.zip", "birdbox-data", "native.ndjson", "twarc.jsonl", "v1.jsonl"]);
}

#[test]
fn a_bad_archive_loads_nothing() {
    let place = Place::with_data();
    let with = |name: &str, text: &str| {
        let files: Vec<_> = FILES.iter().map(|file| if file.0 == name { (name, text) } else { *file }).collect();
        zip(&files)
    };
    let bomb = format!("window.YTD.follower.part0 = [ {} ]", " ".repeat(20 << 20));
    let whole = zip(&FILES);
    for (name, bytes) in [
        ("bomb.zip", with("data/follower.js", &bomb)),
        ("climbs.zip", zip(&[&FILES[..], &[("data/../../etc/passwd", "x")]].concat())),
        ("rooted.zip", zip(&[&FILES[..], &[("/etc/passwd", "x")]].concat())),
        ("other.zip", zip(&[("tweets.csv", "x")])),
        ("less.zip", zip(&FILES[..5])),
        (
            "wrong.zip",
            with("data/following.js", r#"window.YTD.following.part0 = [ { "following" : { "accountId" : 1.5 } } ]"#),
        ),
        ("bare.zip", with("data/following.js", "[]")),
        ("cut.zip", whole[..whole.len() / 2].to_vec()),
        ("text.zip", b"once upon a time".to_vec()),
    ] {
        place.write(name, bytes);
    }
    std::fs::create_dir(place.path("folder")).unwrap();
    let cases = [
        ("bomb.zip", "bomb.zip: data/follower.js unpacks to more than 2"),
        ("climbs.zip", "climbs.zip: holds the path \"data/../../etc/passwd\", which leads out of it"),
        ("rooted.zip", "rooted.zip: holds the path \"/etc/passwd\", which leads out of it"),
        ("other.zip", "other.zip: holds no data/manifest.js"),
        ("less.zip", "less.zip: names data/following.js and does not hold it"),
        ("wrong.zip", "wrong.zip: data/following.js cannot be read: [0].following.accountId: "),
        ("bare.zip", "bare.zip: data/following.js cannot be read: expected a file of an archive"),
        ("cut.zip", "cut.zip: cannot be read as a zip file ("),
        ("text.zip", "text.zip: cannot be read as a zip file ("),
        ("folder", "folder: is a directory"),
    ];
    place.write("good.zip", whole);
    let before = place.ok("export users");
    for (file, expected) in cases {
        let said = place.run(&format!("import archive good.zip {file}"));
        let (code, line) = said.complaint();
        assert_eq!(code, 2, "{line}");
        assert!(line.starts_with(expected), "{file}: {line}");
    }
    assert_eq!(place.ok("export users"), before);
    assert_eq!(place.ok("export edges"), "follower_id,followed_id\n");
}

#[test]
fn pages_of_followers_are_follows_in_their_order() {
    let place = Place::new();
    let page = |list: &str, users: &[u32]| {
        let user = |id: &u32| format!(r#"{{"id":"{id}","username":"user{id}","name":"User {id}"}}"#);
        let users: Vec<_> = users.iter().map(user).collect();
        let (users, time) = (users.join(","), "2022-02-10T13:05:22+00:00");
        format!(
            r#"{{"data":[{users}],"__twarc":{{"url":"https://api.twitter.com/2/users/{list}?max_results=2","retrieved_at":"{time}"}}}}"#
        )
    };
    let pages = [page("7/followers", &[5, 4]), page("7/followers", &[3]), page("7/following", &[9, 8])];
    place.write("pages.jsonl", pages.join("\n"));
    let said = place.ok("import twarc pages.jsonl");
    assert_eq!(said, "users: 5 new, 0 changed, 0 unchanged\n5 follows are new, 0 were there, 1 users became stubs\n");
    let lists = place.ok("export edges --of 7");
    assert_eq!(lists, "follower_id,followed_id\n7,8\n7,9\n3,7\n4,7\n5,7\n");
    assert!(place.ok("import twarc pages.jsonl").ends_with("0 follows are new, 5 were there, 0 users became stubs\n"));
    place.ok("import twarc pages.jsonl --dry-run --data other");
}
