//! The inside of `--isolate`: a process that becomes the program, in namespaces of its own for
//! users, mounts and the network, where X's hosts are this machine.
//!
//! It has one thread, as the kernel demands. It listens on the ports of X and hands the sockets
//! to the process outside, which accepts what comes: nothing of Birdbox stays inside.

use std::fs;
use std::io::{self, IoSlice, IoSliceMut, Write as _};
use std::mem::MaybeUninit;
use std::net::{Ipv4Addr, TcpListener};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::mount::{MountPropagationFlags, mount_bind, mount_change};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, SocketFlags, SocketType, recv, recvmsg, send, sendmsg, socket_with,
};
use rustix::process::{getgid, getuid};
use rustix::thread::UnshareFlags;

use super::child::StartError;

/// The file that names hosts, in every program's eyes.
pub(super) const HOSTS_FILE: &str = "/etc/hosts";

/// The most sockets that are handed over at once.
const MOST_SOCKETS: usize = 8;

/// A line that begins with this is why there is no namespace; sockets come with [`READY`].
pub(super) const FAILED: u8 = b'!';
const READY: u8 = b'+';

/// Why there is no namespace: what was tried, and what the kernel said.
type Step = (&'static str, io::Error);

/// Makes the namespaces and becomes the program. The standard input leads to the process
/// outside, which gives the one of the program and takes the sockets: one for each port.
///
/// It returns only if the program cannot be started, or if there is no namespace (`None`),
/// which the process outside was told.
#[must_use]
pub fn enter(hosts: &Path, ports: &[u16], program: &mut Command) -> Option<StartError> {
    let line = io::stdin();
    let stdin = match receive(line.as_fd()) {
        Ok((_, mut sockets)) => sockets.pop(),
        Err(_) => return None,
    };
    match prepare(hosts, ports) {
        Ok(listeners) => {
            let sockets: Vec<_> = listeners.iter().map(AsFd::as_fd).collect();
            hand_over(line.as_fd(), &[READY], &sockets).ok()?;
        }
        Err((step, error)) => {
            let text = format!("{}{step}: {error}", char::from(FAILED));
            // Without somebody who listens there is nobody to be told.
            let _ = send(line.as_fd(), text.as_bytes(), SendFlags::empty());
            return None;
        }
    }
    program.stdin(stdin.map_or_else(Stdio::null, Stdio::from));
    let error = program.exec();
    Some(StartError::of(program.get_program(), error))
}

fn prepare(hosts: &Path, ports: &[u16]) -> Result<Vec<TcpListener>, Step> {
    separate()?;
    // What is mounted here is seen by nobody else, and what is unmounted elsewhere goes here too:
    // a disk that somebody takes out while the program runs must not be held.
    let downstream = MountPropagationFlags::DOWNSTREAM | MountPropagationFlags::REC;
    mount_change("/", downstream).map_err(|error| ("making mounts private", error.into()))?;
    mount_bind(hosts, HOSTS_FILE).map_err(|error| ("mounting over /etc/hosts", error.into()))?;
    loopback_up().map_err(|error| ("bringing the loopback interface up", error))?;
    let listen = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port));
    ports.iter().map(listen).collect::<Result<_, _>>().map_err(|error| ("listening on the ports of X", error))
}

/// Leaves the namespaces of the machine. Whoever may do so as he is stays who he is; others
/// become the ruler of a namespace of users that holds them alone.
fn separate() -> Result<(), Step> {
    const PLACES: UnshareFlags = UnshareFlags::NEWNS.union(UnshareFlags::NEWNET);
    if unshare(PLACES).is_ok() {
        return Ok(());
    }
    let (user, group) = (getuid().as_raw(), getgid().as_raw());
    unshare(PLACES | UnshareFlags::NEWUSER).map_err(|error| ("unshare", error))?;
    let put = |file: &str, text: String| fs::File::options().write(true).open(file)?.write_all(text.as_bytes());
    // The kernel lets a user map himself only who cannot change his groups.
    put("/proc/self/setgroups", "deny".to_owned())
        .and_then(|()| put("/proc/self/uid_map", format!("{user} {user} 1")))
        .and_then(|()| put("/proc/self/gid_map", format!("{group} {group} 1")))
        .map_err(|error| ("mapping the user", error))
}

#[expect(deprecated, reason = "its successor is unsafe for the sake of UnshareFlags::FILES, which is not used here")]
fn unshare(flags: UnshareFlags) -> io::Result<()> {
    Ok(rustix::thread::unshare(flags)?)
}

/// Tells the kernel that the first interface of a new namespace, which is the loopback, is up.
fn loopback_up() -> io::Result<()> {
    const LENGTH: u32 = 32;
    const NEW_LINK: u16 = 16;
    /// It is a request, and wants an answer.
    const REQUEST: u16 = 1 | 4;
    const LOOPBACK: i32 = 1;
    const UP: u32 = 1;
    let mut message = Vec::with_capacity(LENGTH as usize);
    // The header (rtnetlink(7)): length, type, flags, number, sender.
    message.extend(LENGTH.to_ne_bytes());
    message.extend([NEW_LINK, REQUEST].iter().flat_map(|half| half.to_ne_bytes()));
    message.extend([1_u32, 0].iter().flat_map(|word| word.to_ne_bytes()));
    // The interface: family and type of any kind, index, flags, which of them change.
    message.extend(0_u32.to_ne_bytes());
    message.extend(LOOPBACK.to_ne_bytes());
    message.extend([UP, UP].iter().flat_map(|word| word.to_ne_bytes()));
    // The first protocol of this family is that of interfaces.
    let kernel = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, None)?;
    send(&kernel, &message, SendFlags::empty())?;
    let mut answer = [0; 512];
    let (_, length) = recv(&kernel, &mut answer[..], RecvFlags::empty())?;
    // Behind the header of the answer stands the error, which is 0 for none.
    let error = answer.get(..length).and_then(|answer| answer.get(16..20)?.try_into().ok()).map(i32::from_ne_bytes);
    match error {
        Some(0) => Ok(()),
        Some(error) => Err(io::Error::from_raw_os_error(error.saturating_neg())),
        None => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Sends bytes and sockets.
pub(super) fn hand_over(line: BorrowedFd<'_>, bytes: &[u8], sockets: &[BorrowedFd<'_>]) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_SOCKETS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !control.push(SendAncillaryMessage::ScmRights(sockets)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    sendmsg(line, &[IoSlice::new(bytes)], &mut control, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// Takes bytes and sockets; no bytes if the other side is gone.
pub(super) fn receive(line: BorrowedFd<'_>) -> io::Result<(Vec<u8>, Vec<OwnedFd>)> {
    let mut bytes = vec![0; 512];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_SOCKETS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let got = recvmsg(line, &mut [IoSliceMut::new(&mut bytes)], &mut control, RecvFlags::CMSG_CLOEXEC)?;
    bytes.truncate(got.bytes);
    let sockets = control.drain().flat_map(|message| match message {
        RecvAncillaryMessage::ScmRights(sockets) => sockets.collect(),
        _ => Vec::new(),
    });
    Ok((bytes, sockets.collect()))
}
