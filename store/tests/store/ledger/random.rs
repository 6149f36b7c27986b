//! Ledgers against plain maps, through random requests, restarts and kills.

use std::collections::{BTreeMap, BTreeSet};

use model::Timestamp;
use proptest::prelude::*;
use store::{Freshness, Ledger, LedgerOptions, WINDOW_SECONDS};

use super::{BOOT, NEXT_BOOT, Place, ROOMY, TINY, at, note, user_bucket};

#[derive(Debug, Clone)]
enum Step {
    Allow { user: u64, limit: u32 },
    Note { nonce: u8, back: i64 },
    Wait { seconds: i64 },
    Reset { user: u64 },
    Stop,
    Kill,
    LosePower,
}

fn step(users: u64) -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0..users, 1u32..4).prop_map(|(user, limit)| Step::Allow { user, limit }),
        8 => (0u8..12, -320i64..320).prop_map(|(nonce, back)| Step::Note { nonce, back: back / 40 * 40 }),
        3 => prop_oneof![0i64..60, 200i64..1000].prop_map(|seconds| Step::Wait { seconds }),
        1 => (0..users).prop_map(|user| Step::Reset { user }),
        1 => Just(Step::Stop),
        1 => Just(Step::Kill),
    ]
}

fn steps(users: u64) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(users), 1..200)
}

fn steps_with_power_losses(users: u64) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(prop_oneof![30 => step(users), 1 => Just(Step::LosePower)], 1..200)
}

/// A ledger and the time.
struct Run {
    place: Place,
    options: LedgerOptions,
    ledger: Option<Ledger>,
    boots: usize,
    now: i64,
}

impl Run {
    fn new(options: LedgerOptions) -> Self {
        let place = Place::new();
        let ledger = Some(place.open(options, BOOT, at(0)));
        Self { place, options, ledger, boots: 0, now: 0 }
    }

    fn ledger(&self) -> &Ledger {
        self.ledger.as_ref().unwrap()
    }

    fn now(&self) -> Timestamp {
        at(self.now)
    }

    fn start_again(&mut self, step: &Step) {
        let killed = matches!(step, Step::Kill | Step::LosePower).then(|| self.place.killed());
        self.ledger = None;
        self.place = killed.unwrap_or_else(|| std::mem::replace(&mut self.place, Place::new()));
        self.boots += usize::from(matches!(step, Step::LosePower));
        let boot = if self.boots.is_multiple_of(2) { BOOT } else { NEXT_BOOT };
        self.ledger = Some(self.place.open(self.options, boot, self.now()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// With room for all, the answers are those of a map.
    #[test]
    fn a_roomy_ledger_is_a_map(steps in steps(6)) {
        let mut run = Run::new(ROOMY);
        let mut windows: BTreeMap<u64, (i64, u32)> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for step in steps {
            match step {
                Step::Allow { user, limit } => {
                    let (start, count) = *windows
                        .entry(user)
                        .and_modify(|window| if run.now >= window.0 + i64::from(WINDOW_SECONDS) { *window = (run.now, 0) })
                        .or_insert((run.now, 0));
                    let allowed = count < limit;
                    let count = count + u32::from(allowed);
                    windows.insert(user, (start, count));
                    let told = run.ledger().allow(user_bucket(user), limit, run.now());
                    let expected = (allowed, limit.saturating_sub(count), at(start + i64::from(WINDOW_SECONDS)));
                    prop_assert_eq!((told.allowed, told.remaining, told.reset), expected);
                }
                Step::Note { nonce, back } => {
                    let timestamp = run.now / 40 * 40 - back;
                    let expected = match (run.now - timestamp).abs() > 300 {
                        true => Freshness::OutOfBounds,
                        false if seen.insert((nonce, timestamp)) => Freshness::Fresh,
                        false => Freshness::Seen,
                    };
                    prop_assert_eq!(note(run.ledger(), &nonce.to_string(), timestamp, run.now()), expected);
                }
                Step::Wait { seconds } => run.now += seconds,
                Step::Reset { user } => {
                    windows.remove(&user);
                    run.ledger().reset(user_bucket(user), run.now());
                }
                Step::Stop | Step::Kill | Step::LosePower => run.start_again(&step),
            }
        }
    }

    /// In one set, which is always full, and through power losses, nobody is allowed too much
    /// and no signature is fresh twice.
    #[test]
    fn a_tiny_ledger_never_allows_too_much(steps in steps_with_power_losses(40)) {
        let mut run = Run::new(TINY);
        let mut allowed: BTreeMap<u64, (Timestamp, u32)> = BTreeMap::new();
        let mut fresh = BTreeSet::new();
        for step in steps {
            match step {
                Step::Allow { user, limit } => {
                    let told = run.ledger().allow(user_bucket(user), limit, run.now());
                    prop_assert!(told.remaining <= limit && told.reset > run.now());
                    if told.allowed {
                        let window = allowed.entry(user).or_insert((told.reset, 0));
                        if told.reset != window.0 {
                            prop_assert!(window.0 <= run.now(), "{} has two windows", user);
                            *window = (told.reset, 0);
                        }
                        prop_assert!(window.1 < limit, "{} was allowed {:?}", user, window);
                        window.1 += 1;
                    }
                }
                Step::Note { nonce, back } => {
                    let timestamp = run.now - back;
                    let noted = note(run.ledger(), &nonce.to_string(), timestamp, run.now());
                    prop_assert!(noted != Freshness::Fresh || fresh.insert((timestamp, nonce)));
                }
                Step::Wait { seconds } => run.now += seconds,
                // Who asks for a reset is allowed more.
                Step::Reset { .. } => {}
                Step::Stop | Step::Kill => run.start_again(&step),
                Step::LosePower => {
                    run.start_again(&step);
                    // Those of clocks that are ahead look as if they were made after it.
                    fresh.retain(|(timestamp, _)| *timestamp < run.now);
                }
            }
        }
    }
}
