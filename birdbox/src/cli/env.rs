//! `birdbox env`: what a client needs to know, in a form that it can read.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::{Result, bail};
use model::AppId;

use super::args::EnvForm;
use super::{open, output};
use crate::admin::{Answer, ClientError, Environment, Missing, Verb};
use crate::config::Config;

/// The App that every data directory has.
const APP: AppId = AppId::new(1);

/// How often its bearer token was invalidated.
const GENERATION: u32 = 0;

/// How to reach a server that listens on `listen` and has this secret key.
#[must_use]
pub fn of(listen: SocketAddr, key: &[u8; 32]) -> Environment {
    // A server that listens everywhere listens here.
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    Environment {
        base_url: format!("http://{}", SocketAddr::from((ip, listen.port()))),
        bearer_token: oauth::bearer::app_only(key, APP, GENERATION),
    }
}

/// Runs `birdbox env`.
pub(super) async fn run(config: &Config, form: EnvForm) -> Result<()> {
    match open(config, Missing::Refuse).await?.ask(Verb::Environment).await? {
        Answer::Environment(environment) => output::print(write(&environment, form)?.as_bytes()),
        _ => bail!(ClientError::Unexpected),
    }
}

fn write(environment: &Environment, form: EnvForm) -> Result<String> {
    let Environment { base_url, bearer_token } = environment;
    let variables = [("BASE_URL", base_url), ("BEARER_TOKEN", bearer_token)];
    Ok(match form {
        // The values have no quotes in them.
        EnvForm::Export => variables.iter().map(|(name, value)| format!("export {name}='{value}'\n")).collect(),
        EnvForm::Dotenv => variables.iter().map(|(name, value)| format!("{name}={value}\n")).collect(),
        EnvForm::Json => {
            let object: serde_json::Map<_, _> =
                variables.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
            format!("{}\n", serde_json::to_string_pretty(&object)?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_every_address_is_reached_on_this_machine() {
        let base = |listen: &str| of(listen.parse().unwrap(), &[7; 32]).base_url;
        assert_eq!(base("0.0.0.0:80"), "http://127.0.0.1:80");
        assert_eq!(base("[::]:8080"), "http://[::1]:8080");
        assert_eq!(base("192.0.2.1:8080"), "http://192.0.2.1:8080");
    }
}
