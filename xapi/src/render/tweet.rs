//! One post, in the order of [`TweetField`].
//!
//! A record holds the members with a place of their own and a packed list of the
//! others, in the same order; this walks the list once and puts the former in between.
//!
//! unverified(key-order): X's order is that of a hash map.

use model::{TweetField, TweetMetrics, TweetRef};

use super::{write_escaped, write_number};
use crate::fields::Vocabulary;
use crate::view::View;

/// Appends a post as an object.
pub(super) fn write(tweet: &TweetRef<'_>, view: &View, viewer_is_author: bool, out: &mut Vec<u8>) {
    write_number("{\"id\":\"", tweet.id.get(), out);
    write_escaped("\",\"text\":\"", tweet.text.as_bytes(), out);
    let mut members = tweet.members_in_order();
    for &field in view.tweet_fields_for(viewer_is_author) {
        match (field, members.take(field)) {
            // They stand in front already.
            (TweetField::Id | TweetField::Text, _) => {}
            (TweetField::AuthorId, _) => {
                if let Some(author) = tweet.author_id {
                    write_number(",\"author_id\":\"", author.get(), out);
                    out.push(b'"');
                }
            }
            (TweetField::CreatedAt, _) => {
                if let Some(created_at) = tweet.created_at {
                    out.extend_from_slice(b",\"created_at\":\"");
                    created_at.write_iso(out);
                    out.push(b'"');
                }
            }
            (TweetField::PublicMetrics, _) => {
                if let Some(metrics) = &tweet.public_metrics {
                    write_metrics(metrics, view.vocabulary, out);
                }
            }
            (TweetField::ReferencedTweets, _) => write_references(tweet, view.vocabulary, out),
            // A post that was never edited is its own history.
            (TweetField::EditHistoryTweetIds, None) => {
                open(field, view.vocabulary, out);
                write_number("[\"", tweet.id.get(), out);
                out.extend_from_slice(b"\"]");
            }
            (_, Some(value)) => {
                open(field, view.vocabulary, out);
                out.extend_from_slice(value);
            }
            (_, None) => {}
        }
    }
    out.push(b'}');
}

/// The name of a member in a vocabulary.
const fn name_in(vocabulary: Vocabulary, field: TweetField) -> &'static str {
    match (vocabulary, field) {
        (Vocabulary::Post, TweetField::EditHistoryTweetIds) => "edit_history_post_ids",
        (Vocabulary::Post, TweetField::ReferencedTweets) => "referenced_posts",
        (Vocabulary::Post, TweetField::NoteTweet) => "note_post",
        _ => field.name(),
    }
}

fn open(field: TweetField, vocabulary: Vocabulary, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name_in(vocabulary, field).as_bytes());
    out.extend_from_slice(b"\":");
}

/// unverified(metrics-beyond-four): members that recordings lack come when known.
fn write_metrics(metrics: &TweetMetrics, vocabulary: Vocabulary, out: &mut Vec<u8>) {
    let retweets = match vocabulary {
        Vocabulary::Tweet => ",\"public_metrics\":{\"retweet_count\":",
        Vocabulary::Post => ",\"public_metrics\":{\"repost_count\":",
    };
    write_number(retweets, metrics.retweets, out);
    write_number(",\"reply_count\":", metrics.replies, out);
    write_number(",\"like_count\":", metrics.likes, out);
    let known_later = [
        (",\"quote_count\":", metrics.quotes),
        (",\"bookmark_count\":", metrics.bookmarks),
        (",\"impression_count\":", metrics.impressions),
    ];
    for (name, count) in known_later {
        if let Some(count) = count {
            write_number(name, count, out);
        }
    }
    out.push(b'}');
}

fn write_references(tweet: &TweetRef<'_>, vocabulary: Vocabulary, out: &mut Vec<u8>) {
    let mut is_first = true;
    for reference in tweet.references() {
        if is_first {
            open(TweetField::ReferencedTweets, vocabulary, out);
        }
        write_escaped(if is_first { "[{\"type\":\"" } else { ",{\"type\":\"" }, reference.kind.name().as_bytes(), out);
        write_number(",\"id\":\"", reference.id.get(), out);
        out.extend_from_slice(b"\"}");
        is_first = false;
    }
    if !is_first {
        out.push(b']');
    }
}
