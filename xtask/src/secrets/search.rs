//! Looks for many texts at once in all files of a folder.

use std::fs;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use anyhow::{Context as _, Result};

use super::Secret;
use super::forms::FORMS;

/// The key of a data directory has to lie there, in this file and in backups of it.
const KEY_FILE: &str = "secret.key";
const KEY: &str = "key file";

/// Texts to look for.
pub(super) struct Search<'a> {
    machine: AhoCorasick,
    /// For each pattern its secret and the name of its form.
    patterns: Vec<(usize, &'static str)>,
    secrets: &'a [Secret],
}

/// What was searched.
#[derive(Debug, Default)]
pub(super) struct Searched<'a> {
    pub(super) files: usize,
    pub(super) bytes: u64,
    pub(super) found: Vec<Found<'a>>,
}

/// A secret that was found.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub(super) secret: usize,
    pub(super) kind: &'a str,
    pub(super) form: &'static str,
    pub(super) file: PathBuf,
    pub(super) offset: usize,
}

impl<'a> Search<'a> {
    pub(super) fn new(secrets: &'a [Secret]) -> Result<Self> {
        let (mut texts, mut patterns) = (Vec::<Vec<u8>>::new(), Vec::new());
        for (at, secret) in secrets.iter().enumerate() {
            let first = texts.len();
            for form in FORMS {
                for text in (form.write)(&secret.text) {
                    // What looks the same in two forms is sought once.
                    if !texts.iter().skip(first).any(|known| *known == text) {
                        texts.push(text);
                        patterns.push((at, form.name));
                    }
                }
            }
        }
        Ok(Self { machine: AhoCorasick::new(&texts)?, patterns, secrets })
    }

    /// Searches a folder and all below it.
    pub(super) fn folder(&self, folder: &Path) -> Result<Searched<'a>> {
        let mut searched = Searched::default();
        let mut waiting = vec![folder.to_owned()];
        while let Some(folder) = waiting.pop() {
            let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
            for entry in entries {
                let entry = entry?;
                // Sockets and links lead to nothing that is not searched anyway.
                match entry.file_type()? {
                    kind if kind.is_dir() => waiting.push(entry.path()),
                    kind if kind.is_file() => self.file(&entry.path(), &mut searched)?,
                    _ => {}
                }
            }
        }
        Ok(searched)
    }

    fn file(&self, path: &Path, searched: &mut Searched<'a>) -> Result<()> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        searched.files += 1;
        searched.bytes += bytes.len() as u64;
        let is_key_file = path.file_name().is_some_and(|name| name == KEY_FILE);
        for found in self.machine.find_overlapping_iter(&bytes) {
            let pattern = self.patterns.get(found.pattern().as_usize()).copied();
            let Some((secret, form)) = pattern else { continue };
            let Some(Secret { kind, text }) = self.secrets.get(secret) else { continue };
            let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
            let is_part = is_number && is_within_number(&bytes, found.start(), found.end());
            if is_part || (is_key_file && kind == KEY) {
                continue;
            }
            let (file, offset) = (path.to_owned(), found.start());
            searched.found.push(Found { secret, kind, form, file, offset });
        }
        Ok(())
    }
}

/// Whether digits go on: a PIN is no part of a longer number.
fn is_within_number(bytes: &[u8], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    [before, bytes.get(end)].into_iter().flatten().any(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(secrets: &[(&str, &str)], name: &str, text: &[u8]) -> Vec<String> {
        let secrets = secrets.iter().map(|(kind, text)| Secret { kind: (*kind).to_owned(), text: (*text).to_owned() });
        let secrets: Vec<_> = secrets.collect();
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("below");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(name), text).unwrap();
        let searched = Search::new(&secrets).unwrap().folder(place.path()).unwrap();
        assert_eq!((searched.files, searched.bytes), (1, text.len() as u64));
        searched.found.iter().map(|found| format!("{} {} {}", found.kind, found.form, found.offset)).collect()
    }

    #[test]
    fn secrets_are_found_where_they_are_and_nowhere_else() {
        let secrets = [("token", "abcdefgh/12345"), ("pin", "1234567")];
        assert_eq!(found(&secrets, "log", b"xx abcdefgh/12345 "), ["token in clear 3"]);
        assert_eq!(found(&secrets, "log", b"abcdefgh%2F12345"), ["token percent-encoded 0"]);
        assert_eq!(found(&secrets, "log", b"a 1234567."), ["pin in clear 2"]);
        assert!(found(&secrets, "log", b"91234567 12345678 abcdefgh").is_empty());
    }

    #[test]
    fn a_key_may_lie_in_its_own_file_alone() {
        let digits = "41".repeat(32);
        let secrets = [(KEY, digits.as_str())];
        assert!(found(&secrets, KEY_FILE, &[0x41; 32]).is_empty());
        assert_eq!(found(&secrets, "data.mdb", &[0x41; 32]), ["key file decoded 0"]);
        assert_eq!(found(&secrets, "log", digits.as_bytes()), ["key file in clear 0"]);
    }
}
