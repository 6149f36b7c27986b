//! Posts (*Tweets* in the words of the API), as far as users refer to them.

use std::fmt;
use std::str::FromStr;

use crate::words::words;
use crate::{JsonStr, RawJson, Timestamp, TweetId, UserId};

/// Why a word is not a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownField;

impl fmt::Display for UnknownField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no such field")
    }
}

impl std::error::Error for UnknownField {}

macro_rules! tweet_fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The members of a post, in the order in which replies and records hold them.
        ///
        /// The numbers are stored: new members go to the end.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum TweetField { $($(#[$doc])* $variant,)* }

        impl TweetField {
            /// Every field, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word of `tweet.fields` and of the member.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

tweet_fields! {
    /// Always shown.
    Id = "id",
    /// Always shown. HTML-escaped, as X delivers it.
    Text = "text",
    /// The ids of all versions of an edited post.
    EditHistoryTweetIds = "edit_history_tweet_ids",
    /// The account that wrote it.
    AuthorId = "author_id",
    /// When it was written.
    CreatedAt = "created_at",
    /// The post that began the conversation.
    ConversationId = "conversation_id",
    /// The account that is answered.
    InReplyToUserId = "in_reply_to_user_id",
    /// The posts that it retweets, quotes or answers.
    ReferencedTweets = "referenced_tweets",
    /// Media and polls.
    Attachments = "attachments",
    /// Links, hashtags, mentions, cashtags, annotations.
    Entities = "entities",
    /// Topics that X recognised.
    ContextAnnotations = "context_annotations",
    /// A place or a point.
    Geo = "geo",
    /// BCP 47 language tag.
    Lang = "lang",
    /// Who may reply.
    ReplySettings = "reply_settings",
    /// The application that posted it.
    Source = "source",
    /// Links to sensitive content.
    PossiblySensitive = "possibly_sensitive",
    /// Counts that everybody sees.
    PublicMetrics = "public_metrics",
    /// Counts for the author alone.
    NonPublicMetrics = "non_public_metrics",
    /// Counts outside advertising, for the author alone.
    OrganicMetrics = "organic_metrics",
    /// Counts of advertising, for the author alone.
    PromotedMetrics = "promoted_metrics",
    /// Where it is withheld.
    Withheld = "withheld",
    /// Until when and how often it can be edited.
    EditControls = "edit_controls",
    /// The whole text of a long post.
    NoteTweet = "note_tweet",
    /// A long-form article.
    Article = "article",
    /// The card below the text.
    CardUri = "card_uri",
    /// The community it was posted in.
    CommunityId = "community_id",
    /// The part of the text that is shown.
    DisplayTextRange = "display_text_range",
    /// Community notes on its media.
    MatchedMediaNotes = "matched_media_notes",
    /// Descriptions of its media.
    MediaMetadata = "media_metadata",
    /// Requests for a community note.
    NoteRequestSuggestions = "note_request_suggestions",
    /// Whether it is a paid partnership.
    PaidPartnership = "paid_partnership",
    /// Who may see it.
    Scopes = "scopes",
    /// Sources suggested for a community note.
    SuggestedSourceLinks = "suggested_source_links",
    /// The same, with how often each was suggested.
    SuggestedSourceLinksWithCounts = "suggested_source_links_with_counts",
}

impl TweetField {
    /// The bit of this field in a set of fields.
    #[must_use]
    pub const fn bit(self) -> u64 {
        1 << self as u8
    }

    /// The field with this number, as stored.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

impl FromStr for TweetField {
    type Err = UnknownField;

    fn from_str(name: &str) -> Result<Self, UnknownField> {
        Self::ALL.iter().copied().find(|field| field.name() == name).ok_or(UnknownField)
    }
}

/// `public_metrics` of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TweetMetrics {
    /// Times it was retweeted.
    pub retweets: u64,
    /// Times it was answered.
    pub replies: u64,
    /// Times it was liked.
    pub likes: u64,
    /// Times it was quoted. Absent for posts that come from v1.1.
    pub quotes: Option<u64>,
    /// Times it was bookmarked; X shows it since 2022.
    pub bookmarks: Option<u64>,
    /// Times it was seen; X shows it since 2022.
    pub impressions: Option<u64>,
}

words! {
    /// How one post refers to another.
    ReferenceKind {
        /// It repeats the other.
        Retweeted = "retweeted",
        /// It quotes the other.
        Quoted = "quoted",
        /// It answers the other.
        RepliedTo = "replied_to",
    }
}

/// One member of `referenced_tweets`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reference {
    /// How.
    pub kind: ReferenceKind,
    /// To which post.
    pub id: TweetId,
}

/// A post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tweet {
    /// Never changes.
    pub id: TweetId,
    /// HTML-escaped as X delivers it (`&amp;`, `&lt;`, `&gt;`), without JSON escapes.
    pub text: String,
    /// Who wrote it. A post without a known author counts as public.
    pub author_id: Option<UserId>,
    /// When it was written.
    pub created_at: Option<Timestamp>,
    /// Counts that everybody sees.
    pub public_metrics: Option<TweetMetrics>,
    /// What it retweets, quotes or answers.
    pub references: Vec<Reference>,
    /// Every other member as a complete JSON value, in the order of [`TweetField`],
    /// each field at most once and none of those that have a place above.
    pub members: Vec<(TweetField, RawJson)>,
    /// What only v1.1 shows of it, as an object of members with their names there.
    pub v1_members: Option<RawJson>,
    /// When this was so. A newer observation replaces an older one.
    pub observed_at: Option<Timestamp>,
}

impl Tweet {
    /// The number of [`Tweet::v1_members`] among packed members, where they stand last. It is no
    /// field and never will be.
    pub const V1_MEMBERS: u8 = u8::MAX;

    /// The fields that have a place of their own and never stand in `members`.
    pub const TYPED: u64 = TweetField::Id.bit()
        | TweetField::Text.bit()
        | TweetField::AuthorId.bit()
        | TweetField::CreatedAt.bit()
        | TweetField::PublicMetrics.bit()
        | TweetField::ReferencedTweets.bit();

    /// A post of which only the id and the text are known.
    #[must_use]
    pub fn new(id: TweetId, text: impl Into<String>) -> Self {
        Self {
            id,
            text: text.into(),
            author_id: None,
            created_at: None,
            public_metrics: None,
            references: Vec::new(),
            members: Vec::new(),
            v1_members: None,
            observed_at: None,
        }
    }
}

/// See [`TweetRef::members_in_order`]; what was not asked for yet.
#[derive(Debug, Clone, Copy)]
pub struct PackedMembers<'a>(&'a [u8]);

impl<'a> PackedMembers<'a> {
    /// The value of a field. Fields must be asked for in their order.
    #[inline]
    pub fn take(&mut self, field: TweetField) -> Option<&'a [u8]> {
        loop {
            let (&[number, l0, l1, l2, l3], after) = self.0.split_first_chunk::<5>()?;
            if number > field as u8 {
                return None;
            }
            let (value, rest) = after.split_at_checked(u32::from_le_bytes([l0, l1, l2, l3]) as usize)?;
            self.0 = rest;
            if number == field as u8 {
                return Some(value);
            }
        }
    }
}

/// A post as it lies in a record, ready to be copied into a reply.
#[derive(Debug, Clone, Copy)]
pub struct TweetRef<'a> {
    /// See [`Tweet::id`].
    pub id: TweetId,
    /// See [`Tweet::text`].
    pub text: JsonStr<'a>,
    /// See [`Tweet::author_id`].
    pub author_id: Option<UserId>,
    /// See [`Tweet::created_at`].
    pub created_at: Option<Timestamp>,
    /// See [`Tweet::public_metrics`].
    pub public_metrics: Option<TweetMetrics>,
    /// See [`TweetRef::references`]: nine bytes each, the kind and the id.
    pub packed_references: &'a [u8],
    /// See [`TweetRef::members`]: field number, length as u32 little-endian, value.
    pub packed_members: &'a [u8],
}

impl<'a> TweetRef<'a> {
    /// See [`Tweet::references`].
    pub fn references(&self) -> impl Iterator<Item = Reference> + use<'a> {
        let (packed, _) = self.packed_references.as_chunks::<9>();
        packed.iter().filter_map(|&[kind, id @ ..]| {
            let (kind, _) = ReferenceKind::ALL.get(usize::from(kind))?;
            Some(Reference { kind: *kind, id: TweetId::new(u64::from_le_bytes(id)) })
        })
    }

    /// See [`Tweet::members`], in the order of [`TweetField`].
    pub fn members(&self) -> impl Iterator<Item = (TweetField, &'a [u8])> + use<'a> {
        self.packed().map_while(|(number, value)| Some((TweetField::from_number(number)?, value)))
    }

    /// The same for those who ask for fields one after the other.
    #[must_use]
    pub const fn members_in_order(&self) -> PackedMembers<'a> {
        PackedMembers(self.packed_members)
    }

    /// See [`Tweet::v1_members`].
    #[must_use]
    pub fn v1_members(&self) -> Option<&'a [u8]> {
        self.packed().find_map(|(number, value)| (number == Tweet::V1_MEMBERS).then_some(value))
    }

    fn packed(&self) -> impl Iterator<Item = (u8, &'a [u8])> + use<'a> {
        let mut rest = self.packed_members;
        std::iter::from_fn(move || {
            let (&[number, l0, l1, l2, l3], after) = rest.split_first_chunk::<5>()?;
            let (value, after) = after.split_at_checked(u32::from_le_bytes([l0, l1, l2, l3]) as usize)?;
            rest = after;
            Some((number, value))
        })
    }
}
