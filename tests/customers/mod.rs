//! Customers: their records, relations and groups, the channels that bring them, and what channels see of them.

mod at_once;
mod channels;
mod records;
mod relations;
mod shares;

use serde_json::{Value, json};

use crate::support::{Caller, id_number};

/// The credit code of no demonstration firm.
pub const CODE: &str = "91340600MA2PBMA74B";

/// A person to put on record, the one of a day of birth with this order.
pub fn person(order: u32) -> Value {
    json!({
        "kind": "person", "name": "王示例", "id_number": id_number("330106", "19820304", order),
        "phone": format!("13900001{order:03}"), "class": "farmer",
    })
}

/// Puts a person on record; gives the id.
pub async fn recorded(who: &Caller, order: u32) -> String {
    who.post("/v1/customers", &person(order), 201).await.text("/id")
}

/// The ids in a page.
pub fn ids(body: &Value) -> Vec<String> {
    let items = body["items"].as_array().unwrap_or_else(|| panic!("no page: {body:#}"));
    items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

/// The pointers of a refusal's fields with their codes.
pub fn problems(body: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let all = body["errors"].as_array().unwrap_or_else(|| panic!("no fields: {body:#}"));
    all.iter().map(|one| (text(&one["pointer"]), text(&one["code"]))).collect()
}

/// One problem alone.
pub fn only(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}
