//! A user in a list, and what is drawn in place of its pictures: shapes that its id decides.

use std::fmt::Write as _;

use model::{AccountState, UserId, UserRef, VerifiedType};

use super::super::page::{cut, grouped};

/// So many characters of a name stand in a list.
const NAME: usize = 80;

/// A user in a list.
#[derive(Debug)]
pub(super) struct UserLine {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) username: String,
    pub(super) badge: Option<&'static str>,
    pub(super) protected: bool,
    /// The state of the account, unless it is active.
    pub(super) state: Option<&'static str>,
    pub(super) followers: String,
    pub(super) following: String,
    pub(super) posts: String,
    pub(super) face: String,
}

impl UserLine {
    pub(super) fn of(user: &UserRef<'_>) -> Self {
        Self {
            id: user.id.to_string(),
            name: cut(&user.name.to_text(), NAME),
            username: user.username.to_text(),
            badge: badge(user.verified, user.verified_type),
            protected: user.protected,
            state: state_word(user.state),
            followers: grouped(user.metrics.followers),
            following: grouped(user.metrics.following),
            posts: grouped(user.metrics.tweets),
            face: face(user.id),
        }
    }
}

/// The state of an account, unless it is active.
pub(super) fn state_word(state: AccountState) -> Option<&'static str> {
    (state != AccountState::Active).then(|| state.name())
}

/// What the check mark of a user says, if it has one.
pub(super) fn badge(verified: bool, kind: Option<VerifiedType>) -> Option<&'static str> {
    match (kind, verified) {
        (Some(VerifiedType::Business), _) => Some("Verified business"),
        (Some(VerifiedType::Government), _) => Some("Verified government"),
        (Some(VerifiedType::Blue), _) | (None | Some(VerifiedType::None), true) => Some("Verified"),
        (None | Some(VerifiedType::None), false) => None,
    }
}

/// Numbers that look like chance and follow from an id: `splitmix64`.
fn scattered(id: UserId, round: u64) -> u64 {
    let mut word = id.get().wrapping_add(round.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// An SVG in place of a profile picture: a pattern of 5 by 5, its halves alike.
pub(super) fn face(id: UserId) -> String {
    let word = scattered(id, 0);
    let hue = word % 360;
    let mut path = String::new();
    for cell in 0..15 {
        if word >> (16 + cell) & 1 == 1 {
            let (column, row) = (cell / 5, cell % 5);
            // Writing to a String cannot fail; so below.
            let _ = write!(path, "M{column} {row}h1v1h-1z");
            if column < 2 {
                let _ = write!(path, "M{} {row}h1v1h-1z", 4 - column);
            }
        }
    }
    format!(
        "<svg class=\"face\" viewBox=\"-.5 -.5 6 6\" aria-hidden=\"true\" focusable=\"false\">\
         <path fill=\"hsl({hue} 40% 88%)\" d=\"M-.5-.5h6v6h-6z\"/><path fill=\"hsl({hue} 50% 38%)\" d=\"{path}\"/></svg>"
    )
}

/// An SVG in place of a banner: hills.
pub(super) fn banner(id: UserId) -> String {
    let word = scattered(id, 0);
    let hue = word % 360;
    let mut hills = String::new();
    for layer in 0..3_u64 {
        let heights = scattered(id, layer + 1);
        let height = |at: u32| 25 + 22 * layer + (heights >> (8 * at)) % 40;
        let lightness = 74 - 14 * layer;
        let _ = write!(hills, "<path fill=\"hsl({hue} 45% {lightness}%)\" d=\"M0 120V{}", height(0));
        for at in 1..=4 {
            let (x, y) = (150 * u64::from(at), height(at));
            let _ = write!(hills, "S{} {y} {x} {y}", x - 75);
        }
        hills.push_str("V120z\"/>");
    }
    format!(
        "<svg class=\"banner\" viewBox=\"0 0 600 120\" preserveAspectRatio=\"none\" aria-hidden=\"true\" \
         focusable=\"false\"><path fill=\"hsl({hue} 50% 90%)\" d=\"M0 0h600v120H0z\"/>{hills}</svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_follow_from_the_id_alone_and_hold_no_text() {
        for id in [0, 12, 2_244_994_945, u64::MAX].map(UserId::new) {
            for drawn in [face(id), banner(id)] {
                assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>") && !drawn.contains("style"), "{drawn}");
            }
            assert_eq!(face(id), face(id));
        }
        assert_ne!(face(UserId::new(1)), face(UserId::new(2)));
        assert_ne!(banner(UserId::new(1)), banner(UserId::new(2)));
    }

    #[test]
    fn a_badge_says_what_kind_it_is() {
        assert_eq!(badge(true, None), Some("Verified"));
        assert_eq!(badge(true, Some(VerifiedType::Business)), Some("Verified business"));
        assert_eq!(badge(false, Some(VerifiedType::None)), None);
    }
}
