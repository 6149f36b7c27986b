//! The posts that synthetic users pinned.

use model::{RawJson, Tweet, TweetField, TweetId, TweetMetrics, UserId};

use super::OBSERVED_AT;
use super::birth::{snowflake_ms, whole_second};
use super::random::Random;
use super::words::{LANGUAGES, PHRASES, POSTS, SIGNS};

/// The post with this id.
pub(super) fn of(id: TweetId, author_id: UserId, random: &mut Random) -> Tweet {
    let own_id = format!("\"{id}\"");
    let member = |field, json: &str| (field, RawJson::from_compact(json));
    Tweet {
        id,
        text: text(random),
        author_id: Some(author_id),
        created_at: Some(whole_second(snowflake_ms(id.get()))),
        public_metrics: Some(metrics(random)),
        references: Vec::new(),
        v1_members: None,
        members: vec![
            member(TweetField::EditHistoryTweetIds, &format!("[{own_id}]")),
            member(TweetField::ConversationId, &own_id),
            member(TweetField::Lang, &format!("\"{}\"", random.word(LANGUAGES))),
            member(TweetField::ReplySettings, "\"everyone\""),
            member(TweetField::PossiblySensitive, "false"),
        ],
        observed_at: Some(whole_second(OBSERVED_AT)),
    }
}

fn text(random: &mut Random) -> String {
    let mut text = random.word(POSTS).to_owned();
    for _ in 0..random.below(5) {
        text.push_str(if random.chance(300) { "\n" } else { ". " });
        // Texts of posts are HTML-escaped, bios are not.
        text.push_str(&random.word(PHRASES).replace('&', "&amp;"));
    }
    if random.chance(200) {
        text.push(' ');
        text.push_str(random.word(SIGNS));
    }
    text
}

fn metrics(random: &mut Random) -> TweetMetrics {
    let likes = random.count(12).min(5_000_000);
    TweetMetrics {
        retweets: random.count(1).min(likes),
        replies: random.count(1).min(likes),
        likes,
        quotes: Some(random.count(1).min(likes / 4)),
        bookmarks: Some(random.count(1).min(likes / 2)),
        impressions: Some(likes * (10 + random.below(90))),
    }
}
