//! The small files of a data directory that are not data: the secret key, the limits that were
//! set, the certificates, the mark of the ledger. Each is replaced as a whole.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{AUTHORITY_FILE, DataDir, KEY_FILE, LEDGER_MARK_FILE, LIMITS_FILE, TLS_FILE, sync_dir, write_durably};
use crate::OpenError;

impl DataDir {
    /// The secret from which tokens are derived. If there is none yet, `make` gives
    /// 32 random bytes; they are durable when this returns, readable by the owner alone.
    ///
    /// # Errors
    /// [`OpenError`] when the file cannot be read or written, or has another length.
    pub fn secret_key(&self, make: impl FnOnce() -> [u8; 32]) -> Result<[u8; 32], OpenError> {
        let path = self.path.join(KEY_FILE);
        if let Some(key) = read_key(&path)? {
            return Ok(key);
        }
        let key = make();
        self.replace(KEY_FILE, &key, 0o600)?;
        Ok(key)
    }

    /// Whether the secret, if there is one, can be read.
    pub(crate) fn check_secret_key(&self) -> Result<(), OpenError> {
        read_key(&self.path.join(KEY_FILE)).map(drop)
    }

    /// The limits that were set beside a running server, as they were written; nothing if
    /// there are none.
    ///
    /// # Errors
    /// [`OpenError`] when the file cannot be read.
    pub fn limits(&self) -> Result<String, OpenError> {
        Ok(read_if_there(&self.path.join(LIMITS_FILE))?.unwrap_or_default())
    }

    /// Keeps limits; they are durable when this returns, and the old ones hold until then.
    ///
    /// # Errors
    /// [`OpenError`] when the file cannot be written.
    pub fn set_limits(&self, text: &str) -> Result<(), OpenError> {
        self.replace(LIMITS_FILE, text.as_bytes(), 0o644)
    }

    /// Where the certificate is that clients have to trust, if the directory has one. This
    /// asks nothing of the directory, so it also works beside the server that uses it.
    #[must_use]
    pub fn authority_file(dir: &Path) -> PathBuf {
        dir.join(AUTHORITY_FILE)
    }

    /// The certificates and the key of the server, as they were written; `None` if there are
    /// none.
    ///
    /// # Errors
    /// [`OpenError`] when the file cannot be read.
    pub fn certificates(&self) -> Result<Option<String>, OpenError> {
        read_if_there(&self.path.join(TLS_FILE))
    }

    /// Keeps certificates and a key, readable by the owner alone; they are durable when this
    /// returns.
    ///
    /// # Errors
    /// [`OpenError`] when the file cannot be written.
    pub fn set_certificates(&self, text: &str) -> Result<(), OpenError> {
        self.replace(TLS_FILE, text.as_bytes(), 0o600)
    }

    /// Lets [`authority_file`](Self::authority_file) hold this certificate.
    ///
    /// # Errors
    /// [`OpenError`] when the file cannot be read or written.
    pub fn show_authority(&self, certificate: &str) -> Result<(), OpenError> {
        let shown = read_if_there(&Self::authority_file(&self.path))?;
        if shown.as_deref() == Some(certificate) {
            return Ok(());
        }
        self.replace(AUTHORITY_FILE, certificate.as_bytes(), 0o644)
    }

    /// Whether the directory, or the one that it is a copy of, ever had a ledger.
    pub(crate) fn had_ledger(&self) -> Result<bool, OpenError> {
        let path = self.path.join(LEDGER_MARK_FILE);
        path.try_exists().map_err(|error| OpenError::from_io(&path, error))
    }

    /// Remembers that there is a ledger; that is durable when this returns.
    pub(crate) fn mark_ledger(&self) -> Result<(), OpenError> {
        const TEXT: &str = "Birdbox has counted requests here. Without the file `ledger`, nobody knows how many: limits \
                            then count as used up for 15 minutes, as after a power loss.\n";
        if self.had_ledger()? { Ok(()) } else { self.replace(LEDGER_MARK_FILE, TEXT.as_bytes(), 0o644) }
    }

    /// Puts a new file in the place of an old one, durably.
    fn replace(&self, name: &str, bytes: &[u8], mode: u32) -> Result<(), OpenError> {
        let path = self.path.join(name);
        let draft = self.path.join(format!("{name}.new"));
        let replaced = write_durably(&draft, bytes, mode)
            .and_then(|()| fs::rename(&draft, &path))
            .and_then(|()| sync_dir(&self.path));
        replaced.map_err(|error| {
            // Nobody reads a draft; on a full disk it would be in the way.
            _ = fs::remove_file(&draft);
            OpenError::from_io(&path, error)
        })
    }
}

fn read_key(path: &Path) -> Result<Option<[u8; 32]>, OpenError> {
    match fs::read(path) {
        Ok(bytes) => bytes
            .try_into()
            .map(Some)
            .map_err(|_| OpenError::Damaged { file: path.to_owned(), reason: "a secret key has 32 bytes".to_owned() }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(OpenError::from_io(path, error)),
    }
}

fn read_if_there(path: &Path) -> Result<Option<String>, OpenError> {
    match fs::read(path) {
        // What is no text is damage, which whoever reads it can tell with the way out.
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(OpenError::from_io(path, error)),
    }
}
