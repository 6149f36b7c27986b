//! What commands can ask of the certificate authority of a data directory.

use std::path::PathBuf;

use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::{DataDir, Store};

use super::AdminError;
use crate::tls::{Certificates, Gap, Names, TlsError, TlsServer, certificates};

/// What the verbs work on.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// What was configured.
    pub names: Names,
    /// The server that shows the certificate, where there is one.
    pub shown: Option<TlsServer>,
}

/// Something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaVerb {
    /// Show the authority.
    Show,
    /// Make a new one and a new certificate, and show it to clients from now on.
    Rotate,
}

/// An authority and the certificate that it signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownCa {
    /// Its certificate, in PEM.
    pub certificate: String,
    /// The absolute path of a file with it.
    pub file: PathBuf,
    /// The SHA-256 of its certificate, as browsers and openssl show it.
    pub fingerprint: String,
    /// When both certificates end.
    pub until: String,
    /// What the server's certificate is made out to.
    pub names: Vec<String>,
    /// Why clients do not accept it, where they do not.
    pub gaps: Vec<String>,
}

/// Does what `verb` says.
///
/// # Errors
/// [`AdminError::NoAuthority`] if there is nothing to show; [`AdminError::Store`].
pub(super) fn run(source: &Source, store: &Store, verb: CaVerb, now: Timestamp) -> Result<ShownCa, AdminError> {
    let dir = store.data_dir();
    let found = match verb {
        CaVerb::Show => certificates::find(dir)?.ok_or(AdminError::NoAuthority)?,
        CaVerb::Rotate => {
            let made = certificates::rotate(dir, &source.names, now)?;
            if let Some(shown) = &source.shown {
                shown.show(made.key()?);
            }
            made
        }
    };
    shown(&found, dir, &source.names, now)
}

fn shown(found: &Certificates, dir: &DataDir, names: &Names, now: Timestamp) -> Result<ShownCa, AdminError> {
    let file = std::path::absolute(DataDir::authority_file(dir.path()));
    let file = file.map_err(|error| AdminError::Store { reason: error.to_string() })?;
    let gaps = found.gaps(names, now);
    let bears = |name: &_| !gaps.iter().any(|gap| matches!(gap, Gap::Name(missing) if missing == name));
    let mut until = Vec::new();
    Timestamp::from_unix_ms(found.end().unwrap_or_default().saturating_mul(1000)).write_iso(&mut until);
    Ok(ShownCa {
        certificate: found.authority_pem().to_owned(),
        file,
        fingerprint: found.fingerprint(),
        until: String::from_utf8_lossy(&until).into_owned(),
        names: names.all().iter().filter(|name| bears(name)).map(ToString::to_string).collect(),
        gaps: gaps.iter().map(ToString::to_string).collect(),
    })
}

impl From<TlsError> for AdminError {
    fn from(error: TlsError) -> Self {
        Self::Store { reason: error.to_string() }
    }
}
