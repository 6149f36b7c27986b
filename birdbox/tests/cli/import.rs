//! `birdbox import`: good files, broken files, and what is said of them.

use std::fs::{self, File};
use std::io::Write;
use std::time::{Duration, UNIX_EPOCH};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::place::{FILES, Place, data};

pub(crate) fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(text: &str) -> Vec<u8> {
    zstd::encode_all(text.as_bytes(), 3).unwrap()
}

/// `count` users, one a line.
fn users(count: usize) -> String {
    (1..=count)
        .map(|id| format!("{{\"user\":{{\"id\":\"{id}\",\"username\":\"user{id}\",\"name\":\"{id}\"}}}}\n"))
        .collect()
}

#[test]
fn importing_twice_changes_nothing() {
    for (format, file) in FILES {
        let place = Place::with_files();
        let first = place.ok(&format!("import {format} {file}"));
        let stored = place.ok("export users");
        let second = place.ok(&format!("import {format} {file}"));
        assert!(!stored.is_empty());
        assert_eq!(place.ok("export users"), stored, "{format}");
        assert!(first.contains(" new, 0 changed, 0 unchanged\n"), "{first}");
        assert!(second.lines().all(|line| line.contains(": 0 new, 0 changed, ")), "{second}");
    }
}

#[test]
fn a_plain_a_packed_and_a_piped_file_are_the_same() {
    let plain = Place::with_data();
    let text = data("native.ndjson");
    // The name says nothing; the first bytes do.
    for (name, bytes) in [("a.txt", gzip(&text)), ("b.gz", zstd(&text)), ("c.zst", text.clone().into_bytes())] {
        let place = Place::new();
        place.write(name, &bytes);
        place.ok(&format!("import native {name}"));
        assert_eq!(place.ok("export users"), plain.ok("export users"), "{name}");
        let piped = Place::new();
        assert_eq!(piped.pipe(&bytes, "import native -").code, 0);
        assert_eq!(piped.ok("export users"), plain.ok("export users"), "{name}");
    }
    let members = Place::new();
    let (head, tail) = text.split_at(text.find('\n').unwrap() + 1);
    members.write("two.gz", [gzip(head), gzip(tail)].concat());
    members.write("two.zst", [zstd(head), zstd(tail)].concat());
    members.ok("import native two.gz");
    assert_eq!(members.ok("export users"), plain.ok("export users"), "a file of two members");
    assert!(members.ok("import native two.zst").starts_with("users: 0 new, 0 changed, 3 unchanged"));
}

#[test]
fn broken_lines_go_to_the_rejects_file_and_the_rest_is_loaded() {
    let place = Place::new();
    place.write(
        "users.ndjson",
        b"{\"user\":{\"id\":\"1\",\"username\":\"one\",\"name\":\"\"}}\r\n\njunk \"\xFF\n{\"user\":{\"id\":\"x\"}}\n{}",
    );
    let said = place.run("import native users.ndjson");
    assert_eq!(said.out, "users: 1 new, 0 changed, 0 unchanged\nlines rejected: 3\n");
    let (code, line) = said.complaint();
    assert_eq!(code, 4);
    assert_eq!(
        line,
        "users.ndjson: 3 lines were rejected and the rest was loaded (line 3: not valid JSON at column 1: expected value); \
         see users.ndjson.rejects.ndjson"
    );
    let rejects = place.read("users.ndjson.rejects.ndjson");
    let rejects: Vec<serde_json::Value> = rejects.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let members: Vec<_> = rejects.iter().map(|reject| (reject["line"].as_u64(), reject["text"].as_str())).collect();
    assert_eq!(
        members,
        [(Some(3), Some("junk \"\u{FFFD}")), (Some(4), Some("{\"user\":{\"id\":\"x\"}}")), (Some(5), Some("{}"))]
    );
    assert!(rejects.iter().all(|reject| reject["reason"].as_str().is_some_and(|reason| !reason.is_empty())));
    assert!(rejects.iter().all(|reject| reject.as_object().unwrap().len() == 3));
}

#[test]
fn one_rejects_file_for_many_says_which_file() {
    let place = Place::new();
    place.write("a", "junk\n");
    place.write("b", users(1) + "junk\n");
    assert_eq!(place.run("import native a b --rejects r.ndjson").code, 4);
    let expected = |file: &str, line: u64| {
        format!(
            "{{\"file\":\"{file}\",\"line\":{line},\"reason\":\"not valid JSON at column 1: expected value\",\"text\":\"junk\"}}\n"
        )
    };
    assert_eq!(place.read("r.ndjson"), expected("a", 1) + &expected("b", 2));
    let names = ["a", "b", "birdbox-data", "r.ndjson"];
    assert_eq!(place.names(), names);
}

#[test]
fn files_that_cannot_be_used_are_one_line() {
    let place = Place::with_files();
    let packed = gzip(&users(3));
    fs::create_dir(place.path("folder")).unwrap();
    for (name, bytes) in [
        ("empty", Vec::new()),
        ("blank", b"\n \n".to_vec()),
        ("empty.gz", gzip("")),
        ("cut.gz", packed[..packed.len() / 2].to_vec()),
        ("cut.zst", zstd(&users(3))[..20].to_vec()),
        ("damaged.gz", [&packed[..12], b"\xFF\xFF\xFF\xFF", &packed[16..]].concat()),
        ("binary", b"\x7FELF\x02\x01\x00\x00\x00".to_vec()),
        ("archive.zip", b"PK\x03\x04rest".to_vec()),
        ("prose", b"once upon a time\n".to_vec()),
        ("utf16", b"\xFF\xFE{\0}\0".to_vec()),
        ("prose.rejects.ndjson", b"of another time\n".to_vec()),
    ] {
        place.write(name, bytes);
    }
    fs::hard_link(place.path("v1.jsonl"), place.path("same.jsonl")).unwrap();
    let cases = [
        ("missing", "missing: cannot be read (No such file or directory (os error 2)); check the path"),
        ("folder", "folder: is a directory; name the files in it"),
        ("empty", "empty: is empty; check that it was written to its end"),
        ("blank", "blank: is empty; check that it was written to its end"),
        ("empty.gz", "empty.gz: is empty; check that it was written to its end"),
        ("cut.gz", "cut.gz: the file ends too early after line 0 (incomplete deflate stream); nothing was loaded"),
        ("cut.zst", "cut.zst: the file ends too early after line 0 (incomplete frame); nothing was loaded"),
        (
            "damaged.gz",
            "damaged.gz: the file is damaged or cannot be read after line 0 (corrupt deflate stream); nothing was loaded",
        ),
        ("binary", "binary: holds binary data; give a file of text, plain, .gz or .zst"),
        ("utf16", "utf16: is text in UTF-16; save it in UTF-8, for example with iconv -f UTF-16 -t UTF-8"),
        ("archive.zip", "archive.zip: is packed with zip; unpack it first, or pack it with gzip or zstd"),
        (
            "prose",
            "prose: no line can be read as v1 (line 1: not valid JSON at column 1: expected value); see prose.rejects.ndjson",
        ),
        ("native.ndjson missing", "missing: cannot be read (No such file or directory (os error 2)); check the path"),
        ("v1.jsonl v1.jsonl", "FILE: v1.jsonl is named twice; name it once"),
        ("v1.jsonl --rejects v1.jsonl", "--rejects: v1.jsonl is read from; name another file"),
        ("v1.jsonl --rejects ./v1.jsonl", "--rejects: v1.jsonl is read from; name another file"),
        ("v1.jsonl --rejects same.jsonl", "--rejects: v1.jsonl is read from; name another file"),
        (
            "prose prose.rejects.ndjson",
            "FILE: prose.rejects.ndjson is where the rejects of prose go; name another with --rejects",
        ),
    ];
    for (files, expected) in cases {
        let said = place.run(&format!("import v1 {files}"));
        assert_eq!(said.complaint(), (2, expected), "{files}");
    }
    assert_eq!(place.ok("export users"), "");
}

#[test]
fn what_stands_before_a_cut_is_loaded() {
    let place = Place::new();
    let packed = gzip(&users(20_000));
    place.write("users.gz", &packed[..packed.len() - 100]);
    let said = place.run("import native users.gz");
    let (code, line) = said.complaint();
    assert_eq!(code, 4);
    assert!(line.starts_with("users.gz: the file ends too early after line "), "{line}");
    assert!(line.ends_with("(incomplete deflate stream); what stands before was loaded"), "{line}");
    assert!(place.ok("export users").lines().count() > 10_000);
}

#[test]
fn one_bad_file_does_not_keep_the_others_out() {
    let place = Place::with_files();
    place.write("bad.gz", &gzip(&users(3))[..15]);
    let said = place.run("import native bad.gz native.ndjson");
    assert_eq!(said.code, 4);
    assert_eq!(place.ok("export users"), data("native.ndjson"));
}

#[test]
fn a_line_without_end_is_rejected_and_not_kept() {
    let place = Place::new();
    let long = " ".repeat(birdbox::import::MAX_LINE + 1);
    place.write("users.gz", gzip(&format!("{long}\n{}", users(1))));
    assert_eq!(place.run("import native users.gz").complaint().0, 4);
    assert!(fs::metadata(place.path("users.gz.rejects.ndjson")).unwrap().len() < 2000);
    assert_eq!(place.ok("export users").lines().count(), 1);
}

#[test]
fn a_dry_run_tells_the_future_and_changes_nothing() {
    let place = Place::with_data();
    place.write("mixed.jsonl", data("twarc.jsonl") + "junk\n");
    for (stored, arguments) in [
        ("", "import twarc mixed.jsonl --data elsewhere"),
        ("", "import twarc mixed.jsonl"),
        ("", "import twarc mixed.jsonl --on-conflict keep"),
        ("", "import native native.ndjson --on-conflict replace"),
        ("import twarc twarc.jsonl", "import native native.ndjson"),
        ("", "import native native.ndjson --on-conflict replace"),
    ] {
        if !stored.is_empty() {
            place.ok(stored);
        }
        let (names, before) = (place.names(), place.ok("export users"));
        let dry = place.run(&format!("{arguments} --dry-run"));
        assert_eq!(place.names(), names, "{arguments}");
        assert_eq!(place.ok("export users"), before, "{arguments}");
        let copy = Place::with_files();
        copy.write("mixed.jsonl", place.read("mixed.jsonl"));
        copy.write("before.ndjson", &before);
        copy.ok("import native before.ndjson");
        let real = copy.run(arguments);
        let dry_out = dry.out.strip_prefix("dry run: nothing was changed; this is what would be\n");
        assert_eq!((dry.code, dry_out), (real.code, Some(real.out.as_str())), "{arguments}");
    }
}

#[test]
fn the_rule_decides_between_a_file_and_what_is_known() {
    for (rule, name) in [("newer", "New"), ("keep", "Old"), ("replace", "New")] {
        assert_eq!(name_after(rule, "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"), name, "{rule}");
    }
    for (rule, name) in [("newer", "Old"), ("keep", "Old"), ("replace", "New")] {
        assert_eq!(name_after(rule, "2021-01-01T00:00:00Z", "2020-01-01T00:00:00Z"), name, "{rule}");
    }
}

/// The name of a user after two imports.
fn name_after(rule: &str, first: &str, second: &str) -> String {
    let place = Place::new();
    for (name, time) in [("Old", first), ("New", second)] {
        place.write("user", format!("{{\"user\":{{\"id\":\"1\",\"username\":\"one\",\"name\":\"{name}\"}}}}\n"));
        place.ok(&format!("import native user --observed-at {time} --on-conflict {rule}"));
    }
    let line: serde_json::Value = serde_json::from_str(&place.ok("user get one")).unwrap();
    line["user"]["name"].as_str().unwrap().to_owned()
}

#[test]
fn the_time_of_the_file_counts_where_nothing_else_says_when() {
    let place = Place::new();
    place.write("user", users(1));
    let modified = UNIX_EPOCH + Duration::from_millis(1_600_000_000_123);
    File::options().write(true).open(place.path("user")).unwrap().set_modified(modified).unwrap();
    place.ok("import native user");
    assert!(place.ok("user get user1").contains("\"observed_at\":\"2020-09-13T12:26:40.123Z\""));
}

#[test]
fn a_username_that_passes_on_is_told() {
    let place = Place::with_data();
    let out = place.ok("import twarc twarc.jsonl");
    assert!(out.contains("usernames that passed to another user: 1\n  @bob of 12 is now @_c\n"), "{out}");
}
