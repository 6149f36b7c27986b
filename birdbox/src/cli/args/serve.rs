//! The grammar of `birdbox serve`.

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::config::{Flag, Sample, Setting as _, TlsMode};

#[derive(Debug, Default, Args)]
pub(in crate::cli) struct ServeArgs {
    /// The address and port to listen on [default: 127.0.0.1:8080]
    ///
    /// Port 0 takes any free port: --listen 127.0.0.1:0
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Allow an address that other machines can reach, in plain HTTP
    #[arg(long)]
    public: bool,
    /// Speak TLS, with an own certificate authority (auto) or a certificate (files) [default: off]
    ///
    /// With auto, `birdbox ca show` says which authority clients have to trust. With files, the configuration names
    /// the certificate: server.tls_cert and server.tls_key.
    #[arg(long, value_parser = PossibleValuesParser::new(TlsMode::WORDS))]
    tls: Option<String>,
    /// Be a proxy that answers for X's hosts, there [default: off]
    ///
    /// Programs that know api.x.com alone use it: --proxy 127.0.0.1:8081, and for them HTTPS_PROXY=http://127.0.0.1:8081
    /// and the certificate of `birdbox ca export`.
    #[arg(long, value_name = "ADDR")]
    proxy: Option<String>,
    /// Let the proxy refuse all other hosts
    #[arg(long)]
    offline: bool,
    /// What an empty data directory is filled with [default: legislators]
    #[arg(long, value_parser = PossibleValuesParser::new(Sample::WORDS))]
    sample: Option<String>,
    /// Which rate limits hold: faithful, off, or a factor such as x10 [default: faithful]
    #[arg(long, value_name = "WHICH")]
    limits: Option<String>,
}

impl ServeArgs {
    /// The keys that these flags set.
    pub(in crate::cli) fn flags(&self) -> impl Iterator<Item = Flag> {
        let truth = |is_given: bool| is_given.then(|| "true".to_owned());
        let all = [
            ("--listen", "server", "listen", self.listen.clone()),
            ("--public", "server", "public", truth(self.public)),
            ("--tls", "server", "tls", self.tls.clone()),
            ("--proxy", "proxy", "listen", self.proxy.clone()),
            ("--offline", "proxy", "offline", truth(self.offline)),
            ("--sample", "store", "sample", self.sample.clone()),
            ("--limits", "limits", "mode", self.limits.clone()),
        ];
        all.into_iter().filter_map(|(name, section, key, value)| Some(Flag { name, section, key, value: value? }))
    }
}
