//! What inputs and members mean, a sentence each.

use model::TweetField;

use crate::fields::{Expansion, UserField};
use crate::parameters::FieldParameter;

/// What the input of this name means.
pub(super) fn of_input(name: &str) -> &'static str {
    INPUTS.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning).unwrap_or_default()
}

#[rustfmt::skip]
const INPUTS: &[(&str, &str)] = &[
    ("id", "The id of the user."),
    ("ids", "The ids of the users, without blanks between them."),
    ("username", "The username of the user, without @."),
    ("usernames", "The usernames of the users, without @ and without blanks between them."),
    ("alias", "The usernames of the accounts, with or without @."),
    ("source_user_id", "The id of the user who calls."),
    ("target_user_id", "The id of the user who is followed, or no more."),
    ("max_results", "How many users a page has at the most."),
    ("pagination_token", "Where the page begins: next_token or previous_token of another page."),
    ("user.fields", "What users show beside id, name and username."),
    ("expansions", "What comes along in includes."),
    ("tweet.fields", "What posts in includes show beside id and text."),
    ("media.fields", "Taken and without effect: users have no media."),
    ("place.fields", "Taken and without effect: users have no places."),
    ("poll.fields", "Taken and without effect: users have no polls."),
    ("user_id", "The user by id; user_id or screen_name names somebody."),
    ("screen_name", "The user by username; user_id or screen_name names somebody."),
    ("include_entities", "Whether users show their entities; true if nothing is said."),
    ("include_user_entities", "Whether users show their entities; true if nothing is said."),
    ("skip_status", "Whether the newest post of each user is left out."),
    ("tweet_mode", "Whether posts are cut at 140 characters (compat) or whole (extended)."),
    ("include_email", "Whether the e-mail address is shown to its owner."),
    ("resources", "The families that are shown, such as users or followers; all if nothing is said."),
    ("cursor", "Where the page begins: next_cursor or previous_cursor of another page."),
    ("count", "How many a page has at the most."),
    ("stringify_ids", "Whether ids are strings, which JavaScript needs."),
    ("follow", "Whether posts are notified; it is taken and changes nothing."),
    ("source_id", "The first user by id."),
    ("source_screen_name", "The first user by username."),
    ("target_id", "The second user by id."),
    ("target_screen_name", "The second user by username."),
    ("getUsersInfo", "Whether a page has profiles, which cost one of the balance each, in place of ids."),
    ("next", "Where the page begins: next_srt_token of another page."),
];

/// What a word of a parameter brings, which is `bit` there. Words without effect have no meaning.
pub(super) fn of_word(parameter: &FieldParameter, bit: u64) -> &'static str {
    let meaning = match parameter.name() {
        "user.fields" => UserField::ALL.iter().find(|field| field.bit() == bit).map(|field| of_user_member(*field)),
        "tweet.fields" => TweetField::ALL.iter().find(|field| field.bit() == bit).map(|field| of_post_member(*field)),
        "expansions" => EXPANSIONS.iter().find(|(expansion, _)| expansion.bit() == bit).map(|(_, meaning)| *meaning),
        _ => None,
    };
    meaning.unwrap_or_default()
}

const EXPANSIONS: [(Expansion, &str); 3] = [
    (Expansion::Affiliation, "The organisations of affiliations, in includes.users."),
    (Expansion::MostRecentTweet, "The newest posts, in includes.tweets."),
    (Expansion::PinnedTweet, "The pinned posts, in includes.tweets."),
];

/// What a member of a user means.
const fn of_user_member(field: UserField) -> &'static str {
    match field {
        UserField::Id => "The id; always shown. It is a string, as JavaScript cannot hold it as a number.",
        UserField::Name => "The name on the profile; always shown.",
        UserField::Username => "The username, without @; always shown.",
        UserField::Withheld => "The countries where the account is withheld; left out when there are none.",
        UserField::CreatedAt => "When the account was made, in ISO 8601.",
        UserField::Description => "The bio; empty when there is none.",
        UserField::Entities => {
            "Links, hashtags, cashtags and mentions in URL and bio, with their places in code points."
        }
        UserField::Location => "What the user calls its place; left out when there is none.",
        UserField::PinnedTweetId => "The post at the top of the profile; left out when there is none.",
        UserField::ProfileBannerUrl => "The picture across the profile; left out when there is none.",
        UserField::ProfileImageUrl => "The picture; left out when there is none.",
        UserField::Protected => "Whether posts and lists are for accepted followers alone.",
        UserField::PublicMetrics => "Numbers of followers, of those followed, of posts and of lists.",
        UserField::Url => "The website; empty when there is none.",
        UserField::Verified => "Whether the account is verified.",
        UserField::SubscriptionType => "The subscription, which only the user itself sees.",
        UserField::VerifiedType => "How it is verified: blue, business, government or none.",
        UserField::MostRecentTweetId => "The newest post; left out when there is none.",
        UserField::IsIdentityVerified => "Whether its identity was proven; left out when unknown.",
        UserField::Affiliation => "The organisation to which the account belongs; left out when there is none.",
        UserField::ConnectionStatus => "What connects it with the user who calls: such as following or blocking.",
        UserField::ReceivesYourDm => "Whether the user who calls may write to it.",
        UserField::VerifiedFollowersCount => "How many verified users follow it; left out when unknown.",
        UserField::Parody => "Whether it says that it is a parody; left out when unknown.",
        UserField::SubscribesToYou => "Whether it subscribes to the user who calls.",
        UserField::Subscription => "Whether the user who calls subscribes to it.",
        UserField::ConfirmedEmail => "The e-mail address, which only the user itself sees.",
    }
}

/// What a member of a post means.
const fn of_post_member(field: TweetField) -> &'static str {
    match field {
        TweetField::Id => "The id; always shown.",
        TweetField::Text => "The text, with & < and > as HTML has them; always shown.",
        TweetField::EditHistoryTweetIds => "The ids of all versions, the oldest first.",
        TweetField::AuthorId => "Who wrote it.",
        TweetField::CreatedAt => "When it was written, in ISO 8601.",
        TweetField::ConversationId => "The post that began the conversation.",
        TweetField::InReplyToUserId => "Who is answered.",
        TweetField::ReferencedTweets => "The posts that it retweets, quotes or answers.",
        TweetField::Attachments => "Its media and polls.",
        TweetField::Entities => "Links, hashtags, mentions and cashtags in the text.",
        TweetField::ContextAnnotations => "Topics that were recognised.",
        TweetField::Geo => "A place or a point.",
        TweetField::Lang => "The language, as a BCP 47 tag.",
        TweetField::ReplySettings => "Who may reply.",
        TweetField::Source => "The application that posted it.",
        TweetField::PossiblySensitive => "Whether a link leads to sensitive content.",
        TweetField::PublicMetrics => "Counts that everybody sees.",
        TweetField::NonPublicMetrics => "Counts that only the author sees.",
        TweetField::OrganicMetrics => "Counts outside advertising, which only the author sees.",
        TweetField::PromotedMetrics => "Counts of advertising, which only the author sees.",
        TweetField::Withheld => "Where it is withheld.",
        TweetField::EditControls => "Until when and how often it can be edited.",
        TweetField::NoteTweet => "The whole text of a long post.",
        TweetField::Article => "A long-form article.",
        TweetField::CardUri => "The card below the text.",
        TweetField::CommunityId => "The community it was posted in.",
        TweetField::DisplayTextRange => "The part of the text that is shown.",
        TweetField::MatchedMediaNotes => "Community notes on its media.",
        TweetField::MediaMetadata => "Descriptions of its media.",
        TweetField::NoteRequestSuggestions => "Requests for a community note.",
        TweetField::PaidPartnership => "Whether it is a paid partnership.",
        TweetField::Scopes => "Who may see it.",
        TweetField::SuggestedSourceLinks => "Sources suggested for a community note.",
        TweetField::SuggestedSourceLinksWithCounts => "The same, with how often each was suggested.",
    }
}
