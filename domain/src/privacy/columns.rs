//! Where each kind of personal data lies. The suite holds this against the schema: a sealed column that no kind names fails it, and
//! so does a column named here that is not there.

use super::Class;

/// Columns with personal data, or with what may hold some, by kind and table. Sealed columns that hold no personal data but secrets
/// stand here too, so that there is one list.
pub const COLUMNS: &[(Class, &str, &[&str])] = &[
    (Class::Account, "applicants", &["phone_sealed", "phone_hash"]),
    (Class::LogIns, "sessions", &["successor_sealed", "user_agent", "address"]),
    (Class::Codes, "sms_codes", &["phone_hash", "code_hash"]),
    (Class::Consents, "acceptances", &["notice_version"]),
    (Class::Consents, "authorisations", &["person_name_sealed", "person_id_sealed", "person_hash", "subject"]),
    (
        Class::Applications,
        "applications",
        &["form_sealed", "subject_hash", "enterprise_name", "credit_code", "approved_conditions"],
    ),
    (Class::Applications, "application_events", &["detail_sealed"]),
    (Class::Applications, "application_submissions", &["form_sealed"]),
    (Class::Applications, "return_items", &["reason_sealed"]),
    (Class::Documents, "documents", &["file_name_sealed"]),
    (Class::Collected, "pulls", &["content_sealed", "problem"]),
    (Class::Collected, "invoices", &["counterparty", "number"]),
    (Class::Scores, "assessments", &["inputs", "result"]),
    (
        Class::Customers,
        "customers",
        &[
            "name_sealed",
            "name_hash",
            "identity_sealed",
            "identity_hash",
            "phone_sealed",
            "phone_hash",
            "address_sealed",
            "address_hash",
        ],
    ),
    (Class::Customers, "customer_classes", &["source_sealed"]),
    (Class::Customers, "customer_relations", &["document_sealed"]),
    (Class::Customers, "customer_shares", &["purpose_sealed", "document_sealed", "revoked_reason_sealed"]),
    (Class::Customers, "customer_accesses", &["customer_id"]),
    (Class::Limits, "limit_approvals", &["conditions_sealed"]),
    (Class::Limits, "limits", &["label_sealed", "conditions_sealed"]),
    (Class::Limits, "limit_entries", &["reason_sealed", "document_sealed"]),
    (Class::Machines, "equipment", &["name", "place_sealed"]),
    (Class::Machines, "equipment_documents", &["file_name_sealed"]),
    (Class::Machines, "equipment_events", &["note_sealed"]),
    (Class::Machines, "equipment_scores", &["inputs"]),
    (Class::Machines, "listings", &["title", "description"]),
    (Class::Machines, "listing_enquiries", &["question_sealed", "answer_sealed"]),
    (Class::Inbox, "inbox_messages", &["content_sealed"]),
    (Class::Deliveries, "deliveries", &["to_sealed", "content_sealed"]),
    (Class::Replies, "idempotency_keys", &["reply"]),
    (Class::Replies, "jobs", &["payload"]),
    (Class::Requests, "privacy_requests", &["reason_sealed", "note_sealed"]),
    (Class::Requests, "data_exports", &["sha256"]),
    (Class::Audit, "audit_entries", &["detail"]),
    (Class::Staff, "staff", &["login_name", "name_sealed", "email_sealed", "email_hash"]),
    (Class::Staff, "second_factors", &["secret_sealed"]),
    (Class::Registers, "enterprises", &["legal_representative_sealed"]),
    (Class::Partners, "telemetry_sources", &["secret_sealed", "previous_sealed"]),
    (Class::Partners, "quarantined_readings", &["raw_sealed"]),
    (Class::Partners, "webhook_endpoints", &["url_sealed", "description_sealed", "secret_sealed", "previous_sealed"]),
    (Class::Partners, "webhook_deliveries", &["excerpt_sealed"]),
    (Class::Partners, "webhook_messages", &["body"]),
];

/// Of which kind a column's data is.
pub fn class_of(table: &str, column: &str) -> Option<Class> {
    let named = COLUMNS.iter().find(|(_, of, columns)| *of == table && columns.contains(&column));
    named.map(|(class, _, _)| *class)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_column_is_of_one_kind_and_every_kind_has_some() {
        let mut seen = BTreeSet::new();
        for (class, table, columns) in COLUMNS {
            for column in *columns {
                assert!(seen.insert((table, column)), "{table}.{column} stands twice");
                assert_eq!(class_of(table, column), Some(*class));
            }
        }
        for class in Class::ALL {
            // drafts are applications that were not submitted
            let is_named = *class == Class::Drafts || COLUMNS.iter().any(|(of, _, _)| of == class);
            assert!(is_named, "{}", class.code());
        }
    }
}
