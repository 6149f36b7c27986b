//! How verbs and answers travel over `admin.sock`: one JSON object a line, a request
//! and then its answer, as many as the client likes. A large import is a conversation of
//! its own: see `import::bulk`.
//!
//! Users, posts and observations travel in the native form of `formats`.

use std::path::PathBuf;

use model::{AccountState, Conflict, Observation, Tweet, TweetId, User, UserId, Username};
use serde::{Deserialize, Serialize};
use store::{Copied, Imported, Stats, StoredFile};

use super::ca::{CaVerb, ShownCa};
use super::edges::{EdgePage, ListedPage};
use super::identity::{IdentityAnswer, IdentityVerb};
use super::user_key::UserKey;
use super::{Addresses, AdminError, Environment, FollowAnswer, FollowVerb, GuestDoors, SearchPage, UserSearch, wire};
use crate::explain::Explanation;
use crate::http::Sight;
use crate::import::{ImportedEdges, Importing, LargeImport};
use crate::limits;
use crate::requests::{self, ShownRequests};

/// The version of this protocol. Client and server must speak the same.
pub const VERSION: u32 = 1;

/// The longest line that a server reads, in bytes.
pub const MAX_LINE: usize = 64 << 20;

/// The longest that a client reads. A rejected line comes back in JSON, where a byte of it
/// can take six.
pub const MAX_REPLY: usize = 256 << 20;

/// A line of the client. It asks for one thing.
#[derive(Debug, Serialize, Deserialize)]
struct Request {
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verb: Option<Verb>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    large_import: Option<LargeImport>,
    #[serde(default)]
    edge_import: bool,
}

/// What a client asks for.
#[derive(Debug)]
pub(super) enum Ask {
    /// Something with one answer.
    Verb(Verb),
    /// To import what follows.
    LargeImport(LargeImport),
    /// To load the follows that come next.
    EdgeImport,
}

/// What every request begins with, whatever its version.
#[derive(Debug, Deserialize)]
struct AnyRequest {
    version: u32,
}

/// A line of the server.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Reply {
    pub(super) version: u32,
    pub(super) outcome: Result<Answer, AdminError>,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Verb {
    /// Say that somebody is there.
    Hello,
    /// Say where the server is and how to be let in.
    Environment,
    /// Show a user.
    GetUser {
        /// Whom.
        user: UserKey,
    },
    /// Make a user.
    CreateUser {
        /// Its id; without one, one is made from the time.
        #[serde(with = "wire::optional_text")]
        id: Option<UserId>,
        /// Its username.
        #[serde(with = "wire::text")]
        username: Username,
        /// Its name; without one, the username.
        name: Option<String>,
        /// Other members, each as `member=value`.
        members: Vec<String>,
    },
    /// Change members of a user.
    SetUser {
        /// Whose.
        user: UserKey,
        /// Each as `member=value`; see [`super::SETTABLE`].
        members: Vec<String>,
    },
    /// Give a user another username.
    RenameUser {
        /// Whom.
        user: UserKey,
        /// The new one.
        #[serde(with = "wire::text")]
        username: Username,
    },
    /// Suspend, deactivate or restore a user.
    SetState {
        /// Whom.
        user: UserKey,
        /// What it becomes.
        #[serde(with = "wire::state")]
        state: AccountState,
    },
    /// Forget a user.
    DeleteUser {
        /// Whom.
        user: UserKey,
    },
    /// Change or list who follows, blocks or mutes whom.
    Follows(FollowVerb),
    /// Look for users.
    Search(UserSearch),
    /// Show, change or reset rate limits.
    Limits(limits::Verb),
    /// Say why a request was refused.
    Explain {
        /// Which: its id, or the last one.
        request: Option<String>,
    },
    /// Tell what clients sent lately.
    Requests(requests::Query),
    /// Do something with the certificate authority.
    Ca(CaVerb),
    /// Say where the server is, and its proxy.
    Addresses,
    /// Open a proxy, and ports of this machine for https and http, until this connection ends. Those that it
    /// has opened before close.
    OpenDoors {
        /// Whether the proxy refuses other hosts than X's.
        offline: bool,
    },
    /// Tell what has happened at the doors that this connection has opened, when those who came
    /// have gone.
    Seen,
    /// Take in observations, all or none of them.
    Import {
        /// At most what fits a line.
        #[serde(with = "wire::observations")]
        observations: Vec<Observation>,
        /// What happens to what is known already.
        conflict: OnConflict,
    },
    /// Tell what is stored of some users and posts.
    Known {
        /// Ids of users.
        #[serde(with = "wire::texts")]
        users: Vec<UserId>,
        /// Usernames.
        #[serde(with = "wire::texts")]
        usernames: Vec<Username>,
        /// Ids of posts.
        #[serde(with = "wire::texts")]
        tweets: Vec<TweetId>,
    },
    /// List users.
    ExportUsers {
        /// Where the page before ended.
        after: Option<u32>,
        /// The most that a page holds.
        limit: usize,
    },
    /// List follows.
    ExportEdges {
        /// Where the page before ended.
        after: Option<[u64; 2]>,
        /// The most that a page holds.
        limit: usize,
    },
    /// List those whom a user follows, or its followers, newest first.
    ListUsers {
        /// Whose list.
        of: UserKey,
        /// Its followers; else those whom it follows.
        followers: bool,
        /// Where the page before ended.
        below: Option<u64>,
        /// The most that a page holds.
        limit: usize,
    },
    /// List posts.
    ExportTweets {
        /// Where the page before ended.
        after: Option<u32>,
        /// The most that a page holds.
        limit: usize,
    },
    /// Do something with developer accounts, Apps or tokens.
    Identity(IdentityVerb),
    /// Tell how much is stored.
    Stats,
    /// Merge all changes.
    Merge,
    /// Make a backup.
    Backup {
        /// Where; an absolute path.
        dir: PathBuf,
    },
}

/// What became of a verb.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// To [`Verb::Hello`].
    Hello,
    /// To [`Verb::Environment`].
    Environment(Environment),
    /// To [`Verb::GetUser`].
    User(#[serde(with = "wire::user")] Box<User>),
    /// To verbs that change one user: who it was, with the username of afterwards.
    Done {
        /// Its id.
        #[serde(with = "wire::text")]
        id: UserId,
        /// Its username.
        #[serde(with = "wire::text")]
        username: Username,
    },
    /// To [`Verb::Follows`].
    Follows(FollowAnswer),
    /// To [`Verb::Search`].
    Found(SearchPage),
    /// To [`Verb::Limits`].
    Limits(limits::Done),
    /// To [`Verb::Explain`].
    Explanation(Box<Explanation>),
    /// To [`Verb::Requests`].
    Requests(ShownRequests),
    /// To a large import, before its last answer.
    Importing(Importing),
    /// To [`Verb::Ca`].
    Ca(Box<ShownCa>),
    /// To [`Verb::Addresses`].
    Addresses(Addresses),
    /// To [`Verb::OpenDoors`].
    Doors(GuestDoors),
    /// To [`Verb::Seen`].
    Seen(Vec<Sight>),
    /// To [`Verb::Import`], and to a large import at its end.
    Imported(#[serde(with = "wire::ImportedForm")] Imported),
    /// To a load of follows, at its end.
    ImportedEdges(ImportedEdges),
    /// To [`Verb::Known`].
    Known(Known),
    /// To [`Verb::ExportUsers`].
    Users(#[serde(with = "wire::user_page")] Page<User>),
    /// To [`Verb::ExportEdges`].
    Edges(EdgePage),
    /// To [`Verb::ListUsers`].
    Listed(ListedPage),
    /// To [`Verb::ExportTweets`].
    Tweets(#[serde(with = "wire::tweet_page")] Page<Tweet>),
    /// To [`Verb::Identity`].
    Identity(IdentityAnswer),
    /// To [`Verb::Stats`].
    Stats(Statistics),
    /// To [`Verb::Merge`].
    Merged,
    /// To [`Verb::Backup`].
    BackedUp(#[serde(with = "wire::CopiedForm")] Copied),
}

/// How much is stored, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// The figures.
    #[serde(flatten, with = "wire::StatsForm")]
    pub stats: Stats,
    /// The files.
    #[serde(with = "wire::files")]
    pub files: Vec<StoredFile>,
}

/// What is stored, as observations that would store the same again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Users and posts.
    #[serde(with = "wire::observations")]
    pub observations: Vec<Observation>,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The part.
    pub items: Vec<T>,
    /// Where to go on; `None` at the end.
    pub next: Option<u32>,
}

/// [`Conflict`] as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum OnConflict {
    /// The newer observation wins
    Newer,
    /// What is stored stays
    Keep,
    /// What the file says wins, however old
    Replace,
}

impl From<OnConflict> for Conflict {
    fn from(word: OnConflict) -> Self {
        match word {
            OnConflict::Newer => Self::Newer,
            OnConflict::Keep => Self::Keep,
            OnConflict::Replace => Self::Replace,
        }
    }
}

/// Writes a request as one line.
pub(super) fn encode_request(ask: Ask) -> serde_json::Result<Vec<u8>> {
    let nothing = Request { version: VERSION, verb: None, large_import: None, edge_import: false };
    encode(&match ask {
        Ask::Verb(verb) => Request { verb: Some(verb), ..nothing },
        Ask::LargeImport(import) => Request { large_import: Some(import), ..nothing },
        Ask::EdgeImport => Request { edge_import: true, ..nothing },
    })
}

/// Reads a line of the client.
pub(super) fn decode_request(line: &[u8]) -> Result<Ask, AdminError> {
    let unreadable = |error: serde_json::Error| AdminError::Request { reason: error.to_string() };
    // The version first: a verb of another version may be anything.
    let AnyRequest { version: client } = serde_json::from_slice(line).map_err(unreadable)?;
    if client != VERSION {
        return Err(AdminError::Version { server: VERSION, client });
    }
    let request: Request = serde_json::from_slice(line).map_err(unreadable)?;
    match (request.verb, request.large_import, request.edge_import) {
        (Some(verb), None, false) => Ok(Ask::Verb(verb)),
        (None, Some(import), false) => Ok(Ask::LargeImport(import)),
        (None, None, true) => Ok(Ask::EdgeImport),
        _ => Err(AdminError::Request { reason: "it asks for no one thing".to_owned() }),
    }
}

/// Writes an answer as one line.
pub(crate) fn encode_reply(outcome: Result<Answer, AdminError>) -> serde_json::Result<Vec<u8>> {
    encode(&Reply { version: VERSION, outcome })
}

fn encode(message: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    Ok(line)
}
