//! `birdbox ca`: shows the certificate authority, writes its certificate, makes a new one.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Result, bail};

use super::args::{CaCommand, Form};
use super::output::Output;
use super::{open, output};
use crate::admin::ca::{CaVerb, ShownCa};
use crate::admin::{Answer, ClientError, Missing, Verb};
use crate::config::Config;

/// Runs `birdbox ca`.
pub(super) async fn run(config: &Config, command: CaCommand) -> Result<()> {
    match command {
        CaCommand::Show { output } => print(&ask(config, CaVerb::Show).await?, output),
        CaCommand::Rotate { output } => print(&ask(config, CaVerb::Rotate).await?, output),
        CaCommand::Export { output } => export(&ask(config, CaVerb::Show).await?, output.as_deref()),
    }
}

async fn ask(config: &Config, verb: CaVerb) -> Result<ShownCa> {
    match open(config, Missing::Refuse).await?.ask(Verb::Ca(verb)).await? {
        Answer::Ca(shown) => Ok(*shown),
        _ => bail!(ClientError::Unexpected),
    }
}

fn export(shown: &ShownCa, path: Option<&Path>) -> Result<()> {
    let mut output = Output::open(path)?;
    output.write(shown.certificate.as_bytes())?;
    output.finish()
}

fn print(shown: &ShownCa, form: Form) -> Result<()> {
    match form {
        Form::Text => output::tell(&for_people(shown)),
        Form::Json => output::print_json(shown),
    }
}

fn for_people(shown: &ShownCa) -> String {
    let ShownCa { file, fingerprint, until, names, gaps, .. } = shown;
    let mut out = String::new();
    let mut row = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{name:<11}  {value}");
    };
    row("file", &file.display().to_string());
    row("SHA-256", fingerprint);
    row("valid until", until);
    row("names", &names.join(", "));
    gaps.iter().for_each(|gap| row("but", &format!("{gap}; make a new one with: birdbox ca rotate")));
    let _ = writeln!(
        out,
        "\nNothing on this machine trusts it unless told to. One program at a time: curl --cacert FILE, SSL_CERT_FILE=FILE,\n\
         REQUESTS_CA_BUNDLE=FILE, NODE_EXTRA_CA_CERTS=FILE"
    );
    out
}
