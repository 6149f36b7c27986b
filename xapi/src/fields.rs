//! The words of the field parameters and of `expansions`, as tables.
//!
//! A word has a meaning, the dialects that know it, and the vocabulary it is taken
//! from. Aliases are words like others that are not listed in messages.

use model::TweetField;

use crate::operation::Dialect;

/// Whether a reply speaks of tweets or of posts (OpenAPI 2.166 or 2.167 of X).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Vocabulary {
    /// `tweet.fields`, `pinned_tweet_id`, `includes.tweets`.
    #[default]
    Tweet,
    /// `post.fields`, `pinned_post_id`, `includes.posts`.
    Post,
}

macro_rules! user_fields {
    ($($(#[$doc:meta])* $variant:ident,)*) => {
        /// A member of a user, in the order in which replies hold them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum UserField { $($(#[$doc])* $variant,)* }

        impl UserField {
            /// Every member, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The bit of this member in a set of members.
            #[must_use]
            pub const fn bit(self) -> u64 {
                1 << self as u8
            }
        }
    };
}

user_fields! {
    /// Always shown.
    Id,
    /// Always shown.
    Name,
    /// Always shown.
    Username,
    /// Where the account is withheld; left out when nowhere.
    Withheld,
    /// When the account was made.
    CreatedAt,
    /// The bio; `""` when there is none.
    Description,
    /// What the URL and the bio contain; left out when nothing.
    Entities,
    /// Left out when there is none.
    Location,
    /// Left out when there is none.
    PinnedTweetId,
    /// Left out when there is none.
    ProfileBannerUrl,
    /// Left out when there is none.
    ProfileImageUrl,
    /// Always known.
    Protected,
    /// Followers, following, posts, lists.
    PublicMetrics,
    /// The website; `""` when there is none.
    Url,
    /// Always known.
    Verified,
    /// `None` but for the user itself.
    SubscriptionType,
    /// `none` when nothing else is known.
    VerifiedType,
    /// Left out when there is none.
    MostRecentTweetId,
    /// Left out when unknown.
    IsIdentityVerified,
    /// Left out when there is none.
    Affiliation,
    /// Relative to the signed-in user.
    ConnectionStatus,
    /// Relative to the signed-in user.
    ReceivesYourDm,
    /// Left out when unknown.
    VerifiedFollowersCount,
    /// Left out when unknown.
    Parody,
    /// Relative to the signed-in user.
    SubscribesToYou,
    /// Relative to the signed-in user.
    Subscription,
    /// For the user itself, with the scope `users.email`.
    ConfirmedEmail,
}

/// Something that `expansions` brings into `includes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Expansion {
    /// The organisations of an affiliation.
    Affiliation,
    /// The newest post.
    MostRecentTweet,
    /// The pinned post.
    PinnedTweet,
    /// The posts to which a pinned post refers. Ours: X has it for posts alone.
    PinnedTweetReferences,
}

impl Expansion {
    /// The bit of this expansion in a set.
    #[must_use]
    pub const fn bit(self) -> u64 {
        1 << self as u8
    }

    /// The member of a user that it shows as well, asked for or not.
    #[must_use]
    pub const fn user_field(self) -> UserField {
        match self {
            Self::Affiliation => UserField::Affiliation,
            Self::MostRecentTweet => UserField::MostRecentTweetId,
            Self::PinnedTweet | Self::PinnedTweetReferences => UserField::PinnedTweetId,
        }
    }
}

/// One word of a parameter.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// As it is written.
    pub name: &'static str,
    /// The bit of what it means in the set of its parameter.
    pub bit: u64,
    /// The vocabulary that a request with this word speaks.
    pub vocabulary: Vocabulary,
    /// Whether Labs v2 knows it. API v2 knows every word of a table that it uses.
    pub in_labs: bool,
    /// Whether "is not one of […]" lists it. Words are listed in the order of their table.
    pub listed: bool,
}

impl Word {
    /// Whether the dialect takes this word.
    #[must_use]
    pub const fn is_known_to(&self, dialect: Dialect) -> bool {
        match dialect {
            Dialect::V2 => true,
            Dialect::Labs => self.in_labs,
            Dialect::V1 | Dialect::TweetBinder => false,
        }
    }
}

const fn both(name: &'static str, bit: u64) -> Word {
    Word { name, bit, vocabulary: Vocabulary::Tweet, in_labs: true, listed: true }
}

const fn v2(name: &'static str, bit: u64) -> Word {
    Word { in_labs: false, ..both(name, bit) }
}

/// A word that means the same as another and is not listed.
const fn alias(name: &'static str, bit: u64) -> Word {
    Word { listed: false, ..both(name, bit) }
}

/// A word of the post vocabulary, which Labs does not know.
const fn post(name: &'static str, bit: u64) -> Word {
    Word { vocabulary: Vocabulary::Post, in_labs: false, listed: false, ..both(name, bit) }
}

/// `user.fields`.
#[rustfmt::skip]
pub static USER_FIELDS: &[Word] = &[
    v2("affiliation", UserField::Affiliation.bit()),
    v2("confirmed_email", UserField::ConfirmedEmail.bit()),
    v2("connection_status", UserField::ConnectionStatus.bit()),
    both("created_at", UserField::CreatedAt.bit()),
    both("description", UserField::Description.bit()),
    both("entities", UserField::Entities.bit()),
    both("id", UserField::Id.bit()),
    v2("is_identity_verified", UserField::IsIdentityVerified.bit()),
    both("location", UserField::Location.bit()),
    v2("most_recent_tweet_id", UserField::MostRecentTweetId.bit()),
    both("name", UserField::Name.bit()),
    v2("parody", UserField::Parody.bit()),
    both("pinned_tweet_id", UserField::PinnedTweetId.bit()),
    v2("profile_banner_url", UserField::ProfileBannerUrl.bit()),
    both("profile_image_url", UserField::ProfileImageUrl.bit()),
    both("protected", UserField::Protected.bit()),
    both("public_metrics", UserField::PublicMetrics.bit()),
    v2("receives_your_dm", UserField::ReceivesYourDm.bit()),
    v2("subscribes_to_you", UserField::SubscribesToYou.bit()),
    v2("subscription", UserField::Subscription.bit()),
    v2("subscription_type", UserField::SubscriptionType.bit()),
    both("url", UserField::Url.bit()),
    both("username", UserField::Username.bit()),
    both("verified", UserField::Verified.bit()),
    v2("verified_followers_count", UserField::VerifiedFollowersCount.bit()),
    v2("verified_type", UserField::VerifiedType.bit()),
    both("withheld", UserField::Withheld.bit()),
    alias("withheld.country_codes", UserField::Withheld.bit()),
    alias("withheld.scope", UserField::Withheld.bit()),
    post("most_recent_post_id", UserField::MostRecentTweetId.bit()),
    post("pinned_post_id", UserField::PinnedTweetId.bit()),
];

/// `tweet.fields`, and `post.fields`.
///
/// unverified(labs-extra-fields): the four of Labs' OpenAPI document are taken as well.
/// unverified(article-title): `article_title` is taken as another name of `article`.
#[rustfmt::skip]
pub static TWEET_FIELDS: &[Word] = &[
    v2("article", TweetField::Article.bit()),
    both("attachments", TweetField::Attachments.bit()),
    both("author_id", TweetField::AuthorId.bit()),
    v2("card_uri", TweetField::CardUri.bit()),
    v2("community_id", TweetField::CommunityId.bit()),
    both("context_annotations", TweetField::ContextAnnotations.bit()),
    v2("conversation_id", TweetField::ConversationId.bit()),
    both("created_at", TweetField::CreatedAt.bit()),
    v2("display_text_range", TweetField::DisplayTextRange.bit()),
    v2("edit_controls", TweetField::EditControls.bit()),
    v2("edit_history_tweet_ids", TweetField::EditHistoryTweetIds.bit()),
    both("entities", TweetField::Entities.bit()),
    both("geo", TweetField::Geo.bit()),
    both("id", TweetField::Id.bit()),
    both("in_reply_to_user_id", TweetField::InReplyToUserId.bit()),
    both("lang", TweetField::Lang.bit()),
    v2("matched_media_notes", TweetField::MatchedMediaNotes.bit()),
    v2("media_metadata", TweetField::MediaMetadata.bit()),
    both("non_public_metrics", TweetField::NonPublicMetrics.bit()),
    v2("note_request_suggestions", TweetField::NoteRequestSuggestions.bit()),
    v2("note_tweet", TweetField::NoteTweet.bit()),
    both("organic_metrics", TweetField::OrganicMetrics.bit()),
    v2("paid_partnership", TweetField::PaidPartnership.bit()),
    both("possibly_sensitive", TweetField::PossiblySensitive.bit()),
    both("promoted_metrics", TweetField::PromotedMetrics.bit()),
    both("public_metrics", TweetField::PublicMetrics.bit()),
    both("referenced_tweets", TweetField::ReferencedTweets.bit()),
    v2("reply_settings", TweetField::ReplySettings.bit()),
    v2("scopes", TweetField::Scopes.bit()),
    both("source", TweetField::Source.bit()),
    v2("suggested_source_links", TweetField::SuggestedSourceLinks.bit()),
    v2("suggested_source_links_with_counts", TweetField::SuggestedSourceLinksWithCounts.bit()),
    both("text", TweetField::Text.bit()),
    both("withheld", TweetField::Withheld.bit()),
    post("article_title", TweetField::Article.bit()),
    post("edit_history_post_ids", TweetField::EditHistoryTweetIds.bit()),
    post("note_post", TweetField::NoteTweet.bit()),
    post("referenced_posts", TweetField::ReferencedTweets.bit()),
];

/// `expansions`.
#[rustfmt::skip]
pub static EXPANSIONS: &[Word] = &[
    v2("affiliation.user_id", Expansion::Affiliation.bit()),
    v2("most_recent_tweet_id", Expansion::MostRecentTweet.bit()),
    both("pinned_tweet_id", Expansion::PinnedTweet.bit()),
    Word { in_labs: false, ..alias("pinned_tweet_id.referenced_tweets.id", Expansion::PinnedTweetReferences.bit() | Expansion::PinnedTweet.bit()) },
    post("affiliation", Expansion::Affiliation.bit()),
    post("most_recent_post_id", Expansion::MostRecentTweet.bit()),
    post("pinned_post_id", Expansion::PinnedTweet.bit()),
];

macro_rules! ineffective {
    ($($(#[$doc:meta])* $table:ident: $($name:literal)*;)*) => {
        $($(#[$doc])* pub static $table: &[Word] = &[$(both($name, 0)),*];)*
    };
}

ineffective! {
    /// `media.fields` of Labs, which users have no use for.
    MEDIA_FIELDS: "duration_ms" "height" "media_key" "preview_image_url" "type" "url" "width";
    /// `place.fields` of Labs, which users have no use for.
    PLACE_FIELDS: "contained_within" "country" "country_code" "full_name" "geo" "id" "name" "place_type";
    /// `poll.fields` of Labs, which users have no use for.
    POLL_FIELDS: "duration_minutes" "end_datetime" "id" "options" "voting_status";
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLES: [&[Word]; 6] = [USER_FIELDS, TWEET_FIELDS, EXPANSIONS, MEDIA_FIELDS, PLACE_FIELDS, POLL_FIELDS];

    #[test]
    fn words_are_unique_and_listed_in_alphabetical_order() {
        for table in TABLES {
            let listed: Vec<_> = table.iter().filter(|word| word.listed).map(|word| word.name).collect();
            assert!(listed.is_sorted(), "{listed:?}");
            let mut all: Vec<_> = table.iter().map(|word| word.name).collect();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), table.len());
        }
    }

    #[test]
    fn every_member_has_a_word() {
        let words = |table: &[Word]| table.iter().filter(|word| word.listed).fold(0, |set, word| set | word.bit);
        assert_eq!(words(USER_FIELDS), UserField::ALL.iter().fold(0, |set, field| set | field.bit()));
        assert_eq!(words(TWEET_FIELDS), TweetField::ALL.iter().fold(0, |set, field| set | field.bit()));
        for field in TweetField::ALL {
            assert!(TWEET_FIELDS.iter().any(|word| word.name == field.name() && word.bit == field.bit()));
        }
    }

    #[test]
    fn labs_has_the_words_of_its_reference_page() {
        let count = |table: &[Word]| table.iter().filter(|word| word.in_labs && word.listed).count();
        assert_eq!((count(USER_FIELDS), count(TWEET_FIELDS), count(EXPANSIONS)), (14, 18, 1));
    }
}
