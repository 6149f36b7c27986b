//! Pages of lists as API v1.1 shows them: who stands on them, and then where the neighbours are.

use super::user::{V1User, V1View, write_v1_users};
use crate::page_token::Cursor;
use crate::render::Meta;

/// What the rest of a page takes, in bytes.
const ROOM: usize = 160;
/// What an id takes at the most, with its quotes and its comma.
const ID_ROOM: usize = 22;

/// Appends a page of ids, as numbers or as strings.
pub fn write_v1_ids(ids: impl Iterator<Item = u64>, as_strings: bool, meta: Meta, out: &mut Vec<u8>) {
    out.reserve(ids.size_hint().1.unwrap_or_default() * ID_ROOM + ROOM);
    out.extend_from_slice(b"{\"ids\":[");
    let (before, between): (&[u8], &[u8]) = if as_strings { (b"\"", b"\",\"") } else { (b"", b",") };
    let mut separator = before;
    let mut digits = itoa::Buffer::new();
    let mut is_empty = true;
    for id in ids {
        out.extend_from_slice(separator);
        out.extend_from_slice(digits.format(id).as_bytes());
        separator = between;
        is_empty = false;
    }
    if !is_empty {
        out.extend_from_slice(before);
    }
    write_neighbours(meta, out);
}

/// Appends a page of users.
pub fn write_v1_list<'a>(users: impl IntoIterator<Item = V1User<'a>>, view: &V1View, meta: Meta, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"users\":");
    write_v1_users(users, view, out);
    // The bracket is written with the neighbours.
    out.pop();
    write_neighbours(meta, out);
}

/// observed: 0 where there is no neighbour, and a `total_count` that is never told.
fn write_neighbours(meta: Meta, out: &mut Vec<u8>) {
    out.push(b']');
    for (name, cursor) in [("next_cursor", meta.next), ("previous_cursor", meta.previous)] {
        let cursor = cursor.map_or(0, Cursor::number);
        for (end, quote) in [("", ""), ("_str", "\"")] {
            out.extend_from_slice(b",\"");
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(end.as_bytes());
            out.extend_from_slice(b"\":");
            out.extend_from_slice(quote.as_bytes());
            out.extend_from_slice(itoa::Buffer::new().format(cursor).as_bytes());
            out.extend_from_slice(quote.as_bytes());
        }
    }
    out.extend_from_slice(b",\"total_count\":null}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Place;

    fn page(ids: &[u64], as_strings: bool, meta: Meta) -> String {
        let mut out = Vec::new();
        write_v1_ids(ids.iter().copied(), as_strings, meta, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_page_of_ids_is_as_recorded() {
        let alone = Meta { next: None, previous: None };
        assert_eq!(
            page(&[15_772_978, 145_336_962], false, alone),
            r#"{"ids":[15772978,145336962],"next_cursor":0,"next_cursor_str":"0","previous_cursor":0,"previous_cursor_str":"0","total_count":null}"#
        );
        let inner = Meta { next: Some(Cursor::of(Place::Below(5))), previous: Some(Cursor::of(Place::Above(6))) };
        assert_eq!(
            page(&[7, 8], true, inner),
            r#"{"ids":["7","8"],"next_cursor":7,"next_cursor_str":"7","previous_cursor":-8,"previous_cursor_str":"-8","total_count":null}"#
        );
        assert!(page(&[], true, alone).starts_with("{\"ids\":[],"));
        assert!(page(&[1], true, alone).starts_with("{\"ids\":[\"1\"],"));
    }
}
