//! Follows as a Parquet file: two columns of unsigned numbers, in groups of rows that are packed with zstd.

use std::mem;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::Int64Type;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use store::Edge;

/// The columns, named as in the form `csv`.
const SCHEMA: &str = "message follows {
    required int64 follower_id (integer(64, false));
    required int64 followed_id (integer(64, false));
}";

/// Rows of a group. Larger ones hardly pack better, and a server packs one between two requests.
const ROWS: usize = 1 << 17;

/// What is written to the file about its maker.
const MAKER: &str = concat!("birdbox version ", env!("CARGO_PKG_VERSION"));

/// A file that is being made.
#[derive(Debug)]
pub(super) struct Table {
    file: SerializedFileWriter<Vec<u8>>,
    followers: Vec<i64>,
    followed: Vec<i64>,
}

impl Table {
    pub(super) fn new() -> Result<Self, ParquetError> {
        let packing = Compression::ZSTD(ZstdLevel::default());
        let properties = WriterProperties::builder().set_compression(packing).set_created_by(MAKER.to_owned()).build();
        let file = SerializedFileWriter::new(Vec::new(), Arc::new(parse_message_type(SCHEMA)?), Arc::new(properties))?;
        Ok(Self { file, followers: Vec::with_capacity(ROWS), followed: Vec::with_capacity(ROWS) })
    }

    pub(super) fn push(&mut self, (follower, followed): Edge, out: &mut Vec<u8>) -> Result<(), ParquetError> {
        self.followers.push(follower.get().cast_signed());
        self.followed.push(followed.get().cast_signed());
        if self.followers.len() == ROWS { self.write_group(out) } else { Ok(()) }
    }

    /// Writes the rows that are left, and where everything is.
    pub(super) fn end(mut self, out: &mut Vec<u8>) -> Result<(), ParquetError> {
        if !self.followers.is_empty() {
            self.write_group(out)?;
        }
        out.append(&mut self.file.into_inner()?);
        Ok(())
    }

    fn write_group(&mut self, out: &mut Vec<u8>) -> Result<(), ParquetError> {
        let mut group = self.file.next_row_group()?;
        for values in [&mut self.followers, &mut self.followed] {
            if let Some(mut column) = group.next_column()? {
                column.typed::<Int64Type>().write_batch(values, None, None)?;
                column.close()?;
            }
            values.clear();
        }
        group.close()?;
        // What the writer still holds back of it comes with the next, or with the end.
        out.append(&mut mem::take(self.file.inner_mut()));
        Ok(())
    }
}
