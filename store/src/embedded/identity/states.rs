//! The states of users whose tokens were used lately: each request on behalf of a user asks
//! for it, and it seldom changes.
//!
//! A table of fixed size. What is in it counts while nothing was published since.

use std::sync::{Mutex, PoisonError};

use model::{AccountState, UserId};

use crate::ReadError;

/// Users that are remembered, at the most.
const SLOTS: usize = 4096;

/// Whose state it is, and when it was read.
#[derive(Debug, Clone, Copy)]
struct Known {
    user: UserId,
    version: u64,
    state: Option<AccountState>,
}

/// The states of users.
#[derive(Debug)]
pub(in crate::embedded) struct States(Box<[Mutex<Option<Known>>]>);

impl Default for States {
    fn default() -> Self {
        Self((0..SLOTS).map(|_| Mutex::default()).collect())
    }
}

impl States {
    /// What was read at `version` of the store, or else what `read` says now.
    pub(super) fn get(
        &self,
        user: UserId,
        version: u64,
        read: impl FnOnce() -> Result<Option<AccountState>, ReadError>,
    ) -> Result<Option<AccountState>, ReadError> {
        // Fibonacci hashing: ids that follow each other come to lie apart.
        let at = (user.get().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize % SLOTS;
        let Some(slot) = self.0.get(at) else { return read() };
        let known = *slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.filter(|known| known.user == user && known.version == version) {
            return Ok(known.state);
        }
        let state = read()?;
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(Known { user, version, state });
        Ok(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_again_when_anything_was_published() {
        let (states, user) = (States::default(), UserId::new(7));
        let get = |version, state| states.get(user, version, || Ok(state)).unwrap();
        assert_eq!(get(1, Some(AccountState::Active)), Some(AccountState::Active));
        assert_eq!(get(1, None), Some(AccountState::Active));
        assert_eq!(get(2, Some(AccountState::Suspended)), Some(AccountState::Suspended));
        assert_eq!(states.get(UserId::new(8), 2, || Ok(None)).unwrap(), None);
    }
}
