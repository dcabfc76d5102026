//! The suite. Everything goes through the public API over HTTP, on a database of its own: SQLite as it is, or PostgreSQL
//! where `TEST_DATABASE_URL` names a role with CREATEDB and CREATEROLE.

mod support;

mod access;
mod canaries;
mod clients;
mod commands;
mod customers;
mod devices;
mod document;
mod flows;
mod http;
mod keys;
mod limits;
mod migrations;
mod privacy;
mod real_data;
mod replicas;
mod safety;
mod schema;
mod tidy;
mod webhooks;
