//! The commented default `birdbox.toml`, printed from the rows of the schema.

use std::fmt::Write as _;

use super::{ENV_PREFIX, operation_limits, schema};

/// Every key with its documentation and its default, commented out.
#[must_use]
pub fn default_file() -> String {
    let mut out = format!(
        "# The configuration of Birdbox. Every key stands here with its default: remove the #\n\
         # in front of those that you change. A variable {ENV_PREFIX}SECTION__KEY wins over this\n\
         # file, and a flag of the command line wins over both.\n"
    );
    for section in schema::SECTIONS {
        out.push('\n');
        comment(section.doc, &mut out);
        let _ = writeln!(out, "[{}]", section.name);
        for key in section.keys {
            out.push('\n');
            comment(key.doc, &mut out);
            let quote = if key.quoted { "\"" } else { "" };
            let _ = writeln!(out, "#{} = {quote}{}{quote}", key.name, key.default);
        }
        operation_limits::describe(section.name, &mut out);
    }
    out
}

fn comment(doc: &[&str], out: &mut String) {
    for line in doc {
        let _ = writeln!(out, "#{line}");
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::config::{Config, Sources};

    #[test]
    fn the_printed_file_says_what_holds_without_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("birdbox.toml");
        let config = |text: &str| {
            fs::write(&path, text).unwrap();
            Config::load(&Sources { file: Some(path.clone()), ..Sources::default() }).unwrap()
        };
        let printed = default_file();
        let keys = |line: &str| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).map(str::to_owned);
        let active: Vec<_> = printed.lines().map(|line| keys(line).unwrap_or_else(|| line.to_owned())).collect();
        let count = schema::SECTIONS.iter().map(|section| section.names().count()).sum::<usize>();
        assert_eq!(printed.lines().filter_map(keys).count(), count);
        assert_eq!(config(&active.join("\n")), config(""));
        assert_eq!(config(&printed), config(""));
    }
}
