//! The page of one operation.

use askama::Template;
use model::Scope;
use xapi::guide::{self, postman};
use xapi::operation::WINDOW_SECONDS;
use xapi::{Authentication, Dialect, Input, InputPlace, Kind, Operation};

use super::super::answered::Answered;
use super::super::cx::Cx;
use super::super::page::{self, Frame};
use super::super::refusal::Refused;
use super::answered;
use super::{by, explorer, title};
use crate::http::Response;

/// A kind of credentials, and what an operation does with it.
struct Way {
    name: &'static str,
    is_taken: bool,
    /// What it must allow.
    needs: String,
    /// How often, as the server counts now.
    limit: String,
}

/// An input, with what is answered to a value that it does not take.
struct Row {
    name: &'static str,
    room: &'static str,
    required: bool,
    range: String,
    default: Option<String>,
    meaning: &'static str,
    words: Vec<(&'static str, &'static str)>,
    wrong: Option<Wrong>,
}

struct Wrong {
    value: &'static str,
    said: String,
    link: String,
}

#[derive(Template)]
#[template(path = "portal/operation.html")]
struct OperationPage {
    frame: Frame,
    name: &'static str,
    summary: &'static str,
    description: &'static str,
    api: &'static str,
    methods: String,
    address: String,
    ways: Vec<Way>,
    notes: Vec<&'static str>,
    rows: Vec<Row>,
    /// A request, as a line for a shell.
    request: String,
    reply: Option<Answered>,
    /// Why there is no reply.
    why_not: Option<&'static str>,
    told: &'static str,
    schema: &'static str,
    try_link: String,
    build_link: String,
    collection: &'static str,
    errors: &'static str,
}

/// Why a page does not show what an operation answers that changes something.
const CHANGES: &str = "It changes who follows whom, so it is not done to show it here. Try it in the explorer.";

/// Shows it.
pub(in super::super) async fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    let row = Operation::named(cx.part(0)).ok_or(Refused::NotFound)?;
    let values = guide::example(row);
    let why_not = answered::why_not(cx).await;
    let reply = if why_not.is_none() { Box::pin(answered::ask(cx, row, values)).await } else { None };
    let why_not = why_not.or_else(|| reply.is_none().then_some(CHANGES));
    let mut rows = Vec::new();
    for input in xapi::inputs(row) {
        rows.push(Box::pin(shown(cx, row, &input, values)).await);
    }
    let (schema, told) = xapi::openapi::reply(row);
    page::show(&OperationPage {
        frame: Frame::of(cx),
        name: row.name,
        summary: row.summary,
        description: row.description,
        api: title(row.dialect),
        methods: row.method.names().join(" or "),
        address: format!("{}{}", cx.origin(), row.path_at(&cx.portal.state.tweet_binder.prefix)),
        ways: ways(cx, row),
        notes: notes(row),
        rows,
        request: request(cx, row, values),
        reply,
        why_not,
        told,
        schema,
        try_link: explorer(row, by(row), values),
        build_link: format!("/portal/explorer/{}", row.name),
        collection: postman::COLLECTION_FILE,
        errors: match row.dialect {
            Dialect::V2 | Dialect::Labs => "refused",
            Dialect::V1 => "v1",
            Dialect::TweetBinder => "tweet-binder",
        },
    })
}

fn ways(cx: &Cx<'_>, row: &Operation) -> Vec<Way> {
    let kinds = match row.dialect {
        Dialect::TweetBinder => &[Authentication::TweetBinder][..],
        Dialect::V2 | Dialect::Labs | Dialect::V1 => {
            &[Authentication::AppOnly, Authentication::OAuth2User, Authentication::OAuth1User]
        }
    };
    let limits = cx.portal.state.limits.limits_of(row);
    let way = |kind: &Authentication| {
        let is_taken = row.access.authentication.contains(kind);
        let (of, faithful, limit) = match kind {
            Authentication::AppOnly | Authentication::TweetBinder => ("App", row.limits.per_app, limits.per_app),
            Authentication::OAuth1User | Authentication::OAuth2User => ("user", row.limits.per_user, limits.per_user),
        };
        let needs = match kind {
            Authentication::OAuth2User => {
                let scopes: Vec<_> = row.access.scopes.iter().copied().map(Scope::name).collect();
                format!("scopes {}", scopes.join(" "))
            }
            Authentication::OAuth1User if row.access.writes => "an App that may read and write".to_owned(),
            Authentication::OAuth1User | Authentication::AppOnly => String::new(),
            Authentication::TweetBinder => "the Tweet Binder token of an App".to_owned(),
        };
        let limit = counted(faithful, limit, of);
        Way { name: kind.name(), is_taken, needs: if is_taken { needs } else { String::new() }, limit }
    };
    kinds.iter().map(way).collect()
}

/// How often, as X counts, and as this server does where that is something else.
fn counted(faithful: Option<u32>, now: Option<u32>, of: &str) -> String {
    let number = |limit: u32| format!("{limit} requests in {} minutes for each {of}", WINDOW_SECONDS / 60);
    match (faithful, now) {
        (None, None) => "not counted".to_owned(),
        (Some(faithful), Some(now)) if faithful == now => number(now),
        (Some(faithful), None) => format!("{}; this server does not count now", number(faithful)),
        (_, Some(now)) => format!("{}, as this server is set", number(now)),
    }
}

fn notes(row: &Operation) -> Vec<&'static str> {
    let notes = [
        (row.access.needs_project, "The App must be in a Project."),
        (row.kind == Kind::List, "Pages: send next_token of a reply as pagination_token to get the next one."),
        (
            row.kind.shows_users(),
            "post.fields and the names of the post vocabulary are taken too; the reply speaks as the request does.",
        ),
        (row.dialect == Dialect::V1, "The path also answers without .json."),
    ];
    notes.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note).collect()
}

/// An input, and what the server answers when it is wrong.
async fn shown(cx: &Cx<'_>, row: &Operation, input: &Input, values: &[(&str, &str)]) -> Row {
    let mut wrong = None;
    if let Some(value) = input.wrong(row.dialect) {
        let known = values.iter().copied().filter(|(name, _)| *name != input.name && !rivals(name, input.name));
        let spoilt: Vec<_> = known.chain([(input.name, value)]).collect();
        let answer = answered::ask(cx, row, &spoilt).await.filter(|answer| answer.status >= 400);
        wrong = answer.map(|answer| Wrong {
            value,
            said: match answered::sentence(&answer.body) {
                Some(sentence) => format!("{} {sentence}", answer.status),
                None => answer.status.to_string(),
            },
            link: explorer(row, by(row), &spoilt),
        });
    }
    Row {
        name: input.name,
        room: match input.place {
            InputPlace::Path => "path",
            InputPlace::Query => "query",
            InputPlace::Form => "form or query",
            InputPlace::Member => "body",
            InputPlace::List => "body, as a JSON array",
        },
        required: input.is_required,
        range: input.range(),
        default: input.default(),
        meaning: input.meaning(),
        words: input.members(),
        wrong,
    }
}

/// Of two inputs that name one user, the other would still name somebody.
fn rivals(one: &str, other: &str) -> bool {
    let stem = |name: &str| {
        let stem = name.strip_suffix("screen_name").or_else(|| name.strip_suffix("user_id"));
        stem.or_else(|| name.strip_suffix("id")).map(str::to_owned)
    };
    stem(one).is_some() && stem(one) == stem(other)
}

/// The example as a line for a shell.
fn request(cx: &Cx<'_>, row: &Operation, values: &[(&str, &str)]) -> String {
    let (target, body) = guide::request(row, values, &cx.portal.state.tweet_binder.prefix);
    let method = row.method.name();
    let method = if method == "GET" { String::new() } else { format!("-X {method} ") };
    let authorization = match by(row) {
        Authentication::AppOnly => "Bearer $BEARER_TOKEN",
        Authentication::TweetBinder => "Bearer $TWEETBINDER_TOKEN",
        Authentication::OAuth1User | Authentication::OAuth2User => "Bearer $OAUTH2_ACCESS_TOKEN",
    };
    let authorization = match row.dialect {
        Dialect::V1 if by(row) == Authentication::OAuth1User => "OAuth …",
        Dialect::V1 | Dialect::V2 | Dialect::Labs | Dialect::TweetBinder => authorization,
    };
    let mut line = format!("curl {method}\"{}{target}\" \\\n  -H \"Authorization: {authorization}\"", cx.origin());
    if let Some((kind, text)) = body {
        // Examples have no quotes of a shell in them.
        line.push_str(&format!(" \\\n  -H \"Content-Type: {kind}\" -d '{text}'"));
    }
    line
}
