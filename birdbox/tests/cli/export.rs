//! `birdbox export`, and what it is for: coming back.

use std::fs;

use crate::place::{Place, data};

#[test]
fn what_is_exported_comes_back_byte_for_byte() {
    let place = Place::with_data();
    assert_eq!(place.ok("export users"), data("native.ndjson"), "native lines are lossless");
    place.ok("import twarc twarc.jsonl");
    place.ok("import v1 v1.jsonl");
    place.ok("export users -o first.ndjson");
    assert_eq!(
        place.ok("import native first.ndjson --data copy").lines().next(),
        Some("users: 6 new, 0 changed, 0 unchanged")
    );
    place.ok("export users -o second.ndjson --data copy");
    assert_eq!(place.read("first.ndjson"), place.read("second.ndjson"));
}

#[test]
fn a_file_appears_whole_and_replaces_what_was_there() {
    let place = Place::with_data();
    let before = place.names();
    place.write("out.ndjson", "old");
    std::os::unix::fs::symlink("out.ndjson", place.path("link.ndjson")).unwrap();
    assert_eq!(place.ok("export users -o link.ndjson"), "");
    assert_eq!(place.read("out.ndjson"), data("native.ndjson"));
    assert!(place.path("link.ndjson").is_symlink());
    assert_eq!(place.ok("export users -o -"), data("native.ndjson"));
    assert_eq!(place.ok("export users -o /dev/stdout"), data("native.ndjson"));
    assert_eq!(place.names(), [before, vec!["link.ndjson".to_owned(), "out.ndjson".to_owned()]].concat().tap_sorted());
}

#[test]
fn nothing_is_made_where_there_is_nothing() {
    let place = Place::new();
    assert_eq!(place.run("export users").complaint().0, 2);
    fs::create_dir(place.path("birdbox-data")).unwrap();
    assert_eq!(place.run("export users").complaint().0, 2);
    assert_eq!(fs::read_dir(place.path("birdbox-data")).unwrap().count(), 0);
}

trait Sorted {
    fn tap_sorted(self) -> Self;
}

impl Sorted for Vec<String> {
    fn tap_sorted(mut self) -> Self {
        self.sort();
        self
    }
}
