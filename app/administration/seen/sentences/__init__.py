"""The sentence of each reason, met and unmet. Beside the unmet ones stands how they are mended."""

from app.administration.seen.sentences import contracts, hanging, people
from app.administration.seen.sentences.sentence import Sentence, Told

EVERY: tuple[Sentence, ...] = (
    people.active,
    people.membership,
    people.organization,
    people.child,
    people.area,
    people.staff,
    people.limited_staff,
    people.staff_only,
    people.mine,
    people.on_own_claim,
    people.takes_part,
    people.case_shared,
    people.confidential,
    contracts.in_organization,
    contracts.by_hand,
    contracts.excluded,
    contracts.share_automatically,
    contracts.state_box,
    contracts.insures_selected,
    hanging.stands_in,
    hanging.selected_object,
    hanging.of_contract,
    hanging.include_claims,
    hanging.names_object,
    hanging.reported_by_member,
    hanging.without_contract,
    hanging.shares_tag,
    hanging.hangs_on,
    hanging.narrowed,
)
SENTENCES: dict[str, Sentence] = {
    **{one.__name__: one for one in EVERY},  # type: ignore[attr-defined]
    "only_mandates": contracts.only("policyholder", "mandate"),
    "only_lines": contracts.only("contract", "line_of_business"),
    "only_types": contracts.only("contract", "contract_type"),
    "only_claim_types": contracts.only("claim", "claim_type"),
}
"""By the rule of the reason."""

__all__ = ["SENTENCES", "Told"]
