//! What is read from files of follows, and what is said of those that cannot be.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use formats::edges::{Column, EdgeReader, Layout, PRESETS, Reads, write_pair};
use model::UserId;
use proptest::prelude::*;

/// The pairs of a text, or what is wrong with it.
fn read(layout: Layout, text: &str) -> Result<Vec<(u64, u64)>, String> {
    let mut pairs = Vec::new();
    let mut reader = EdgeReader::new(layout);
    let read = reader.read(text.as_bytes(), |follower, followed| pairs.push((follower.get(), followed.get())));
    read.map(|()| pairs).map_err(|error| error.to_string())
}

fn of_preset(name: &str) -> Layout {
    PRESETS.iter().find(|preset| preset.name == name).unwrap().layout()
}

fn of_columns(columns: [&str; 2]) -> Layout {
    let column = |text: &str| text.parse().map_or(Column::Name(text.to_owned()), Column::Number);
    Layout::of_pairs(Reads::Follows, Some(columns.map(column)))
}

#[test]
fn each_data_set_is_read_in_its_direction() {
    let lines = [
        ("snap-ego", "214328887 34428380\n17116707 28465635\n", [(214328887, 34428380), (17116707, 28465635)]),
        ("kwak", "12\t13\n12\t14\n", [(13, 12), (14, 12)]),
        ("law", "0\t2997469\r\n0\t1", [(2997469, 0), (1, 0)]),
        ("mpi", "1 2\n1 3\n", [(1, 2), (1, 3)]),
        ("konect", "% asym unweighted\n% 2 3 3\n1 2\n1 3 1 1249000000\n", [(1, 2), (1, 3)]),
        ("higgs", "1 2 \n\n 1  3\n", [(1, 2), (1, 3)]),
    ];
    assert_eq!(lines.len(), PRESETS.len());
    for (name, text, pairs) in lines {
        assert_eq!(read(of_preset(name), text).unwrap(), pairs, "{name}");
    }
}

#[test]
fn columns_are_found_by_number_and_by_name() {
    let csv = "when,follower,\"the \"\"followed\"\"\",note\n1,\"12\",13,\"a, b\"\n2, 14 ,15,\n";
    let pairs = vec![(12, 13), (14, 15)];
    assert_eq!(read(of_columns(["2", "3"]), csv).unwrap(), pairs);
    assert_eq!(read(of_columns(["follower", "the \"followed\""]), csv).unwrap(), pairs);
    assert_eq!(read(of_columns(["3", "2"]), csv).unwrap(), [(13, 12), (15, 14)]);
    assert_eq!(read(of_columns(["2", "1"]), "7 8\n").unwrap(), [(8, 7)]);
    for separator in [";", "|", "\t", ","] {
        let text = format!("\u{feff}source{separator}target\n1{separator}2\n");
        assert_eq!(read(Layout::of_pairs(Reads::FollowedBy, None), &text).unwrap(), [(2, 1)]);
    }
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let pairs = || Layout::of_pairs(Reads::Follows, None);
    let cases = [
        (pairs(), "1 2\n3 bob\n", r#"line 2 is "3 bob": "bob" is no id, which has 1 to 19 digits"#),
        (pairs(), "1 2\n3 -4\n", r#"line 2 is "3 -4": "-4" is no id"#),
        (pairs(), "1,12345678901234567890\n", r#""12345678901234567890" is no id"#),
        (pairs(), "name one\nname two\n", r#"line 2 is "name two": "name" is no id"#),
        (pairs(), "# none\n1 2 3\n", r#"line 2 is "1 2 3": it has 3 columns; name the two"#),
        (pairs(), "12\n", "two ids are expected, in two columns"),
        (of_columns(["from", "1"]), "from,to\n1,2\n", "both ids are said to be in column 1"),
        (pairs(), "1,\"2\n", "a quotation mark is not closed"),
        (of_preset("higgs"), "1 2 1\n", "it has 3 columns"),
        (of_preset("mpi"), "from to\n1 2\n", r#"line 1 is "from to": "from" is no id"#),
        (of_columns(["1", "5"]), "1,2\n", "it has 2 columns and --columns names column 5"),
        (of_columns(["from", "to"]), "1,2\n", r#"it names no column "from""#),
    ];
    for (layout, text, expected) in cases {
        let said = read(layout, text).unwrap_err();
        assert!(said.contains(expected), "{said}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_wherever_it_is_cut(
        pairs in prop::collection::vec((0u64..10_000_000_000_000_000_000, 0u64..100), 1..50),
        separator in prop::sample::select(b" \t,;".to_vec()),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut text = Vec::new();
        let id = UserId::new;
        pairs.iter().for_each(|(one, other)| write_pair(id(*one), id(*other), separator, &mut text));
        let ends: Vec<usize> = (1..=text.len()).filter(|end| text[end - 1] == b'\n').collect();
        let (before, after) = text.split_at(*cut.get(&ends));
        let mut found = Vec::new();
        let mut reader = EdgeReader::new(Layout::of_pairs(Reads::Follows, None));
        for part in [before, after] {
            reader.read(part, |one, other| found.push((one.get(), other.get()))).unwrap();
        }
        prop_assert_eq!(found, pairs);
    }

    #[test]
    fn no_text_is_a_panic(text in "[0-9a,;\"\\t #%\\n\\r-]{0,200}", columns in any::<bool>()) {
        let layout = if columns { of_columns(["2", "x"]) } else { Layout::of_pairs(Reads::Follows, None) };
        let _ = read(layout, &text);
    }
}
