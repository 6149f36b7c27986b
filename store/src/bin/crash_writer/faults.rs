//! What a store does when its disk fails or is full, looked at from inside.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use model::{Conflict, Observation, User, UserId, UserMembers, Username};
use store::{ChangeError, Options, Store};

use crate::wait::wait;
use crate::{Failure, all_ways_agree};

/// After a failed sync nothing more is acknowledged, and reads go on. Returns the error
/// with which the writer ends.
pub(crate) fn stopped(store: &Store, error: ChangeError) -> Failure {
    if !matches!(error, ChangeError::Stopped { .. }) {
        return error.into();
    }
    let again = [wait(store.merge()), wait(store.create_user(user(u64::MAX)))];
    if again.iter().any(|result| result.as_ref() != Err(&error)) {
        return format!("{error}; and then {again:?}").into();
    }
    if !store.stats().stopped {
        return format!("{error}; and the figures say that writes go on").into();
    }
    let agree = wait(store.export_users(None, usize::MAX))
        .map_err(Failure::from)
        .and_then(|(users, _)| all_ways_agree(store, &users));
    agree.err().unwrap_or_else(|| error.into())
}

/// Changes and merges one after the other, so that a trace of it shows their order.
pub(crate) fn merge_thrice(dir: &Path) -> Result<(), Failure> {
    let store = Store::open(dir, &Options::default())?;
    for id in 0..3 {
        wait(store.create_user(user(id)))?;
        wait(store.merge())?;
    }
    Ok(())
}

/// Fills the disk, with a file beside the store, while it writes, merges and imports. Each
/// is refused at some time, reads go on, and all of it comes back when there is room.
pub(crate) fn fill_disk(dir: &Path, filler: &Path) -> Result<(), Failure> {
    let store = Store::open(dir, &Options::default())?;
    let mut known: Vec<User> = (0..200).map(user).collect();
    for user in &known {
        wait(store.create_user(user.clone()))?;
    }
    fill(filler)?;
    while let Some(user) = next(&known) {
        match wait(store.create_user(user.clone())) {
            Ok(()) => known.push(user),
            Err(ChangeError::Full) => break,
            Err(error) => return Err(format!("a write on a full disk: {error}").into()),
        }
    }
    let import = |ids: std::ops::Range<u64>| {
        let profile = |id| Observation::User(Box::new(user(id)), UserMembers::ALL);
        wait(store.import(ids.map(profile).collect(), Conflict::Newer))
    };
    let after = known.len() as u64;
    match import(after..after + 10_000) {
        Err(ChangeError::Full) => {}
        other => return Err(format!("an import on a full disk: {other:?}").into()),
    }
    all_ways_agree(&store, &known)?;
    // The ballast has room for the log of a merge, and for few segments.
    wait(store.merge()).map_err(|error| format!("a merge of little on a full disk: {error}"))?;
    all_ways_agree(&store, &known)?;

    fs::remove_file(filler)?;
    let after = known.len() as u64;
    import(after..after + 40_000)?;
    known.extend((after..after + 40_000).map(user));
    fill(filler)?;
    match wait(store.merge()) {
        Err(ChangeError::Full | ChangeError::MergeFailed { .. }) => {}
        other => return Err(format!("a merge of much on a full disk: {other:?}").into()),
    }
    all_ways_agree(&store, &known)?;
    fs::remove_file(filler)?;
    // It is tried again by itself; this waits for the one that succeeds.
    while store.stats().log_rows > 0 {
        _ = wait(store.merge());
    }
    let last = next(&known).ok_or("no more users")?;
    wait(store.create_user(last.clone()))?;
    known.push(last);
    all_ways_agree(&store, &known)?;
    drop(store);
    all_ways_agree(&Store::open(dir, &Options::default())?, &known)
}

/// Reads from a file of a segment that loses its content meanwhile.
pub(crate) fn read_shortened(dir: &Path) -> Result<(), Failure> {
    let store = Store::open(dir, &Options::default())?;
    wait(store.create_user(user(1)))?;
    wait(store.merge())?;
    let files = store.files();
    let records = files.iter().find(|file| file.name.contains("user-records")).ok_or("no records")?;
    let path = dir.join(&records.name);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    File::options().write(true).open(&path)?.set_len(0)?;
    wait(store.user(UserId::new(1)))?;
    Err("it was read".into())
}

fn user(id: u64) -> User {
    User::new(UserId::new(id), Username::derived(UserId::new(id), 0), "Someone")
}

fn next(known: &[User]) -> Option<User> {
    known.last().map(|last| user(last.id.get() + 1))
}

/// Writes until there is no room.
fn fill(filler: &Path) -> Result<(), Failure> {
    let mut file: File = OpenOptions::new().create_new(true).write(true).open(filler)?;
    for size in [1 << 20, 4096, 1] {
        let piece = vec![7; size];
        loop {
            match file.write_all(&piece) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => break,
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}
