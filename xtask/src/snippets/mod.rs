//! `cargo xtask snippets`: the programs that the portal's explorer writes, run for real.
//!
//! For each request of a table the explorer of a running server sends it and shows it as programs;
//! each of those is run with the tools of its language, and has to print what the explorer got.
//! What this machine cannot install is skipped and counted as skipped.

mod language;
mod page;

use std::fs;
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::server::{Profile, Server, build};
use crate::workspace::Workspace;
use language::{Language, Program, Tools};
use page::Portal;

/// A request, in which way it is sent, and the languages whose libraries can print its reply.
struct Case {
    operation: &'static str,
    way: &'static str,
    fields: &'static [Field],
    languages: &'static [Language],
}

use Language::{Curl, Java, Python, Rust, Twurl, TypeScript};

/// What the SDK for TypeScript and the one for Java know.
const BEARER: &[Language] = &[Curl, TypeScript, Java, Python, Rust];
/// What signs by OAuth 1.0a.
const SIGNED: &[Language] = &[Curl, Twurl, Python, Rust];
/// What sends anything.
const ANY: &[Language] = &[Curl, Rust];

type Field = (&'static str, &'static str);
const FIELDS: Field = ("p.user.fields", "created_at");
const EXPANSIONS: Field = ("p.expansions", "pinned_tweet_id");
const POSTS: Field = ("p.tweet.fields", "created_at,edit_history_tweet_ids");

/// The requests, in an order in which each leaves what the next needs: replies must not depend on
/// how often they were asked for.
#[rustfmt::skip]
const CASES: &[Case] = &[
    Case { operation: "getUsersByUsernames", way: "app", fields: &[("p.usernames", "XDevelopers,API,adsapi"), FIELDS, EXPANSIONS, POSTS], languages: BEARER },
    Case { operation: "getUsersByIds", way: "app", fields: &[("p.ids", "2244994945,1,783214"), FIELDS], languages: BEARER },
    Case { operation: "getUsersById", way: "oauth1", fields: &[("p.id", "2244994945"), FIELDS], languages: SIGNED },
    Case { operation: "getUsersByUsername", way: "app", fields: &[("p.username", "TwitterDev")], languages: BEARER },
    Case { operation: "getUsersMe", way: "oauth1", fields: &[FIELDS, EXPANSIONS], languages: SIGNED },
    Case { operation: "getUsersMe", way: "oauth2", fields: &[FIELDS], languages: BEARER },
    Case { operation: "getUsersFollowers", way: "app", fields: &[("p.id", "2244994945"), ("p.max_results", "5")], languages: BEARER },
    Case { operation: "getUsersFollowing", way: "oauth1", fields: &[("p.id", "2244994945"), ("p.max_results", "5")], languages: SIGNED },
    Case { operation: "followUser", way: "oauth2", fields: &[("p.id", page::OWN_ID), ("p.target_user_id", "783214")], languages: BEARER },
    Case { operation: "followUser", way: "oauth1", fields: &[("p.id", page::OWN_ID), ("p.target_user_id", "783214")], languages: SIGNED },
    Case { operation: "unfollowUser", way: "oauth2", fields: &[("p.source_user_id", page::OWN_ID), ("p.target_user_id", "783214")], languages: BEARER },
    Case { operation: "unfollowUser", way: "oauth1", fields: &[("p.source_user_id", page::OWN_ID), ("p.target_user_id", "783214")], languages: SIGNED },
    Case { operation: "v1FriendshipsDestroy", way: "oauth1", fields: &[("p.screen_name", "Twitter")], languages: SIGNED },
    Case { operation: "v1UsersShow", way: "oauth1", fields: &[("p.screen_name", "TwitterDev"), ("p.include_entities", "false")], languages: SIGNED },
    Case { operation: "v1UsersLookup", way: "app", fields: &[("p.screen_name", "TwitterDev,Twitter")], languages: &[Curl, Python, Rust] },
    Case { operation: "v1FollowersIds", way: "app", fields: &[("p.user_id", "2244994945"), ("p.count", "5")], languages: &[Curl, Python, Rust] },
    Case { operation: "v1FriendshipsShow", way: "oauth1", fields: &[("p.source_screen_name", "TwitterDev"), ("p.target_screen_name", "Twitter")], languages: SIGNED },
    Case { operation: "v1AccountVerifyCredentials", way: "oauth1", fields: &[("p.skip_status", "true")], languages: SIGNED },
    Case { operation: "labsGetUsersByIds", way: "oauth1", fields: &[("p.ids", "2244994945"), FIELDS], languages: &[Curl, Twurl, Rust] },
    Case { operation: "tweetBinderProfilesByAlias", way: "app", fields: &[("p.alias", "TwitterDev,nobody_at_all")], languages: ANY },
    Case { operation: "tweetBinderFollowers", way: "app", fields: &[("p.id", "2244994945")], languages: ANY },
    // Whatever is typed, X refuses it and the program sends it as it is.
    Case { operation: "getUsersByUsernames", way: "oauth1", fields: &[("p.usernames", "it's \"$HOME\" \\ `date` ü &x=1")], languages: ANY },
];

/// Runs all of them.
pub(crate) fn run(workspace: &Workspace, arguments: Arguments) -> Result<ExitCode> {
    arguments.end()?;
    check(workspace)?.end()
}

/// The same for CI.
pub(crate) fn check(workspace: &Workspace) -> Result<Counts> {
    let folder = workspace.target.join("snippets");
    fs::create_dir_all(&folder)?;
    let server = Server::start(&build(workspace, Profile::Debug)?, &workspace.target, "legislators")?;
    let mut portal = Portal::enter(&server)?;
    let mut programs = Vec::new();
    for (number, case) in CASES.iter().enumerate() {
        let sent = portal.send(case.operation, case.way, case.fields)?;
        for &language in case.languages {
            let text = sent.program(language.word()).with_context(|| {
                format!("the explorer writes no program in {} for {} as {}", language.word(), case.operation, case.way)
            })?;
            let name = format!("{} as {}, {}", case.operation, case.way, language.word());
            programs.push(Program { number, name, language, text, expected: sent.reply.clone() });
        }
    }
    let user: u64 = server.value("USER_ID")?.parse()?;
    let tools = Tools::install(workspace, &folder, &programs, &server.access_token(user)?)?;
    let mut counts = Counts::default();
    for program in &programs {
        counts += check_one(&tools, &server, program)?;
    }
    writeln!(io::stdout(), "{counts}")?;
    Ok(counts)
}

/// Whether a program printed the reply. Libraries that make objects of it print members in an order
/// of their own, and times without thousandths that are zero.
fn same(printed: &str, expected: &Value) -> Result<bool> {
    let short = |text: &str| serde_json::from_str::<Value>(&text.replace(".000Z\"", "Z\""));
    let expected = short(&expected.to_string())?;
    Ok(short(printed).is_ok_and(|printed| printed == expected))
}

/// Runs one program and compares what it prints.
fn check_one(tools: &Tools, server: &Server, program: &Program) -> Result<Counts> {
    let mut out = io::stdout();
    let Some(mut command) = tools.command(server, program)? else {
        writeln!(out, "skip   {}", program.name)?;
        return Ok(Counts::one_skipped());
    };
    let done = command.output().with_context(|| format!("cannot run {}", program.name))?;
    let printed = String::from_utf8_lossy(&done.stdout).into_owned();
    let same = same(&printed, &program.expected)?;
    writeln!(out, "{} {}", if same { "ok    " } else { "FAILED" }, program.name)?;
    if !same {
        let said = String::from_utf8_lossy(&done.stderr);
        writeln!(out, "--- it printed\n{printed}\n{said}--- for\n{}\n--- of\n{}", program.expected, program.text)?;
    }
    Ok(Counts::one(same))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reply_is_the_same_in_another_order_and_without_empty_thousandths() {
        let expected = json!({ "id": "1", "created_at": "2010-01-01T00:00:00.000Z" });
        assert!(same("{\"created_at\":\"2010-01-01T00:00:00Z\", \"id\":\"1\"}", &expected).unwrap());
        assert!(!same("{\"created_at\":\"2010-01-01T00:00:01Z\", \"id\":\"1\"}", &expected).unwrap());
        assert!(!same("no JSON", &expected).unwrap());
    }
}
