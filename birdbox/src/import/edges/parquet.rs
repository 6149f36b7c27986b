//! Reads follows from Parquet files: two columns of ids, some rows after the other.
//!
//! Such a file says at its end where everything is, so that it has to be a file and no pipe.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use formats::edges::{EdgeProblem, Layout, Reads};
use model::UserId;
use parquet::basic::{Compression, ConvertedType, LogicalType, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::{FileReader as _, RowGroupReader, SerializedFileReader};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};

use super::Edges;
use crate::import::Progress;

/// What such a file begins with.
pub(in crate::import) const MAGIC: &[u8] = b"PAR1";

/// Rows that are read at a time.
const ROWS: usize = 1 << 16;

/// So many names of columns are told in an error.
const NAMED: usize = 20;

/// Whether it is a Parquet file. Nothing is taken from a pipe, where it would be missing afterwards.
pub(super) fn is_one(path: &Path) -> bool {
    let mut head = [0; MAGIC.len()];
    let is_file = path.metadata().is_ok_and(|about| about.is_file());
    is_file && File::open(path).is_ok_and(|mut file| file.read_exact(&mut head).is_ok()) && head == *MAGIC
}

/// Gives the follows of all rows, in their order, until `give` wants no more.
///
/// # Errors
/// What is wrong with the file, and what to do.
pub(super) fn read(
    path: &Path,
    layout: &Layout,
    progress: &Progress,
    mut give: impl FnMut(Edges) -> bool,
) -> Result<(), String> {
    // The library checks most of what it reads; what it does not may end in a panic, which must not look like the end
    // of the file.
    catch_unwind(AssertUnwindSafe(|| read_rows(path, layout, progress, &mut give)))
        .unwrap_or_else(|_| Err(damaged("it is not what its metadata says")))
}

fn read_rows(
    path: &Path,
    layout: &Layout,
    progress: &Progress,
    give: &mut impl FnMut(Edges) -> bool,
) -> Result<(), String> {
    let unreadable = |error: std::io::Error| format!("cannot be read ({error}); check the path");
    let file = File::open(path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    let reader = SerializedFileReader::new(file).map_err(damaged)?;
    let about = reader.metadata();
    let columns = choose(about.file_metadata().schema_descr(), layout)?;
    let rows = about.row_groups().iter().try_fold(0, |rows: u64, group| {
        rows.checked_add(u64::try_from(group.num_rows()).ok()?).filter(|rows| i64::try_from(*rows).is_ok())
    });
    let rows = rows.filter(|rows| i64::try_from(*rows) == Ok(about.file_metadata().num_rows()));
    let rows = rows.ok_or_else(|| damaged("its numbers of rows disagree"))?;
    if rows == 0 {
        return Err("holds no rows; check that it was written to its end".to_owned());
    }
    let (mut done, mut counted) = (0, 0);
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(damaged)?;
        let [mut one, mut other] = [Ids::open(&*group, &columns[0])?, Ids::open(&*group, &columns[1])?];
        let end = done + u64::try_from(group.metadata().num_rows()).unwrap_or_default();
        while done < end {
            let count = usize::try_from(end - done).unwrap_or(ROWS).min(ROWS);
            let (firsts, seconds) = (one.read(count, done)?, other.read(count, done)?);
            let pairs = firsts.into_iter().zip(seconds);
            let edges = match layout.reads {
                Reads::Follows => pairs.collect(),
                Reads::FollowedBy => pairs.map(|(first, second)| (second, first)).collect(),
            };
            if !give(edges) {
                return Ok(());
            }
            done += count as u64;
            // Other columns are not read, so the rows tell how far it is.
            let reached = u64::try_from(u128::from(bytes) * u128::from(done) / u128::from(rows)).unwrap_or(bytes);
            progress.passed(reached - counted);
            counted = reached;
        }
    }
    Ok(())
}

fn damaged(reason: impl fmt::Display) -> String {
    format!("cannot be read as a Parquet file ({reason}); check that it was written to its end")
}

/// A column of ids.
struct Column {
    /// Its place, from 0.
    at: usize,
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Of 32 or 64 bits.
    Whole {
        is_signed: bool,
    },
    Text,
}

/// The two columns, or why there are none.
fn choose(schema: &SchemaDescriptor, layout: &Layout) -> Result<[Column; 2], String> {
    let columns = schema.columns();
    let names: Vec<_> = columns.iter().map(|column| column.path().string()).collect();
    let of_columns = |problem: EdgeProblem| {
        let more = if names.len() > NAMED { " and others" } else { "" };
        let names: Vec<_> = names.iter().take(NAMED).map(String::as_str).collect();
        format!("its columns are {}{more}: {problem}", names.join(", "))
    };
    let [first, second] = layout.places(&names).map_err(of_columns)?;
    let column = |at: usize| {
        let column = columns.get(at).ok_or_else(|| damaged("a column is missing"))?;
        let name = column.path().string();
        match kind(column) {
            Ok(kind) => Ok(Column { at, name, kind }),
            Err(held) => Err(format!(
                "column {name} holds {held}; ids are read from whole numbers and from text: name other columns with \
                 --columns, or write this one as int64"
            )),
        }
    };
    Ok([column(first)?, column(second)?])
}

/// How ids stand in a column, or what it holds instead.
fn kind(column: &ColumnDescriptor) -> Result<Kind, String> {
    if column.max_rep_level() > 0 || column.path().parts().len() > 1 {
        return Err("lists or groups".to_owned());
    }
    let (is_whole, is_signed) = match (column.logical_type_ref(), column.converted_type()) {
        (Some(LogicalType::Integer(integer)), _) => (true, integer.is_signed),
        (None, ConvertedType::UINT_32 | ConvertedType::UINT_64) => (true, false),
        (None, ConvertedType::NONE | ConvertedType::INT_32 | ConvertedType::INT_64) => (true, true),
        _ => (false, true),
    };
    match column.physical_type() {
        Type::INT32 | Type::INT64 if is_whole => Ok(Kind::Whole { is_signed }),
        Type::BYTE_ARRAY if !matches!(column.converted_type(), ConvertedType::DECIMAL) => Ok(Kind::Text),
        other => Err(match column.converted_type() {
            ConvertedType::NONE => other.to_string(),
            converted => converted.to_string(),
        }),
    }
}

/// The ids of a column in a row group.
struct Ids<'c> {
    column: &'c Column,
    values: Values,
}

enum Values {
    Narrow(Typed<Int32Type>),
    Wide(Typed<Int64Type>),
    Text(Typed<ByteArrayType>),
}

struct Typed<T: DataType> {
    reader: ColumnReaderImpl<T>,
    values: Vec<T::T>,
    /// Of a row that has no value, 0.
    levels: Vec<i16>,
}

impl<'c> Ids<'c> {
    fn open(group: &dyn RowGroupReader, column: &'c Column) -> Result<Self, String> {
        let packing = group.metadata().columns().get(column.at).map(ColumnChunkMetaData::compression);
        if let Some(packing @ (Compression::BROTLI(_) | Compression::LZO)) = packing {
            return Err(format!(
                "column {} is packed with {packing}; write it again with snappy, gzip, zstd or lz4",
                column.name
            ));
        }
        let values = match (group.get_column_reader(column.at).map_err(damaged)?, column.kind) {
            (ColumnReader::Int32ColumnReader(reader), Kind::Whole { .. }) => Values::Narrow(Typed::of(reader)),
            (ColumnReader::Int64ColumnReader(reader), Kind::Whole { .. }) => Values::Wide(Typed::of(reader)),
            (ColumnReader::ByteArrayColumnReader(reader), Kind::Text) => Values::Text(Typed::of(reader)),
            _ => return Err(damaged("a column changes its type")),
        };
        Ok(Self { column, values })
    }

    /// Those of the next `count` rows, which come after `before` others.
    fn read(&mut self, count: usize, before: u64) -> Result<Vec<UserId>, String> {
        let name = &self.column.name;
        let is_signed = self.column.kind != Kind::Whole { is_signed: false };
        match &mut self.values {
            Values::Narrow(typed) => typed.read(count, before, name, |value| {
                id(if is_signed { i128::from(*value) } else { value.cast_unsigned().into() })
            }),
            Values::Wide(typed) => typed.read(count, before, name, |value| {
                id(if is_signed { i128::from(*value) } else { value.cast_unsigned().into() })
            }),
            Values::Text(typed) => typed.read(count, before, name, |value| {
                let text = value.data().trim_ascii();
                UserId::from_ascii(text).map_err(|_| String::from_utf8_lossy(text).into_owned())
            }),
        }
    }
}

/// The id that a number is, or the text of what is none.
fn id(number: i128) -> Result<UserId, String> {
    let id = u64::try_from(number).ok().map(UserId::new).filter(|id| *id <= UserId::MAX);
    id.ok_or_else(|| number.to_string())
}

impl<T: DataType> Typed<T> {
    fn of(reader: ColumnReaderImpl<T>) -> Self {
        Self { reader, values: Vec::new(), levels: Vec::new() }
    }

    /// `id` gives the text of what is none.
    fn read(
        &mut self,
        count: usize,
        before: u64,
        name: &str,
        id: impl Fn(&T::T) -> Result<UserId, String>,
    ) -> Result<Vec<UserId>, String> {
        self.values.clear();
        self.levels.clear();
        let read = self.reader.read_records(count, Some(&mut self.levels), None, &mut self.values);
        let (rows, values, _) = read.map_err(damaged)?;
        if rows < count {
            return Err(damaged(format!("column {name} ends after row {}", before + rows as u64)));
        }
        if values < count {
            let row = self.levels.iter().position(|level| *level == 0).unwrap_or(values) as u64;
            return Err(format!("row {} has no value in column {name}; leave such rows out", before + row + 1));
        }
        let numbered = (before + 1..).zip(&self.values);
        let ids = numbered.map(|(row, value)| {
            id(value).map_err(|text| format!("row {row}, column {name}: {}", EdgeProblem::no_id(text.as_bytes())))
        });
        ids.collect()
    }
}
