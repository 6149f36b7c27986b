//! Synthetic users, each with a pinned post, as native NDJSON, and who follows whom.
//!
//! Names, bios and links have lengths and letters as real ones do. The same number of
//! users gives the same file.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::{Value, json};

use crate::random::Random;

const FIRST: &[&str] = &[
    "Amelia", "Noah", "Yuki", "Olga", "Mateus", "Fátima", "Léa", "Jürgen", "Priya", "Kwame", "Ana", "田中", "Mehmet",
    "Zoë", "Dmitri", "Ingrid", "Luis", "Nia", "Omar", "Sofía",
];
const LAST: &[&str] = &[
    "Smith", "Nakamura", "Ivanova", "Silva", "al-Sayed", "Dubois", "Müller", "Sharma", "Mensah", "Kovač", "花子",
    "Yılmaz", "García", "O'Neill", "Petrov", "Berg", "Ramos", "Okafor", "Haddad", "Jensen",
];
const WORDS: &[&str] = &[
    "coffee",
    "journalist",
    "opinions",
    "my",
    "own",
    "researcher",
    "at",
    "the",
    "university",
    "of",
    "birds",
    "football",
    "🐦",
    "🌍",
    "mother",
    "engineer",
    "writing",
    "about",
    "data",
    "climate",
    "music",
    "photos",
    "he/him",
    "she/her",
    "dreamer",
    "est.",
    "2009",
    "“views”",
    "not",
    "advice",
    "running",
    "&amp;",
    "cats",
    "news",
    "politics",
    "日本語",
];
const PLACES: &[&str] =
    &["Berlin", "São Paulo", "東京", "Lagos, Nigeria", "NYC", "everywhere", "Paris, France", "earth 🌍"];

/// The id of the user with this number: the first third are short, as of early users,
/// the others have a time in them.
pub(super) fn id(number: usize) -> u64 {
    let number = number as u64;
    if number.is_multiple_of(3) { 12_000 + number * 797 } else { 700_000_000_000_000_000 + number * 12_345_678_901 }
}

/// The username of the user with this number.
pub(super) fn username(number: usize) -> String {
    let word = ["real", "the", "news", "its_", "Dr_", "x"].get(number % 6).copied().unwrap_or_default();
    format!("{word}u_{number}")
}

/// The file with this many users, which is made unless it is there.
pub(super) fn file(folder: &Path, users: usize) -> Result<PathBuf> {
    let path = folder.join(format!("users-{users}.ndjson"));
    if !path.is_file() {
        let unfinished = path.with_extension("unfinished");
        let mut out = BufWriter::new(File::create(&unfinished)?);
        let mut random = Random::new(users as u64);
        for number in 0..users {
            write_user(&mut out, number, &mut random)?;
        }
        out.flush()?;
        fs::rename(unfinished, &path)?;
    }
    Ok(path)
}

/// So many each user follows, besides the first, whom all follow.
const FOLLOWS: usize = 20;

/// The file with the follows of so many users, which is made unless it is there.
pub(super) fn follows_file(folder: &Path, users: usize) -> Result<PathBuf> {
    let path = folder.join(format!("follows-{users}.txt"));
    if !path.is_file() {
        let unfinished = path.with_extension("unfinished");
        let mut out = BufWriter::new(File::create(&unfinished)?);
        for (follower, followed) in (1..users).flat_map(|user| followed_by(users, user).map(move |other| (user, other)))
        {
            writeln!(out, "{} {}", id(follower), id(followed))?;
        }
        out.flush()?;
        fs::rename(unfinished, &path)?;
    }
    Ok(path)
}

/// Whom a user follows from the start.
fn followed_by(users: usize, user: usize) -> impl Iterator<Item = usize> {
    let step = users / (FOLLOWS + 1);
    let others = (1..=FOLLOWS).map(move |number| (user + number * step) % users);
    others.chain([0]).filter(move |_| user > 0)
}

/// Whether one follows another from the start.
pub(super) fn follows(users: usize, one: usize, other: usize) -> bool {
    followed_by(users, one).any(|followed| followed == other)
}

fn write_user(out: &mut impl Write, number: usize, random: &mut Random) -> Result<()> {
    let (id, pinned) = (id(number), 900_000_000_000_000_000 + number as u64 * 3_000_017);
    let name = format!("{} {}", word(random, FIRST), word(random, LAST));
    let short = format!("https://t.co/{number:010}");
    let created_at = time(random);
    let user = json!({
        "id": id.to_string(), "username": username(number), "name": name, "created_at": created_at,
        "description": text(random, 4, 18), "location": word(random, PLACES), "url": short,
        "entities": { "url": { "urls": [link(&short, number)] } },
        "pinned_tweet_id": pinned.to_string(), "most_recent_tweet_id": (pinned + 5).to_string(),
        "profile_image_url": format!("https://pbs.twimg.com/profile_images/{id}/photo_normal.jpg"),
        "profile_banner_url": format!("https://pbs.twimg.com/profile_banners/{id}/1500000000"),
        "verified": random.below(20) == 0,
        "public_metrics": { "followers_count": random.below(100_000), "following_count": random.below(5_000),
            "tweet_count": random.below(50_000), "listed_count": random.below(500), "like_count": random.below(20_000),
            "media_count": random.below(900) },
        "observed_at": "2026-01-01T00:00:00.000Z", "synthetic": true,
    });
    let post = json!({
        "id": pinned.to_string(), "text": text(random, 8, 32), "author_id": id.to_string(),
        "conversation_id": pinned.to_string(), "created_at": created_at,
        "public_metrics": { "retweet_count": random.below(900), "reply_count": random.below(90),
            "like_count": random.below(9_000), "quote_count": random.below(50), "bookmark_count": random.below(90),
            "impression_count": random.below(900_000) },
        "edit_history_tweet_ids": [pinned.to_string()], "lang": "en", "source": "Twitter Web App",
        "possibly_sensitive": false, "reply_settings": "everyone", "observed_at": "2026-01-01T00:00:00.000Z",
    });
    writeln!(out, "{}\n{}", json!({ "user": user }), json!({ "tweet": post }))?;
    Ok(())
}

fn word(random: &mut Random, words: &[&'static str]) -> &'static str {
    random.pick(words).copied().unwrap_or_default()
}

fn text(random: &mut Random, least: usize, most: usize) -> String {
    let words: Vec<&str> = (0..least + random.below(most - least)).map(|_| word(random, WORDS)).collect();
    words.join(" ")
}

fn time(random: &mut Random) -> String {
    let [month, day, hour, second] = [12, 28, 24, 60].map(|limit| random.below(limit));
    format!("{}-{:02}-{:02}T{hour:02}:30:{second:02}.000Z", 2008 + random.below(16), month + 1, day + 1)
}

fn link(short: &str, number: usize) -> Value {
    let address = format!("https://www.example.com/people/{number}");
    json!({ "start": 0, "end": short.len(), "url": short, "expanded_url": address, "display_url": address.get(12..) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_usernames_are_unique_and_valid() {
        let mut seen: Vec<u64> = (0..200_000).map(id).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 200_000);
        assert!((0..40_000_000).step_by(99_991).all(|number| username(number).len() <= 15));
    }
}
