//! The values of the keys that say how clients come in: over TLS, and through the proxy.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::Setting;

/// `server.tls`: whose certificate the server shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TlsMode {
    /// One of its own certificate authority.
    Auto,
    /// That of `tls_cert` and `tls_key`.
    Files,
    /// None: it speaks plain HTTP.
    Off,
}

/// A path, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaybePath(Option<PathBuf>);

impl MaybePath {
    /// The path.
    #[must_use]
    pub fn get(&self) -> Option<&Path> {
        self.0.as_deref()
    }
}

impl Setting for MaybePath {
    fn parse(text: &str) -> Option<Self> {
        Some(Self((!text.is_empty()).then(|| text.into())))
    }

    fn expected() -> String {
        PathBuf::expected()
    }
}

/// `proxy.listen`: an address, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaybeAddress(Option<SocketAddr>);

impl MaybeAddress {
    /// The address.
    #[must_use]
    pub fn get(self) -> Option<SocketAddr> {
        self.0
    }
}

impl Setting for MaybeAddress {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "off" => Some(Self(None)),
            address => SocketAddr::parse(address).map(|address| Self(Some(address))),
        }
    }

    fn expected() -> String {
        "give off, or an address and a port, such as 127.0.0.1:8081".to_owned()
    }
}

/// `proxy.password`, which nothing prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    const LEAST: usize = 12;

    /// The password, if there is one.
    #[must_use]
    pub fn get(&self) -> Option<&str> {
        Some(self.0.as_str()).filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "Password(none)" } else { "Password(…)" })
    }
}

impl Setting for Password {
    const IS_SECRET: bool = true;

    fn parse(text: &str) -> Option<Self> {
        // What needs no encoding in the address of a proxy.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let fits = text.is_empty() || (text.len() >= Self::LEAST && text.bytes().all(is_plain));
        fits.then(|| Self(text.to_owned()))
    }

    fn expected() -> String {
        format!("give at least {} letters, digits, and - . _ ~", Self::LEAST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_fit_an_address_and_are_not_printed() {
        let good = Password::parse("abc-DEF_123.~x").unwrap();
        assert_eq!(good.get(), Some("abc-DEF_123.~x"));
        assert!(!format!("{good:?}").contains("DEF"));
        assert_eq!(Password::parse("").unwrap().get(), None);
        for bad in ["short", "with a blank in it", "with:colon:in:it", "percent%41percent"] {
            assert_eq!(Password::parse(bad), None, "{bad}");
        }
    }
}
