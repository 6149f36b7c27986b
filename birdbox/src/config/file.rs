//! Reads `birdbox.toml` into values, with the line of each for errors.

use std::fs;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::sources::{Given, Values};
use super::{ConfigError, Section, schema};
use crate::suggest;

/// Reads a file. Every name in it must be a section or a key.
pub(super) fn read(path: &Path, values: &mut Values) -> Result<(), ConfigError> {
    let text = fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    let file = File { path, text: &text };
    let table = DeTable::parse(&text).map_err(|error| ConfigError::Syntax {
        path: path.to_owned(),
        line: file.line(error.span().map_or(0, |span| span.start)),
        message: error.message().replace('\n', "; "),
    })?;
    for (name, content) in table.get_ref() {
        let section = Section::find(name.get_ref()).ok_or_else(|| file.unknown_section(name))?;
        let DeValue::Table(keys) = content.get_ref() else {
            return Err(ConfigError::Value {
                origin: file.place(name, name.get_ref()),
                text: written(content.get_ref()),
                expected: format!("give a section: [{}]", section.name),
            });
        };
        for (name, value) in keys {
            let key =
                section.names().find(|key| key == name.get_ref()).ok_or_else(|| file.unknown_key(section, name))?;
            let origin = file.place(name, &format!("{}.{key}", section.name));
            values.set(section.name, key, Given { text: written(value.get_ref()), origin });
        }
    }
    Ok(())
}

struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

impl File<'_> {
    /// The line of a byte, counted from 1.
    fn line(&self, at: usize) -> usize {
        1 + self.text.bytes().take(at).filter(|&byte| byte == b'\n').count()
    }

    fn place<T>(&self, name: &Spanned<T>, what: &str) -> String {
        format!("{} line {}, {what}", self.path.display(), self.line(name.span().start))
    }

    fn unknown<T>(&self, at: &Spanned<T>, what: &'static str, name: String, suggestion: Option<String>) -> ConfigError {
        let origin = format!("{} line {}", self.path.display(), self.line(at.span().start));
        ConfigError::Unknown { origin, what, name, suggestion }
    }

    fn unknown_section<T: AsRef<str>>(&self, at: &Spanned<T>) -> ConfigError {
        let name = at.get_ref().as_ref();
        // A key that stands outside of its section is a likely mistake.
        let known_key = schema::SECTIONS.iter().find(|section| section.names().any(|key| key == name));
        let suggestion = match known_key {
            Some(section) => Some(format!("{}.{name}", section.name)),
            None => suggest::nearest(name, schema::SECTIONS.iter().map(|section| section.name.to_owned())),
        };
        self.unknown(at, "section", name.to_owned(), suggestion)
    }

    fn unknown_key<T: AsRef<str>>(&self, section: &Section, at: &Spanned<T>) -> ConfigError {
        let name = format!("{}.{}", section.name, at.get_ref().as_ref());
        let known = section.names().map(|key| format!("{}.{key}", section.name));
        let suggestion = suggest::nearest(&name, known);
        self.unknown(at, "key", name, suggestion)
    }
}

/// A value as the text that a flag would have.
fn written(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.clone().into_owned(),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_or_else(|_| integer.to_string(), |number| number.to_string()),
        DeValue::Float(float) => float.to_string(),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(members) => {
            let members =
                members.iter().map(|(name, value)| format!("{}={}", name.get_ref(), written(value.get_ref())));
            members.collect::<Vec<_>>().join(",")
        }
    }
}
