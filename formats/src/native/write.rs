//! Writes users and posts as lines of the native form.

use model::{
    AccountState, Gender, SubscriptionType, Timestamp, Tweet, TweetId, TweetMetrics, User, UserId, UserMetrics,
    VerifiedType, Withheld,
};

use crate::entities;
use crate::raw::string;

/// Appends `user` as one line.
pub fn write_user(user: &User, out: &mut Vec<u8>) {
    out.extend_from_slice(br#"{"user":"#);
    let mut object = Object::open(out);
    object.number_text("id", user.id.get());
    object.text("username", user.username.as_str());
    object.text("name", &user.name);
    if user.state != AccountState::Active {
        object.text("state", user.state.name());
    }
    object.time("created_at", user.created_at);
    if !user.description.is_empty() {
        object.text("description", &user.description);
    }
    object.optional_text("location", user.location.as_deref());
    object.optional_text("url", user.url.as_deref());
    match &user.entities {
        Some(entities) => object.json("entities", entities.as_str()),
        None if entities::may_be_in_profile(user.url.as_deref(), &user.description) => {
            object.json("entities", "null");
        }
        None => {}
    }
    object.optional_number_text("pinned_tweet_id", user.pinned_tweet_id.map(TweetId::get));
    object.optional_number_text("most_recent_tweet_id", user.most_recent_tweet_id.map(TweetId::get));
    object.optional_text("profile_image_url", user.profile_image_url.as_deref());
    object.optional_text("profile_banner_url", user.profile_banner_url.as_deref());
    object.optional_flag("protected", user.protected.then_some(true));
    object.optional_flag("verified", user.verified.then_some(true));
    object.optional_text("verified_type", user.verified_type.map(VerifiedType::name));
    if let Some(metrics) = &user.metrics {
        user_metrics(metrics, object.member("public_metrics"));
    }
    object.optional_number("verified_followers_count", user.verified_followers);
    object.optional_flag("is_identity_verified", user.identity_verified);
    object.optional_flag("parody", user.parody);
    if user.subscription_type != SubscriptionType::None {
        object.text("subscription_type", user.subscription_type.name());
    }
    object.optional_text("confirmed_email", user.confirmed_email.as_deref());
    if let Some(affiliation) = &user.affiliation {
        object.json("affiliation", affiliation.json.as_str());
    }
    if let Some(withheld) = &user.withheld {
        user_withheld(withheld, object.member("withheld"));
    }
    if let Some(members) = &user.v1_members {
        object.json("v1_members", members.as_str());
    }
    object.optional_text("gender", user.gender.map(Gender::name));
    object.observed_at(user.observed_at);
    object.optional_flag("synthetic", user.synthetic.then_some(true));
    object.close();
    out.extend_from_slice(b"}\n");
}

/// Appends `tweet` as one line.
pub fn write_tweet(tweet: &Tweet, out: &mut Vec<u8>) {
    out.extend_from_slice(br#"{"tweet":"#);
    let mut object = Object::open(out);
    object.number_text("id", tweet.id.get());
    object.text("text", &tweet.text);
    object.optional_number_text("author_id", tweet.author_id.map(UserId::get));
    object.time("created_at", tweet.created_at);
    if let Some(metrics) = &tweet.public_metrics {
        tweet_metrics(metrics, object.member("public_metrics"));
    }
    if !tweet.references.is_empty() {
        let out = object.member("referenced_tweets");
        let mut separator = b'[';
        for reference in &tweet.references {
            out.push(separator);
            let mut item = Object::open(out);
            item.text("type", reference.kind.name());
            item.number_text("id", reference.id.get());
            item.close();
            separator = b',';
        }
        out.push(b']');
    }
    for (field, value) in &tweet.members {
        object.json(field.name(), value.as_str());
    }
    if let Some(members) = &tweet.v1_members {
        object.json("v1_members", members.as_str());
    }
    object.observed_at(tweet.observed_at);
    object.close();
    out.extend_from_slice(b"}\n");
}

fn user_metrics(metrics: &UserMetrics, out: &mut Vec<u8>) {
    let mut object = Object::open(out);
    object.number("followers_count", metrics.followers);
    object.number("following_count", metrics.following);
    object.number("tweet_count", metrics.tweets);
    object.number("listed_count", metrics.listed);
    object.optional_number("like_count", metrics.likes);
    object.optional_number("media_count", metrics.media);
    object.close();
}

fn tweet_metrics(metrics: &TweetMetrics, out: &mut Vec<u8>) {
    let mut object = Object::open(out);
    object.number("retweet_count", metrics.retweets);
    object.number("reply_count", metrics.replies);
    object.number("like_count", metrics.likes);
    object.optional_number("quote_count", metrics.quotes);
    object.optional_number("bookmark_count", metrics.bookmarks);
    object.optional_number("impression_count", metrics.impressions);
    object.close();
}

fn user_withheld(withheld: &Withheld, out: &mut Vec<u8>) {
    let mut object = Object::open(out);
    let codes = object.member("country_codes");
    codes.push(b'[');
    for (at, code) in withheld.country_codes.iter().enumerate() {
        if at > 0 {
            codes.push(b',');
        }
        codes.push(b'"');
        codes.extend_from_slice(code.as_bytes());
        codes.push(b'"');
    }
    codes.push(b']');
    if withheld.whole_account {
        object.text("scope", "user");
    }
    object.close();
}

/// An object that is being written.
struct Object<'o> {
    out: &'o mut Vec<u8>,
    separator: u8,
}

impl<'o> Object<'o> {
    fn open(out: &'o mut Vec<u8>) -> Self {
        Self { out, separator: b'{' }
    }

    /// Writes the name of a member; its value goes to the buffer returned.
    fn member(&mut self, name: &str) -> &mut Vec<u8> {
        self.out.extend_from_slice(&[self.separator, b'"']);
        self.separator = b',';
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    fn json(&mut self, name: &str, value: &str) {
        self.member(name).extend_from_slice(value.as_bytes());
    }

    fn text(&mut self, name: &str, value: &str) {
        string(value, self.member(name));
    }

    fn optional_text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    fn number(&mut self, name: &str, value: u64) {
        decimal(value, self.member(name));
    }

    fn optional_number(&mut self, name: &str, value: Option<u64>) {
        if let Some(value) = value {
            self.number(name, value);
        }
    }

    fn number_text(&mut self, name: &str, value: u64) {
        let out = self.member(name);
        out.push(b'"');
        decimal(value, out);
        out.push(b'"');
    }

    fn optional_number_text(&mut self, name: &str, value: Option<u64>) {
        if let Some(value) = value {
            self.number_text(name, value);
        }
    }

    fn optional_flag(&mut self, name: &str, value: Option<bool>) {
        if let Some(value) = value {
            self.json(name, if value { "true" } else { "false" });
        }
    }

    fn time(&mut self, name: &str, time: Option<Timestamp>) {
        if let Some(time) = time {
            let out = self.member(name);
            out.push(b'"');
            time.write_iso(out);
            out.push(b'"');
        }
    }

    fn observed_at(&mut self, time: Option<Timestamp>) {
        match time {
            Some(_) => self.time("observed_at", time),
            None => self.json("observed_at", "null"),
        }
    }

    fn close(self) {
        self.out.push(b'}');
    }
}

fn decimal(value: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}
