//! Files that the owner imports in the browser.

use std::io::{Cursor, Read as _, Write as _};
use std::net::TcpStream;

use model::{Direction, UserId};
use store::ListStart;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::house::House;
use crate::oauth::browser::{Browser, Reply};

const PAGE: &str = "/portal/import";

fn users(ids: std::ops::Range<u64>) -> String {
    ids.map(|id| format!("{{\"user\":{{\"id\":\"{id}\",\"name\":\"Owl {id}\",\"username\":\"owl_{id}\"}}}}\n"))
        .collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

fn stored(house: &House) -> u64 {
    house.place.server.store().stats().users
}

/// Looks at the page until the import has ended.
fn ended(owner: &mut Browser) -> Reply {
    for _ in 0..100_000 {
        let page = owner.get(PAGE);
        if !page.body.contains("An import goes on") {
            return page;
        }
    }
    panic!("the import does not end");
}

/// Imports a file as one of the formats, and gives the page at its end.
fn import(owner: &mut Browser, what: &str, name: &str, bytes: &[u8]) -> Reply {
    let reply = owner.upload(PAGE, &[("what", what)], Some((name, bytes)));
    assert_eq!((reply.status, reply.header("location")), (303, Some(PAGE)), "{reply:?}");
    ended(owner)
}

fn following(house: &House, of: u64) -> Vec<u64> {
    let server = &house.place.server;
    let list = server.store().list_ids(UserId::new(of), Direction::Following, ListStart::Newest, 10);
    server.wait(list).unwrap().map_or(Vec::new(), |page| page.users.into_iter().map(|(id, _)| id.get()).collect())
}

#[test]
fn a_file_larger_than_other_bodies_is_imported_and_its_users_are_there() {
    let house = House::new();
    let mut owner = house.owner();
    let before = stored(&house);
    let file = users(800_000..830_000);
    assert!(file.len() > 1 << 20, "more than the body of another request may have");
    let page = import(&mut owner, "native", "owls.ndjson", file.as_bytes());
    assert!(page.body.contains("users: 30000 new, 0 changed, 0 unchanged"), "{}", page.body);
    assert!(page.body.contains("<bdi>owls.ndjson</bdi>"), "{}", page.body);
    assert_eq!(stored(&house), before + 30_000);
    assert!(owner.get("/portal/users/829999").body.contains("Owl 829999"));
    let again = import(&mut owner, "native", "owls.ndjson.gz", &gzip(&file));
    assert!(again.body.contains("0 new") && stored(&house) == before + 30_000, "{}", again.body);
    let files: Vec<_> =
        std::fs::read_dir(house.place.server.store().data_dir().path().join("imports")).unwrap().collect();
    assert_eq!(files.len(), 1, "no file stays but what became of the last one: {files:?}");
}

#[test]
fn each_format_is_read_as_the_command_line_reads_it() {
    let house = House::new();
    let mut owner = house.owner();
    let twarc = include_str!("../../../../tests/fixtures/rows.twarc.jsonl");
    let page = import(&mut owner, "twarc", "rows.jsonl", twarc.as_bytes());
    assert!(page.body.contains("<strong>Loaded</strong>") && page.body.contains("users: "), "{}", page.body);
    let v1 = "{\"id\":801,\"id_str\":\"801\",\"name\":\"One\",\"screen_name\":\"one_v1\",\"created_at\":\"Sat Dec 14 04:35:55 +0000 2013\"}\n";
    let page = import(&mut owner, "v1", "users.jsonl", v1.as_bytes());
    assert!(page.body.contains("users: 1 new"), "{}", page.body);
    let files = [
        (
            "data/manifest.js",
            r#"window.__THAR_CONFIG = {"userInfo":{"accountId":"899","userName":"zoe","displayName":"Zoe"},"archiveInfo":{"generationDate":"2024-01-13T02:11:27.525Z"},"dataTypes":{"account":{"files":[{"fileName":"data/account.js"}]},"following":{"files":[{"fileName":"data/following.js"}]}}}"#,
        ),
        (
            "data/account.js",
            r#"window.YTD.account.part0 = [{"account":{"username":"zoe","accountId":"899","createdAt":"2009-03-01T10:00:00.000Z"}}]"#,
        ),
        ("data/following.js", r#"window.YTD.following.part0 = [{"following":{"accountId":"801"}}]"#),
    ];
    let page = import(&mut owner, "archive", "twitter.zip", &zip(&files));
    assert!(page.body.contains("1 follows are new"), "{}", page.body);
    assert_eq!(following(&house, 899), [801]);
}

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        if name.ends_with('/') {
            zip.add_directory(*name, SimpleFileOptions::default()).unwrap();
        } else {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn follows_are_loaded_once_somebody_has_said_who_follows_whom() {
    let house = House::new();
    let mut owner = house.owner();
    house.place.server.import(&users(810..813), formats::Format::Native);
    let file = "810 811\n810 812\n";
    for (reads, follower) in [("as-is", 810), ("turned", 811)] {
        assert_eq!(owner.upload(PAGE, &[("what", "edges")], Some(("follows.txt", file.as_bytes()))).status, 303);
        let page = owner.get(PAGE);
        assert!(page.body.contains("<li>810 (@owl_810) follows 811 (@owl_811)</li>"), "{}", page.body);
        assert!(page.body.contains("<li>811 (@owl_811) follows 810 (@owl_810)</li>"), "{}", page.body);
        assert!(!page.body.contains("type=\"file\""), "one import at a time");
        let number = page.between("name=\"import\" value=\"", "\"").unwrap().to_owned();
        let direction = "/portal/import/direction";
        assert_eq!(owner.post_own(direction, &[("import", &number), ("reads", "sideways")]).status, 409);
        assert_eq!(owner.post_own(direction, &[("import", &number), ("reads", reads)]).status, 303);
        let page = ended(&mut owner);
        assert!(page.body.contains("2 follows are new, 0 were there, 0 users became stubs"), "{}", page.body);
        assert!(!following(&house, follower).is_empty());
    }
    let kwak = [("what", "edges"), ("preset", "kwak")];
    owner.upload(PAGE, &kwak, Some(("twitter_rv.net", b"810 812\n")));
    let page = owner.get(PAGE);
    let (as_is, _) = page.body.split_once("id=\"turned\"").unwrap();
    assert!(as_is.contains("812 (@owl_812) follows 810 (@owl_810)"), "the data set says it: {as_is}");
}

#[test]
fn files_that_are_bad_are_told_of_and_load_nothing() {
    let house = House::new();
    let mut owner = house.owner();
    let before = stored(&house);
    let whole = gzip(&users(820_000..825_000));
    let cut = &whole[..whole.len() / 2];
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let no_manifest = zip(&[("data/", ""), ("data/account.js", "x")]);
    let is_directory = zip(&[("data/manifest.js/", "")]);
    let leads_out = zip(&[("../data/manifest.js", "x")]);
    let later: [(&str, &str, &[u8], &str); 8] = [
        ("native", "cut.ndjson.gz", cut, "cut.ndjson.gz: the file ends too early"),
        ("native", "picture.png", png, "picture.png: holds binary data"),
        ("v1", "users.ndjson", b"{\"user\":{\"id\":\"1\"}}\n", "no line can be read as v1"),
        ("native", "users.zip", &no_manifest, "is packed with zip"),
        ("twarc", "blank.jsonl", b"\n\n", "is empty"),
        ("archive", "x.zip", &no_manifest, "holds no data/manifest.js"),
        ("archive", "x.zip", &is_directory, "x.zip: "),
        ("archive", "x.zip", &leads_out, "which leads out of it"),
    ];
    for (what, name, bytes, said) in later {
        let page = import(&mut owner, what, name, bytes);
        assert!(page.body.contains("<strong>Not loaded</strong>") && page.body.contains(said), "{name}: {}", page.body);
        assert!(page.body.contains("nothing was loaded") && !page.body.contains("/imports/"), "{name}: {}", page.body);
        assert!(page.body.contains("type=\"file\""), "another file can be sent");
    }
    let at_once: [(&str, &str, &[u8], &str); 4] = [
        ("native", "empty.ndjson", b"", "The file is empty."),
        ("edges", "names.txt", b"alice,bob\nbob,carol\n", "names.txt: "),
        ("edges", "follows.gz", &whole[..1], "follows.gz: "),
        ("native", "", b"", "Choose a file."),
    ];
    for (what, name, bytes, said) in at_once {
        let page = owner.upload(PAGE, &[("what", what), ("conflict", "keep")], Some((name, bytes)));
        let wrong =
            page.between("id=\"file-wrong\" role=\"alert\">", "<").unwrap_or_else(|| panic!("{name}: {page:?}"));
        assert!(page.status == 422 && wrong.contains(said), "{name}: {wrong}");
        assert!(page.body.contains("<option value=\"keep\" selected>"), "what was typed stays: {page:?}");
    }
    let later = "1 2\n".repeat(400_000) + "x y\n";
    owner.upload(PAGE, &[("what", "edges")], Some(("late.txt", later.as_bytes())));
    let number = owner.get(PAGE).between("name=\"import\" value=\"", "\"").unwrap().to_owned();
    owner.post_own("/portal/import/direction", &[("import", &number), ("reads", "as-is")]);
    let page = ended(&mut owner);
    assert!(page.body.contains("late.txt: ") && page.body.contains("nothing was loaded"), "{}", page.body);
    assert_eq!(stored(&house), before);
}

#[test]
fn a_file_above_the_bound_of_the_settings_is_refused() {
    let house = House::set(&[("portal", "max_upload", "1KiB")]);
    let mut owner = house.owner();
    assert!(owner.get(PAGE).body.contains("At most 1 KiB."));
    for (bytes, is_taken) in [(1024, true), (1025, false), (4000, false)] {
        let file = format!("{:<bytes$}", users(1..2));
        let reply = owner.upload(PAGE, &[("what", "native")], Some(("users.ndjson", file.as_bytes())));
        assert_eq!(reply.status == 303, is_taken, "{bytes}: {reply:?}");
        if is_taken {
            ended(&mut owner);
        } else {
            assert!(reply.status == 422 && reply.body.contains("portal.max_upload"), "{reply:?}");
            assert!(owner.get(PAGE).body.contains("type=\"file\""), "nothing goes on");
        }
    }
}

#[test]
fn fields_that_are_wrong_say_so_and_keep_what_was_typed() {
    let house = House::new();
    let mut owner = house.owner();
    let fields = [("what", "edges"), ("observed_at", "yesterday \"<b>"), ("columns", "1,1")];
    let page = owner.upload(PAGE, &fields, Some(("a.txt", b"1 2\n")));
    assert_eq!(page.status, 422);
    for name in ["observed_at", "columns", "file"] {
        assert!(page.body.contains(&format!("id=\"{name}-wrong\"")), "{name}: {page:?}");
    }
    assert!(page.body.contains("value=\"yesterday &#34;&#60;b&#62;\""), "{page:?}");
    assert!(page.body.contains("<option value=\"edges\" selected>"), "{page:?}");
}

#[test]
fn lines_that_cannot_be_read_are_listed_with_their_numbers_and_downloaded() {
    let house = House::new();
    let mut owner = house.owner();
    let file = users(830..832) + "<script>alert(1)</script>\n" + &users(832..833) + "{}\n";
    let page = import(&mut owner, "native", "<script>.ndjson", file.as_bytes());
    assert!(page.body.contains("users: 3 new") && page.body.contains("lines rejected: 2"), "{}", page.body);
    assert!(page.body.contains("<tr><td>3</td>") && page.body.contains("<tr><td>5</td>"), "{}", page.body);
    assert!(!page.body.contains("<script>alert") && !page.body.contains("<bdi><script>"), "{}", page.body);
    let file = owner.get("/portal/import/rejects");
    assert!(file.header("content-disposition").unwrap().contains("rejects.ndjson"), "{file:?}");
    let lines: Vec<serde_json::Value> = file.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["line"], &lines[1]["line"]), (2, &3.into(), &5.into()));
    assert_eq!(lines[0]["text"], "<script>alert(1)</script>");
    import(&mut owner, "native", "right.ndjson", users(833..834).as_bytes());
    assert_eq!(owner.get("/portal/import/rejects").status, 303, "they are of the last import alone");
}

#[test]
fn an_import_that_waits_can_be_cancelled_and_loads_nothing() {
    let house = House::new();
    let mut owner = house.owner();
    let before = stored(&house);
    owner.upload(PAGE, &[("what", "edges")], Some(("follows.txt", b"840001 840002\n")));
    let second = owner.upload(PAGE, &[("what", "native")], Some(("a", users(1..2).as_bytes())));
    assert_eq!(second.status, 409, "one at a time");
    let number = owner.get(PAGE).between("name=\"import\" value=\"", "\"").unwrap().to_owned();
    assert_eq!(owner.post_own("/portal/import/cancel", &[]).status, 404, "it has to be named");
    assert_eq!(owner.post_own("/portal/import/cancel", &[("import", &number)]).status, 303);
    let page = owner.get(PAGE);
    assert!(page.body.contains("<strong>Cancelled</strong>") && page.body.contains("Nothing was loaded."), "{page:?}");
    assert_eq!(owner.post_own("/portal/import/cancel", &[("import", &number)]).status, 409, "it is over");
    assert_eq!(stored(&house), before);
}

#[test]
fn an_import_that_goes_on_can_be_cancelled() {
    let house = House::new();
    let mut owner = house.owner();
    let before = stored(&house);
    let file = gzip(&users(1_000_000..1_400_000));
    owner.upload(PAGE, &[("what", "native")], Some(("many.ndjson.gz", &file)));
    let page = owner.get(PAGE);
    let number = page.between("name=\"import\" value=\"", "\"").expect("it takes a while").to_owned();
    assert!(page.body.contains("hx-trigger=\"every 1s\"") && page.body.contains("Look again"), "{}", page.body);
    assert_eq!(owner.post_own("/portal/import/cancel", &[("import", &number)]).status, 303);
    let page = ended(&mut owner);
    assert!(page.body.contains("<strong>Cancelled</strong>"), "{}", page.body);
    assert!(stored(&house) < before + 400_000);
}

#[test]
fn an_upload_that_breaks_off_leaves_no_import_behind() {
    let house = House::new();
    let mut owner = house.owner();
    let address = house.place.server.address();
    let cookies: Vec<_> = owner.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let head = format!(
        "POST {PAGE} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {}\r\nContent-Type: multipart/form-data; boundary=b\r\n\
         Content-Length: 1000000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf",
        cookies.join("; ")
    );
    let mut half = TcpStream::connect(address).unwrap();
    half.write_all(head.as_bytes()).unwrap();
    while !owner.get(PAGE).body.contains("The file is on its way.") {}
    drop(half);
    let page = ended(&mut owner);
    assert!(page.body.contains("type=\"file\"") && !page.body.contains("The last import"), "{}", page.body);
}

#[test]
fn a_form_in_which_no_part_begins_is_refused_before_much_of_it_is_read() {
    let house = House::new();
    let mut owner = house.owner();
    let address = house.place.server.address();
    let cookies: Vec<_> = owner.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let head = format!(
        "POST {PAGE} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {}\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000000\r\n\r\n",
        cookies.join("; ")
    );
    let header = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nX-Long: ";
    let text = "--b\r\nContent-Disposition: form-data; name=\"what\"\r\n\r\nnative\r\n";
    let after_file = format!("{text}--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b ");
    for (begins, goes_on) in [("", "x"), (header, "x"), (&*format!("{text}{header}"), "x"), (&after_file, " ")] {
        let mut stream = TcpStream::connect(address).unwrap();
        // A part of what was announced: the server is not to wait for the rest.
        let more = goes_on.repeat((2 << 20) / goes_on.len());
        stream.write_all([&head, begins, &more].concat().as_bytes()).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        let reply = String::from_utf8(reply).unwrap();
        assert!(reply.starts_with("HTTP/1.1 400 "), "{begins:?}: {reply}");
        assert!(reply.contains("This is no form with a file: within 64 KiB"), "{begins:?}: {reply}");
        assert!(owner.get(PAGE).body.contains("type=\"file\""), "nothing goes on");
    }
}

#[test]
fn a_form_with_two_files_is_told_to_have_one_and_imports_neither() {
    let house = House::new();
    let mut owner = house.owner();
    let before = stored(&house);
    let file = |ids| format!("Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n{}\r\n", users(ids));
    let body = format!("--b\r\n{}--b\r\n{}--b--\r\n", file(850..852), file(852..854));
    let origin = format!("http://{}", house.place.server.address());
    let reply = owner.post_as(PAGE, "multipart/form-data; boundary=b", &[("Origin", &origin)], &body);
    let wrong = reply.between("id=\"file-wrong\" role=\"alert\">", "<");
    assert_eq!((reply.status, wrong), (422, Some("Choose one file alone.")), "{reply:?}");
    assert!(owner.get(PAGE).body.contains("type=\"file\""), "nothing goes on");
    let kept = std::fs::read_dir(house.place.server.store().data_dir().path().join("imports")).unwrap();
    assert_eq!(kept.filter(|file| file.as_ref().unwrap().file_name() != "last.json").count(), 0, "no file stays");
    assert_eq!(stored(&house), before);
}

#[test]
fn nobody_else_sends_files() {
    let house = House::new();
    let own = house.things("Own");
    for mut browser in [house.nobody(), house.user("TwitterDev"), house.by_link(Some(own.account))] {
        let reply = browser.upload(PAGE, &[("what", "native")], Some(("a", users(1..2).as_bytes())));
        assert_eq!(reply.status, 403);
    }
}
