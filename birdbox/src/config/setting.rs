//! The kinds of value that a key can have, and how each is written.
//!
//! Flags, variables and the file use the same spelling, so there is one reader.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// A value that can be configured.
pub trait Setting: Sized {
    /// Whether the file writes it in quotes.
    const QUOTED: bool = true;

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

impl Setting for usize {
    const QUOTED: bool = false;

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn expected() -> String {
        "give a whole number".to_owned()
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
fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim_start())?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

/// At least a millisecond, so that no limit of time means "at once".
impl Setting for Duration {
    fn parse(text: &str) -> Option<Self> {
        const UNITS: &[(&str, u64)] = &[("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
        with_unit(text, UNITS).filter(|&ms| ms > 0).map(Self::from_millis)
    }

    fn expected() -> String {
        "give a time above zero with its unit (ms, s, m or h), such as 10s".to_owned()
    }
}

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ByteSize(u64);

impl ByteSize {
    /// The number of bytes, or the largest `usize` where that is less.
    #[must_use]
    pub fn get(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl Setting for ByteSize {
    fn parse(text: &str) -> Option<Self> {
        const UNITS: &[(&str, u64)] =
            &[("", 1), ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)];
        with_unit(text, UNITS).filter(|&bytes| bytes > 0).map(Self)
    }

    fn expected() -> String {
        "give a size above zero in B, KiB, MiB, GiB or TiB, such as 16KiB".to_owned()
    }
}

macro_rules! words {
    ($( $(#[$doc:meta])* $name:ident { $( $(#[$variant_doc:meta])* $variant:ident = $word:literal, )* } )*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $( $(#[$variant_doc])* $variant, )* }

        impl $name {
            /// Every word that can be configured.
            pub const WORDS: &'static [&'static str] = &[$($word),*];
        }

        impl Setting for $name {
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
    /// `store.sample`: what an empty data directory is filled with.
    Sample {
        /// The accounts of the documentation and of members of the US Congress.
        Legislators = "legislators",
        /// Nothing.
        None = "none",
    }
    /// `api.post_count`: when `public_metrics` carries `post_count`.
    PostCount {
        /// When the request says *post* or came to host api.x.com.
        Auto = "auto",
        /// In every reply.
        Always = "always",
    }
    /// `api.problem_host`: the host in the `type` of a problem.
    ProblemHost {
        /// As the request was spoken.
        Auto = "auto",
        /// `api.twitter.com`.
        Twitter = "twitter",
        /// `api.x.com`.
        X = "x",
    }
    /// `limits.mode`: which rate limits hold.
    LimitsMode {
        /// Those of the X API.
        Faithful = "faithful",
        /// None.
        Off = "off",
    }
    /// `log.level`: the least important lines that are written.
    LogLevel {
        /// What went wrong.
        Error = "error",
        /// And what may go wrong.
        Warn = "warn",
        /// And each request.
        Info = "info",
        /// And what happens inside.
        Debug = "debug",
        /// And everything else.
        Trace = "trace",
    }
    /// `log.format`: how lines are written.
    LogFormat {
        /// For people.
        Text = "text",
        /// One JSON object a line.
        Json = "json",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_need_a_unit_that_exists() {
        assert_eq!(Duration::parse("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(Duration::parse("2 m"), Some(Duration::from_secs(120)));
        for bad in ["", "10", "s", "0s", "-1s", "1.5s", "10 sec", "99999999999999999999s", "18446744073709551615h"] {
            assert_eq!(Duration::parse(bad), None, "{bad:?}");
        }
        assert_eq!(ByteSize::parse("64GiB"), Some(ByteSize(64 << 30)));
        assert_eq!(ByteSize::parse("4096"), Some(ByteSize(4096)));
        for bad in ["", "0", "1KB", "KiB", "1 kib", "é"] {
            assert_eq!(ByteSize::parse(bad), None, "{bad:?}");
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
