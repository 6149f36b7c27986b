//! The `entities` of a user: URLs alone, from the entities of API v2.

use super::scan::{items, member, members};
use super::text::transcode;

/// Appends `,"entities":{…}`, from a whole object of API v2. The part of the profile's URL is there
/// where it has one.
pub(super) fn write(has_url: bool, entities: Option<&[u8]>, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"entities\":{");
    let part = |name| member(entities?, name).and_then(|part| member(part, "urls"));
    if has_url {
        write_part("\"url\":{\"urls\":[", part("url"), out);
        out.push(b',');
    }
    write_part("\"description\":{\"urls\":[", part("description"), out);
    out.push(b'}');
}

fn write_part(name: &str, urls: Option<&[u8]>, out: &mut Vec<u8>) {
    out.extend_from_slice(name.as_bytes());
    for (at, url) in urls.into_iter().flat_map(items).enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_url(url, out);
    }
    out.extend_from_slice(b"]}");
}

/// `start` and `end` are `indices` here, and stand at the end; both count code points.
pub(super) fn write_url(url: &[u8], out: &mut Vec<u8>) {
    let [mut start, mut end, mut short, mut expanded, mut display] = [None; 5];
    for (name, value) in members(url) {
        match name {
            b"start" => start = Some(value),
            b"end" => end = Some(value),
            b"url" => short = Some(value),
            b"expanded_url" => expanded = Some(value),
            b"display_url" => display = Some(value),
            _ => {}
        }
    }
    let text = [("{\"url\":", short), (",\"expanded_url\":", expanded), (",\"display_url\":", display)];
    for (name, value) in text {
        out.extend_from_slice(name.as_bytes());
        transcode(value.unwrap_or(b"null"), out);
    }
    out.extend_from_slice(b",\"indices\":[");
    out.extend_from_slice(start.unwrap_or(b"0"));
    out.push(b',');
    out.extend_from_slice(end.unwrap_or(b"0"));
    out.extend_from_slice(b"]}");
}
