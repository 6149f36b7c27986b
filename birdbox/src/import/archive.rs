//! Reads the archive that X makes of the data of an account, from its zip file alone.
//!
//! Nothing is unpacked to the disk, and only the files that the manifest names for the
//! profile and the two lists are read at all.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;

use formats::LineError;
use formats::archive::{Account, Part, read_list, read_manifest};
use model::Observation;
use store::Edge;
use zip::ZipArchive;
use zip::result::ZipError;

use super::input::{InputError, Source};

/// What an archive says.
#[derive(Debug)]
pub struct Archive {
    /// The account and its profile.
    pub observation: Observation,
    /// Its follows and those of its followers, oldest first.
    pub edges: Vec<Edge>,
}

/// The most bytes that a file of an archive may have: some three million followers.
const MAX_FILE: u64 = 512 << 20;

/// No list is packed better than this; what is, was made to fill memory.
const MAX_RATIO: u64 = 100;

/// Files below this size may have any ratio, in bytes.
const ANY_RATIO: u64 = 1 << 20;

const MANIFEST: &str = "data/manifest.js";

type Zip = ZipArchive<BufReader<File>>;

impl Archive {
    /// Reads the archive in the file `path`.
    ///
    /// # Errors
    /// [`InputError`] when it is none, holds a path that leads out of it, or unpacks to more than it may.
    pub fn read(path: &Path) -> Result<Self, InputError> {
        let source = Source::File(path.to_owned());
        source.check()?;
        let unreadable = |reason| InputError::Unreadable { input: source.clone(), reason };
        let file = File::open(path).map_err(unreadable)?;
        read(file).map_err(|reason| InputError::Archive { input: source, reason })
    }
}

fn read(file: File) -> Result<Archive, String> {
    let mut zip = ZipArchive::new(BufReader::new(file))
        .map_err(|error| format!("cannot be read as a zip file ({error}); give the archive as it was downloaded"))?;
    check_paths(&zip)?;
    let manifest = unpack(&mut zip, MANIFEST)?;
    let manifest = read_manifest(&manifest).map_err(in_file(MANIFEST))?;
    let mut account = Account::new(&manifest);
    let (mut followers, mut following) = (Vec::new(), Vec::new());
    for (part, name) in &manifest.files {
        let text = unpack(&mut zip, name)?;
        match part {
            Part::Account => account.add_account(&text).map_err(in_file(name))?,
            Part::Profile => account.add_profile(&text).map_err(in_file(name))?,
            Part::Followers => followers.extend(read_list(&text).map_err(in_file(name))?),
            Part::Following => following.extend(read_list(&text).map_err(in_file(name))?),
        }
    }
    // No document says in which order they stand; elsewhere X puts the newest first.
    let own = manifest.account;
    let followed = following.into_iter().rev().map(|followed| (own, followed));
    let edges = followed.chain(followers.into_iter().rev().map(|follower| (follower, own))).collect();
    Ok(Archive { observation: account.observation(), edges })
}

/// Refuses archives whose paths lead elsewhere: they were made to do harm.
fn check_paths(zip: &Zip) -> Result<(), String> {
    for name in zip.file_names_raw() {
        let leads_out = name.starts_with(b"/")
            || name.contains(&b'\\')
            || name.split(|byte| *byte == b'/').any(|component| component == b"..");
        if leads_out {
            let name = String::from_utf8_lossy(name);
            return Err(format!(
                "holds the path {name:?}, which leads out of it; give the archive as it was downloaded"
            ));
        }
    }
    Ok(())
}

fn unpack(zip: &mut Zip, name: &str) -> Result<Vec<u8>, String> {
    let file = zip.by_name(name).map_err(|error| match error {
        ZipError::FileNotFound if name == MANIFEST => {
            format!("holds no {MANIFEST}; give an archive as X has made them since 2019")
        }
        ZipError::FileNotFound => format!("names {name} and does not hold it; download it again"),
        error => format!("{name} cannot be unpacked ({error}); download it again"),
    })?;
    let most = MAX_FILE.min(ANY_RATIO.max(file.compressed_size().saturating_mul(MAX_RATIO)));
    let mut text = Vec::new();
    let read = file.take(most + 1).read_to_end(&mut text);
    read.map_err(|error| format!("{name} cannot be unpacked ({error}); download it again"))?;
    if text.len() as u64 > most {
        return Err(format!("{name} unpacks to more than {most} bytes, which no archive of X does; download it again"));
    }
    Ok(text)
}

fn in_file(name: &str) -> impl Fn(LineError) -> String {
    move |error| format!("{name} cannot be read: {error}")
}
