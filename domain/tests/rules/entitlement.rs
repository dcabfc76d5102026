//! Where a doubt about whoever consented leads, and what nobody can do until it is settled.

use domain::applications::action::{Action, ActionKind, Advice};
use domain::applications::machine::decide;
use domain::applications::refusal::Refusal;
use domain::applications::state::{Actor, ApplicationState as S, Facts, Hat};
use domain::entitlement::Entitlement;

use crate::machine::{because, facts, sound, wearing};

#[test]
fn nothing_is_granted_while_the_entitlement_is_open() {
    let doubt = |doubt| Action::EntitlementDoubted { doubt };
    let fresh = Facts { investigator: None, ..facts(S::Collecting) };
    let returned = Facts { returned_from: Some(S::Reviewing), ..facts(S::Collecting) };
    for (before, to, resumes) in [
        (&fresh, S::Assigning, None),
        (&facts(S::Collecting), S::Investigating, None),
        (&returned, S::Investigating, Some(S::Reviewing)),
    ] {
        let doubted = decide(before, &doubt(Entitlement::NotNamed), &Actor::system()).unwrap();
        assert_eq!(
            (doubted.to(), doubted.after().entitlement_open, doubted.after().returned_from),
            (to, true, resumes)
        );
    }
    for settled in [Entitlement::Open, Entitlement::Matched, Entitlement::Confirmed] {
        let refused = decide(&fresh, &doubt(settled), &Actor::system());
        assert_eq!(refused, Err(Refusal::EntitlementSettled), "{settled:?}");
    }
    let open = |state| Facts { entitlement_open: true, ..facts(state) };
    let grant = sound(ActionKind::Recommend);
    let decline = Action::Recommend { advice: Advice::Decline, opinion: because(), missing: vec![] };
    let approve = sound(ActionKind::Approve);
    let officer = wearing(Hat::Officer);
    assert_eq!(decide(&open(S::Investigating), &grant, &officer), Err(Refusal::EntitlementOpen));
    assert_eq!(decide(&open(S::Investigating), &decline, &officer).unwrap().to(), S::Reviewing);
    assert_eq!(decide(&open(S::Approving), &approve, &wearing(Hat::Approver)), Err(Refusal::EntitlementOpen));
    let confirm = sound(ActionKind::ConfirmEntitlement);
    assert_eq!(decide(&facts(S::Investigating), &confirm, &officer), Err(Refusal::EntitlementSettled));
    let confirmed = decide(&open(S::Investigating), &confirm, &officer).unwrap();
    assert_eq!((confirmed.to(), confirmed.after().entitlement_open), (S::Collecting, false));
    let again = decide(&open(S::Investigating), &sound(ActionKind::SendBack), &officer).unwrap();
    assert_eq!((again.to(), again.after().entitlement_open), (S::Collecting, false), "it is asked for anew");
}
