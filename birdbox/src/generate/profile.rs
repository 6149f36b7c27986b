//! Everything of a profile beside its names.

use std::fmt::Write as _;

use model::{AccountState, TweetId, User, UserMetrics, Username, VerifiedType, Withheld};

use super::OBSERVED_AT;
use super::bio::{self, Bio, Link};
use super::birth::{Birth, POST_SNOWFLAKES_MS, snowflake, whole_second};
use super::permille;
use super::random::Random;
use super::words::{COUNTRIES, LOCATIONS};

/// What an account without an image shows.
const DEFAULT_IMAGE: &str = "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png";

/// Gives `user` the rest of its profile. Those whom it mentions are named by `someone`.
pub(super) fn fill(user: &mut User, birth: Birth, random: &mut Random, someone: impl Fn(&mut Random) -> Username) {
    user.created_at = Some(whole_second(birth.at_ms));
    user.observed_at = Some(whole_second(OBSERVED_AT));
    user.synthetic = true;
    user.state = state(random);
    user.protected = random.chance(permille::PROTECTED);
    texts(user, random, someone);
    images(user, random);
    posts(user, birth, random);
    user.metrics = Some(metrics(random));
    user.verified = random.chance(permille::VERIFIED);
    user.verified_type = Some(if user.verified { verified_type(random) } else { VerifiedType::None });
    if random.chance(permille::WITHHELD) {
        let code = random.word(COUNTRIES).parse();
        user.withheld = Some(Withheld { country_codes: code.into_iter().collect(), whole_account: true });
    }
}

fn state(random: &mut Random) -> AccountState {
    const DEACTIVATED_FROM: u64 = permille::SUSPENDED;
    const ACTIVE_FROM: u64 = permille::SUSPENDED + permille::DEACTIVATED;
    match random.below(1000) {
        ..DEACTIVATED_FROM => AccountState::Suspended,
        DEACTIVATED_FROM..ACTIVE_FROM => AccountState::Deactivated,
        _ => AccountState::Active,
    }
}

fn verified_type(random: &mut Random) -> VerifiedType {
    match random.below(20) {
        0 => VerifiedType::Government,
        1..=3 => VerifiedType::Business,
        _ => VerifiedType::Blue,
    }
}

fn texts(user: &mut User, random: &mut Random, someone: impl Fn(&mut Random) -> Username) {
    let bio = if random.chance(permille::BIO) { Bio::new(random, someone) } else { Bio::default() };
    let link = random.chance(permille::LINK).then(|| Link::new(random));
    user.entities = bio::entities(link.as_ref(), &bio);
    user.description = bio.text;
    user.url = link.map(|link| link.url);
    user.location = random.chance(permille::LOCATION).then(|| random.word(LOCATIONS).to_owned());
}

fn images(user: &mut User, random: &mut Random) {
    let mut image = String::with_capacity(84);
    if random.chance(permille::IMAGE) {
        // Writing to a String cannot fail; so below.
        let _ = write!(image, "https://pbs.twimg.com/profile_images/{}/", random.next() >> 3);
        random.letters(8, &mut image);
        image.push_str("_normal.jpg");
    } else {
        image.push_str(DEFAULT_IMAGE);
    }
    user.profile_image_url = Some(image);
    if random.chance(permille::BANNER) {
        let seconds = 1_400_000_000 + random.below(350_000_000);
        let mut banner = String::with_capacity(80);
        let _ = write!(banner, "https://pbs.twimg.com/profile_banners/{}/{seconds}", user.id);
        user.profile_banner_url = Some(banner);
    }
}

/// The ids of posts hold a time between that of the account and that of the observation.
fn posts(user: &mut User, birth: Birth, random: &mut Random) {
    let first = birth.at_ms.max(POST_SNOWFLAKES_MS);
    let mut post_after = |at_ms: u64| {
        let at_ms = at_ms + random.below(OBSERVED_AT - at_ms);
        (at_ms, TweetId::new(snowflake(at_ms, user.id.get())))
    };
    let (pinned_at, pinned) = post_after(first);
    let (_, most_recent) = post_after(pinned_at);
    user.pinned_tweet_id = random.chance(permille::PINNED).then_some(pinned);
    let posts = user.pinned_tweet_id.is_some() || random.chance(permille::MOST_RECENT);
    user.most_recent_tweet_id = posts.then_some(most_recent);
}

fn metrics(random: &mut Random) -> UserMetrics {
    /// Above the greatest number of posts of a real account.
    const MAX: u64 = 40_000_000;
    /// Above the greatest number of followers of a real account.
    const MAX_FOLLOWERS: u64 = 250_000_000;
    let followers = random.count(60).min(MAX_FOLLOWERS);
    UserMetrics {
        followers,
        following: random.count(150).min(1_000_000),
        tweets: random.count(250).min(MAX),
        listed: (followers / 100).min(random.count(2)),
        likes: Some(random.count(300).min(MAX)),
        media: Some(random.count(20).min(MAX)),
    }
}
