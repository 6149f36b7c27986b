//! Reads two columns of ids from Parquet files, some rows after the other.
//!
//! Such a file says at its end where everything is, so that it has to be a file and no pipe.

use std::fmt;
use std::fs::File;
use std::path::Path;

use formats::edges::{EdgeProblem, Layout};
use model::UserId;
use parquet::basic::{Compression, ConvertedType, LogicalType, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::file::reader::{FileReader as _, RowGroupReader, SerializedFileReader};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};

use super::Edges;

/// Rows that are read at a time.
const ROWS: usize = 1 << 16;

/// No follows are packed better than this; what is, was made to fill a disk. Small files may hold so many rows
/// in any way.
const ROWS_OF_A_BYTE: u64 = 64;
const ANY_ROWS: u64 = 1 << 20;

/// So many names of columns are told in an error, and so many characters of each.
const NAMED: usize = 10;
const SHOWN: usize = 80;

/// Gives the two ids of all rows, in their order, with how many rows of how many are done, until `give` wants
/// no more. A file that is damaged, or made to do harm, may end it with a panic, or the process.
///
/// # Errors
/// What is wrong with the file, and what to do.
pub(super) fn read(path: &Path, layout: &Layout, mut give: impl FnMut(Edges, u64, u64) -> bool) -> Result<(), String> {
    let file = File::open(path).map_err(|error| format!("cannot be read ({error}); check the path"))?;
    let bytes = file.metadata().map_or(0, |about| about.len());
    let reader = SerializedFileReader::new(file).map_err(damaged)?;
    let about = reader.metadata();
    let columns = choose(about.file_metadata().schema_descr(), layout)?;
    let rows = about.row_groups().iter().try_fold(0, |rows: u64, group| {
        rows.checked_add(u64::try_from(group.num_rows()).ok()?).filter(|rows| i64::try_from(*rows).is_ok())
    });
    let rows = rows.filter(|rows| i64::try_from(*rows) == Ok(about.file_metadata().num_rows()));
    let rows = rows.ok_or_else(|| damaged("its numbers of rows disagree"))?;
    if rows == 0 {
        return Err("holds no rows; leave it out".to_owned());
    }
    if rows > ANY_ROWS && rows / ROWS_OF_A_BYTE > bytes {
        return Err(format!("says that it holds {rows} rows, more than fit its size; leave it out"));
    }
    let mut done = 0;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(damaged)?;
        let [mut one, mut other] = [Ids::open(&*group, &columns[0])?, Ids::open(&*group, &columns[1])?];
        let end = done + u64::try_from(group.metadata().num_rows()).unwrap_or_default();
        while done < end {
            let count = usize::try_from(end - done).unwrap_or(ROWS).min(ROWS);
            let edges = one.read(count, done)?.into_iter().zip(other.read(count, done)?).collect();
            done += count as u64;
            if !give(edges, done, rows) {
                return Ok(());
            }
        }
        one.end(done)?;
        other.end(done)?;
    }
    Ok(())
}

pub(super) fn damaged(reason: impl fmt::Display) -> String {
    let reason = reason.to_string();
    let reason = reason.strip_prefix("Parquet error: ").unwrap_or(&reason);
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
        let names: Vec<_> = names.iter().take(NAMED).map(|name| shown(name)).collect();
        format!("its columns are {}{more}: {problem}", names.join(", "))
    };
    let [first, second] = layout.places(&names).map_err(of_columns)?;
    let column = |at: usize| {
        let column = columns.get(at).ok_or_else(|| damaged("a column is missing"))?;
        let name = shown(&column.path().string());
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
    use ConvertedType as Converted;
    if column.max_rep_level() > 0 || column.path().parts().len() > 1 {
        return Err("lists or groups".to_owned());
    }
    let (physical, logical) = (column.physical_type(), column.logical_type_ref());
    let is_signed = match (logical, column.converted_type()) {
        (Some(LogicalType::Integer(integer)), _) => Some(integer.is_signed),
        (Some(_), _) => None,
        (None, Converted::UINT_8 | Converted::UINT_16 | Converted::UINT_32 | Converted::UINT_64) => Some(false),
        (None, Converted::NONE | Converted::INT_8 | Converted::INT_16 | Converted::INT_32 | Converted::INT_64) => {
            Some(true)
        }
        (None, _) => None,
    };
    let is_text = matches!(logical, None | Some(LogicalType::String | LogicalType::Enum | LogicalType::Json))
        && column.converted_type() != Converted::DECIMAL;
    match (physical, is_signed, logical) {
        (Type::INT32 | Type::INT64, Some(is_signed), _) => Ok(Kind::Whole { is_signed }),
        (Type::BYTE_ARRAY, _, _) if is_text => Ok(Kind::Text),
        // Its first word is the name; what follows are units and such.
        (_, _, Some(logical)) => Err(shown(format!("{logical:?}").split(['(', ' ', '{']).next().unwrap_or_default())),
        (_, _, None) => Err(match column.converted_type() {
            Converted::NONE => physical.to_string(),
            converted => converted.to_string(),
        }),
    }
}

/// A name that the file gives, as it stands in an error.
fn shown(name: &str) -> String {
    let end = name.char_indices().nth(SHOWN).map_or(name.len(), |(end, _)| end);
    name.get(..end).unwrap_or_default().to_owned()
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
        let about = group.metadata().columns().get(column.at).ok_or_else(|| damaged("a column is missing"))?;
        let (name, packing) = (&column.name, about.compression());
        let packing = match packing {
            Compression::BROTLI(_) => Some("brotli"),
            Compression::LZO => Some("LZO"),
            _ => None,
        };
        if let Some(packing) = packing {
            return Err(format!(
                "column {name} is packed with {packing}; write it again with snappy, gzip, zstd or lz4"
            ));
        }
        if about.num_values() != group.metadata().num_rows() {
            return Err(damaged(format!("column {name} has more or fewer values than there are rows")));
        }
        let values = match (group.get_column_reader(column.at).map_err(damaged)?, column.kind) {
            (ColumnReader::Int32ColumnReader(reader), Kind::Whole { .. }) => Values::Narrow(Typed::of(reader)),
            (ColumnReader::Int64ColumnReader(reader), Kind::Whole { .. }) => Values::Wide(Typed::of(reader)),
            (ColumnReader::ByteArrayColumnReader(reader), Kind::Text) => Values::Text(Typed::of(reader)),
            _ => return Err(damaged("a column changes its type")),
        };
        Ok(Self { column, values })
    }

    /// Nothing comes after the last row.
    fn end(&mut self, rows: u64) -> Result<(), String> {
        let more = match &mut self.values {
            Values::Narrow(typed) => typed.more(1),
            Values::Wide(typed) => typed.more(1),
            Values::Text(typed) => typed.more(1),
        };
        if more? > 0 {
            return Err(damaged(format!("column {} goes on after row {rows}", self.column.name)));
        }
        Ok(())
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
    let id = u64::try_from(number).ok().and_then(|number| UserId::from_number(number).ok());
    id.ok_or_else(|| number.to_string())
}

impl<T: DataType> Typed<T> {
    fn of(reader: ColumnReaderImpl<T>) -> Self {
        Self { reader, values: Vec::new(), levels: Vec::new() }
    }

    /// Reads up to `count` rows; how many there were.
    fn more(&mut self, count: usize) -> Result<usize, String> {
        self.values.clear();
        self.levels.clear();
        let read = self.reader.read_records(count, Some(&mut self.levels), None, &mut self.values);
        Ok(read.map_err(damaged)?.0)
    }

    /// `id` gives the text of what is none.
    fn read(
        &mut self,
        count: usize,
        before: u64,
        name: &str,
        id: impl Fn(&T::T) -> Result<UserId, String>,
    ) -> Result<Vec<UserId>, String> {
        let rows = self.more(count)?;
        if rows < count {
            return Err(damaged(format!("column {name} ends after row {}", before + rows as u64)));
        }
        let values = self.values.len();
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
