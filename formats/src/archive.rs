//! Files of an archive that X makes of the data of an account: a manifest, and JSON behind
//! `window.NAME =`.
//!
//! Of the account, who it is and its profile are read, and the two lists. E-mail addresses, IP
//! addresses, messages and everything else are left out.

use model::{Observation, Timestamp, User, UserId, UserMember, UserMembers, Username};
use serde::Deserialize;

use crate::entities;
use crate::line_error::{LineError, typed};
use crate::scalar::{Id, Text};

/// What an archive holds of what is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Whose archive it is.
    pub account: UserId,
    /// Its username, when the archive was made.
    pub username: Username,
    /// Its name.
    pub name: String,
    /// When the archive was made.
    pub made_at: Timestamp,
    /// The files, each with what it holds, in their order.
    pub files: Vec<(Part, String)>,
}

/// What a file of an archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The account.
    Account,
    /// Its profile.
    Profile,
    /// Those who follow it.
    Followers,
    /// Those whom it follows.
    Following,
}

/// Reads `data/manifest.js`.
///
/// # Errors
/// [`LineError`] when it is no manifest.
pub fn read_manifest(text: &[u8]) -> Result<Manifest, LineError> {
    let read: ReadManifest = typed(json(text)?)?;
    let ReadTypes { account, profile, follower, following } = read.data_types;
    let parts =
        [(Part::Account, account), (Part::Profile, profile), (Part::Followers, follower), (Part::Following, following)];
    let named = |(part, files): (Part, Option<ReadFiles>)| {
        files.into_iter().flat_map(|files| files.files).map(move |file| (part, file.file_name))
    };
    Ok(Manifest {
        account: read.user_info.account_id.0,
        username: read.user_info.user_name.0,
        name: read.user_info.display_name,
        made_at: read.archive_info.generation_date.0,
        files: parts.into_iter().flat_map(named).collect(),
    })
}

/// The account of an archive, as its files describe it.
#[derive(Debug)]
pub struct Account {
    user: Box<User>,
    speaks_of: UserMembers,
}

impl Account {
    /// What the manifest says.
    #[must_use]
    pub fn new(manifest: &Manifest) -> Self {
        let mut user = Box::new(User::new(manifest.account, manifest.username, manifest.name.clone()));
        user.observed_at = Some(manifest.made_at);
        Self { user, speaks_of: UserMembers::NONE }
    }

    /// Adds when the account was made.
    ///
    /// # Errors
    /// [`LineError`] when this is no file of [`Part::Account`].
    pub fn add_account(&mut self, text: &[u8]) -> Result<(), LineError> {
        let accounts: Vec<OfAccount> = typed(json(text)?)?;
        for OfAccount { account } in accounts {
            self.user.created_at = Some(account.created_at.0);
            self.speaks_of = self.speaks_of.with(UserMember::CreatedAt);
        }
        Ok(())
    }

    /// Adds the profile.
    ///
    /// # Errors
    /// [`LineError`] when this is no file of [`Part::Profile`].
    pub fn add_profile(&mut self, text: &[u8]) -> Result<(), LineError> {
        let profiles: Vec<OfProfile> = typed(json(text)?)?;
        let full = |text: Option<String>| text.filter(|text| !text.is_empty());
        for OfProfile { profile } in profiles {
            self.user.description = profile.description.bio.unwrap_or_default();
            self.user.location = full(profile.description.location);
            self.user.url = full(profile.description.website);
            self.user.entities = entities::of_profile(self.user.url.as_deref(), &self.user.description);
            self.user.profile_image_url = full(profile.avatar_media_url).map(|url| in_normal_size(&url));
            self.user.profile_banner_url = full(profile.header_media_url);
            self.speaks_of = PROFILE.iter().fold(self.speaks_of, |all, member| all.with(*member));
        }
        Ok(())
    }

    /// All that was read.
    #[must_use]
    pub fn observation(self) -> Observation {
        Observation::User(self.user, self.speaks_of)
    }
}

/// Reads those on a list, a file of [`Part::Followers`] or [`Part::Following`], in the order of the file.
///
/// # Errors
/// [`LineError`] when it is no such file.
pub fn read_list(text: &[u8]) -> Result<Vec<UserId>, LineError> {
    let listed: Vec<Listed> = typed(json(text)?)?;
    Ok(listed.into_iter().map(|listed| listed.of.account_id.0).collect())
}

/// What a profile speaks of.
const PROFILE: [UserMember; 6] = [
    UserMember::Description,
    UserMember::Location,
    UserMember::Url,
    UserMember::Entities,
    UserMember::ProfileImageUrl,
    UserMember::ProfileBannerUrl,
];

/// What stands behind `window.NAME =`.
fn json(text: &[u8]) -> Result<&[u8], LineError> {
    const EXPECTED: &str = "a file of an archive, which begins with `window.`";
    let text = text.trim_ascii().strip_prefix(b"window.").ok_or(LineError::Shape { expected: EXPECTED })?;
    let equals = memchr::memchr(b'=', text).ok_or(LineError::Shape { expected: EXPECTED })?;
    Ok(text.get(equals + 1..).unwrap_or_default().trim_ascii())
}

/// The address of an image in the size of `profile_image_url`; archives have that of the whole image.
fn in_normal_size(url: &str) -> String {
    match url.rsplit_once('.') {
        Some((path, end)) if !path.ends_with("_normal") && !end.contains('/') => format!("{path}_normal.{end}"),
        _ => url.to_owned(),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadManifest {
    user_info: UserInfo,
    archive_info: ArchiveInfo,
    data_types: ReadTypes,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserInfo {
    account_id: Id<UserId>,
    user_name: Text<Username>,
    display_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ArchiveInfo {
    generation_date: Text<Timestamp>,
}

#[derive(Deserialize)]
struct ReadTypes {
    account: Option<ReadFiles>,
    profile: Option<ReadFiles>,
    follower: Option<ReadFiles>,
    following: Option<ReadFiles>,
}

#[derive(Deserialize)]
struct ReadFiles {
    #[serde(default)]
    files: Vec<ReadFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadFile {
    file_name: String,
}

#[derive(Deserialize)]
struct OfAccount {
    account: ReadAccount,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadAccount {
    created_at: Text<Timestamp>,
}

#[derive(Deserialize)]
struct OfProfile {
    profile: ReadProfile,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadProfile {
    description: ReadDescription,
    avatar_media_url: Option<String>,
    header_media_url: Option<String>,
}

#[derive(Deserialize)]
struct ReadDescription {
    bio: Option<String>,
    website: Option<String>,
    location: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(alias = "follower", alias = "following")]
    of: ReadListed,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadListed {
    account_id: Id<UserId>,
}
