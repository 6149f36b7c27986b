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

#[test]
fn a_graph_is_two_files_that_the_same_seed_gives_again() {
    let place = Place::new();
    assert_eq!(place.ok("generate graph --users 2000 --mean-degree 5 --seed 9 -o one"), "");
    place.ok("generate graph --users 2000 --mean-degree 5 --seed 9 -o other");
    place.ok("generate graph --users 2000 --mean-degree 5 --seed 8 -o third");
    let follows = place.read("one/follows.txt");
    assert_eq!(place.read("other/follows.txt"), follows);
    assert_eq!(place.read("other/users.ndjson"), place.read("one/users.ndjson"));
    assert_ne!(place.read("third/follows.txt"), follows);
    let edges = follows.lines().filter(|line| !line.starts_with('#')).count();
    assert!((9800..10_200).contains(&edges), "{edges}");
    assert!(place.read("one/users.ndjson").lines().all(|line| line.contains(r#""synthetic":true"#)));
}

#[test]
fn a_graph_that_cannot_be_is_refused_before_a_file_is_made() {
    let place = Place::new();
    let few = place.run("generate graph --users 200 --mean-degree 10 -o graph");
    let said = "--users: a mean degree of 10 needs at least 500 users; give more of them";
    assert_eq!(few.complaint(), (2, said));
    let nowhere = place.run("generate graph --users 2000 --mean-degree 10 -o no/graph");
    assert_eq!(nowhere.complaint().0, 2);
    assert_eq!(place.names(), [""; 0]);
}
