//! The three places that configure Birdbox, and which of them wins: a flag, then a
//! variable, then the file.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::setting::Setting;
use super::{Config, ConfigError, DEFAULT_FILE, ENV_PREFIX, Section, file, schema, variable};
use crate::suggest;

/// The variables of a process.
#[derive(Debug, Clone, Default)]
pub struct Environment(Vec<(OsString, OsString)>);

impl Environment {
    /// The variables of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self(env::vars_os().collect())
    }

    /// Just these variables.
    #[must_use]
    pub fn of(variables: &[(&str, &str)]) -> Self {
        Self(variables.iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// A flag that sets a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// As it is typed, such as `--listen`.
    pub name: &'static str,
    /// The section of the key.
    pub section: &'static str,
    /// The key.
    pub key: &'static str,
    /// The value.
    pub value: String,
}

/// All that configures Birdbox.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// What was typed.
    pub flags: Vec<Flag>,
    /// The variables; those that do not begin with `BIRDBOX_` are ignored.
    pub environment: Environment,
    /// The file that was named. Without one, [`DEFAULT_FILE`] in the working directory
    /// is read if it exists.
    pub file: Option<PathBuf>,
}

impl Config {
    /// Reads all sources.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that cannot be read or is not TOML, for keys and
    /// variables that do not exist, and for values that their keys do not take.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let mut values = Values::default();
        match &sources.file {
            Some(path) => file::read(path, &mut values)?,
            None if Path::new(DEFAULT_FILE).exists() => file::read(Path::new(DEFAULT_FILE), &mut values)?,
            None => {}
        }
        read_environment(&sources.environment, &mut values)?;
        for flag in &sources.flags {
            values.set(flag.section, flag.key, Given { text: flag.value.clone(), origin: flag.name.to_owned() });
        }
        Self::read(&values)
    }
}

/// A value as it was written.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) text: String,
    /// Where it was written, for errors.
    pub(super) origin: String,
}

/// The values of all sources; what is set later wins.
#[derive(Debug, Default)]
pub(super) struct Values(BTreeMap<(&'static str, &'static str), Given>);

impl Values {
    pub(super) fn set(&mut self, section: &'static str, key: &'static str, given: Given) {
        self.0.insert((section, key), given);
    }

    pub(super) fn get<T: Setting>(
        &self,
        section: &'static str,
        key: &'static str,
        default: &str,
    ) -> Result<T, ConfigError> {
        let given = self.0.get(&(section, key));
        let text = given.map_or(default, |given| &given.text);
        T::parse(text).ok_or_else(|| ConfigError::Value {
            origin: given.map_or_else(|| format!("{section}.{key}"), |given| given.origin.clone()),
            text: if T::IS_SECRET { "…".to_owned() } else { text.to_owned() },
            expected: T::expected(),
        })
    }
}

fn read_environment(environment: &Environment, values: &mut Values) -> Result<(), ConfigError> {
    for (name, value) in &environment.0 {
        let Some(name) = name.to_str().filter(|name| name.starts_with(ENV_PREFIX)) else {
            continue;
        };
        let Some((section, key)) = every_key().find(|(section, key)| variable(section.name, key) == name) else {
            return Err(unknown_variable(name));
        };
        let text = value.to_str().ok_or_else(|| ConfigError::Value {
            origin: name.to_owned(),
            text: value.to_string_lossy().into_owned(),
            expected: "give text in UTF-8".to_owned(),
        })?;
        values.set(section.name, key, Given { text: text.to_owned(), origin: name.to_owned() });
    }
    Ok(())
}

fn every_key() -> impl Iterator<Item = (&'static Section, &'static str)> {
    schema::SECTIONS.iter().flat_map(|section| section.names().map(move |key| (section, key)))
}

fn unknown_variable(name: &str) -> ConfigError {
    let known = every_key().map(|(section, key)| variable(section.name, key));
    ConfigError::Unknown {
        origin: "environment".to_owned(),
        what: "variable",
        name: name.to_owned(),
        suggestion: suggest::nearest(name, known),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use std::num::NonZeroUsize;

    use super::*;
    use crate::config::LogLevel;

    fn load(flags: Vec<Flag>, variables: &[(&str, &str)], file: &str) -> Result<Config, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("birdbox.toml");
        fs::write(&path, file).unwrap();
        let sources = Sources { flags, environment: Environment::of(variables), file: Some(path.clone()) };
        Config::load(&sources).map_err(|error| error.to_string().replace(&path.display().to_string(), "FILE"))
    }

    fn level(value: &str) -> Vec<Flag> {
        vec![Flag { name: "--level", section: "log", key: "level", value: value.to_owned() }]
    }

    #[test]
    fn a_flag_beats_a_variable_and_a_variable_beats_the_file() {
        let file = "[log]\nlevel = \"trace\"\n";
        let variable = [("BIRDBOX_LOG__LEVEL", "warn"), ("HOME", "/")];
        assert_eq!(load(vec![], &[], "").unwrap().log.level, LogLevel::Info);
        assert_eq!(load(vec![], &[], file).unwrap().log.level, LogLevel::Trace);
        assert_eq!(load(vec![], &variable, file).unwrap().log.level, LogLevel::Warn);
        assert_eq!(load(level("error"), &variable, file).unwrap().log.level, LogLevel::Error);
    }

    #[test]
    fn every_mistake_names_its_place_and_the_way_out() {
        let files = [
            (
                "[server]\nlisten = 1.5\n",
                "FILE line 2, server.listen: cannot use \"1.5\"; give an address and a port, such as 127.0.0.1:8080",
            ),
            ("[server]\n\nlisen = \"\"\n", "FILE line 3: unknown key server.lisen; did you mean server.listen?"),
            ("[servr]\n", "FILE line 1: unknown section servr; did you mean server?"),
            ("[qqq]\n", "FILE line 1: unknown section qqq; `birdbox config` prints all that there are"),
            ("listen = 1\n", "FILE line 1: unknown section listen; did you mean server.listen?"),
            ("server = 1\n", "FILE line 1, server: cannot use \"1\"; give a section: [server]"),
            (
                "[log]\nlevel = [1]\n",
                "FILE line 2, log.level: cannot use \"a list\"; give one of: error, warn, info, debug, trace",
            ),
            ("[log\n", "FILE line 1: unclosed table, expected `]`"),
            (
                "[server]\nworkers = -1\n",
                "FILE line 2, server.workers: cannot use \"-1\"; give a whole number up to 1024",
            ),
        ];
        for (file, expected) in files {
            assert_eq!(load(vec![], &[], file).unwrap_err(), expected);
        }
        let variables = [
            (
                ("BIRDBOX_SERVER__LISEN", ""),
                "environment: unknown variable BIRDBOX_SERVER__LISEN; did you mean BIRDBOX_SERVER__LISTEN?",
            ),
            (("BIRDBOX_STORE__DATA", ""), "BIRDBOX_STORE__DATA: cannot use \"\"; give a path, such as ./birdbox-data"),
            (("BIRDBOX_SERVER__PUBLIC", "yes"), "BIRDBOX_SERVER__PUBLIC: cannot use \"yes\"; give true or false"),
        ];
        for (variable, expected) in variables {
            assert_eq!(load(vec![], &[variable], "").unwrap_err(), expected);
        }
        assert_eq!(
            load(level("loud"), &[], "").unwrap_err(),
            "--level: cannot use \"loud\"; give one of: error, warn, info, debug, trace"
        );
    }

    #[test]
    fn numbers_may_be_written_in_every_way_of_toml() {
        let config = load(vec![], &[], "server.workers = 0x10\nserver.max_connections = 1_000\n").unwrap();
        assert_eq!((config.server.workers.get(), config.server.max_connections.get()), (NonZeroUsize::new(16), 1000));
    }

    #[test]
    fn an_open_address_needs_the_word_public() {
        let open = "[server]\nlisten = \"0.0.0.0:80\"\n";
        assert!(load(vec![], &[], "").unwrap().check().is_ok());
        assert!(load(vec![], &[], open).unwrap().check().unwrap_err().to_string().contains("--public"));
        assert!(load(vec![], &[("BIRDBOX_SERVER__PUBLIC", "true")], open).unwrap().check().is_ok());
    }

    #[test]
    fn an_open_address_with_tls_needs_no_word() {
        let open = |tls: &str| format!("[server]\nlisten = \"0.0.0.0:443\"\n{tls}");
        let check = |file: String| load(vec![], &[], &file).unwrap().check().map_err(|error| error.to_string());
        assert_eq!(check(open("tls = \"auto\"")), Ok(()));
        assert_eq!(check(open("tls = \"files\"\ntls_cert = \"a\"\ntls_key = \"b\"")), Ok(()));
        assert!(check(open("")).unwrap_err().contains("--tls auto"));
        assert!(check(open("tls = \"files\"\ntls_cert = \"a\"")).unwrap_err().contains("server.tls_key"));
    }

    #[test]
    fn a_proxy_on_an_open_address_needs_a_password() {
        let check = |variables: &[(&str, &str)]| {
            load(vec![], variables, "[proxy]\nlisten = \"0.0.0.0:8081\"\n").unwrap().check()
        };
        assert!(check(&[]).unwrap_err().to_string().contains("proxy.password"));
        assert!(check(&[("BIRDBOX_SERVER__PUBLIC", "true")]).is_err());
        assert!(check(&[("BIRDBOX_PROXY__PASSWORD", "0123456789abc")]).is_ok());
        let picker = [("BIRDBOX_PROXY__PASSWORD", "0123456789abc"), ("BIRDBOX_AUTH__LOGIN", "picker")];
        assert!(check(&picker).unwrap_err().to_string().contains("signs in as anybody"));
        let error = load(vec![], &[("BIRDBOX_PROXY__PASSWORD", "s3cret")], "").unwrap_err();
        assert!(!error.contains("s3cret"), "{error}");
    }

    #[test]
    fn accounts_are_picked_on_this_machine_alone() {
        let picker = ("BIRDBOX_AUTH__LOGIN", "picker");
        let public = ("BIRDBOX_SERVER__PUBLIC", "true");
        assert!(load(vec![], &[picker], "").unwrap().check().is_ok());
        for (variables, file) in [(vec![picker, public], ""), (vec![picker], "[server]\nlisten = \"0.0.0.0:80\"\n")] {
            let refused = load(vec![], &variables, file).unwrap().check().unwrap_err().to_string();
            assert!(refused.contains("signs in as anybody"), "{refused}");
        }
    }
}
