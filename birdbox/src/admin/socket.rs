//! `admin.sock` in the data directory: making it and finding it.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use store::DataDir;
use tokio::net::{UnixListener, UnixStream};

/// Longer paths do not fit the address of a socket.
const MAX_PATH: usize = 100;

/// Listens in a directory that this process holds. What a dead server left there is
/// replaced; only the owner may connect.
///
/// # Errors
/// What the operating system says.
pub fn bind(dir: &DataDir) -> io::Result<UnixListener> {
    let target = DataDir::admin_socket(dir.path());
    let draft = target.with_extension("sock.new");
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(Short::of(&draft)?.path())?;
    // Under its own name only when nobody else can connect.
    fs::set_permissions(&draft, Permissions::from_mode(0o600))?;
    fs::rename(&draft, &target)?;
    Ok(listener)
}

/// Connects to the server that uses `dir`; `None` when there is none.
///
/// # Errors
/// What the operating system says.
pub(super) async fn connect(dir: &Path) -> io::Result<Option<UnixStream>> {
    let short = match Short::of(&DataDir::admin_socket(dir)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        outcome => outcome?,
    };
    match UnixStream::connect(short.path()).await {
        Ok(stream) => Ok(Some(stream)),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused | io::ErrorKind::NotADirectory => Ok(None),
            _ => Err(error),
        },
    }
}

/// A path that fits the address of a socket: a long one goes by way of its open
/// directory.
struct Short {
    path: PathBuf,
    _dir: Option<File>,
}

impl Short {
    fn of(path: &Path) -> io::Result<Self> {
        match (path.parent(), path.file_name()) {
            (Some(dir), Some(name)) if path.as_os_str().len() > MAX_PATH => {
                let dir = File::open(dir)?;
                let path = Path::new("/proc/self/fd").join(dir.as_raw_fd().to_string()).join(name);
                Ok(Self { path, _dir: Some(dir) })
            }
            _ => Ok(Self { path: path.to_owned(), _dir: None }),
        }
    }

    fn path(&self) -> &Path {
        &self.path
    }
}
