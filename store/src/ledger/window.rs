//! Windows of 15 minutes in sets of 21.
//!
//! A key leads to one set, and its window can stand in any slot of it. Start and count of
//! a window are one word, so that requests within it need no lock: each raises the count
//! by compare-and-swap. Windows begin, and slots change hands, under the lock of the set.

use std::sync::atomic::{AtomicU64, Ordering};

use model::Timestamp;

/// How long a window lasts, from its first request, unless it is made to be shorter.
pub const WINDOW_SECONDS: u32 = 900;

/// Words of a slot: id, tag, window. A slot whose tag is 0 is free.
const SLOT: usize = 3;
/// Slots of a set.
pub(super) const SLOTS: usize = 21;
/// Words of a set: the window of those for whom there is no slot, and the slots.
pub(super) const SET: usize = 1 + SLOTS * SLOT;

pub(super) type Set = [AtomicU64; SET];
type Slot = [AtomicU64; SLOT];

/// Seconds since 1970, to the year 2106.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seconds(pub(super) u32);

impl Seconds {
    pub(super) fn of(time: Timestamp) -> Self {
        Self(time.unix_seconds().clamp(0, u32::MAX.into()) as u32)
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_unix_ms(i64::from(self.0) * 1000)
    }
}

/// What became of a request that was counted, in the words of `x-rate-limit-*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// How many requests a window has.
    pub limit: u32,
    /// How many of them are left.
    pub remaining: u32,
    /// When the window ends; whole seconds.
    pub reset: Timestamp,
    /// Whether this request may go on.
    pub allowed: bool,
}

/// Whose window: an id, and what is counted. A tag is never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) id: u64,
    pub(super) tag: u64,
}

impl Key {
    /// Where its set is. The seed keeps people from choosing ids that meet in one set.
    pub(super) fn place(self, seed: [u64; 2], sets: usize) -> usize {
        let [first, second] = seed;
        super::place(mix(mix(self.id ^ first) ^ self.tag ^ second), sets)
    }
}

/// The finaliser of SplitMix64.
fn mix(word: u64) -> u64 {
    let word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ word >> 31
}

/// A window as one word: its start above, its count below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    start: u32,
    count: u32,
}

impl Window {
    /// One that ended long ago.
    const ENDED: Self = Self { start: 0, count: 0 };

    const fn of_word(word: u64) -> Self {
        Self { start: (word >> 32) as u32, count: word as u32 }
    }

    const fn word(self) -> u64 {
        (self.start as u64) << 32 | self.count as u64
    }

    const fn new(start: Seconds, count: u32) -> Self {
        Self { start: start.0, count }
    }

    /// One that begins now with its first request. A shorter window is one that began earlier,
    /// so that all windows of a file end by one rule.
    fn begun(now: Seconds, seconds: u32) -> Self {
        Self { start: now.0.saturating_sub(WINDOW_SECONDS.saturating_sub(seconds)), count: 0 }
    }

    pub(super) const fn count(self) -> u32 {
        self.count
    }

    pub(super) fn end(self) -> Timestamp {
        Seconds(self.start.saturating_add(WINDOW_SECONDS)).timestamp()
    }

    /// Whether it is open. One that begins in the future was begun before the clock was set
    /// back; a clock that was wrong by more than a window opens it anew.
    const fn is_open(self, now: Seconds) -> bool {
        now.0 < self.start.saturating_add(WINDOW_SECONDS) && self.start < now.0.saturating_add(WINDOW_SECONDS)
    }

    /// With one more request; `None` when the limit is used up.
    const fn next(self, limit: u32) -> Option<Self> {
        if self.count < limit { Some(Self { start: self.start, count: self.count + 1 }) } else { None }
    }

    /// What a request is told that this window has counted, or has refused.
    fn told(self, limit: u32, allowed: bool) -> Allowance {
        Allowance { limit, remaining: limit.saturating_sub(self.count), reset: self.end(), allowed }
    }
}

/// What windows begin with that are the first of their key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base {
    /// How long they last.
    pub(super) seconds: u32,
    /// Windows that were begun before this second count as spent.
    pub(super) spent: Seconds,
}

impl Base {
    /// When the windows end that count as spent, if they have not.
    pub(super) fn spent_until(self, now: Seconds) -> Option<Timestamp> {
        let spent = Window::new(self.spent, u32::MAX);
        spent.is_open(now).then(|| spent.end())
    }

    /// The window in which requests of a key count that has no window of its own.
    ///
    /// It may have been counted among those that share a window, so it goes on with that
    /// one: too early a refusal, if it was not.
    fn window(self, shared: Window, now: Seconds) -> Window {
        let spent = Window::new(self.spent, u32::MAX);
        if spent.is_open(now) {
            spent
        } else if shared.is_open(now) {
            shared
        } else {
            Window::begun(now, self.seconds)
        }
    }
}

fn parts(set: &Set) -> (&AtomicU64, &[Slot]) {
    let [shared, slots @ ..] = set;
    (shared, slots.as_chunks().0)
}

fn holds([id, tag, _]: &Slot, key: Key) -> bool {
    tag.load(Ordering::Acquire) == key.tag && id.load(Ordering::Relaxed) == key.id
}

fn window_of([_, _, window]: &Slot) -> Window {
    Window::of_word(window.load(Ordering::Acquire))
}

/// Counts a request in the open window of its key, without a lock. `None` when there is none.
pub(super) fn count(set: &Set, key: Key, limit: u32, now: Seconds) -> Option<Allowance> {
    let (_, slots) = parts(set);
    let slot = slots.iter().find(|slot| holds(slot, key))?;
    let [_, _, word] = slot;
    loop {
        let window = window_of(slot);
        // The slot may have changed hands before the window was read. If it does so after this,
        // its window becomes one that begins later, and the exchange fails.
        if !holds(slot, key) || !window.is_open(now) || window.count == 0 {
            return None;
        }
        let Some(next) = window.next(limit) else { return Some(window.told(limit, false)) };
        if word.compare_exchange_weak(window.word(), next.word(), Ordering::AcqRel, Ordering::Relaxed).is_ok() {
            return Some(next.told(limit, true));
        }
    }
}

/// Counts a request whose key has no open window, under the lock of the set.
pub(super) fn begin(set: &Set, key: Key, limit: u32, now: Seconds, base: Base) -> Allowance {
    // Another request may have begun it while this one waited for the lock.
    if let Some(counted) = count(set, key, limit, now) {
        return counted;
    }
    let (shared, _) = parts(set);
    let window = first(set, key, now, base);
    let Some(next) = window.next(limit) else { return window.told(limit, false) };
    match slot_for(set, key, now) {
        Some(slot) => take(slot, key, next),
        None => shared.store(next.word(), Ordering::Release),
    }
    next.told(limit, true)
}

/// What the next request would be told, under the lock of the set.
pub(super) fn peek(set: &Set, key: Key, limit: u32, now: Seconds, base: Base) -> Allowance {
    let (_, slots) = parts(set);
    let open = slots.iter().find(|slot| holds(slot, key)).map(window_of).filter(|window| window.is_open(now));
    let window = open.filter(|window| window.count > 0).unwrap_or_else(|| first(set, key, now, base));
    window.told(limit, window.count < limit)
}

/// Lets the next request of a key begin a window, under the lock of the set.
pub(super) fn reset(set: &Set, key: Key, now: Seconds) {
    let (shared, _) = parts(set);
    match slot_for(set, key, now) {
        Some(slot) => take(slot, key, Window::new(now, 0)),
        None => shared.store(Window::ENDED.word(), Ordering::Release),
    }
}

/// Forgets all of a set, under its lock.
pub(super) fn clear(set: &Set) {
    let (shared, slots) = parts(set);
    shared.store(Window::ENDED.word(), Ordering::Release);
    for [_, tag, window] in slots {
        tag.store(0, Ordering::Relaxed);
        window.store(Window::ENDED.word(), Ordering::Release);
    }
}

/// The open windows of a set and their keys.
pub(super) fn open(set: &Set, now: Seconds) -> impl Iterator<Item = (Key, Window)> {
    let (_, slots) = parts(set);
    slots.iter().filter_map(move |slot| {
        let [id, tag, _] = slot;
        let key = Key { tag: tag.load(Ordering::Acquire), id: id.load(Ordering::Relaxed) };
        let window = window_of(slot);
        (key.tag != 0 && holds(slot, key) && window.is_open(now) && window.count > 0).then_some((key, window))
    })
}

/// The window that callers without a slot share, if it is open.
pub(super) fn shared(set: &Set, now: Seconds) -> Option<Window> {
    let window = Window::of_word(parts(set).0.load(Ordering::Acquire));
    window.is_open(now).then_some(window)
}

/// Takes over a window from a ledger of another size. Nobody else uses the set yet.
pub(super) fn adopt(set: &Set, key: Key, window: Window, now: Seconds) {
    match slot_for(set, key, now) {
        Some(slot) => take(slot, key, window),
        None => share(set, window, now),
    }
}

/// Makes those without a slot share at least what this window has counted.
pub(super) fn share(set: &Set, window: Window, now: Seconds) {
    let known = shared(set, now).unwrap_or(Window::ENDED);
    let both = Window { start: known.start.max(window.start), count: known.count.max(window.count) };
    parts(set).0.store(both.word(), Ordering::Release);
}

/// The window in which the first request of a key counts: after a reset a new one, whatever
/// came before.
fn first(set: &Set, key: Key, now: Seconds, base: Base) -> Window {
    let (shared, slots) = parts(set);
    let was_reset = slots.iter().find(|slot| holds(slot, key)).map(window_of);
    match was_reset {
        Some(window) if window.count == 0 && window.is_open(now) => Window::begun(now, base.seconds),
        _ => base.window(Window::of_word(shared.load(Ordering::Acquire)), now),
    }
}

/// The slot of a key, else one that is free or whose window has ended.
fn slot_for(set: &Set, key: Key, now: Seconds) -> Option<&Slot> {
    let (_, slots) = parts(set);
    let free = |slot: &&Slot| {
        let [_, tag, _] = slot;
        tag.load(Ordering::Relaxed) == 0 || !window_of(slot).is_open(now)
    };
    slots.iter().find(|slot| holds(slot, key)).or_else(|| slots.iter().find(free))
}

/// Gives a slot to a key. The window is written before the key: whoever finds the key finds
/// its count, and a kill in between leaves a free slot and no lower count.
fn take([id, tag, word]: &Slot, key: Key, window: Window) {
    if tag.load(Ordering::Relaxed) == key.tag && id.load(Ordering::Relaxed) == key.id {
        word.store(window.word(), Ordering::Release);
        return;
    }
    tag.store(0, Ordering::Relaxed);
    word.store(window.word(), Ordering::Release);
    id.store(key.id, Ordering::Release);
    tag.store(key.tag, Ordering::Release);
}
