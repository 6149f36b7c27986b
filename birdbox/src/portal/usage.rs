//! How much was used, by operations, Apps and days, and what it would have cost at X. Developers see
//! their own Apps.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use askama::Template;
use model::{AppId, Day, DayOfApp, Used};
use tokio::time::sleep;
use xapi::{Operation, join_pairs};

use super::cx::{Cx, id};
use super::form::{Choice, Field, Item};
use super::page::{self, Frame};
use super::refusal::Refused;
use super::requests::app_name;
use crate::http::Response;
use crate::state::State;
use crate::usage::{Cost, Prices, WRITES};

/// How many days can be looked at.
const SPANS: [(&str, u32); 3] = [("7", 7), ("30", 30), ("90", 90)];

/// So many rows are in the table, those with the most requests.
const MOST: usize = 100;
/// So often it is read anew when it was written meanwhile.
const TRIES: usize = 50;

/// The size of the chart, in its own units.
const WIDTH: u32 = 720;
const HEIGHT: u32 = 160;

/// An operation of an App.
struct Row {
    app: String,
    operation: String,
    requests: String,
    errors: String,
    users: String,
    posts: String,
    cost: Option<String>,
}

/// A day in the chart.
struct Column {
    x: u32,
    width: u32,
    /// Those that are to be seen.
    parts: Vec<Part>,
    told: String,
}

/// A part of a column.
struct Part {
    class: &'static str,
    y: u32,
    height: u32,
}

#[derive(Template)]
#[template(path = "portal/usage.html")]
struct UsagePage {
    frame: Frame,
    is_owner: bool,
    /// How many days are kept; with 0 there is nothing to show.
    kept: u32,
    span: Choice,
    app: Field,
    from: String,
    to: String,
    columns: Vec<Column>,
    /// The most requests of a day.
    most: String,
    total: Used,
    cost: String,
    rows: Vec<Row>,
    more: usize,
    as_of: String,
    csv: String,
}

/// What is asked for.
struct Asked {
    from: Day,
    days: u32,
    /// Nothing for all of them.
    apps: Option<Vec<AppId>>,
    span: Choice,
    app: Field,
}

impl Asked {
    fn is_wrong(&self) -> bool {
        self.span.error.is_some() || self.app.error.is_some()
    }

    /// Adds up what was used. Where something is wrong, that is nothing.
    async fn sum<T: Default + Send + 'static>(&self, cx: &Cx<'_>, add: fn(&mut T, DayOfApp)) -> Result<T, Refused> {
        if self.is_wrong() {
            return Ok(T::default());
        }
        for _ in 0..TRIES {
            let Self { from, days, .. } = *self;
            let apps = self.apps.clone();
            let read = move |state: &State| state.usage.sum(&state.store, from, days, apps.as_deref(), add);
            if let Some(sum) = cx.apart(read).await?? {
                return Ok(sum);
            }
            sleep(WRITES).await;
        }
        tracing::error!("what was used is written again each time before it is read");
        Err(Refused::Broken)
    }
}

fn asked(cx: &Cx<'_>) -> Result<Asked, Refused> {
    let item = |(value, days): (&str, u32)| Item::new(value, format!("{days} days"), days == 30);
    let mut span = Choice { name: "days", label: "The last", hint: "", options: SPANS.map(item).into(), error: None };
    let typed = cx.query.get("days").trim();
    if !typed.is_empty() {
        span.choose(typed);
    }
    let days = SPANS.iter().find(|(value, _)| *value == span.value()).map_or(30, |(_, days)| *days);
    let own: Vec<AppId> = if cx.viewer.is_owner() {
        Vec::new()
    } else {
        cx.reach().apps(cx.identity()).iter().map(|app| app.app.id).collect()
    };
    let named = cx.query.get("app").trim();
    let mut app = Field::new("app", "App", "Its number; nothing for all.", named);
    let apps = match id::<AppId>(named) {
        _ if named.is_empty() => (!cx.viewer.is_owner()).then_some(own),
        Ok(id) if cx.viewer.is_owner() || own.contains(&id) => Some(vec![id]),
        Ok(_) => return Err(Refused::NotFound),
        Err(_) => {
            app.error = Some("Give the number of an App.");
            None
        }
    };
    Ok(Asked { from: Day::of(cx.now).minus(days - 1), days, apps, span, app })
}

/// Shows it.
pub(super) async fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    let asked = asked(cx)?;
    let is_wrong = asked.is_wrong();
    let sums: Sums = asked.sum(cx, Sums::add).await?;
    let Sums { by_day, by_app } = sums;
    let by_day: Vec<_> =
        (0..asked.days).map(|at| by_day.get(&asked.from.plus(at)).copied().unwrap_or_default()).collect();
    let total = by_day.iter().fold(Used::default(), |total, used| total.and(*used));
    let Top { rows, more, cost } = cx.apart(move |state| Top::of(&by_app, &state.prices)).await?;
    let page = UsagePage {
        frame: Frame::of(cx),
        is_owner: cx.viewer.is_owner(),
        kept: cx.portal.state.usage.days(),
        from: asked.from.to_string(),
        to: asked.from.plus(asked.days - 1).to_string(),
        most: page::grouped(by_day.iter().map(|used| used.requests).max().unwrap_or_default()),
        columns: columns(asked.from, &by_day),
        rows: rows.into_iter().map(|(used, app, operation)| row(cx, app, &operation, used)).collect(),
        more,
        total,
        cost: cost.to_string(),
        as_of: cx.portal.state.prices.as_of.to_string(),
        csv: csv_address(&asked),
        span: asked.span,
        app: asked.app,
    };
    if is_wrong { page::again(&page) } else { page::show(&page) }
}

/// What was used, added up in two ways.
#[derive(Default)]
struct Sums {
    by_day: HashMap<Day, Used>,
    by_app: HashMap<AppId, DayOfApp>,
}

impl Sums {
    fn add(&mut self, row: DayOfApp) {
        let day = self.by_day.entry(row.day).or_default();
        *day = row.operations.iter().fold(*day, |day, (_, used)| day.and(*used));
        match self.by_app.entry(row.app) {
            Entry::Occupied(mut known) => {
                row.operations.iter().for_each(|(operation, used)| known.get_mut().add(operation, *used));
            }
            Entry::Vacant(place) => _ = place.insert(row),
        }
    }
}

/// The rows of the table.
struct Top {
    rows: Vec<(Used, AppId, String)>,
    /// How many there are besides.
    more: usize,
    /// Of all of them.
    cost: Cost,
}

impl Top {
    fn of(by_app: &HashMap<AppId, DayOfApp>, prices: &Prices) -> Self {
        let rows = by_app.values().flat_map(|row| row.operations.iter().map(|(name, used)| (*used, row.app, name)));
        let mut all: Vec<_> = rows.collect();
        let cost = all.iter().filter_map(|(used, _, name)| cost(prices, name, *used)).fold(Cost::default(), Cost::and);
        all.sort_unstable_by_key(|(used, app, name)| (Reverse(used.requests), *app, *name));
        let more = all.len().saturating_sub(MOST);
        all.truncate(MOST);
        Self { rows: all.into_iter().map(|(used, app, name)| (used, app, name.clone())).collect(), more, cost }
    }
}

fn cost(prices: &Prices, operation: &str, used: Used) -> Option<Cost> {
    prices.cost(Operation::named(operation)?, used)
}

fn row(cx: &Cx<'_>, app: AppId, operation: &str, used: Used) -> Row {
    Row {
        app: app_name(cx, app),
        operation: operation.to_owned(),
        requests: page::grouped(used.requests),
        errors: page::grouped(used.errors),
        users: page::grouped(used.users),
        posts: page::grouped(used.posts),
        cost: cost(&cx.portal.state.prices, operation, used).map(|cost| cost.to_string()),
    }
}

/// The columns of the chart. A day with requests has one that can be seen.
fn columns(from: Day, by_day: &[Used]) -> Vec<Column> {
    let most = by_day.iter().map(|used| used.requests).max().unwrap_or_default().max(1);
    let room = WIDTH / u32::try_from(by_day.len()).unwrap_or(1).max(1);
    let height = |count: u64| match count {
        0 => 0,
        count => u32::try_from(u128::from(count) * u128::from(HEIGHT) / u128::from(most)).unwrap_or(HEIGHT).max(2),
    };
    let column = |(at, used): (u32, &Used)| {
        let refused = height(used.errors);
        let answered = height(used.requests - used.errors.min(used.requests)).min(HEIGHT - refused);
        let parts = [
            Part { class: "answered", y: HEIGHT - answered, height: answered },
            Part { class: "refused", y: HEIGHT - answered - refused, height: refused },
        ];
        Column {
            x: at * room,
            width: room.saturating_sub(1 + room / 8).max(1),
            parts: parts.into_iter().filter(|part| part.height > 0).collect(),
            told: format!("{}: {} requests, {} errors", from.plus(at), used.requests, used.errors),
        }
    };
    (0..).zip(by_day).map(column).collect()
}

fn csv_address(asked: &Asked) -> String {
    let days = asked.days.to_string();
    let members = [("days", days.as_str()), ("app", asked.app.value.as_str())];
    let members: Vec<_> = members.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    format!("/portal/usage.csv?{}", join_pairs(&members))
}

/// The same as a file, a line for each day, App and operation.
pub(super) async fn csv(cx: &Cx<'_>) -> Result<Response, Refused> {
    let asked = asked(cx)?;
    if asked.is_wrong() {
        return Err(Refused::NotFound);
    }
    let used = asked.sum(cx, Vec::push).await?;
    let text = cx.apart(move |state| lines(used, &state.prices)).await?;
    Ok(page::file("birdbox-usage.csv", "text/csv; charset=utf-8", text))
}

fn lines(mut used: Vec<DayOfApp>, prices: &Prices) -> String {
    used.sort_by_key(|row| (row.day, row.app));
    let mut text = String::from("day,app,operation,requests,errors,users,posts,usd\n");
    for (row, operation, used) in together(&used) {
        let usd = cost(prices, operation, used).map(|cost| cost.to_string()).unwrap_or_default();
        let Used { requests, errors, users, posts } = used;
        let (day, app) = (row.day, row.app);
        text += &format!("{day},{app},{operation},{requests},{errors},{users},{posts},{usd}\n");
    }
    text
}

/// The operations of each day and App once: what is not written yet stands in rows of its own.
fn together(used: &[DayOfApp]) -> Vec<(&DayOfApp, &str, Used)> {
    let mut lines = Vec::new();
    for rows in used.chunk_by(|one, other| (one.day, one.app) == (other.day, other.app)) {
        let Some(first) = rows.first() else { continue };
        let begin = lines.len();
        for (operation, used) in rows.iter().flat_map(|row| &row.operations) {
            let own = lines.iter_mut().skip(begin);
            let known = own.map(|line: &mut (_, &str, Used)| line).find(|(_, name, _)| name == operation);
            match known {
                Some((_, _, known)) => *known = known.and(*used),
                None => lines.push((first, operation.as_str(), *used)),
            }
        }
    }
    lines
}

impl UsagePage {
    const fn chart(&self) -> (u32, u32) {
        (WIDTH, HEIGHT)
    }

    fn number(&self, count: &u64) -> String {
        page::grouped(*count)
    }
}
