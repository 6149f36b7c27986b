//! `birdbox import edges`, what it refuses, and that `birdbox export edges` gives back what was
//! loaded.

use std::fs::{self, File};

use crate::import::{gzip, zstd};
use crate::place::Place;

/// What every successful load says at its end.
fn end(new: u64, known: u64, stubs: u64) -> String {
    format!("{new} follows are new, {known} were there, {stubs} users became stubs\n")
}

#[test]
fn the_first_follows_are_shown_as_sentences_and_all_are_loaded() {
    let place = Place::with_data();
    place.write("pairs.txt.gz", gzip("11 12\n12 2244994945\n99 11\n11 99\n"));
    let said = place.ok("import edges pairs.txt.gz --preset snap-ego --yes");
    let (sentences, summary) = said.split_once("follows are").unwrap();
    assert_eq!(sentences.lines().count(), 4, "{said}");
    assert!(sentences.starts_with("11 (@alice) follows 12 (@bob)\n12 (@bob) follows 2244994945\n"), "{said}");
    assert!(sentences.contains("\n99 follows 11 (@alice)\n"), "{said}");
    assert!(summary.contains("new, 0 were there"), "{said}");
    assert!(place.ok("import edges pairs.txt.gz --preset snap-ego --yes").ends_with(&end(0, 4, 0)));
    // Of these only 11 and 99 follow each other.
    assert!(place.ok("import edges pairs.txt.gz --direction followed-by --yes").ends_with(&end(2, 2, 0)));
}

#[test]
fn exported_follows_come_back_in_their_order() {
    let place = Place::new();
    let pairs = "7 3\n7 1\n3 7\n7 2\n1 3\n";
    place.write("pairs.zst", zstd(pairs));
    assert!(place.ok("import edges pairs.zst --direction follows --yes").ends_with(&end(5, 0, 4)));
    let csv = place.ok("export edges");
    assert!(csv.starts_with("follower_id,followed_id\n") && csv.lines().count() == 6, "{csv}");
    let of_seven: Vec<_> = csv.lines().filter(|line| line.starts_with("7,")).collect();
    assert_eq!(of_seven, ["7,3", "7,1", "7,2"]);
    for form in ["csv", "snap", "parquet"] {
        place.ok(&format!("export edges --format {form} -o out"));
        place.ok(&format!("import edges out --direction follows --yes --data {form}"));
        assert_eq!(place.ok(&format!("export edges --data {form}")), csv);
    }
    assert_eq!(place.ok("export edges --of 3"), "follower_id,followed_id\n3,7\n7,3\n1,3\n");
    assert_eq!(place.run("export edges --of 4").complaint().0, 2);
}

#[test]
fn programs_for_graphs_get_users_with_their_names() {
    let place = Place::with_data();
    place.write("pairs", "11,12\n");
    place.ok("import edges pairs --direction follows --yes");
    let graphml = place.ok("export edges --format graphml");
    assert!(graphml.contains("<node id=\"11\"><data key=\"username\">alice<"), "{graphml}");
    assert!(graphml.ends_with("<edge source=\"11\" target=\"12\"/>\n</graph>\n</graphml>\n"), "{graphml}");
    let gexf = place.ok("export edges --format gexf --of 12");
    assert_eq!(gexf.matches("<node id=").count(), 2, "{gexf}");
    assert!(gexf.ends_with("<edge id=\"0\" source=\"11\" target=\"12\"/>\n</edges>\n</graph>\n</gexf>\n"), "{gexf}");
}

#[test]
fn nothing_is_loaded_unasked() {
    let place = Place::new();
    place.write("pairs", "214328887 34428380\n");
    let said = place.run("import edges pairs --direction follows");
    assert_eq!(said.out, "214328887 follows 34428380\n");
    let (code, line) = said.complaint();
    assert_eq!(code, 2);
    assert!(line.starts_with("--yes: there is no terminal to ask on"), "{line}");
    assert_eq!(place.names(), ["pairs"]);
}

#[test]
fn a_file_that_cannot_be_read_loads_nothing() {
    let place = Place::with_data();
    let many: String = (0..200_000).map(|number| format!("{number} 5\n")).collect();
    let packed = gzip(&many);
    fs::create_dir(place.path("folder")).unwrap();
    File::create(place.path("sparse")).unwrap().set_len(1 << 40).unwrap();
    place.write("tail", "1 2\n");
    File::options().append(true).open(place.path("tail")).unwrap().set_len(1 << 40).unwrap();
    for (name, bytes) in [
        ("cut.gz", packed[..packed.len() - 100].to_vec()),
        ("names", b"follower,followed\nalice,bob\n".to_vec()),
        ("late", format!("{many}1 12345678901234567890\n").into_bytes()),
        ("wide", b"a,b,c\n1,2,3\n".to_vec()),
        ("one", b"1\n".to_vec()),
        ("comments", b"# nothing\n".to_vec()),
        ("endless.gz", gzip(&"1".repeat(3 << 20))),
        ("archive.zip", b"PK\x03\x04rest".to_vec()),
        ("first", b"1 2\n".to_vec()),
    ] {
        place.write(name, bytes);
    }
    let cases = [
        ("cut.gz", "cut.gz: the file ends too early after line "),
        ("names", "names: line 2 is \"alice,bob\": \"alice\" is no id, which has 1 to 19 digits; name the columns"),
        ("late", "late: line 200001 is \"1 12345678901234567890\": \"12345678901234567890\" is no id"),
        ("wide", "wide: line 1 is \"a,b,c\": it has 3 columns; name the two that hold ids"),
        ("one", "one: line 1 is \"1\": two ids are expected, in two columns"),
        ("wide --columns 1,4", "wide: line 1 is \"a,b,c\": it has 3 columns and --columns names column 4"),
        ("wide --columns a,1", "wide: line 1 is \"a,b,c\": both ids are said to be in column 1; name two columns"),
        ("wide --columns a,d", "wide: line 1 is \"a,b,c\": it names no column \"d\""),
        ("comments", "comments: holds comments and no follows"),
        ("endless.gz", "endless.gz: line 1 is longer than 1 MiB"),
        ("archive.zip", "archive.zip: is packed with zip; unpack it first"),
        ("folder", "folder: is a directory; name the files in it"),
        ("sparse", "sparse: holds binary data; give a file of text"),
        ("tail", "tail: holds binary data; give a file of text"),
        ("first late", "late: line 200001 is"),
        ("first first", "FILE: first is named twice"),
    ];
    for (files, expected) in cases {
        let said = place.run(&format!("import edges {files} --direction follows --yes"));
        let line = said.err.strip_prefix("birdbox: ").unwrap();
        assert_eq!((said.code, line.lines().count()), (2, 1), "{files}: {line}");
        assert!(line.starts_with(expected), "{files}: {line}");
    }
    assert_eq!(place.ok("export edges"), "follower_id,followed_id\n");
}
