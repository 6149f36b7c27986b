//! The files that programs for graphs read.

use std::io::Write as _;

use formats::edges::write_pair;
use parquet::errors::ParquetError;
use store::Edge;

use super::parquet::Table;

/// The forms in which follows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum EdgeForm {
    /// follower_id,followed_id and a line of names before
    Csv,
    /// Two ids with a tab between, and comments before, as SNAP has them
    Snap,
    /// Parquet, packed with zstd: the columns follower_id and followed_id
    Parquet,
    /// GraphML, with usernames
    Graphml,
    /// GEXF 1.3, with usernames
    Gexf,
}

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct Form {
    form: EdgeForm,
    /// Edges of GEXF are numbered.
    edges: u64,
    /// Of Parquet alone.
    table: Option<Table>,
}

impl Form {
    pub(crate) fn new(form: EdgeForm) -> Result<Self, ParquetError> {
        let table = if form == EdgeForm::Parquet { Some(Table::new()?) } else { None };
        Ok(Self { form, edges: 0, table })
    }

    /// Whether users stand before the follows.
    pub(crate) fn has_users(&self) -> bool {
        matches!(self.form, EdgeForm::Graphml | EdgeForm::Gexf)
    }

    pub(crate) fn begin(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(match self.form {
            EdgeForm::Csv => b"follower_id,followed_id\n",
            EdgeForm::Snap => b"# Follows: the first follows the second\n# FollowerId\tFollowedId\n",
            EdgeForm::Parquet => b"",
            EdgeForm::Graphml => b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                  <graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n\
                  <key id=\"username\" for=\"node\" attr.name=\"username\" attr.type=\"string\"/>\n\
                  <graph edgedefault=\"directed\">\n"
                .as_slice(),
            EdgeForm::Gexf => {
                b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                  <gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n\
                  <graph defaultedgetype=\"directed\">\n<nodes>\n"
            }
        });
    }

    /// A user, whose username has no character that XML wants escaped.
    pub(crate) fn user(&self, id: u64, username: &str, out: &mut Vec<u8>) {
        // Writing to a Vec cannot fail; so below.
        let _ = match self.form {
            EdgeForm::Csv | EdgeForm::Snap | EdgeForm::Parquet => Ok(()),
            EdgeForm::Graphml => writeln!(out, "<node id=\"{id}\"><data key=\"username\">{username}</data></node>"),
            EdgeForm::Gexf => writeln!(out, "<node id=\"{id}\" label=\"{username}\"/>"),
        };
    }

    pub(crate) fn begin_edges(&self, out: &mut Vec<u8>) {
        if self.form == EdgeForm::Gexf {
            out.extend_from_slice(b"</nodes>\n<edges>\n");
        }
    }

    pub(crate) fn edge(&mut self, edge: Edge, out: &mut Vec<u8>) -> Result<(), ParquetError> {
        if let Some(table) = &mut self.table {
            return table.push(edge, out);
        }
        let (follower, followed) = edge;
        let number = self.edges;
        self.edges += 1;
        let _ = match self.form {
            EdgeForm::Csv => {
                write_pair(follower, followed, b',', out);
                Ok(())
            }
            EdgeForm::Snap => {
                write_pair(follower, followed, b'\t', out);
                Ok(())
            }
            EdgeForm::Parquet => Ok(()),
            EdgeForm::Graphml => writeln!(out, "<edge source=\"{follower}\" target=\"{followed}\"/>"),
            EdgeForm::Gexf => writeln!(out, "<edge id=\"{number}\" source=\"{follower}\" target=\"{followed}\"/>"),
        };
        Ok(())
    }

    pub(crate) fn end(&mut self, out: &mut Vec<u8>) -> Result<(), ParquetError> {
        if let Some(table) = self.table.take() {
            return table.end(out);
        }
        out.extend_from_slice(match self.form {
            EdgeForm::Csv | EdgeForm::Snap | EdgeForm::Parquet => b"".as_slice(),
            EdgeForm::Graphml => b"</graph>\n</graphml>\n",
            EdgeForm::Gexf => b"</edges>\n</graph>\n</gexf>\n",
        });
        Ok(())
    }
}
