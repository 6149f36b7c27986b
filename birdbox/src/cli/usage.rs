//! What clap says of wrong arguments, in one line; help and version as they are.

use std::process::ExitCode;

use clap::error::ErrorKind;

use super::failure::WRONG_INPUT;
use super::output;

/// Prints help to standard output, or what is wrong to standard error.
pub(super) fn report(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Somebody who closes the pipe has read enough.
            let _ = error.print();
            ExitCode::SUCCESS
        }
        _ => {
            output::complain(&one_line(&error.render().to_string()));
            ExitCode::from(WRONG_INPUT)
        }
    }
}

/// clap writes the error, tips, the usage and a pointer to the help, with empty lines
/// between. Of these the error, the tips and the command stay.
fn one_line(rendered: &str) -> String {
    let (said, rest) = rendered.split_once("Usage: ").unwrap_or((rendered, ""));
    // The command is what stands before the first placeholder or option.
    let is_name = |word: &&str| word.chars().all(|letter| letter.is_ascii_lowercase());
    let command = rest.lines().next().unwrap_or("birdbox").split(' ').take_while(is_name).collect::<Vec<_>>().join(" ");
    let mut line = String::new();
    for part in said.lines().map(str::trim).filter(|part| !part.is_empty() && !part.starts_with("For more information"))
    {
        let part = part.strip_prefix("error: ").unwrap_or(part);
        let separator = match (line.is_empty(), line.ends_with(':') || part.starts_with('[')) {
            (true, _) => "",
            (false, true) => " ",
            (false, false) => "; ",
        };
        line.push_str(separator);
        line.push_str(part);
    }
    if line.is_empty() || rest.is_empty() && line.starts_with("birdbox") {
        line = "a subcommand is missing".to_owned();
    }
    let command = if command.is_empty() { "birdbox" } else { &command };
    format!("{line}; see `{command} --help`")
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::args::Cli;

    #[test]
    fn every_mistake_is_one_line_that_names_the_argument() {
        let cases: &[(&[&str], &str)] = &[
            (
                &["serv"],
                "unrecognized subcommand 'serv'; tip: a similar subcommand exists: 'serve'; see `birdbox --help`",
            ),
            (&["--listen", "1"], "unexpected argument '--listen' found; see `birdbox --help`"),
            (
                &["serve", "--lisen", "1"],
                "unexpected argument '--lisen' found; tip: a similar argument exists: '--listen'; see `birdbox serve --help`",
            ),
            (
                &["serve", "--sample", "x"],
                "invalid value 'x' for '--sample <SAMPLE>' [possible values: legislators, none]; see `birdbox --help`",
            ),
            (
                &["import", "v1"],
                "the following required arguments were not provided: <FILE>...; see `birdbox import --help`",
            ),
            (
                &["user"],
                "'birdbox user' requires a subcommand but one wasn't provided [subcommands: get, set, create, rename, suspend, deactivate, restore, protect, delete, help]; see `birdbox user --help`",
            ),
            (
                &["import", "v1", "x", "--observed-at", "today"],
                "invalid value 'today' for '--observed-at <TIME>': a time looks like 2013-12-14T04:35:55.000Z; see `birdbox --help`",
            ),
        ];
        for (arguments, expected) in cases {
            let error = Cli::try_parse_from([&["birdbox"], *arguments].concat()).unwrap_err();
            assert_eq!(one_line(&error.render().to_string()), *expected);
        }
    }
}
