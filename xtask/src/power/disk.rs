//! A disk that can lose its power: a file with a file system in it, mounted.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use rustix::mount::{MountPropagationFlags, mount_change};
use rustix::process::geteuid;
use rustix::thread::UnshareFlags;
use tempfile::TempDir;

use crate::process::output;

/// Large enough for what the writer stores, small enough to be made in a moment.
const EXT4_BYTES: u64 = 256 << 20;
const MEMORY: &str = "size=48m";

/// `EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH`: from here on nothing reaches the
/// disk, not even the journal. Code that may not be unsafe has no other way to call it.
const SHUT_DOWN: &str = "import fcntl, os, struct, sys\n\
    fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))";

/// What a disk is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Ext4,
    Memory,
}

/// A mounted disk; it goes, with all that is on it, when this is dropped.
pub(super) struct Disk {
    folder: TempDir,
    mounted: bool,
}

impl Disk {
    /// Makes an empty disk below `near`.
    pub(super) fn make(near: &Path, kind: Kind) -> Result<Self> {
        ensure!(geteuid().is_root(), "only root can mount a disk");
        keep_mounts_to_ourselves()?;
        let folder = tempfile::Builder::new().prefix("disk-").tempdir_in(near)?;
        let mut disk = Self { folder, mounted: false };
        fs::create_dir(disk.place())?;
        match kind {
            Kind::Ext4 => {
                File::create(disk.image())?.set_len(EXT4_BYTES)?;
                output(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(disk.image()))?;
                output(Command::new("python3").arg("--version"))?;
                disk.mount()?;
            }
            Kind::Memory => {
                output(Command::new("mount").args(["-t", "tmpfs", "-o", MEMORY, "tmpfs"]).arg(disk.place()))?;
                disk.mounted = true;
            }
        }
        Ok(disk)
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("image")
    }

    /// Where it is mounted.
    pub(super) fn place(&self) -> PathBuf {
        self.folder.path().join("mounted")
    }

    /// A place for files that are not on the disk.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Cuts the power: what the disk has not by now it never gets.
    pub(super) fn cut(&self) -> Result<()> {
        output(Command::new("python3").args(["-c", SHUT_DOWN]).arg(self.place())).map(drop)
    }

    /// Mounts it again, as after a power cut; the file system repairs itself.
    pub(super) fn restart(&mut self) -> Result<()> {
        output(Command::new("umount").arg(self.place()))?;
        self.mounted = false;
        self.mount()
    }

    fn mount(&mut self) -> Result<()> {
        // The loop device goes when the disk is unmounted.
        output(Command::new("mount").args(["-t", "ext4", "-o", "loop"]).arg(self.image()).arg(self.place()))?;
        self.mounted = true;
        Ok(())
    }
}

/// Whoever makes a namespace of mounts meanwhile would hold a copy of ours: the disk would
/// stay mounted there when it is unmounted here, and be mounted again without its power.
fn keep_mounts_to_ourselves() -> Result<()> {
    #[expect(deprecated, reason = "what is unsafe about it are shared files, which are not unshared here")]
    rustix::thread::unshare(UnshareFlags::NEWNS)?;
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    Ok(())
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            // What cannot be unmounted now is when its last user has gone.
            _ = Command::new("umount").arg("--lazy").arg(self.place()).status();
        }
    }
}
