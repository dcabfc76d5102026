//! Tables and laws of listings and enquiries.

use proptest::prelude::*;

use super::*;

const OWNER: Uuid = Uuid::from_u128(1);
const STRANGER: Uuid = Uuid::from_u128(2);
const ENQUIRY: Uuid = Uuid::from_u128(3);

fn owner() -> ListingActor {
    ListingActor { id: OWNER, is_staff: false }
}

fn staff() -> ListingActor {
    ListingActor { id: STRANGER, is_staff: true }
}

fn facts(state: ListingState) -> ListingFacts {
    let title = Title {
        ownership: Some(Ownership::Owned),
        registry: Some(RegistrySearch::Clear),
        disputed: Some(false),
        ..Title::default()
    };
    let reserved_for = (state == S::Reserved).then_some(ENQUIRY);
    ListingFacts { state, asking_fen: Some(Fen(500)), reserved_for, ..ListingFacts::draft(OWNER, &title, false) }
}

fn reserve() -> ListingAction {
    ListingAction::Reserve { enquiry: ENQUIRY, enquiry_state: EnquiryState::Answered }
}

fn all_actions() -> [ListingAction; 7] {
    [
        ListingAction::Change { asking_fen: Some(Fen(600)) },
        ListingAction::Publish,
        reserve(),
        ListingAction::Release,
        ListingAction::Sell { price_fen: Fen(450) },
        ListingAction::Withdraw,
        ListingAction::Redraft,
    ]
}

#[test]
fn what_may_be_done_where() {
    let rows: &[(S, &[A])] = &[
        (S::Draft, &[A::Change, A::Publish, A::Withdraw]),
        (S::Published, &[A::Change, A::Reserve, A::Sell, A::Withdraw]),
        (S::Reserved, &[A::Release, A::Sell, A::Withdraw]),
        (S::Sold, &[]),
        (S::Withdrawn, &[A::Redraft]),
    ];
    for (state, allowed) in rows {
        assert_eq!(allowed_actions(&facts(*state), &staff()), *allowed, "{state:?}");
        let own: Vec<A> = allowed.iter().copied().filter(|kind| *kind != A::Sell).collect();
        assert_eq!(allowed_actions(&facts(*state), &owner()), own, "{state:?}");
        let stranger = ListingActor { id: STRANGER, is_staff: false };
        assert_eq!(allowed_actions(&facts(*state), &stranger), []);
        assert_eq!(decide(&facts(*state), &ListingAction::Withdraw, &stranger), Err(ListingRefusal::NotYours));
    }
}

#[test]
fn what_is_refused_and_why() {
    type Change = fn(&mut ListingFacts);
    let rows: Vec<(S, Change, ListingAction, ListingRefusal)> = vec![
        (S::Draft, |f| f.asking_fen = None, ListingAction::Publish, ListingRefusal::PriceInvalid),
        (S::Draft, |f| f.asking_fen = Some(Fen::ZERO), ListingAction::Publish, ListingRefusal::PriceInvalid),
        (S::Draft, |f| f.ownership = None, ListingAction::Publish, ListingRefusal::NotOwned),
        (S::Draft, |f| f.ownership = Some(Ownership::Financed), ListingAction::Publish, ListingRefusal::NotOwned),
        (
            S::Draft,
            |f| f.registry = Some(RegistrySearch::Encumbered),
            ListingAction::Publish,
            ListingRefusal::RegisteredElsewhere,
        ),
        (S::Published, |f| f.disputed = Some(true), reserve(), ListingRefusal::Disputed),
        (S::Draft, |f| f.encumbered = true, ListingAction::Publish, ListingRefusal::Encumbered),
        (S::Reserved, |f| f.encumbered = true, ListingAction::Release, ListingRefusal::Encumbered),
        (S::Published, |_| {}, ListingAction::Change { asking_fen: None }, ListingRefusal::PriceInvalid),
        (S::Published, |_| {}, ListingAction::Sell { price_fen: Fen(-1) }, ListingRefusal::StaffOnly),
        (
            S::Published,
            |_| {},
            ListingAction::Reserve { enquiry: ENQUIRY, enquiry_state: EnquiryState::Closed },
            ListingRefusal::EnquiryClosed,
        ),
        (S::Sold, |_| {}, ListingAction::Withdraw, ListingRefusal::NotInThisState { state: S::Sold }),
    ];
    for (state, change, action, refusal) in rows {
        let mut facts = facts(state);
        change(&mut facts);
        assert_eq!(decide(&facts, &action, &owner()), Err(refusal), "{state:?} {action:?}");
        let words = refusal.words();
        assert!(!words.zh.is_empty() && !words.en.is_empty());
    }
    let sold_for_nothing = ListingAction::Sell { price_fen: Fen::ZERO };
    assert_eq!(decide(&facts(S::Reserved), &sold_for_nothing, &staff()), Err(ListingRefusal::PriceInvalid));
}

#[test]
fn what_is_remembered() {
    let go = |from: &ListingFacts, action| *decide(from, &action, &staff()).unwrap().after();
    let mut now = facts(S::Draft);
    now = go(&now, ListingAction::Change { asking_fen: Some(Fen(700)) });
    now = go(&now, ListingAction::Publish);
    now = go(&now, reserve());
    assert_eq!((now.state, now.asking_fen, now.reserved_for), (S::Reserved, Some(Fen(700)), Some(ENQUIRY)));
    assert_eq!(go(&now, ListingAction::Release).reserved_for, None);
    assert_eq!(go(&now, ListingAction::Withdraw).reserved_for, None);
    now = go(&now, ListingAction::Sell { price_fen: Fen(650) });
    assert_eq!((now.state, now.sold_fen, now.reserved_for), (S::Sold, Some(Fen(650)), Some(ENQUIRY)));
    let priceless = ListingAction::Change { asking_fen: None };
    assert_eq!(go(&facts(S::Draft), priceless).asking_fen, None);
}

#[test]
fn a_reservation_ends_with_its_enquiry() {
    for state in ListingState::ALL.iter().copied() {
        for encumbered in [false, true] {
            let facts = ListingFacts { encumbered, ..facts(state) };
            let free = ListingFacts { state: S::Published, reserved_for: None, ..facts };
            assert_eq!(lapsed(&facts, ENQUIRY), (state == S::Reserved).then_some(free), "{state:?}");
            assert_eq!(lapsed(&facts, STRANGER), None, "another enquiry");
        }
    }
}

#[test]
fn enquiries() {
    use EnquiryAction::{Answer, Ask, Close};
    use EnquiryHat::{Enquirer, Seller};
    use EnquiryState::{Answered, Closed, Open};
    for state in [Open, Answered] {
        assert_eq!(enquiry_after(state, Ask, Enquirer), Ok(Open));
        assert_eq!(enquiry_after(state, Answer, Seller), Ok(Answered));
        assert_eq!(enquiry_after(state, Ask, Seller), Err(ListingRefusal::EnquiryWrongSide));
        assert_eq!(enquiry_after(state, Answer, Enquirer), Err(ListingRefusal::EnquiryWrongSide));
        assert_eq!([Enquirer, Seller].map(|hat| enquiry_after(state, Close, hat)), [Ok(Closed), Ok(Closed)]);
    }
    for action in [Ask, Answer, Close] {
        let refusal = ListingRefusal::EnquiryNotInThisState { state: Closed };
        assert_eq!(enquiry_after(Closed, action, Seller), Err(refusal));
    }
}

proptest! {
    #[test]
    fn an_encumbered_machine_only_leaves_the_market(steps in prop::collection::vec((0usize..7, any::<bool>(), any::<bool>()), 0..40)) {
        let mut now = facts(S::Draft);
        for (pick, by_staff, encumbered) in steps {
            now.encumbered = encumbered;
            let actor = if by_staff { staff() } else { owner() };
            let action = all_actions()[pick];
            let allowed = allowed_actions(&now, &actor).contains(&action.kind());
            match decide(&now, &action, &actor) {
                Ok(done) => {
                    prop_assert!(allowed && (!encumbered || done.after().state == S::Withdrawn));
                    prop_assert_eq!(done.from(), now.state);
                    now = *done.after();
                }
                Err(_) => prop_assert!(!allowed),
            }
            match now.state {
                S::Reserved => prop_assert_eq!(now.reserved_for, Some(ENQUIRY)),
                // of a sold one the buyer's enquiry is remembered, if there was one
                S::Sold => {}
                S::Draft | S::Published | S::Withdrawn => prop_assert_eq!(now.reserved_for, None),
            }
            prop_assert_eq!(now.sold_fen.is_some(), now.state == S::Sold);
            prop_assert!(now.state == S::Draft || now.asking_fen.is_some());
        }
    }
}
