//! The developer portal as browsers meet it.

mod apps;
mod directory;
mod explorer;
mod exports;
mod forms;
mod house;
mod imports;
mod keys;
mod limits;
mod links;
mod people;
mod reference;
mod requests;
mod roles;
mod text;
mod usage;
