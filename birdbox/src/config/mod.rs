//! The configuration: what `birdbox.toml`, the environment and flags may say.
//!
//! A key is one row of `schema`: its field, its documentation and its default. The
//! reader, the printed file, the names of variables and the errors all come from
//! that row. This is the only place that reads the environment.

mod entrance;
mod error;
mod file;
mod operation_limits;
mod price;
mod proxies;
mod schema;
mod setting;
mod size;
mod sources;
mod template;
mod tweet_binder;

pub use entrance::{MaybeAddress, MaybePath, Password, TlsMode};
pub use error::ConfigError;
pub use operation_limits::OperationLimits;
pub use price::{Price, PriceDate};
pub use proxies::Proxies;
pub use schema::{
    Api, Auth, Config, Limits, Log, Portal, PriceSettings, Proxy, Server, StoreSettings, TweetBinderSettings,
};
pub use setting::{
    Entries, LimitsMode, LogFormat, LogLevel, Login, PortalApproval, Remembered, Sample, Setting, WindowLength, Workers,
};
pub use size::{ByteSize, FileSize, MapSize};
pub use sources::{Environment, Flag, Sources};
pub use template::default_file;
pub use tweet_binder::{PathPrefix, Profiles};

/// The file that is read when no other is named.
pub const DEFAULT_FILE: &str = "birdbox.toml";

/// What all variables of Birdbox begin with.
const ENV_PREFIX: &str = "BIRDBOX_";

/// One group of keys: `[name]` in the file.
struct Section {
    name: &'static str,
    doc: &'static [&'static str],
    keys: &'static [Key],
}

/// One key of a section.
struct Key {
    name: &'static str,
    doc: &'static [&'static str],
    /// As it is written in the file, without quotes.
    default: &'static str,
    /// Whether the file writes it in quotes.
    quoted: bool,
}

impl Section {
    /// The section with this name.
    fn find(name: &str) -> Option<&'static Self> {
        schema::SECTIONS.iter().find(|section| section.name == name)
    }

    /// The names of its keys.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|key| key.name).chain(operation_limits::keys(self.name))
    }
}

/// The variable of a key, such as `BIRDBOX_SERVER__LISTEN`.
fn variable(section: &str, key: &str) -> String {
    format!("{ENV_PREFIX}{}__{}", section.to_ascii_uppercase(), key.to_ascii_uppercase())
}
