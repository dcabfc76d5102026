//! Drafts: merge patches, what each field takes, masking, and what a change list shows.

use domain::applications::changes::{changes, needs_new_data};
use domain::applications::fields::FIELDS;
use domain::applications::form::{ERRORS_MAX, Form};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{enterprise, enterprise_form, farmer, patch, person_form};

#[test]
fn single_fields_change_and_go() {
    let form = person_form();
    let changed = patch(&form, &json!({"amount_fen": 100, "contact": {"name": null}}), Some(&farmer())).unwrap();
    assert_eq!(changed.amount().map(|fen| fen.0), Some(100));
    assert_eq!((changed.text("/contact/name"), changed.text("/contact/phone")), (None, Some("13800000012")));
    assert_eq!(changed.term_months(), Some(12));
    let emptied = patch(&changed, &json!({"contact": null, "extra": null, "region": null}), Some(&farmer())).unwrap();
    assert!(emptied.pointers().all(|pointer| !pointer.starts_with("/contact") && !pointer.starts_with("/extra")));
    assert_eq!(patch(&form, &json!({}), None), Ok(form));
}

#[test]
fn values_take_their_one_form() {
    let typed = json!({
        "subject": {"id_number": "１１０１０１１８９９１２３１００２８", "credit_code": "91340600ma2pbma74b"},
        "contact": {"phone": "+86 138 0000 0012"}, "bank": "  示例银行 ", "industry": "a",
    });
    let form = patch(&Form::default(), &typed, None).unwrap();
    let stored = json!({
        "subject": {"id_number": "110101189912310028", "credit_code": "91340600MA2PBMA74B"},
        "contact": {"phone": "13800000012"}, "bank": "示例银行", "industry": "A",
    });
    assert_eq!(form.expose(), stored);
    assert_eq!(Form::from_stored(&stored), form);
}

#[test]
fn wrong_values_are_named_with_their_code() {
    let rows = [
        (json!([]), "", "type_object"),
        (json!("x"), "", "type_object"),
        (json!({"amount_fen": "100"}), "/amount_fen", "amount_format"),
        (json!({"amount_fen": 0}), "/amount_fen", "amount_format"),
        (json!({"amount_fen": 1.5}), "/amount_fen", "amount_format"),
        (json!({"amount_fen": i64::MAX}), "/amount_fen", "amount_format"),
        (json!({"term_months": 361}), "/term_months", "term_format"),
        (json!({"purpose": "gambling"}), "/purpose", "purpose_unknown"),
        (json!({"region": "999999"}), "/region", "region_unknown"),
        (json!({"region": 330106}), "/region", "type_text"),
        (json!({"industry": "Z"}), "/industry", "industry_unknown"),
        (json!({"bank": "  "}), "/bank", "text_empty"),
        (json!({"bank": "a\u{0}"}), "/bank", "text_control"),
        (json!({"bank": "行".repeat(101)}), "/bank", "text_too_long"),
        (json!({"contact": "x"}), "/contact", "type_object"),
        (json!({"contact": {"phone": "12345"}}), "/contact/phone", "phone_format"),
        (json!({"contact": {"name": "张3"}}), "/contact/name", "real_name_characters"),
        (json!({"subject": {"kind": "company"}}), "/subject/kind", "choice_unknown"),
        (json!({"subject": {"capacity": "boss"}}), "/subject/capacity", "choice_unknown"),
        (json!({"subject": {"id_number": "110101189912310000"}}), "/subject/id_number", "id_number_checksum"),
        (json!({"subject": {"credit_code": "91110000600037341N"}}), "/subject/credit_code", "credit_code_checksum"),
        (json!({"extra": {"area_mu": 0}}), "/extra/area_mu", "number_out_of_range"),
        (json!({"extra": {"tenant_id": "x"}}), "/extra/tenant_id", "field_unknown"),
        (json!({"tenant_id": "x"}), "/tenant_id", "field_unknown"),
        (json!({"state": null}), "/state", "field_unknown"),
        (json!({"subject": {"is_staff": true}}), "/subject/is_staff", "field_unknown"),
        (json!({"subject/kind": "person"}), "/subject~1kind", "field_unknown"),
    ];
    for (change, pointer, code) in rows {
        assert_eq!(
            patch(&Form::default(), &change, Some(&farmer())),
            Err(vec![(pointer.to_owned(), code)]),
            "{change}"
        );
    }
}

#[test]
fn a_product_comes_before_its_fields() {
    let without = patch(&Form::default(), &json!({"extra": {"area_mu": 1}}), None);
    assert_eq!(without, Err(vec![("/extra/area_mu".to_owned(), "product_first")]));
    let unknown = patch(&Form::default(), &json!({"product_id": "prd_gone"}), None);
    assert_eq!(unknown, Err(vec![("/product_id".to_owned(), "product_unknown")]));
    let form = person_form();
    assert_eq!(form.product_after(&json!({"product_id": "prd_9"})), Some("prd_9"));
    assert_eq!(form.product_after(&json!({"amount_fen": 1})), Some("prd_1"));
    assert_eq!(form.product_after(&json!({"product_id": null})), None);
}

#[test]
fn all_or_nothing_and_all_at_once() {
    let change = json!({"amount_fen": 5, "region": "000000", "contact": {"phone": "1"}});
    let errors = patch(&person_form(), &change, Some(&farmer())).unwrap_err();
    assert_eq!(errors.len(), 2);
    let many: Value = (0..200).map(|i| (format!("field_{i}"), json!(1))).collect::<serde_json::Map<_, _>>().into();
    assert_eq!(patch(&Form::default(), &many, None).unwrap_err().len(), ERRORS_MAX);
}

#[test]
fn personal_fields_are_masked_and_never_printed() {
    let form = person_form();
    let masked = form.masked(Some(&farmer()));
    assert_eq!(masked["subject"]["real_name"], "**例");
    assert_eq!(masked["subject"]["id_number"], "1****************8");
    assert_eq!(masked["contact"]["phone"], "138******12");
    assert_eq!(masked["extra"]["crop"], "水稻");
    assert_eq!(form.masked(None)["extra"]["crop"], "***");
    let printed = format!("{form:?}");
    for secret in ["张示例", "110101189912310028", "13800000012", "水稻"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[test]
fn a_submission_keeps_only_what_is_asked() {
    let other = json!({"subject": {"full_name": "示例公司"}});
    let form = patch(&person_form(), &other, Some(&farmer())).unwrap();
    let submitted = form.submitted(&farmer());
    assert_eq!(submitted, person_form());
    assert!(form.submitted(&enterprise()).get("/extra/crop").is_none());
}

#[test]
fn changes_are_shown_in_the_forms_order() {
    let before = person_form();
    let change = json!({
        "amount_fen": 30_000_000, "purpose": "farm_machinery", "bank": "示例银行",
        "contact": {"phone": "13900000034"}, "extra": {"yearly_income_fen": 1, "crop": "小麦"},
    });
    let after = patch(&before, &change, Some(&farmer())).unwrap();
    let found = changes(&before, &after, Some(&farmer()), false);
    let rows: Vec<_> = found
        .iter()
        .map(|change| (change.label.zh.as_str(), change.before.as_deref(), change.after.as_deref(), change.masked))
        .collect();
    let expected = [
        ("申请金额", Some("200,000.00元"), Some("300,000.00元"), false),
        ("资金用途", Some("购买畜禽苗种"), Some("购置农机具"), false),
        ("意向银行", None, Some("示例银行"), false),
        ("联系电话", Some("138******12"), Some("139******34"), true),
        ("种养品种", Some("水稻"), Some("小麦"), false),
        ("家庭年收入", Some("80,000.00元"), Some("0.01元"), false),
    ];
    assert_eq!(rows, expected);
    let revealed = changes(&before, &after, Some(&farmer()), true);
    assert!(revealed.iter().any(|change| change.after.as_deref() == Some("13900000034") && !change.masked));
    assert!(changes(&before, &before, Some(&farmer()), true).is_empty());
}

#[test]
fn only_another_subject_needs_new_data() {
    let firm = enterprise_form();
    let person = person_form();
    let with = |change: Value| patch(&firm, &change, Some(&enterprise())).unwrap();
    assert!(!needs_new_data(&firm, &with(json!({"amount_fen": 1, "contact": {"phone": "13900000034"}}))));
    assert!(needs_new_data(&firm, &with(json!({"subject": {"credit_code": "91340600MA2PBN831R"}}))));
    assert!(needs_new_data(&firm, &person) && needs_new_data(&person, &firm));
    let other = patch(&person, &json!({"subject": {"id_number": "110101189912310044"}}), Some(&farmer())).unwrap();
    assert!(needs_new_data(&person, &other) && !needs_new_data(&person, &person));
}

#[test]
fn every_field_has_both_labels_and_its_own_place() {
    let places: std::collections::BTreeSet<_> = FIELDS.iter().map(|field| field.pointer).collect();
    assert_eq!(places.len(), FIELDS.len());
    assert!(FIELDS.iter().all(|field| !field.label_zh.is_empty() && field.label_en.is_ascii()));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        Just(json!("person")),
        Just(json!("13800000012")),
        Just(json!("330106")),
        (1i64..400).prop_map(Value::from),
    ];
    let key = prop_oneof![
        prop::sample::select(vec![
            "subject",
            "contact",
            "extra",
            "kind",
            "phone",
            "amount_fen",
            "term_months",
            "region",
            "area_mu"
        ])
        .prop_map(str::to_owned),
        "[a-z/~]{0,8}",
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_patch_is_answered_and_what_is_stored_is_read_back(change in any_json()) {
        let _ = Form::from_stored(&change).masked(Some(&farmer()));
        if let Ok(form) = patch(&person_form(), &change, Some(&farmer())) {
            prop_assert_eq!(Form::from_stored(&form.expose()), form.clone());
            prop_assert_eq!(patch(&form, &change, Some(&farmer())), Ok(form));
        }
    }
}
