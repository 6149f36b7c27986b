//! The page of a user: what stands above its tabs, and the first of them, the profile as a person
//! knows it.

use askama::Template;
use model::{TweetField, User, UserMetrics};
use store::Detail;

use super::super::cx::Cx;
use super::super::page::{self, Frame, cut, grouped, when};
use super::super::refusal::Refused;
use super::line::{badge, banner, face, state_word};
use super::text::{Entities, Marks, Piece, entities, pieces, web_address};
use super::{graph, lists, reply, user};
use crate::http::Response;

/// So many characters of a name, and of a bio or a post, are shown.
const NAME: usize = 200;
const TEXT: usize = 10_000;

/// The tabs: what the query says, and what people read.
const TABS: [(&str, &str); 5] =
    [("", "Profile"), ("followers", "Followers"), ("following", "Following"), ("json", "JSON"), ("graph", "Graph")];

/// What stands above the tabs.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) username: String,
    pub(super) badge: Option<&'static str>,
    pub(super) protected: bool,
    pub(super) state: Option<&'static str>,
    pub(super) face: String,
    pub(super) banner: String,
    /// Where each leads, what it is called, and whether it is this one.
    pub(super) tabs: Vec<(String, &'static str, bool)>,
}

impl Head {
    pub(super) fn of(user: &User, tab: &str) -> Self {
        let id = user.id.to_string();
        let link = |&(word, label): &(&str, &'static str)| {
            let query = if word.is_empty() { String::new() } else { format!("?tab={word}") };
            (format!("/portal/users/{id}{query}"), label, word == tab)
        };
        Self {
            tabs: TABS.iter().map(link).collect(),
            name: cut(&user.name, NAME),
            username: user.username.to_string(),
            badge: badge(user.verified, user.verified_type),
            protected: user.protected,
            state: state_word(user.state),
            face: face(user.id),
            banner: banner(user.id),
            id,
        }
    }
}

/// Something that is shown as text and may be a link to elsewhere.
struct Anchor {
    text: String,
    href: Option<String>,
}

impl Anchor {
    fn of(address: &str) -> Self {
        Self { text: cut(address, 300), href: web_address(address).map(str::to_owned) }
    }
}

/// The post that is pinned to a profile.
struct Pinned {
    id: String,
    text: Vec<Piece>,
    created_at: Option<String>,
}

#[derive(Template)]
#[template(path = "portal/users/profile.html")]
struct ProfilePage {
    frame: Frame,
    head: Head,
    bio: Vec<Piece>,
    location: Option<String>,
    website: Option<Anchor>,
    joined: Option<String>,
    followers: String,
    following: String,
    posts: String,
    listed: String,
    pinned: Option<Pinned>,
    /// The id of a pinned post that is not stored.
    pinned_unknown: Option<String>,
    pictures: Vec<(&'static str, Anchor)>,
    facts: Vec<(&'static str, String)>,
}

/// Shows the tab that the query names.
pub(in crate::portal) async fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    let user = user(cx).await?;
    match cx.query.get("tab") {
        "" => page::show(&profile(cx, &user).await?),
        "followers" => page::show(&lists::page(cx, &user, model::Direction::Followers, "", None).await?),
        "following" => page::show(&lists::page(cx, &user, model::Direction::Following, "", None).await?),
        "json" => {
            let shown = reply::of(cx, &user).await?;
            page::show(&ReplyPage { frame: Frame::of(cx), head: Head::of(&user, "json"), shown })
        }
        "graph" => page::show(&graph::page(cx, &user).await?),
        _ => Err(Refused::NotFound),
    }
}

#[derive(Template)]
#[template(path = "portal/users/reply.html")]
struct ReplyPage {
    frame: Frame,
    head: Head,
    shown: reply::Shown,
}

async fn profile(cx: &Cx<'_>, user: &User) -> Result<ProfilePage, Refused> {
    let Entities { url, description } = entities(user.entities.as_ref().map(|json| json.as_str().as_bytes()));
    let website = user.url.as_deref().map(|address| match url.first_address() {
        Some((address, shown)) => Anchor { text: cut(shown, 300), ..Anchor::of(address) },
        None => Anchor::of(address),
    });
    let metrics = counts(cx, user).await?;
    let pinned = pinned(cx, user).await?;
    Ok(ProfilePage {
        frame: Frame::of(cx),
        head: Head::of(user, ""),
        bio: pieces(&user.description, description, TEXT, str::to_owned),
        location: user.location.as_deref().map(|location| cut(location, NAME)),
        website,
        joined: user.created_at.map(when),
        followers: grouped(metrics.followers),
        following: grouped(metrics.following),
        posts: grouped(metrics.tweets),
        listed: grouped(metrics.listed),
        pinned_unknown: user.pinned_tweet_id.filter(|_| pinned.is_none()).map(|id| id.to_string()),
        pinned,
        pictures: pictures(user),
        facts: facts(user),
    })
}

/// The numbers as replies show them.
async fn counts(cx: &Cx<'_>, user: &User) -> Result<UserMetrics, Refused> {
    let store = &cx.portal.state.store;
    let mut batch = store.users_by_ids(&[user.id], Detail::Full).await?;
    store.load_counts(&mut batch).await?;
    Ok(batch.get(0).map(|user| user.metrics).unwrap_or_default())
}

async fn pinned(cx: &Cx<'_>, user: &User) -> Result<Option<Pinned>, Refused> {
    let Some(id) = user.pinned_tweet_id else { return Ok(None) };
    let tweet = cx.portal.state.store.tweet(id).await?;
    Ok(tweet.map(|tweet| {
        let json = tweet.members.iter().find(|(field, _)| *field == TweetField::Entities);
        let marks: Marks = entities(json.map(|(_, json)| json.as_str().as_bytes()));
        // Posts lie there as X delivers them, with three characters escaped for HTML.
        let clean = |text: &str| text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        Pinned {
            id: tweet.id.to_string(),
            text: pieces(&tweet.text, marks, TEXT, clean),
            created_at: tweet.created_at.map(when),
        }
    }))
}

/// Where the pictures are. They are linked to and not loaded: no page asks another server.
fn pictures(user: &User) -> Vec<(&'static str, Anchor)> {
    let addresses = [("Profile picture", &user.profile_image_url), ("Banner", &user.profile_banner_url)];
    let anchor = |(label, address): (&'static str, &Option<String>)| Some((label, Anchor::of(address.as_deref()?)));
    addresses.into_iter().filter_map(anchor).collect()
}

/// What else is known.
fn facts(user: &User) -> Vec<(&'static str, String)> {
    let yes = |value: bool| if value { "yes" } else { "no" }.to_owned();
    let withheld = user.withheld.as_ref().map(|withheld| {
        let codes = withheld.country_codes.iter().map(ToString::to_string);
        codes.chain(withheld.whole_account.then(|| "everywhere".to_owned())).collect::<Vec<_>>().join(", ")
    });
    let name_is_cut = user.name.chars().nth(NAME).is_some();
    let rows = [
        ("Whole name", name_is_cut.then(|| cut(&user.name, TEXT))),
        ("Withheld in", withheld),
        ("Parody", user.parody.map(yes)),
        ("Identity verified", user.identity_verified.map(yes)),
        ("E-mail address", user.confirmed_email.as_deref().map(|address| cut(address, NAME))),
        ("Observed", user.observed_at.map(when)),
    ];
    rows.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
}
