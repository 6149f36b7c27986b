//! Makes the synthetic part of the sample: a profile and two posts for each member of
//! Congress in `sample/legislators.jsonl`, always the same.
//!
//!     cargo run -p formats --example make_sample

use std::path::Path;
use std::process::ExitCode;

use formats::{entities, native};
use model::{RawJson, Timestamp, Tweet, TweetField, TweetId, TweetMetrics, User, UserId, UserMetrics, VerifiedType};
use serde::Deserialize;

/// What is known of a member: the facts of the source, nothing else.
#[derive(Deserialize)]
struct Legislator {
    id: String,
    username: String,
    name: String,
    chamber: String,
    state: String,
    district: Option<u32>,
    url: String,
    since: String,
}

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample");
    let made = std::fs::read_to_string(folder.join("legislators.jsonl"))
        .map_err(|error| error.to_string())
        .and_then(|legislators| profiles(&legislators))
        .and_then(|made| {
            std::fs::write(folder.join("legislators-profiles.jsonl"), made).map_err(|error| error.to_string())
        });
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

/// The lines for all members, in the order of the source.
///
/// # Errors
/// What is wrong with a line of the source.
pub(crate) fn profiles(legislators: &str) -> Result<Vec<u8>, String> {
    let mut lines = Vec::new();
    for (number, line) in legislators.lines().enumerate() {
        let member: Legislator = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let id: UserId = member.id.parse().map_err(|error| format!("{}: {error}", member.id))?;
        let posts = [1, 2].map(|post| TweetId::new(FIRST_POST + 10 * number as u64 + post));
        let mut dice = Dice(SEED ^ id.get());
        native::write_user(&user(&member, id, posts, number, &mut dice)?, &mut lines);
        for (at, post) in posts.into_iter().enumerate() {
            native::write_tweet(&tweet(&member, id, post, at, &mut dice), &mut lines);
        }
    }
    Ok(lines)
}

const SEED: u64 = 0x4249_5244_424F_5831;
/// Far above every id that X has given.
const FIRST_POST: u64 = 9_000_000_000_000_100_000;
/// Every synthetic observation has this date, before the first post of all, so that
/// anything imported replaces it.
const OBSERVED_AT: i64 = 1_142_899_200_000;
/// 2021-01-01T00:00:00Z.
const FIRST_POSTED_AT: i64 = 1_609_459_200_000;
const DAY_MS: i64 = 86_400_000;

fn user(
    member: &Legislator,
    id: UserId,
    [pinned, most_recent]: [TweetId; 2],
    number: usize,
    dice: &mut Dice,
) -> Result<User, String> {
    let username = member.username.parse().map_err(|error| format!("{}: {error}", member.username))?;
    let state = state_name(&member.state);
    let mut user = User::new(id, username, &member.name);
    user.description = bio(member, state, number);
    user.location = Some(state.to_owned());
    user.url = Some(member.url.clone());
    user.entities = entities::of_profile(Some(&member.url), &user.description);
    user.pinned_tweet_id = Some(pinned);
    user.most_recent_tweet_id = Some(most_recent);
    user.profile_image_url =
        Some("https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png".to_owned());
    user.verified = true;
    user.verified_type = Some(VerifiedType::Government);
    // Followers spread evenly over the orders of magnitude from 1,000 to 1,024,000.
    let followers = (1_000 << dice.below(10)) + dice.below(1_000);
    user.metrics = Some(UserMetrics {
        followers,
        following: 50 + dice.below(3_000),
        tweets: 500 + dice.below(20_000),
        listed: followers / 150 + dice.below(50),
        likes: Some(dice.below(5_000)),
        media: Some(dice.below(900)),
    });
    user.observed_at = Some(Timestamp::from_unix_ms(OBSERVED_AT));
    user.synthetic = true;
    Ok(user)
}

/// A bio that claims nothing beyond the facts and says what it is.
fn bio(member: &Legislator, state: &str, number: usize) -> String {
    let Legislator { chamber, username, since, .. } = member;
    let year = since.get(..4).unwrap_or_default();
    let seat = match member.district {
        None => format!("{chamber} for {state}"),
        Some(0) => format!("{chamber} for {state}, at large"),
        Some(district) => format!("{chamber} for {state}, district {district}"),
    };
    match number % 5 {
        0 => format!("{seat}. Synthetic sample profile."),
        1 => format!("{seat}. In Congress since {year}. Synthetic sample profile. #SampleData"),
        2 => format!("{seat}. Synthetic sample profile, not written by @{username}."),
        3 => format!("{seat}.\nSynthetic sample profile: https://t.co/sample{number:04}"),
        _ => format!("In Congress since {year}. 🏛️ {seat}. Synthetic sample profile. #Congress #SampleData"),
    }
}

fn tweet(member: &Legislator, author: UserId, id: TweetId, at: usize, dice: &mut Dice) -> Tweet {
    let text = match at {
        0 => format!("Synthetic sample post, pinned by @{}. It was never written by a person.", member.username),
        _ => "Synthetic sample post, the most recent of this account. #SampleData".to_owned(),
    };
    let created_at = FIRST_POSTED_AT + DAY_MS * (365 * at as i64) + 1_000 * dice.below(86_400) as i64;
    let members = [
        (TweetField::EditHistoryTweetIds, Some(format!(r#"["{id}"]"#))),
        (TweetField::ConversationId, Some(format!(r#""{id}""#))),
        (TweetField::Entities, post_entities(&text)),
        (TweetField::Lang, Some(r#""en""#.to_owned())),
        (TweetField::Source, Some(r#""Birdbox Sample""#.to_owned())),
        (TweetField::PossiblySensitive, Some("false".to_owned())),
    ];
    Tweet {
        author_id: Some(author),
        created_at: Some(Timestamp::from_unix_ms(created_at)),
        public_metrics: Some(TweetMetrics {
            retweets: dice.below(300),
            replies: dice.below(200),
            likes: dice.below(3_000),
            quotes: Some(dice.below(50)),
            bookmarks: None,
            impressions: None,
        }),
        members: members.into_iter().filter_map(|(field, json)| Some((field, RawJson::from_compact(json?)))).collect(),
        observed_at: Some(Timestamp::from_unix_ms(OBSERVED_AT)),
        ..Tweet::new(id, text)
    }
}

/// `entities` of a post here: one mention or one hashtag.
fn post_entities(text: &str) -> Option<String> {
    let found = entities::extract(text).into_iter().next()?;
    let (list, member) = match found.kind {
        entities::EntityKind::Mention => ("mentions", "username"),
        _ => ("hashtags", "tag"),
    };
    let entities::Entity { start, end, text, .. } = found;
    Some(format!(r#"{{"{list}":[{{"start":{start},"end":{end},"{member}":"{text}"}}]}}"#))
}

/// Numbers that look random and are the same on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }
}

fn state_name(code: &str) -> &str {
    STATES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

#[rustfmt::skip]
const STATES: [(&str, &str); 56] = [
    ("AK", "Alaska"), ("AL", "Alabama"), ("AR", "Arkansas"), ("AS", "American Samoa"), ("AZ", "Arizona"),
    ("CA", "California"), ("CO", "Colorado"), ("CT", "Connecticut"), ("DC", "District of Columbia"),
    ("DE", "Delaware"), ("FL", "Florida"), ("GA", "Georgia"), ("GU", "Guam"), ("HI", "Hawaii"), ("IA", "Iowa"),
    ("ID", "Idaho"), ("IL", "Illinois"), ("IN", "Indiana"), ("KS", "Kansas"), ("KY", "Kentucky"),
    ("LA", "Louisiana"), ("MA", "Massachusetts"), ("MD", "Maryland"), ("ME", "Maine"), ("MI", "Michigan"),
    ("MN", "Minnesota"), ("MO", "Missouri"), ("MP", "Northern Mariana Islands"), ("MS", "Mississippi"),
    ("MT", "Montana"), ("NC", "North Carolina"), ("ND", "North Dakota"), ("NE", "Nebraska"),
    ("NH", "New Hampshire"), ("NJ", "New Jersey"), ("NM", "New Mexico"), ("NV", "Nevada"), ("NY", "New York"),
    ("OH", "Ohio"), ("OK", "Oklahoma"), ("OR", "Oregon"), ("PA", "Pennsylvania"), ("PR", "Puerto Rico"),
    ("RI", "Rhode Island"), ("SC", "South Carolina"), ("SD", "South Dakota"), ("TN", "Tennessee"),
    ("TX", "Texas"), ("UT", "Utah"), ("VA", "Virginia"), ("VI", "Virgin Islands"), ("VT", "Vermont"),
    ("WA", "Washington"), ("WI", "Wisconsin"), ("WV", "West Virginia"), ("WY", "Wyoming"),
];
