//! `birdbox user`: shows and changes one user.

use anyhow::{Result, bail};
use formats::native;
use model::AccountState;

use super::args::{UserCommand, UserVerb};
use super::{follows, open, output, password, search};
use crate::admin::identity::IdentityAnswer;
use crate::admin::{Answer, ClientError, Missing, Verb};
use crate::config::Config;

/// Runs `birdbox user`.
pub(super) async fn run(config: &Config, command: UserCommand) -> Result<()> {
    let verb = match command {
        UserCommand::Follows(verb) => return follows::run(config, verb).await,
        UserCommand::Search(args) => return search::run(config, args).await,
        UserCommand::User(verb) => verb,
    };
    let missing = if matches!(verb, UserVerb::Create { .. }) { Missing::Create } else { Missing::Refuse };
    let (done, verb) = meaning(verb)?;
    match open(config, missing).await?.ask(verb).await? {
        Answer::User(user) => {
            let mut line = Vec::new();
            native::write_user(&user, &mut line);
            output::print(&line)
        }
        Answer::Done { id, username } | Answer::Identity(IdentityAnswer::User { id, username }) => {
            output::tell(&format!("{done} @{username} ({id})\n"))
        }
        _ => bail!(ClientError::Unexpected),
    }
}

/// What a subcommand asks for, and the word for having done it.
fn meaning(verb: UserVerb) -> Result<(&'static str, Verb)> {
    Ok(match verb {
        UserVerb::Get { user } => ("", Verb::GetUser { user }),
        UserVerb::Set { user, members } => ("changed", Verb::SetUser { user, members }),
        UserVerb::Create { username, id, name, members } => {
            ("created", Verb::CreateUser { id, username, name, members })
        }
        UserVerb::Rename { user, username } => ("renamed to", Verb::RenameUser { user, username }),
        UserVerb::Suspend { user } => ("suspended", Verb::SetState { user, state: AccountState::Suspended }),
        UserVerb::Deactivate { user } => ("deactivated", Verb::SetState { user, state: AccountState::Deactivated }),
        UserVerb::Restore { user } => ("restored", Verb::SetState { user, state: AccountState::Active }),
        UserVerb::Protect { user } => ("protected", Verb::SetUser { user, members: vec!["protected=true".to_owned()] }),
        UserVerb::Password(args) => {
            let done = if args.remove { "removed the password of" } else { "set the password of" };
            (done, Verb::Identity(password::verb(&args)?))
        }
        UserVerb::Delete { user } => ("deleted", Verb::DeleteUser { user }),
    })
}
