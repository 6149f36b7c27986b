//! The sockets in the data directory, `admin.sock` and `proxy.sock`: making and finding them.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use store::DataDir;
use tokio::net::{UnixListener, UnixStream};

/// Longer paths do not fit the address of a socket.
const MAX_PATH: usize = 100;

/// Listens for commands, in a directory that this process holds. What a dead server left
/// there is replaced; only the owner may connect.
///
/// # Errors
/// What the operating system says.
pub fn bind(dir: &DataDir) -> io::Result<UnixListener> {
    bind_at(&DataDir::admin_socket(dir.path()))
}

/// Listens for clients of the proxy in the same way: those that no address reaches, such as
/// programs in a network namespace of their own.
///
/// # Errors
/// What the operating system says.
pub fn bind_proxy(dir: &DataDir) -> io::Result<UnixListener> {
    bind_at(&DataDir::proxy_socket(dir.path()))
}

fn bind_at(target: &Path) -> io::Result<UnixListener> {
    let draft = target.with_extension("sock.new");
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(Short::of(&draft)?.path())?;
    // Under its own name only when nobody else can connect.
    fs::set_permissions(&draft, Permissions::from_mode(0o600))?;
    fs::rename(&draft, target)?;
    Ok(listener)
}

/// Connects to the server that uses `dir`; `None` when there is none.
///
/// # Errors
/// What the operating system says.
pub(super) async fn connect(dir: &Path) -> io::Result<Option<UnixStream>> {
    connect_at(&DataDir::admin_socket(dir)).await
}

/// Connects to the proxy of the server that uses `dir`; `None` when there is none.
///
/// # Errors
/// What the operating system says.
pub async fn connect_proxy(dir: &Path) -> io::Result<Option<UnixStream>> {
    connect_at(&DataDir::proxy_socket(dir)).await
}

async fn connect_at(path: &Path) -> io::Result<Option<UnixStream>> {
    let short = match Short::of(path) {
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
