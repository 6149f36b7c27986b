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
            output::complain(&one_line(error));
            ExitCode::from(WRONG_INPUT)
        }
    }
}

/// clap writes the error, tips, the usage and a pointer to the help, with empty lines
/// between. Of these the error, the tips and the command stay.
fn one_line(error: &clap::Error) -> String {
    let rendered = error.render().to_string();
    let (said, usage) = rendered.split_once("Usage: ").unwrap_or((&rendered, ""));
    let said = match error.kind() {
        // What stands here is the help.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "a subcommand is missing",
        _ => said,
    };
    let mut line = String::new();
    for part in said.lines().map(str::trim).filter(|part| !part.is_empty() && !part.starts_with("For more")) {
        if !line.is_empty() {
            line.push_str(if line.ends_with(':') || part.starts_with('[') { " " } else { "; " });
        }
        line.push_str(part.strip_prefix("error: ").unwrap_or(part));
    }
    format!("{line}; see `{} --help`", command(usage))
}

/// The command of a usage line: what stands before the first placeholder or option.
fn command(usage: &str) -> String {
    let is_name = |word: &&str| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase());
    let names: Vec<_> = usage.lines().next().unwrap_or_default().split(' ').take_while(is_name).collect();
    if names.is_empty() { "birdbox".to_owned() } else { names.join(" ") }
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
                "unrecognized subcommand 'serv'; tip: some similar subcommands exist: 'env', 'user', 'serve'; see `birdbox --help`",
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
            (&["user"], "a subcommand is missing; see `birdbox user --help`"),
            (
                &["import", "v1", "x", "--observed-at", "today"],
                "invalid value 'today' for '--observed-at <TIME>': a time looks like 2013-12-14T04:35:55.000Z; see `birdbox --help`",
            ),
        ];
        for (arguments, expected) in cases {
            let error = Cli::try_parse_from([&["birdbox"], *arguments].concat()).unwrap_err();
            assert_eq!(one_line(&error), *expected);
        }
    }
}
