//! What clap says of wrong arguments, in one line; help and version as they are.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap::error::ErrorKind;

use super::args::Cli;
use super::failure::WRONG_INPUT;
use super::output;

/// Prints help to standard output, or what is wrong with `arguments` to standard error.
pub(super) fn report(error: &clap::Error, arguments: &[OsString]) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Somebody who closes the pipe has read enough.
            let _ = error.print();
            ExitCode::SUCCESS
        }
        _ => {
            output::complain(&one_line(error, arguments));
            ExitCode::from(WRONG_INPUT)
        }
    }
}

/// clap writes the error, tips, the usage and a pointer to the help, with empty lines
/// between. Of these the error and the tips stay.
fn one_line(error: &clap::Error, arguments: &[OsString]) -> String {
    let rendered = error.render().to_string();
    let no_text = arguments.iter().find(|argument| argument.to_str().is_none());
    let said = match error.kind() {
        ErrorKind::InvalidUtf8 if let Some(argument) = no_text => &format!("{argument:?} is no text in UTF-8"),
        // What stands here is the help.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "a subcommand is missing",
        _ => rendered.split("Usage: ").next().unwrap_or_default(),
    };
    let mut line = String::new();
    for part in said.lines().map(str::trim).filter(|part| !part.is_empty() && !part.starts_with("For more")) {
        if !line.is_empty() {
            line.push_str(if line.ends_with(':') || part.starts_with('[') { " " } else { "; " });
        }
        line.push_str(part.strip_prefix("error: ").unwrap_or(part));
    }
    format!("{line}; see `{} --help`", command(arguments))
}

/// The command that the arguments name, such as `birdbox user set`.
fn command(arguments: &[OsString]) -> String {
    let program = Cli::command();
    let mut command = &program;
    let mut names = vec![program.get_name()];
    for argument in arguments.iter().skip(1) {
        if let Some(subcommand) = command.find_subcommand(argument) {
            names.push(subcommand.get_name());
            command = subcommand;
        }
    }
    names.join(" ")
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

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
                "invalid value 'x' for '--sample <SAMPLE>' [possible values: legislators, none]; see `birdbox serve --help`",
            ),
            (
                &["import", "v1"],
                "the following required arguments were not provided: <FILE>...; see `birdbox import v1 --help`",
            ),
            (&["user"], "a subcommand is missing; see `birdbox user --help`"),
            (
                &["import", "v1", "x", "--observed-at", "today"],
                "invalid value 'today' for '--observed-at <TIME>': a time looks like 2013-12-14T04:35:55.000Z; see `birdbox import v1 --help`",
            ),
        ];
        for (arguments, expected) in cases {
            let arguments: Vec<OsString> = ["birdbox"].iter().chain(*arguments).map(OsString::from).collect();
            let error = Cli::try_parse_from(&arguments).unwrap_err();
            assert_eq!(one_line(&error, &arguments), *expected);
        }
    }
}
