//! What gives a graph its shape: how popular and how active users are, and orders that put
//! the popular and the active ones anywhere.

use super::random::Random;

/// An order of the numbers below a limit in which neighbours are far apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Affine {
    factor: u64,
    offset: u64,
    limit: u64,
}

impl Affine {
    pub(super) fn new(limit: u32, random: &mut Random) -> Self {
        let limit = u64::from(limit);
        let offset = random.below(limit);
        loop {
            let factor = 1 + random.below(limit);
            if greatest_common_divisor(factor, limit) == 1 {
                return Self { factor, offset, limit };
            }
        }
    }

    fn apply(self, number: u32) -> u32 {
        ((u64::from(number) * self.factor + self.offset) % self.limit) as u32
    }
}

fn greatest_common_divisor(one: u64, other: u64) -> u64 {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}

/// Draws users by their popularity: that of the one with rank r is in proportion to
/// (r + shift)^(-7/8), which gives numbers of followers the exponent 1 + 8/7. With the follows
/// that do not go by popularity, 2.2 is measured.
#[derive(Debug)]
pub(super) struct Popularity {
    ranks: Affine,
    shift: f64,
    /// The eighth root of the first place, and how much greater that of the last is.
    low: f64,
    span: f64,
}

impl Popularity {
    /// The first has at most `top` of what is drawn.
    pub(super) fn new(ranks: Affine, top: f64) -> Self {
        let last = ranks.limit as f64;
        let share = |shift: f64| (root8(1.0 + shift) - root8(shift)) / (root8(last + shift) - root8(shift));
        let shift = solve(last, |shift| share(shift) <= top);
        let low = root8(shift);
        Self { ranks, shift, low, span: root8(last + shift) - low }
    }

    pub(super) fn pick(&self, random: &mut Random) -> u32 {
        let root = self.low + self.span * random.unit();
        let square = root * root;
        let fourth = square * square;
        let rank = (fourth * fourth - self.shift) as u32;
        self.ranks.apply(rank.min(self.last()))
    }

    /// Who is drawn least.
    pub(super) fn least(&self) -> u32 {
        self.ranks.apply(self.last())
    }

    fn last(&self) -> u32 {
        (self.ranks.limit - 1) as u32
    }
}

/// How many a user follows by their popularity: scale * (v^(-3/4) - 1) for places v between 0
/// and 1, a power law with the exponent 1 + 4/3, up to a cap.
#[derive(Debug)]
pub(super) struct Activity {
    places: Affine,
    scale: f64,
    cap: f64,
}

impl Activity {
    /// With this mean.
    pub(super) fn new(places: Affine, mean: f64, cap: f64) -> Self {
        // The integral over all places, of which those before the fourth power of `capped` have the cap.
        let mean_of = |scale: f64| {
            let capped = 1.0 / root3(1.0 + cap / scale);
            let below = capped * capped * capped * capped;
            scale * (4.0 * (1.0 - capped) - (1.0 - below)) + cap * below
        };
        Self { places, scale: solve(mean * 100.0, |scale| mean_of(scale) >= mean), cap }
    }

    pub(super) fn of(&self, user: u32, random: &mut Random) -> usize {
        let place = (f64::from(self.places.apply(user)) + 0.5) / self.places.limit as f64;
        let root = place.sqrt();
        let exact = (self.scale * (1.0 / (root * root.sqrt()) - 1.0)).min(self.cap);
        // Rounded up as often as the fraction says, so that the mean stays.
        (exact + random.unit()) as usize
    }
}

/// The users that one user follows already.
#[derive(Debug, Default)]
pub struct Seen {
    /// A number, and above it the mark of the time at which it was there.
    slots: Vec<u64>,
    mark: u64,
    mask: usize,
}

impl Seen {
    /// Forgets all; there is room for so many now.
    pub(super) fn begin(&mut self, room: usize) {
        let slots = (room * 2).next_power_of_two();
        if slots > self.slots.len() {
            self.slots = vec![0; slots];
        }
        self.mark = self.mark.wrapping_add(1 << 32);
        self.mask = slots - 1;
    }

    /// Says whether it was not there.
    pub(super) fn insert(&mut self, number: u32) -> bool {
        const SPREAD: u32 = 0x9E37_79B1;
        let entry = self.mark | u64::from(number);
        let mut at = (number.wrapping_mul(SPREAD) >> 7) as usize;
        while let Some(slot) = self.slots.get_mut(at & self.mask) {
            if *slot == entry {
                return false;
            }
            if *slot >> 32 != self.mark >> 32 {
                *slot = entry;
                return true;
            }
            at += 1;
        }
        false
    }
}

/// The smallest number up to `most` for which something holds, if it holds for all above.
fn solve(most: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, most);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// The cube root by Newton's method: that of a standard library differs between machines.
fn root3(number: f64) -> f64 {
    let mut root = 1.0 + number;
    for _ in 0..100 {
        root -= (root * root * root - number) / (3.0 * root * root);
    }
    root
}

fn root8(number: f64) -> f64 {
    number.sqrt().sqrt().sqrt()
}
