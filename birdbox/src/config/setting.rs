//! The kinds of value that a key can have, and how each is written.
//!
//! Flags, variables and the file use the same spelling, so there is one reader.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use xapi::operation::WINDOW_SECONDS;
use xapi::{PostCount, ProblemHost};

use super::entrance::TlsMode;

/// A value that can be configured.
pub trait Setting: Sized {
    /// Whether the file writes it in quotes.
    const QUOTED: bool = true;

    /// Every way to write it, where these are a few words.
    const WORDS: &'static [&'static str] = &[];

    /// Whether errors must not repeat what was written.
    const IS_SECRET: bool = false;

    /// Reads it from text.
    fn parse(text: &str) -> Option<Self>;

    /// What to write, as a sentence that begins with "give".
    fn expected() -> String;
}

impl Setting for SocketAddr {
    fn parse(text: &str) -> Option<Self> {
        if let Ok(port) = text.parse() {
            return Some(Self::from((Ipv4Addr::LOCALHOST, port)));
        }
        match text.strip_prefix("localhost:") {
            Some(port) => Some(Self::from((Ipv4Addr::LOCALHOST, port.parse().ok()?))),
            None => text.parse().ok(),
        }
    }

    fn expected() -> String {
        "give an address and a port, such as 127.0.0.1:8080".to_owned()
    }
}

impl Setting for PathBuf {
    fn parse(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::from(text))
    }

    fn expected() -> String {
        "give a path, such as ./birdbox-data".to_owned()
    }
}

impl Setting for bool {
    const QUOTED: bool = false;

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn expected() -> String {
        "give true or false".to_owned()
    }
}

impl Setting for u16 {
    const QUOTED: bool = false;

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn expected() -> String {
        format!("give a whole number up to {}", Self::MAX)
    }
}

impl Setting for NonZeroUsize {
    const QUOTED: bool = false;

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn expected() -> String {
        "give a whole number above 0".to_owned()
    }
}

/// Splits `10ms` into its number and its unit, which is looked up in `units`.
pub(super) fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim_start())?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

/// At least a millisecond, so that no limit of time means "at once"; and no more than
/// a day, so that it can be added to any time.
impl Setting for Duration {
    fn parse(text: &str) -> Option<Self> {
        const UNITS: &[(&str, u64)] = &[("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
        const DAY_MS: u64 = 24 * 3_600_000;
        with_unit(text, UNITS).filter(|ms| (1..=DAY_MS).contains(ms)).map(Self::from_millis)
    }

    fn expected() -> String {
        "give a time above zero, at most 24h, with its unit (ms, s, m or h), such as 10s".to_owned()
    }
}

/// How many threads answer requests; 0 is one for each processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Workers(usize);

impl Workers {
    const MAX: usize = 1024;

    /// The number, unless it follows from the machine.
    #[must_use]
    pub fn get(self) -> Option<NonZeroUsize> {
        NonZeroUsize::new(self.0)
    }
}

impl Setting for Workers {
    const QUOTED: bool = false;

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().filter(|&count| count <= Self::MAX).map(Self)
    }

    fn expected() -> String {
        format!("give a whole number up to {}", Self::MAX)
    }
}

/// How many things are kept at once: 64 to 16,777,216.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entries(u32);

impl Entries {
    const RANGE: RangeInclusive<u32> = 64..=1 << 24;

    /// The number.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl Setting for Entries {
    const QUOTED: bool = false;

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().filter(|number| Self::RANGE.contains(number)).map(Self)
    }

    fn expected() -> String {
        format!("give a whole number from {} to {}", Self::RANGE.start(), Self::RANGE.end())
    }
}

/// How long a window of rate limits lasts: whole seconds, up to the 15 minutes of X.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WindowLength(u32);

impl WindowLength {
    /// In seconds.
    #[must_use]
    pub fn seconds(self) -> u32 {
        self.0
    }
}

impl Setting for WindowLength {
    fn parse(text: &str) -> Option<Self> {
        let seconds = with_unit(text, &[("s", 1), ("m", 60)])?.try_into().ok()?;
        (1..=WINDOW_SECONDS).contains(&seconds).then_some(Self(seconds))
    }

    fn expected() -> String {
        "give a time from 1s to 15m".to_owned()
    }
}

/// Lets a value be configured by one of a few words.
macro_rules! words {
    ($( $name:ty { $( $variant:ident = $word:literal, )* } )*) => {$(
        impl Setting for $name {
            const WORDS: &'static [&'static str] = &[$($word),*];

            fn parse(text: &str) -> Option<Self> {
                match text { $( $word => Some(Self::$variant), )* _ => None }
            }

            fn expected() -> String {
                format!("give one of: {}", Self::WORDS.join(", "))
            }
        }
    )*};
}

words! {
    Sample { Legislators = "legislators", None = "none", }
    PostCount { Auto = "auto", Always = "always", }
    ProblemHost { Auto = "auto", Twitter = "twitter", X = "x", }
    TlsMode { Auto = "auto", Files = "files", Off = "off", }
    Login { Password = "password", Picker = "picker", }
    PortalApproval { Owner = "owner", Automatic = "automatic", }
    LogLevel { Error = "error", Warn = "warn", Info = "info", Debug = "debug", Trace = "trace", }
    LogFormat { Text = "text", Json = "json", }
}

/// `store.sample`: what an empty data directory is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sample {
    /// The accounts of the documentation and of members of the US Congress.
    Legislators,
    /// Nothing.
    None,
}

/// `auth.login`: how users sign in on the pages of OAuth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Login {
    /// With the password that `birdbox user password` sets.
    Password,
    /// By choosing an account: nobody is asked for anything.
    Picker,
}

/// `portal.approval`: who approves developer accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PortalApproval {
    /// The owner of the server.
    Owner,
    /// Nobody has to.
    Automatic,
}

/// `limits.mode`: which rate limits hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitsMode {
    /// Those of the X API.
    Faithful,
    /// None.
    Off,
    /// Those of the X API, each so many times.
    Times(NonZeroU32),
}

impl Setting for LimitsMode {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "faithful" => Some(Self::Faithful),
            "off" => Some(Self::Off),
            factor => factor.strip_prefix('x')?.parse().ok().map(Self::Times),
        }
    }

    fn expected() -> String {
        "give faithful, off, or a factor such as x10".to_owned()
    }
}

impl fmt::Display for LimitsMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Faithful => f.write_str("faithful"),
            Self::Off => f.write_str("off"),
            Self::Times(factor) => write!(f, "x{factor}"),
        }
    }
}

/// `auth.explain`: how many refused requests are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Remembered {
    /// As many as suits the address.
    Auto,
    /// So many.
    Count(u16),
}

impl Setting for Remembered {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "auto" => Some(Self::Auto),
            number => number.parse().ok().map(Self::Count),
        }
    }

    fn expected() -> String {
        format!("give auto, or a whole number up to {}", u16::MAX)
    }
}

/// `log.level`: the least important lines that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogLevel {
    /// What went wrong.
    Error,
    /// And what may go wrong.
    Warn,
    /// And what the server does by itself.
    Info,
    /// And each request.
    Debug,
    /// And everything else.
    Trace,
}

/// `log.format`: how lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_need_a_unit_that_exists() {
        assert_eq!(Duration::parse("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(Duration::parse("2 m"), Some(Duration::from_secs(120)));
        for bad in
            ["", "10", "s", "0s", "-1s", "1.5s", "10 sec", "99999999999999999999s", "18446744073709551615h", "25h"]
        {
            assert_eq!(Duration::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_port_alone_is_a_port_of_this_machine() {
        let local = |port: u16| Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        assert_eq!(SocketAddr::parse("8080"), local(8080));
        assert_eq!(SocketAddr::parse("localhost:0"), local(0));
        assert_eq!(SocketAddr::parse("[::1]:80").map(|address| address.port()), Some(80));
        for bad in ["", "localhost", "127.0.0.1", "127.0.0.1:70000", ":8080", "example.com:80"] {
            assert_eq!(SocketAddr::parse(bad), None, "{bad:?}");
        }
    }
}
