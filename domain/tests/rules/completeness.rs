//! What is missing, all at once.

use domain::applications::completeness::{Place, agent_proof_ready, missing};
use domain::applications::form::Form;
use domain::applications::product::ProductTerms;
use domain::applications::standard::standard_products;
use domain::assessments::personal::FACTS_OF_PRODUCTS;
use domain::consent::{ConsentState, SubjectKind};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{enterprise, enterprise_form, farmer, patch, person_form};

fn place(place: &Place) -> String {
    match place {
        Place::Pointer(pointer) => pointer.clone(),
        Place::ItemKey(key) => format!("#{key}"),
        Place::Consent => "consent".to_owned(),
    }
}

fn gaps(
    form: &Form,
    product: &ProductTerms,
    ready: &[(&str, u32)],
    consent: ConsentState,
) -> Vec<(String, &'static str)> {
    missing(form, product, ready, consent).into_iter().map(|gap| (place(&gap.place), gap.code)).collect()
}

fn rows(rows: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    rows.iter().map(|(place, code)| ((*place).to_owned(), *code)).collect()
}

const FARMER_DOCUMENTS: &[(&str, u32)] = &[("id_card", 2), ("land_proof", 1)];
const FIRM_DOCUMENTS: &[(&str, u32)] = &[("id_card", 2), ("business_licence", 1), ("power_of_attorney", 1)];

#[test]
fn complete_applications_lack_nothing() {
    assert_eq!(gaps(&person_form(), &farmer(), FARMER_DOCUMENTS, ConsentState::Absent), []);
    assert_eq!(gaps(&enterprise_form(), &enterprise(), FIRM_DOCUMENTS, ConsentState::Granted), []);
}

#[test]
fn an_empty_form_lacks_every_required_field() {
    let expected = rows(&[
        ("/product_id", "missing"),
        ("/subject/kind", "missing"),
        ("/amount_fen", "missing"),
        ("/term_months", "missing"),
        ("/purpose", "missing"),
        ("/region", "missing"),
        ("/contact/name", "missing"),
        ("/contact/phone", "missing"),
        ("/extra/area_mu", "missing"),
        ("/extra/crop", "missing"),
        ("/extra/yearly_income_fen", "missing"),
        ("/extra/existing_debt_fen", "missing"),
        ("/extra/years_in_trade", "missing"),
    ]);
    assert_eq!(gaps(&Form::default(), &farmer(), &[], ConsentState::Absent), expected);
}

#[test]
fn an_agents_enterprise_lacks_proof_and_consent() {
    let expected = rows(&[
        ("#business_licence", "document_missing"),
        ("#id_card", "document_missing"),
        ("#power_of_attorney", "document_missing"),
        ("consent", "consent_proof_missing"),
    ]);
    assert_eq!(gaps(&enterprise_form(), &enterprise(), &[], ConsentState::Granted), expected);
    assert!(
        agent_proof_ready(&enterprise(), FIRM_DOCUMENTS)
            && !agent_proof_ready(&enterprise(), &[("power_of_attorney", 0)])
    );
    assert!(!agent_proof_ready(&farmer(), FIRM_DOCUMENTS), "a product without proof documents proves nothing");
}

#[test]
fn each_gap_has_its_code() {
    let firm = |change: Value| patch(&enterprise_form(), &change, Some(&enterprise())).unwrap();
    let legal = firm(json!({"subject": {"capacity": "legal_representative"}}));
    let without_proof = &[("id_card", 1), ("business_licence", 1)];
    type Case<'a> = (Form, &'a [(&'a str, u32)], ConsentState, &'a [(&'a str, &'static str)]);
    let cases: Vec<Case<'_>> = vec![
        (legal.clone(), without_proof, ConsentState::Granted, &[]),
        (legal.clone(), without_proof, ConsentState::Absent, &[("consent", "consent_absent")]),
        (legal.clone(), without_proof, ConsentState::Revoked, &[("consent", "consent_revoked")]),
        (legal, without_proof, ConsentState::Expired, &[("consent", "consent_expired")]),
        (
            firm(json!({"subject": {"capacity": null}})),
            FIRM_DOCUMENTS,
            ConsentState::Granted,
            &[("/subject/capacity", "missing"), ("consent", "consent_capacity_missing")],
        ),
        (
            firm(json!({"amount_fen": 100})),
            FIRM_DOCUMENTS,
            ConsentState::Granted,
            &[("/amount_fen", "amount_out_of_range")],
        ),
        (
            firm(json!({"term_months": 60})),
            FIRM_DOCUMENTS,
            ConsentState::Granted,
            &[("/term_months", "term_out_of_range")],
        ),
        (firm(json!({"industry": null})), FIRM_DOCUMENTS, ConsentState::Granted, &[("/industry", "missing")]),
        (
            firm(json!({})),
            &[("id_card", 11), ("business_licence", 1), ("power_of_attorney", 1)],
            ConsentState::Granted,
            &[("#id_card", "document_too_many")],
        ),
    ];
    for (form, ready, consent, expected) in cases {
        assert_eq!(gaps(&form, &enterprise(), ready, consent), rows(expected));
    }
}

#[test]
fn a_product_changed_under_the_form_is_noticed() {
    let found = gaps(&person_form(), &enterprise(), FARMER_DOCUMENTS, ConsentState::Absent);
    for expected in
        [("/subject/kind", "subject_not_allowed"), ("/purpose", "purpose_unknown"), ("/extra/employees", "missing")]
    {
        assert!(found.contains(&(expected.0.to_owned(), expected.1)), "{found:?}");
    }
    // What only enterprises are asked is not asked while the product takes none.
    let found = gaps(&firm(json!({"industry": null})), &farmer(), FIRM_DOCUMENTS, ConsentState::Granted);
    assert!(found.iter().any(|(pointer, _)| pointer == "/subject/kind"), "{found:?}");
    assert!(!found.iter().any(|(pointer, _)| pointer == "/industry"), "{found:?}");
    let mut stricter = farmer();
    stricter.bank_required = true;
    assert_eq!(gaps(&person_form(), &stricter, FARMER_DOCUMENTS, ConsentState::Absent), rows(&[("/bank", "missing")]));
}

proptest! {
    /// Taking anything required away is noticed at its own place, and nothing else is.
    #[test]
    fn each_required_field_is_missed_alone(at in 0usize..14) {
        let form = enterprise_form();
        let pointer = form.pointers().nth(at).map(str::to_owned);
        prop_assume!(pointer.as_deref().is_some_and(|p| !p.starts_with("/subject/")));
        let pointer = pointer.unwrap_or_default();
        let change = match pointer[1..].split_once('/') {
            Some((group, key)) => json!({group: {key: null}}),
            None => json!({&pointer[1..]: null}),
        };
        let product = enterprise();
        let shorter = patch(&form, &change, Some(&product)).unwrap();
        prop_assert_eq!(gaps(&shorter, &product, FIRM_DOCUMENTS, ConsentState::Granted), rows(&[(&pointer, "missing")]));
    }
}

#[test]
fn whatever_a_person_is_graded_by_is_asked() {
    let products = standard_products();
    let for_persons = products.iter().filter(|product| product.subjects.contains(&SubjectKind::Person));
    for product in for_persons.clone() {
        for (key, label) in FACTS_OF_PRODUCTS {
            let field =
                product.extra_field(key).unwrap_or_else(|| panic!("{} does not ask {key}", product.kind.code()));
            assert!(field.label.zh.contains(label), "{} is called {label}", field.label.zh);
            // a product for persons alone cannot be sent in without
            assert_eq!(field.required, product.subjects == [SubjectKind::Person], "{} {key}", product.kind.code());
        }
    }
    assert_eq!(for_persons.count(), 2);
}
