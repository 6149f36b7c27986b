//! Follows in Parquet files: what is read, what is refused and how, and what is written.

use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::RowAccessor as _;
use parquet::schema::parser::parse_message_type;

use crate::import::gzip;
use crate::place::Place;

/// The values of a column, with gaps where there is none.
enum Values {
    Wide(Vec<i64>),
    Narrow(Vec<i32>),
    Text(Vec<&'static str>),
    Double(Vec<f64>),
    Gaps(Vec<Option<i64>>),
    Lists(Vec<i64>),
}

use Values::{Double, Gaps, Lists, Narrow, Text, Wide};

/// A file with these columns, whose rows are all in one group.
fn table(columns: &[(&str, Values)], properties: WriterProperties) -> Vec<u8> {
    let schema: String = columns.iter().map(|(column, _)| format!("{column};")).collect();
    let schema = parse_message_type(&format!("message table {{ {schema} }}")).unwrap();
    let mut file = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)).unwrap();
    let mut group = file.next_row_group().unwrap();
    for (_, values) in columns {
        let mut column = group.next_column().unwrap().unwrap();
        match values {
            Wide(values) => column.typed::<Int64Type>().write_batch(values, None, None),
            Narrow(values) => column.typed::<Int32Type>().write_batch(values, None, None),
            Double(values) => column.typed::<DoubleType>().write_batch(values, None, None),
            Text(values) => {
                let values: Vec<_> = values.iter().map(|text| ByteArray::from(*text)).collect();
                column.typed::<ByteArrayType>().write_batch(&values, None, None)
            }
            Gaps(values) => {
                let levels: Vec<_> = values.iter().map(|value| i16::from(value.is_some())).collect();
                let values: Vec<_> = values.iter().flatten().copied().collect();
                column.typed::<Int64Type>().write_batch(&values, Some(&levels), None)
            }
            Lists(values) => {
                let (levels, repeated) = (vec![1; values.len()], vec![0; values.len()]);
                column.typed::<Int64Type>().write_batch(values, Some(&levels), Some(&repeated))
            }
        }
        .unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    file.into_inner().unwrap()
}

fn plain() -> WriterProperties {
    WriterProperties::builder().build()
}

#[test]
fn ids_are_read_from_whole_numbers_and_text_however_they_are_packed() {
    let place = Place::new();
    let wide = || Wide(vec![7, 7, 3]);
    let columns = || [("required int64 a", wide()), ("required int64 b", Wide(vec![3, 1, 7]))];
    let packed = |packing| WriterProperties::builder().set_compression(packing).build();
    let delta = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::DELTA_BINARY_PACKED)
        .build();
    let files = [
        table(&columns(), plain()),
        table(&columns(), delta),
        table(&columns(), packed(Compression::SNAPPY)),
        table(&columns(), packed(Compression::GZIP(GzipLevel::default()))),
        table(&columns(), packed(Compression::ZSTD(ZstdLevel::default()))),
        table(&columns(), packed(Compression::LZ4_RAW)),
        table(&[("required int32 a", Narrow(vec![7, 7, 3])), ("required int64 b", Wide(vec![3, 1, 7]))], plain()),
        table(
            &[
                ("required binary a (STRING)", Text(vec!["7", " 7", "3"])),
                ("optional int64 b", Gaps(vec![Some(3), Some(1), Some(7)])),
            ],
            plain(),
        ),
    ];
    for (number, file) in files.into_iter().enumerate() {
        place.write("follows.parquet", file);
        let said = place.ok(&format!("import edges follows.parquet --direction follows --yes --data {number}"));
        assert!(said.starts_with("7 follows 3\n7 follows 1\n3 follows 7\n3 follows are new"), "{number}: {said}");
    }
    place.ok("import edges follows.parquet --direction followed-by --columns b,a --yes --data turned");
    assert_eq!(place.ok("export edges --data turned"), place.ok("export edges --data 0"));
}

#[test]
fn every_id_there_may_be_is_read_and_no_other() {
    let place = Place::new();
    let largest = 9_999_999_999_999_999_999_u64.cast_signed();
    let unsigned = |value| {
        let columns =
            [("required int64 a (integer(64,false))", Wide(vec![1, value])), ("required int64 b", Wide(vec![2, 3]))];
        table(&columns, plain())
    };
    place.write("largest", unsigned(largest));
    let said = place.ok("import edges largest --direction follows --yes");
    assert!(said.contains("9999999999999999999 follows 3\n"), "{said}");
    place.write("larger", unsigned(largest + 1));
    let narrow = |column| table(&[(column, Narrow(vec![1, -1])), ("required int64 b", Wide(vec![2, 3]))], plain());
    place.write("narrow", narrow("required int32 a (integer(32,false))"));
    assert!(place.ok("import edges narrow --direction follows --yes").contains("4294967295 follows 3"));
    place.write("negative", narrow("required int32 a"));
    place.write(
        "words",
        table(&[("required binary a", Text(vec!["1", "alice"])), ("required int64 b", Wide(vec![2, 3]))], plain()),
    );
    let before = place.ok("export edges");
    for (file, text) in [("larger", "10000000000000000000"), ("negative", "-1"), ("words", "alice")] {
        let said = place.run(&format!("import edges {file} --direction follows --yes"));
        let expected =
            format!("{file}: row 2, column a: \"{text}\" is no id, which has 1 to 19 digits; name the columns");
        let (code, line) = said.complaint();
        assert!(code == 2 && line.starts_with(&expected) && line.ends_with("nothing was loaded"), "{line}");
    }
    assert_eq!(place.ok("export edges"), before);
}

#[test]
fn what_holds_no_follows_is_refused_with_advice() {
    let place = Place::new();
    let ids = || ("required int64 b", Wide(vec![2, 3]));
    let of = |column, values| table(&[(column, values), ids()], plain());
    let whole = of("required int64 a", Wide(vec![1, 2]));
    let three = [("required int64 a", Wide(vec![1, 2])), ids(), ("required int64 c", Wide(vec![2, 3]))];
    for (name, bytes) in [
        ("double", of("required double a", Double(vec![1.0, 2.0]))),
        ("gaps", of("optional int64 a", Gaps(vec![Some(1), None]))),
        ("time", of("required int64 a (timestamp(NANOS,true))", Wide(vec![1, 2]))),
        ("lists", of("repeated int64 a", Lists(vec![1, 2]))),
        ("three", table(&three, plain())),
        ("single", table(&[ids()], plain())),
        ("none", table(&[("required int64 a", Wide(Vec::new())), ("required int64 b", Wide(Vec::new()))], plain())),
        ("cut", whole[..whole.len() - 20].to_vec()),
        ("tail", [b"PAR1".as_slice(), &whole[whole.len() - 100..]].concat()),
        ("head", b"PAR1".to_vec()),
        ("packed", gzip(std::str::from_utf8(b"PAR1 and more").unwrap())),
        ("secret", b"PARE and more".to_vec()),
    ] {
        place.write(name, bytes);
    }
    place.write("whole", &whole);
    let cases = [
        ("double", "double: column a holds DOUBLE; ids are read from whole numbers and from text: name other columns"),
        ("gaps", "gaps: row 2 has no value in column a; leave such rows out"),
        ("time", "time: column a holds Timestamp; ids are read from whole numbers"),
        ("lists", "lists: column a holds lists or groups; ids are read from whole numbers"),
        ("three", "three: its columns are a, b, c: it has 3 columns; name the two that hold ids"),
        ("three --columns a,d", "three: its columns are a, b, c: it names no column \"d\"; name two that it names"),
        ("three --columns b,2", "three: its columns are a, b, c: both ids are said to be in column 2; name two"),
        ("three --columns 1,4", "three: its columns are a, b, c: it has 3 columns and --columns names column 4"),
        ("single", "single: its columns are b: two ids are expected, in two columns"),
        ("none", "none: holds no rows; leave it out"),
        ("cut", "cut: cannot be read as a Parquet file ("),
        ("tail", "tail: cannot be read as a Parquet file ("),
        ("head", "head: cannot be read as a Parquet file ("),
        ("packed", "packed: holds a Parquet file, packed once more; unpack it first"),
        ("secret", "secret: is an encrypted Parquet file; write it again plainly"),
        ("whole three", "three: its columns are"),
    ];
    for (files, expected) in cases {
        let said = place.run(&format!("import edges {files} --direction follows --yes"));
        let (code, line) = said.complaint();
        assert!(code == 2 && line.starts_with(expected) && line.ends_with("nothing was loaded"), "{files}: {line}");
    }
    let piped = place.pipe(&whole, "import edges - --direction follows --yes");
    assert!(
        piped
            .complaint()
            .1
            .starts_with("standard input: is a Parquet file, which is read from its end; name the file in place of -"),
        "{piped:?}"
    );
    let users = place.run("import native whole");
    assert!(users.err.contains("whole: is a Parquet file; only follows are read from those"), "{users:?}");
    assert!(place.ok("import edges three --columns a,c --direction follows --yes").contains("2 follows are new"));
}

#[test]
fn text_and_parquet_come_in_one_command_and_rows_are_counted_to_the_one_that_is_wrong() {
    let place = Place::new();
    let count = 70_000;
    let file = |last: i64| {
        let mut ids: Vec<i64> = (1..=count).collect();
        ids[66_000] = last;
        table(&[("required int64 a", Wide(ids)), ("required int64 b", Wide(vec![1; count as usize]))], plain())
    };
    place.write("right", file(66_001));
    place.write("wrong", file(-5));
    place.write("text", "80000,80001\n");
    let said = place.ok("import edges text right --direction follows --yes");
    assert!(said.contains("70001 follows are new"), "{said}");
    let said = place.run("import edges text wrong --direction follows --yes");
    assert!(said.complaint().1.starts_with("wrong: row 66001, column a: \"-5\" is no id"), "{said:?}");
}

/// Some of them end the process that decodes them, others would fill the disk or lose rows.
#[test]
fn a_file_that_is_made_to_do_harm_does_none() {
    let place = Place::new();
    for (name, expected) in [
        // It has 5,000 groups, one in the other.
        ("nested", "its columns are g.g.g."),
        // In 213 bytes.
        ("bomb", "says that it holds 2147483647 rows, more than fit its size; leave it out"),
        ("dictionary", "cannot be read as a Parquet file (it is not what it says of itself); check"),
        ("no_dictionary", "cannot be read as a Parquet file (it is not what it says of itself); check"),
        ("negative", "cannot be read as a Parquet file (it is not what it says of itself); check"),
        ("too_few", "cannot be read as a Parquet file (column a has more or fewer values than there are rows); check"),
        ("uneven", "cannot be read as a Parquet file (column b has more or fewer values than there are rows); check"),
    ] {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/data/parquet");
        let said = place.run(&format!("import edges {path}/{name}.parquet --direction follows --yes"));
        let (code, line) = said.complaint();
        assert!(code == 2 && line.contains(&format!("{name}.parquet: {expected}")), "{name}: {line}");
        assert!(line.len() < 1000 && line.ends_with("nothing was loaded"), "{name}: {line}");
    }
    assert!(!place.names().contains(&"data".to_owned()), "{:?}", place.names());
}

/// Formats without checksums cannot tell damage from data; what must not be is a panic that is shown, or half a file.
#[test]
fn a_damaged_file_is_read_whole_or_not_at_all() {
    let place = Place::new();
    let rows = 3000;
    let ids = |from: i64| Wide((from..from + rows).collect());
    let whole = table(&[("required int64 a", ids(1)), ("required int64 b", ids(500_000))], plain());
    let edges = |data: usize| place.ok(&format!("export edges --data {data}")).lines().count() - 1;
    let mut refused = 0;
    let places = (0..whole.len()).step_by(whole.len() / 30).chain((whole.len() - 300..whole.len()).step_by(13));
    for (number, at) in places.enumerate() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (number % 8);
        place.write("flipped", bytes);
        let said = place.run(&format!("import edges flipped --direction follows --yes --data {number}"));
        assert_eq!(said.err.lines().count(), usize::from(said.code != 0), "{at}: {}", said.err);
        match said.code {
            // Two rows may have become one.
            0 => assert!((1..=rows as usize).contains(&edges(number)), "{at}"),
            2 => refused += 1,
            code => panic!("{at}: {code}: {}", said.err),
        }
    }
    assert!(refused > 5, "{refused}");
}

#[test]
fn what_is_written_has_every_follow_in_its_order() {
    let place = Place::new();
    let mut file = File::create(place.path("pairs")).unwrap();
    for number in 0..140_000 {
        writeln!(file, "{} {}", number / 100, 1_000_000_000_000_000_000_u64 + number * 7919 % 300_007).unwrap();
    }
    place.ok("import edges pairs --direction follows --yes");
    place.ok("export edges --format parquet -o follows.parquet");
    let read = SerializedFileReader::new(File::open(place.path("follows.parquet")).unwrap()).unwrap();
    assert_eq!(read.num_row_groups(), 2);
    let rows = read.get_row_iter(None).unwrap().map(|row| {
        let row = row.unwrap();
        format!("{},{}", row.get_ulong(0).unwrap(), row.get_ulong(1).unwrap())
    });
    let csv = place.ok("export edges");
    assert!(rows.eq(csv.lines().skip(1).map(str::to_owned)));
    place.ok("import edges follows.parquet --direction follows --yes --data copy");
    assert_eq!(place.ok("export edges --data copy"), csv);
    place.ok("export edges --format parquet --of 5 -o one");
    let said = place.ok("import edges one --direction follows --yes --data one-user");
    assert!(said.contains("100 follows are new"), "{said}");
}
