//! `birdbox account`, `project`, `app`, `token`, `portal` and `oauth2`: what they ask for, and how
//! the answer is written.

mod text;

use anyhow::{Result, bail};

use super::args::{AccountVerb, AppVerb, Form, OAuth2Verb, PortalVerb, ProjectVerb, TokenVerb};
use super::failure::{FAILED, Told};
use super::{open, output};
use crate::admin::identity::{self, IdentityAnswer, IdentityVerb};
use crate::admin::{Answer, ClientError, Missing, Verb};
use crate::config::Config;

/// What a command asks for, and the word for having done it.
pub(super) struct Asked {
    done: &'static str,
    verb: IdentityVerb,
}

/// Runs one of the commands.
pub(super) async fn run(config: &Config, asked: impl Into<Asked>, form: Form) -> Result<()> {
    let Asked { done, verb } = asked.into();
    let answer = ask(config, verb).await?;
    let printed = match form {
        Form::Text => output::tell(&text::write(&answer, done)),
        Form::Json => output::print(format!("{}\n", text::json(&answer)?).as_bytes()),
    };
    let Some(again) = text::how_to_make_again(&answer) else { return printed };
    // Also when whoever was to read it has gone: it cannot be shown again.
    printed.map_err(|error| {
        let line = format!("{error:#}; the secrets that were made are lost, make others with: {again}");
        Told { lines: vec![line], code: FAILED }.into()
    })
}

/// Asks the server or the store.
pub(super) async fn ask(config: &Config, verb: IdentityVerb) -> Result<IdentityAnswer> {
    let missing = if makes(&verb) { Missing::Create } else { Missing::Refuse };
    match open(config, missing).await?.ask(Verb::Identity(verb)).await? {
        Answer::Identity(answer) => Ok(answer),
        _ => bail!(ClientError::Unexpected),
    }
}

/// Whether a verb makes something that needs nothing before it, so that it may also make the
/// data directory.
const fn makes(verb: &IdentityVerb) -> bool {
    matches!(
        verb,
        IdentityVerb::Account(identity::AccountVerb::Create { .. })
            | IdentityVerb::Project(identity::ProjectVerb::Create { .. })
            | IdentityVerb::App(identity::AppVerb::Create { .. })
    )
}

impl Asked {
    fn new(done: &'static str, verb: impl Into<IdentityVerb>) -> Self {
        Self { done, verb: verb.into() }
    }
}

impl From<AccountVerb> for Asked {
    fn from(verb: AccountVerb) -> Self {
        use identity::AccountVerb as To;
        match verb {
            AccountVerb::Create { name, approved } => Self::new("created", To::Create { name, approved }),
            AccountVerb::Approve { account } => Self::new("approved", To::Approve(account)),
            AccountVerb::Suspend { account } => Self::new("suspended", To::Suspend(account)),
            AccountVerb::List => Self::new("", To::List),
            AccountVerb::Show { account } => Self::new("", To::Show(account)),
            AccountVerb::Delete { account } => Self::new("deleted", To::Delete(account)),
        }
    }
}

impl From<ProjectVerb> for Asked {
    fn from(verb: ProjectVerb) -> Self {
        use identity::ProjectVerb as To;
        match verb {
            ProjectVerb::Create { name, account } => Self::new("created", To::Create { account, name }),
            ProjectVerb::List => Self::new("", To::List),
            ProjectVerb::Show { project } => Self::new("", To::Show(project)),
            ProjectVerb::Rename { project, name } => Self::new("renamed", To::Rename { project, name }),
            ProjectVerb::Delete { project } => Self::new("deleted", To::Delete(project)),
        }
    }
}

impl From<AppVerb> for Asked {
    fn from(verb: AppVerb) -> Self {
        use identity::AppVerb as To;
        match verb {
            AppVerb::Create { name, account, project, settings } => {
                Self::new("created", To::Create { account, project, name, settings })
            }
            AppVerb::List => Self::new("", To::List),
            AppVerb::Show { app } => Self::new("", To::Show(app)),
            AppVerb::Set { app, settings } => Self::new("changed", To::Set { app, settings }),
            AppVerb::Keys { app } => Self::new("keys of", To::Show(app)),
            AppVerb::Regenerate { app, keys } => Self::new("new keys for", To::Regenerate { app, keys }),
            AppVerb::Revoke { app, keys } => Self::new("took keys away from", To::Revoke { app, keys }),
            AppVerb::Delete { app } => Self::new("deleted", To::Delete(app)),
        }
    }
}

impl From<TokenVerb> for Asked {
    fn from(verb: TokenVerb) -> Self {
        use identity::TokenVerb as To;
        match verb {
            TokenVerb::Create { app, user } => Self::new("", To::Create { app, user }),
            TokenVerb::List { app, user } => Self::new("", To::List { app, user }),
            TokenVerb::Revoke { token } => Self::new("revoked", To::Revoke(token)),
        }
    }
}

impl From<PortalVerb> for Asked {
    fn from(verb: PortalVerb) -> Self {
        match verb {
            PortalVerb::Link { account } => Self::new("", IdentityVerb::PortalLink { account }),
        }
    }
}

impl From<OAuth2Verb> for Asked {
    fn from(verb: OAuth2Verb) -> Self {
        match verb {
            OAuth2Verb::Authorize { user, client, scope } => {
                Self::new("", identity::TokenVerb::Authorize { client, user, scopes: scope })
            }
        }
    }
}
