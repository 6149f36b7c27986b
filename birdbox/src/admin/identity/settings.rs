//! The settings of an App that a person may change, and what each takes.

use std::net::Ipv6Addr;

use model::{App, AppChange, AppType, Permissions, Tier};

use crate::admin::{self, AdminError};
use crate::suggest;

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What it takes, for people.
    pub takes: fn() -> String,
    read: fn(&str) -> Option<AppChange>,
}

/// Every setting of an App.
pub static SETTINGS: &[Setting] = &[
    Setting {
        name: "name",
        takes: || format!("1 to {} characters", App::MAX_NAME),
        read: |text| super::name(text, App::MAX_NAME).map(AppChange::Name),
    },
    Setting {
        name: "project",
        takes: || "the id of a Project of the same account, or nothing".to_owned(),
        read: |text| or_none(text, |text| text.parse().ok()).map(AppChange::Project),
    },
    Setting {
        name: "permissions",
        takes: || "read or read-write".to_owned(),
        read: |text| Permissions::from_name(text).map(AppChange::Permissions),
    },
    Setting {
        name: "type",
        takes: || "native, single-page, web, bot, or nothing".to_owned(),
        read: |text| or_none(text, AppType::from_name).map(AppChange::Type),
    },
    Setting {
        name: "callbacks",
        takes: || format!("up to {} addresses separated by commas; oob is the PIN", App::MAX_CALLBACKS),
        read: |text| callbacks(text).map(AppChange::Callbacks),
    },
    Setting {
        name: "website",
        takes: || "an address that begins with https:// or http://, or nothing".to_owned(),
        read: |text| or_none(text, web_address).map(AppChange::Website),
    },
    Setting {
        name: "tier",
        takes: || "free, basic, pro or enterprise".to_owned(),
        read: |text| Tier::from_name(text).map(AppChange::Tier),
    },
    Setting { name: "oauth2", takes: || "on or off".to_owned(), read: |text| switch(text).map(AppChange::OAuth2) },
];

/// The change that sets `name` to `value`, if the setting takes it.
pub(crate) fn change(name: &str, value: &str) -> Option<AppChange> {
    let setting = SETTINGS.iter().find(|setting| setting.name == name)?;
    (setting.read)(value)
}

/// The changes that `settings`, each a `setting=value`, ask for.
pub(super) fn changes(settings: &[String]) -> Result<Vec<AppChange>, AdminError> {
    if let Some(name) = admin::given_twice(settings) {
        let (argument, reason) = ("SETTING=VALUE".to_owned(), format!("{name} is given twice; give it once"));
        return Err(AdminError::Argument { argument, reason });
    }
    settings.iter().map(|setting| read(setting)).collect()
}

fn read(text: &str) -> Result<AppChange, AdminError> {
    let wrong = |argument: &str, reason: String| AdminError::Argument { argument: argument.to_owned(), reason };
    let (name, value) = text.split_once('=').ok_or_else(|| {
        wrong("SETTING=VALUE", format!("{text:?} has no =; write for example permissions=read-write"))
    })?;
    let setting = SETTINGS.iter().find(|setting| setting.name == name).ok_or_else(|| {
        let names = || SETTINGS.iter().map(|setting| setting.name.to_owned());
        let advice = suggest::nearest(name, names()).map_or_else(
            || format!("these are: {}", names().collect::<Vec<_>>().join(", ")),
            |nearest| format!("did you mean {nearest}?"),
        );
        wrong("SETTING=VALUE", format!("{name:?} is no setting of an App; {advice}"))
    })?;
    (setting.read)(value)
        .ok_or_else(|| wrong(&text.escape_debug().to_string(), format!("{name} takes {}", (setting.takes)())))
}

/// Nothing is `None`; anything else must be readable.
fn or_none<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { read(text).map(Some) }
}

fn switch(text: &str) -> Option<bool> {
    match text {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

fn callbacks(text: &str) -> Option<Vec<String>> {
    let list: Option<Vec<_>> = text.split(',').filter(|part| !part.is_empty()).map(callback).collect();
    list.filter(|list| list.len() <= App::MAX_CALLBACKS)
}

/// More characters do not fit into the head of a request that names the address.
const MAX_ADDRESS: usize = 2048;

/// A callback is `oob` or an absolute address with a host and without a fragment (RFC 6749,
/// 3.1.2). Whether the App may have one with a scheme of its own, the store sees to.
fn callback(text: &str) -> Option<String> {
    if text == App::OOB {
        return Some(text.to_owned());
    }
    let (scheme, rest) = text.split_once("://")?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    let is_clean =
        text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'\\' | b'"' | b'<' | b'>'));
    // What a browser would run or open from the disk is nowhere to be sent to.
    let is_bad = ["javascript", "data", "vbscript", "file"].iter().any(|bad| scheme.eq_ignore_ascii_case(bad));
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let is_host = if App::is_web(scheme) { is_authority(authority) } else { !authority.is_empty() };
    let is_address = is_scheme && is_clean && !is_bad && is_host && text.len() <= MAX_ADDRESS;
    is_address.then(|| text.to_owned())
}

/// Whether this is a host, and a port if it says one. Nobody is named in an address.
fn is_authority(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_port =
        |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0);
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let is_host = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => host.strip_suffix('.').unwrap_or(host).split('.').all(is_label),
    };
    is_host && port.is_none_or(is_port)
}

fn web_address(text: &str) -> Option<String> {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    callback(text).filter(|_| is_web)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callbacks_are_absolute_addresses_or_oob() {
        let good = [
            "oob",
            "http://[::1]:8000",
            "http://127.0.0.1:8000/callback",
            "https://example.com/a?b=c",
            "my.app+x://done",
        ];
        assert_eq!(callbacks(&good.join(",")), Some(good.map(str::to_owned).to_vec()));
        assert_eq!(callbacks(""), Some(Vec::new()));
        for bad in [
            "example.com",
            "http://",
            "javascript://x",
            "https://a/#b",
            "1a://b",
            "https://a b",
            "file:///etc",
            "http:///a",
            "http://é/",
            "https://a\\\\@b/",
            "https://user@example.com/",
            "https://example.com:0/",
            "https://example.com:65536/",
            "https://example.com:x/",
            "https://a..b/",
            "https://.",
            "https://[::1/",
            "https://a:1:2/",
            "myapp://",
            "myapp:///done",
        ] {
            assert_eq!(callbacks(bad), None, "{bad}");
        }
        assert_eq!(callbacks(&["http://a"; 11].join(",")), None);
    }

    #[test]
    fn what_cannot_be_set_says_what_to_do() {
        let said = |text: &str| read(text).unwrap_err().to_string();
        assert_eq!(said("tier"), "SETTING=VALUE: \"tier\" has no =; write for example permissions=read-write");
        assert_eq!(said("teir=pro"), "SETTING=VALUE: \"teir\" is no setting of an App; did you mean tier?");
        assert_eq!(said("tier=best"), "tier=best: tier takes free, basic, pro or enterprise");
        let twice = ["type=native", "tier=pro", "type=web"].map(str::to_owned);
        let said = changes(&twice).unwrap_err().to_string();
        assert_eq!(said, "SETTING=VALUE: type is given twice; give it once");
    }
}
