"""What a profile can decide about contracts and insurers."""

from app.contracts.schemas import ContractSchema, InsurerSchema
from app.core.text import _l
from permissions import Area, Resource

READ_CONTRACTS = Area("contracts", _l("Contracts"), "contract", _l("Portfolio"))
READ_INSURERS = Area("insurers", _l("Insurers"), "group", _l("Master data"))

CONTRACTS = Resource(ContractSchema, READ_CONTRACTS)
INSURERS = Resource(InsurerSchema, READ_INSURERS)
