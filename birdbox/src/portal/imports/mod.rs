//! Files that the owner imports in the browser.
//!
//! [`upload`] takes a file into the data directory, [`Jobs`] knows the one that is being imported or
//! was the last, [`work`] imports it as the command line would, and [`page`] shows all that.

mod form;
mod job;
mod jobs;
mod page;
mod run;
mod upload;

pub(crate) use self::jobs::Jobs;
pub(super) use self::page::{again_export, cancel, choose, download, rejects, show, take};
pub(crate) use self::run::work;
