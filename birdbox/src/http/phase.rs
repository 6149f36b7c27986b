//! What a connection is doing, as far as its timeouts care.
//!
//! Three parts of one task share it: the socket and the service set it, the task
//! itself reads it. It is atomic only because tasks move between threads.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

/// The phases of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Waiting for the rest of a head. A connection starts here.
    Head,
    /// A request is being answered, or its body being read: the service has its own
    /// timeouts.
    Running,
    /// The answer is on its way to the client.
    Sending,
    /// The answer is with the kernel; nothing of a next request was looked at.
    Sent,
    /// Waiting for a next request.
    Idle,
    /// A part of a message has passed to or from another server; each is this phase anew.
    Relaying,
    /// Nothing more will be answered; what the client still sends is thrown away, so
    /// that it reads our answer before it notices the close.
    Lingering,
}

/// The phase of one connection, with a count of its changes.
#[derive(Debug, Default)]
pub(super) struct PhaseCell {
    word: AtomicU32,
    has_body: AtomicBool,
    linger: AtomicBool,
}

/// The phase and the number of changes that led to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading(u32);

const BITS: u32 = 3;
const PHASES: [Phase; 7] =
    [Phase::Head, Phase::Running, Phase::Sending, Phase::Sent, Phase::Idle, Phase::Relaying, Phase::Lingering];

impl PhaseCell {
    pub(super) fn get(&self) -> Phase {
        self.read().phase()
    }

    /// Enters a phase. Only the task of the connection calls this, so that a load and
    /// a store are enough.
    pub(super) fn enter(&self, phase: Phase) {
        let changes = (self.word.load(Relaxed) >> BITS).wrapping_add(1);
        self.word.store(changes << BITS | phase as u32, Relaxed);
    }

    pub(super) fn read(&self) -> Reading {
        Reading(self.word.load(Relaxed))
    }

    /// Whether the present request, or else the last one, had a body.
    pub(super) fn has_body(&self) -> bool {
        self.has_body.load(Relaxed)
    }

    pub(super) fn set_has_body(&self, has_body: bool) {
        self.has_body.store(has_body, Relaxed);
    }

    /// Whether the close must wait for the client; see [`Phase::Lingering`].
    pub(super) fn must_linger(&self) -> bool {
        self.linger.load(Relaxed)
    }

    pub(super) fn set_linger(&self) {
        self.linger.store(true, Relaxed);
    }
}

impl Reading {
    pub(super) fn phase(self) -> Phase {
        PHASES.get((self.0 & ((1 << BITS) - 1)) as usize).copied().unwrap_or(Phase::Lingering)
    }
}
