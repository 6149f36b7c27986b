//! What the ledger promises: exact windows, nonces that are never fresh twice, and that
//! neither is forgotten when a process is killed or the power fails.

mod nonces;
mod random;
mod windows;

use std::fs;
use std::path::Path;

use model::{AppId, Timestamp, UserId};
use store::{BootId, Bucket, Freshness, Ledger, LedgerOptions, LedgerStart, Nonce, OpenError, Store, Subject};
use tempfile::TempDir;

use crate::support;

/// The first second of these tests, late enough that windows from before it can be.
const START: i64 = 1_700_000_000;
const BOOT: &str = "0a1b2c3d-0000-4000-8000-000000000001";
const NEXT_BOOT: &str = "0a1b2c3d-0000-4000-8000-000000000002";
/// Sizes at which nothing is ever full here, and sizes of one set.
const ROOMY: LedgerOptions = LedgerOptions { windows: 4096, nonces: 4096 };
const TINY: LedgerOptions = LedgerOptions { windows: 1, nonces: 1 };

/// The seconds after [`START`].
fn at(seconds: i64) -> Timestamp {
    support::at(START + seconds)
}

fn bucket(app: u64) -> Bucket {
    Bucket::new("getUsersById", Subject::App(AppId::new(app)))
}

fn user_bucket(user: u64) -> Bucket {
    Bucket::new("getUsersById", Subject::User(UserId::new(user)))
}

/// A directory with a ledger.
struct Place {
    dir: TempDir,
    store: Store,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = support::open(dir.path());
        Self { dir, store }
    }

    fn file(&self) -> std::path::PathBuf {
        self.dir.path().join("ledger")
    }

    fn try_open(&self, options: LedgerOptions, boot: Option<&str>, now: Timestamp) -> Result<Ledger, OpenError> {
        let boot = boot.map(|boot| BootId::parse(boot).unwrap());
        Ledger::open(self.store.data_dir(), &options, &LedgerStart { now, boot, random: || [7; 32] })
    }

    fn open(&self, options: LedgerOptions, boot: &str, now: Timestamp) -> Ledger {
        self.try_open(options, Some(boot), now).unwrap()
    }

    /// A place as this one would be, if every process were killed now.
    fn killed(&self) -> Self {
        let place = Self::new();
        fs::copy(self.file(), place.file()).unwrap();
        place
    }
}

fn note(ledger: &Ledger, nonce: &str, timestamp: i64, now: Timestamp) -> Freshness {
    let nonce = Nonce { consumer_key: "key", token: "12-token", nonce, timestamp: START + timestamp };
    ledger.note_nonce(&nonce, now)
}

#[test]
fn a_ledger_belongs_to_one_process() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    assert!(matches!(place.try_open(ROOMY, Some(BOOT), at(0)), Err(OpenError::Locked { .. })));
    drop(ledger);
    drop(place.open(ROOMY, BOOT, at(0)));
}

#[test]
fn the_file_has_all_its_blocks_from_the_beginning() {
    use std::os::unix::fs::MetadataExt as _;
    let place = Place::new();
    drop(place.open(LedgerOptions::default(), BOOT, at(0)));
    let about = fs::metadata(place.file()).unwrap();
    assert!(about.len() > 3_000_000 && about.len() < 4_000_000, "{}", about.len());
    assert!(about.blocks() * 512 >= about.len(), "{} blocks of {} bytes", about.blocks(), about.len());
    assert_eq!(about.mode() & 0o777, 0o600);
}

#[test]
fn half_a_ledger_counts_as_a_power_loss() {
    for damage in [Vec::new(), vec![0; 100], vec![0xff; 4096 * 4]] {
        let place = Place::new();
        fs::write(place.file(), &damage).unwrap();
        let ledger = place.open(ROOMY, BOOT, at(0));
        assert!(!ledger.allow(bucket(1), 10, at(0)).allowed, "{} bytes", damage.len());
        assert_eq!(note(&ledger, "a", -1, at(0)), Freshness::OutOfBounds);
    }
}

#[test]
fn a_ledger_that_is_gone_counts_as_a_power_loss() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    assert!(ledger.allow(bucket(1), 10, at(0)).allowed, "a new directory has lost nothing");
    assert_eq!(note(&ledger, "a", -1, at(0)), Freshness::Fresh);
    drop(ledger);
    fs::remove_file(place.file()).unwrap();
    let ledger = place.open(ROOMY, BOOT, at(60));
    assert!(!ledger.allow(bucket(1), 10, at(60)).allowed);
    assert_eq!(ledger.spent_until(at(60)), Some(at(960)));
    assert_eq!(note(&ledger, "a", -1, at(60)), Freshness::OutOfBounds);
    assert_eq!(note(&ledger, "b", 60, at(60)), Freshness::Fresh);
}

#[test]
fn a_backup_brings_no_nonce_back_to_life() {
    let place = Place::new();
    let ledger = place.open(ROOMY, BOOT, at(0));
    assert_eq!(note(&ledger, "a", 0, at(0)), Freshness::Fresh);
    let elsewhere = tempfile::tempdir().unwrap();
    let [from, to] = ["backup", "restored"].map(|name| elsewhere.path().join(name));
    place.store.backup(&from).unwrap();
    store::restore(&from, &to).unwrap();
    let store = support::open(&to);
    let start = LedgerStart { now: at(1), boot: BootId::parse(BOOT), random: || [8; 32] };
    let restored = Ledger::open(store.data_dir(), &ROOMY, &start).unwrap();
    assert_eq!(note(&restored, "a", 0, at(1)), Freshness::OutOfBounds);
    assert!(!restored.allow(bucket(1), 10, at(1)).allowed);
}

#[test]
fn boot_ids_are_read_as_linux_writes_them() {
    assert!(BootId::parse(&format!("{BOOT}\n")).is_some());
    for bad in ["", "0", "00000000-0000-0000-0000-000000000000", "0a1b2c3d-0000-4000-8000-00000000000g", "0a1b2c3d"] {
        assert_eq!(BootId::parse(bad), None, "{bad:?}");
    }
    assert!(Path::new("/proc/sys/kernel/random/boot_id").exists());
}
