//! What the database `meta` says of the store: which files are the segments, and
//! which generations of the log came after them.

use super::segment::{FileKind, FileRef, Files};

/// One state of the store on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manifest {
    /// The oldest generation of the log that is not merged.
    pub(super) first_generation: u64,
    /// The generation that takes new rows.
    pub(super) generation: u64,
    /// The number of the first row of the oldest generation.
    pub(super) first_row: u64,
    /// The number for the files of the next merge. Numbers are never given again.
    pub(super) next_file: u64,
    pub(super) files: Files,
}

/// The manifest of format 1, which knew neither segments nor a second generation.
const FORMAT_1: usize = 16;
/// Numbers of a manifest. That of format 2 knew no lists, that of format 3 no orders, that of
/// format 4 no heads.
const NUMBERS: usize = 4 + 2 * FileKind::COUNT;
const NUMBERS_OF_FORMAT_2: usize = 4 + 2 * FileKind::Following as usize;
const NUMBERS_OF_FORMAT_3: usize = 4 + 2 * FileKind::UsernameOrder as usize;
const NUMBERS_OF_FORMAT_4: usize = 4 + 2 * FileKind::UserHeads as usize;

impl Manifest {
    pub(super) fn first() -> Self {
        Self { first_generation: 0, generation: 0, first_row: 0, next_file: 1, files: Files::default() }
    }

    /// Numbers of 8 bytes, and their checksum. A file that is not there has length 0.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut numbers = vec![self.first_generation, self.generation, self.first_row, self.next_file];
        for (kind, _) in FileKind::ALL {
            let FileRef { number, length } = self.files.get(kind).unwrap_or(FileRef { number: 0, length: 0 });
            numbers.extend([number, length]);
        }
        let mut bytes: Vec<u8> = numbers.into_iter().flat_map(u64::to_le_bytes).collect();
        bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (body, checksum) = bytes.split_last_chunk::<4>()?;
        if u32::from_le_bytes(*checksum) != crc32c::crc32c(body) {
            return None;
        }
        let numbers: Vec<u64> = body.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect();
        match *numbers.as_slice() {
            [generation, first_row] if body.len() == FORMAT_1 => {
                Some(Self { first_generation: generation, generation, first_row, ..Self::first() })
            }
            [first_generation, generation, first_row, next_file, ref files @ ..]
                if [NUMBERS_OF_FORMAT_2, NUMBERS_OF_FORMAT_3, NUMBERS_OF_FORMAT_4, NUMBERS]
                    .contains(&numbers.len()) =>
            {
                let mut named = Files::default();
                for ((kind, _), file) in FileKind::ALL.into_iter().zip(files.as_chunks::<2>().0) {
                    let [number, length] = *file;
                    if length > 0 {
                        named.set(kind, FileRef { number, length });
                    }
                }
                Some(Self { first_generation, generation, first_row, next_file, files: named })
            }
            _ => None,
        }
    }

    /// The generations that are not merged, the oldest first.
    pub(super) fn generations(&self) -> impl DoubleEndedIterator<Item = u64> + use<> {
        self.first_generation..=self.generation
    }
}

const DATABASE: &str = "log-";

/// The name of the database that holds a generation of the log.
pub(super) fn database(generation: u64) -> String {
    format!("{DATABASE}{generation}")
}

/// The generation that a database holds, if it holds one.
pub(super) fn generation_of(database: &str) -> Option<u64> {
    database.strip_prefix(DATABASE)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Their files are the first of those that there are now.
    #[test]
    fn manifests_of_earlier_formats_name_their_files() {
        for (numbers, last) in [
            (NUMBERS_OF_FORMAT_2, FileKind::TweetIds),
            (NUMBERS_OF_FORMAT_3, FileKind::ListExceptions),
            (NUMBERS_OF_FORMAT_4, FileKind::NameOrder),
        ] {
            let mut manifest = Manifest { first_generation: 1, generation: 1, ..Manifest::first() };
            manifest.files.set(last, FileRef { number: 7, length: 4096 });
            let mut bytes = manifest.encode();
            bytes.truncate(8 * numbers);
            bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
            assert_eq!(Manifest::decode(&bytes), Some(manifest));
        }
    }

    #[test]
    fn manifests_come_back_and_damaged_ones_do_not() {
        let mut manifest = Manifest { first_generation: 3, generation: 4, first_row: 99, ..Manifest::first() };
        manifest.files.set(FileKind::UserIds, FileRef { number: 7, length: 4096 });
        let bytes = manifest.encode();
        assert_eq!(Manifest::decode(&bytes), Some(manifest));
        for place in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[place] ^= 4;
            assert_eq!(Manifest::decode(&damaged), None);
        }
    }
}
