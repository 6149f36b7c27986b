//! `birdbox generate`, and that what it writes can be imported.

use crate::place::Place;

#[test]
fn the_same_seed_gives_the_same_bytes_and_a_larger_run_begins_with_a_smaller() {
    let place = Place::new();
    let thousand = place.ok("generate users --users 1000 --seed 5");
    assert_eq!(thousand.lines().count(), 1000);
    assert_eq!(place.ok("generate users --users 1000 --seed 5 -o -"), thousand);
    assert!(place.ok("generate users --users 2500 --seed 5").starts_with(&thousand));
    assert_ne!(place.ok("generate users --users 1000"), thousand);
    assert_eq!(place.ok("generate users --users 1000 --seed 5 -o users.ndjson"), "");
    assert_eq!(place.read("users.ndjson"), thousand);
    assert_eq!(place.names(), ["users.ndjson"]);
}

#[test]
fn what_is_generated_is_imported_whole() {
    let place = Place::new();
    place.ok("generate users --users 3000 --posts -o users.ndjson");
    let lines = place.read("users.ndjson");
    let posts = lines.lines().filter(|line| line.starts_with(r#"{"tweet":"#)).count();
    assert!(posts > 300, "{posts}");
    let said = place.ok("import native users.ndjson");
    assert_eq!(said, format!("users: 3000 new, 0 changed, 0 unchanged\nposts: {posts} new, 0 changed, 0 unchanged\n"));
}
